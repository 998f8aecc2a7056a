"""Takings by month set against the day of a graduation, on the family's page and on her own."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from app.core.db import transaction
from app.growth.graduation import afterwards, letters, measure, reckoning
from app.people.families import operations as families
from tests.factories.growth import TODAY, make_case, make_family, make_graduation, make_sale
from tests.factories.people import make_account, sign_in
from tests.support.pages import words_of


def month(back):
    return reckoning.month_before(TODAY, back)


def graduate(kpm, day):
    """A graduation with its scan, acknowledged by somebody else."""
    graduation, officer = make_graduation(kpm, stated_on=day), make_account("caseworker")
    with transaction():
        letters.add_scan(graduation, "aa/bb/cc.jpg", by=officer)
        letters.confirm(graduation, version=graduation.version, by=officer)


@pytest.fixture
def seller(app):
    return make_account()


@pytest.fixture
def family(seller):
    """A family that was graduated five months ago: much came in a year ago, little before it, and more since."""
    kpm, shop = make_family(owner=seller)
    make_case(kpm)
    brought = {14: 900, 13: 900, 12: 900, 11: 80, 10: 100, 9: 100, 8: 120, 7: 90, 6: 110}
    brought |= {5: 700, 4: 150, 2: 200, 1: 250, 0: 800}
    for back, thousand in brought.items():
        make_sale(shop, month(back), thousand * 1000)
    graduate(kpm, month(5) + timedelta(days=9))
    return kpm


def read(client, address):
    """Return the section about the graduation, as it is read; nothing where there is none."""
    found = re.search(r'<section[^>]*"sejak-graduasi".*?</section>', client.get(address).text, re.DOTALL)
    return words_of(found[0]) if found else ""


def at(kpm):
    return f"/dinsos/keluarga/{kpm.id}/perkembangan"


def test_sales_by_month_are_set_against_the_day_of_the_graduation(client, family):
    sign_in(client, make_account("pendamping"))

    said = read(client, at(family))

    assert "Bulan biasa sebelumnya Rp100.000, " in said
    assert "Bulan biasa sesudahnya Rp175.000, " in said
    assert re.findall(r"Rp[\d.]+", said)[2:] == ["Rp150.000", "Rp0", "Rp200.000", "Rp250.000"]


def test_the_family_reads_the_same_in_its_own_words(client, family, seller):
    sign_in(client, make_account("pendamping"))
    theirs = read(client, at(family))
    sign_in(client, seller)

    assert theirs
    assert read(client, "/jualan/perkembangan") == theirs


def test_what_is_missing_is_said_and_nothing_is_made_up(client):
    sign_in(client, make_account("pendamping"))
    kpm, shop = make_family()
    make_sale(shop, month(4), 50_000)
    graduate(kpm, month(3))

    said = read(client, at(kpm))

    assert "Bulan biasa sebelumnya Data belum cukup (perlu 3 bulan lagi)" in said
    assert "Bulan biasa sesudahnya Data belum cukup (perlu 1 bulan lagi)" in said


def test_a_letter_that_nobody_has_acknowledged_is_no_graduation(client):
    sign_in(client, make_account("pendamping"))
    kpm, shop = make_family()
    make_sale(shop, month(8), 50_000)
    make_graduation(kpm, stated_on=month(4))

    assert read(client, at(kpm)) == ""


def test_without_consent_nothing_is_set_against_anything_from_that_minute(client, family):
    sign_in(client, officer := make_account("caseworker"))
    assert read(client, at(family))

    with transaction():
        families.withdraw_consent(family, measure.MONITORING, by=officer)

    assert read(client, at(family)) == ""
    assert "Rp175.000" not in client.get(at(family)).text


@pytest.mark.parametrize(("day", "before", "after"), [
    (date(2024, 1, 15), 0, 24),
    (date(2025, 11, 1), 6, 7),
    (date(2025, 11, 30), 6, 7),
    (date(2026, 6, 30), 6, 0),
    (date(2026, 5, 31), 6, 1),
])  # fmt: skip
def test_the_month_of_the_day_itself_stands_on_neither_side(day, before, after):
    months = [reckoning.Month(date(2024, 1, 3), 1, 1, 1, date(2024, 1, 3), date(2024, 1, 3), {})]
    book = reckoning.Book.read(reckoning.collect(months, date(2026, 7, 9)))

    found = afterwards.sides(book, day)

    assert (len(found[0].months), len(found[1].months)) == (before, after)
    every = [each for side in found for each, _amount in side.months]
    assert every == sorted(every)
    assert day.replace(day=1) not in every
