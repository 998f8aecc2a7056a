"""What a phone keeps for later: it needs no account, and nobody's cookie can break a page."""

from __future__ import annotations

import re

import pytest

from app.core.db import transaction
from app.goods.shelf import operations as shelf
from app.goods.wishes import rules
from app.goods.wishes.views import JAR
from tests.factories.goods import make_product, make_shop


@pytest.fixture
def eggs(app):
    return make_product(make_shop(), "Telur asin", slug="telur-simpan")


def test_a_visitor_keeps_a_product_and_lets_it_go(client, eggs):
    assert "Simpan dulu" in client.get("/produk/telur-simpan").text

    answer = client.post("/simpanan", data={"produk": eggs.id})
    client.post("/simpanan", data={"produk": eggs.id})

    assert (answer.status_code, answer.location) == (303, "/produk/telur-simpan")
    assert "Tersimpan di HP ini" in client.get("/produk/telur-simpan").text
    page = client.get("/simpanan")
    assert page.text.count(f'data-produk="{eggs.id}"') == 1
    assert page.headers["Cache-Control"] == "no-store"

    client.post("/simpanan/buang", data={"produk": eggs.id})

    assert "Belum ada yang disimpan" in client.get("/simpanan").text


def test_what_is_no_longer_sold_is_said_and_tidied_away(client, eggs):
    client.post("/simpanan", data={"produk": eggs.id})
    with transaction():
        shelf.take_down(eggs.id)

    assert "1 barang sudah tidak dijual" in client.get("/simpanan").text

    client.post("/simpanan/rapikan")

    assert "tidak dijual" not in client.get("/simpanan").text


def test_what_was_kept_last_stands_first_and_of_too_many_the_oldest_goes(client, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 3)
    shop = make_shop()
    first, second, third, fourth = (make_product(shop, f"Telur {number}").id for number in range(4))
    for number in (first, second, third, second, fourth):
        client.post("/simpanan", data={"produk": number})

    shown = re.findall(r'<[^>]+data-produk="(\d+)"', client.get("/simpanan").text)

    assert list(dict.fromkeys(map(int, shown))) == [fourth, second, third]


@pytest.mark.parametrize("number", ["", "x", "0", "-1", "9" * 40, "999999"])
def test_what_is_not_on_sale_is_not_kept(client, eggs, number):
    assert client.post("/simpanan", data={"produk": number}).status_code == 404


@pytest.mark.parametrize("kept", [{"a": 1}, [1, "x"], [10**30], "7", None, [True]])
def test_an_odd_cookie_counts_as_none(app, client, eggs, kept):
    client.set_cookie(JAR.name, JAR.sign(kept))

    assert "Belum ada yang disimpan" in client.get("/simpanan").text


def test_a_cookie_that_somebody_wrote_herself_counts_as_none(client, eggs):
    client.set_cookie(JAR.name, f"[{eggs.id}]")

    assert "Belum ada yang disimpan" in client.get("/simpanan").text


def test_a_page_for_nobody_says_nothing_of_a_phone(client, app, eggs):
    client.post("/simpanan", data={"produk": eggs.id})

    stranger = app.test_client().get("/produk/telur-simpan")

    assert "Simpan dulu" in stranger.text
    assert stranger.headers["Cache-Control"].startswith("public")
    assert client.get("/produk/telur-simpan").headers["Cache-Control"].startswith("private")
