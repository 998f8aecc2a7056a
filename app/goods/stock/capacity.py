"""What can be made in a day, booked day by day: a guarded write for each, so that no day is promised twice.

Rows are always changed in the order of variant and day, so that two baskets with the same things never wait for each
other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import db, dialect, writing
from app.core.errors import DomainError
from app.core.i18n import _l
from app.goods.stock.models import CapacityDay

Slot = tuple[int, date]
"""A variant and the day on which it is made."""

_day = cast("Table", CapacityDay.__table__)
_GIVE_BACK: Final = (
    update(_day)
    .where(_day.c.variant_id == bindparam("variant"), _day.c.day == bindparam("on"), _day.c.booked >= bindparam("qty"))
    .values(booked=_day.c.booked - bindparam("qty"))
)


class DayFull(DomainError):
    """Not as much can be made that day; `slots` names what does not fit."""

    text = _l("Hari itu sudah penuh. Pilih hari lain.")

    def __init__(self, slots: Iterable[Slot]) -> None:
        super().__init__()
        self.slots = tuple(slots)


@cache
def _booking(engine: str) -> Any:
    """Build the INSERT that adds to a day that is booked already, as long as it fits."""
    make: Any = postgresql.insert if engine == "postgresql" else sqlite.insert
    qty: Any = bindparam("qty")
    capacity: Any = bindparam("most")
    row = make(_day).values(variant_id=bindparam("variant"), day=bindparam("on"), booked=qty, capacity=capacity)
    return row.on_conflict_do_update(
        index_elements=["variant_id", "day"],
        set_={"booked": _day.c.booked + qty, "capacity": capacity},
        where=_day.c.booked + qty <= capacity,
    ).returning(_day.c.booked)


def book(wanted: Mapping[Slot, tuple[int, int]]) -> None:
    """Promise so many units of a day's capacity, each slot with (units, capacity); all of them or none.

    Raises:
        DayFull: with every slot that is too full; nothing was kept.
    """
    _inside()
    done: list[Slot] = []
    full: list[Slot] = []
    for slot in sorted(wanted):
        qty, most = wanted[slot]
        facts = {"variant": slot[0], "on": slot[1], "qty": qty, "most": most}
        fits = qty <= most and db.session.connection().execute(_booking(dialect()), facts).scalar() is not None
        (done if fits else full).append(slot)
    if full:
        give_back({slot: wanted[slot][0] for slot in done})
        raise DayFull(full)


def give_back(booked: Mapping[Slot, int]) -> None:
    """Free units of days again."""
    _inside()
    for slot in sorted(slot for slot, qty in booked.items() if qty):
        facts = {"variant": slot[0], "on": slot[1], "qty": booked[slot]}
        if db.session.connection().execute(_GIVE_BACK, facts).rowcount != 1:
            raise RuntimeError(f"less is booked than is given back: {slot}")


def lock(slots: Iterable[Slot]) -> None:
    """Queue for several days at once, before changing them in any order."""
    wanted = set(slots)
    if wanted:
        query = select(_day.c.variant_id).where(tuple_(_day.c.variant_id, _day.c.day).in_(wanted))
        db.session.execute(query.order_by(_day.c.variant_id, _day.c.day).with_for_update()).all()


def _inside() -> None:
    # Plain statements do not pass the session's own guard, so it stands here too.
    if not writing():
        raise RuntimeError("a write outside transaction()")
