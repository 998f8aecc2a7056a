"""An order of a public office: its day bounds the clocks, the book knows the channel, money may come later."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import books
from app.core.db import db, transaction
from app.kit.periods import WIB
from app.kit.rupiah import Rupiah
from app.trade.orders import labels, operations, queries, rules, waits
from app.trade.orders.meeting import Need
from app.trade.sales.models import SaleRecord
from tests.factories.goods import make_product
from tests.factories.people import DESA, make_account
from tests.factories.trade import make_stall, place_order

NOON = WIB.at(date(2026, 12, 1), time(12))
NEEDED = WIB.at(date(2026, 12, 8), time(9))
HALL = "Aula Kecamatan Ciruas"


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def stall(app, noon):
    return make_stall()


def office_order(shop, method="cash_cod", at=NEEDED, **given):
    return place_order(make_product(shop, qty=50), 20, method=method, need=Need(HALL, at), **given)


def go_on(by, order, *acts):
    for act in acts:
        with transaction():
            getattr(operations, act)(order, by=by)


def wrong(*names):
    return [finding for _name, findings in books.verify(*names) for finding in findings]


def test_what_an_office_needs_is_promised_for_its_day_and_brought_to_its_place(stall):
    seller, shop = stall
    order = office_order(shop)
    go_on(seller, order, "accept")

    assert (order.for_office, order.promised_at, queries.sheet(order).place) == (True, NEEDED, HALL)
    assert labels.where(queries.sheet(order)) == ("Diantar ke", HALL)
    assert order.ready_by == NEEDED + timedelta(hours=48)


def test_the_promised_day_stays_when_fewer_are_offered(stall):
    seller, shop = stall
    order = office_order(shop)
    (line,) = queries.list_lines(order.id)
    with transaction():
        operations.offer_less(order, {line.id: 15}, by=seller)
    with transaction():
        operations.agree(order)

    assert order.promised_at == NEEDED


def test_what_is_packed_days_before_waits_for_its_day(stall):
    seller, shop = stall
    order = office_order(shop)
    go_on(seller, order, "accept", "mark_ready")

    assert order.collect_by == NEEDED + timedelta(hours=72)


def test_nobody_may_answer_after_the_day_is_over(stall):
    order = office_order(stall[1], at=NOON + timedelta(hours=4))

    assert order.accept_by == NOON + timedelta(hours=4)


def test_whatever_must_be_said_and_paid_first_is_said_and_paid_before_the_hour_of_need(stall):
    seller, shop = stall
    near = NOON + timedelta(hours=20)
    offered, accepted = (office_order(shop, "transfer_seller", at=near) for _ in range(2))
    with transaction():
        operations.offer_less(offered, {queries.list_lines(offered.id)[0].id: 15}, by=seller)
    go_on(seller, accepted, "accept")

    assert (offered.amend_by, accepted.pay_by) == (near, near)
    with transaction():
        operations.agree(offered)
    assert offered.pay_by == near


def test_what_is_packed_on_its_day_waits_from_the_hour_of_need_or_from_when_it_was_packed(stall, noon):
    seller, shop = stall
    early, late = office_order(shop), office_order(shop)
    go_on(seller, early, "accept")
    go_on(seller, late, "accept")
    noon.move_to(NEEDED - timedelta(hours=2))
    go_on(seller, early, "mark_ready")
    noon.move_to(NEEDED + timedelta(hours=2))
    go_on(seller, late, "mark_ready")

    assert early.collect_by == NEEDED + timedelta(hours=72)
    assert late.collect_by == NEEDED + timedelta(hours=74)


def test_the_same_submit_for_another_day_is_another_submit(stall):
    goods = make_product(stall[1], qty=50)
    place_order(goods, 20, key="satu-kunci", need=Need(HALL, NEEDED))
    with pytest.raises(operations.KeyReused):
        place_order(goods, 20, key="satu-kunci", need=Need(HALL, NEEDED + timedelta(days=1)))


@pytest.mark.parametrize(("need", "channel"), [(Need(HALL, NEEDED), "government"), (None, "online")])
def test_the_book_knows_who_bought(stall, need, channel):
    seller, shop = stall
    order = place_order(make_product(shop, qty=50), 20, need=need)
    go_on(seller, order, "accept", "mark_ready", "hand_over")

    assert db.session.scalars(select(SaleRecord.channel)).all() == [channel]
    assert wrong("penjualan pesanan", "pesanan pemerintah") == []


def test_money_that_a_treasurer_pays_later_is_waited_for_and_settles_the_order(stall, noon):
    seller, shop = stall
    order = office_order(shop, "paid_elsewhere")
    go_on(seller, order, "accept", "mark_ready", "hand_over")
    sheet = queries.sheet(order)

    assert (sheet.state, sheet.money.status, sheet.money.paid) == ("handed_over", "none", Rupiah(0))
    assert order.unpaid_since == NOON
    assert labels.for_buyer(sheet) == "Sudah diserahkan, menunggu pembayaran bendahara"
    assert queries.list_unfinished([order.group_id]) == [order]
    assert wrong("uang") == []

    with transaction():
        operations.receive_payment(order, order.total, by=seller, key="bendahara")
    assert order.unpaid_since is None
    assert rules.is_settled("handed_over", queries.sheet(order).money.status)
    assert wrong("uang") == []


def test_a_treasurer_who_lets_her_wait_stands_on_the_list_of_the_pendamping(stall, noon):
    seller, shop = stall
    helper = make_account("pendamping", areas=[DESA])
    order = office_order(shop, "paid_elsewhere")
    go_on(seller, order, "accept", "mark_ready", "hand_over")

    noon.shift(timedelta(days=13))
    assert waits.list_calls(scope=helper) == []
    noon.shift(timedelta(days=2))
    (call,) = waits.list_calls(scope=helper)
    assert [labels.why(each.why) for each in call.waits] == ["Bendahara kantor belum membayar"]


def test_money_does_not_come_later_for_goods_that_are_not_there_yet(stall):
    order = office_order(stall[1], "paid_elsewhere")
    with pytest.raises(operations.NotNow), transaction():
        operations.receive_payment(order, order.total, by=stall[0], key="dini")
