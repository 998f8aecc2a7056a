"""The seller's pages of goods, as a browser without scripts meets them."""

from __future__ import annotations

import io
import re
import struct
import zlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import db, transaction
from app.goods.photos.models import Photo
from app.goods.photos.queries import ticket
from app.goods.products import operations
from app.goods.products.models import Product, Revision
from app.goods.shops import operations as shops
from app.goods.shops.models import Shop
from app.goods.stock.queries import available
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from config import LIMITS
from tests.factories.goods import (
    category_id,
    make_photo,
    make_product,
    make_shop,
    make_waiting_product,
    picture_bytes,
    revision_of,
    variant_of,
)
from tests.factories.people import make_account, sign_in

NEW = "/jualan/produk/baru"
FAR = date(2098, 1, 5)
HOSTILE = (
    "<script>alert(1)</script>",
    "'\"><img src=x onerror=alert(1)>",
    "{{ 7*7 }}",
    "\u202eterbalik\u202c",
    "te\u200blur\u200d asin",
    '=HYPERLINK("x")',
    "telur\x00asin",
    "🥚" * 40,
    "A" * 70_000,
    "9" * 400,
    "%s %d {0}",
    "a\u0301" * 200,
)


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def seller(client, shop):
    """Who runs it, signed in."""
    account = db.session.get_one(Account, shop.owner_id)
    sign_in(client, account)
    return account


def filled(**given: Any) -> dict[str, Any]:
    """The five fields as a seller fills them."""
    facts: dict[str, Any] = {
        "kunci": "k" * 22,
        "foto": (io.BytesIO(picture_bytes()), "IMG_0001.jpg"),
        "nama": "Telor asin isi 5",
        "harga": "19rb",
        "satuan": "pak",
        "jumlah": "12",
        "jenis": "",
    }
    return {name: value for name, value in (facts | given).items() if value is not None}


def send(client, path: str = NEW, **given: Any):
    """Send the form of a new product."""
    answer = client.post(path, data=filled(**given), content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a file on disk when the body is large
    return answer


def after(client, path: str, **data: str) -> str:
    """Send a form and return the page that follows."""
    answer = client.post(path, data=data)
    assert answer.status_code == 303
    return str(client.get(answer.location).text)


def products() -> int:
    """How many products there are."""
    return db.session.scalar(select(func.count()).select_from(Product)) or 0


def test_the_list_of_a_new_seller_is_empty_and_shows_the_way_on(client, seller):
    page = client.get("/jualan/produk").text

    assert "Belum ada produk" in page
    assert f'href="{NEW}"' in page


def test_the_form_has_the_promised_labels(client, seller):
    page = client.get(NEW).text

    for label in ("Foto", "Nama produk", "Harga", "Satuan", "Jumlah"):
        assert re.search(rf"<label[^>]*>{label}</label>", page), label
    assert "<h1>Jual produk baru</h1>" in page
    assert 'accept="image/*"' in page
    form = page.partition("<main")[2].partition("<form")[2].partition("</form>")[0]
    shown = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*name="([\w-]+)"', form)
    assert shown == ["foto", "galeri", "nama", "harga", "satuan", "jumlah"], (
        "five things are asked, a photo in two ways"
    )


def test_a_photo_of_just_under_20_mb_is_taken(client, seller):
    photo = picture_bytes()
    heavy = photo + b"\0" * (20 * 1024 * 1024 - 1 - len(photo))

    answer = send(client, foto=(io.BytesIO(heavy), "IMG_0002.jpg"))

    assert answer.status_code == 303
    assert revision_of(db.session.scalars(select(Product)).one(), "waiting").photo_id is not None


def test_a_photo_a_name_a_price_a_unit_and_a_count_make_a_product(client, seller):
    answer = send(client)

    assert answer.status_code == 303
    product = db.session.scalars(select(Product)).one()
    revision = revision_of(product, "waiting")
    assert (revision.name, revision.price, revision.unit) == ("Telor asin isi 5", Rupiah(19_000), "pak")
    assert revision.category_id == category_id("telur-asin")
    assert revision.photo_id is not None
    assert available([variant_of(product).id]) == {variant_of(product).id: 12}
    page = client.get(answer.location).text
    assert "Tersimpan. Produk tampil setelah diperiksa, biasanya 1 hari." in page
    assert "Menunggu diperiksa" in page


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("25.000", 25_000), ("Rp 25.000,00", 25_000), ("25000", 25_000), ("25 rb", 25_000), ("1,5jt", 1_500_000)],
)
def test_a_price_is_understood_in_any_form(client, seller, typed, meant):
    send(client, harga=typed)

    assert db.session.scalars(select(Revision.price)).one() == Rupiah(meant)


def test_a_double_tap_makes_one_product(client, seller):
    first, second = send(client), send(client)

    assert first.location == second.location
    assert products() == 1


def test_the_back_button_with_other_words_asks_once_more_and_loses_nothing(client, seller):
    send(client)

    answer = send(client, nama="Emping melinjo")

    assert answer.status_code == 409
    assert 'value="Emping melinjo"' in answer.text
    key = re.search(r'name="kunci"[^>]*value="([^"]+)"', answer.text)
    assert key
    assert key[1] != "k" * 22
    kept = re.search(r'name="foto-tersimpan"[^>]*value="([^"]+)"', answer.text)
    assert kept
    assert (
        send(client, nama="Emping melinjo", kunci=key[1], foto=None, **{"foto-tersimpan": kept[1]}).status_code == 303
    )
    assert products() == 2


def test_an_empty_form_says_beside_each_field_what_is_missing(client, seller):
    answer = client.post(NEW, data={})

    assert answer.status_code == 422
    for sentence in ("Foto produknya dulu", "Tulis nama produknya", "Tulis harganya", "dijual per apa", "ada berapa"):
        assert sentence in answer.text, sentence
    assert products() == 0


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("harga", "murah", "Harga harus angka, misalnya 12000"),
        ("harga", "-5", "Harga harus angka"),
        ("harga", "0", "Isi harga antara"),
        ("harga", "99999999999999999999", "Harga harus angka"),
        ("jumlah", "dua", "Isi dengan angka bulat"),
        ("jumlah", "0", "Isi antara 1"),
        ("jumlah", "1,5", "Isi dengan angka bulat"),
        ("nama", "12", "Terlalu pendek"),
        ("nama", "🥚🥚🥚", "Tulis dengan huruf"),
        ("nama", "x" * 121, "Terlalu panjang"),
        ("nama", "Madu menyembuhkan batuk", "menyembuhkan"),
        ("satuan", "x" * 31, "Terlalu panjang"),
        ("satuan", "botol obat", "menyembuhkan"),
        ("jenis", "999999", "Pilih salah satu"),
        ("jenis", "abc", "Pilih salah satu"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_the_rest_stays(client, seller, field, typed, sentence):
    answer = send(client, **{field: typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    others = {"nama": "Telor asin isi 5", "harga": "19rb", "satuan": "pak", "jumlah": "12"}
    for name, value in others.items():
        if name != field:
            assert re.search(rf'name="{name}"[^>]*value="{value}"', answer.text), name
    assert products() == 0
    assert 'alt="Foto sekarang"' in answer.text


def test_a_photo_that_arrived_need_not_be_sent_again(client, seller):
    answer = send(client, harga="murah")
    kept = re.search(r'name="foto-tersimpan"[^>]*value="([^"]+)"', answer.text)
    assert kept

    done = send(client, foto=None, **{"foto-tersimpan": kept[1]})

    assert done.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Photo)) == 1
    assert db.session.scalars(select(Revision.photo_id)).one() is not None


def test_a_photo_that_arrived_stays_when_another_one_fails(client, seller):
    """She wishes for a better one; what comes is none, and the first is there still."""
    kept = re.search(r'name="foto-tersimpan"[^>]*value="([^"]+)"', send(client, harga="murah").text)[1]

    failed = send(client, foto=(io.BytesIO(b"no photo"), "foto.jpg"), **{"foto-tersimpan": kept})
    again = re.search(r'name="foto-tersimpan"[^>]*value="([^"]+)"', failed.text)

    assert failed.status_code == 422
    assert again and again[1] == kept
    assert send(client, foto=None, **{"foto-tersimpan": again[1]}).status_code == 303


def test_nobody_shows_the_photo_of_another_shop(client, seller):
    theirs = ticket(make_photo(make_shop()))

    for forged in (theirs, theirs[:-1] + "x", "1", "x" * 5000):
        answer = send(client, foto=None, **{"foto-tersimpan": forged})
        assert answer.status_code == 422
        assert "Foto produknya dulu" in answer.text


def bomb() -> bytes:
    """A PNG that claims 60,000 × 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (bomb(), "Foto terlalu besar"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "Ini bukan foto"),
        (picture_bytes()[:900], "Foto ini tidak bisa dibuka"),
        (b"", "Fotonya belum terkirim"),
        (b"GIF89a" + b"\0" * 99, "Ini bukan foto"),
        (b"%PDF-1.7 not a picture", "Ini bukan foto"),
        (b"\xff\xd8" + b"\0" * (21 * 1024 * 1024), "paling besar 20 MB"),
    ],
    ids=["bomb", "svg", "cut", "empty", "gif", "pdf", "heavy"],
)
def test_a_hostile_picture_gets_a_sentence_and_the_form_stays(client, seller, data, sentence):
    answer = send(client, foto=(io.BytesIO(data), "foto.jpg"))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Telor asin isi 5"' in answer.text
    assert 'value="19rb"' in answer.text
    assert db.session.scalar(select(func.count()).select_from(Photo)) == 0
    assert products() == 0


def test_pictures_that_are_refused_count_too(client, app, seller, monkeypatch):
    """A hostile picture costs seconds of work; whoever sends nothing else is slowed down as well."""
    fewer = replace(app.extensions["lapak_settings"], limits=LIMITS | {"photo": (2, 3600)})
    monkeypatch.setitem(app.extensions, "lapak_settings", fewer)
    refused = [send(client, foto=(io.BytesIO(bomb()), "foto.png")).text for _again in range(3)]

    assert ["Foto terlalu besar" in text for text in refused] == [True, True, False]
    assert "Terlalu banyak percobaan" in refused[2]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_photos_of_every_kind_just_work(client, seller, kind):
    answer = send(client, foto=(io.BytesIO(picture_bytes(kind=kind)), "foto.bin"))

    assert answer.status_code == 303


def test_the_gallery_is_a_second_way_to_a_photo(client, seller):
    answer = send(client, foto=None, galeri=(io.BytesIO(picture_bytes()), "DCIM.jpg"))

    assert answer.status_code == 303


def test_a_body_beyond_all_measure_gets_a_calm_page(client, seller):
    answer = send(client, foto=(io.BytesIO(b"\xff" * (25 * 1024 * 1024)), "foto.jpg"))

    assert answer.status_code == 413
    assert "20 MB" in answer.text


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("field", ["nama", "satuan", "harga", "jumlah", "kunci", "jenis", "foto-tersimpan"])
def test_hostile_text_breaks_nothing(client, seller, field, text):
    answer = send(client, **{field: text})

    assert answer.status_code in {303, 422}
    page = client.get("/jualan/produk")
    for shown in (answer.text, page.text):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "\u202e" not in shown


def test_bytes_that_are_no_text_break_nothing(client, seller):
    kept = ticket(make_photo(make_shop(seller)))
    body = f"foto-tersimpan={kept}&harga=19rb&satuan=pak&jumlah=1&jenis=&nama=".encode() + b"telur%ED%A0%80%FF asin%00"

    answer = client.post(NEW, data=body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code in {303, 400, 422}


def test_doubled_fields_do_not_add_up(client, seller):
    answer = send(client, harga=["19rb", "1"], jumlah=["12", "99"], nama=["Telur asin", "Lain"])

    assert answer.status_code == 303
    assert db.session.scalars(select(Revision.price)).one() == Rupiah(19_000)


def test_a_name_that_says_nothing_is_asked_for_its_kind(client, seller, shop):
    with transaction():
        db.session.merge(shop).business_type_slug = "warung-kelontong"

    answer = send(client, nama="Xyzzy plugh")

    assert answer.status_code == 422
    assert "Pilih jenisnya" in answer.text
    assert "<select" in answer.text and 'name="jenis"' in answer.text
    assert send(client, nama="Xyzzy plugh", jenis=str(category_id("keripik-kerupuk"))).status_code == 303


def test_the_list_says_how_each_product_stands(client, seller, shop):
    live, returned = make_product(shop, "Telur asin"), make_waiting_product(shop, "Keripik")
    hidden = make_product(shop, "Emping")
    with transaction():
        revision = revision_of(returned, "waiting")
        revision.state, revision.answer, revision.answer_field = "returned", "Fotonya gelap, ya.", "foto"
        operations.pause(db.session.merge(hidden), by=seller)

    page = client.get("/jualan/produk").text

    assert "Tampil" in page
    assert "Perlu diperbaiki: Fotonya gelap, ya." in page
    assert f"/jualan/produk/{returned.id}/ubah#bagian-foto" in page
    assert "Disembunyikan" in page
    assert f'data-produk="{live.id}"' in page


@pytest.mark.parametrize(
    ("change", "said", "way"),
    [
        (lambda shop: shops.pause(shop, by=shop.owner), "Lapak istirahat. Produk tidak tampil", "/jualan/lapak"),
        (
            lambda shop: shops.close_for_days(shop, FAR, "Mudik.", by=shop.owner),
            "Minggu 5 Januari 2098. Mudik.",
            "/jualan/lapak",
        ),
        (lambda shop: shops.withhold(shop, by=shop.owner), "Lapak tidak tampil, karena izin ditarik.", "/jualan/izin"),
    ],
)
def test_the_list_says_first_that_buyers_see_none_of_it_now(client, seller, shop, change, said, way):
    make_product(shop)
    assert said not in client.get("/jualan/produk").text

    with transaction():
        change(db.session.get_one(Shop, shop.id))

    page = client.get("/jualan/produk").text
    notice = page.partition(said)[2].partition("order-list")[0]
    assert f'href="{way}"' in notice


def test_the_list_goes_on_page_by_page(client, seller, shop):
    for number in range(21):
        make_waiting_product(shop, f"Keripik {number}")

    first = client.get("/jualan/produk").text
    after = re.search(r"/jualan/produk\?setelah=(\d+)", first)
    assert after

    assert "Keripik 0" in client.get(after[0]).text
    for odd in ("x", "-1", "9" * 40, "%00x"):
        assert client.get(f"/jualan/produk?setelah={odd}").status_code in {200, 400}


def test_editing_a_live_product_says_that_the_old_one_stays_on_sale(client, seller, shop):
    product = make_product(shop, "Telur asin", photo=make_photo(shop))
    path = f"/jualan/produk/{product.id}/ubah"
    assert "tetap dijual" in client.get(path).text

    change = filled(foto=None, nama="Telur masir", harga="25000", jenis=str(category_id()), versi="1")
    answer = client.post(path, data=change | {"keterangan": "Telur bebek dan garam.", "berat": "350 g"})

    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Perubahan menunggu diperiksa" in page
    newest = revision_of(product, "waiting")
    assert (newest.net_weight_g, newest.description) == (350, "Telur bebek dan garam.")
    assert newest.photo_id is not None
    assert variant_of(product).price == Rupiah(19_000)


def test_a_stale_save_stands_beside_the_newer_one(client, seller, shop):
    product = make_product(shop, "Telur asin", photo=make_photo(shop))
    path = f"/jualan/produk/{product.id}/ubah"
    facts = {"harga": "19000", "satuan": "pak", "jenis": str(category_id()), "versi": "1"}
    client.post(path, data=facts | {"nama": "Dari HP satu"})

    answer = client.post(path, data=facts | {"nama": "Dari HP dua"})

    assert answer.status_code == 409
    assert "Dari HP satu" in answer.text
    assert 'value="Dari HP dua"' in answer.text
    assert revision_of(product, "waiting").name == "Dari HP satu"
    version = re.search(r'name="versi"[^>]*value="(\d+)"', answer.text)
    assert version
    assert client.post(path, data=facts | {"nama": "Dari HP dua", "versi": version[1]}).status_code == 303
    assert revision_of(product, "waiting").name == "Dari HP dua"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 5000, "²"])
def test_a_version_that_nobody_wrote_is_stale(client, seller, shop, version):
    product = make_product(shop, photo=make_photo(shop))

    facts = {"nama": "Lain", "harga": "19000", "satuan": "pak", "jenis": str(category_id()), "versi": version}

    assert client.post(f"/jualan/produk/{product.id}/ubah", data=facts).status_code == 409


def test_stock_is_set_and_a_count_from_another_phone_is_asked_about(client, seller, shop):
    product = make_product(shop, qty=10)
    path = f"/jualan/produk/{product.id}/stok"

    assert client.post(path, data={"jumlah": "5", "tadi": "10", "dari": "daftar"}).status_code == 303
    answer = client.post(path, data={"jumlah": "8", "tadi": "10"})

    assert answer.status_code == 409
    assert "Stok sudah diubah dari HP lain menjadi 5. Pakai 5 atau 8?" in answer.text
    assert client.post(path, data={"jumlah": "8", "tadi": "5"}).status_code == 303
    assert available([variant_of(product).id]) == {variant_of(product).id: 8}
    assert "Dihitung ulang" in client.get(f"/jualan/produk/{product.id}").text


def test_a_kind_is_named_in_the_language_of_the_page(client, seller, shop):
    product = make_product(shop)
    kind = revision_of(product).category

    ways = [f"/jualan/produk/{product.id}", f"/jualan/produk/{product.id}/ubah"]
    ours = [client.get(way).text for way in ways]
    theirs = [client.get(f"{way}?bahasa=en").text for way in ways]

    assert all(kind.name in page and kind.name_en not in page for page in ours)
    assert all(kind.name_en in page and kind.name not in page for page in theirs)


@pytest.mark.parametrize("typed", ["", "x", "-1", "1e9", "9" * 30, "1;2"])
def test_a_count_that_is_none_changes_nothing(client, seller, shop, typed):
    product = make_product(shop, qty=10)

    page = after(client, f"/jualan/produk/{product.id}/stok", jumlah=typed, tadi="10")

    assert "Stok belum tersimpan." in page
    assert available([variant_of(product).id]) == {variant_of(product).id: 10}


def test_hiding_deleting_and_the_way_back_are_one_tap_each(client, seller, shop):
    product = make_product(shop, "Telur asin")
    base = f"/jualan/produk/{product.id}"

    assert "tampilkan" in after(client, base + "/sembunyikan")
    assert "Sembunyikan" in after(client, base + "/tampilkan")
    page = after(client, base + "/hapus")
    assert "Telur asin dihapus." in page
    assert f'action="{base}/kembalikan"' in page
    assert "Produk ini sudah dihapus" in client.get(base).text
    assert "Tampil" in after(client, base + "/kembalikan")
    assert product.state == "live"


def test_what_was_deleted_last_week_still_comes_back(client, seller, shop):
    kept, hidden = make_product(shop, "Telur asin"), make_product(shop, "Emping")
    with transaction():
        operations.pause(hidden, by=seller)
        for product in (kept, hidden):
            operations.delete(product, by=seller)
            product.deleted_at = now() - timedelta(days=7)
    page = client.get("/jualan/produk").text
    assert "Baru dihapus" in page

    for product in (kept, hidden):
        assert client.post(f"/jualan/produk/{product.id}/kembalikan").status_code == 303

    db.session.expire_all()
    assert (kept.state, hidden.state) == ("live", "paused")
    with transaction():
        operations.delete(kept, by=seller)
        kept.deleted_at = now() - timedelta(days=31)
    assert "Baru dihapus" not in client.get("/jualan/produk").text


def test_a_hidden_product_comes_back_hidden(client, seller, shop):
    product = make_product(shop)
    with transaction():
        operations.pause(db.session.merge(product), by=seller)

    page = after(client, f"/jualan/produk/{product.id}/hapus")
    assert f'action="/jualan/produk/{product.id}/kembalikan-tersembunyi"' in page
    client.post(f"/jualan/produk/{product.id}/kembalikan-tersembunyi")

    assert product.state == "paused"


PAGES = ("", "/ubah")
DEEDS = ("/ubah", "/stok", "/sembunyikan", "/tampilkan", "/hapus", "/kembalikan", "/kembalikan-tersembunyi")


def test_another_sellers_product_is_like_a_missing_one(client, seller):
    base = f"/jualan/produk/{make_product(make_shop()).id}"

    for path in PAGES:
        assert client.get(base + path).status_code == 404
    for path in DEEDS:
        assert client.post(base + path, data={"jumlah": "1", "tadi": "10"}).status_code == 404
    assert client.get("/jualan/produk/999999").status_code == 404


@pytest.mark.parametrize("role", ["curator", "pendamping", "caseworker", "approver", "head", "steward", "admin"])
def test_the_office_has_no_business_here(client, app, role):
    product = make_product(make_shop())
    sign_in(client, make_account(role))

    assert client.get("/jualan/produk").status_code in {403, 404}
    assert send(client).status_code in {403, 404}
    assert client.get(f"/jualan/produk/{product.id}").status_code == 404
    assert client.post(f"/jualan/produk/{product.id}/hapus").status_code == 404
    assert db.session.get_one(Product, product.id).state == "live"


def test_visitors_are_asked_to_sign_in(client, app):
    product = make_product(make_shop())

    assert client.get(NEW).status_code == 303
    assert send(client).status_code == 401
    assert client.post(f"/jualan/produk/{product.id}/hapus").status_code == 401
    assert product.state == "live"


def test_a_form_without_its_token_is_refused_and_can_be_sent_again(client, seller):
    client.environ_base.pop("HTTP_X_CSRFTOKEN")

    answer = send(client)

    assert answer.status_code == 400
    assert products() == 0
