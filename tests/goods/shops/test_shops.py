"""The public wish to sell, and the seller's own shop page."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.core.clock import today
from app.core.db import db, transaction
from app.goods.shops import operations
from app.goods.shops.models import SellingRequest, Shop
from app.kit import codes
from tests.factories.goods import make_product, make_shop
from tests.factories.people import DESA, OTHER_DESA, make_account, sign_in
from tests.support.log import did, log

WISH = {
    "kunci": "wish-key",
    "nama": "Ibu Calon",
    "telepon": "0812 1111 2222",
    "desa": DESA,
    "barang": "keripik singkong",
}


@pytest.fixture
def shop(app):
    return make_shop(make_account(phone="+6281234567890"))


@pytest.fixture
def inside(client, shop):
    sign_in(client, shop.owner)
    return client


def count_wishes():
    return db.session.scalar(select(func.count()).select_from(SellingRequest))


def test_a_wish_reaches_the_pendamping_of_the_desa_and_the_curator(client, app):
    answer = client.post("/ingin-jualan", data=WISH)
    page = client.get(answer.location)
    readers = [make_account("pendamping", areas=[DESA]), make_account("curator")]

    assert "Terima kasih" in page.text
    for reader in readers:
        desk = app.test_client()
        sign_in(desk, reader)
        assert "keripik singkong" in desk.get("/dampingan/permintaan").text
        assert "keripik singkong" in desk.get("/dinsos/permintaan").text


@pytest.mark.parametrize(
    ("role", "given"),
    [("pendamping", {"areas": [OTHER_DESA]}), ("pendamping", {"areas": []}), ("curator", {"region_code": "36.02"})],
)
def test_a_wish_is_read_by_nobody_of_elsewhere(client, app, role, given):
    client.post("/ingin-jualan", data=WISH)
    desk = app.test_client()
    sign_in(desk, make_account(role, **given))

    for address in ("/dampingan/permintaan", "/dinsos/permintaan", "/dampingan/permintaan?lihat=dijawab"):
        page = desk.get(address)
        assert page.status_code == 200
        assert "keripik singkong" not in page.text
        assert WISH["telepon"] not in page.text


def test_what_a_phone_kept_of_a_wish_is_forgotten_so_that_the_next_who_asks_there_does_not_read_it(client):
    draft = re.search(r'data-draft="([^"]+)"', client.get("/ingin-jualan").text)[1]

    assert f'data-draft-done="{draft}"' in client.get(client.post("/ingin-jualan", data=WISH).location).text


def test_asking_twice_with_one_form_is_one_wish(client, app):
    first, second = client.post("/ingin-jualan", data=WISH), client.post("/ingin-jualan", data=WISH)

    assert first.location == second.location
    assert count_wishes() == 1
    assert client.post("/ingin-jualan", data=WISH | {"nama": "Ibu Lain"}).status_code == 409


def test_an_empty_form_has_a_key_of_its_own(client):
    first, second = client.get("/ingin-jualan").text, client.get("/ingin-jualan").text

    assert 'name="kunci"' in first
    assert first != second


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nama": ""}, "perlu diisi"),
        ({"nama": "x" * 70_000}, "Terlalu panjang"),
        ({"nama": "\x00\x00"}, "perlu diisi"),
        ({"nama": "\u202e\u200d"}, "perlu diisi"),
        ({"telepon": "123"}, "Nomor HP belum benar"),
        ({"telepon": "9" * 70_000}, "Nomor HP belum benar"),
        ({"desa": "36.04.99.9999"}, "Pilih salah satu"),
        ({"desa": ""}, "Pilih desa"),
        ({"barang": "😀😀😀"}, "huruf"),
        ({"kunci": "k" * 65}, ""),
    ],
)
def test_a_poor_wish_comes_back_with_words(client, changes, sentence):
    answer = client.post("/ingin-jualan", data=WISH | changes)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert count_wishes() == 0


def test_doubled_and_missing_fields(client):
    assert client.post("/ingin-jualan", data=WISH | {"nama": ["Ibu A", "Ibu B"]}).status_code == 303
    assert client.post("/ingin-jualan", data={}).status_code == 422
    assert client.post("/ingin-jualan", data=b"[]", content_type="application/json").status_code == 422


def test_one_number_may_ask_so_often(client):
    statuses = [client.post("/ingin-jualan", data=WISH | {"kunci": f"k{n}"}).status_code for n in range(6)]

    assert statuses == [303] * 5 + [429]


def test_the_seller_tells_about_her_shop(inside, shop):
    page = inside.get("/jualan/lapak")
    told = {"versi": "1", "cerita": "Sejak 2019.", "tempat": "Depan masjid", "waktu": "08.00–16.00", "tampil_hp": "y"}
    answer = inside.post("/jualan/lapak", data=told)

    saved = db.session.get(Shop, shop.id)
    assert shop.name in page.text
    assert answer.status_code == 303
    assert (saved.story, saved.pickup_place, saved.phone, saved.version) == (
        "Sejak 2019.",
        "Depan masjid",
        "+6281234567890",
        2,
    )
    assert log("shop.described") == [did(shop.owner, shop, phone_shown=True)]


def test_her_number_is_hidden_again_when_she_wants(inside, shop):
    inside.post("/jualan/lapak", data={"versi": "1", "tampil_hp": "y"})
    inside.post("/jualan/lapak", data={"versi": "2"})

    assert db.session.get(Shop, shop.id).phone is None


@pytest.mark.parametrize("version", ["0", "", "x", "9" * 30, "\x00"])
def test_a_stale_page_is_shown_beside_the_newer_one(inside, shop, version):
    with transaction():
        operations.describe(
            db.session.get(Shop, shop.id),
            story="Yang lebih baru",
            pickup_place="Depan masjid",
            pickup_hours="",
            street="Kp. Baru RT 2",
            phone="+6281200001111",
            version=1,
            by=shop.owner,
        )

    answer = inside.post("/jualan/lapak", data={"versi": version, "cerita": "Yang lama"})
    alike = inside.post("/jualan/lapak", data={"versi": version, "cerita": "Yang lama", "tempat": "Depan masjid"})
    assert "<dd>Depan masjid" not in alike.text, "what she typed alike is no difference"
    stored = answer.text.partition("Yang tersimpan sekarang")[2].partition("<form")[0]

    assert answer.status_code == 409
    assert [said in stored for said in ("Yang lebih baru", "Depan masjid", "Kp. Baru RT 2", "<dd>ya</dd>")] == [
        True
    ] * 4
    assert "Yang lama" in answer.text
    assert db.session.get(Shop, shop.id).story == "Yang lebih baru"


@pytest.mark.parametrize("field", ["cerita", "tempat", "waktu"])
@pytest.mark.parametrize("text", ["x" * 70_000, "😀" * 700])
def test_too_much_comes_back_with_words(inside, field, text):
    answer = inside.post("/jualan/lapak", data={"versi": "1", field: text})

    assert answer.status_code == 422
    assert "Terlalu panjang" in answer.text


@pytest.mark.parametrize("field", ["cerita", "tempat", "waktu"])
def test_no_word_about_a_shop_promises_a_cure(inside, shop, field):
    answer = inside.post("/jualan/lapak", data={"versi": "1", field: "Jamu kami mengobati batuk"})

    assert answer.status_code == 422
    assert "tidak boleh disebut menyembuhkan. Ganti “mengobati”, ya." in answer.text
    assert "Jamu kami mengobati batuk" in answer.text
    db.session.expire_all()
    assert db.session.get(Shop, shop.id).version == 1


def test_a_closed_sentence_promises_nothing_but_may_say_that_she_is_ill(inside, shop):
    day = (today("Asia/Jakarta") + timedelta(days=3)).isoformat()
    way = "/jualan/lapak/tutup"

    refused = inside.post(way, data={"versi": "1", "sampai": day, "kalimat": "Jamu penyembuh habis"})
    assert refused.status_code == 422
    assert "Ganti “penyembuh”, ya." in refused.text
    ill = {"versi": "1", "sampai": day, "kalimat": "Sakit, buka lagi kalau sudah sembuh"}
    assert inside.post(way, data=ill).status_code == 303
    db.session.expire_all()
    assert db.session.get(Shop, shop.id).closed_note == "Sakit, buka lagi kalau sudah sembuh"


def test_closed_for_some_days_opens_by_itself(inside, shop):
    until = today("Asia/Jakarta") + timedelta(days=3)
    inside.post("/jualan/lapak/tutup", data={"versi": "1", "sampai": until.isoformat(), "kalimat": "Sedang mudik"})
    page = inside.get("/jualan/lapak").text
    inside.post("/jualan/lapak/buka")

    saved = db.session.get(Shop, shop.id)
    assert "Sedang mudik" in page
    assert log("shop.closed_for_days") == [did(shop.owner, shop, until=until.isoformat())]
    assert log("shop.opened_again") == [did(shop.owner, shop)]
    assert (saved.closed_until, saved.closed_note) == (None, "")


@pytest.mark.parametrize(
    "day",
    ["", "kemarin", "2020-01-01", (date.today() + timedelta(days=200)).isoformat(), "9" * 30, "\x00"],  # noqa: DTZ011 - any day far ahead
)
def test_a_poor_day_is_explained(inside, shop, day):
    answer = inside.post("/jualan/lapak/tutup", data={"versi": "1", "sampai": day})

    assert answer.status_code == 422
    assert db.session.get(Shop, shop.id).closed_until is None


def test_a_rest_takes_the_shop_off_the_shelf_until_she_opens(inside, shop):
    eggs = make_product(shop, "Telur asin", slug="telur-asin-nur")

    def on_shelf():
        return [f'data-produk="{eggs.id}"' in inside.get(path).text for path in ("/produk", f"/lapak/{shop.slug}")]

    assert on_shelf() == [True, True]
    assert 'action="/jualan/lapak/jeda"' in inside.get("/jualan/lapak").text

    for _tap in range(2):
        assert inside.post("/jualan/lapak/jeda").status_code == 303
    db.session.rollback()
    assert db.session.get(Shop, shop.id).state == "paused"
    assert on_shelf() == [False, False]
    assert 'action="/keranjang"' not in inside.get("/produk/telur-asin-nur").text

    assert inside.post("/jualan/lapak/buka").status_code == 303
    db.session.rollback()
    assert db.session.get(Shop, shop.id).state == "open"
    assert on_shelf() == [True, True]


@pytest.mark.parametrize("role", ["seller", "pendamping", "curator", "head"])
def test_without_a_shop_there_is_no_page(client, role):
    sign_in(client, make_account(role))

    assert client.get("/jualan/lapak").status_code == 404
    assert {client.post(f"/jualan/lapak{path}").status_code for path in ("", "/tutup", "/jeda", "/buka")} == {404}


def test_many_shops_of_one_name_each_get_an_address(shop, monkeypatch):
    tails = iter(["AAAA", "AAAA", "BBBB"])
    monkeypatch.setattr(codes, "new_code", lambda _length: next(tails))
    owners = [make_account("seller", phone=f"+62812700000{number:02}") for number in range(4)]

    given = {"name": "Dapur Bu Nur", "desa_code": DESA, "business_type_slug": shop.business_type_slug}
    with transaction():
        opened = [operations.open_shop(owner, **given, by=owner).slug for owner in owners]

    assert len(set(opened)) == 4
    assert [slug[-4:] for slug in opened[2:]] == ["aaaa", "bbbb"]
