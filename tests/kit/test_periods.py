"""Weeks, nights and the wording of moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import periods
from app.kit.periods import WIB, WIT, WITA, Night

seconds = st.floats(min_value=1e9, max_value=4e9)
moments = seconds.map(lambda since: datetime.fromtimestamp(since, UTC))
zones = st.sampled_from([WIB, WITA, WIT])


@pytest.mark.parametrize(
    ("clock", "day", "moved"),
    [
        (time(20, 59, 59), 5, time(20, 59, 59)),
        (time(21, 0), 6, time(7)),
        (time(23, 59, 59), 6, time(7)),
        (time(0, 0), 5, time(7)),
        (time(6, 59), 5, time(7)),
        (time(6, 59, 59, 999_999), 5, time(7)),
        (time(7, 0), 5, time(7)),
        (time(12, 0), 5, time(12)),
    ],
)
@pytest.mark.parametrize("zone", [WIB, WITA, WIT, "Asia/Jakarta"])
def test_a_deadline_never_falls_at_night(clock, day, moved, zone):
    here = periods.zone_named(zone)

    found = periods.out_of_night(here.at(date(2026, 12, 5), clock), zone)

    assert found == here.at(date(2026, 12, day), moved)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("falls", "morning", "clock", "day", "moved"),
    [
        (20, 8, time(20), 6, time(8)),
        (20, 8, time(19, 59), 5, time(19, 59)),
        (0, 6, time(0), 5, time(6)),
        (0, 6, time(23, 59), 5, time(23, 59)),
        (7, 7, time(3), 5, time(3)),
    ],
)
def test_each_office_sets_its_own_night(falls, morning, clock, day, moved):
    found = periods.out_of_night(WIB.at(date(2026, 12, 5), clock), WIB, Night(falls, morning))

    assert found == WIB.at(date(2026, 12, day), moved)


@given(moments, zones)
def test_leaving_the_night_never_goes_back_and_rests(moment, zone):
    moved = periods.out_of_night(moment, zone)

    assert moment <= moved < moment + timedelta(hours=10, seconds=1)
    assert time(7) <= zone.local(moved).time() < time(21)
    assert periods.out_of_night(moved, zone) == moved


@given(moments, zones)
def test_weeks_and_months_hold_their_moment(moment, zone):
    week, month = periods.week(moment, zone), periods.month(moment, zone)

    assert moment in week
    assert moment in month
    assert week.end - week.start == timedelta(days=7)
    assert zone.local(week.start).weekday() == 0
    assert zone.local(month.start).day == zone.local(month.end).day == 1
    assert week.end not in week


def test_a_week_begins_on_monday_on_the_clock_of_the_place():
    sunday_night = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # 23.30 WIB, 00.30 WITA on Monday

    assert periods.week(sunday_night, WIB).start == WIB.at(date(2026, 11, 16))
    assert periods.week(sunday_night, WITA).start == WITA.at(date(2026, 11, 23))


def test_months_end_on_their_last_day():
    assert periods.month_of(date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
    assert periods.month_of(date(2027, 2, 1)) == (date(2027, 2, 1), date(2027, 2, 28))


@pytest.mark.parametrize("name", sorted(periods.ZONES))
def test_our_fixed_clocks_equal_the_zone_database(name):
    for year in (1990, 2026, 2060):
        moment = datetime(year, 7, 1, tzinfo=UTC)
        assert periods.ZONES[name].local(moment).utcoffset() == moment.astimezone(ZoneInfo(name)).utcoffset()


def test_moments_are_worded_as_people_say_them():
    moment = datetime(2026, 12, 5, 7, 5, tzinfo=UTC)

    assert periods.tanggal(moment) == "Sabtu 5 Desember 2026"
    assert periods.tanggal_pendek(moment) == "5 Des"
    assert periods.bulan(moment) == "Desember 2026"
    assert periods.jam(moment, WITA) == "15.05"
    assert periods.waktu(moment, "Asia/Jakarta") == "Sabtu 5 Desember 2026, 14.05 WIB"
    assert periods.waktu(moment, WIB, "en") == "Saturday 5 December 2026, 14.05 WIB"


def test_a_late_moment_is_already_tomorrow_here():
    late = datetime(2026, 12, 5, 18, 0, tzinfo=UTC)

    assert periods.tanggal(late, WIB) == "Minggu 6 Desember 2026"


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_the_ends_of_the_calendar_have_their_moments(zone):
    assert zone.at(date.min) == zone.at(date.min + timedelta(days=1)) < zone.at(date.max)


def test_moments_without_a_zone_and_foreign_zones_are_errors():
    with pytest.raises(ValueError, match="zone"):
        periods.jam(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test
    with pytest.raises(KeyError):
        periods.zone_named("Europe/Berlin")
