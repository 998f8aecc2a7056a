"""What a product costs its seller: hers alone, and warned of below cost."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.core import personal
from app.core.db import db, transaction
from app.core.personal import Whose
from app.goods.products import costing
from app.goods.products.costs import Line
from app.goods.products.models import CostSheet
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from tests.factories.goods import category_id, make_product, make_shop
from tests.factories.people import make_account, sign_in

EGGS = Line("bahan", "Telur bebek", Rupiah(250_000))


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def eggs(shop):
    """A product of 19.000 a pack."""
    return make_product(shop, "Telur asin", price=19_000)


@pytest.fixture
def inside(client, shop):
    """Her phone, signed in."""
    sign_in(client, db.session.get_one(Account, shop.owner_id))
    return client


def typed(**given: str) -> dict[str, str]:
    """The sheet as she fills it: 300.000 for twenty packs."""
    facts = {
        "versi": "0", "jadi": "20", "bahan-nama-1": "Telur bebek", "bahan-biaya-1": "250rb",
        "kemasan-nama-1": "Plastik", "kemasan-biaya-1": "10.000", "tenaga-nama-1": "", "tenaga-biaya-1": "40000",
    }  # fmt: skip
    return facts | {name.replace("_", "-"): value for name, value in given.items()}


def test_cost_and_profit_of_one_are_said_in_the_words_of_the_sessions(inside, eggs):
    assert inside.get(f"/jualan/produk/{eggs.id}/modal").status_code == 200
    assert inside.post(f"/jualan/produk/{eggs.id}/modal", data=typed()).status_code == 303

    page = inside.get(f"/jualan/produk/{eggs.id}/modal").text

    for said in ("Modal per pak", "Rp15.000", "Laba per pak", "Rp4.000", "21 dari 100", "tabungan", "Pendapatan"):
        assert said in page, said
    assert 'value="Telur bebek"' in page
    assert "di bawah modal" not in page


def test_a_price_below_the_cost_is_warned_of(inside, eggs):
    inside.post(f"/jualan/produk/{eggs.id}/modal", data=typed(jadi="12"))

    page = inside.get(f"/jualan/produk/{eggs.id}/modal").text

    assert "Harga jual di bawah modal" in page
    assert "Rp6.000" in page


def test_an_old_tab_is_shown_what_is_there_and_loses_nothing(inside, eggs):
    inside.post(f"/jualan/produk/{eggs.id}/modal", data=typed())
    inside.post(f"/jualan/produk/{eggs.id}/modal", data=typed())
    assert db.session.scalars(select(CostSheet.version)).one() == 1

    answer = inside.post(f"/jualan/produk/{eggs.id}/modal", data=typed(jadi="30"))

    assert answer.status_code == 409
    assert "Rp15.000" in answer.text
    assert 'value="30"' in answer.text
    assert inside.post(f"/jualan/produk/{eggs.id}/modal", data=typed(jadi="30", versi="1")).status_code == 303


FILLED = ("bahan-nama-1", "bahan-biaya-1", "kemasan-nama-1", "kemasan-biaya-1", "tenaga-biaya-1")
POOR = [
    ({"jadi": ""}, "Tulis jadi berapa"),
    ({"jadi": "0"}, "Isi antara"),
    ({"bahan-biaya-1": "mahal"}, "Isi uangnya dengan angka"),
    ({"bahan-biaya-1": ""}, "Tulis juga harganya."),
    ({"bahan-biaya-1": "999999999999"}, "Paling banyak"),
    (dict.fromkeys(FILLED, ""), "satu biaya"),
]


@pytest.mark.parametrize(("given", "sentence"), POOR)
def test_a_poor_sheet_is_explained_and_not_kept(inside, eggs, given, sentence):
    answer = inside.post(f"/jualan/produk/{eggs.id}/modal", data=typed() | given)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(func.count()).select_from(CostSheet)) == 0


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "%s {0}", "A" * 5_000, "a\x00b", "\u202ex"])
def test_hostile_names_break_nothing(inside, eggs, text):
    answer = inside.post(f"/jualan/produk/{eggs.id}/modal", data=typed() | {"bahan-nama-1": text, "versi": text})

    assert answer.status_code in {303, 409, 422}
    assert "<script>alert(1)" not in inside.get(f"/jualan/produk/{eggs.id}/modal").text


def test_nobody_else_sees_it(client, app, eggs):
    with transaction():
        costing.save(eggs, [EGGS], 20, version=0)
    for who in (db.session.get_one(Account, make_shop().owner_id), make_account("curator", region_code="36.04")):
        sign_in(client, who)
        assert client.get(f"/jualan/produk/{eggs.id}/modal").status_code in {403, 404}
        assert client.post(f"/jualan/produk/{eggs.id}/modal", data=typed()).status_code in {403, 404}
    assert "250.000" not in client.get(f"/produk/{eggs.slug}").text


def test_like_prices_are_said_from_five_other_sellers_up(inside, shop, eggs):
    page = f"/jualan/produk/{eggs.id}/modal"
    for price in (15_000, 16_000, 17_000):
        make_product(make_shop(), price=price)
    neighbour = make_shop()
    for price in (18_000, 30_000):
        make_product(neighbour, price=price)
    make_product(make_shop(), price=1_000, unit="butir")
    make_product(make_shop(), price=2_000, category="keripik-kerupuk")
    assert "Lapak lain menjual" not in inside.get(page).text
    assert 'href="/kategori/telur-asin"' in inside.get(page).text
    assert costing.find_like_prices(category_id(), "pak", shop.id) is None

    make_product(make_shop(), price=22_000, unit="Pak")

    assert costing.find_like_prices(category_id(), "pak", shop.id) == (Rupiah(15_000), Rupiah(30_000))
    assert "Lapak lain menjual jenis ini antara Rp15.000 dan Rp30.000 per pak." in inside.get(page).text


def test_her_sheet_is_told_and_forgotten_with_her(app, shop, eggs):
    with transaction():
        costing.save(eggs, [EGGS], 20, version=0)
    whose = Whose(account_id=shop.owner_id, shop_ids=(shop.id,))
    kept = next(each for each in personal.keepings() if each.name == "product_costs")
    assert "Telur bebek" in str(kept.tell(whose, None)[0]["typed"])

    with transaction():
        assert kept.erase is not None
        kept.erase(whose, db.session.get_one(Account, shop.owner_id))

    assert kept.tell(whose, None) == []
