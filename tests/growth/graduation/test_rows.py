"""What stands beside each family of the list: a shop, and what it brought, where the family agreed to that."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.db import transaction
from app.growth.graduation import measure, reckoning
from app.kit.periods import month_of
from app.kit.rupiah import Rupiah
from app.people.families import operations as families
from app.people.families import queries
from tests.factories.families import make_business, make_consent, make_enrollment, make_kpm
from tests.factories.goods import make_shop
from tests.factories.growth import LONG_AGO, TODAY, make_family, make_sale, take_back
from tests.factories.people import make_account, sign_in
from tests.support.pages import words_of
from tests.support.queries import count_queries

MONTH = reckoning.month_before(TODAY, 1)
FIRST, LAST = month_of(MONTH)


@pytest.fixture
def desk(client):
    """A caseworker of the kabupaten, signed in."""
    sign_in(client, make_account("caseworker"))
    return client


def beside(desk, kpm):
    """Return what the list says of one family, as it is read."""
    rows = re.findall(r'<li class="list__row.*?</li>', desk.get("/dinsos/keluarga").text, re.DOTALL)
    row = next(each for each in rows if f'/dinsos/keluarga/{kpm.id}"' in each)
    return words_of(row)


def taken(*kpms):
    return measure.taken_in(MONTH, [kpm.id for kpm in kpms], now(), TODAY)


def test_the_takings_of_the_last_month_stand_beside_each_family_that_agreed(desk):
    kpm, shop = make_family()
    for day, amount in ((FIRST - timedelta(days=1), 1_000), (FIRST, 70_000), (LAST, 30_500), (TODAY, 9_000)):
        make_sale(shop, day, amount)
    take_back(make_sale(shop, FIRST, 40_000), by=make_account("curator"))

    assert "Punya usaha, jualan" in (said := beside(desk, kpm))
    assert "Rp100.500" in said.replace("\xa0", "")


def test_a_family_with_a_shop_that_sold_nothing_and_one_without_a_shop_are_told_apart(desk):
    kpm, _shop = make_family()
    none = make_kpm()

    assert "Punya usaha, belum ada jualan pada" in beside(desk, kpm)
    assert "usaha" not in beside(desk, none)


def test_without_consent_no_sale_is_told_from_that_minute(desk):
    kpm, shop = make_family()
    make_sale(shop, FIRST, 70_000)
    assert "70.000" in beside(desk, kpm)

    with transaction():
        families.withdraw_consent(kpm, measure.MONITORING, by=make_account("caseworker"))

    assert "70.000" not in (said := beside(desk, kpm))
    assert "Punya usaha. Jualannya tidak dilihat tanpa izin keluarga." in said
    assert taken(kpm) == {kpm.id: None}


def test_an_agreement_to_something_else_or_one_that_ran_out_opens_no_book(app):
    kpm, shop = make_family(consents=False)
    make_sale(shop, FIRST, 70_000)
    make_consent(kpm, "publicity")
    make_consent(kpm, expires_on=TODAY - timedelta(days=1), given_at=now() - timedelta(days=9))

    assert taken(kpm) == {kpm.id: None}


def test_only_the_days_on_which_a_shop_was_the_family_s_are_counted(app):
    kpm, shop = make_kpm(), make_shop()
    make_consent(kpm)
    make_business(kpm, shop, started_on=LONG_AGO, ended_on=FIRST + timedelta(days=4))
    other, new = make_kpm(), make_shop()
    make_consent(other)
    make_business(other, shop, started_on=FIRST + timedelta(days=5))
    make_business(kpm, new, started_on=TODAY)
    for day in (FIRST, FIRST + timedelta(days=4), FIRST + timedelta(days=5)):
        make_sale(shop, day, 10_000)

    assert taken(kpm, other) == {kpm.id: Rupiah(20_000), other.id: Rupiah(10_000)}


def test_a_family_whose_shops_have_all_ended_is_left_out(app):
    kpm, shop = make_kpm(), make_shop()
    make_consent(kpm)
    make_business(kpm, shop, started_on=LONG_AGO, ended_on=LAST)
    make_sale(shop, FIRST, 10_000)

    assert taken(kpm) == {}


def test_the_list_asks_as_much_for_ten_families_as_for_two(app, desk):
    def asked():
        desk.get("/dinsos/keluarga")
        with count_queries(app) as found:
            assert desk.get("/dinsos/keluarga").status_code == 200
        return len(found)

    for _each in range(2):
        make_family()
    two = asked()
    for _each in range(8):
        make_sale(make_family()[1], FIRST)

    assert asked() == two <= 12


def test_a_page_says_how_many_there_are_beyond_it(desk):
    one, two, three = (make_enrollment(make_kpm()).kpm_id for _each in range(3))
    make_kpm()

    page, total = queries.page_of_kpm(make_account("caseworker"), program="pkh", after=three)

    assert ([kpm.id for kpm in page], total) == ([two, one], 3)
    assert "3 keluarga" in desk.get("/dinsos/keluarga?program=pkh").text
