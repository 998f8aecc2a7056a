"""What follows for aid: when it is late, what it may not be given with, how a list of things is read.

Source: docs/algorithms/aid.md; docs/glossary.md (BAST).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

FUNDS: Final = ("province", "regency", "state", "other")
FORMS: Final = ("in_kind", "cash")
RESULTS: Final = ("fits", "changed", "refused")
CONDITIONS: Final = ("new", "used")
TESTS: Final = ("works", "broken", "untested")
BAST_DAYS: Final = 14
FIRST_YEAR: Final = 2015
MOST_ITEMS: Final = 12
# The record of more things than these is printed small, so that it stays one sheet.
LARGE_ITEMS: Final = 4


def another_fund(year: int, fund: str, others: Iterable[tuple[int, str]]) -> bool:
    """Tell whether a family has aid from another fund in the same year, which is refused.

    >>> another_fund(2026, "province", [(2026, "state")]), another_fund(2026, "province", [(2025, "state")])
    (True, False)
    """
    return any(year == given and fund != source for given, source in others)


def year_before(year: int, others: Iterable[tuple[int, str]]) -> bool:
    """Tell whether a family was helped in the year before or after, which asks for a second look.

    >>> year_before(2026, [(2025, "state")]), year_before(2026, [(2024, "state")])
    (True, False)
    """
    return any(abs(year - given) == 1 for given, _fund in others)


def lateness(
    granted_on: date, due_report_on: date, today: date, *, handed_over: bool, reported: bool
) -> tuple[str, int] | None:
    """Say what a grant owes and for how many days: `bast` after 14 days, `report` after its due date; None if nothing.

    >>> lateness(date(2026, 1, 1), date(2026, 3, 1), date(2026, 1, 15), handed_over=False, reported=False)
    >>> lateness(date(2026, 1, 1), date(2026, 3, 1), date(2026, 1, 16), handed_over=False, reported=False)
    ('bast', 1)
    >>> lateness(date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 4), handed_over=True, reported=False)
    ('report', 3)
    >>> lateness(date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 4), handed_over=True, reported=True)
    """
    if not handed_over and today > granted_on + timedelta(days=BAST_DAYS):
        return "bast", (today - granted_on).days - BAST_DAYS
    if not reported and today > due_report_on:
        return "report", (today - due_report_on).days
    return None
