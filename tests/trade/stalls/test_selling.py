"""At the till: goods taken along, sold, taken back; online orders never reach them, and what was sold was sold."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core import books
from app.core.db import db, transaction
from app.goods.stock.models import Stock, StockMovement
from app.trade.orders import operations as orders
from app.trade.orders.models import Order
from app.trade.orders.placing import LinesChanged
from app.trade.sales import queries as book
from app.trade.stalls import operations, queries, reminding
from app.trade.stalls.models import StallSale
from app.trade.stalls.operations import Hand, KeyReused, NotEnoughAtHome, NotHere, NotHers, NotOpen, Settled, TooFew
from tests.factories import stalls
from tests.factories.bazaars import make_published
from tests.factories.people import make_account
from tests.factories.trade import accepted_order, place_order


def stock(stand):
    query = select(Stock.on_hand, Stock.reserved).where(Stock.variant_id == stand.variant.id)
    return tuple(db.session.execute(query).one())


def kinds(stand):
    query = select(StockMovement.kind, StockMovement.on_hand_delta).where(StockMovement.variant_id == stand.variant.id)
    return [tuple(row) for row in db.session.execute(query.order_by(StockMovement.id))][1:]


def booked(stand):
    lines = book.list_of_source("bazaar", stand.bazaar.id)
    return [(each.qty, each.amount.amount, book.grade_of(each.reversal_of or each.id)) for each in lines]


def wrong():
    return [str(finding) for _, findings in books.verify() for finding in findings]


def test_goods_on_the_stall_are_out_of_reach_of_online_orders(app):
    stand = stalls.make_stand(qty=10, begun=False)
    stalls.carry(stand, 8)

    with pytest.raises(LinesChanged):
        place_order(stand.product, 3)

    assert stock(stand) == (2, 0)
    assert kinds(stand) == [("to_event", -8)]


def test_taking_along_twice_the_same_number_moves_nothing_and_less_brings_the_rest_back(stand):
    stalls.carry(stand, 8)
    stalls.carry(stand, 8)
    stalls.carry(stand, 5)

    assert stock(stand) == (15, 0)
    assert stalls.pool(stand) == (5, 0, 0, 0, 0)
    assert wrong() == []


def test_what_buyers_were_promised_stays_at_home(stand):
    place_order(stand.product, 15)

    with pytest.raises(NotEnoughAtHome) as refused, transaction():
        operations.carry(stand.application, {stand.variant.id: 6}, by=stand.hand)

    assert "tinggal 5" in str(refused.value)
    assert stock(stand) == (20, 15)


def test_fewer_than_were_sold_cannot_have_been_taken_along(stand):
    stalls.carry(stand, 5)
    stalls.sell(stand, 4)

    with pytest.raises(TooFew), transaction():
        operations.carry(stand.application, {stand.variant.id: 3}, by=stand.hand)


def test_a_sale_is_one_line_in_the_book_at_the_weakest_grade_and_the_seller_has_come(stand):
    stalls.carry(stand, 10)

    sale = stalls.sell(stand, 3)

    assert (sale.way, sale.method, sale.total.amount, sale.entered_by_id) == ("till", "cash", 57_000, stand.owner.id)
    assert booked(stand) == [(3, 57_000, "D")]
    assert queries.get_place(stand.application.id).state == "checked_in"
    assert stalls.pool(stand) == (10, 3, 0, 0, 0)
    assert wrong() == []


def test_a_sale_sent_twice_is_one(stand):
    first = stalls.sell(stand, 3, key="the same page")
    again = stalls.sell(stand, 3, key="the same page")

    assert first.id == again.id
    assert booked(stand) == [(3, 57_000, "D")]


def test_a_page_that_comes_back_with_something_else_is_refused_and_nothing_is_lost(stand):
    stalls.sell(stand, 3, key="the same page")

    with pytest.raises(KeyReused):
        stalls.sell(stand, 2, key="the same page")

    assert booked(stand) == [(3, 57_000, "D")]


def test_goods_that_nobody_noted_come_out_of_the_stock_at_home(stand):
    stalls.carry(stand, 2)

    stalls.sell(stand, 5)

    assert stock(stand) == (15, 0)
    assert stalls.pool(stand) == (5, 5, 0, 0, 3)
    assert kinds(stand) == [("to_event", -2), ("event_sell", -3)]
    assert wrong() == []


def test_more_than_was_ever_counted_is_corrected_first_and_the_newest_orders_become_at_risk(stand):
    older = accepted_order(stand.product, stand.owner, 4)
    newer = accepted_order(stand.product, stand.owner, 5)

    stalls.sell(stand, 14)
    db.session.expire_all()
    assert [db.session.get_one(Order, each.id).at_risk for each in (older, newer)] == [False, True]
    assert stock(stand) == (6, 4)

    stalls.sell(stand, 9)
    db.session.expire_all()
    assert [db.session.get_one(Order, each.id).at_risk for each in (older, newer)] == [True, True]
    assert stock(stand) == (0, 0)
    assert kinds(stand)[-2:] == [("correction", 3), ("event_sell", -9)]
    assert wrong() == []


def test_an_order_at_risk_waits_for_goods(stand):
    order = accepted_order(stand.product, stand.owner, 15)
    stalls.sell(stand, 10)

    with pytest.raises(orders.AtRisk), transaction():
        orders.mark_ready(db.session.get_one(Order, order.id), by=stand.owner)


def test_a_sale_taken_back_lies_on_the_stall_again(stand):
    stalls.carry(stand, 10)
    sale = stalls.sell(stand, 3)

    for _ in range(2):
        with transaction():
            operations.take_back(sale, by=stand.hand)

    assert booked(stand) == [(3, 57_000, "D"), (-3, -57_000, "D")]
    assert stalls.pool(stand) == (10, 0, 0, 0, 0)
    assert wrong() == []


def test_the_till_is_shut_before_the_first_opening(app):
    stand = stalls.make_stand(begun=False)

    with pytest.raises(NotOpen):
        stalls.sell(stand)

    assert booked(stand) == []


def test_after_the_last_closing_a_sale_is_still_written_on_the_bazaars_own_day(stand):
    stalls.end_day(stand.bazaar, days_ago=2)

    sale = stalls.sell(stand, 2)

    assert sale.day == queries.get_place(stand.application.id).bazaar.days[0].day


def test_after_the_result_nothing_is_sold_or_taken_back(stand):
    sale = stalls.sell(stand, 1)
    stalls.end_day(stand.bazaar)
    stalls.submit(stand)

    with pytest.raises(Settled):
        stalls.sell(stand)
    with pytest.raises(Settled), transaction():
        operations.take_back(sale, by=stand.hand)


def test_nobody_sells_anothers_goods_or_without_a_place(app):
    stand, other = stalls.make_stands(2)
    _bazaar, applications = make_published(1)

    with pytest.raises(NotHers), transaction():
        operations.sell(stand.application, stalls.basket(other), by=stand.hand)
    with pytest.raises((NotHere, NotOpen)), transaction():
        operations.sell(applications[0], stalls.basket(stand), by=Hand(make_account()))

    assert db.session.scalars(select(StallSale)).all() == []


def test_a_called_off_bazaar_leaves_nothing_on_a_stall(app, curator):
    stand = stalls.make_stand(begun=False)
    stalls.carry(stand, 8)
    with transaction():
        stalls.steps.cancel(stalls.steps.begin(stand.bazaar), "Hujan besar", by=curator)

    for _ in range(2):
        with transaction():
            reminding.unpack()

    assert stock(stand) == (20, 0)
    assert stalls.pool(stand) == (8, 0, 8, 0, 0)
    assert wrong() == []


def test_confirmed_goods_stay_packed_while_the_bazaar_is_on(app):
    stand = stalls.make_stand(begun=False)
    stalls.carry(stand, 8)

    with transaction():
        reminding.unpack()

    assert stalls.pool(stand) == (8, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE event_stock SET sold = 1", "event_stock"),
        ("UPDATE event_stock SET taken = taken + 1", "event_stock"),
        ("UPDATE stall_line SET qty = 2", "stall_line"),
        ("DELETE FROM stall_line", "sale_record"),
    ],
)
def test_the_book_of_the_stalls_finds_what_was_bent(stand, statement, table):
    stalls.carry(stand, 10)
    stalls.sell(stand, 3)
    assert wrong() == []

    with transaction():
        db.session.execute(db.text(statement))

    assert any(line.startswith(table) for line in wrong())
