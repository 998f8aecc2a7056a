"""The page of a product says what it is made of, how it keeps, and where it can be had, as its maker said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from app.core.db import transaction
from app.goods.products.models import Product
from app.goods.shops.models import Shop
from tests.factories import goods
from tests.factories.people import KECAMATAN
from tests.support.pages import PageClient
from tests.support.queries import count_queries

MADE = {
    "ingredients": "Telur <b>bebek</b>, garam 100%",
    "allergens": ["milk", "egg"],
    "shelf_life_days": 21,
    "storage": "chilled",
    "origin": "gelatin sapi",
    "warnings": ["sweetener"],
}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return goods.make_shop(slug="telur-muara", pickup_place="Warung Bu Sarmi", pickup_hours="08.00–17.00")


def make(shop: Shop, slug: str, had: dict[str, Any] | None = None, **said: Any) -> Product:
    product = goods.make_product(shop, slug=slug)
    with transaction() as session:
        for row, facts in ((goods.revision_of(product), said), (session.merge(product), had or {})):
            for name, value in facts.items():
                setattr(row, name, value)
    return product


def facts_of(html: str, heading: str) -> dict[str, str]:
    """What the list of facts below a heading says."""
    below = html.split(f'id="{heading}"')[1].split("</dl>")[0]
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", below))


def test_a_buyer_reads_what_it_is_made_of_and_how_it_keeps(app: Flask, client: PageClient, shop: Shop) -> None:
    make(shop, "telur", **MADE)

    with count_queries(app) as asked:
        html = client.get("/produk/telur").text

    assert len(asked) <= 6
    told = facts_of(html, "cerita")
    assert told["Bahan"] == "Telur &lt;b&gt;bebek&lt;/b&gt;, garam 100%"
    assert told["Pemicu alergi"] == "telur, susu"
    assert told["Tahan"] == "3 minggu"
    assert told["Cara simpan"] == "Di kulkas"
    assert (told["Asal bahan"], told["Peringatan"]) == ("gelatin sapi", "pemanis buatan")
    english = facts_of(client.get("/produk/telur?bahasa=en").text, "cerita")
    assert (english["Allergens"], english["Keeps"]) == ("egg, milk", "3 weeks")


def test_what_nobody_was_asked_is_not_said_and_none_is_an_answer(client: PageClient, shop: Shop) -> None:
    make(shop, "belum")
    make(shop, "tanpa", allergens=[], shelf_life_days=1)

    assert not {"Bahan", "Pemicu alergi", "Asal bahan", "Peringatan", "Tahan", "Cara simpan"} & set(
        facts_of(client.get("/produk/belum").text, "cerita")
    )
    told = facts_of(client.get("/produk/tanpa").text, "cerita")
    assert (told["Pemicu alergi"], told["Tahan"]) == ("Tidak ada", "1 hari")
    assert facts_of(client.get("/produk/tanpa?bahasa=en").text, "cerita")["Allergens"] == "None"


def test_a_new_wording_shows_only_once_it_is_approved(client: PageClient, shop: Shop) -> None:
    product = make(shop, "telur", ingredients="Telur, garam")
    goods.make_revision(product, ingredients="Telur, garam, gula")

    assert facts_of(client.get("/produk/telur").text, "cerita")["Bahan"] == "Telur, garam"


FEES = {KECAMATAN: 0, "36.04.12": 5_000}
PLACE = {"Tempat": "Warung Bu Sarmi", "Waktu": "08.00–17.00"}
BY_HAND = "janjian dengan penjual"


@pytest.mark.parametrize(
    ("had", "plan", "heading", "told"),
    [
        ((True, True, False), None, "Ambil di mana?", PLACE | {"Bayar": "Di tempat, saat mengambil"}),
        ((True, True, False), {"other_km": 5}, "Bisa didapat di mana?",
         PLACE | {"Diantar": f"Sampai 5 km dari lapak, {BY_HAND}", "Bayar": "Tunai, saat barang diterima"}),
        ((False, True, True), {"other_km": 12}, "Bisa didapat di mana?",
         {"Diantar": f"Sampai 12 km dari lapak, {BY_HAND}", "Bazar": "Dibawa juga ke bazar",
          "Bayar": "Tunai, saat barang diterima"}),
        ((True, True, False), {"fees": FEES, "least": 20_000, "other_km": 9}, "Bisa didapat di mana?",
         PLACE | {"Diantar": "Gratis ke Ciomas; Rp5.000 ke Pontang",
                  "Diantar ke tempat lain": f"Sampai 9 km dari lapak, {BY_HAND}",
                  "Pesanan": "Mulai Rp20.000", "Bayar": "Di tempat, saat mengambil",
                  "Kalau diantar": "Bayar saat barang datang"}),
        ((True, False, False), {"fees": FEES, "least": 20_000, "other_km": 9}, "Ambil di mana?",
         PLACE | {"Pesanan": "Mulai Rp20.000", "Bayar": "Di tempat, saat mengambil"}),
        ((False, True, True), {"fees": FEES, "cod_km": 1}, "Bisa didapat di mana?",
         {"Diantar": "Gratis ke Ciomas", "Bazar": "Dibawa juga ke bazar",
          "Kalau diantar": "Bayar saat barang datang"}),
        ((False, True, True), None, "Bisa didapat di mana?",
         {"Bazar": "Hanya di bazar, tidak di lapak", "Bayar": "Tunai, saat barang diterima"}),
        ((False, True, False), None, "Bisa didapat di mana?",
         {"Ambil": "Janjian dengan penjual", "Bayar": "Tunai, saat barang diterima"}),
    ],
)  # fmt: skip
def test_a_buyer_reads_where_it_can_be_had_and_no_more(
    client: PageClient,
    shop: Shop,
    had: tuple[bool, bool, bool],
    plan: dict[str, Any] | None,
    heading: str,
    told: dict[str, str],
) -> None:
    make(shop, "telur", dict(zip(("pickup", "delivered", "at_bazaars"), had, strict=True)))
    if plan:
        goods.make_zones(shop, **({"fees": {}} | plan))

    html = client.get("/produk/telur").text

    assert f'<h2 id="ambil">{heading}</h2>' in html
    assert facts_of(html, "ambil") == told


def test_the_cover_comes_first_at_once_and_sharp(client: PageClient, shop: Shop) -> None:
    photo = goods.make_photo(shop)
    goods.make_product(shop, slug="telur", photo=photo)
    other = goods.make_shop()
    for number in range(3):
        goods.make_product(other, slug=f"lain-{number}", photo=goods.make_photo(other))

    main = client.get("/produk/telur").text.split("<main")[1]

    start = f"/media/{photo.stem}"
    first, *others = re.findall(r"<img .*?>", main, re.DOTALL)
    assert f"{start}-960.jpg" in first
    assert 'fetchpriority="high"' in first and "loading" not in first
    assert len(others) == 3 and all('loading="lazy"' in each and "fetchpriority" not in each for each in others)
    assert f'srcset="{start}-320.webp 320w, {start}-640.webp 640w, {start}-1280.webp 960w"' in main
    assert re.search(rf'<a class="photo [^"]*gallery__main[^"]*" href="{start}-1280.webp"><picture>', main)


def test_a_narrow_or_unready_cover_names_no_file_that_is_no_sharper(client: PageClient, shop: Shop) -> None:
    strip, late = goods.make_photo(shop), goods.make_photo(shop, ready=False)
    with transaction() as session:
        session.merge(strip).height = 500
    for slug, photo, large in (("pita", strip, f"{strip.stem}-1280.webp"), ("baru", late, f"{late.stem}.jpg")):
        goods.make_product(shop, slug=slug, photo=photo)
        main = client.get(f"/produk/{slug}").text.split("<main")[1]
        assert " 500w" not in main and " 960w" not in main
        assert f'href="/media/{large}"' in main
