"""Booklets: all that is on sale and nothing else, twelve on a leaf, in volumes, for whoever may have them."""

from __future__ import annotations

import io
import re
from datetime import date, time

import pytest
import time_machine
from PIL import Image
from sqlalchemy import select

from app.core import jobs, papers
from app.core.clock import now
from app.core.db import db, transaction
from app.core.storage import public_store
from app.goods.prints import booklets
from app.goods.shelf import operations as shelf
from app.goods.shelf.rules import Card
from app.kit.periods import WIB
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.files.models import PreparedFile
from tests.factories.goods import category_id, make_product, make_shop, picture_bytes
from tests.factories.people import make_account, sign_in
from tests.support.paper import holds_qr, pages_of, readable

SITE = "http://localhost"


@pytest.fixture
def shop(app):
    return make_shop(name="Dapur Bu Nur", slug="dapur-bu-nur")


def words(pdf):
    return " ".join(readable(pdf).split())


def fill(shop, count, first=1_000, **given):
    category = category_id("keripik-kerupuk")
    with transaction():
        shelf.put_all(
            Card(**{
                "product_id": n, "variant_id": n, "slug": f"keripik-{n}", "name": f"Keripik {n}",
                "price": Rupiah(12_500), "unit": "bungkus", "category_id": category, "shop_id": shop.id,
                "shop_slug": shop.slug, "shop_name": shop.name, "regency_code": shop.regency_code,
                "kecamatan_code": shop.kecamatan_code, "published_at": now(),
            } | given)
            for n in range(first, first + count)
        )  # fmt: skip


def ordered(client, path, **data):
    answer = client.post(path, data=data)
    assert answer.status_code == 303, answer.text
    jobs.run_due()
    return client.get(f"{answer.location}/unduh")


def test_a_booklet_asked_for_in_english_speaks_english_when_it_is_drawn_later(client, shop):
    fill(shop, 1)
    sign_in(client, db.session.get_one(Account, shop.owner_id))
    client.get("/jualan/lapak/cetak?bahasa=en")

    with time_machine.travel(now().replace(month=12)):
        english = words(ordered(client, "/jualan/lapak/buku-katalog", jilid="1").data)

    assert "How to order" in english
    assert "December" in english
    assert "Cara memesan" not in english


def test_a_seller_has_the_booklet_of_her_shop_drawn(client, shop, monkeypatch):
    monkeypatch.setattr(booklets, "SHEETS_AT_ONCE", 1)
    make_product(shop, "Telur asin", slug="telur-nur", price=3_500, unit="butir")
    fill(shop, 13)
    sign_in(client, db.session.get_one(Account, shop.owner_id))
    assert "Buku katalog" in client.get("/jualan/lapak/cetak").text

    drawn = ordered(client, "/jualan/lapak/buku-katalog", jilid="1")

    said = words(drawn.data)
    file = db.session.scalars(select(PreparedFile)).one()
    assert (file.parts, file.parts_made) == (3, 3), "its page could say how far it was"
    assert drawn.mimetype == "application/pdf"
    assert pages_of(drawn.data) == 3, "the cover, and two leaves for fourteen goods"
    for each in ("Dapur Bu Nur", "Cara memesan", "14 produk", "Telur asin", "Rp3.500", "per butir", "Keripik 1012"):
        assert each in said
    assert all(said.count(f"Keripik {n}") == 1 for n in range(1_000, 1_013))
    assert holds_qr(drawn.data, f"{SITE}/lapak/dapur-bu-nur")


def test_a_kecamatan_holds_all_its_shops_and_no_other(client, shop):
    other = make_shop(make_account(), name="Lapak Sebelah", kecamatan_code=shop.kecamatan_code)
    far = make_shop(make_account(), name="Lapak Jauh", kecamatan_code="36.04.05")
    fill(shop, 3)
    fill(other, 3, 2_000)
    fill(far, 2, 3_000)
    sign_in(client, make_account("curator"))
    page = client.get("/dinsos/buku-katalog").text
    assert page.count('name="kecamatan"') == 2 and "6 produk" in page
    assert "/dinsos/buku-katalog" in client.get("/dinsos/kurasi/tampil").text

    drawn = ordered(client, "/dinsos/buku-katalog", kecamatan=shop.kecamatan_code, jilid="1")

    said = words(drawn.data)
    assert said.count("Dapur Bu Nur") == 3 and said.count("Lapak Sebelah") == 3
    assert "Lapak Jauh" not in said
    assert holds_qr(drawn.data, f"{SITE}/produk?kecamatan={shop.kecamatan_code}")


@pytest.mark.parametrize(
    "sent", [{"kecamatan": "36.01.01"}, {"kecamatan": "x"}, {}, {"kecamatan": "36.04.13", "jilid": "9"}]
)
def test_what_is_not_offered_is_refused_calmly(client, shop, sent):
    fill(shop, 1)
    sign_in(client, make_account("curator"))
    answer = client.post("/dinsos/buku-katalog", data=sent)
    assert answer.location == "/dinsos/buku-katalog"
    said = client.get(answer.location).text
    assert "Pilih kecamatan" in said or "masih kosong" in said


def test_an_officer_orders_for_a_shop_and_an_empty_one_has_none(client, shop):
    sign_in(client, make_account("curator"))
    page = f"/dampingan/penjual/{shop.id}"
    assert "buku-katalog" not in client.get(page).text
    assert client.post(f"{page}/buku-katalog").location.endswith(page)
    fill(shop, 2)
    assert f"{page}/buku-katalog" in client.get(page).text
    assert pages_of(ordered(client, f"{page}/buku-katalog").data) == 2


def test_a_shop_that_is_away_prints_nothing(client, shop):
    fill(shop, 2)
    with transaction():
        shelf.hide_shop(shop.id)
    assert booklets.of_shop(shop, SITE).items == 0


def test_volumes_part_the_goods_and_lose_none(app, shop, monkeypatch):
    monkeypatch.setattr(booklets, "VOLUME", 7)
    monkeypatch.setattr(booklets, "ON_A_SHEET", 2)
    monkeypatch.setattr(booklets, "SHEETS_AT_ONCE", 2)
    fill(shop, 16)
    cover = booklets.of_shop(shop, SITE)
    assert booklets.volumes(cover.items) == 3

    drawn = [booklets.draw(cover, volume, SITE) for volume in (1, 2, 3)]

    assert [pages_of(each) for each in drawn] == [5, 5, 2]
    found = [re.findall(r"Keripik (\d{4})", words(pdf)) for pdf in drawn]
    assert found == [[str(n) for n in range(*ends)] for ends in ((1_000, 1_007), (1_007, 1_014), (1_014, 1_016))]
    assert holds_qr(drawn[0], f"{SITE}/produk/keripik-1006"), "alone on its leaf"
    assert "jilid 2 dari 3" in words(drawn[1])
    assert [re.findall(r"\b\d / \d\b", words(pdf)) for pdf in drawn[1:]] == [
        ["1 / 4", "2 / 4", "3 / 4", "4 / 4"],
        ["1 / 1"],
    ]


def test_a_picture_stays_small_on_paper(app, shop):
    from_store = io.BytesIO()
    Image.open(io.BytesIO(picture_bytes((640, 640)))).resize((320, 320)).save(from_store, "WEBP")
    public_store().put("ab/cd/photo-320.webp", from_store.getvalue())
    fill(shop, 10, photo="ab/cd/photo")

    drawn = booklets.draw(booklets.of_shop(shop, SITE), 1, SITE)

    assert Image.open(io.BytesIO(papers.thumbnail(from_store.getvalue()))).format == "JPEG"
    assert b"DCTDecode" in drawn
    assert len(drawn) < 200_000, "ten pictures; as bare dots they would be ten times that"


def test_a_booklet_drawn_before_seven_bears_the_day_that_the_shop_has(shop):
    with time_machine.travel(WIB.at(date(2026, 12, 6), time(6)), tick=False):
        pdf = booklets.draw(booklets.of_shop(shop, SITE), 1, SITE)

    assert "6 Desember 2026" in words(pdf)
