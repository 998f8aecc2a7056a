"""The curator's desk, as a browser without scripts meets it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import db, transaction
from app.core.i18n import jam, tanggal_pendek
from app.goods.curation import operations, queries
from app.goods.products import operations as products
from app.goods.products.models import Product
from app.goods.reference import operations as reference
from app.goods.reference.forms import FIELDS
from app.goods.reference.rules import ReasonFacts
from app.goods.shelf.models import ShelfItem
from tests.factories.goods import (
    make_photo,
    make_product,
    make_revision,
    make_shop,
    make_waiting_product,
    revision_of,
)
from tests.factories.people import make_account, sign_in

INBOX = "/dinsos/kurasi"


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def curator(client, app):
    """An officer of the region, signed in."""
    account = make_account("curator", name="Pak Dedi")
    sign_in(client, account)
    return account


def path_of(product, deed: str = "") -> str:
    """The address of what waits of a product."""
    return f"{INBOX}/{revision_of(product, 'waiting').id}{deed}"


def test_an_empty_inbox_says_so(client, curator):
    assert "Tidak ada yang menunggu" in client.get(INBOX).text


def test_the_inbox_counts_and_leads_to_each_wording(client, curator, shop):
    first, second = make_waiting_product(shop, "Keripik singkong"), make_waiting_product(shop, "Emping")

    page = client.get(INBOX).text

    assert page.index("Keripik singkong") < page.index("Emping")
    assert f'href="{path_of(first)}"' in page
    assert f'href="{path_of(second)}"' in page
    assert 'class="tabs__count">2<' in page


def test_each_says_by_when_it_was_promised_an_answer_and_whether_that_is_over(client, curator, shop):
    late, fresh = make_waiting_product(shop, "Keripik lama"), make_waiting_product(shop, "Emping baru")
    with transaction():
        sent = revision_of(late, "waiting")
        sent.submitted_at -= timedelta(days=2)

    first, second = client.get(INBOX).text.split('<th scope="row">')[1:]

    assert "Keripik lama" in first and "Lewat waktu" in first
    assert f"{tanggal_pendek(sent.submitted_at + timedelta(days=1))}, {jam(sent.submitted_at)}" in first
    assert "Emping baru" in second and "Lewat waktu" not in second
    assert "Lewat waktu" in client.get(path_of(late)).text
    page = client.get(path_of(fresh)).text
    assert "Jawab sebelum" in page and "Lewat waktu" not in page


def test_all_that_a_wording_says_stands_in_one_list(client, curator, shop):
    product = make_waiting_product(shop, "Emping melinjo")
    with transaction():
        revision_of(product, "waiting").photo_alt = "Emping di piring"

    told = re.findall(r'<dl class="facts">.*?</dl>', client.get(path_of(product)).text, re.S)

    assert "<dt>Foto utama</dt><dd>Emping di piring</dd>" in next(
        each for each in told if "<dt>Nama produk</dt>" in each
    )


def test_the_inbox_goes_on_page_by_page_and_odd_places_start_it_anew(client, curator, shop):
    for number in range(21):
        make_waiting_product(shop, f"Keripik nomor {number}.")

    page = client.get(INBOX).text
    after = page.split("?setelah=")[1].split('"')[0]

    assert "Keripik nomor 20." not in page
    assert "Keripik nomor 20." in client.get(f"{INBOX}?setelah={after}").text
    for odd in ("x", "-", "9" * 40, "99999999999999999-1", "1-1-1"):
        assert client.get(f"{INBOX}?setelah={odd}").status_code == 200


def test_approving_sells_it_and_shows_the_next(client, curator, shop):
    first, second = make_waiting_product(shop, "Keripik"), make_waiting_product(shop, "Emping")

    answer = client.post(path_of(first, "/jawab"), data={"jawaban": "setujui"})

    assert answer.status_code == 303
    assert answer.location == path_of(second)
    assert "Disetujui: Keripik" in client.get(answer.location).text
    assert db.session.get(ShelfItem, first.id) is not None
    assert client.post(path_of(second, "/jawab"), data={"jawaban": "setujui"}).location == INBOX


def test_a_change_stands_beside_what_sells_with_the_price_in_per_cent(client, curator, shop):
    product = make_product(shop, "Telur asin", price=20_000, photo=make_photo(shop))
    make_revision(product, name="Telur masir", price=type(revision_of(product).price)(25_000))

    page = client.get(path_of(product)).text

    for words in ("Dijual sekarang", "Diajukan", "+25%", "Telur asin", "Telur masir", "Rp20.000", "Rp25.000"):
        assert words in page, words


def test_the_questions_and_the_three_answers_are_there(client, curator, shop):
    page = client.get(path_of(make_waiting_product(shop))).text

    for words in ("Fotonya jelas?", "Harganya wajar?", "Setujui", "Kembalikan", "Tolak", "Kalimat untuk penjual"):
        assert words in page, words


@pytest.mark.parametrize(("answer", "state"), [("kembalikan", "returned"), ("tolak", "refused")])
def test_turning_down_says_the_sentence_to_the_seller(client, curator, shop, answer, state):
    product = make_waiting_product(shop)
    number = revision_of(product, "waiting").id

    client.post(f"{INBOX}/{number}/jawab", data={"jawaban": answer, "alasan": "foto-gelap", "kalimat": ""})

    assert revision_of(product, state).answer.startswith("Fotonya gelap")
    page = client.get(f"{INBOX}/dijawab").text
    assert "Fotonya gelap" in page
    assert "Pak Dedi" in page


def test_turning_down_without_a_reason_is_asked_again_and_the_sentence_stays(client, curator, shop):
    product = make_waiting_product(shop)

    answer = client.post(path_of(product, "/jawab"), data={"jawaban": "tolak", "kalimat": "Coba lagi besok, Bu."})

    assert answer.status_code == 422
    assert "Pilih alasannya dulu." in answer.text
    assert "Coba lagi besok, Bu." in answer.text
    assert revision_of(product, "waiting")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"jawaban": "hapus"},
        {"jawaban": "tolak", "alasan": "tidak-ada"},
        {"jawaban": "tolak", "alasan": "foto-gelap", "kalimat": "x" * 70_000},
        {"jawaban": ["setujui", "tolak"] * 3, "alasan": "'; DROP TABLE--"},
    ],
)
def test_answers_that_are_none_change_nothing(client, curator, shop, data):
    product = make_waiting_product(shop)

    assert client.post(path_of(product, "/jawab"), data=data).status_code == 422
    assert revision_of(product, "waiting")


def test_a_hostile_sentence_is_shown_as_words(client, curator, shop):
    product = make_waiting_product(shop)
    sentence = "<script>alert(1)</script>\u202e"

    client.post(path_of(product, "/jawab"), data={"jawaban": "tolak", "alasan": "kembar", "kalimat": sentence})

    page = client.get(f"{INBOX}/dijawab").text
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page


def test_the_second_curator_reads_who_was_quicker(client, curator, shop):
    product = make_waiting_product(shop)
    path = path_of(product)
    with transaction():
        operations.approve(revision_of(product, "waiting"), by=make_account("curator", name="Bu Rina"))

    answer = client.post(f"{path}/jawab", data={"jawaban": "tolak", "alasan": "kembar"})

    assert answer.status_code == 409
    assert "Sudah dijawab oleh Bu Rina" in answer.text
    assert db.session.get_one(Product, product.id).state == "live"
    assert 'name="jawaban"' not in client.get(path).text


def test_a_wording_that_was_changed_leads_to_the_newest(client, curator, shop):
    product = make_waiting_product(shop)
    old = revision_of(product, "waiting")
    with transaction():
        db.session.merge(old).state = "superseded"
    newer = make_revision(product)

    answer = client.post(f"{INBOX}/{old.id}/jawab", data={"jawaban": "setujui"})

    assert answer.status_code == 409
    assert f'href="{INBOX}/{newer.id}"' in answer.text


def test_withdrawing_needs_a_reason_and_can_be_taken_back(client, curator, shop):
    product = make_product(shop, "Telur asin")
    path = f"{INBOX}/produk/{product.id}"
    assert "Telur asin" in client.get(f"{INBOX}/tampil").text
    assert client.post(f"{path}/tarik", data={}).status_code == 422

    answer = client.post(f"{path}/tarik", data={"alasan": "izin-belum-ada"})

    assert f'action="{path}/pulihkan"' in client.get(answer.location).text
    assert db.session.get(ShelfItem, product.id) is None
    assert "Telur asin" in client.get(f"{INBOX}/ditarik").text
    client.post(f"{path}/pulihkan")
    assert db.session.get(ShelfItem, product.id) is not None


def test_another_region_is_like_nothing_at_all(client, curator):
    there = make_shop(regency_code="36.73", kecamatan_code="36.73.01", desa_code="36.73.01.1001")
    waiting, live = make_waiting_product(there, "Jauh sekali"), make_product(there, "Jauh juga")

    assert "Jauh" not in client.get(INBOX).text
    assert "Jauh" not in client.get(f"{INBOX}/tampil").text
    assert client.get(path_of(waiting)).status_code == 404
    assert client.post(path_of(waiting, "/jawab"), data={"jawaban": "setujui"}).status_code == 404
    for deed in ("tarik", "pulihkan"):
        assert client.post(f"{INBOX}/produk/{live.id}/{deed}", data={"alasan": "kembar"}).status_code == 404
    assert client.get(f"{INBOX}/produk/{live.id}").status_code == 404
    assert client.get(f"{INBOX}/999999").status_code == 404


def test_what_a_curator_entered_is_for_the_others(client, curator, shop):
    product = make_waiting_product(shop, by=curator)

    assert client.get(path_of(product)).status_code == 404
    assert client.post(path_of(product, "/jawab"), data={"jawaban": "setujui"}).status_code == 404
    assert queries.count_waiting(scope=curator) == 0


def test_an_empty_list_says_what_comes_there(client, curator):
    assert "Yang disetujui masuk ke sini." in client.get(f"{INBOX}/tampil").text
    assert "Yang ditarik dari pasar masuk ke sini." in client.get(f"{INBOX}/ditarik").text


@pytest.mark.parametrize("role", ["seller", "pendamping", "caseworker", "approver", "head", "steward", "admin"])
def test_nobody_else_decides(client, app, shop, role):
    waiting, live = make_waiting_product(shop), make_product(shop)
    sign_in(client, make_account(role))

    for path in ("", "/dijawab", "/tampil", "/ditarik"):
        assert client.get(INBOX + path).status_code == 403
    assert client.get(path_of(waiting)).status_code == 404
    assert client.post(path_of(waiting, "/jawab"), data={"jawaban": "setujui"}).status_code == 404
    assert client.post(f"{INBOX}/produk/{live.id}/tarik", data={"alasan": "kembar"}).status_code == 404
    assert revision_of(waiting, "waiting")


def test_what_its_seller_deleted_meanwhile_gets_a_calm_answer(client, curator, shop):
    product = make_waiting_product(shop)
    path = path_of(product)
    with transaction():
        products.delete(db.session.merge(product), by=curator)

    answer = client.post(f"{path}/jawab", data={"jawaban": "setujui"})

    assert answer.status_code == 410
    assert "sudah dihapus penjualnya" in answer.text


def test_the_latest_on_sale_stands_first_and_every_page_goes_on_from_the_last(client, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(queries.list_products, "__defaults__", (None, 2))
    shop = make_shop()
    products = [make_product(shop, f"Produk {number}") for number in range(5)]
    with transaction():
        for product, days_ago in zip(products, (3, 1, 1, 9, 2), strict=True):
            product.published_at = clock.now().replace(microsecond=0) - timedelta(days=days_ago)
    sign_in(client, make_account("curator"))
    seen, address = [], f"{INBOX}/tampil"

    while address:
        page = client.get(address).text
        seen += re.findall(r"<span>(Produk \d)</span>", page)
        following = re.search(r'href="([^"]*tampil\?setelah=[^"]+)"', page)
        address = following and following[1]

    assert seen == ["Produk 2", "Produk 1", "Produk 4", "Produk 0", "Produk 3"]


@pytest.mark.parametrize("field", [each for each in FIELDS if each])
def test_every_reason_leads_to_the_very_field_that_it_is_about(client, curator, shop, field):
    with transaction():
        reference.edit_reason(
            queries.find_reason("foto-gelap"), ReasonFacts("Perbaiki ini, ya.", field, True), version=1, by=curator
        )
    product = make_waiting_product(shop)
    way = f"{INBOX}/{revision_of(product, 'waiting').id}/jawab"
    client.post(way, data={"jawaban": "kembalikan", "alasan": "foto-gelap"})
    sign_in(client, shop.owner)

    for page in (client.get(f"/jualan/produk/{product.id}").text, client.get("/jualan/produk").text):
        assert "Perbaiki ini, ya." in page
        (link,) = re.findall(r'<a[^>]* href="([^"]+)"[^>]*>(?:(?!</a>).)*Perbaiki(?:(?!</a>).)*</a>', page, re.S)
        address, _hash, anchor = link.partition("#")
        shown = client.get(address)
        assert shown.status_code == 200, link
        assert not anchor or f'id="{anchor}"' in shown.text, link
        assert anchor or field in {
            "pilihan",
            "foto-lain",
            "bahan",
            "alergi",
            "asal",
            "peringatan",
            "tahan",
            "simpan",
            "ambil",
            "surat",
        }
