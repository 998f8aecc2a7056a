"""A family and a shop meet from a day to a day; two families never share a shop on the same day."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app.core.clock import now
from app.core.db import transaction
from app.core.errors import StaleVersion
from app.growth.businesses import operations, queries
from app.growth.businesses.models import Business
from app.growth.businesses.queries import Span
from app.growth.businesses.verify import check_businesses
from tests.factories.families import make_business, make_kpm
from tests.factories.goods import make_shop
from tests.factories.people import make_account
from tests.support.log import did, log

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
END_OF_MAY = date(2026, 5, 31)


@pytest.fixture
def officer(app):
    """A caseworker of Kabupaten Serang."""
    return make_account("caseworker")


def test_sales_split_at_the_day_on_which_a_shop_changes_families(officer):
    shop, before, after = make_shop(), make_kpm(officer), make_kpm(officer)
    make_business(before, shop, officer, started_on=MAY, ended_on=END_OF_MAY)
    make_business(after, shop, officer, started_on=JUNE)

    assert queries.shops_of(before.id) == [Span(shop.id, MAY, END_OF_MAY)]
    assert queries.shops_of(after.id) == [Span(shop.id, JUNE, None)]
    assert queries.kpm_of_shop(shop.id, END_OF_MAY) == before.id
    assert queries.kpm_of_shop(shop.id, JUNE) == after.id
    assert queries.kpm_of_shop(shop.id, date(2026, 4, 30)) is None


def test_a_family_may_run_two_shops(officer):
    kpm, one, two = make_kpm(officer), make_shop(), make_shop()
    make_business(kpm, one, officer, started_on=MAY)
    make_business(kpm, two, officer, started_on=JUNE)

    assert [span.shop_id for span in queries.shops_of(kpm.id)] == [one.id, two.id]


@pytest.mark.parametrize(
    ("first", "last"), [(JUNE, None), (END_OF_MAY, JULY), (date(2026, 1, 1), MAY), (date(2026, 1, 1), None)]
)
def test_no_shop_belongs_to_two_families_on_one_day(officer, first, last):
    shop, one, two = make_shop(), make_kpm(officer), make_kpm(officer)
    make_business(one, shop, officer, started_on=MAY, ended_on=None if first == JUNE else END_OF_MAY)

    with pytest.raises(operations.ShopTaken):
        make_business(two, shop, officer, started_on=first, ended_on=last)

    assert check_businesses() == []


def test_without_the_guard_two_families_share_a_shop_and_the_book_names_it(officer, monkeypatch):
    shop, one, two = make_shop(), make_kpm(officer), make_kpm(officer)
    make_business(one, shop, officer, started_on=MAY, ended_on=END_OF_MAY)
    monkeypatch.setattr(operations, "free", lambda span, taken: True)

    make_business(two, shop, officer, started_on=END_OF_MAY)

    assert [finding.table for finding in check_businesses()] == ["business"]


def test_the_database_itself_refuses_a_second_running_link(officer):
    shop, one, two = make_shop(), make_kpm(officer), make_kpm(officer)
    make_business(one, shop, officer, started_on=MAY)

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(insert(Business).values(
            kpm_id=two.id, shop_id=shop.id, business_type_slug=shop.business_type_slug, started_on=JULY,
            created_by_id=officer.id, created_at=now(), version=1,
        ))  # fmt: skip


def test_the_same_link_again_changes_nothing(officer):
    shop, kpm = make_shop(), make_kpm(officer)

    first, again = (make_business(kpm, shop, officer, started_on=MAY) for _ in range(2))

    assert first.id == again.id


def test_a_shop_of_another_kabupaten_is_not_linked(officer):
    kpm = make_kpm(officer)

    with pytest.raises(operations.OtherRegion):
        make_business(kpm, make_shop(desa_code="36.01.01.2001"), officer)


def test_a_link_ends_once_and_not_before_it_began(officer):
    business = make_business(make_kpm(officer), make_shop(), officer, started_on=MAY)

    with pytest.raises(operations.EndsBeforeStart), transaction():
        operations.end(business, date(2026, 4, 30), version=business.version, by=officer)
    with transaction():
        operations.end(business, END_OF_MAY, version=business.version, by=officer)
    with pytest.raises(StaleVersion), transaction():
        operations.end(business, JUNE, version=1, by=officer)

    assert business.ended_on == END_OF_MAY
    linked = did(officer, business, kpm=business.kpm_id, shop=business.shop_id)
    assert log("business.linked") == log("business.ended") == [linked]
