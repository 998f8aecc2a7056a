"""Weeks, months, nights and Indonesian wording of moments, each in a named zone.

Moments come in and go out as aware UTC. Indonesia's zones never had summer time
since 1964, so fixed offsets say the same as the zone database and need no files.

Source: spec/domain.md 5.4; design/brief.md section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

DAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ENGLISH_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
SHORT_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Mei",
    "Jun",
    "Jul",
    "Agu",
    "Sep",
    "Okt",
    "Nov",
    "Des",
)
ENGLISH_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SECOND_DAY: Final = date.min + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Zone:
    """A clock of Indonesia: name in the zone database, letters people know, offset."""

    name: str
    label: str
    offset: timezone

    def local(self, moment: datetime) -> datetime:
        """Same moment on this zone's clock; a naive moment is an error."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return moment.astimezone(self.offset)

    def day(self, moment: datetime) -> date:
        """Calendar day of a moment here."""
        return self.local(moment).date()

    def at(self, day: date, clock: time = time(0)) -> datetime:
        """Moment (UTC) at which the clock here shows this day and time.

        The first day of all began here before the calendar of UTC does: the second stands in for it.
        """
        return datetime.combine(max(day, _SECOND_DAY), clock, self.offset).astimezone(UTC)


WIB: Final = Zone("Asia/Jakarta", "WIB", timezone(timedelta(hours=7)))
WITA: Final = Zone("Asia/Makassar", "WITA", timezone(timedelta(hours=8)))
WIT: Final = Zone("Asia/Jayapura", "WIT", timezone(timedelta(hours=9)))
ZONES: Final = {zone.name: zone for zone in (WIB, WITA, WIT)} | {"Asia/Pontianak": WIB}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time: `start` belongs to it, `end` does not; both aware UTC."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def zone_named(zone: str | Zone) -> Zone:
    """Zone of a setting; a zone stays itself.

    Raises:
        KeyError: no Indonesian zone has this name.

    >>> zone_named("Asia/Makassar").label
    'WITA'
    """
    return zone if isinstance(zone, Zone) else ZONES[zone]


def days(first: date, last: date, zone: Zone | str) -> Period:
    """From the beginning of the first day to the end of the last."""
    here = zone_named(zone)
    return Period(here.at(first), here.at(last + timedelta(days=1)))


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday around a day.

    >>> week_of(date(2026, 11, 22))
    (datetime.date(2026, 11, 16), datetime.date(2026, 11, 22))
    """
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month around a day.

    >>> month_of(date(2028, 2, 10))
    (datetime.date(2028, 2, 1), datetime.date(2028, 2, 29))
    """
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def week(moment: datetime, zone: Zone | str) -> Period:
    """Monday to Sunday around a moment, on the clock of the zone."""
    return days(*week_of(_day(moment, zone)), zone)


def month(moment: datetime, zone: Zone | str) -> Period:
    """Calendar month around a moment, on the clock of the zone."""
    return days(*month_of(_day(moment, zone)), zone)


@dataclass(frozen=True, slots=True)
class Night:
    """The hours in which nothing ends: from `falls` itself up to but not including `morning`, local time."""

    falls: int = 21
    morning: int = 7

    @property
    def over_midnight(self) -> bool:
        """Whether it begins on one day and ends on the next; one from 0 to 6 does not."""
        return self.falls > self.morning

    def holds(self, hour: int) -> bool:
        """Tell whether an hour of the day lies in it; equal ends make no night at all.

        >>> [Night().holds(hour) for hour in (20, 21, 6, 7)], Night(0, 6).holds(23)
        ([False, True, True, False], False)
        """
        begun, waiting = hour >= self.falls, hour < self.morning
        return (begun or waiting) if self.over_midnight else (begun and waiting)


NIGHT: Final = Night()


def out_of_night(moment: datetime, zone: Zone | str, night: Night = NIGHT) -> datetime:
    """Move a deadline that falls at night to its morning: usually 21.00 and 06.59 move, 20.59 and 07.00 stay.

    >>> out_of_night(WIB.at(date(2026, 12, 5), time(21)), WIB) == WIB.at(date(2026, 12, 6), time(7))
    True
    """
    clock = zone_named(zone)
    here = clock.local(moment)
    if not night.holds(here.hour):
        return moment.astimezone(UTC)
    days_on = int(night.over_midnight and here.hour >= night.falls)
    return clock.at(here.date() + timedelta(days=days_on), time(night.morning))


def tanggal(when: date | datetime, zone: Zone | str = WIB, language: str = "id") -> str:
    """Day in full; a moment is first put on the clock of the zone.

    >>> tanggal(date(2026, 12, 5)), tanggal(date(2026, 12, 5), language="en")
    ('Sabtu 5 Desember 2026', 'Saturday 5 December 2026')
    """
    day = _day(when, zone)
    names, months = (ENGLISH_DAYS, ENGLISH_MONTHS) if language == "en" else (DAYS, MONTHS)
    return f"{names[day.weekday()]} {day.day} {months[day.month - 1]} {day.year}"


def tanggal_pendek(when: date | datetime, zone: Zone | str = WIB, language: str = "id") -> str:
    """Day in short.

    >>> tanggal_pendek(date(2026, 12, 5)), tanggal_pendek(date(2026, 12, 5), language="en")
    ('5 Des', '5 Dec')
    """
    return f"{_day(when, zone).day} {bulan_pendek(when, zone, language)}"


def bulan_pendek(when: date | datetime, zone: Zone | str = WIB, language: str = "id") -> str:
    """Month in short, for the foot of a chart.

    >>> bulan_pendek(date(2026, 10, 5)), bulan_pendek(date(2026, 10, 5), language="en")
    ('Okt', 'Oct')
    """
    month = _day(when, zone).month - 1
    return ENGLISH_MONTHS[month][:3] if language == "en" else SHORT_MONTHS[month]


def bulan(when: date | datetime, zone: Zone | str = WIB, language: str = "id") -> str:
    """Month and year.

    >>> bulan(date(2026, 12, 5))
    'Desember 2026'
    """
    day = _day(when, zone)
    return f"{(ENGLISH_MONTHS if language == 'en' else MONTHS)[day.month - 1]} {day.year}"


def jam(moment: datetime, zone: Zone | str = WIB) -> str:
    """Clock time, with a dot between.

    >>> jam(datetime(2026, 12, 5, 7, 5, tzinfo=UTC))
    '14.05'
    """
    return f"{zone_named(zone).local(moment):%H.%M}"


def waktu(moment: datetime, zone: Zone | str = WIB, language: str = "id") -> str:
    """Day, time and the letters of the zone.

    >>> waktu(datetime(2026, 12, 5, 7, 5, tzinfo=UTC), "Asia/Jayapura")
    'Sabtu 5 Desember 2026, 16.05 WIT'
    """
    return f"{tanggal(moment, zone, language)}, {jam(moment, zone)} {zone_named(zone).label}"


def _day(when: date | datetime, zone: Zone | str) -> date:
    return zone_named(zone).day(when) if isinstance(when, datetime) else when
