"""Reporting as a stranger meets it, and the desk where it is answered, without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.core.db import db, transaction
from app.goods.products.models import Product
from app.goods.reports.models import Report
from tests.factories.goods import make_product, make_shop, make_waiting_product
from tests.factories.people import make_account, sign_in
from tests.factories.reports import make_report
from tests.factories.trade import handed_order, place_order
from tests.support.queries import count_queries

INBOX = "/dinsos/kurasi/laporan"
GOOD = {"sebab": "unsafe", "kalimat": "Berbau, berlendir, dibeli kemarin."}


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def eggs(shop):
    """Something on sale."""
    return make_product(shop, "Telur asin masir")


@pytest.fixture
def curator(client, app):
    """An officer of the region, signed in."""
    account = make_account("curator")
    sign_in(client, account)
    return account


def way(product, tail: str = "") -> str:
    return f"/produk/{product.slug}/laporkan{tail}"


def state_of(product) -> str:
    db.session.rollback()
    return db.session.get_one(Product, product.id).state


def test_the_page_of_a_product_leads_to_the_form_and_may_still_be_kept_by_anyone(client, eggs):
    page = client.get(f"/produk/{eggs.slug}")

    assert f'href="{way(eggs)}"' in page.text
    assert page.headers["Cache-Control"].startswith("public")
    assert "csrf_token" not in page.text
    assert "Makanan tidak aman" in client.get(way(eggs)).text


def test_a_stranger_reports_without_an_account_and_reads_what_happens_next(client, eggs):
    answer = client.post(way(eggs), data=GOOD)

    assert (answer.status_code, answer.location) == (303, way(eggs, "/terima-kasih"))
    assert "Laporan sudah kami terima" in client.get(answer.location).text
    assert db.session.scalars(select(Report.sentence)).all() == [GOOD["kalimat"]]


def test_sending_twice_is_one_report(client, eggs):
    assert [client.post(way(eggs), data=GOOD).status_code for _again in range(3)] == [303] * 3
    assert len(db.session.scalars(select(Report.id)).all()) == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Pilih salah satu."),
        (GOOD | {"sebab": "hapus"}, "Pilih salah satu"),
        (GOOD | {"kalimat": "  "}, "Ceritakan dengan satu kalimat."),
        (GOOD | {"kalimat": "x" * 70_000}, "Terlalu panjang"),
        (GOOD | {"hp": "bukan nomor"}, "Nomor HP belum benar"),
    ],
)
def test_what_cannot_be_kept_is_asked_again_and_nothing_typed_is_lost(client, eggs, data, sentence):
    answer = client.post(way(eggs), data=data | {"hp": data.get("hp", "0812-1111-2222")})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert data.get("hp", "0812-1111-2222") in answer.text
    assert state_of(eggs) == "live"


def test_a_hostile_sentence_is_shown_as_words_to_the_curator_only(client, eggs, curator):
    make_report(eggs, "photo", "<script>alert(1)</script>\u202e")

    assert "&lt;script&gt;alert(1)" in client.get(f"{INBOX}/{eggs.id}").text


@pytest.mark.parametrize("header", ["Origin", "Referer"])
def test_a_form_on_another_site_reports_nothing(client, eggs, header):
    answer = client.post(way(eggs), data=GOOD, headers={header: "https://jahat.example"})

    assert answer.status_code == 400
    assert state_of(eggs) == "live"


def test_what_strangers_cannot_see_cannot_be_reported(client, shop, eggs):
    waiting = make_waiting_product(shop)
    with transaction():
        db.session.get_one(Product, eggs.id).state = "withdrawn"

    for product in (waiting, eggs):
        assert client.get(way(product)).status_code == 404
        assert client.post(way(product), data=GOOD).status_code == 404
    assert client.get("/produk/tidak-ada/laporkan").status_code == 404


def test_buyers_read_in_neutral_words_why_it_cannot_be_ordered(client, eggs):
    make_report(eggs)

    page = client.get(f"/produk/{eggs.slug}")

    assert page.status_code == 200
    assert "sedang diperiksa petugas dinas, jadi belum bisa dipesan" in page.text
    assert 'action="/keranjang"' not in page.text
    assert "tidak aman" not in page.text
    assert eggs.slug not in client.get("/produk").text


def test_the_seller_reads_what_to_do_and_never_who_said_what(client, shop, eggs):
    make_report(eggs, sentence="Anak saya sakit perut.", contact="+6281234567890")
    sign_in(client, shop.owner)

    page = client.get(f"/jualan/produk/{eggs.id}").text

    for words in ("Jangan jual dan jangan antar dulu", "Makanan tidak aman", "Sedang diperiksa petugas"):
        assert words in page, words
    for words in ("Anak saya sakit perut", "81234567890", "Hapus</button>"):
        assert words not in page, words
    assert client.post(f"/jualan/produk/{eggs.id}/hapus").status_code == 409
    assert "Sedang diperiksa petugas" in client.get("/jualan/produk").text


def test_the_desk_and_the_inbox_lead_to_what_is_off_sale(client, eggs, curator):
    make_report(eggs)

    assert INBOX in client.get("/dinsos").text
    page = client.get(INBOX).text
    assert "Berhenti dijual" in page
    assert f"{INBOX}/{eggs.id}" in page
    assert INBOX in client.get("/dinsos/kurasi").text


def test_an_empty_inbox_says_what_comes_there(client, curator):
    assert "Yang dikirim pembeli dari halaman produk tampil di sini." in client.get(INBOX).text


def test_the_curator_reads_every_word_the_number_and_the_open_orders(client, shop, eggs, curator):
    open_one, done = place_order(eggs), handed_order(eggs, shop.owner)
    make_report(eggs, contact="+6281234567890")

    page = client.get(f"{INBOX}/{eggs.id}").text

    for words in ("Berlendir dan bau.", "0812-3456-7890", open_one.code):
        assert words in page, words
    assert done.code not in page


def test_lifting_shows_it_again_and_the_seller_reads_the_answer(client, shop, eggs, curator):
    newest = make_report(eggs).id

    answer = client.post(
        f"{INBOX}/{eggs.id}/jawab", data={"jawaban": "tidak-terbukti", "terbaru": newest, "kalimat": "Sudah dicek."}
    )

    assert answer.location == INBOX
    assert "laporan tidak terbukti" in client.get(INBOX).text
    assert state_of(eggs) == "live"
    assert "sudah dijawab" in client.get(f"{INBOX}/{eggs.id}").text
    sign_in(client, shop.owner)
    page = client.get(f"/jualan/produk/{eggs.id}").text
    assert "Tidak terbukti" in page
    assert "Sudah dicek." in page


@pytest.mark.parametrize("said", ["tidak-terbukti", "diperbaiki"])
def test_what_stayed_on_sale_is_answered_too(client, eggs, curator, said):
    """A report that stops nothing leaves only itself to close."""
    newest = make_report(eggs, kind="photo").id
    assert state_of(eggs) == "live"

    answer = client.post(f"{INBOX}/{eggs.id}/jawab", data={"jawaban": said, "terbaru": newest})

    assert answer.location == INBOX
    db.session.rollback()
    told = db.session.get_one(Report, newest)
    assert (told.closed_by_id, told.closed_at is None) == (curator.id, False)


def test_taking_it_off_the_market_asks_for_a_reason_and_keeps_the_sentence(client, eggs, curator):
    data = {"jawaban": "tarik", "terbaru": make_report(eggs).id, "kalimat": "Buang yang sisa, Bu."}

    asked = client.post(f"{INBOX}/{eggs.id}/jawab", data=data)
    assert asked.status_code == 422
    assert "Pilih alasannya dulu." in asked.text
    assert "Buang yang sisa, Bu." in asked.text

    client.post(f"{INBOX}/{eggs.id}/jawab", data=data | {"alasan": "tidak-boleh-dijual"})
    assert state_of(eggs) == "withdrawn"


def test_a_report_that_came_meanwhile_is_shown_before_the_answer_counts(client, eggs, curator):
    newest = make_report(eggs).id
    make_report(eggs, sentence="Ada belatungnya.")

    answer = client.post(f"{INBOX}/{eggs.id}/jawab", data={"jawaban": "tidak-terbukti", "terbaru": newest})

    assert answer.status_code == 409
    assert "Ada laporan baru" in answer.text
    assert "Ada belatungnya." in answer.text
    assert state_of(eggs) == "held"


@pytest.mark.parametrize("data", [{}, {"jawaban": "hapus"}, {"jawaban": "tarik", "alasan": "x"}, {"terbaru": "9" * 40}])
def test_answers_that_are_none_change_nothing(client, eggs, curator, data):
    make_report(eggs)

    assert client.post(f"{INBOX}/{eggs.id}/jawab", data=data).status_code in {409, 422}
    assert state_of(eggs) == "held"


def test_nobody_answers_what_is_their_own_or_elsewhere_or_was_never_reported(client, eggs, curator):
    own, far = make_product(make_shop(curator)), make_product(make_shop(desa_code="36.01.01.2001"))
    for product in (own, far):
        make_report(product)
        assert client.get(f"{INBOX}/{product.id}").status_code == 404
        assert client.post(f"{INBOX}/{product.id}/jawab", data={"jawaban": "tidak-terbukti"}).status_code == 404
    assert client.get(f"{INBOX}/{eggs.id}").status_code == 404


def test_a_long_inbox_costs_as_many_questions_as_a_short_one_and_goes_on(app, client, shop, curator):
    for number in range(3):
        make_report(make_product(shop, f"Kue nomor {number}."), "photo")
    with count_queries(app) as few:
        client.get(INBOX)
    for number in range(3, 22):
        make_report(make_product(shop, f"Kue nomor {number}."), "photo")

    with count_queries(app) as many:
        page = client.get(INBOX).text

    assert len(many) == len(few)
    assert "Kue nomor 21." not in page
    after = page.split("?setelah=")[1].split('"')[0]
    assert "Kue nomor 21." in client.get(f"{INBOX}?setelah={after}").text
    for odd in ("x", "-", "9" * 40, "1-1-1"):
        assert client.get(f"{INBOX}?setelah={odd}").status_code == 200


@pytest.mark.parametrize("path", [INBOX, f"{INBOX}/1"])
def test_the_desk_is_for_curators(client, app, path):
    assert client.get(path).status_code in {302, 303, 401}
    sign_in(client, make_account("seller"))
    assert client.get(path).status_code in {403, 404}


def test_the_sentence_beside_lifting_is_read_by_seller_and_reporter(client, shop, eggs, curator):
    client.post(way(eggs), data=GOOD)
    thanks = way(eggs, "/terima-kasih")
    assert "Jawaban petugas bisa dibaca di sini" in client.get(thanks).text
    page = client.get(f"{INBOX}/{eggs.id}").text
    assert "Kalimat untuk penjual dan pelapor" in page
    newest = db.session.scalars(select(Report.id)).one()

    data = {"jawaban": "tidak-terbukti", "terbaru": newest, "kabar": "Contohnya diuji, tidak basi."}
    client.post(f"{INBOX}/{eggs.id}/jawab", data=data)

    told = client.get(thanks).text
    for words in ("Contohnya diuji, tidak basi.", "Tidak terbukti"):
        assert words in told
    sign_in(client, shop.owner)
    assert "Contohnya diuji, tidak basi." in client.get(f"/jualan/produk/{eggs.id}").text
    make_report(eggs, "photo")
    assert "Contohnya diuji" not in client.get(thanks).text


def test_who_reported_reads_the_answer_after_the_product_is_gone(client, eggs, curator):
    client.post(way(eggs), data=GOOD)
    newest = db.session.scalars(select(Report.id)).one()
    data = {"jawaban": "tarik", "terbaru": newest, "alasan": "tidak-boleh-dijual", "kalimat": "Sudah ditarik, ya."}

    assert client.post(f"{INBOX}/{eggs.id}/jawab", data=data).status_code == 303

    told = client.get(way(eggs, "/terima-kasih")).text
    assert "Produk ditarik" in told
    assert "Sudah ditarik, ya." in told
    assert client.get(way(eggs)).status_code == 404
    with transaction() as session:
        session.execute(delete(Report))
    assert client.get(way(eggs, "/terima-kasih")).status_code == 404


def test_nobody_is_left_without_a_sentence(client, shop, eggs, curator):
    newest = make_report(eggs).id

    client.post(f"{INBOX}/{eggs.id}/jawab", data={"jawaban": "diperbaiki", "terbaru": newest})

    assert "dan sudah diperbaiki" in client.get(way(eggs, "/terima-kasih")).text


def test_the_inbox_says_how_long_each_has_waited(client, eggs, curator):
    old = make_report(eggs)
    with transaction():
        old.made_at -= timedelta(days=3, hours=1)

    assert "3 hari" in client.get(INBOX).text
