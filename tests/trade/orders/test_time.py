"""What time ends is ended for everybody at once, whether or not a worker runs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import jobs
from app.core.db import db, transaction
from app.goods.stock import queries as stock
from app.kit.periods import WIB
from app.kit.rupiah import Rupiah
from app.people.places import operations as places
from app.trade.orders import operations, pages, queries
from app.trade.orders.models import Order
from app.trade.orders.operations import LinesChanged, NotNow
from tests.factories.goods import make_product, variant_of
from tests.factories.people import REGENCY
from tests.factories.trade import accepted_order, make_stall, place_order, ready_order
from tests.support import clocks

NOON = WIB.at(date(2026, 12, 5), time(12))


@pytest.fixture
def stall(app):
    return make_stall()


@pytest.fixture
def seller(stall):
    return stall[0]


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], qty=10, price=19_000)


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def amended_order(eggs, seller) -> Order:
    order = place_order(eggs, 4)
    with transaction():
        operations.offer_less(order, {queries.list_lines(order.id)[0].id: 2}, by=seller)
    return order


def unpaid_order(eggs, seller) -> Order:
    return accepted_order(eggs, seller, 4, method="qris_seller")


MADE = [
    (lambda eggs, seller: place_order(eggs, 4), 24, "expired_silent", ""),
    (amended_order, 24, "expired_amend", ""),
    (lambda eggs, seller: accepted_order(eggs, seller, 4), 72, "cancelled_seller", "tidak_disiapkan"),
    (unpaid_order, 24, "expired_unpaid", ""),
    (lambda eggs, seller: ready_order(eggs, seller, 4), 72, "not_collected", ""),
]


@pytest.mark.parametrize(("make", "hours", "state", "reason"), MADE, ids=[each[2] for each in MADE])
def test_an_order_ends_in_time_with_and_without_a_worker(eggs, seller, make, hours, state, reason):
    with at(NOON):
        order = make(eggs, seller)
    stored = order.state
    with at(NOON + timedelta(hours=hours) - timedelta(seconds=1)):
        assert queries.sheet(order).state == stored
    with at(NOON + timedelta(hours=hours)):
        sheet = queries.sheet(order)
        assert (sheet.state, sheet.deadline, order.state) == (state, None, stored)
        assert [each.order.id for each in pages.list_tab(order.seller_id, "selesai")] == [order.id]
        assert db.session.execute(select(*queries.waiting_in(order.seller_id))).one() == (0, 0)
        for act in (operations.accept, operations.mark_ready):
            with pytest.raises(NotNow), transaction():
                act(order, by=seller)
        clocks.rewind()
        jobs.run_clocks()

    last = queries.list_events(order.id)[-1]
    assert (order.state, last.actor_kind, last.actor_id, last.reason) == (state, "time", 0, reason)
    assert stock.available([variant_of(eggs).id]) == {variant_of(eggs).id: 10}
    assert not any(getattr(order, clock) for clock in ("accept_by", "amend_by", "pay_by", "ready_by", "collect_by"))


def test_the_next_buyer_gets_what_time_has_freed_without_a_worker(eggs):
    with at(NOON):
        first = place_order(eggs, 10)
        with pytest.raises(LinesChanged):
            place_order(eggs, 1)
    with at(NOON + timedelta(hours=25)):
        second = place_order(eggs, 10)

    assert (first.state, second.state) == ("expired_silent", "placed")


def test_a_claim_stops_the_clock_for_paying(eggs, seller):
    with at(NOON):
        order = unpaid_order(eggs, seller)
        with transaction():
            operations.claim_payment(order, order.total, key="c")
    with at(NOON + timedelta(hours=30)), transaction():
        operations.expire_due()

    assert order.state == "accepted"


def test_a_rest_that_does_not_come_ends_the_order_with_money_to_give_back(eggs, seller):
    with at(NOON):
        order = unpaid_order(eggs, seller)
        with transaction():
            operations.receive_payment(order, Rupiah(19_000), by=seller, key="p")
        with transaction():
            operations.ask_rest(order, by=seller)
    with at(NOON + timedelta(hours=24)):
        assert queries.sheet(order).state == "cancelled_seller"
        with transaction():
            operations.expire_due()

    assert (order.state, queries.sheet(order).money.status) == ("cancelled_seller", "refund_due")
    assert queries.list_events(order.id)[-1].reason == "sisa_tidak_dibayar"


def test_an_evening_order_may_be_answered_until_seven_in_the_morning(eggs):
    evening = WIB.at(date(2026, 12, 5), time(21, 30))
    with at(evening):
        order = place_order(eggs)

    assert order.accept_by == WIB.at(date(2026, 12, 7), time(7))


SET = [
    ("clock.accept_hours", lambda eggs, seller: place_order(eggs), "accept_by", 3, 24),
    ("clock.amend_hours", amended_order, "amend_by", 3, 24),
    ("clock.pay_hours", unpaid_order, "pay_by", 3, 24),
    ("clock.promise_hours", accepted_order, "promised_at", 3, 24),
    ("clock.ready_grace_hours", accepted_order, "ready_by", 27, 72),
    ("clock.collect_hours", ready_order, "collect_by", 3, 72),
]


@pytest.mark.parametrize(("setting", "make", "clock", "here", "elsewhere"), SET, ids=[each[0] for each in SET])
def test_a_kabupaten_sets_each_of_its_clocks_and_no_other_s(eggs, seller, setting, make, clock, here, elsewhere):
    other, far = make_stall(regency_code="36.01", kecamatan_code="36.01.01", desa_code="36.01.01.2001")
    with transaction():
        places.set_setting(REGENCY, setting, 3)
    with at(NOON):
        order, theirs = make(eggs, seller), make(make_product(far, qty=10), other)

    assert getattr(order, clock) == NOON + timedelta(hours=here)
    assert getattr(theirs, clock) == NOON + timedelta(hours=elsewhere)


def test_what_one_worker_ends_another_does_not_end_again(eggs):
    with at(NOON):
        order = place_order(eggs, 3)
    with at(NOON + timedelta(days=2)):
        for ended in (1, 0):
            with transaction():
                assert operations.expire_due() == ended

    assert len(queries.list_events(order.id)) == 2
