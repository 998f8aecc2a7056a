"""When a family is due for a visit, and what a visit asks.

Source: docs/algorithms/visits.md.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

MODES: Final = ("home", "stall", "phone")
MET: Final = ("head", "spouse", "other", "nobody")
HELP: Final = ("market", "training", "capital", "tool", "papers", "health", "other")
ANSWERS: Final = ("yes", "no", "unknown")
SEEN: Final = ("seen", "told", "document", "other")
QUESTIONS: Final = ("meals", "savings", "incomes", "school")
WHOSE: Final = ("family", "pendamping", "office")
OUTCOMES: Final = ("done", "dropped")
ACTIONS: Final = 2
"""How many actions fit on the form of a visit."""
ACTION_DAYS: Final = 30
STANDING_MONTHS: Final = (12, 24)
AFTER_GRADUATION: Final = (1, 3, 6, 12, 18, 24)
EVERY_MONTHS: Final = 3
UEP_YEARS: Final = 2
EARLY_DAYS: Final = 15
FIRST_VISIT_DAYS: Final = 30
OLDEST_VISIT_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Due:
    """The day on which a visit is due, and why: `graduated`, `uep` or `new`; `month` counts from the graduation."""

    on: date
    why: str
    month: int = 0


def later(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where it is shorter.

    >>> later(date(2026, 1, 31), 1), later(date(2026, 11, 25), 3)
    (datetime.date(2026, 2, 28), datetime.date(2027, 2, 25))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_visit(
    *, since: date, left_on: date | None, aided_on: Sequence[date], visits: Sequence[date], today: date
) -> Due | None:
    """Return the earliest visit that a family is still owed; None once nothing is due any more.

    Args:
        since: the day on which the family was written down.
        left_on: the day on which it left PKH, None if it never did.
        aided_on: the days on which it was given UEP aid.
        visits: the days of its visits.
        today: the day of the question.

    >>> next_visit(since=date(2026, 1, 1), left_on=date(2026, 5, 1), aided_on=[], visits=[], today=date(2026, 6, 2))
    Due(on=datetime.date(2026, 6, 1), why='graduated', month=1)
    >>> visits = [date(2026, 5, 28)]
    >>> next_visit(since=date(2026, 1, 1), left_on=date(2026, 5, 1), aided_on=[], visits=visits, today=date(2026, 6, 2))
    Due(on=datetime.date(2026, 8, 1), why='graduated', month=3)
    >>> next_visit(since=date(2020, 1, 1), left_on=date(2020, 5, 1), aided_on=[], visits=visits, today=date(2026, 6, 2))
    """
    owed = [_after_graduation(left_on, visits, today), _after_aid(aided_on, visits, today)]
    if not visits and left_on is None and not aided_on:
        owed.append(Due(since + timedelta(days=FIRST_VISIT_DAYS), "new"))
    known = [due for due in owed if due is not None]
    return min(known, key=lambda due: due.on) if known else None


def _after_graduation(left_on: date | None, visits: Sequence[date], today: date) -> Due | None:
    """Return the first milestone without a visit; one that a later milestone has overtaken is forgiven."""
    if left_on is None:
        return None
    days = [(later(left_on, month), month) for month in AFTER_GRADUATION]
    for place, (day, month) in enumerate(days):
        until = days[place + 1][0] if place + 1 < len(days) else later(day, EVERY_MONTHS)
        met = any(day - timedelta(days=EARLY_DAYS) <= visit < until for visit in visits)
        if not met and today < until:
            return Due(day, "graduated", month)
    return None


def _after_aid(aided_on: Sequence[date], visits: Sequence[date], today: date) -> Due | None:
    """Return three months after the newest aid or visit, for two years from the aid."""
    if not aided_on:
        return None
    newest = max(aided_on)
    day = later(max([newest, *(visit for visit in visits if visit >= newest)]), EVERY_MONTHS)
    return (
        Due(day, "uep") if day <= later(newest, 12 * UEP_YEARS) and today <= later(newest, 12 * UEP_YEARS + 3) else None
    )


def months_between(first: date, last: date) -> int:
    """Return how many whole months lie between two days.

    >>> months_between(date(2026, 1, 31), date(2026, 2, 28)), months_between(date(2025, 3, 10), date(2026, 3, 9))
    (1, 11)
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if later(first, months) <= last else months - 1


def still_running(left_on: date, visits: Sequence[tuple[date, bool]], today: date) -> dict[int, bool | None]:
    """Return whether a business ran 12 and 24 months after a graduation, as the first visit since then found it.

    A visit counts from a little before the day until half a year after it; None where nobody was there. A milestone
    that is still to come is left out.

    >>> still_running(date(2024, 1, 10), [(date(2025, 2, 1), True), (date(2025, 5, 1), False)], date(2026, 3, 1))
    {12: True, 24: None}
    """
    found: dict[int, bool | None] = {}
    for month in STANDING_MONTHS:
        day = later(left_on, month)
        if day <= today:
            first, last = day - timedelta(days=EARLY_DAYS), later(day, 6)
            seen = sorted(visit for visit in visits if first <= visit[0] < last)
            found[month] = seen[0][1] if seen else None
    return found


def is_open(booked: Mapping[date, object]) -> bool:
    """Tell whether the book may be used: without the family's consent no month of it has a sum, not even nothing.

    >>> is_open({date(2026, 1, 1): None}), is_open({date(2026, 1, 1): 0})
    (False, True)
    """
    return any(amount is not None for amount in booked.values())


def last_months(day: date, many: int = 3) -> list[date]:
    """Return the first days of the whole months before a day, oldest first.

    >>> last_months(date(2026, 2, 9))
    [datetime.date(2025, 11, 1), datetime.date(2025, 12, 1), datetime.date(2026, 1, 1)]
    """
    first = day.replace(day=1)
    return [later(first, -back) for back in range(many, 0, -1)]
