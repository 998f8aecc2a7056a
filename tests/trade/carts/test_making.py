"""What is made to order: the cart says the first day, the checkout offers the free ones and says what changed."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.db import db
from app.kit.periods import WIB
from app.trade.orders.models import Order
from tests.factories.goods import make_made_to_order, make_product, make_shop, variant_of
from tests.factories.trade import place_order
from tests.trade.carts.test_checkout import RATNA, fields, fill

TODAY = date(2026, 12, 1)
FIRST = TODAY + timedelta(days=2)


@pytest.fixture
def shop(app):
    with time_machine.travel(WIB.at(TODAY, time(9)), tick=False):
        yield make_shop(name="Kue Ibu Sarmi")


@pytest.fixture
def cake(shop):
    return make_made_to_order(shop, lead_days=2, day_capacity=5, price=10_000)


def days(page):
    """The days that can be chosen."""
    return re.findall(r'<option value="(202[67]-[\d-]+)"', page)


def send(client, page, **typed):
    return client.post("/pesan", data=fields(page) | RATNA | typed)


def made_for():
    return [WIB.day(each) for each in db.session.scalars(select(Order.promised_at).order_by(Order.id))]


def test_the_cart_says_the_first_day_and_the_checkout_offers_the_free_ones(client, shop, cake):
    place_order(cake, 5, day=FIRST + timedelta(days=1))
    fill(client, (variant_of(cake), 3))

    cart, page = client.get("/keranjang").text, client.get("/pesan").text

    assert "siap paling cepat Kamis 3 Desember 2026" in cart
    assert "Sehari paling banyak 5" in cart
    assert days(page)[:2] == [str(FIRST), str(FIRST + timedelta(days=2))]
    assert len(days(page)) == 29


def test_what_was_chosen_is_what_is_promised(client, shop, cake):
    fill(client, (variant_of(cake), 3))
    later = FIRST + timedelta(days=6)

    answer = send(client, client.get("/pesan").text, **{f"hari-{shop.id}": str(later)})

    assert answer.status_code == 303
    assert made_for() == [later]
    assert "Rabu 9 Desember 2026" in client.get(answer.location).text


def test_who_chooses_nothing_gets_the_first_free_day(client, shop, cake):
    fill(client, (variant_of(cake), 3))

    assert send(client, client.get("/pesan").text).status_code == 303
    assert made_for() == [FIRST]


def test_a_day_that_filled_up_is_said_with_the_next_and_nothing_lost(client, shop, cake):
    fill(client, (variant_of(cake), 3))
    page = client.get("/pesan").text
    place_order(cake, 4, day=FIRST)

    answer = send(client, page, catatan="Tanpa gula", **{f"hari-{shop.id}": str(FIRST)})
    again = send(client, answer.text, **{f"hari-{shop.id}": days(answer.text)[0]})

    assert answer.status_code == 409
    assert "Kamis 3 Desember 2026 sudah penuh. Yang kosong berikutnya Jumat 4 Desember 2026." in answer.text
    assert "Tanpa gula" in answer.text
    assert again.status_code == 303
    assert made_for() == [FIRST, FIRST + timedelta(days=1)]


@pytest.mark.parametrize("typed", ["2020-01-01", "2026-12-02", "2099-01-01"])
def test_a_day_that_nobody_offers_is_refused(client, shop, cake, typed):
    fill(client, (variant_of(cake), 1))

    answer = send(client, client.get("/pesan").text, **{f"hari-{shop.id}": typed})

    assert answer.status_code == 409
    assert made_for() == []


@pytest.mark.parametrize("typed", ["", "besok", "2026-13-45", "9" * 70_000, "<script>"])
def test_what_is_no_day_is_the_first_free_one(client, shop, cake, typed):
    fill(client, (variant_of(cake), 1))

    assert send(client, client.get("/pesan").text, **{f"hari-{shop.id}": typed}).status_code == 303
    assert made_for() == [FIRST]


def test_more_than_a_day_allows_is_cut_and_said(client, cake):
    fill(client, (variant_of(cake), 9))

    assert (
        "sehari hanya bisa dibuat 5, jadi jumlahnya 5" in client.get(f"/keranjang?dibatasi={variant_of(cake).id}").text
    )


def test_two_things_without_a_day_in_common_are_said(client, shop, cake):
    other = make_made_to_order(shop, lead_days=2, day_capacity=1, name="Kue lapis")
    fill(client, (variant_of(cake), 5), (variant_of(other), 1))
    for ahead in range(30):
        place_order(cake if ahead % 2 else other, 1, day=FIRST + timedelta(days=ahead))

    assert "Tidak ada hari yang cukup untuk semuanya" in client.get("/keranjang").text


def test_counted_goods_have_no_day(client, shop):
    fill(client, (variant_of(make_product(shop, qty=5)), 1))

    assert "Siap hari" not in client.get("/pesan").text
    assert "siap paling cepat" not in client.get("/keranjang").text
