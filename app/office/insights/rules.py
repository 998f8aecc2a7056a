"""What a region's month is made of, and what a change is called: values in, values out; app/kit/masking hides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from app.kit.periods import zone_named
from app.kit.rupiah import Rupiah

MONTHS_BACK: Final = 12
LEVELS: Final = 5

Value = int | Rupiah | None
"""What a figure is; None while it is hidden."""


def earlier(month: date, months: int) -> date:
    """Return the first day of the month so many months before.

    >>> earlier(date(2026, 1, 1), 1), earlier(date(2026, 11, 1), 12)
    (datetime.date(2025, 12, 1), datetime.date(2025, 11, 1))
    """
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def year_until(month: date) -> list[date]:
    """Return thirteen months, the same month of last year first, so that a year can be seen whole.

    >>> len(year_until(date(2026, 11, 1))), year_until(date(2026, 11, 1))[0]
    (13, datetime.date(2025, 11, 1))
    """
    return [earlier(month, back) for back in range(MONTHS_BACK, -1, -1)]


def as_number(value: Value) -> int | None:
    """Return a value as a bare number for drawing.

    >>> as_number(Rupiah(500)), as_number(7), as_number(None)
    (500, 7, None)
    """
    return value.amount if isinstance(value, Rupiah) else value


def percent(part: Value, whole: Value) -> int | None:
    """Return a share in whole percent, halves up; None where either is hidden or there is nothing to share.

    >>> percent(1, 8), percent(Rupiah(2), Rupiah(3)), percent(1, 0), percent(None, 3)
    (13, 67, None, None)
    """
    over, under = as_number(part), as_number(whole)
    return None if over is None or not under else (over * 200 + under) // (under * 2)


def change(now: Value, before: Value) -> int | None:
    """Return by how many percent a figure moved; None where it cannot be said.

    >>> change(118, 100), change(95, 100), change(5, 0), change(None, 3)
    (18, -5, None, None)
    """
    share = percent(now, before)
    return None if share is None else share - 100


def level(value: int, most: int) -> int:
    """Return a shade for a map, 0 for nothing up to 5 for the most.

    >>> [level(n, 20) for n in (0, 1, 4, 5, 20)]
    [0, 1, 1, 2, 5]
    """
    return 0 if not most or value <= 0 else -(-value * LEVELS // most)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the month, the month before, the same month of last year; `series` is the year up to the month.

    `span` is what the figure counts over: a "month", a "year" (then `year_ago` is the year before), or "today" alone.
    """

    id: str
    now: Value
    before: Value = None
    year_ago: Value = None
    series: tuple[tuple[date, Value], ...] = ()
    span: str = "month"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a breakdown: its key, and its values as `Figure` has them."""

    key: str
    now: Value
    before: Value = None
    year_ago: Value = None


@dataclass(frozen=True, slots=True)
class Area:
    """A kecamatan (or kabupaten, for a province): shops that sold and what came in, both hidden or both shown."""

    code: str
    name: str
    shops: int | None
    takings: Rupiah | None


@dataclass(frozen=True, slots=True)
class Held:
    """A bazaar as its signed report tells of it: how many kecamatan came, and its two measures.

    `takings` is None while it is hidden, the buyers are None while hidden or where the report does not count them.
    """

    name: str
    day: date
    covered: int
    areas: int
    takings: Rupiah | None
    first_buyers: int | None
    new_faces: int | None


@dataclass(frozen=True)
class Overview:
    """Everything about a region and a month, what must be hidden hidden already."""

    region_code: str
    region_name: str
    month: date
    day: date
    computed_at: datetime
    zone: str
    figures: dict[str, Figure] = field(default_factory=dict)
    channels: tuple[Row, ...] = ()
    grades: tuple[Row, ...] = ()
    areas: tuple[Area, ...] = ()
    families: tuple[Row, ...] = ()
    graduations: tuple[Row, ...] = ()
    grants: tuple[Row, ...] = ()
    bazaars: tuple[Held, ...] = ()
    area_names: dict[str, str] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Whether the month is not over yet."""
        return self.month == self.day.replace(day=1)

    @property
    def compared(self) -> tuple[date, date, date]:
        """Return the month, the one before, and the same month of last year."""
        return self.month, earlier(self.month, 1), earlier(self.month, MONTHS_BACK)

    @property
    def moments(self) -> tuple[datetime, ...]:
        """Return the ends of these three months; of the running one, the moment at which it is told."""
        ends = (zone_named(self.zone).at(earlier(month, -1)) for month in self.compared)
        return tuple(min(end, self.computed_at) for end in ends)

    @property
    def most_shops(self) -> int:
        """Return how many shops sell in the area with the most."""
        return max((each.shops or 0 for each in self.areas), default=0)

    def figure(self, name: str, by_month: Mapping[date, Value], nothing: Value) -> Figure:
        """Return a monthly figure of this region; a month that is not told has `nothing`."""
        now, before, year_ago = (by_month.get(month, nothing) for month in self.compared)
        series = tuple((month, by_month.get(month, nothing)) for month in year_until(self.month))
        return Figure(name, now, before, year_ago, series)
