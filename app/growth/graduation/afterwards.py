"""Takings by month set against the day of a graduation: what came before it and what since. It knows no cause.

Source: docs/algorithms/graduation.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.growth.graduation.reckoning import KEPT_MONTHS, TYPICAL, Book, median

LEAST: Final = 3
"""From so many complete months on a side has a typical month."""


@dataclass(frozen=True, slots=True)
class Side:
    """Complete months on one side of a graduation, oldest first, each with what it brought."""

    months: Sequence[tuple[date, int]]

    @property
    def typical(self) -> int | None:
        """Return the median month, None while there are too few.

        >>> months = [(date(2026, 1, 1), 10), (date(2026, 2, 1), 0), (date(2026, 3, 1), 40)]
        >>> Side(months).typical, Side(months[:2]).typical
        (10, None)
        """
        return median([amount for _month, amount in self.months]) if len(self.months) >= LEAST else None


def sides(book: Book, graduated_on: date) -> tuple[Side, Side]:
    """Return the months before a graduation, the six nearest, and all since; its own month is in part on both sides."""
    own = graduated_on.replace(day=1)
    known = [(month, book.amount(month)) for month in reversed(book.last_months(KEPT_MONTHS))]
    before = [each for each in known if each[0] < own]
    return Side(before[-TYPICAL:]), Side([each for each in known if each[0] > own])
