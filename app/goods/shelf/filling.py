"""Very many new cards at once, in two steps: `ready` asks no database and may run in another process, `fill` writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from sqlalchemy import Dialect, Table, text

from app.core import bulk
from app.core.db import db, dialect
from app.goods.shelf import queries
from app.goods.shelf.changes import Change, told, write
from app.goods.shelf.models import ShelfItem
from app.goods.shelf.operations import count_shops, fresh_row, give_turns, parts_of
from app.goods.shelf.rules import Card

_SHELF: Final = cast("Table", ShelfItem.__table__)
Marks = Mapping[int, Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Filling:
    """New cards, ready for the driver, and what they move."""

    lines: bulk.Lines
    change: Change


def ready(
    cards: Iterable[Card], around: queries.Surroundings, marks: Marks, moment: datetime, kind: Dialect
) -> Filling:
    """Make cards ready that were never on the shelf, of shops that are there.

    Args:
        marks: what is said on all cards of a shop.
        moment: now; no card is newer.
        kind: the dialect of the database that they are for.
    """
    rows = [fresh_row(card, around, marks.get(card.shop_id, ()), moment) for card in cards]
    return Filling(bulk.lines(_SHELF, rows, kind), told([], rows, around, kind.name))


def fill(filling: Filling) -> None:
    """Put them on the shelf, each with the last turn; nobody else writes there meanwhile. `settle` gives the turns."""
    if dialect() == "postgresql":
        db.session.execute(text("LOCK TABLE shelf_item IN SHARE ROW EXCLUSIVE MODE"))
    bulk.write_lines(*filling.lines)
    write(filling.change)


def settle(shop_ids: Iterable[int]) -> None:
    """Give the newest cards of these shops their turns, and count the shops of every kecamatan."""
    for part in parts_of(sorted(shop_ids)):
        give_turns(part)
    count_shops(queries.list_kecamatan())
