"""The order in which shops take turns: one card of each, then a second one of each, then all others.

Each turn is a circle of cards, and each day begins it elsewhere. A list therefore is a few stretches of one index, one
after the other: from where the day begins to the end of the circle, then from its start to where the day began; and so
on with the next turn. The place after a page holds where its day began, so that midnight changes nothing for whoever
is on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from app.goods.catalogue.rules import Place, kind_of
from app.goods.shelf.rules import SLOTS, TURNS

NAME: Final = "bergilir"
STRETCHES: Final = 2 * TURNS
# Near the silver section of the circle: from day to day the beginning moves on by two fifths, and comes back late.
_A_DAY: Final = 434_335


class Stretch(NamedTuple):
    """Cards of one turn behind (`low`, `number`) and before `high` on the circle; `place` counts from the first."""

    place: int
    turn: int
    low: int
    number: int
    high: int


def start_of(after: Place | None, day: date) -> int:
    """Return where the circle begins: as it did when this list was opened, else as it does on this day.

    >>> start_of(None, date(2026, 11, 29)) != start_of(None, date(2026, 11, 30))
    True
    >>> start_of(place(5, 2, 9, 77), date(2026, 11, 29))
    5
    """
    return after.value // SLOTS // STRETCHES % SLOTS if after else day.toordinal() * _A_DAY % SLOTS


def place(start: int, turn: int, slot: int, number: int) -> Place:
    """Return the place after a card."""
    stretch = 2 * (turn - 1) + (slot < start)
    return Place(kind_of(NAME), (start * STRETCHES + stretch) * SLOTS + slot, number)


def ahead(start: int, after: Place | None) -> list[Stretch]:
    """Return the stretches still to come, the one that is under way first.

    >>> [each[:2] for each in ahead(4, None)]
    [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3)]
    >>> ahead(4, place(4, 3, 2, 77))
    [Stretch(place=5, turn=3, low=2, number=77, high=4)]
    """
    first = stretch_of(after)
    found = [_stretch(each, start) for each in range(first, STRETCHES)]
    if after:
        found[0] = found[0]._replace(low=after.value % SLOTS, number=after.number)
    return [each for each in found if each.low < each.high]


def stretch_of(after: Place | None) -> int:
    """Return which stretch is under way."""
    return after.value // SLOTS % STRETCHES if after else 0


def facts(stretches: Sequence[Stretch]) -> dict[str, Any]:
    """Return what a query over these stretches is told."""
    told: dict[str, Any] = {}
    for n, each in enumerate(stretches):
        told |= {f"turn{n}": each.turn, f"low{n}": each.low, f"number{n}": each.number, f"high{n}": each.high}
    return told


def _stretch(place: int, start: int) -> Stretch:
    early = place % 2 == 0
    return Stretch(place, place // 2 + 1, start if early else 0, 0, SLOTS if early else start)
