"""Days to come on which a shop is closed: said beforehand, held on the day, over by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import db, transaction
from app.goods.shops import operations
from app.goods.shops.models import Shop
from app.people.accounts.models import Account
from app.trade.orders.operations import LinesChanged
from tests.factories.goods import make_product, make_shop, variant_of
from tests.factories.people import sign_in
from tests.factories.trade import place_group
from tests.support.log import did, log

SENTENCE = "Mudik dulu, kembali setelah Lebaran."


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def owner(shop):
    """Who runs it."""
    return db.session.get_one(Account, shop.owner_id)


@pytest.fixture
def eggs(shop):
    """What it sells."""
    return make_product(shop, "Telur asin")


def day(ahead: int) -> str:
    """A day as a form sends it."""
    return (clock.today("Asia/Jakarta") + timedelta(days=ahead)).isoformat()


def close(shop: Shop, owner: Account, first: int, last: int) -> None:
    """Close between two days."""
    today = clock.today("Asia/Jakarta")
    start = today + timedelta(days=first)
    with transaction():
        operations.close_for_days(shop, today + timedelta(days=last), SENTENCE, start=start, by=owner)


def test_buyers_read_it_beforehand_on_shop_product_and_cart_and_can_still_order(client, shop, owner, eggs):
    close(shop, owner, 3, 9)

    for address in (f"/lapak/{shop.slug}", f"/produk/{eggs.slug}"):
        page = client.get(address).text
        assert SENTENCE in page
        assert "Masukkan keranjang" in page or address.startswith("/lapak")
    client.post("/keranjang", data={"varian": str(variant_of(eggs).id), "jumlah": "1"})
    assert SENTENCE in client.get("/keranjang").text
    place_group((variant_of(eggs), 1))


@pytest.mark.parametrize(("first", "last"), [(-2, 0), (0, 4)])
def test_nothing_is_ordered_on_those_days(client, shop, owner, eggs, first, last):
    close(shop, owner, first, last)

    with pytest.raises(LinesChanged) as refusal:
        place_group((variant_of(eggs), 1))

    assert [each.kind for each in refusal.value.changes] == ["closed"]
    assert SENTENCE in client.get(f"/produk/{eggs.slug}").text
    assert 'action="/keranjang"' not in client.get(f"/produk/{eggs.slug}").text


def test_it_opens_by_itself(client, shop, owner, eggs):
    close(shop, owner, -5, -1)

    place_group((variant_of(eggs), 1))
    assert SENTENCE not in client.get(f"/produk/{eggs.slug}").text


def test_she_plans_it_on_her_page_and_may_think_again(client, shop, owner):
    sign_in(client, owner)
    data = {"versi": "1", "mulai": day(10), "sampai": day(17), "kalimat": SENTENCE}
    assert client.post("/jualan/lapak/tutup", data=data).status_code == 303
    assert client.post("/jualan/lapak/tutup", data=data).status_code == 303
    page = client.get("/jualan/lapak").text
    assert "Akan tutup" in page
    assert SENTENCE in page
    assert log("shop.closed_for_days") == [did(owner, shop, until=day(17), since=day(10))]

    client.post("/jualan/lapak/buka")

    db.session.expire_all()
    assert (shop.closed_from, shop.closed_until) == (None, None)
    assert "Akan tutup" not in client.get("/jualan/lapak").text


POOR = [
    ({"mulai": day(10), "sampai": day(9)}, "sebelum hari mulai"),
    ({"mulai": day(-1), "sampai": day(9)}, "Pilih hari ini atau sesudahnya."),
    ({"mulai": day(400), "sampai": day(401)}, "Terlalu jauh."),
    ({"mulai": day(1), "sampai": day(120)}, "Paling lama"),
    ({"mulai": "<b>", "sampai": day(3)}, "misalnya 2026-12-05"),
    ({"mulai": day(1), "sampai": ""}, "Isi tanggal"),
]


@pytest.mark.parametrize(("typed", "sentence"), POOR)
def test_days_that_cannot_be_are_explained(client, shop, owner, typed, sentence):
    sign_in(client, owner)

    answer = client.post("/jualan/lapak/tutup", data=typed | {"versi": "1", "kalimat": SENTENCE})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert SENTENCE in answer.text
    assert db.session.get_one(Shop, shop.id).closed_until is None


def test_from_today_is_at_once(client, shop, owner):
    sign_in(client, owner)
    client.post("/jualan/lapak/tutup", data={"versi": "1", "mulai": day(0), "sampai": day(2), "kalimat": ""})

    assert "Tutup sampai" in client.get("/jualan/lapak").text
