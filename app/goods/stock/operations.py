"""Moving stock: each change is a guarded UPDATE of the two sums and an appended movement.

Rows are always locked in the order of their ids, so that two baskets with the same things never wait for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from app.core.clock import now
from app.core.db import db, writing
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.stock import queries, rules
from app.goods.stock.models import Stock, StockMovement
from app.goods.stock.rules import Cause

_stock = cast("Table", Stock.__table__)
_movement = cast("Table", StockMovement.__table__)

_HOLD = (
    update(_stock)
    .where(_stock.c.variant_id == bindparam("variant"), _stock.c.on_hand - _stock.c.reserved >= bindparam("qty"))
    .values(reserved=_stock.c.reserved + bindparam("qty"))
)
_MOVE = (
    update(_stock)
    .where(
        _stock.c.variant_id == bindparam("variant"),
        _stock.c.reserved + bindparam("reserved_delta") >= 0,
        _stock.c.on_hand + bindparam("on_hand_delta") >= _stock.c.reserved + bindparam("reserved_delta"),
    )
    .values(
        on_hand=_stock.c.on_hand + bindparam("on_hand_delta"), reserved=_stock.c.reserved + bindparam("reserved_delta")
    )
)

_NOTE = insert(_movement)


class SoldOut(DomainError):
    """Less is left than was wanted; `short` maps each variant that is short to what is left of it."""

    text = _l("Barangnya tinggal sedikit. Periksa lagi jumlahnya.")

    def __init__(self, short: Mapping[int, int]) -> None:
        super().__init__(dict(short))
        self.short = dict(short)


class Promised(DomainError):
    """The count would fall below what buyers were promised."""

    text = _l("Sebagian sudah dipesan pembeli, jadi jumlahnya tidak bisa sekecil itu.")


class WrongCount(DomainError):
    """A count below nothing, or a change of nothing."""

    status = 422
    text = _l("Jumlahnya harus lebih dari nol.")


def open_stock(variant_id: int, qty: int, *, by: Actor | None) -> Stock:
    """Begin to count a variant, with what is there today."""
    if qty < 0:
        raise WrongCount(variant_id)
    db.session.execute(insert(_stock).values(variant_id=variant_id, on_hand=0, reserved=0))
    if qty:
        move(variant_id, "restock", qty, Cause(by_id=by.id if by else 0))
    return queries.get_stock(variant_id)


def stop_counting(variant_id: int) -> None:
    """Count a variant no longer: it is made as it is ordered. What was promised stays promised."""
    db.session.execute(update(_stock).where(_stock.c.variant_id == variant_id).values(counted=False))


def count_again(variant_id: int, qty: int, *, by: Actor, note: str = "") -> None:
    """Begin to count a variant anew, with what is there today.

    Raises:
        Promised: buyers were promised more than that.
    """
    db.session.execute(update(_stock).where(_stock.c.variant_id == variant_id).values(counted=True))
    correct(variant_id, qty, by=by, note=note)


def restock(variant_id: int, qty: int, *, by: Actor, note: str = "") -> None:
    """Add what was made or bought."""
    _more_than_nothing(qty)
    move(variant_id, "restock", qty, Cause(by_id=by.id, note=note))


def correct(variant_id: int, to: int, *, by: Actor, note: str = "") -> None:
    """Set the count to what is really there.

    Raises:
        Promised: buyers were promised more than that.
    """
    if to < 0:
        raise WrongCount(variant_id)
    counted = select(_stock.c.on_hand).where(_stock.c.variant_id == variant_id).with_for_update()
    on_hand = db.session.execute(counted).scalar_one()
    if to != on_hand:
        move(variant_id, "correction", to - on_hand, Cause(by_id=by.id, note=note))


def waste(variant_id: int, qty: int, *, by: Actor, note: str = "") -> None:
    """Take off what spoiled or broke.

    Raises:
        Promised: buyers were promised what would be left.
    """
    _more_than_nothing(qty)
    move(variant_id, "waste", qty, Cause(by_id=by.id, note=note))


def reserve(wanted: Mapping[int, int], *, source: tuple[str, int], by_id: int = 0) -> None:
    """Promise units to one cause, all of them or none.

    Raises:
        SoldOut: with every variant that is short; nothing was kept.
    """
    hold(wanted)
    cause = Cause(*source, by_id=by_id)
    note_movements(("reserve", variant_id, wanted[variant_id], cause) for variant_id in sorted(wanted))


def hold(wanted: Mapping[int, int]) -> None:
    """Promise units without writing the movements yet; the caller adds them once the causes have ids.

    Raises:
        SoldOut: with every variant that is short; nothing was kept.
    """
    connection = _connection()
    short = []
    for variant_id in sorted(wanted):
        done = connection.execute(_HOLD, {"variant": variant_id, "qty": wanted[variant_id]})
        if done.rowcount != 1:
            short.append(variant_id)
    if short:
        for variant_id in sorted(set(wanted) - set(short)):
            _change(variant_id, 0, -wanted[variant_id])
        raise SoldOut({variant_id: free(variant_id) for variant_id in short})


def release(variant_id: int, qty: int, *, source: tuple[str, int], by_id: int = 0) -> None:
    """Take a promise back: the units may be sold to others."""
    move(variant_id, "release", qty, Cause(*source, by_id=by_id))


def sell(variant_id: int, qty: int, *, source: tuple[str, int], by_id: int = 0) -> None:
    """Hand promised units over."""
    move(variant_id, "sell", qty, Cause(*source, by_id=by_id))


def return_in(variant_id: int, qty: int, *, source: tuple[str, int], by_id: int = 0) -> None:
    """Take units back that a buyer brought."""
    move(variant_id, "return_in", qty, Cause(*source, by_id=by_id))


def free(variant_id: int) -> int:
    """Return how many units of a variant nobody was promised, as this transaction sees it; nothing when not counted."""
    return queries.available([variant_id]).get(variant_id, 0)


def lock(variant_ids: Iterable[int]) -> None:
    """Queue for several stocks at once, lowest id first, before changing them in any order."""
    query = select(_stock.c.variant_id).where(_stock.c.variant_id.in_(set(variant_ids)))
    db.session.execute(query.order_by(_stock.c.variant_id).with_for_update()).all()


def move(variant_id: int, kind: str, qty: int, cause: Cause) -> None:
    """Make one movement.

    Raises:
        Promised: the sums would leave their bounds.
    """
    _change(variant_id, *rules.deltas(kind, qty))
    note_movements([(kind, variant_id, qty, cause)])


def move_all(kind: str, qty: Mapping[int, int], cause: Cause) -> None:
    """Make the same movement for several variants with one cause; nothing is done for those with none."""
    moving = [variant_id for variant_id in sorted(qty) if qty[variant_id]]
    for variant_id in moving:
        _change(variant_id, *rules.deltas(kind, qty[variant_id]))
    note_movements((kind, variant_id, qty[variant_id], cause) for variant_id in moving)


def sell_free(sold: Sequence[tuple[int, int, Cause]]) -> None:
    """Hand over units that nobody was promised (variant, quantity, cause): one change a variant, a line each.

    Raises:
        Promised: fewer are free.
    """
    taken: Counter[int] = Counter()
    for variant_id, qty, _cause in sold:
        taken[variant_id] += qty
    for variant_id in sorted(taken):
        _change(variant_id, -taken[variant_id], 0)
    note_movements((kind, *each) for each in sold for kind in ("reserve", "sell"))


def note_movements(moves: Iterable[tuple[str, int, int, Cause]]) -> None:
    """Append movements (kind, variant, quantity, cause) in one statement."""
    rows = [_row(*each) for each in moves]
    if rows:
        _connection().execute(_NOTE, rows)


def _change(variant_id: int, on_hand_delta: int, reserved_delta: int) -> None:
    facts = {"variant": variant_id, "on_hand_delta": on_hand_delta, "reserved_delta": reserved_delta}
    if _connection().execute(_MOVE, facts).rowcount != 1:
        raise Promised(variant_id)


def _connection() -> Connection:
    # Plain statements do not pass the session's own guard, so it stands here too.
    if not writing():
        raise RuntimeError("a write outside transaction()")
    return db.session.connection()


def _row(kind: str, variant_id: int, qty: int, cause: Cause) -> dict[str, Any]:
    on_hand_delta, reserved_delta = rules.deltas(kind, qty)
    return {
        "variant_id": variant_id,
        "kind": kind,
        "on_hand_delta": on_hand_delta,
        "reserved_delta": reserved_delta,
        "source_type": cause.source_type,
        "source_id": cause.source_id,
        "actor_id": cause.by_id,
        "on_behalf_of_id": cause.on_behalf_of_id,
        "note": cause.note,
        "at": now(),
    }


def _more_than_nothing(qty: int) -> None:
    if qty <= 0:
        raise WrongCount(qty)
