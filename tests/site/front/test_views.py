"""The front door: home, the pages that explain, and the addresses for machines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.core import i18n, marks
from app.core.db import db, transaction
from app.people.places import operations as places
from app.people.places.models import Region
from tests.factories.goods import make_product, make_shop
from tests.support.pages import PageClient

FIXED = ("/", "/tentang", "/privasi", "/syarat", "/bantuan")


@pytest.mark.parametrize("path", FIXED)
def test_a_fixed_page_greets_a_stranger(client: PageClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", ["/tentang", "/privasi", "/syarat", "/bantuan"])
def test_the_office_is_named_as_the_kabupaten_set_it(client: PageClient, app: Flask, path: str) -> None:
    with transaction():
        places.set_setting("36.04", "office.name", "Dinas Sosial Uji")
        places.set_setting("36.04", "office.email", "uji@contoh.go.id")

    text = client.get(path).text

    assert "Dinas Sosial Uji" in text
    assert "uji@contoh.go.id" in text


@pytest.mark.parametrize(("zone", "shown"), [("Asia/Jakarta", "07.05 WIB"), ("Asia/Makassar", "08.05 WITA")])
def test_moments_are_shown_on_the_clocks_of_the_kabupaten(app: Flask, zone: str, shown: str) -> None:
    with transaction():
        db.session.get_one(Region, "36.04").zone = zone
    places.queries.forget_settings()

    with app.test_request_context():
        assert i18n.waktu(datetime(2026, 12, 5, 0, 5, tzinfo=UTC)).endswith(shown)


def test_an_empty_market_says_so_and_offers_a_way_on(client: PageClient) -> None:
    text = client.get("/").text

    assert "Belum ada produk" in text
    assert 'href="/ingin-jualan"' in text


def test_home_shows_goods_shops_and_doors_to_what_there_is(client: PageClient) -> None:
    product = make_product(make_shop(name="Dapur Uji"), "Telur asin masir")

    text = client.get("/").text

    assert f'data-produk="{product.id}"' in text
    assert "Dapur Uji" in text
    assert 'href="/kategori/lauk-olahan"' in text
    assert 'href="/kategori/busana"' not in text


def test_the_demo_strip_shows_only_with_the_mark(client: PageClient) -> None:
    before = client.get("/tentang").text
    with transaction():
        marks.put("demo", "1")

    after = client.get("/tentang").text

    assert "Semua data di sini hanya contoh" not in before
    assert "Semua data di sini hanya contoh" in after


def test_light_or_dark_is_kept_by_the_phone(client: PageClient) -> None:
    answer = client.post("/tema", data={"tema": "gelap", "kembali": "/produk"})

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/produk"
    assert 'data-tema="gelap"' in client.get("/tentang").text


@pytest.mark.parametrize("target", ["//jahat.example", "https://jahat.example", "/\\jahat.example", "javascript:1", ""])
def test_the_way_back_stays_on_this_site(client: PageClient, target: str) -> None:
    answer = client.post("/tema", data={"tema": "gelap", "kembali": target})

    assert answer.headers["Location"] == "/"


def test_a_language_chosen_by_link_is_kept(client: PageClient) -> None:
    client.get("/tentang?bahasa=en")

    assert '<html lang="en"' in client.get("/tentang").text


def test_machines_find_what_they_ask_for(client: PageClient) -> None:
    robots = client.get("/robots.txt")
    security = client.get("/.well-known/security.txt")

    assert "Disallow: /pesanan" in robots.text
    assert "Sitemap: http://localhost/sitemap.xml" in robots.text
    assert security.text.startswith("Contact: mailto:")


def test_the_process_tells_that_it_lives_and_is_ready(client: PageClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").json == {"database": True, "migrations": True}


def test_a_database_behind_the_code_is_not_ready(client: PageClient, app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    try:
        assert client.get("/readyz").status_code == 503
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{_head(app)}'")


def _head(app: Flask) -> str:
    from alembic.script import ScriptDirectory

    head = ScriptDirectory(str(app.extensions["migrate"].directory)).get_current_head()
    assert head
    return head


def test_the_gallery_is_for_development_only(client: PageClient, app: Flask) -> None:
    assert client.get("/_komponen").status_code == 200
    settings = app.extensions["lapak_settings"]
    app.extensions["lapak_settings"] = replace(settings, environment="production")

    try:
        assert client.get("/_komponen").status_code == 404
    finally:
        app.extensions["lapak_settings"] = settings


@pytest.mark.parametrize("name", ["tidak-ada.webp", "../config.py", "a/b.html", "x.svg.py"])
def test_a_picture_that_is_not_there_is_a_calm_page(client: PageClient, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404


def test_a_refusal_never_says_its_title_twice(client: PageClient) -> None:
    text = client.get("/pesanan/ZZZZZZZ?s=salah").text

    assert "Halaman ini tidak ada." not in text
    assert "Mungkin alamatnya salah ketik" in text


def test_the_privacy_page_names_each_thing_that_a_phone_keeps(client: PageClient) -> None:
    text = client.get("/privasi").text

    for kept in ("keranjang", "simpanan", "pesanan di HP ini", "180 hari"):
        assert kept in text
