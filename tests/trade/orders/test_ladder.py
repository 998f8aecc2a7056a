"""What nobody answers climbs: to the seller's tasks, to her pendamping, to the office; true whenever it is read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app.core.db import transaction
from app.kit.periods import WIB, WIT, Night, out_of_night
from app.people.places import operations as places
from app.trade.orders import links, operations, queries, waits
from app.trade.orders.models import Order
from app.trade.orders.rules import Hours
from tests.factories.goods import make_product, variant_of
from tests.factories.people import OTHER_DESA, REGENCY, make_account, sign_in
from tests.factories.trade import accepted_order, checkout, make_stall, place_group, place_order
from tests.support.queries import count_queries

NOON = WIB.at(date(2026, 12, 5), time(12))
LIST = "/dampingan/pesanan"


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def after(**given: float) -> time_machine.travel:
    return at(NOON + timedelta(**given))


@pytest.fixture
def stall(app):
    with at(NOON):
        return make_stall()


@pytest.fixture
def seller(stall):
    return stall[0]


@pytest.fixture
def eggs(stall):
    with at(NOON):
        return make_product(stall[1], qty=20, price=19_000)


@pytest.fixture
def pendamping(app):
    return make_account("pendamping")


@pytest.fixture
def curator(app):
    return make_account("curator")


def link(order: Order) -> str:
    return f"/pesanan/{order.code}?s={links.link_signature(order.code)}"


def on_list(actor) -> dict[int, list[str]]:
    found = waits.list_calls(scope=actor, limit=100)
    assert len({call.sheet.order.id for call in found}) == len(found)
    return {call.sheet.order.id: [wait.why for wait in call.waits] for call in found}


MINUTES = st.integers(-3 * 24 * 60, 3 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))


@given(
    begun=MINUTES,
    looked=MINUTES,
    hours=st.integers(0, 100),
    night=st.sampled_from([Night(), Night(19, 8), Night(0, 6), Night(23, 1)]),
    zone=st.sampled_from([WIB, WIT]),
)
def test_a_list_asks_the_clock_backwards_and_finds_the_same(begun, looked, hours, night, zone):
    clocks = Hours(24, 24, 24, 48, 72, 24, zone.name, night=night)
    ends = out_of_night(begun + timedelta(hours=hours), zone, night)

    assert (begun <= clocks.begun(looked, hours)) == (ends <= looked)


def test_an_order_that_nobody_answers_climbs_after_twelve_hours_and_never_at_night(eggs, pendamping):
    with at(WIB.at(date(2026, 12, 5), time(8))):
        early = place_order(eggs)
    with after(hours=-1):
        late = place_order(eggs)
    with at(WIB.at(date(2026, 12, 5), time(19, 59))):
        assert on_list(pendamping) == {}
    for evening in (time(20), time(23, 30)):  # the second ends its twelve hours at eleven at night
        with at(WIB.at(date(2026, 12, 5), evening)):
            assert on_list(pendamping) == {early.id: ["silent"]}
    with at(WIB.at(date(2026, 12, 6), time(7))):
        assert on_list(pendamping) == {early.id: ["silent"], late.id: ["silent"]}
    with at(WIB.at(date(2026, 12, 6), time(11))):
        assert on_list(pendamping) == {}  # both have ended by now, and no worker ran


def test_a_kabupaten_says_when_it_climbs_and_says_it_for_no_other(eggs, pendamping):
    far = {"regency_code": "36.01", "kecamatan_code": "36.01.01", "desa_code": "36.01.01.2001"}
    other = make_account("pendamping", region_code="36.01", areas=["36.01.01.2001"])
    with at(WIB.at(date(2026, 12, 5), time(7))), transaction():
        places.set_setting(REGENCY, "clock.silent_hours", 3)
    with at(WIB.at(date(2026, 12, 5), time(7))):
        order, theirs = place_order(eggs), place_order(make_product(make_stall(**far)[1], qty=9))
    with after(hours=-2):
        assert (on_list(pendamping), on_list(other)) == ({order.id: ["silent"]}, {})
    with after(hours=7):
        assert on_list(other) == {theirs.id: ["silent"]}


def test_what_is_not_ready_when_promised_climbs_at_once(eggs, seller, pendamping):
    with at(NOON):
        order = accepted_order(eggs, seller)
    with at(order.promised_at - timedelta(seconds=1)):
        assert on_list(pendamping) == {}
    with at(order.promised_at):
        assert on_list(pendamping) == {order.id: ["late"]}
    with at(order.promised_at), transaction():
        operations.mark_ready(order, by=seller)
    with at(order.promised_at):
        assert on_list(pendamping) == {}


def test_an_order_on_the_list_says_only_what_has_climbed(eggs, seller, pendamping):
    with at(NOON):
        order = accepted_order(eggs, seller, 5)
    with at(order.promised_at):
        with transaction():
            operations.make_room(variant_of(eggs).id, 20)
        assert on_list(pendamping) == {order.id: ["late"]}
    with at(order.promised_at + timedelta(hours=20)):
        assert on_list(pendamping) == {order.id: ["at_risk", "late"]}


def paid(eggs, seller) -> Order:
    order = accepted_order(eggs, seller, 2, method="qris_seller")
    with transaction():
        operations.receive_payment(order, order.total, by=seller, key=f"p{order.id}")
    return order


def test_a_claim_without_an_answer_climbs_after_a_day_also_when_its_order_has_ended(eggs, seller, pendamping):
    with at(NOON):
        order = accepted_order(eggs, seller, method="qris_seller")
        with transaction():
            claim = operations.claim_payment(order, order.total, key="c")
        with transaction():
            operations.cancel_by_buyer(order, "salah_pesan")
    with after(hours=23):
        assert on_list(pendamping) == {}
    with after(hours=24):
        assert on_list(pendamping) == {order.id: ["claim"]}
        with transaction():
            operations.answer_claim(claim, by=seller, confirmed=False)
        assert on_list(pendamping) == {}


@pytest.mark.parametrize("written", [True, False], ids=["written", "scheduler-off"])
def test_money_owed_climbs_after_three_days_and_after_seven_stops_paying_ahead(
    eggs, seller, pendamping, curator, written
):
    with at(NOON):
        order = paid(eggs, seller)
    ended = order.ready_by
    with at(ended):
        if written:
            with transaction():
                operations.expire_due()
        assert queries.sheet(order).money.status == "refund_due"
    with at(ended + timedelta(days=3, hours=-1)):
        assert on_list(pendamping) == {}
    with at(ended + timedelta(days=3)):
        assert on_list(pendamping) == {order.id: ["refund"]}
        assert on_list(curator) == {}
        assert waits.cash_only([order.seller_id]) == set()
    with at(ended + timedelta(days=7)):
        assert on_list(curator) == {order.id: ["refund"]}
        assert waits.cash_only([order.seller_id]) == {order.seller_id}
        with pytest.raises(operations.CashOnly), transaction():
            operations.place(_checkout(eggs, "qris_seller"))
        place_order(eggs)  # cash still goes
        with transaction():
            operations.expire_due()
        with transaction():
            operations.give_refund(order, order.total, by=seller, key="back")
        assert waits.cash_only([order.seller_id]) == set()
        assert order.id not in on_list(curator)


def _checkout(eggs, method):
    return checkout((variant_of(eggs), 1), method=method)


def test_what_was_paid_too_much_is_owed_until_it_is_back(eggs, seller):
    with at(NOON):
        order = paid(eggs, seller)
        with transaction():
            operations.receive_payment(order, order.total, by=seller, key="twice")
    assert order.owes_since == NOON
    with after(hours=1), transaction():
        operations.give_refund(order, order.total, by=seller, key="back")

    assert order.owes_since is None


def test_goods_that_are_missing_are_one_task_and_climb_after_twelve_hours(client, eggs, seller, pendamping):
    with at(NOON):
        older, newer = (accepted_order(eggs, seller, 5) for _ in range(2))
        with transaction():
            operations.make_room(variant_of(eggs).id, 15)
        with transaction():
            operations.make_room(variant_of(eggs).id, 15)
        assert [each.id for each in waits.list_at_risk(newer.seller_id)] == [newer.id]
        sign_in(client, seller)
        page = client.get("/jualan/pesanan").text
        assert "Barang untuk 1 pesanan kurang" in page
        assert newer.code in page
        assert older.code not in page
    with after(hours=24, minutes=-1):
        assert on_list(pendamping)[newer.id] == ["at_risk"]
        with transaction():
            operations.hold_again(newer, by=seller)
        assert (waits.list_at_risk(newer.seller_id), on_list(pendamping)) == ([], {})


def test_an_offer_without_what_is_missing_leaves_no_task(stall, eggs, seller):
    chips = make_product(stall[1], "Keripik", qty=5)
    order = place_group_of(eggs, chips)
    with transaction():
        operations.make_room(variant_of(eggs).id, 20)
    assert order.at_risk
    lines = {line.variant_id: line.id for line in queries.list_lines(order.id)}
    with transaction():
        operations.offer_less(order, {lines[variant_of(eggs).id]: 0}, by=seller)

    assert (order.at_risk, order.at_risk_at, waits.list_at_risk(order.seller_id)) == (False, None, [])


def place_group_of(*products) -> Order:
    return queries.list_of_group(place_group(*((variant_of(each), 2) for each in products)).id)[0]


def test_a_shop_without_a_pendamping_climbs_to_the_office(eggs, seller, curator):
    with at(NOON):
        order = accepted_order(eggs, seller)
    with at(order.promised_at):
        assert on_list(curator) == {order.id: ["late"]}
        make_account("pendamping", areas=[OTHER_DESA])
        assert on_list(curator) == {order.id: ["late"]}
        make_account("pendamping", state="ended")
        assert on_list(curator) == {order.id: ["late"]}
        make_account("pendamping")
        assert on_list(curator) == {}


def test_a_pendamping_reads_whom_to_call_with_words_ready_and_nothing_of_the_buyer(client, eggs, pendamping):
    with at(NOON):
        order = place_order(eggs)
    with after(hours=20):
        sign_in(client, pendamping)
        for page in ("/dampingan", LIST):
            text = client.get(page).text
            assert order.code in text
            assert "menunggu+jawaban" in text or "menunggu%20jawaban" in text
            assert "Ratna" not in text
    with after(hours=30):
        sign_in(client, pendamping)
        assert "Semua pesanan sudah diurus penjualnya." in client.get(LIST).text


def test_the_list_comes_in_pages(client, eggs, pendamping):
    with at(NOON):
        orders = [place_order(eggs) for _ in range(20)]
        last = place_order(make_product(make_stall()[1]))
    with after(hours=20):
        sign_in(client, pendamping)
        first = client.get(LIST).text
        assert last.code not in first
        second = client.get(f"{LIST}?setelah={orders[-1].id}").text
        assert last.code in second
        assert orders[-1].code not in second
        assert client.get(f"{LIST}?setelah=x").status_code == 200


def test_the_lists_ask_the_same_few_questions_however_long_they_are(app, client, eggs, pendamping, curator):
    with at(NOON):
        place_order(eggs)
    counts: dict[str, set[int]] = {}
    for _round in range(2):
        with after(hours=20):
            for actor, page in ((pendamping, "/dampingan"), (pendamping, LIST), (curator, "/dinsos/pesanan")):
                sign_in(client, actor)
                client.get(page)
                with count_queries(app) as asked:
                    client.get(page)
                counts.setdefault(page, set()).add(len(asked))
        with at(NOON):
            for _ in range(5):
                place_order(make_product(make_stall()[1]))

    assert all(len(each) == 1 and max(each) <= 12 for each in counts.values()), counts


def test_another_pendamping_sees_none_of_it(eggs):
    other = make_account("pendamping", areas=[OTHER_DESA])
    with at(NOON):
        place_order(eggs)
    with after(hours=20):
        assert on_list(other) == {}


def test_a_buyer_whom_nobody_answered_meets_other_sellers_the_nearest_first(client, eggs):
    near = make_product(make_stall()[1], "Telur asin tetangga")
    other_kind = make_product(make_stall()[1], "Keripik tetangga", category="keripik-kerupuk")
    gone = make_product(make_stall()[1], "Telur habis", qty=0)
    with at(NOON):
        order = place_order(eggs)
    with after(hours=25):
        text = client.get(link(order)).text
    assert "Dari penjual lain" in text
    assert text.index(near.slug) < text.index(other_kind.slug)
    assert gone.slug not in text
    assert eggs.slug not in text


def test_a_market_with_nothing_else_still_shows_a_way_on(client, eggs):
    with at(NOON):
        order = place_order(eggs)
    with after(hours=25):
        text = client.get(link(order)).text
    assert "Barang serupa belum ada hari ini." in text
