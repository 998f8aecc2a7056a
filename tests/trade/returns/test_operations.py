"""Complaints after the hand-over: who may when, and what becomes of goods, money and book."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import books, jobs
from app.core.db import db, transaction
from app.core.storage import private_store
from app.goods.stock import operations as stock_operations
from app.goods.stock import queries as stock
from app.kit.periods import WIB
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.places import operations as places
from app.trade.orders import forgetting, queries, waits
from app.trade.orders import operations as orders
from app.trade.orders.models import OrderGroup
from app.trade.orders.moving import NotNow
from app.trade.returns import operations
from app.trade.returns import queries as returns
from app.trade.sales import queries as sales
from tests.factories.goods import make_product, variant_of
from tests.factories.people import DESA, OTHER_DESA, REGENCY, make_account
from tests.factories.returns import complain, offered, photo, turned_down
from tests.factories.trade import handed_order, make_stall, place_order, ready_order
from tests.support.together import at_once

NOON = WIB.at(date(2026, 12, 5), time(12))


@pytest.fixture
def clock(app):
    with time_machine.travel(NOON, tick=False) as found:
        yield found


@pytest.fixture
def seller(clock):
    return make_stall()


@pytest.fixture
def eggs(seller):
    return make_product(seller[1], qty=10, price=10_000)


def settle(case, goods, by):
    with transaction():
        operations.settle(case, goods, by=by, version=case.version)


def close(case, decision, by, goods="kept"):
    with transaction():
        operations.close(case, decision, goods, "Sudah saya lihat.", by=by, version=case.version)


def there(product):
    return stock.get_stock(variant_of(product).id).on_hand


def line_of(order):
    return queries.list_lines(order.id)[0]


def books_are_true():
    assert [str(each) for _name, found in books.verify() for each in found] == []


def test_a_refund_owes_exactly_these_units_and_takes_exactly_their_sale_back(seller, eggs):
    by, _shop = seller
    order = handed_order(eggs, by, 3)
    case = offered(complain(order, qty=2), "refund", by)
    settle(case, "stock", by)

    sold, back = sales.list_of_source("order", order.id)
    line, sheet = line_of(order), queries.sheet(order)
    assert (case.state, line.qty_refunded, line.qty_returned, there(eggs)) == ("resolved_refund", 2, 2, 9)
    assert (back.qty, back.amount, back.reversal_of) == (-2, Rupiah(-20_000), sold.id)
    assert (sheet.money.status, sheet.money.paid - sheet.money.due) == ("over", Rupiah(20_000))
    assert order.owes_since is not None
    books_are_true()
    with transaction():
        orders.give_refund(order, Rupiah(20_000), by=by, key="kembali-1")
    assert queries.sheet(order).money.status == "settled"
    assert order.owes_since is None
    books_are_true()


def test_money_that_does_not_go_back_climbs_to_the_pendamping(clock, seller, eggs):
    by, _shop = seller
    order = handed_order(eggs, by)
    settle(offered(complain(order), "refund", by), "kept", by)
    helper = make_account("pendamping")
    assert waits.list_calls(scope=helper) == []

    clock.shift(timedelta(days=4))

    assert [each.sheet.order.id for each in waits.list_calls(scope=helper)] == [order.id]


@pytest.mark.parametrize(("goods", "left"), [("stock", 7), ("spoiled", 6), ("kept", 6)])
def test_a_replacement_leaves_money_and_book_and_takes_one_out_of_the_house(seller, eggs, goods, left):
    by, _shop = seller
    order = handed_order(eggs, by, 3)
    settle(offered(complain(order), "replace", by), goods, by)

    line = line_of(order)
    assert (line.qty_refunded, line.qty_returned) == (0, 0 if goods == "kept" else 1)
    assert there(eggs) == left
    assert len(sales.list_of_source("order", order.id)) == 1
    assert queries.sheet(order).money.status == "settled"
    books_are_true()


def test_what_replaces_is_gone_even_when_it_was_promised_and_that_order_is_at_risk(seller, eggs):
    by, _shop = seller
    order, other = handed_order(eggs, by, 1), place_order(eggs, 9)
    settle(offered(complain(order), "replace", by), "kept", by)

    db.session.refresh(other)
    assert (there(eggs), other.at_risk) == (8, True)
    books_are_true()


def test_goods_that_are_not_counted_stay_out_of_the_stock(seller, eggs):
    by, _shop = seller
    order = handed_order(eggs, by)
    with transaction():
        stock_operations.stop_counting(variant_of(eggs).id)
    before = there(eggs)
    settle(offered(complain(order), "refund", by), "stock", by)

    assert there(eggs) == before
    books_are_true()


def test_only_goods_that_were_handed_over_and_only_in_time(clock, seller, eggs):
    by, _shop = seller
    with pytest.raises(NotNow):
        complain(ready_order(eggs, by))
    order = handed_order(eggs, by)
    clock.shift(timedelta(hours=48))
    with pytest.raises(operations.TooLate):
        complain(order)
    clock.shift(timedelta(seconds=-1))

    assert complain(order).state == "opened"


def test_the_time_to_complain_is_a_setting_and_never_ends_at_night(clock, seller, eggs):
    by, _shop = seller
    with transaction():
        places.set_setting(REGENCY, "return.open_hours", 10)

    order = handed_order(eggs, by)

    assert returns.ends_at(order) == WIB.at(date(2026, 12, 6), time(7))


def answered_in(order, by):
    return complain(order)


def settled_in(order, by):
    return offered(complain(order), "refund", by)


def objected_in(order, by):
    return turned_down(complain(order), by)


def closed_in(order, by):
    case = turned_down(complain(order), by)
    with transaction():
        operations.escalate(case, version=case.version)
    return case


@pytest.mark.parametrize(
    ("setting", "begin", "usual"),
    [
        ("return.answer_hours", answered_in, 24),
        ("return.settle_hours", settled_in, 72),
        ("return.escalate_hours", objected_in, 72),
        ("return.close_hours", closed_in, 72),
    ],
)
def test_a_kabupaten_sets_each_clock_of_a_complaint_and_no_other_s(clock, seller, eggs, setting, begin, usual):
    other, far = make_stall(regency_code="36.01", kecamatan_code="36.01.01", desa_code="36.01.01.2001")
    with transaction():
        places.set_setting(REGENCY, setting, 5)

    case = begin(handed_order(eggs, seller[0]), seller[0])
    theirs = begin(handed_order(make_product(far, qty=10), other), other)

    assert (case.due_at, theirs.due_at) == (NOON + timedelta(hours=5), NOON + timedelta(hours=usual))


@pytest.mark.parametrize("qty", [0, 4, -1, 10**9])
def test_no_unit_and_more_than_she_got_are_no_complaint(seller, eggs, qty):
    order = handed_order(eggs, seller[0], 3)

    with pytest.raises(operations.NothingWrong):
        complain(order, qty=qty)

    assert returns.list_of_order(order.id) == []


def test_each_unit_is_judged_once_and_another_line_of_another_order_never(seller, eggs):
    by, _shop = seller
    order, other = handed_order(eggs, by, 3), handed_order(eggs, by, 3)
    settle(offered(complain(order, qty=2), "refund", by), "kept", by)
    with pytest.raises(operations.NothingWrong):
        complain(order, qty=2)
    with pytest.raises(operations.NothingWrong), transaction():
        operations.open_case(order, "damaged", "Bukan punyaku", {line_of(other).id: 1})

    settle(offered(complain(order, qty=1), "refund", by), "stock", by)

    assert line_of(order).qty_refunded == 3
    assert queries.sheet(order).money.status == "over"
    books_are_true()


def test_food_is_complained_about_for_damage_mistake_and_danger_alone(seller, eggs):
    order = handed_order(eggs, seller[0])

    with pytest.raises(operations.WrongKind):
        complain(order, "other")


def test_sent_twice_and_twice_at_once_it_is_one_complaint(app, seller, eggs):
    order = handed_order(eggs, seller[0], 3)
    first = complain(order)
    assert complain(order, "wrong", qty=3).id == first.id
    other = handed_order(eggs, seller[0], 3)
    db.session.commit()

    number = other.id
    made = at_once(app, [lambda: complain(queries.get_order(number)).id] * 6)

    assert len(set(made)) == 1
    assert made[0].isdigit()
    assert len(returns.list_of_order(other.id)) == 1


def test_of_seller_and_helper_at_one_moment_one_wins_and_units_go_back_once(app, clock, seller, eggs):
    by, _shop = seller
    helper = make_account("pendamping")
    order = handed_order(eggs, by, 2)
    case = offered(complain(order, qty=2), "refund", by)
    clock.shift(timedelta(hours=90))
    number, version, product, order_id = case.id, case.version, eggs, order.id
    seller_id, helper_id = by.id, helper.id

    def settled():
        with transaction():
            who = db.session.get_one(Account, seller_id)
            operations.settle(returns.get_case(number), "stock", by=who, version=version)

    def closed():
        with transaction():
            who = db.session.get_one(Account, helper_id)
            operations.close(returns.get_case(number), "refund", "stock", "Diputus.", by=who, version=version)

    won = at_once(app, [settled, closed, settled, closed])

    assert sorted(won) == ["Overtaken"] * 3 + ["ya"]
    assert (queries.list_lines(order_id)[0].qty_refunded, there(product)) == (2, 10)
    books_are_true()


def test_a_no_is_final_unless_the_buyer_objects_in_time(clock, seller, eggs):
    by, _shop = seller
    case, other = (turned_down(complain(handed_order(eggs, by)), by) for _ in range(2))
    clock.shift(timedelta(hours=71))
    with transaction():
        operations.escalate(case, version=case.version)
    assert case.state == "escalated"
    clock.shift(timedelta(hours=2))

    with pytest.raises(operations.OtherwiseNow), transaction():
        operations.escalate(other, version=other.version)


def test_silence_climbs_to_the_pendamping_and_then_to_the_office_with_no_worker(clock, seller, eggs):
    by, _shop = seller
    case = complain(handed_order(eggs, by))
    helper, curator = make_account("pendamping", areas=[DESA]), make_account("curator")
    elsewhere = make_account("pendamping", areas=[OTHER_DESA])

    def listed(who):
        return [each.case.id for each in returns.list_waiting(scope=who)]

    assert (listed(helper), listed(curator)) == ([], [])
    with pytest.raises(operations.OtherwiseNow):
        close(case, "refund", helper)
    clock.shift(timedelta(hours=24))
    assert (listed(helper), listed(curator), listed(elsewhere)) == ([case.id], [], [])
    close(case, "refund", helper)
    assert (case.state, case.closed_by_id, line_of(queries.get_order(case.order_id)).qty_refunded) == (
        "closed_by_facilitator", helper.id, 1,
    )  # fmt: skip
    assert listed(helper) == []
    left = complain(handed_order(eggs, by))
    clock.shift(timedelta(hours=24))
    assert (listed(helper), listed(curator)) == ([left.id], [])
    clock.shift(timedelta(hours=72))
    assert listed(curator) == [left.id]
    close(left, "replace", curator)
    second = turned_down(complain(handed_order(eggs, by)), by)
    with transaction():
        operations.escalate(second, version=second.version)
    assert (listed(helper), listed(curator)) == ([second.id], [second.id])
    close(second, "none", curator)
    assert line_of(queries.get_order(second.order_id)).qty_refunded == 0
    books_are_true()


def test_where_no_pendamping_works_the_office_is_told_at_once(clock, seller, eggs):
    case = complain(handed_order(eggs, seller[0]))
    curator = make_account("curator")
    clock.shift(timedelta(hours=24))

    assert [each.case.id for each in returns.list_waiting(scope=curator)] == [case.id]


def test_unsafe_food_goes_off_sale_and_stands_on_the_curators_list_at_once(seller, eggs):
    by, _shop = seller
    curator, far = make_account("curator"), make_account("curator", region_code="36.01")
    case = complain(handed_order(eggs, by), "unsafe")

    db.session.refresh(eggs)
    assert eggs.state == "held"
    assert [each.case.id for each in returns.list_waiting(scope=curator)] == [case.id]
    assert db.session.scalar(select(returns.count_unsafe(curator))) == 1
    assert db.session.scalar(select(returns.count_unsafe(far))) == 0
    with pytest.raises(orders.LinesChanged):
        place_order(eggs)


def test_what_is_shown_was_changed_meanwhile_is_told_and_nothing_happens(seller, eggs):
    by, _shop = seller
    case = complain(handed_order(eggs, by))
    stale = case.version
    offered(case, "refund", by)

    with pytest.raises(operations.Overtaken), transaction():
        operations.turn_down(case, "Tidak", by=by, version=stale)

    assert case.state == "answered"


def test_a_buyer_is_forgotten_only_after_the_complaint_and_then_wholly(clock, seller, eggs):
    by, _shop = seller
    order = handed_order(eggs, by)
    case = complain(order, picture=photo())
    group, name = db.session.get_one(OrderGroup, order.group_id), case.photo
    with pytest.raises(forgetting.StillGoing), transaction():
        forgetting.forget([group], by=None)
    turned_down(case, by)

    with transaction():
        forgetting.forget([group], by=None)

    db.session.refresh(case)
    assert (case.words, case.photo, case.state, case.kind) == ("", None, "resolved_none", "damaged")
    jobs.run_due()
    assert not private_store().has(name)


def test_photos_go_long_after_the_order(clock, seller, eggs):
    by, _shop = seller
    case = turned_down(complain(handed_order(eggs, by), picture=photo()), by)
    clock.shift(timedelta(days=179))
    with transaction():
        assert operations.forget_old() == 0
    clock.shift(timedelta(days=2))

    with transaction():
        assert operations.forget_old() == 1

    assert case.photo is None
    assert case.words


def test_goods_that_all_went_back_before_an_office_paid_are_settled_and_on_no_list(clock, seller, eggs):
    by, _shop = seller
    order = handed_order(eggs, by, 2, method="paid_elsewhere")
    assert order.unpaid_since is not None
    settle(offered(complain(order, qty=2), "refund", by), "stock", by)

    assert (queries.sheet(order).money.status, order.unpaid_since, order.owes_since) == ("settled", None, None)
    books_are_true()
