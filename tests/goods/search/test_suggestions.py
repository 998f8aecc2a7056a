"""Suggestions while somebody types: begun words finished, true to what is on the shelf, quick on both engines."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask

from app.core.db import transaction
from app.goods.search import queries
from app.goods.search.rules import read
from app.goods.shelf import operations as shelf
from tests.factories import goods
from tests.support.pages import PageClient
from tests.support.queries import asked_cold, count_queries, plan_of


@pytest.fixture
def market(app: Flask) -> None:
    shop = goods.make_shop(name="Lapak Uji")
    for name in ("Telur asin bebek", "Telur asin asap", "Telur puyuh", "Teri medan", "Keripik pisang"):
        goods.make_product(shop, name)
    queries._vocabulary.clear()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("tel", "telur"),
        ("TELO", "telur"),
        ("telor as", "telur asin"),
        ("telur asin be", "telur asin bebek"),
        ("kerip", "keripik"),
        ("kripk", "keripik"),
    ],
)
def test_a_begun_word_is_finished_by_what_most_cards_hold(
    client: PageClient, market: None, typed: str, first: str
) -> None:
    said = client.get("/saran", query_string={"q": typed}).get_json()
    assert said[0] == first
    assert len(said) <= queries.SUGGESTED
    assert len(set(said)) == len(said)


def test_several_words_lead_only_to_what_is_found(client: PageClient, market: None) -> None:
    assert set(client.get("/saran?q=telur+as").get_json()) == {"telur asin", "telur asap"}
    for words in client.get("/saran?q=te").get_json():
        assert "data-produk" in client.get("/produk", query_string={"q": words}).text


@pytest.mark.parametrize("typed", ["", "t", "  ", "zzzzqq", "%", "_", "' OR 1=1", "\U0010ffff", "\x7f\x1b", "1", "🌶🌶"])
def test_nothing_to_say_is_an_empty_list(client: PageClient, market: None, typed: str) -> None:
    answer = client.get("/saran", query_string={"q": typed})
    assert answer.status_code == 200
    assert answer.get_json() in ([], ["1"])


def test_what_left_the_shelf_is_not_suggested(client: PageClient, market: None) -> None:
    product = goods.make_product(goods.make_shop(), "Wajik ketan")
    assert client.get("/saran?q=waj").get_json() == ["wajik"]
    with transaction():
        shelf.take_down(product.id)
    assert client.get("/saran?q=waj").get_json() == []


def test_two_questions_at_most_each_through_an_index(app: Flask, client: PageClient, market: None) -> None:
    for typed in ("tel", "telur as"):
        with count_queries(app) as asked:
            client.get("/saran", query_string={"q": typed})
        assert 1 <= len(asked) <= 2
        for statement, parameters in asked:
            plan = plan_of(statement, parameters)
            assert "SCAN search_term" not in plan, plan
            assert "Seq Scan on search_term" not in plan, plan


def test_the_twin_without_its_index_the_terms_are_read_whole(app: Flask, market: None) -> None:
    if app.extensions["sqlalchemy"].engine.name != "sqlite":
        return
    with count_queries(app) as asked:
        queries.suggest(read("tel"))
    statement, parameters = asked[0]
    for column in ("term >=", "term <", "items >", "items DESC"):
        statement = statement.replace(column, f"+{column}")
    assert "SCAN search_term" in plan_of(statement, parameters)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("tel", "telur"), ("telor as", "telur asin"), ("telur asin be", "telur asin bebek"), ("kerip", "keripik")],
)
def test_whoever_has_no_script_finds_the_same_suggestions_on_the_page_of_results(client, market, typed, offered):
    page = client.get("/produk", query_string={"q": typed}).text

    said = page.partition('aria-label="Mungkin maksud Anda"')[2].partition("</nav>")[0]
    assert f">{offered}</a>" in said
    assert f'href="/produk?q={quote(offered)}"' in said
    leads = client.get("/produk", query_string={"q": offered}).text
    assert "data-produk" in leads
    assert f">{offered}</a>" not in leads.partition('aria-label="Mungkin maksud Anda"')[2].partition("</nav>")[0]


def test_suggestions_stand_on_the_first_page_without_filters_alone_and_are_words(client, market):
    for path in ("/produk?q=tel&kecamatan=36.04.13", "/produk", "/produk?q=xyzzy", "/produk?q=keripik+pisang"):
        assert "Mungkin maksud Anda" not in client.get(path).text, path
    assert "<script>alert" not in client.get("/produk?q=tel<script>alert(1)</script>").text


@pytest.mark.parametrize("typed", ["tel", "telor as", "kripk", "kripk pisnag"])
def test_a_page_of_results_asks_within_its_budget_even_cold(app, client, market, typed):
    asked = asked_cold(app, client, f"/produk?q={quote(typed)}")

    assert len(asked) <= 6, "\n".join(asked)


@pytest.mark.parametrize(
    "filters",
    [
        "kategori=telur-asin&kecamatan=36.04.13", "kategori=keripik-kerupuk&harga=0-20000", "kecamatan=36.04.13&ada=1",
        "kecamatan=36.04.13&ciri=halal", "kategori=telur-asin&ciri=pirt", "ciri=halal&harga=0-20000",
    ],
)  # fmt: skip
def test_a_misspelt_word_with_two_filters_asks_within_its_budget_even_cold(app, client, market, filters):
    asked = asked_cold(app, client, f"/produk?q=tleur+asn&{filters}")

    assert len(asked) <= 6, "\n".join(asked)
