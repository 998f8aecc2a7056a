"""What follows for requests: when an answer is due, who may set something right, how long a copy can be fetched."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from app.kit.periods import Zone, zone_named

WITHDRAWAL: Final = timedelta(hours=72)
WORKING_DAYS: Final = 14
COPY_KEPT: Final = timedelta(days=30)
REASON_LEAST: Final = 20
CORRECTORS: Final = ("pendamping", "curator", "caseworker")


def after_working_days(day: date, count: int) -> date:
    """Return the day that lies so many working days (Monday to Friday) after another.

    >>> after_working_days(date(2026, 11, 25), 14), after_working_days(date(2026, 11, 28), 1)
    (datetime.date(2026, 12, 15), datetime.date(2026, 11, 30))
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def due_at(kind: str, asked: datetime, zone: Zone | str) -> datetime:
    """Return when a request must be answered: 3 x 24 hours after a withdrawal, else the end of the 14th working day.

    Source: spec/domain.md 6.1; UU 27/2022.
    """
    if kind == "withdraw":
        return asked + WITHDRAWAL
    local = zone_named(zone)
    return local.at(after_working_days(local.day(asked), WORKING_DAYS), time(23, 59))


def is_overdue(due: datetime, closed: datetime | None, moment: datetime) -> bool:
    """Tell whether an answer is late, or came late.

    >>> noon, one = datetime(2026, 11, 25, 12), datetime(2026, 11, 25, 13)
    >>> is_overdue(noon, None, one), is_overdue(noon, noon, one), is_overdue(one, None, noon)
    (True, False, False)
    """
    return (closed or moment) > due


def may_fetch(kind: str, state: str, closed: datetime | None, moment: datetime) -> bool:
    """Tell whether the copy that somebody asked for can be fetched.

    >>> now = datetime(2026, 11, 25)
    >>> (
    ...     may_fetch("copy", "ready", now, now),
    ...     may_fetch("copy", "open", None, now),
    ...     may_fetch("correct", "done", now, now),
    ... )
    (True, False, False)
    """
    return kind == "copy" and state == "ready" and closed is not None and moment < closed + COPY_KEPT
