"""At checkout: each seller's part with the ways she takes, cash first; whatever is not offered is refused."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.core.db import db, transaction
from app.kit import qris
from app.office.administration import adjustable
from app.trade.orders.models import Order
from app.trade.payments import operations as payments
from app.trade.payments import queries as means
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import make_stall
from tests.trade.carts.test_checkout import RATNA, fields, fill
from tests.trade.payments.test_means import DEMO


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def eggs(stall):
    return variant_of(make_product(stall[1], "Telur asin", price=38_000, qty=20))


@pytest.fixture
def crisps(app):
    return variant_of(make_product(make_stall(name="Keripik Neneng")[1], "Keripik", price=12_500, qty=9))


@pytest.fixture
def takes(stall):
    with transaction():
        payments.set_qris(stall[1], qris.parse_static(DEMO), version=0, by=stall[0])
        payments.set_account(stall[1], bank="014", number="1234567890", holder="Sarmi", version=0, by=stall[0])
    return f"bayar-{stall[1].id}"


def choices(page, name):
    found = re.findall(rf'name="{name}" value="([^"]*)" form="pesan"( checked)?', page)
    return [value for value, _ in found], [value for value, checked in found if checked]


def order(client, **given):
    return client.post("/pesan", data=fields(client.get("/pesan").text) | RATNA | given)


def methods():
    return {each.seller_id: each.method for each in db.session.scalars(select(Order))}


def test_cash_comes_first_and_only_her_own_ways_follow(client, takes, eggs, crisps):
    fill(client, (eggs, 1), (crisps, 1))

    page = client.get("/pesan").text

    assert choices(page, takes) == (["cash_pickup", "qris_seller", "transfer_seller"], ["cash_pickup"])
    assert page.count("Bayar bagaimana?") == 1
    assert "dengan cara yang dipilih" in page


def test_where_there_is_cash_alone_nothing_is_asked(client, crisps):
    fill(client, (crisps, 1))

    page = client.get("/pesan").text

    assert "Bayar bagaimana?" not in page
    assert "Bayar tunai saat ambil: Rp12.500" in page


@pytest.mark.parametrize("method", ["cash_pickup", "qris_seller", "transfer_seller"])
def test_each_part_is_ordered_as_it_was_chosen(client, takes, stall, eggs, crisps, method):
    fill(client, (eggs, 1), (crisps, 1))

    answer = order(client, **{takes: method})

    assert answer.status_code == 303
    assert methods()[stall[1].id] == method
    assert sorted(methods().values()).count("cash_pickup") == (2 if method == "cash_pickup" else 1)
    said = client.get(answer.headers["Location"]).text
    assert "Bayar tunai saat ambil" in said
    assert {"cash_pickup": "Bayar tunai", "qris_seller": "QRIS penjual", "transfer_seller": "Kode unik"}[method] in said


@pytest.mark.parametrize("typed", ["emas", "paid_elsewhere", "\x00", "x" * 5_000])
def test_a_way_that_no_page_offers_is_refused_and_nothing_is_lost(client, takes, eggs, typed):
    fill(client, (eggs, 1))

    answer = order(client, **{takes: typed})

    assert answer.status_code == 409
    assert "Cara bayar ini sedang tidak bisa dipakai" in answer.text
    assert "Ratna" in answer.text
    assert methods() == {}


def test_what_she_switched_off_meanwhile_is_refused_and_can_be_chosen_anew(client, takes, stall, eggs):
    fill(client, (eggs, 1))
    filled = fields(client.get("/pesan").text) | RATNA | {takes: "qris_seller"}
    kept = means.find_means(stall[1].id, "qris")
    with transaction():
        payments.switch(stall[1], "qris", on=False, version=kept.version, by=stall[0])

    answer = client.post("/pesan", data=filled)

    assert answer.status_code == 409
    assert choices(answer.text, takes) == (["cash_pickup", "transfer_seller"], ["cash_pickup"])
    assert client.post("/pesan", data=filled | {takes: "transfer_seller"}).status_code == 303


def test_sent_twice_it_is_one_order_with_one_amount(client, takes, eggs):
    fill(client, (eggs, 1))
    filled = fields(client.get("/pesan").text) | RATNA | {takes: "transfer_seller"}

    first, again = client.post("/pesan", data=filled), client.post("/pesan", data=filled)

    assert first.headers["Location"] == again.headers["Location"]
    assert len(methods()) == 1
    assert client.post("/pesan", data=filled | {takes: "cash_pickup"}).status_code == 409


def test_more_than_one_payment_may_be_is_not_offered_by_qris(client, takes, stall):
    dear = variant_of(make_product(stall[1], "Mesin", price=6_000_000, qty=9))
    fill(client, (dear, 2))

    assert choices(client.get("/pesan").text, takes)[0] == ["cash_pickup", "transfer_seller"]
    assert order(client, **{takes: "qris_seller"}).status_code == 409


@pytest.mark.parametrize("method", ["cash_pickup", "qris_seller", "transfer_seller"])
def test_no_way_of_paying_costs_more_and_no_setting_can_make_it(client, takes, eggs, method):
    fill(client, (eggs, 2))

    order(client, **{takes: method})

    stored = db.session.scalars(select(Order)).one()
    marks = stored.unique_amount.amount
    assert stored.total.amount == 76_000 + marks
    assert 0 < marks < 1_000 if method == "transfer_seller" else marks == 0
    in_rupiah = {each.key for group in adjustable.GROUPS for each in group.settings if each.unit is adjustable.RUPIAH}
    assert in_rupiah == {"office.stamp_above", "office.stamp_worth"}  # of papers for offices; no buyer pays by them
