"""What visitors see of bazaars: months, a leaf of the calendar, the plan of the ground, the calendar file."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.core import optional
from app.core.addresses import origin
from app.core.clock import now
from app.core.i18n import tanggal_pendek
from app.kit.periods import zone_named
from app.people.places.queries import settings_of
from app.trade.bazaars import queries, words
from app.trade.bazaars.models import Application, Bazaar

COLUMNS, CELL, ROW_HEIGHT = 6, 100, 120
PAST_DAYS = 5 * 365
OFF = ("postponed", "cancelled")
PRODUCT = "-//Lapak Mandiri//Bazar//ID"


@dataclass(frozen=True)
class Leaf:
    """A bazaar in a list."""

    bazaar: Bazaar
    day: date
    state: str
    word: str
    kind: str
    leaf: str

    @property
    def is_off(self) -> bool:
        """Tell whether nobody should come on the day that stands there."""
        return self.state in OFF

    @property
    def url(self) -> str:
        """Return its address."""
        return f"/bazar/{self.bazaar.slug}"

    @property
    def is_late(self) -> bool:
        """Tell whether whoever applies now is late, though not too late."""
        soft = self.bazaar.soft_deadline
        return soft is not None and soft <= now()

    @property
    def until(self) -> datetime | None:
        """Return until when one may apply: in time, or late once that is over."""
        return self.bazaar.hard_deadline if self.is_late else self.bazaar.soft_deadline

    @property
    def month(self) -> str:
        """Return the short name of its month."""
        return tanggal_pendek(self.day).split(" ", 1)[1]


def leaf_of(bazaar: Bazaar) -> Leaf:
    """Return a bazaar as it stands in a list."""
    zone = zone_named(settings_of(bazaar.regency_code).zone)
    state, moment = queries.state_of(bazaar), now()
    day, today = zone.day(bazaar.starts_at), zone.day(moment)
    over = bazaar.ends_at <= moment or state in OFF
    lies = "past" if over else "today" if day <= today <= zone.day(bazaar.ends_at) else ""
    return Leaf(bazaar, day, state, *words.public_state(bazaar, state), lies)


def months(bazaars: Sequence[Bazaar]) -> list[tuple[date, list[Leaf]]]:
    """Return bazaars under the first days of their months."""
    found: dict[date, list[Leaf]] = {}
    for leaf in map(leaf_of, bazaars):
        found.setdefault(leaf.day.replace(day=1), []).append(leaf)
    return list(found.items())


def weeks(first: date, leaves: Sequence[Leaf]) -> list[list[tuple[date, list[Leaf]]]]:
    """Return a month as weeks from Monday, each day with what is on it."""
    pages = calendar.Calendar().monthdatescalendar(first.year, first.month)
    on: dict[date, list[Leaf]] = {}
    for leaf in leaves:
        for each in leaf.bazaar.days:
            on.setdefault(each.day, []).append(leaf)
    return [[(day, on.get(day, [])) for day in week] for week in pages]


def step_month(first: date, by: int) -> date:
    """Return the first day of a month so many months away."""
    place = first.year * 12 + first.month - 1 + by
    return date(place // 12, place % 12 + 1, 1)


def read_month(text: str) -> date | None:
    """Read `2026-12`; None when it is no month people plan in."""
    try:
        first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 — a month has no clock
    except ValueError:
        return None
    return first if 2000 <= first.year <= 2100 else None


@dataclass(frozen=True)
class Spot:
    """A roof on the plan."""

    number: int
    names: str
    x: int
    y: int


def plan(count: int, people: Sequence[tuple[Application, int | None]]) -> list[Spot]:
    """Return the roofs in rows of six, with who stands below."""
    names: dict[int, list[str]] = {}
    for application, number in people:
        if number:
            names.setdefault(number, []).append(application.shop.name)
    return [
        Spot(each, ", ".join(names.get(each, [])), (each - 1) % COLUMNS * CELL, (each - 1) // COLUMNS * ROW_HEIGHT)
        for each in range(1, count + 1)
    ]


def programme_of(text: str) -> list[tuple[str, str]]:
    """Return lines like `08.00 Bazar dibuka` as time and words.

    >>> programme_of("08.00 Bazar dibuka")
    [('08.00', 'Bazar dibuka')]
    >>> programme_of("Hiburan")
    [('', 'Hiburan')]
    """
    rows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        clock, _space, what = line.partition(" ")
        rows.append((clock, what) if clock[:1].isdigit() and what else ("", line))
    return rows


def calendar_file(bazaars: Sequence[Bazaar]) -> bytes:
    """Return bazaars as a calendar, each day an entry on the clock of its kabupaten."""
    library = optional.load("icalendar")
    book = library.Calendar()
    book.add("prodid", PRODUCT)
    book.add("version", "2.0")
    for bazaar in bazaars:
        zone = ZoneInfo(settings_of(bazaar.regency_code).zone)
        for day in bazaar.days:
            starts, ends = (datetime.combine(day.day, clock, zone) for clock in (day.opens, day.closes))
            book.add_component(_filled(library.Event(), bazaar, day.day, starts, ends))
    book.add_missing_timezones()
    return bytes(book.to_ical())


def _filled(entry: Any, bazaar: Bazaar, day: date, starts: datetime, ends: datetime) -> Any:
    entry.add("uid", f"{bazaar.slug}-{day:%Y%m%d}@lapak-mandiri")
    entry.add("dtstamp", now())
    entry.add("dtstart", starts)
    entry.add("dtend", ends)
    entry.add("summary", bazaar.name)
    entry.add("location", bazaar.place)
    entry.add("url", f"{origin()}/bazar/{bazaar.slug}")
    entry.add("status", {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}.get(bazaar.state, "CONFIRMED"))
    if bazaar.latitude is not None and bazaar.longitude is not None:
        entry.add("geo", (bazaar.latitude, bazaar.longitude))
    return entry


def window(first: date | None) -> tuple[datetime, datetime]:
    """Return what the list asks for: one month, or from last year to next year."""
    if first is None:
        return now() - timedelta(days=PAST_DAYS), now() + timedelta(days=365)
    zone = zone_named("Asia/Jakarta")
    return zone.at(first), zone.at(step_month(first, 1))
