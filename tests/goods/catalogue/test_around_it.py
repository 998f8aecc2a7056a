"""What stands around a product: price by unit and weight, stock in words, its maker, more of theirs and the like."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.core.db import transaction
from app.goods.permits import operations as permits
from app.goods.products.models import Product
from app.goods.shelf import operations as shelf
from app.goods.shops.models import Shop
from tests.factories import goods
from tests.factories.ekatalog import NUMBERS, master, paper
from tests.factories.people import make_account
from tests.support.pages import PageClient

CARD = re.compile(r'data-produk="(\d+)"')


@pytest.fixture
def shop(app: Flask) -> Shop:
    return goods.make_shop(name="Telur Muara", slug="telur-muara", story="Sejak 2019 di dapur sendiri.")


@pytest.fixture
def eggs(shop: Shop) -> Product:
    return goods.make_product(shop, "Telur asin bebek", slug="telur", price=38_000, unit="pak")


def part(html: str, heading: str) -> str:
    """The section below a heading, up to its end."""
    return html.partition(f'id="{heading}"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("category", "grams", "said"),
    [("telur-asin", 250, "Rp15.200 per 100 g · 250 g"), ("telur-asin", None, ""), ("batik-tenun", 250, "")],
)
def test_a_price_is_said_per_unit_and_of_what_people_weigh_per_100_g(
    client: PageClient, shop: Shop, category: str, grams: int | None, said: str
) -> None:
    product = goods.make_product(shop, slug="barang", price=38_000, unit="toples", category=category)
    with transaction() as session:
        session.merge(goods.variant_of(product)).net_weight_g = grams

    html = client.get("/produk/barang").text

    head = html.partition("<h1>")[2].partition('class="card"')[0]
    assert "Rp38.000" in head and "per toples" in head
    assert said in head
    assert ("per 100 g" in head) is bool(said)


@pytest.mark.parametrize(("left", "said"), [(0, "Habis"), (1, "Sisa 1"), (3, "Sisa 3"), (40, "Ada 40")])
def test_what_is_left_is_said_in_words(client: PageClient, shop: Shop, left: int, said: str) -> None:
    goods.make_product(shop, slug="barang", qty=left)

    assert f">{said}</span>" in re.sub(r"<svg.*?</svg>", "", client.get("/produk/barang").text, flags=re.DOTALL)


def test_the_block_of_its_maker_names_shop_kecamatan_and_what_was_checked(
    client: PageClient, shop: Shop, eggs: Product
) -> None:
    with transaction():
        checked = permits.enter(shop, paper("halal"), master(), by=shop.owner)
        permits.enter(shop, paper("pirt"), master(), by=shop.owner)
        permits.verify(checked, by=make_account("curator"))

    block = part(client.get("/produk/telur").text, "lapak")

    assert '<a href="/lapak/telur-muara">Telur Muara</a>' in block
    assert "Kecamatan Ciomas" in block
    assert "Sejak 2019 di dapur sendiri." in block
    assert NUMBERS["halal"] in block
    assert NUMBERS["pirt"] not in block, "nobody has checked it"


def test_more_of_the_shop_and_the_like_of_others_stand_below_each_once(
    client: PageClient, shop: Shop, eggs: Product
) -> None:
    html = client.get("/produk/telur").text
    assert 'id="lain"' not in html and 'id="mirip"' not in html, "nothing to show is no heading"
    own = {goods.make_product(shop, f"Kue {number}", category="kue-kering").id for number in range(3)}
    like = {goods.make_product(goods.make_shop(), "Telur asin asap").id for _each in range(3)}
    own |= {goods.make_product(shop, f"Telur asin {number}").id for number in range(3)}
    other = goods.make_product(goods.make_shop(), "Golok", category="logam-golok").id

    html = client.get("/produk/telur").text
    shown, alike = (list(map(int, CARD.findall(part(html, heading)))) for heading in ("lain", "mirip"))

    assert len(shown) == len(set(shown)) == 4 and set(shown) <= own
    assert len(alike) == len(set(alike)) == 3 and set(alike) == like, "those of the shop stand above already"
    assert eggs.id not in {*shown, *alike} and not set(shown) & set(alike)
    assert other not in alike
    assert 'href="/lapak/telur-muara"' in part(html, "lain")
    with transaction():
        shelf.take_down(shown[0])
    assert str(shown[0]) not in CARD.findall(part(client.get("/produk/telur").text, "lain"))


def test_a_shop_with_very_much_leaves_room_for_the_like_of_others(
    client: PageClient, shop: Shop, eggs: Product
) -> None:
    """Its newest would fill the place, and nobody would see the small shops beside it."""
    like = {goods.make_product(goods.make_shop(), "Telur asin asap").id for _each in range(3)}
    for number in range(12):
        goods.make_product(shop, f"Telur asin {number}")

    assert set(map(int, CARD.findall(part(client.get("/produk/telur").text, "mirip")))) == like


def test_somebody_without_a_script_keeps_it_shares_it_and_reports_it(client: PageClient, eggs: Product) -> None:
    html = client.get("/produk/telur").text

    assert re.search(r'<form[^>]*action="/simpanan"', html)
    assert 'href="https://wa.me/?text=' in html
    assert 'href="/produk/telur/laporkan"' in html
