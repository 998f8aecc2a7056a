"""The list of a day: what is to be packed for whom, nothing of other days, nothing of other sellers."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import time_machine

from app.core.db import transaction
from app.kit.periods import WIB
from app.trade.orders import operations, queries
from app.trade.orders.meeting import Need
from tests.factories.goods import make_made_to_order, make_product, make_shop
from tests.factories.people import make_account, sign_in
from tests.factories.trade import DOOR, accepted_order, brought_order, place_order, ready_order
from tests.support.queries import count_queries

TODAY = date(2026, 12, 1)
LIST = "/jualan/pesanan/kemas"


@pytest.fixture
def clock(app):
    with time_machine.travel(WIB.at(TODAY, time(9)), tick=False) as traveller:
        yield traveller


@pytest.fixture
def shop(clock):
    return make_shop(make_account())


@pytest.fixture
def inside(client, shop):
    sign_in(client, shop.owner)
    return client


@pytest.fixture
def cake(shop):
    return make_made_to_order(shop, lead_days=1, day_capacity=9, price=10_000)


def for_day(shop, product, ahead, qty=1, **given):
    return accepted_order(product, shop.owner, qty, day=TODAY + timedelta(days=ahead), **given)


def test_an_empty_day_says_so(inside):
    assert "Tidak ada yang dijanjikan untuk hari ini." in inside.get(LIST).text


def test_each_day_has_its_own_orders_and_their_sum(inside, shop, cake):
    first, second = for_day(shop, cake, 2, 3, name="Bu Tati"), for_day(shop, cake, 2, 4)
    other = for_day(shop, cake, 5, 2)

    page = inside.get(f"{LIST}?hari={TODAY + timedelta(days=2)}").text

    assert "7 pak" in page
    assert (first.code in page, second.code in page, other.code in page) == (True, True, False)
    assert "Bu Tati" in page
    assert "Rp30.000" in page
    assert "tel:+62" in page and "https://wa.me/62" in page
    assert re.search(r'<button[^>]*data-behaviour="print"[^>]*>.*?Cetak</button>', page)
    assert inside.get(LIST).text == page  # without a day, the next that has something


def test_what_is_late_already_stands_under_today(clock, inside, shop, cake):
    order = for_day(shop, cake, 1)
    clock.shift(timedelta(days=2))
    sign_in(inside, shop.owner)

    page = inside.get(LIST).text

    assert order.code in page
    assert "Hari ini" in page


def test_a_day_begins_and_ends_with_its_midnight(inside, shop):
    goods, day = make_product(shop, qty=9), TODAY + timedelta(days=2)
    moments = [WIB.at(day, time(0)), WIB.at(day, time(23, 59)), WIB.at(day + timedelta(days=1), time(0))]
    first, last, next_day = (accepted_order(goods, shop.owner, need=Need("Aula", each)) for each in moments)

    page = inside.get(f"{LIST}?hari={day}").text
    after = inside.get(f"{LIST}?hari={day + timedelta(days=1)}").text

    assert [each.code in page for each in (first, last, next_day)] == [True, True, False]
    assert [each.code in after for each in (first, last, next_day)] == [False, False, True]


def test_what_time_has_ended_is_on_no_list_though_no_worker_ran(clock, inside, shop, cake):
    over = for_day(shop, cake, 1)
    clock.shift(timedelta(days=5))
    sign_in(inside, shop.owner)
    nothing = inside.get(LIST).text
    fresh = for_day(shop, cake, 7)

    page = inside.get(LIST).text

    assert "Tidak ada yang dijanjikan untuk hari ini." in nothing
    assert 'aria-label="Hari"' not in nothing
    assert (over.code in page, fresh.code in page) == (False, True)


def test_of_what_was_offered_less_only_that_is_packed(inside, shop, cake):
    order = place_order(cake, 5, day=TODAY + timedelta(days=1))
    for_day(shop, cake, 1, 4)
    with transaction():
        operations.offer_less(order, {queries.list_lines(order.id)[0].id: 3}, by=shop.owner)
    with transaction():
        operations.agree(queries.get_order(order.id))

    page = inside.get(LIST).text

    assert "7 pak" in page and "3 pak" in page
    assert "9 pak" not in page and "5 pak" not in page


def test_what_is_not_accepted_over_or_somebody_elses_is_not_there(inside, shop, cake):
    rival = make_shop(make_account())
    strange = for_day(rival, make_made_to_order(rival, lead_days=1, day_capacity=9), 1)
    waiting, gone = place_order(cake, day=TODAY + timedelta(days=1)), for_day(shop, cake, 1)
    packed = for_day(shop, cake, 1)
    with transaction():
        operations.cancel_by_seller(gone, "rusak", by=shop.owner)
        operations.mark_ready(packed, by=shop.owner)

    page = inside.get(LIST).text

    assert packed.code in page
    assert not [each for each in (strange, waiting, gone) if each.code in page]


def test_the_address_stands_on_the_list_and_what_is_to_be_taken(inside, shop):
    eggs = make_product(shop, "Telur asin", price=38_000, qty=9)
    order = brought_order(eggs, 2, fee=5_000, note="Titip satpam")
    with transaction():
        operations.accept(order, by=shop.owner)

    page = inside.get(LIST).text

    assert f"{DOOR}, {order.pickup_place}" in page
    assert "Rp81.000" in page
    assert "Titip satpam" in page


@pytest.mark.parametrize("typed", ["besok", "2026-13-99", "9" * 500, "<script>", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_shows_a_list_all_the_same(inside, shop, cake, typed):
    for_day(shop, cake, 1)

    assert inside.get(LIST, query_string={"hari": typed}).status_code == 200


def test_a_long_list_asks_no_more_than_a_short_one(app, inside, shop):
    eggs = make_product(shop, qty=99)
    ready_order(eggs, shop.owner)
    inside.get(LIST)
    with count_queries(app) as few:
        inside.get(LIST)
    for _ in range(4):
        accepted_order(eggs, shop.owner)
    with count_queries(app) as many:
        inside.get(LIST)

    assert len(few) == len(many) <= 12, many


def test_the_desk_leads_there(inside, shop, cake):
    order = for_day(shop, cake, 3)

    page = inside.get("/jualan/pesanan?daftar=disiapkan").text

    assert LIST in page
    assert "siap 4 Des" in page
    assert order.code in page


def test_another_day_is_offered_agreed_to_and_followed(inside, app, shop, cake):
    order = place_order(cake, 2, day=TODAY + timedelta(days=1))
    page = f"/jualan/pesanan/{order.code}/hanya-ada"
    other = TODAY + timedelta(days=4)

    asks = inside.get(page).text
    wrong = inside.post(page, data={"versi": order.version, "hari": "besok"})
    late = inside.post(page, data={"versi": order.version, "hari": "2026-11-01"})
    same = inside.post(page, data={"versi": order.version, "hari": ""})
    sent = inside.post(page, data={"versi": order.version, "hari": str(other)})
    with transaction():
        operations.agree(queries.get_order(order.id))

    assert f'value="{other}"' in asks
    assert f'value="{TODAY + timedelta(days=1)}"' not in asks
    assert [each.status_code for each in (wrong, late, same, sent)] == [422, 422, 422, 303]
    assert "Pilih harinya dari daftar" in wrong.text
    assert "Pilih hari ini atau sesudahnya" in late.text
    assert queries.get_order(order.id).promised_at == WIB.at(other, time(17))
    assert order.code in inside.get(f"{LIST}?hari={other}").text


def test_a_day_that_filled_up_is_said_beside_the_days(inside, shop, cake):
    order = place_order(cake, 2, day=TODAY + timedelta(days=1))
    place_order(cake, 8, day=TODAY + timedelta(days=2))

    answer = inside.post(
        f"/jualan/pesanan/{order.code}/hanya-ada",
        data={"versi": order.version, "hari": str(TODAY + timedelta(days=2))},
    )

    assert answer.status_code == 409
    assert "Hari itu sudah penuh" in answer.text
    assert 'name="hari"' in answer.text
    assert queries.get_order(order.id).state == "placed"
