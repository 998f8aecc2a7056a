"""What people do with orders, act by act."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import NotFound, TooMany
from app.goods.stock import queries as stock
from app.goods.stock.operations import Promised, SoldOut
from app.kit.periods import WIB
from app.kit.rupiah import Rupiah
from app.trade.orders import links, moving, operations, queries
from app.trade.orders.models import Order, OrderGroup
from app.trade.orders.moving import Act
from app.trade.orders.operations import (
    EmptyCart,
    KeyReused,
    LinesChanged,
    NotAsked,
    NothingLess,
    NotNow,
    NotPaid,
    Overtaken,
    UnknownReason,
)
from app.trade.orders.rules import Block, Change, Checkout, Wanted
from app.trade.sales import queries as sales
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import (
    accepted_order,
    checkout,
    handed_order,
    make_stall,
    place_group,
    place_order,
    ready_order,
)
from tests.support.clocks import TODAY


@pytest.fixture
def stall(app):
    return make_stall()


@pytest.fixture
def seller(stall):
    return stall[0]


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], qty=10, price=19_000)


def free(product) -> int:
    return stock.available([variant_of(product).id])[variant_of(product).id]


def states(order: Order) -> list[tuple[str, str, str]]:
    return [(event.from_state, event.to_state, event.actor_kind) for event in queries.list_events(order.id)]


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


# placing


def test_a_submit_over_two_sellers_makes_an_order_for_each(eggs):
    other = make_product(make_stall()[1], name="Keripik", price=7_500, qty=3)

    group = place_group((variant_of(eggs), 2), (variant_of(other), 3))

    first, second = queries.sheets(queries.list_of_group(group.id))
    assert {first.order.total, second.order.total} == {Rupiah(38_000), Rupiah(22_500)}
    assert [sheet.state for sheet in (first, second)] == ["placed", "placed"]
    assert first.order.code != second.order.code
    assert (free(eggs), free(other)) == (8, 0)
    assert states(first.order) == [("", "placed", "buyer")]
    assert queries.get_group(group.token).id == group.id


def test_the_same_key_gives_the_same_orders(eggs):
    submit = checkout((variant_of(eggs), 2))
    with transaction():
        first = operations.place(submit).id
    with transaction():
        again = operations.place(submit).id

    assert (first, count(OrderGroup), free(eggs)) == (again, 1, 8)


def test_a_thing_that_stands_twice_in_a_submit_is_one_line_of_both(eggs):
    group = place_group((variant_of(eggs), 2), (variant_of(eggs), 3))

    (order,) = queries.list_of_group(group.id)
    assert [line.qty_ordered for line in queries.list_lines(order.id)] == [5]
    assert (order.total, free(eggs)) == (Rupiah(5 * 19_000), 5)


def test_the_same_key_with_other_contents_is_refused(eggs):
    place_order(eggs, 2, key="k" * 20)

    with pytest.raises(KeyReused):
        place_order(eggs, 3, key="k" * 20)
    with pytest.raises(KeyReused):
        place_order(eggs, 2, key="k" * 20, phone="+6281200000000")

    assert (count(Order), free(eggs)) == (1, 8)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Orang Lain"},
        {"note": "Titip di tetangga"},
        {"method": "transfer_seller"},
        {"delivery": Rupiah(5_000)},
        {"day": TODAY + timedelta(days=2)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_whatever_a_submit_says_else_its_key_is_refused(eggs, other):
    order = place_order(eggs, 2, key="k" * 20, phone="+6281200000001")

    with pytest.raises(KeyReused):
        place_order(eggs, 2, key="k" * 20, phone="+6281200000001", **other)

    assert place_order(eggs, 2, key="k" * 20, phone="+6281200000001").id == order.id
    assert (count(Order), free(eggs)) == (1, 8)


def test_what_ran_out_is_named_and_nothing_is_stored(eggs):
    other = make_product(make_stall()[1], name="Keripik", qty=3)

    with pytest.raises(LinesChanged) as refusal:
        place_group((variant_of(eggs), 2), (variant_of(other), 4))

    assert refusal.value.changes == (Change(variant_of(other).id, "sold_out", available=3),)
    assert (count(OrderGroup), free(eggs), free(other)) == (0, 10, 3)


def test_every_change_is_told_at_once(eggs, stall):
    dearer, gone, rested = make_product(stall[1], price=5_000), make_product(stall[1]), make_product(stall[1])
    paused, closed = make_stall(), make_stall()
    resting, away = make_product(paused[1]), make_product(closed[1])
    products = (eggs, dearer, gone, rested, resting, away)
    submit = checkout(*((variant_of(each), 11 if each is eggs else 1) for each in products))
    with transaction():
        variant_of(dearer).price = Rupiah(6_000)
        gone.state = "withdrawn"
        variant_of(rested).active = False
        paused[1].state = "paused"
        closed[1].closed_until = now().date() + timedelta(days=2)

    with pytest.raises(LinesChanged) as refusal, transaction():
        operations.place(submit)

    kinds = {change.variant_id: change.kind for change in refusal.value.changes}
    expected = ("sold_out", "price", "withdrawn", "withdrawn", "paused", "closed")
    assert kinds == {variant_of(each).id: kind for each, kind in zip(products, expected, strict=True)}
    assert count(OrderGroup) == 0


def test_a_shop_that_was_closed_until_yesterday_sells_again(eggs, stall):
    with transaction():
        stall[1].closed_until = now().date() - timedelta(days=2)

    assert place_order(eggs).state == "placed"


def test_anothers_product_in_a_block_is_not_sold(eggs):
    stranger = make_stall()[1]
    variant = variant_of(eggs)
    submit = Checkout(
        "key-1", "Ratna", "+6281234567890", "", (Block(stranger.id, (Wanted(variant.id, 1, variant.price),)),)
    )

    with pytest.raises(LinesChanged), transaction():
        operations.place(submit)


@pytest.mark.parametrize("qty", [0, -3, 10_000, 10**20])
def test_numbers_that_no_person_orders_are_refused(eggs, qty):
    with pytest.raises(EmptyCart):
        place_order(eggs, qty)


def test_an_empty_cart_is_refused(app):
    with pytest.raises(EmptyCart), transaction():
        operations.place(checkout())


def test_made_to_order_needs_no_stock(eggs):
    with transaction():
        variant_of(eggs).stock_mode = "made_to_order"

    order = place_order(eggs, 50)

    assert queries.list_lines(order.id)[0].qty_held == 0
    assert free(eggs) == 10


def test_a_later_price_does_not_touch_an_order(eggs):
    order = place_order(eggs, 2)
    with transaction():
        variant_of(eggs).price = Rupiah(50_000)

    assert queries.sheet(order).money.due == Rupiah(38_000)


def test_pausing_afterwards_leaves_orders_alone(eggs, stall):
    order = place_order(eggs)
    with transaction():
        stall[1].state, eggs.state = "paused", "withdrawn"

    with transaction():
        operations.accept(order, by=stall[0])

    assert order.state == "accepted"


# answering


def test_a_sale_of_the_early_morning_stands_on_the_day_of_the_place_and_not_of_utc(eggs, seller, stall):
    with time_machine.travel(WIB.at(TODAY, time(6, 30)), tick=False):
        order = handed_order(eggs, seller, 2)

        (sale,) = sales.list_of_source("order", order.id)
        assert now().date() == TODAY - timedelta(days=1)
        assert sale.sold_on == TODAY
        assert sales.week_takings(stall[1].id, TODAY).total == Rupiah(38_000)


def test_from_order_to_money_in_the_book(eggs, seller, stall):
    order = ready_order(eggs, seller, 2)

    with transaction():
        assert operations.hand_over(order, by=seller, code=links.handover_code(order.code))

    (line,) = queries.list_lines(order.id)
    (sale,) = sales.list_of_source("order", order.id)
    (entry,) = queries.list_entries(order.id)
    held = stock.get_stock(line.variant_id)
    assert (held.on_hand, held.reserved) == (8, 0)
    assert (line.qty_agreed, line.qty_handed, line.qty_held) == (2, 2, 0)
    assert (sale.qty, sale.amount, sale.channel, sales.grade_of(sale.id)) == (2, Rupiah(38_000), "online", "A")
    assert (entry.kind, entry.state, entry.amount) == ("payment", "confirmed", Rupiah(38_000))
    assert queries.sheet(order).money.status == "settled"
    assert states(order) == [
        ("", "placed", "buyer"),
        ("placed", "accepted", "seller"),
        ("accepted", "ready", "seller"),
        ("ready", "handed_over", "seller"),
    ]
    assert [each.actor_id for each in queries.list_events(order.id)] == [0, seller.id, seller.id, seller.id]
    moves = stock.list_movements(line.variant_id)
    assert [(move.kind, move.actor_id) for move in moves] == [
        ("sell", seller.id), ("reserve", 0), ("restock", seller.id),
    ]  # fmt: skip
    assert (sale.entered_by_id, entry.by_id, entry.answered_by_id) == (seller.id,) * 3
    assert sales.week_takings(stall[1].id, sale.sold_on).total == Rupiah(38_000)


def test_without_the_code_the_evidence_is_weaker_until_the_buyer_confirms(eggs, seller):
    order = handed_order(eggs, seller)
    (sale,) = sales.list_of_source("order", order.id)
    assert sales.grade_of(sale.id) == "C"

    for _ in range(2):
        with transaction():
            operations.confirm_received(order)

    assert (sales.grade_of(sale.id), sale.grade) == ("A", "C")


def test_a_wrong_code_hands_nothing_over_and_is_counted(eggs, seller):
    order = ready_order(eggs, seller)
    wrong = "1234" if links.handover_code(order.code) != "1234" else "4321"

    for _ in range(5):
        with transaction():
            assert not operations.hand_over(order, by=seller, code=wrong)
    with pytest.raises(TooMany), transaction():
        operations.hand_over(order, by=seller, code=links.handover_code(order.code))

    assert order.state == "ready"
    assert queries.list_entries(order.id) == []
    with transaction():
        assert operations.hand_over(order, by=seller)


def test_an_offer_of_less_frees_the_difference_at_once(eggs, seller):
    order = place_order(eggs, 5)
    (line,) = queries.list_lines(order.id)

    with transaction():
        operations.offer_less(order, {line.id: 3}, by=seller)

    assert (order.state, order.total, free(eggs)) == ("amended", Rupiah(57_000), 7)
    with transaction():
        operations.agree(order)
    assert (order.state, line.qty_agreed, line.qty_held, order.amend_by) == ("accepted", 3, 3, None)


def test_another_day_is_an_offer_too(eggs, seller):
    order = place_order(eggs, 5)
    day = WIB.day(now()) + timedelta(days=5)

    with transaction():
        operations.offer_less(order, {}, by=seller, day=day)
    with transaction():
        operations.agree(order)

    assert (order.promised_at, free(eggs)) == (WIB.at(day, time(17)), 5)
    assert order.ready_by == order.promised_at + timedelta(hours=48)


@pytest.mark.parametrize("units", [6, 5, 0, -1])
def test_an_offer_must_be_less_but_not_nothing(eggs, seller, units):
    order = place_order(eggs, 5)
    (line,) = queries.list_lines(order.id)

    for asked in ({line.id: units}, {line.id: 3, line.id + 999: 1}):
        with pytest.raises(NothingLess), transaction():
            operations.offer_less(order, asked, by=seller)

    assert (order.state, line.qty_agreed) == ("placed", 5)


def test_a_refusal_because_nothing_is_left_corrects_the_count(eggs, seller):
    order = place_order(eggs, 5)

    with transaction():
        operations.refuse(order, "habis", by=seller, left={variant_of(eggs).id: 0})

    assert (order.state, stock.get_stock(variant_of(eggs).id).on_hand) == ("refused", 0)


def test_a_count_cannot_fall_below_what_others_were_promised(eggs, seller):
    place_order(eggs, 4)
    order = place_order(eggs, 5)

    with pytest.raises(Promised), transaction():
        operations.refuse(order, "habis", by=seller, left={variant_of(eggs).id: 3})

    assert (order.state, free(eggs)) == ("placed", 1)


def test_reasons_come_from_the_list(eggs, seller):
    order = place_order(eggs)

    with pytest.raises(UnknownReason), transaction():
        operations.refuse(order, "<script>", by=seller)
    with pytest.raises(UnknownReason), transaction():
        operations.cancel_by_buyer(order, "x" * 70_000)


def test_the_buyer_cancels_before_it_is_packed_and_asks_after(eggs, seller):
    early, late = accepted_order(eggs, seller, 2), ready_order(eggs, seller, 3)

    with transaction():
        operations.cancel_by_buyer(early, "salah_pesan")
    with pytest.raises(NotNow), transaction():
        operations.cancel_by_buyer(late, "salah_pesan")
    with pytest.raises(NotAsked), transaction():
        operations.cancel_by_seller(late, "permintaan_pembeli", by=seller)
    with transaction():
        operations.ask_cancel(late)
    with transaction():
        operations.cancel_by_seller(late, "permintaan_pembeli", by=seller)

    assert (early.state, late.state, free(eggs)) == ("cancelled_buyer", "cancelled_seller", 10)


def test_who_asks_to_cancel_twice_has_asked_once_and_when_it_was_first(eggs, seller):
    order = ready_order(eggs, seller, 3)
    with transaction():
        operations.ask_cancel(order)
    first = order.cancel_asked_at, order.version

    with time_machine.travel(now() + timedelta(hours=1)), transaction():
        operations.ask_cancel(order)

    assert (order.cancel_asked_at, order.version) == first


@pytest.mark.parametrize(("back", "left"), [(True, 10), (False, 7)])
def test_what_nobody_collected_goes_back_or_is_written_off(eggs, seller, back, left):
    order = ready_order(eggs, seller, 3)

    with transaction():
        operations.not_collected(order, by=seller, back_to_stock=back)

    held = stock.get_stock(variant_of(eggs).id)
    assert (order.state, held.on_hand, held.reserved) == ("not_collected", left, 0)


def test_an_end_is_an_end(eggs, seller):
    order = place_order(eggs, 3)
    with transaction():
        operations.refuse(order, "tutup", by=seller)

    for act in (operations.accept, operations.mark_ready, operations.hand_over):
        with pytest.raises(NotNow) as refusal, transaction():
            act(order, by=seller)
        assert "ditolak penjual" in str(refusal.value)

    assert free(eggs) == 10
    assert len(states(order)) == 2


def test_nobody_makes_a_step_that_is_another_s(eggs):
    order = place_order(eggs)

    with pytest.raises(NotNow), transaction():
        moving.make(order, moving.take(order, "accept"), Act("accept", "buyer"))

    assert (order.state, states(order)) == ("placed", [("", "placed", "buyer")])


def test_a_page_that_is_no_longer_true_changes_nothing(eggs, seller):
    order = place_order(eggs)
    shown = order.version
    with transaction():
        operations.accept(order, by=seller, version=shown)

    with pytest.raises(Overtaken) as refusal, transaction():
        operations.cancel_by_buyer(order, "salah_pesan", version=shown)

    assert "sudah diterima penjual" in str(refusal.value)
    assert order.state == "accepted"


# money that comes ahead of the goods


def paid_ahead(eggs, seller, qty: int = 2) -> Order:
    return accepted_order(eggs, seller, qty, method="qris_seller")


def test_goods_paid_ahead_wait_for_the_whole_amount(eggs, seller):
    order = paid_ahead(eggs, seller)
    assert order.pay_by is not None
    with pytest.raises(NotPaid), transaction():
        operations.mark_ready(order, by=seller)

    with transaction():
        entry = operations.claim_payment(order, Rupiah(38_000), key="claim-1")
    assert (queries.sheet(order).money.status, order.pay_by) == ("claimed", None)
    with pytest.raises(NotPaid), transaction():
        operations.mark_ready(order, by=seller)
    with transaction():
        operations.answer_claim(entry, by=seller, confirmed=True)
    with transaction():
        operations.mark_ready(order, by=seller)
    with transaction():
        operations.hand_over(order, by=seller)

    assert queries.sheet(order).money.status == "settled"
    assert len(queries.list_entries(order.id)) == 1


def test_a_wrong_amount_finds_its_way_out(eggs, seller):
    by_cash, by_time = paid_ahead(eggs, seller), paid_ahead(eggs, seller)
    for order in (by_cash, by_time):
        with transaction():
            operations.receive_payment(order, Rupiah(30_000), by=seller, key=f"first-{order.id}")
        assert (queries.sheet(order).money.status, order.pay_by) == ("partial", None)
        with pytest.raises(NotPaid), transaction():
            operations.mark_ready(order, by=seller)

    with transaction():
        operations.rest_in_cash(by_cash, by=seller)
    with transaction():
        operations.mark_ready(by_cash, by=seller)
    with transaction():
        operations.hand_over(by_cash, by=seller)
    with transaction():
        operations.ask_rest(by_time, by=seller)

    assert [entry.amount.amount for entry in queries.list_entries(by_cash.id)] == [30_000, 8_000]
    assert by_time.pay_by is not None


def test_a_claim_outlives_the_end_of_its_order(eggs, seller):
    order = paid_ahead(eggs, seller)
    with transaction():
        entry = operations.claim_payment(order, Rupiah(38_000), key="claim-2")
    with transaction():
        operations.cancel_by_buyer(order, "berubah_pikiran")
    assert queries.sheet(order).money.status == "refund_check"

    with transaction():
        operations.answer_claim(entry, by=seller, confirmed=True)
    assert queries.sheet(order).money.status == "refund_due"
    with transaction():
        operations.give_refund(order, Rupiah(38_000), by=seller, key="back-2")

    assert queries.sheet(order).money.status == "refunded"


@pytest.mark.parametrize(
    ("others_took", "state", "money"), [(0, "accepted", "settled"), (10, "expired_unpaid", "refund_due")]
)
def test_money_that_comes_late_revives_or_goes_back(eggs, seller, others_took, state, money):
    order = paid_ahead(eggs, seller)
    with transaction():
        order.pay_by = now() - timedelta(seconds=1)
    with transaction():
        operations.expire_due()
    assert (order.state, free(eggs)) == ("expired_unpaid", 10)
    if others_took:
        place_order(eggs, others_took)

    with transaction():
        operations.receive_payment(order, Rupiah(38_000), by=seller, key="late")

    assert (order.state, queries.sheet(order).money.status) == (state, money)
    assert free(eggs) == 8 if not others_took else free(eggs) == 0


# links


def test_a_signed_link_opens_one_order_only(eggs):
    order, other = place_order(eggs), place_order(eggs)
    signature = links.link_signature(order.code)

    assert queries.get_by_link(order.code, signature).id == order.id
    for code, given in ((other.code, signature), ("2222222", signature), (order.code, ""), (order.code, "\ud800")):
        with pytest.raises(NotFound):
            queries.get_by_link(code, given)


def test_no_seller_reads_anothers_part(eggs, seller):
    group = place_group((variant_of(eggs), 1), (variant_of(make_product(make_stall()[1])), 1))
    own, foreign = sorted(queries.list_of_group(group.id), key=lambda order: order.seller_id != eggs.shop_id)

    assert queries.get_own(own.code, seller).id == own.id
    with pytest.raises(NotFound):
        queries.get_own(foreign.code, seller)


# goods that were sold elsewhere


def test_goods_sold_elsewhere_take_the_newest_holds_and_never_silently(eggs, seller):
    variant = variant_of(eggs).id
    first, second = accepted_order(eggs, seller, 4), accepted_order(eggs, seller, 6)

    with transaction():
        assert operations.make_room(variant, 3) == [second.id]

    assert (first.at_risk, second.at_risk, free(eggs)) == (False, True, 6)
    with pytest.raises(operations.AtRisk), transaction():
        operations.mark_ready(second, by=seller)
    place_order(eggs, 1)
    with pytest.raises(SoldOut), transaction():
        operations.hold_again(second, by=seller)
