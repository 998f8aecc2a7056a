"""Turning the ring of keys: every sealed value comes under the newest key, batch by batch, while people go on working.

Each batch is a transaction of its own. Who is stopped half-way begins again and finds only what is still under an older
key; who changes a value meanwhile has sealed it with the newest one. Each room says which columns it seals and where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, func, inspect, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute

from app.core import jobs, marks, vault
from app.core.books import Finding, book
from app.core.db import db, transaction

log = structlog.get_logger(__name__)

AT_ONCE = 200
MARK, KIND, MINUTE = "keyring", "keyring.turn", 60
Place = Callable[[Any], str]


@dataclass(frozen=True)
class Sealed:
    """One column that holds sealed values, and what each of them is bound to."""

    column: InstrumentedAttribute[Any]
    place: Place

    @property
    def name(self) -> str:
        """Return `table.column`."""
        return f"{self.column.class_.__tablename__}.{self.column.key}"


@dataclass
class Turned:
    """How many values were sealed anew, and how many could not be opened, by column."""

    done: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Position:
    """How far the turning has come: the column, and the key of its last row."""

    column: int = 0
    after: tuple[Any, ...] = ()


_known: dict[str, Sealed] = {}


def sealed(column: InstrumentedAttribute[Any], place: Place) -> None:
    """Register a column; `place` says what the value of a row is sealed to."""
    found = Sealed(column, place)
    _known[found.name] = found


def list_sealed() -> list[Sealed]:
    """Return every column that is known to hold sealed values, by name."""
    return [_known[name] for name in sorted(_known)]


def turn_batch(at: Position, turned: Turned, most: int = AT_ONCE) -> Position | None:
    """Seal up to `most` values anew inside the caller's transaction; returns where to go on, None at the end."""
    known = list_sealed()
    if at.column >= len(known):
        return None
    each = known[at.column]
    keys = inspect(each.column.class_).primary_key
    query = select(each.column.class_).where(each.column.is_not(None), each.column != "", ~_under(each, _newest()))
    if at.after:
        query = query.where(tuple_(*keys) > at.after)
    rows = db.session.scalars(query.order_by(*keys).limit(most).with_for_update()).all()
    for row in rows:
        _turn(each, row, turned)
    if len(rows) < most:
        return Position(at.column + 1)
    return Position(at.column, tuple(getattr(rows[-1], key.key) for key in keys))


def _turn(each: Sealed, row: Any, turned: Turned) -> None:
    old = getattr(row, each.column.key)
    try:
        fresh = vault.seal(vault.unseal(old, each.place(row)), each.place(row))
    except vault.Tampered:
        turned.closed[each.name] += 1
        log.warning("sealed_value_closed", column=each.name)
        return
    model = each.column.class_
    same = and_(*(key == getattr(row, key.key) for key in inspect(model).primary_key), each.column == old)
    # Only what was read is written over: whoever saved meanwhile has sealed it with the newest key.
    step = update(model).where(same).values({each.column.key: fresh})
    db.session.execute(step.execution_options(synchronize_session=False))
    turned.done[each.name] += 1


def turn_all(most: int = AT_ONCE) -> Turned:
    """Seal everything anew that is under an older key, each batch in its own transaction."""
    turned = Turned()
    going: Position | None = Position()
    while going is not None:
        with transaction():
            going = turn_batch(going, turned, most)
    return turned


def _newest() -> str:
    return vault.settings().field_keys[0][0]


def _under(each: Sealed, name: str) -> ColumnElement[bool]:
    return each.column.startswith(f"{name}.", autoescape=True)


@jobs.every(MINUTE, KIND)
def begin() -> None:
    """Begin to turn when the ring has a new first key; once for each."""
    if marks.get(MARK) != _newest():
        marks.put(MARK, _newest())
        jobs.enqueue(KIND, {"column": 0, "after": []})


@jobs.handler(KIND)
def go_on(payload: dict[str, Any]) -> None:
    """Turn one batch and ask for the next; both or neither."""
    going = turn_batch(Position(payload["column"], tuple(payload["after"])), Turned())
    if going is not None:
        jobs.enqueue(KIND, {"column": going.column, "after": list(going.after)})


@book("kunci")
def check_keys() -> list[Finding]:
    """Find values whose key is not in the ring: nobody can open them."""
    names = [name for name, _key in vault.settings().field_keys]
    findings = []
    for each in list_sealed():
        strange = and_(each.column.is_not(None), each.column != "", ~or_(*(_under(each, name) for name in names)))
        count = db.session.scalar(select(func.count()).select_from(each.column.class_).where(strange)) or 0
        if count:
            findings.append(Finding(each.name, count, "values are sealed with a key that is not in the ring"))
    return findings
