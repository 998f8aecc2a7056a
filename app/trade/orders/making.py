"""On which day something that is made to order can be ready; pure values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.kit.periods import zone_named

Booked = Mapping[tuple[int, date], int]
"""Units that are promised already, by variant and day."""


@dataclass(frozen=True, slots=True)
class Making:
    """So many of something that is ready `lead_days` after it is ordered at the earliest; `a_day` None is no limit."""

    variant_id: int
    qty: int
    lead_days: int
    a_day: int | None

    def room(self, day: date, booked: Booked) -> int | None:
        """Return how many more can be made on a day, None when nobody said a limit."""
        return None if self.a_day is None else max(0, self.a_day - booked.get((self.variant_id, day), 0))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that a shop can promise now: `first` is the first of all, `many` how far ahead, `away` its pauses."""

    first: date
    many: int
    away: Callable[[date], bool]

    def days_after(self, lead_days: int) -> Iterable[date]:
        """Yield the days on which something is ready that takes so long."""
        for ahead in range(self.many):
            day = self.first + timedelta(days=lead_days + ahead)
            if not self.away(day):
                yield day


def first_day(here: datetime, ready_at: int) -> date:
    """Return the first day that can be promised, by the clock of the shop: tomorrow once goods are due today.

    >>> first_day(datetime(2026, 12, 2, 9), 17).day, first_day(datetime(2026, 12, 2, 17), 17).day
    (2, 3)
    """
    return here.date() + timedelta(days=here.hour >= ready_at)


def free_days(makings: Iterable[Making], calendar: Calendar, booked: Booked) -> list[date]:
    """Return the days on which all of it can be ready, the next first.

    >>> week = Calendar(date(2026, 12, 1), 4, lambda day: day.day == 3)
    >>> full = {(7, date(2026, 12, 2)): 8}
    >>> [day.day for day in free_days([Making(7, 3, 1, 10), Making(8, 1, 0, None)], week, full)]
    [4, 5]
    """
    wanted = list(makings)
    slowest = max(making.lead_days for making in wanted)
    return [day for day in calendar.days_after(slowest) if can(wanted, calendar, booked, day)]


def can(makings: Iterable[Making], calendar: Calendar, booked: Booked, day: date) -> bool:
    """Tell whether all of it can be ready on a day, however far away and whether or not the shop is open then."""
    return all(
        day >= calendar.first + timedelta(days=making.lead_days)
        and ((room := making.room(day, booked)) is None or making.qty <= room)
        for making in makings
    )


def ready_at(day: date, hour: int, zone: str) -> datetime:
    """Return the moment at which goods are promised for a day."""
    return zone_named(zone).at(day, time(hour))
