"""What a family orders from the shop that it runs proves nothing: evidence D, the money counted, nobody accused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.core import books
from app.core.clock import today
from app.core.db import db, transaction
from app.people.families import phones, queries
from app.people.families.models import KpmIdentity
from app.trade.orders import links, operations
from app.trade.orders.models import OrderGroup
from app.trade.sales import queries as sales
from app.trade.sales.rules import OWN_NUMBER
from tests.factories.families import make_business, make_kpm
from tests.factories.goods import make_product
from tests.factories.trade import make_stall, ready_order

HERS, NEIGHBOURS = "+6281311112222", "+6281399998888"


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], "Telur asin", qty=30)


@pytest.fixture
def family(app):
    return make_kpm(phone=HERS)


def bought(eggs, seller, number):
    """Hand an order of a buyer with this number over, with the code that only the buyer has; return its evidence."""
    order = ready_order(eggs, seller, 2, phone=number)
    with transaction():
        operations.hand_over(order, code=links.handover_code(order.code), by=seller)
    (sale,) = sales.list_of_source("order", order.id)
    return order, sales.grade_of(sale.id), sales.marks_of([sale.id]).get(sale.id)


def test_an_order_from_the_phone_of_the_family_is_her_own_word_and_a_neighbour_s_is_not(stall, eggs, family):
    make_business(family, stall[1])

    assert bought(eggs, stall[0], HERS)[1:] == ("D", OWN_NUMBER)
    assert bought(eggs, stall[0], NEIGHBOURS)[1:] == ("A", None)
    assert [str(each) for _name, found in books.verify() for each in found] == []


def test_the_family_confirms_nothing_by_saying_that_it_came(stall, eggs, family):
    make_business(family, stall[1])
    order, *_rest = bought(eggs, stall[0], HERS)

    with transaction():
        operations.confirm_received(order)

    (sale,) = sales.list_of_source("order", order.id)
    assert sales.grade_of(sale.id) == "D"


def test_a_family_without_that_shop_or_no_longer_with_it_is_a_buyer_like_others(stall, eggs, family):
    make_business(family, make_stall()[1])
    assert bought(eggs, stall[0], HERS)[1:] == ("A", None)

    other = make_kpm(phone=NEIGHBOURS)
    day = today("Asia/Jakarta")
    link = make_business(other, stall[1], started_on=day - timedelta(days=60))
    with transaction():
        db.session.merge(link).ended_on = day - timedelta(days=1)

    assert bought(eggs, stall[0], NEIGHBOURS)[1:] == ("A", None)


def test_a_buyer_who_was_forgotten_is_nobody_s_family(stall, eggs, family):
    make_business(family, stall[1])
    order = ready_order(eggs, stall[0], 1, phone=HERS)
    with transaction():
        db.session.get_one(OrderGroup, order.group_id).buyer_phone = None
        operations.hand_over(order, code=links.handover_code(order.code), by=stall[0])

    (sale,) = sales.list_of_source("order", order.id)
    assert sales.grade_of(sale.id) == "A"


def test_the_index_shows_no_number_and_equals_nothing_that_is_kept_of_buyers(stall, eggs, family):
    kept = db.session.scalars(select(KpmIdentity.phone_blind)).one()
    order, *_rest = bought(eggs, stall[0], HERS)
    group = db.session.get_one(OrderGroup, order.group_id)

    assert HERS[3:] not in kept
    assert kept != group.buyer_phone_hash
    assert kept == queries.phone_blind(HERS)


def test_families_of_before_are_found_after_the_worker_has_passed(stall, eggs, family):
    make_business(family, stall[1])
    silent = make_kpm(phone=None)
    with transaction():
        db.session.execute(update(KpmIdentity).values(phone_blind=None))
    assert bought(eggs, stall[0], HERS)[1] == "A"

    with transaction():
        assert phones.fill_index() == 1
    with transaction():
        assert phones.fill_index() == 0

    assert bought(eggs, stall[0], HERS)[1] == "D"
    assert db.session.get_one(KpmIdentity, silent.id).phone_blind is None


def test_a_phone_that_does_not_open_is_named_and_stops_nobody(family):
    other = make_kpm(phone=NEIGHBOURS)
    with transaction():
        broken = update(KpmIdentity).where(KpmIdentity.kpm_id == family.id)
        db.session.execute(broken.values(phone_sealed="dev.AAAA", phone_blind=None))
        db.session.execute(update(KpmIdentity).where(KpmIdentity.kpm_id == other.id).values(phone_blind=None))
    for left in (2, 0):
        with transaction():
            assert phones.fill_index() == left

    assert db.session.get_one(KpmIdentity, other.id).phone_blind == queries.phone_blind(NEIGHBOURS)
    (found,) = books.verify("keluarga")
    assert [each.row for each in found[1]] == [family.id]
