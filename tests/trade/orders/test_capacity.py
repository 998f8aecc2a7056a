"""What a seller can make in a day is never promised twice, and a day that is not needed is free again once."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.core import books
from app.core.db import db, transaction
from app.goods.products.models import Variant
from app.goods.stock import capacity as days
from app.goods.stock.models import CapacityDay
from app.kit.periods import WIB
from app.kit.rupiah import Rupiah
from app.trade.orders import leftovers, operations, queries
from app.trade.orders.meeting import Meeting, Need, Spot
from app.trade.orders.operations import LinesChanged
from tests.factories.goods import make_made_to_order, make_product, make_shop, variant_of
from tests.factories.people import make_account
from tests.factories.trade import accepted_order, place_group, place_order, ready_order

TODAY = date(2026, 12, 1)
FIRST, SECOND = TODAY + timedelta(days=2), TODAY + timedelta(days=3)


@pytest.fixture
def clock(app):
    """Nine o'clock of a working day."""
    with time_machine.travel(WIB.at(TODAY, time(9)), tick=False) as traveller:
        yield traveller


@pytest.fixture
def shop(clock):
    return make_shop(make_account())


@pytest.fixture
def cake(shop):
    """A cake that is made to order, two days ahead, five a day."""
    return make_made_to_order(shop, lead_days=2, day_capacity=5, price=10_000)


def booked():
    rows = db.session.execute(select(CapacityDay.day, func.sum(CapacityDay.booked)).group_by(CapacityDay.day))
    return {day: qty for day, qty in rows if qty}


def day_of(order):
    return WIB.day(order.promised_at)


def wrong_rows():
    return [str(finding) for _, findings in books.verify() for finding in findings]


def test_the_first_day_that_has_room_is_booked(cake):
    orders = [place_order(cake, qty) for qty in (3, 3, 2, 5)]

    assert [day_of(each) for each in orders] == [FIRST, SECOND, FIRST, SECOND + timedelta(days=1)]
    assert booked() == {FIRST: 5, SECOND: 3, SECOND + timedelta(days=1): 5}
    assert orders[0].promised_at == WIB.at(FIRST, time(17))
    assert wrong_rows() == []


def test_a_day_that_was_chosen_is_that_day_or_a_refusal_with_what_is_left(cake):
    place_order(cake, 3, day=SECOND)

    with pytest.raises(LinesChanged) as full:
        place_order(cake, 3, day=SECOND)
    with pytest.raises(LinesChanged) as early:
        place_order(cake, 1, day=TODAY + timedelta(days=1))
    with pytest.raises(LinesChanged) as far:
        place_order(cake, 1, day=TODAY + timedelta(days=99))

    said = [[(each.kind, each.available, each.day) for each in refusal.value.changes] for refusal in (full, early, far)]
    assert said[0] == [("full_day", 2, SECOND)]
    assert said[1][0][0] == said[2][0][0] == "full_day"
    assert booked() == {SECOND: 3}


def test_more_than_any_day_allows_is_said_with_the_most(cake):
    place_order(cake, 3)
    with pytest.raises(LinesChanged) as refusal:
        place_order(cake, 6)

    assert [(each.kind, each.available) for each in refusal.value.changes] == [("sold_out", 5)]
    assert booked() == {FIRST: 3}


def test_late_in_the_day_the_next_day_is_the_first(clock, cake):
    clock.move_to(WIB.at(TODAY, time(17)))

    assert day_of(place_order(cake)) == SECOND


def test_a_pause_of_the_shop_is_left_out(shop, cake):
    with transaction():
        shop.closed_from, shop.closed_until = FIRST, SECOND

    assert day_of(place_order(cake)) == SECOND + timedelta(days=1)


def test_without_a_limit_any_number_is_taken_and_still_has_its_day(cake):
    with transaction():
        variant_of(cake).day_capacity = None

    assert day_of(place_order(cake, 50)) == FIRST
    assert booked() == {}


def test_the_slowest_of_several_things_says_the_day(shop, cake):
    slow = make_made_to_order(shop, lead_days=4, day_capacity=2)
    eggs = make_product(shop, "Telur asin", qty=3)

    order = queries.list_of_group(place_group((variant_of(cake), 1), (variant_of(slow), 2), (variant_of(eggs), 1)).id)[
        0
    ]

    assert day_of(order) == TODAY + timedelta(days=4)
    assert booked() == {TODAY + timedelta(days=4): 3}
    assert [(line.booked_on is None, line.qty_booked) for line in queries.list_lines(order.id)][2] == (True, 0)


ENDS = {
    "refused": lambda order, by: operations.refuse(order, "tidak_sempat", by=by),
    "called off by the buyer": lambda order, by: operations.cancel_by_buyer(order, "salah_pesan"),
    "called off by the office": lambda order, by: operations.cancel_by_admin(order, "pesanan_palsu", by=by),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_was_turned_down_can_be_made_for_others_once(shop, cake, end):
    order, other = place_order(cake, 3), place_order(cake, 2)
    with transaction():
        ENDS[end](order, shop.owner)
    again = pytest.raises(operations.NotNow)
    with again, transaction():
        ENDS[end](order, shop.owner)

    assert booked() == {FIRST: 2}
    assert queries.list_lines(order.id)[0].qty_booked == 0
    assert day_of(place_order(cake, 3)) == day_of(other) == FIRST
    assert wrong_rows() == []


def test_what_time_has_ended_is_free_before_anybody_writes_it_down(clock, cake):
    place_order(cake, 5)
    clock.shift(timedelta(hours=30))

    order = place_order(cake, 5)
    with transaction():
        operations.expire_due()

    assert day_of(order) == SECOND
    assert booked() == {SECOND: 5}
    assert wrong_rows() == []


def test_time_frees_a_day_that_others_want_now(clock, cake):
    late = place_order(cake, 5, day=SECOND + timedelta(days=1))
    clock.shift(timedelta(hours=30))

    order = place_order(cake, 4, day=SECOND + timedelta(days=1))

    assert (queries.get_order(late.id).state, queries.list_lines(late.id)[0].qty_booked) == ("expired_silent", 0)
    assert booked() == {day_of(order): 4}


def test_a_day_on_which_something_was_handed_over_stays_taken(shop, cake):
    order = ready_order(cake, shop.owner, 4)
    with transaction():
        operations.hand_over(order, by=shop.owner)

    assert booked() == {FIRST: 4}
    assert wrong_rows() == []


def test_what_nobody_fetched_frees_its_day_once(shop, cake):
    order = ready_order(cake, shop.owner, 4)
    with transaction():
        operations.not_collected(order, by=shop.owner, back_to_stock=False)

    assert booked() == {}
    with pytest.raises(operations.NotNow), transaction():
        leftovers.answer(order, by=shop.owner, back_to_stock=True, version=None)
    assert wrong_rows() == []


def test_fewer_free_the_difference_at_once(shop, cake):
    order = place_order(cake, 5)
    line = queries.list_lines(order.id)[0]

    with transaction():
        operations.offer_less(order, {line.id: 2}, by=shop.owner)

    assert booked() == {FIRST: 2}
    assert wrong_rows() == []


def test_another_day_moves_the_booking_and_the_clocks_follow(clock, shop, cake):
    order, later = place_order(cake, 5), FIRST + timedelta(days=5)
    with transaction():
        operations.offer_less(order, {}, day=later, by=shop.owner)
    offered = booked()
    with transaction():
        operations.agree(order)

    assert offered == booked() == {later: 5}
    assert order.promised_at == WIB.at(later, time(17))
    assert order.ready_by == order.promised_at + timedelta(hours=48)


def test_what_is_packed_long_before_its_day_waits_from_that_day_on(shop, cake):
    later = FIRST + timedelta(days=5)
    order = ready_order(cake, shop.owner, 1, day=later)

    assert order.collect_by == WIB.at(later, time(17)) + timedelta(hours=72)


def test_another_day_that_nobody_agrees_to_is_free_again(clock, shop, cake):
    order = place_order(cake, 5)
    with transaction():
        operations.offer_less(order, {}, day=SECOND, by=shop.owner)
    clock.shift(timedelta(hours=30))
    with transaction():
        operations.expire_due()

    assert (order.state, booked()) == ("expired_amend", {})


def test_a_day_that_is_full_past_or_too_far_is_not_offered(shop, cake):
    place_order(cake, 5, day=SECOND)
    order = place_order(cake, 1)

    with pytest.raises(days.DayFull), transaction():
        operations.offer_less(order, {}, day=SECOND, by=shop.owner)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=99)):
        with pytest.raises(operations.NoOtherDay), transaction():
            operations.offer_less(order, {}, day=day, by=shop.owner)

    assert (queries.get_order(order.id).state, booked()) == ("placed", {FIRST: 1, SECOND: 5})


def test_late_money_books_its_day_again_or_the_next(clock, shop, cake):
    order = accepted_order(cake, shop.owner, 5, method="transfer_seller")
    clock.shift(timedelta(hours=30))
    place_order(cake, 5, day=SECOND)
    rest = queries.sheet(order).order.total
    with transaction():
        operations.receive_payment(order, rest, by=shop.owner, key="late-money")

    assert (order.state, day_of(order)) == ("accepted", SECOND + timedelta(days=1))
    assert booked() == {SECOND: 5, SECOND + timedelta(days=1): 5}
    assert wrong_rows() == []


def test_late_money_goes_back_when_no_day_is_free(clock, shop, cake):
    order = accepted_order(cake, shop.owner, 5, method="transfer_seller")
    clock.shift(timedelta(hours=30))
    with transaction():
        variant_of(cake).day_capacity = 2
        operations.receive_payment(order, Rupiah(50_000) + order.unique_amount, by=shop.owner, key="late-money")

    assert (queries.sheet(order).state, queries.sheet(order).money.status) == ("expired_unpaid", "refund_due")
    assert (booked(), wrong_rows()) == ({}, [])


def test_late_money_books_no_day_when_what_lies_beside_it_is_gone(clock, shop, cake):
    eggs = make_product(shop, "Telur asin", price=19_000, qty=4)
    group = place_group((variant_of(cake), 5), (variant_of(eggs), 3), method="transfer_seller")
    (order,) = queries.list_of_group(group.id)
    with transaction():
        operations.accept(order, by=shop.owner)
    clock.shift(timedelta(hours=30))
    place_order(eggs, 2)
    with transaction():
        operations.receive_payment(order, order.total, by=shop.owner, key="late-money")

    assert (order.state, queries.sheet(order).money.status) == ("expired_unpaid", "refund_due")
    assert (booked(), wrong_rows()) == ({}, [])


def test_a_bazaar_and_an_office_bind_the_day(cake):
    variant = variant_of(cake)
    opens, closes = WIB.at(SECOND, time(8)), WIB.at(SECOND, time(15))
    meeting = Meeting(7, "Alun-alun", opens, closes)
    at = queries.list_of_group(place_group((variant, 2), at=Spot(7, SECOND), meet=lambda block, spot: meeting).id)[0]
    need = Need("Kantor Camat", WIB.at(SECOND, time(10)))
    office = queries.list_of_group(place_group((variant, 3), need=need).id)[0]

    with pytest.raises(LinesChanged) as refusal:
        place_group((variant, 1), need=need)
    with pytest.raises(LinesChanged):
        place_group((variant, 1), need=Need("Kantor Camat", WIB.at(TODAY, time(20))))

    assert (at.promised_at, office.promised_at) == (opens, need.at)
    assert booked() == {SECOND: 5}
    assert [(each.kind, each.available) for each in refusal.value.changes] == [("full_day", 0)]


def test_a_lower_limit_leaves_what_was_promised(cake):
    place_order(cake, 5)
    with transaction():
        variant_of(cake).day_capacity = 2

    order = place_order(cake, 2)

    assert (booked()[FIRST], day_of(order)) == (5, SECOND)
    assert wrong_rows() == []


def test_a_booking_that_contradicts_the_orders_is_found(cake):
    order = place_order(cake, 3)
    with transaction():
        db.session.get_one(CapacityDay, (variant_of(cake).id, FIRST)).booked = 4
    more = wrong_rows()
    with transaction():
        db.session.delete(db.session.get_one(CapacityDay, (variant_of(cake).id, FIRST)))
        queries.list_lines(order.id)[0].qty_booked = 2
    lost = wrong_rows()

    assert "holds another number than orders booked" in " ".join(more)
    assert "lacks a day that orders booked" in " ".join(lost)
    assert "books a day for more or less than was agreed" in " ".join(lost)


def test_more_than_a_day_allows_is_refused_also_where_nothing_is_booked_yet(cake):
    """The first booking makes the row of its day, and no condition stands before that."""
    slot = (variant_of(cake).id, date(2030, 1, 1))
    with pytest.raises(days.DayFull) as refusal, transaction():
        days.book({slot: (6, 5)})

    assert refusal.value.slots == (slot,)


def test_the_database_itself_keeps_a_day_under_its_limit(cake):
    variant_id = variant_of(cake).id
    with transaction():
        days.book({(variant_id, FIRST): (3, 5)})
    with pytest.raises(days.DayFull), transaction():
        days.book({(variant_id, FIRST): (3, 5), (variant_id, SECOND): (1, 5)})
    with pytest.raises(RuntimeError), transaction():
        days.give_back({(variant_id, FIRST): 4})

    assert booked() == {FIRST: 3}


def test_a_variant_that_is_counted_by_now_keeps_its_orders(shop, cake):
    order = accepted_order(cake, shop.owner, 2)
    with transaction():
        db.session.get_one(Variant, variant_of(cake).id).day_capacity = None
        operations.cancel_by_buyer(order, "salah_pesan")

    assert (booked(), wrong_rows()) == ({}, [])
