"""Everything the screens say has its English, and the English pages speak it; each law has its twin."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from tests.factories import goods, people
from tests.house import translations
from tests.support.pages import PageClient

PAGES = {
    "/": "Pay when you collect",
    "/produk": "List of products",
    "/lapak": "small stalls known to the office",
    "/masuk": "Card lost or PIN forgotten? Ask your pendamping.",
    "/keranjang": "The cart is empty. See what neighbours sell.",
    "/bantuan": "Press Add to cart, then Order now.",
    "/ingin-jualan": "Want to sell here?",
    "/tentang": "Money does not pass through us",
    "/privasi": "We keep as little as we can",
    "/syarat": "Terms of buying and selling",
    "/tidak-ada-halaman-ini": "This page does not exist",
}


@pytest.fixture(scope="module")
def spoken():
    return translations.said(translations.ROOT)


@pytest.fixture
def book():
    return translations.catalogue()


@pytest.fixture
def new_findings(book):
    """What is found after a twin broke the catalogue, and was not before."""
    known = {key: (entry.id,) for key, entry in translations.entries(book).items()}
    before = translations.problems(book, known)
    return lambda: [each for each in translations.problems(book, known) if each not in before]


def seen(page: str) -> str:
    """What a reader sees and hears: words and spoken attributes, without addresses."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r'\b(href|src|action)="[^"]*"', "", page)))


def test_everything_said_has_its_english(spoken, book):
    assert translations.problems(book, spoken) == []


def test_the_compiled_catalogue_is_the_written_one(book):
    assert translations.CATALOGUE.with_suffix(".mo").read_bytes() == translations.compiled(book)


def test_a_dropped_entry_is_named(new_findings, book):
    book.delete("Simpan")

    assert new_findings() == ["missing: Simpan"]
    assert translations.CATALOGUE.with_suffix(".mo").read_bytes() != translations.compiled(book)


@pytest.mark.parametrize(
    ("words", "english", "finding"),
    [
        ("Simpan", " ", "empty: Simpan"),
        ("Kecamatan %(name)s", "Kecamatan", "placeholders: Kecamatan %(name)s"),
        ("Kecamatan %(name)s", "Kecamatan %(nama)s", "placeholders: Kecamatan %(name)s"),
        ("$ hari lagi", "some days left", "placeholders: $ hari lagi"),
        ("%(n)s produk", ("one", "many products"), "placeholders: %(n)s produk"),
        ("Lapak saya", "My shop", "a lapak is a stall: Lapak saya"),
        ("Kata yang sudah dibuang", "Gone", "no longer said: Kata yang sudah dibuang"),
    ],
)
def test_a_wrong_entry_is_named(new_findings, book, words, english, finding):
    book.delete(words)
    book.add((words, words) if isinstance(english, tuple) else words, english)

    assert new_findings() == [finding]


def test_a_doubtful_entry_is_named(new_findings, book):
    book["Simpan"].flags.add("fuzzy")

    assert new_findings() == ["doubtful: Simpan"]


@pytest.mark.parametrize(("path", "sentence"), PAGES.items())
def test_a_page_speaks_english_when_asked(client: PageClient, book, path, sentence):
    page = seen(client.get(f"{path}?bahasa=en").get_data(as_text=True))

    assert '<html lang="en"' in page
    assert sentence in page
    assert sorted(words for words in translations.indonesian(book) if words in page) == []


def test_an_indonesian_page_is_full_of_what_english_ones_lack(client: PageClient, book):
    page = seen(client.get("/bantuan").get_data(as_text=True))

    assert sum(words in page for words in translations.indonesian(book)) > 20


def test_macros_speak_the_language_of_the_page_around_them(app: Flask, client: PageClient):
    shop = goods.make_shop(people.make_account(), name="Telur Muara")
    goods.make_product(shop, "Telur asin bebek", qty=3, slug="telur-asin-bebek")

    page = client.get("/produk/telur-asin-bebek?bahasa=en").get_data(as_text=True)

    assert 'aria-label="More: Quantity"' in page
    assert "3 left" in page
    assert "Add to cart" in page


def test_one_thing_and_many_things_are_counted_apart(client: PageClient):
    shop = goods.make_shop(people.make_account(), name="Telur Muara")
    goods.make_product(shop, "Telur asin bebek")
    assert "1 product<" in client.get("/lapak?bahasa=en").get_data(as_text=True)

    goods.make_product(shop, "Telur asin bakar")
    assert "2 products<" in client.get("/lapak?bahasa=en").get_data(as_text=True)


def test_the_chosen_language_stays_and_pages_kept_for_one_are_not_shown_in_the_other(client: PageClient):
    assert "Semua produk" in client.get("/produk").get_data(as_text=True)
    assert "All products" in client.get("/produk?bahasa=en").get_data(as_text=True)

    assert "All products" in client.get("/produk").get_data(as_text=True)
    assert "Semua produk" in client.get("/produk?bahasa=id").get_data(as_text=True)
    assert "Semua produk" in client.get("/produk").get_data(as_text=True)
