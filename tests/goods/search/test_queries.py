"""A search says what it understood, never ends at a wall, and finds only what is there. Its quality: tests/search."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.goods.categories.models import Category
from app.goods.search import queries, rules, tongues
from app.goods.search.rules import Scope
from app.goods.shelf import operations as shelf
from app.goods.shelf.rules import Card
from app.kit.rupiah import Rupiah
from tests.support.pages import PageClient
from tests.support.queries import count_queries

GOODS = (
    ("Telur asin bebek matang", "telur-asin", "36.04.13", "Telur Muara", "Isi sepuluh butir."),
    ("Keripik singkong balado", "keripik-kerupuk", "36.04.27", "Rasa Ciomas", "Pedas manis."),
    ("Keripik pisang", "keripik-kerupuk", "36.04.29", "Rasa Ciomas", "Pisang kepok."),
    ("Sate bandeng tanpa duri", "olahan-ikan", "36.04.14", "Dapur Ibu Nur", "Dibakar arang."),
    ("Emping melinjo kecil", "emping-ceplis", "36.04.28", "Emping Jaya", "Mentah."),
    ("Gula aren cetak", "gula-madu", "36.04.29", "Aren Lestari", "Dari nira."),
    ("Gelang tenun", "perhiasan-imitasi", "36.04.30", "Tenun Pantai", "Kerajinan tangan."),
    ("Golok sulangkar", "logam-golok", "36.04.27", "Pandai Besi", "Ditempa."),
    ("Bubur sumsum gula merah", "bubur-kolak", "36.04.12", "Bubur Pagi", "Dengan kuah manis."),
)


@pytest.fixture
def goods(app: Flask) -> dict[int, str]:
    """Nine things that people look for; returns id and name."""
    ids = {row.slug: row.id for row in db.session.execute(select(Category.slug, Category.id))}
    first = now() - timedelta(days=9)
    cards = [
        Card(
            product_id=number,
            variant_id=number,
            slug=f"barang-{number}",
            name=name,
            price=Rupiah(10_000 * number),
            unit="bungkus",
            category_id=ids[category],
            shop_id=number,
            shop_slug=f"lapak-{number}",
            shop_name=shop,
            regency_code="36.04",
            kecamatan_code=code,
            published_at=first + timedelta(days=number),
            words=words,
        )
        for number, (name, category, code, shop, words) in enumerate(GOODS, start=1)
    ]
    with transaction():
        shelf.put_all(cards)
    return {card.product_id: card.name for card in cards}


def test_what_was_understood_is_said(client: PageClient, goods: dict[int, str]) -> None:
    html = client.get("/produk?q=telor+asin").get_data(as_text=True)
    assert "Menampilkan hasil untuk" in html
    assert "<strong>telur asin</strong>" in html

    html = client.get("/produk?q=telur+asin").get_data(as_text=True)
    assert "Menampilkan hasil untuk" not in html


def test_words_that_no_card_holds_together_show_the_nearest(client: PageClient, goods: dict[int, str]) -> None:
    html = client.get("/produk?q=telur+keripik+qqzzww").get_data(as_text=True)

    assert "Ini yang paling mirip" in html
    assert 'class="columns' not in html  # without filters beside them they have the whole width
    assert "Telur asin bebek matang" in html
    assert "Keripik pisang" in html


@pytest.mark.parametrize("typed", ["qqzzww", "!!!", "\u202e\u202e", "🌶🌶", "%", "' OR 1=1 --", "a" * 5000])
def test_a_search_never_ends_at_a_wall(client: PageClient, goods: dict[int, str], typed: str) -> None:
    html = client.get("/produk", query_string={"q": typed}).get_data(as_text=True)

    assert "Baru di lapak" in html
    assert "data-produk=" in html


def test_a_filter_narrows_a_search(goods: dict[int, str]) -> None:
    snacks = db.session.scalars(select(Category.id).where(Category.slug == "makanan-ringan")).one()

    found = queries.find(rules.read("keripik"), Scope(snacks, ("36.04.27", "36.04.13"), (1, 25_000)))
    assert [goods[each.product_id] for each in found.ranked] == ["Keripik singkong balado"]


def test_what_left_the_shelf_is_not_found_nor_suggested(goods: dict[int, str]) -> None:
    with transaction():
        shelf.take_down(8)

    assert queries.find(rules.read("golok"), Scope()).ranked == ()
    assert not queries.vocabulary().holds("golok")


@pytest.mark.parametrize(("path", "begins"), [
    ("/produk?q=keripik", False), ("/produk?q=kerip", False), ("/produk?q=ker", True),
    ("/saran?q=telur+asi", True), ("/saran?q=keripik+pisa", False),
])  # fmt: skip
def test_a_long_word_is_walked_along_and_its_beginning_named(
    app: Flask, client: PageClient, goods: dict[int, str], path: str, begins: bool
) -> None:
    """A beginning that no index knows would gather every card of a million before it gives the first."""
    with count_queries(app) as asked:
        client.get(path)

    matches = [str(parameters) for statement, parameters in asked if "FROM search_product" in statement]
    assert matches
    assert any(" *" in each or f"({tongues.BEGUN})" in each for each in matches) is begins
    assert not any(":*" in each for each in matches)


def test_cards_of_every_age_are_found_and_those_that_are_to_come(app: Flask) -> None:
    """PostgreSQL looks stretch by stretch, the newest first."""
    leaf = db.session.scalars(select(Category.id).where(Category.slug == "telur-asin")).one()
    days = (0, 0.02, 0.1, 0.5, 2, 5, 9, 30, 100, 300, 900, 2_000)
    with transaction():
        shelf.put_all(
            Card(
                product_id=number, variant_id=number, slug=f"telur-{number}", name="Telur asin", price=Rupiah(5_000),
                unit="butir", category_id=leaf, shop_id=1, shop_slug="lapak", shop_name="Lapak", regency_code="36.04",
                kecamatan_code="36.04.13", published_at=now() - timedelta(days=age),
            )
            for number, age in enumerate(days, start=1)
        )  # fmt: skip

    for asked, ago in itertools.product(("telur", "tel", "telur as"), (0, 7, 5_000)):
        with time_machine.travel(now() - timedelta(days=ago), tick=False):
            found = [each.product_id for each in queries.find(rules.read(asked), Scope()).ranked]
        assert found == list(range(1, len(days) + 1)), (asked, ago)


def test_a_beginning_of_words_whose_roots_begin_otherwise_ends_at_no_wall(
    client: PageClient, goods: dict[int, str]
) -> None:
    """`kerajinan` stands under `rajin`: no root begins with `kera`, nor, once the chips are gone, with `ker`."""
    with transaction():
        for number in (2, 3):
            shelf.take_down(number)
    known = queries.vocabulary()
    assert (known.begins("ker"), known.endings("ker")) == (True, [])

    for asked in ("ker", "telr+ker", "telur+ker&kategori=telur-asin"):
        assert client.get(f"/produk?q={asked}").status_code == 200
    assert client.get("/saran?q=telr+ker").status_code == 200
