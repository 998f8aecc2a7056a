"""A product, a shop, the list of shops: what strangers see, in every state, and what nobody sees."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from markupsafe import Markup
from sqlalchemy import update

from app.core import clock, pages
from app.core.db import db, transaction
from app.goods.catalogue import cards as dozen
from app.goods.catalogue import moulds, queries, window
from app.goods.categories.models import Category
from app.goods.products.models import Product, RevisionPhoto, Variant
from app.goods.shelf import operations as shelf
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.places.models import Region
from tests.factories import goods, people
from tests.support.pages import PageClient
from tests.support.queries import count_queries

CANARY = "+628999000111"


@pytest.fixture
def shop(app: Flask) -> Shop:
    owner = people.make_account(name="Ibu Rahasia", phone=CANARY)
    return goods.make_shop(owner, name="Telur Muara", slug="telur-muara")


def change(row: Product | Shop, **facts: object) -> None:
    with transaction() as session:
        session.add(row)
        for name, value in facts.items():
            setattr(row, name, value)


def read(client: PageClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_a_product_page_holds_what_a_buyer_needs(client: PageClient, shop: Shop) -> None:
    product = goods.make_product(shop, "Telur asin bebek", price=38_000, qty=3, slug="telur-asin-bebek")

    html = read(client, "/produk/telur-asin-bebek")
    assert "<h1>Telur asin bebek</h1>" in html
    assert "Rp38.000" in html
    assert "Sisa 3" in html
    assert f'data-varian="{goods.variant_of(product).id}"' in html
    assert 'action="/keranjang" method="post"' in html
    assert 'name="varian"' in html
    assert 'name="jumlah"' in html
    assert 'max="3"' in html
    assert "Masukkan keranjang" in html
    assert "Telur Muara" in html
    assert 'rel="canonical" href="http://localhost/produk/telur-asin-bebek"' in html


def test_a_product_without_stock_says_so_and_takes_no_order(client: PageClient, shop: Shop) -> None:
    goods.make_product(shop, qty=0, slug="habis")

    html = read(client, "/produk/habis")
    assert "Habis" in html
    assert "Masukkan keranjang" not in html
    assert "product-card--sold-out" in read(client, "/produk")


@pytest.mark.parametrize("state", ["withdrawn", "deleted"])
def test_a_product_that_is_gone_shows_the_like(client: PageClient, shop: Shop, state: str) -> None:
    product = goods.make_product(shop, slug="lama")
    goods.make_product(shop, "Telur asin asap", slug="asap")
    with transaction():
        shelf.take_down(product.id)
    change(product, state=state)

    html = read(client, "/produk/lama", 410)
    assert "sudah tidak ada" in html
    assert "Telur asin asap" in html


def test_an_address_that_never_was_shows_the_like(client: PageClient, shop: Shop) -> None:
    goods.make_product(shop, "Telur asin asap", slug="asap")

    html = read(client, "/produk/telor-asin-bakar", 404)
    assert "tidak ditemukan" in html
    assert "Telur asin asap" in html


def test_a_product_nobody_approved_is_not_there(client: PageClient, shop: Shop) -> None:
    goods.make_waiting_product(shop, slug="belum")
    read(client, "/produk/belum", 404)


def test_a_paused_product_stays_reachable_without_a_form(client: PageClient, shop: Shop) -> None:
    change(goods.make_product(shop, slug="istirahat"), state="paused")

    html = read(client, "/produk/istirahat")
    assert "sedang tidak dijual" in html
    assert "Masukkan keranjang" not in html


def test_a_shop_that_is_closed_for_days_says_until_when(client: PageClient, shop: Shop) -> None:
    goods.make_product(shop, slug="tutup")
    change(shop, closed_until=clock.today("Asia/Jakarta") + timedelta(days=2), closed_note="Panen dulu.")

    for path in ("/produk/tutup", "/lapak/telur-muara"):
        html = read(client, path)
        assert "utup sampai" in html
        assert "Panen dulu." in html
        assert "Masukkan keranjang" not in html

    change(shop, closed_until=clock.today("Asia/Jakarta") - timedelta(days=1))
    assert "Masukkan keranjang" in read(client, "/produk/tutup")


def test_a_paused_shop_keeps_its_page_and_an_ended_one_says_farewell(client: PageClient, shop: Shop) -> None:
    goods.make_product(shop, slug="telur")
    change(shop, state="paused")
    assert "sedang istirahat" in read(client, "/lapak/telur-muara")
    assert "Masukkan keranjang" not in read(client, "/produk/telur")

    change(shop, state="ended")
    read(client, "/lapak/telur-muara", 410)
    read(client, "/produk/telur", 410)
    read(client, "/lapak/tidak-ada", 404)


def test_shops_are_listed_with_what_they_sell(client: PageClient, shop: Shop) -> None:
    assert "Belum ada lapak" in read(client, "/lapak")
    goods.make_product(shop)

    html = read(client, "/lapak")
    assert "Telur Muara" in html
    assert "1 produk" in html
    assert "Telur Muara" in read(client, f"/lapak?kecamatan={shop.kecamatan_code}")


def test_no_public_page_names_the_person_behind_a_shop(client: PageClient, shop: Shop) -> None:
    goods.make_product(shop, slug="telur")
    owner = db.session.get_one(Account, shop.owner_id)
    secrets = (CANARY, CANARY.removeprefix("+62"), owner.name, shop.desa_code)

    for path in ("/produk", "/produk?q=telur", "/produk/telur", "/lapak", "/lapak/telur-muara", "/kategori/telur-asin"):
        html = read(client, path)
        assert not [secret for secret in secrets if secret in html], path


def test_with_every_cache_off_nobody_keeps_a_page(client: PageClient, shop: Shop) -> None:
    goods.make_product(shop, slug="telur")

    assert client.get("/produk/telur").headers["Cache-Control"] == pages.ANYBODY
    assert "ETag" not in client.get("/produk/telur").headers


def test_pages_for_nobody_in_particular_may_be_kept_and_others_not(
    app: Flask, client: PageClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "lapak_settings", replace(app.extensions["lapak_settings"], cache=True))
    goods.make_product(shop, slug="telur")
    for path in ("/produk", "/produk/telur", "/lapak", "/lapak/telur-muara", "/kategori/telur-asin"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == pages.ANYBODY
        assert "Cookie" in answer.headers["Vary"]
        assert "csrf_token" not in answer.get_data(as_text=True)
        assert "Set-Cookie" not in answer.headers

    assert client.get("/produk?bahasa=en").headers["Cache-Control"].startswith("private")
    client.set_cookie("tema", "gelap")
    assert client.get("/produk").headers["Cache-Control"].startswith("private")


def test_a_page_asks_at_most_six_questions(app: Flask, client: PageClient, shop: Shop) -> None:
    for number in range(8):
        goods.make_product(shop, slug=f"telur-{number}")
    for path in ("/produk/telur-1", "/produk/tidak-ada", "/lapak", "/lapak/telur-muara"):
        with count_queries(app) as asked:
            client.get(path)
        assert len(asked) <= 6, (path, [statement for statement, _ in asked])


HOSTILE = (
    "%ED%A0%80", "%ff%fe", "99999999999999999999", "-1", "1e309", "' OR 1=1 --", "\"*", "(((", "NEAR(a b)", "title:x",
    "\u202eabc", "🌶" * 50, "<script>alert(1)</script>", "${7*7}", "../../etc/passwd", "b99999999999999999999.1",
    "b1.9223372036854775807", "b-999999999999999999.1", "m999999999999999999.9223372036854775807", "0-0", "-",
    "9" * 30 + "-1", "x" * 70_000, "\ue0020\ue003", "\x01q\x02\x03 100%",
)  # fmt: skip


@pytest.mark.parametrize("kept", [False, True])
def test_no_address_breaks_a_page(
    app: Flask, client: PageClient, shop: Shop, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    monkeypatch.setitem(app.extensions, "lapak_settings", replace(app.extensions["lapak_settings"], cache=kept))
    goods.make_product(shop, slug="telur")
    names = ("q", "kategori", "kecamatan", "harga", "urut", "setelah", "saring", "bahasa", "lain")
    for value in HOSTILE:
        said = value if value.startswith("%") else quote(value)
        everything = "&".join(f"{name}={said}" for name in names)
        asked = [f"/produk?{name}={said}&{name}={said}" for name in names]
        if len(said) < 1000:
            paths = ("/kategori/telur-asin", "/lapak", "/lapak/telur-muara", "/produk/telur")
            asked += [f"{path}?{everything}" for path in paths]
        for address in asked:
            answer = client.get(address)
            assert answer.status_code == 200, address[:90]
            assert "<script>alert" not in answer.get_data(as_text=True)


def test_cards_by_the_dozen_are_the_cards_of_the_macro(app: Flask) -> None:
    kinds = itertools.product(("", "ab/cd"), (0, 1), (0, None), ("butir & biji", ""), (None, '[["halal", "<Halal>"]]'))
    tiles = [
        queries.Tile(
            (number, f"telur-{number}", "100% <b>asli</b> – (%s)", 1_500 * number, unit, stem, badges, "Pontang & <i>",
             "Lapak", "", "telur-asin", "lauk-olahan", spread, left, 1, 1), "/media", {},
        )
        for number, (stem, spread, left, unit, badges) in enumerate(kinds)
    ]  # fmt: skip
    with app.test_request_context("/"):
        macro = app.jinja_env.get_template("components/product_card.html").module.product_card  # type: ignore[attr-defined]
        one_by_one = "\n".join(str(macro(tile, "h2", place >= 1)) for place, tile in enumerate(tiles))
        assert str(dozen.cards(tiles, "h2", 1)) == one_by_one
        assert one_by_one.count("Habis") == one_by_one.count("<img") == one_by_one.count("mulai") == len(tiles) / 2
        assert one_by_one.count("&lt;Halal&gt;") == len(tiles) / 4


def test_a_list_of_plain_words_goes_out_in_plain_signs_and_others_stand_in_it_as_they_are(
    client: PageClient, shop: Shop
) -> None:
    goods.make_product(shop, "Telur asin", price=15_000)
    plain = client.get("/produk").get_data()
    assert plain.isascii()
    assert b"Rp10.000&#8211;25.000" in plain
    goods.make_product(shop, "Kué – “crème”")
    assert "Kué – “crème”" in read(client, "/produk")


def test_the_pieces_of_a_product_are_those_of_the_macros(
    app: Flask, client: PageClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    goods.make_product(shop, "100% <b>asli</b> & (%s)", slug="asli", qty=3, photo=goods.make_photo(shop))
    goods.make_product(shop, slug="banyak", qty=70)
    goods.make_product(shop, slug="habis", qty=0)
    change(goods.make_product(shop, slug="istirahat"), state="paused")
    with transaction() as session:
        made = session.merge(goods.revision_of(goods.make_product(shop, slug="isi")))
        made.ingredients, made.allergens, made.shelf_life_days, made.storage = "Telur & <i>garam</i> 5%", [], 14, "room"
    change(goods.make_product(shop, slug="antar"), pickup=False)
    goods.make_zones(shop, {people.KECAMATAN: 0, "36.04.12": 5_000}, least=20_000, cod_km=1, other_km=7)
    addresses = [
        f"/produk/{slug}{end}"
        for slug in ("asli", "banyak", "habis", "istirahat", "isi", "antar")
        for end in ("?bahasa=id", "?bahasa=en")
    ]
    change(shop, story="Dari \x01dapur\x02\x03 <i>kami</i> 100%", phone="+6281200000000")
    filled = [client.get(address).text for address in addresses]

    monkeypatch.setattr(window, "piece", _by_hand)
    assert [client.get(address).text for address in addresses] == filled
    change(shop, closed_until=clock.today("Asia/Jakarta") + timedelta(days=2), closed_note="50% <u>panen</u>")
    closed = client.get("/produk/asli").text
    monkeypatch.undo()
    assert client.get("/produk/asli").text == closed
    assert "50% &lt;u&gt;panen&lt;/u&gt;" in closed


def _by_hand(name: str, facts: dict[str, Any]) -> Markup:
    """Call the macro with the facts themselves, without a mould."""
    macro: Any = moulds.macro(window.TEMPLATE, name)
    return Markup(macro(**{each: facts[each] for each in macro.arguments}))


def test_a_page_is_the_same_with_caches_and_without(app: Flask, client: PageClient, shop: Shop) -> None:
    goods.make_product(shop, "Telur & asin 100%", photo=goods.make_photo(shop), slug="telur")
    settings = app.extensions["lapak_settings"]
    addresses = ("/produk", "/produk?q=telur", "/produk?kecamatan=36.04.13&harga=-10000", "/lapak", "/produk/telur")
    cold = [client.get(address).text for address in addresses]
    app.extensions["lapak_settings"] = replace(settings, cache=True)
    try:
        warm = [client.get(address).text for address in addresses for _ in range(2)]
    finally:
        app.extensions["lapak_settings"] = settings
    assert warm == [text for text in cold for _ in range(2)]


def test_without_caches_a_changed_name_shows_at_once(app: Flask, client: PageClient, shop: Shop) -> None:
    goods.make_product(shop, "Telur")
    assert "warga Kabupaten Serang" in client.get("/produk").text
    with transaction():
        db.session.execute(update(Region).where(Region.code == "36.04").values(full_name="Kabupaten <Baru>"))
        db.session.execute(update(Category).values(name="Jenis & lain 100%"))
    text = client.get("/produk").text
    assert "Kabupaten &lt;Baru&gt;" in text
    assert "warga Kabupaten Serang" not in text
    assert "Jenis &amp; lain 100%" in text


@pytest.mark.parametrize(
    ("mode", "said", "never"),
    [("made_to_order", "Dibuat sesuai pesanan", "Selalu ada"), ("unlimited", "Selalu ada", "Dibuat sesuai pesanan")],
)
def test_goods_that_nobody_counts_say_whether_they_are_there(
    client: PageClient, shop: Shop, mode: str, said: str, never: str
) -> None:
    product = goods.make_product(shop, "Kue bolu", slug="kue-bolu")
    with transaction() as session:
        variant = session.merge(goods.variant_of(product))
        variant.stock_mode, variant.lead_days = mode, 2 if mode == "made_to_order" else 0

    html = read(client, "/produk/kue-bolu")

    assert said in html
    assert never not in html


def test_all_photos_of_an_approved_wording_are_shown_small_and_late(app: Flask, client: PageClient, shop: Shop) -> None:
    product = goods.make_product(shop, slug="telur", photo=goods.make_photo(shop))
    photos = [goods.make_photo(shop, ready=place < 5) for place in range(1, 6)]
    first = client.get("/produk/telur").text
    with transaction() as session:
        for place in (3, 1, 2, 5, 4):
            alt = f'Isi "{place}" & lainnya'
            session.add(RevisionPhoto(
                revision_id=product.approved_revision_id, position=place, photo_id=photos[place - 1].id, alt=alt,
            ))  # fmt: skip
    with count_queries(app) as asked:
        html = client.get("/produk/telur").text

    assert "data-photos" not in first and html != first, "the kept page gives way"
    assert len(asked) <= 6
    more = html.split("data-photos>")[1].split("</div>")[0]
    assert re.findall(r'alt="Isi &#34;(\d)&#34; &amp; lainnya"', more) == ["1", "2", "3", "4", "5"]
    assert more.count('loading="lazy"') == 5
    assert f'href="/media/{photos[0].stem}-1280.webp"' in more and f"{photos[0].stem}-320.webp 320w" in more
    assert f'href="/media/{photos[4].stem}.jpg"' in more, "until its sizes are made"


def test_choices_of_food_are_compared_by_weight(client: PageClient, shop: Shop) -> None:
    product = goods.make_product(shop, slug="telur", price=10_000)
    first = goods.variant_of(product)
    with transaction() as session:
        first.label, first.net_weight_g, first.stock_mode = "Kecil", 250, "unlimited"
        for place, (label, price, grams) in enumerate((("Besar", 30_000, 1_000), ("Isi", 5_000, None)), 1):
            session.add(Variant(
                product_id=product.id, position=place, label=label, price=Rupiah(price), unit="pak",
                net_weight_g=grams, stock_mode="unlimited", active=True,
            ))  # fmt: skip
    html = client.get("/produk/telur").text
    assert "250 g · Rp4.000 per 100 g" in html
    assert "1 kg · Rp3.000 per 100 g" in html
    assert html.count("per 100 g") == 3, "the first price, and the two choices that have a weight"
