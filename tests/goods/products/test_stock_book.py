"""The book of a stock: every movement with who, when, why and from how many to how many."""

from __future__ import annotations

import pytest

from app.core.db import db, transaction
from app.goods.products import operations
from app.goods.products.forms import MoveForm
from app.goods.products.stock_pages import ENTRIES
from app.goods.stock import operations as stock
from app.goods.stock.queries import get_stock, list_entries
from app.people.accounts.models import Account
from tests.factories.goods import make_product, make_shop, variant_of
from tests.factories.people import sign_in


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def seller(shop):
    """Who runs it."""
    return db.session.get_one(Account, shop.owner_id)


@pytest.fixture
def eggs(shop):
    """A product with ten in stock."""
    return make_product(shop, "Telur asin", qty=10)


@pytest.fixture
def inside(client, seller):
    """Her phone, signed in."""
    sign_in(client, seller)
    return client


def book(product) -> str:
    """The address of its book."""
    return f"/jualan/pilihan/{variant_of(product).id}/catatan"


def left(product) -> int:
    """How many are there."""
    db.session.expire_all()
    return get_stock(variant_of(product).id).on_hand


@pytest.mark.parametrize(
    ("kind", "qty", "after", "sentence"),
    [("restock", 5, 15, "10 → 15"), ("waste", 3, 7, "10 → 7"), ("correction", 8, 8, "10 → 8")],
)
def test_what_happened_is_written_down_with_its_reason(inside, eggs, kind, qty, after, sentence):
    data = {"langkah": kind, "jumlah": str(qty), "alasan": "Pecah di jalan", "tadi": "10"}

    assert inside.post(book(eggs), data=data).status_code == 303

    assert left(eggs) == after
    page = inside.get(book(eggs)).text
    for said in (sentence, "Pecah di jalan", "Anda"):
        assert said in page


def test_a_double_tap_writes_once_and_shows_the_book(inside, eggs):
    data = {"langkah": "restock", "jumlah": "5", "alasan": "Panen", "tadi": "10"}
    inside.post(book(eggs), data=data)

    answer = inside.post(book(eggs), data=data)

    assert answer.status_code == 409
    assert "Stok baru saja berubah menjadi 15" in answer.text
    assert 'value="Panen"' in answer.text
    assert left(eggs) == 15


def test_what_was_promised_cannot_spoil_away(inside, seller, eggs):
    with transaction():
        stock.reserve({variant_of(eggs).id: 9}, source=("order", 1))

    answer = inside.post(book(eggs), data={"langkah": "waste", "jumlah": "5", "tadi": "10"})

    assert answer.status_code == 409
    assert left(eggs) == 10
    page = inside.get(book(eggs)).text
    assert "dipesan 0\u00a0→\u00a09" in page
    assert "lewat pesanan" in page


def test_sums_hold_from_page_to_page(inside, seller, eggs):
    variant = variant_of(eggs).id
    with transaction():
        for _each in range(ENTRIES + 5):
            stock.restock(variant, 1, by=seller)

    shown = list_entries(variant, ENTRIES)
    rest = list_entries(variant, ENTRIES, shown[ENTRIES - 1].move.id)

    assert (shown[0].after, shown[ENTRIES - 1].before) == (10 + ENTRIES + 5, 15)
    assert (rest[0].after, rest[-1].before) == (15, 0)
    page = inside.get(book(eggs)).text
    assert "Berikutnya" in page
    assert "0 → 10" in inside.get(book(eggs), query_string={"setelah": shown[ENTRIES - 1].move.id}).text


POOR = [
    ({}, "Pilih salah satu."),
    ({"langkah": "sell", "jumlah": "1", "tadi": "10"}, "Pilih salah satu."),
    ({"langkah": "waste", "jumlah": "banyak", "tadi": "10"}, "angka bulat"),
    ({"langkah": "waste", "jumlah": "", "tadi": "10"}, "Tulis berapa"),
]


@pytest.mark.parametrize(("typed", "sentence"), POOR)
def test_what_is_no_movement_is_explained(inside, eggs, typed, sentence):
    answer = inside.post(book(eggs), data=typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert left(eggs) == 10


def test_nothing_is_no_change(inside, eggs):
    answer = inside.post(book(eggs), data={"langkah": "restock", "jumlah": "0", "tadi": "10"})

    assert answer.status_code == 422
    assert "lebih dari nol" in answer.text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "%s", "A" * 5_000, "a\x00b", "\u202ex"])
def test_hostile_reasons_break_nothing(inside, eggs, text):
    data = {"langkah": "waste", "jumlah": "1", "alasan": text, "tadi": "10"}

    assert inside.post(book(eggs), data=data).status_code in {303, 422}
    assert "<script>alert(1)" not in inside.get(book(eggs)).text
    assert inside.post(book(eggs), data=data | {"tadi": text}).status_code in {409, 422}


def test_a_choice_that_is_not_counted_has_no_form(inside, seller, eggs):
    variant = variant_of(eggs)
    with transaction():
        variant.stock_mode = "unlimited"
        stock.stop_counting(variant.id)

    assert "Catat perubahan" not in inside.get(book(eggs)).text
    with pytest.raises(operations.NotCounted), transaction():
        operations.move_stock(variant, "restock", 1, note="", seen=10, by=seller)


def test_nobody_reads_another_sellers_book(client, eggs):
    sign_in(client, db.session.get_one(Account, make_shop().owner_id))

    assert client.get(book(eggs)).status_code == 404
    assert client.post(book(eggs), data={"langkah": "waste", "jumlah": "1", "tadi": "10"}).status_code == 404
    assert left(eggs) == 10


def test_a_count_that_nobody_wrote_is_none(app):
    with app.test_request_context(method="POST", data={"tadi": "x"}):
        assert MoveForm().seen_count() == -1
