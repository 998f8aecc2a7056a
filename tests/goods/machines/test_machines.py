"""What machines read is complete, lawful by their published rules, and can be escaped by nobody's words."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from app.core.clock import today
from app.core.db import db, transaction
from app.goods.machines import feeds, queries, rules
from app.goods.products import operations as products
from app.goods.products.models import Product
from app.goods.shelf import operations as shelf
from app.goods.shelf.models import ShelfItem
from app.goods.shops import operations as shops
from app.goods.stock import operations as stock
from app.kit.rupiah import Rupiah
from tests.factories.goods import make_photo, make_product, make_shop, revision_of, variant_of
from tests.factories.people import sign_in

SITE = "http://localhost"
HOSTILE = '</script><script>alert(1)</script>&<!--"'
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"
G = "{http://base.google.com/ns/1.0}"
ABSOLUTE = re.compile(r"https?://[^/\s]+/\S+")
PRICE = re.compile(r"[1-9][0-9]* IDR")


@pytest.fixture
def shop(app):
    return make_shop(name="Dapur & Kebun", slug="dapur-kebun")


@pytest.fixture
def eggs(shop):
    return make_product(shop, "Telur asin", slug="telur-asin-nur", price=19_000, photo=make_photo(shop))


def linked(page) -> dict:
    """The JSON-LD of a page."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text)
    return json.loads(text)


def test_a_product_tells_what_the_rules_of_merchants_require(client, eggs):
    facts = linked(client.get("/produk/telur-asin-nur"))

    assert (facts["@context"], facts["@type"], facts["name"]) == ("https://schema.org", "Product", "Telur asin")
    assert all(ABSOLUTE.fullmatch(each) and each.endswith(".jpg") for each in facts["image"])
    (offer,) = facts["offers"]
    assert offer["price"] == "19000"
    assert offer["priceCurrency"] == "IDR"
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["url"] == f"{SITE}/produk/telur-asin-nur"
    assert offer["seller"]["address"]["addressCountry"] == "ID"


def test_what_is_sold_out_says_so(client, shop):
    make_product(shop, "Habis", slug="habis", qty=0)

    assert linked(client.get("/produk/habis"))["offers"][0]["availability"].endswith("/OutOfStock")


def test_a_shop_is_a_local_business_with_a_place(client, shop, eggs):
    facts = linked(client.get("/lapak/dapur-kebun"))

    assert facts["@type"] == "LocalBusiness"
    assert facts["name"] == "Dapur & Kebun"
    assert facts["address"]["addressLocality"] == "Ciomas"
    assert "telephone" not in facts


def test_no_words_of_a_seller_end_the_data(client, shop):
    product = make_product(shop, HOSTILE, slug="jahat")
    with transaction():
        revision_of(product).description = HOSTILE

    page = client.get("/produk/jahat")

    assert linked(page)["name"] == HOSTILE
    assert linked(page)["description"] == HOSTILE
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    "path",
    ["/", "/produk", "/kategori/telur-asin", "/lapak", "/produk/telur-asin-nur", "/lapak/dapur-kebun"],
)
def test_pages_name_their_address_in_both_languages(client, eggs, path):
    page, english = client.get(path).text, client.get(f"{path}?bahasa=en").text

    assert f'<link rel="canonical" href="{SITE}{path}">' in page
    assert f'<link rel="canonical" href="{SITE}{path}?bahasa=en">' in english
    for language, address in (("id", path), ("en", f"{path}?bahasa=en"), ("x-default", path)):
        for each in (page, english):
            assert each.count('rel="canonical"') == 1
            assert each.count(f'<link rel="alternate" hreflang="{language}" href="{SITE}{address}">') == 1


@pytest.mark.parametrize(
    ("path", "home"),
    [
        ("/produk?kecamatan=36.04.13&urut=termurah", "/produk"),
        ("/produk?q=telur", "/produk"),
        ("/produk?kategori=telur-asin", "/kategori/telur-asin"),
        ("/lapak?kecamatan=36.04.13", "/lapak"),
    ],
)
def test_a_list_that_was_narrowed_names_the_whole_one(client, eggs, path, home):
    assert f'<link rel="canonical" href="{SITE}{home}">' in client.get(path).text


def test_a_product_shows_its_picture_to_who_shares_it(client, eggs):
    page = client.get("/produk/telur-asin-nur").text

    (image,) = re.findall(r'property="og:image" content="([^"]+)"', page)
    assert ABSOLUTE.fullmatch(image)
    assert image.endswith("-960.jpg")
    assert '<meta property="product:price:amount" content="19000">' in page


@pytest.mark.parametrize(("kind", "drawn"), [("telur-asin", "g-telur"), ("bubur-kolak", "g-bubur")])
def test_goods_without_a_photo_show_the_drawing_of_their_kind_to_who_shares_them(client, shop, kind, drawn):
    make_product(shop, "Tanpa foto", slug="tanpa-foto", category=kind)

    page = client.get("/produk/tanpa-foto")

    (image,) = re.findall(r'property="og:image" content="([^"]+)"', page.text)
    assert ABSOLUTE.fullmatch(image)
    assert f"/{drawn}-" in image
    assert page.text.count('<meta property="og:image:type" content="image/jpeg">') == 1
    picture = client.get(image.removeprefix(SITE))
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(picture.data)).size == (1200, 630)
    assert "image" not in linked(page), "a drawing is no photo of the goods: merchants refuse it"


def test_a_shop_is_shared_with_a_photo_of_its_goods_or_the_drawing_of_their_kind(client, shop):
    make_product(shop, "Bubur sumsum", category="bubur-kolak")

    page = client.get(f"/lapak/{shop.slug}").text

    (image,) = re.findall(r'property="og:image" content="([^"]+)"', page)
    assert ABSOLUTE.fullmatch(image)
    assert "/g-bubur-" in image
    assert page.count('<meta property="og:image:type" content="image/jpeg">') == 1
    assert client.get(image.removeprefix(SITE)).status_code == 200

    make_product(shop, "Bubur merah", category="bubur-kolak", photo=make_photo(shop))
    (image,) = re.findall(r'property="og:image" content="([^"]+)"', client.get(f"/lapak/{shop.slug}").text)
    assert image.endswith("-960.jpg")


def test_an_empty_shop_is_shared_with_a_drawing_too(client, shop):
    (image,) = re.findall(r'property="og:image" content="([^"]+)"', client.get(f"/lapak/{shop.slug}").text)

    assert client.get(image.removeprefix(SITE)).mimetype == "image/jpeg"


def test_a_product_is_shared_by_whatsapp_with_its_name_and_address(client, shop):
    make_product(shop, "Kue & teh 100% asli", slug="kue-teh")

    (link,) = re.findall(r'href="(https://wa\.me/\?text=[^"]+)"', client.get("/produk/kue-teh").text)

    address = urlsplit(html.unescape(link))
    assert (address.scheme, address.netloc, address.path) == ("https", "wa.me", "/")
    assert parse_qs(address.query, strict_parsing=True) == {"text": [f"Kue & teh 100% asli {SITE}/produk/kue-teh"]}


def test_a_shop_is_shared_by_whatsapp_with_its_name_and_address(client, shop):
    (link,) = re.findall(r'href="(https://wa\.me/\?text=[^"]+)"', client.get("/lapak/dapur-kebun").text)

    assert parse_qs(urlsplit(html.unescape(link)).query) == {"text": [f"Dapur & Kebun {SITE}/lapak/dapur-kebun"]}


def test_the_site_map_names_parts_that_name_everything(client, eggs):
    index = ET.fromstring(client.get("/sitemap.xml").text)
    parts = [each.text for each in index.iter(f"{MAP}loc")]
    assert all(ABSOLUTE.fullmatch(each) for each in parts)

    found = {}
    for part in parts:
        tree = ET.fromstring(client.get(part.removeprefix(SITE)).text)
        assert tree.tag == f"{MAP}urlset"
        found |= {url.find(f"{MAP}loc").text: url.find(f"{MAP}lastmod") for url in tree}

    moved = found[f"{SITE}/produk/telur-asin-nur"].text
    assert datetime.fromisoformat(moved).tzinfo is not None
    assert {f"{SITE}/", f"{SITE}/kategori/telur-asin", f"{SITE}/lapak/dapur-kebun"} <= found.keys()


def test_no_part_holds_more_than_the_rules_allow(app, shop, monkeypatch):
    monkeypatch.setattr(rules, "MOST_IN_PART", 2)
    monkeypatch.setattr(queries, "STEP", 1)
    made = [make_product(shop).id for _each in range(5)]

    parts = [[row.product_id for row in queries.each_product(part)] for part in rules.parts_of(queries.last_product())]

    assert [number for part in parts for number in part] == made
    assert max(map(len, parts)) <= 2


@pytest.mark.parametrize("path", ["/peta-situs/produk/9", "/peta-situs/lapak/999999999999999999"])
def test_a_part_that_is_not_there_is_not_found(client, eggs, path):
    assert client.get(path).status_code == 404


def test_google_gets_what_its_rules_require(client, shop, eggs):
    make_product(shop, "Tanpa foto", slug="tanpa-foto")
    make_product(shop, "Emping <b>", slug="emping", photo=make_photo(shop), qty=0)

    items = list(ET.fromstring(client.get("/umpan/google").text).iter("item"))

    told = {item.find(f"{G}title").text: {each.tag.removeprefix(G): each.text for each in item} for item in items}
    assert told.keys() == {"Telur asin", "Emping <b>"}
    assert told["Telur asin"]["availability"] == "in_stock"
    assert told["Emping <b>"]["availability"] == "out_of_stock"
    for each in told.values():
        assert PRICE.fullmatch(each["price"])
        assert ABSOLUTE.fullmatch(each["link"]) and ABSOLUTE.fullmatch(each["image_link"])
        assert 0 < len(each["title"]) <= 150 and 0 < len(each["description"]) <= 5000
        assert len(each["id"]) <= 50 and each["condition"] == "new" and each["brand"] == "Dapur & Kebun"


@pytest.mark.parametrize(("begins", "ends", "takes"), [(-1, 0, False), (0, 3, False), (1, 3, True), (-3, -1, True)])
def test_feeds_and_page_say_alike_whether_a_shop_that_closes_for_days_takes_orders(
    client, shop, eggs, begins, ends, takes
):
    day = today("Asia/Jakarta")
    with transaction():
        shop.closed_from, shop.closed_until = day + timedelta(days=begins), day + timedelta(days=ends)

    (item,) = ET.fromstring(client.get("/umpan/google").text).iter("item")
    (row,) = csv.DictReader(io.StringIO(client.get("/umpan/meta.csv").text))
    (offer,) = linked(client.get("/produk/telur-asin-nur"))["offers"]

    assert item.find(f"{G}availability").text == ("in_stock" if takes else "out_of_stock")
    assert row["availability"] == ("in stock" if takes else "out of stock")
    assert offer["availability"].endswith("/InStock" if takes else "/OutOfStock")


def test_meta_gets_a_table_without_formulas(client, shop, eggs):
    product = make_product(shop, "=cmd|calc", slug="rumus", photo=make_photo(shop))

    rows = list(csv.DictReader(io.StringIO(client.get("/umpan/meta.csv").text)))

    by_id = {row["id"]: row for row in rows}
    assert by_id[str(product.id)]["title"] == "'=cmd|calc"
    eggs_row = by_id[str(eggs.id)]
    assert eggs_row["availability"] == "in stock"
    assert eggs_row["price"] == "19000 IDR"
    assert list(eggs_row) == list(feeds.META_HEAD)
    assert all(eggs_row.values())


def test_several_stocks_count_together(app, shop, eggs):
    (there,) = [row.there for row in queries.each_good()]
    with transaction():
        db.session.get_one(ShelfItem, eggs.id).together = True
        variant_of(eggs).active = False
    (gone,) = [row.there for row in queries.each_good()]

    assert (bool(there), bool(gone)) == (True, False)


def test_news_are_an_atom_feed(client, eggs):
    feed = ET.fromstring(client.get("/umpan/produk-baru").text)

    assert feed.find(f"{ATOM}id").text == f"{SITE}/umpan/produk-baru"
    (entry,) = feed.findall(f"{ATOM}entry")
    for name in ("id", "title", "updated"):
        assert entry.find(f"{ATOM}{name}").text
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "Dapur & Kebun"
    assert entry.find(f"{ATOM}link").get("href") == f"{SITE}/produk/telur-asin-nur"
    assert "/umpan/produk-baru" in client.get("/produk").text


def test_an_empty_shelf_is_a_lawful_feed_too(client):
    for path in ("/umpan/produk-baru", "/umpan/google", "/sitemap.xml", "/peta-situs/halaman"):
        assert ET.fromstring(client.get(path).text).tag
    assert client.get("/umpan/meta.csv").text.strip() == ",".join(feeds.META_HEAD)


def test_who_has_it_gets_nothing_again(client, app, shop, eggs):
    first = client.get("/umpan/google")
    assert client.get("/umpan/google", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304

    make_product(shop, "Baru", photo=make_photo(shop))

    assert client.get("/umpan/google", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def sold_out(eggs, twin):
    stock.waste(variant_of(eggs).id, 10, by=eggs.shop.owner)


def renamed(eggs, twin):
    shops.rename(eggs.shop, "Dapur Baru", by=eggs.shop.owner)


def closed(eggs, twin):
    shops.close_for_days(eggs.shop, today("Asia/Jakarta"), "Lebaran", by=eggs.shop.owner)


def said_otherwise(eggs, twin):
    revision_of(eggs).description = "Lebih masir."


def moved(eggs, twin):
    """As many as before, and the newest of them the same."""
    products.pause(eggs, by=eggs.shop.owner)
    products.show(twin, by=eggs.shop.owner)


@pytest.mark.parametrize("change", [sold_out, renamed, closed, said_otherwise, moved])
def test_who_has_a_feed_that_says_something_else_now_gets_the_new_one(client, shop, eggs, change):
    """An offer that is gone, at a reader who was told that nothing is new."""
    twin = make_product(shop, "Kue satu", photo=make_photo(shop))
    make_product(shop, "Emping", photo=make_photo(shop))  # the newest, which does not move
    with transaction():
        products.pause(twin, by=shop.owner)
    paths = ("/umpan/google", "/umpan/meta.csv", "/umpan/produk-baru", "/peta-situs/produk/1")
    before = {path: client.get(path) for path in paths}

    with transaction():
        change(eggs, twin)

    after = {path: client.get(path, headers={"If-None-Match": before[path].headers["ETag"]}) for path in paths}
    other = [path for path in paths if client.get(path).text != before[path].text]
    assert "/umpan/google" in other
    assert [path for path in other if after[path].status_code != 200] == []


def test_a_proxy_keeps_it_only_when_it_was_made_for_nobody(client, shop, eggs):
    assert client.get("/umpan/google").headers["Cache-Control"].startswith("public")

    sign_in(client, shop.owner)

    assert client.get("/umpan/google").headers["Cache-Control"] == "private, no-cache"


def test_what_left_the_shelf_left_the_feeds(client, eggs):
    with transaction():
        shelf.take_down(eggs.id)
        db.session.get_one(Product, eggs.id).state = "paused"

    for path in ("/umpan/google", "/umpan/meta.csv", "/umpan/produk-baru"):
        assert "telur-asin-nur" not in client.get(path).text


def test_a_feed_asks_for_goods_step_by_step(app, shop, monkeypatch):
    monkeypatch.setattr(queries, "STEP", 2)
    made = [make_product(shop, photo=make_photo(shop)).id for _each in range(5)]

    assert [row.product_id for row in queries.each_good()] == made


def test_prices_are_whole_rupiah():
    assert rules.price(Rupiah(1_450_000)) == "1450000 IDR"
