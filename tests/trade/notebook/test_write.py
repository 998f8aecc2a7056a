"""Catat jualan: one tap writes one sale, whoever writes it, and a mistake is taken back by a line against it."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import books
from app.core.db import db, transaction
from app.goods.stock import queries as stock
from app.kit.rupiah import Rupiah
from app.people.places.operations import set_setting
from app.trade.sales import queries as book
from app.trade.sales.models import SaleRecord
from tests.factories.goods import make_product, variant_of
from tests.factories.people import DESA, make_account, sign_in
from tests.factories.phone_photos import phone_photo
from tests.factories.trade import make_stall
from tests.support.log import did, log

NOW = datetime(2026, 11, 25, 5, tzinfo=UTC)
TODAY = date(2026, 11, 25)
PAGE = "/jualan/catat"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def shop(stall):
    return stall[1]


@pytest.fixture
def eggs(shop):
    return make_product(shop, "Telur asin masir", price=12_000, qty=10)


@pytest.fixture
def hers(client, stall):
    sign_in(client, stall[0])
    return client


def key_of(page: str) -> str:
    """Read the key that a page's form carries."""
    found = re.search(r'name="kunci"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def fields(client, path: str = PAGE, **given: str) -> dict[str, str]:
    """What her form sends: the key of the page, and what she typed."""
    usual = {"barang": "lain", "nama-barang": "Rengginang", "jumlah": "2", "uang": "25rb", "hari": TODAY.isoformat()}
    return {"kunci": key_of(client.get(path).text)} | usual | given


def lines() -> list[SaleRecord]:
    """Read the book anew."""
    db.session.rollback()
    return list(db.session.scalars(select(SaleRecord).order_by(SaleRecord.id)))


def test_an_empty_notebook_leads_to_its_form(hers):
    page = hers.get(PAGE).text

    assert 'button--outline" href="#catat">Tulis sekarang</a>' in page
    assert '<form class="form" id="catat"' in page


def test_something_else_for_what_was_received(hers, stall, shop):
    answer = hers.post(PAGE, data=fields(hers))

    assert answer.status_code == 303
    [sale] = lines()
    assert (sale.free_text, sale.qty, sale.amount, sale.sold_on) == ("Rengginang", 2, Rupiah(25_000), TODAY)
    assert (sale.channel, sale.source_type, sale.grade, sale.seller_id) == ("manual", "notebook", "D", shop.id)
    assert (sale.entered_by_id, sale.on_behalf_of_id) == (stall[0].id, None)
    page = hers.get(PAGE).text
    assert "Tercatat: Rp25.000." in page
    assert "2 × Rengginang" in page


@pytest.mark.parametrize(
    ("typed", "amount"), [("", 24_000), ("1,5jt", 1_500_000), ("20.000", 20_000), ("Rp 9rb", 9_000)]
)
def test_her_own_product_at_its_price_or_at_another(hers, eggs, typed, amount):
    hers.post(PAGE, data=fields(hers, barang=str(variant_of(eggs).id), uang=typed))

    assert lines()[0].amount == Rupiah(amount)
    assert lines()[0].variant_id == variant_of(eggs).id


def test_the_same_tap_twice_is_one_line_and_takes_stock_once(hers, eggs):
    sent = fields(hers, barang=str(variant_of(eggs).id), stok="y")
    assert [hers.post(PAGE, data=sent).status_code for _ in range(3)] == [303, 303, 303]

    assert len(lines()) == 1
    assert stock.available([variant_of(eggs).id]) == {variant_of(eggs).id: 8}


def test_the_same_key_with_another_sale_is_refused_and_asked_again(hers):
    sent = fields(hers)
    hers.post(PAGE, data=sent)
    answer = hers.post(PAGE, data=sent | {"uang": "30rb"})

    assert answer.status_code == 409
    assert "sudah tersimpan dengan isi lain" in answer.text
    assert len(lines()) == 1
    assert hers.post(PAGE, data=sent | {"uang": "30rb", "kunci": key_of(answer.text)}).status_code == 303


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"jumlah": "0"}, "Isi antara 1"),
        ({"jumlah": "banyak"}, "angka bulat"),
        ({"uang": ""}, "Tulis uangnya"),
        ({"uang": "50"}, "Isi antara Rp100"),
        ({"uang": "2 miliar"}, "Isi antara Rp100"),
        ({"uang": "abc"}, "Isi uangnya dengan angka"),
        ({"nama-barang": ""}, "Tulis nama barangnya"),
        ({"nama-barang": "123"}, "Tulis nama barangnya"),
        ({"hari": "2026-11-26"}, "belum datang"),
        ({"hari": "2026-10-24"}, "Paling jauh 31 hari"),
        ({"hari": "kemarin"}, "Isi tanggal"),
        ({"barang": "999999"}, "Pilih salah satu"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_stored(hers, given, says):
    answer = hers.post(PAGE, data=fields(hers, **given))

    assert answer.status_code == 422
    assert says in answer.text
    assert lines() == []


@pytest.mark.parametrize("days", [0, 31])
def test_the_last_month_may_be_written(hers, days):
    day = TODAY - timedelta(days=days)
    hers.post(PAGE, data=fields(hers, hari=day.isoformat()))

    assert lines()[0].sold_on == day


def test_a_kabupaten_says_how_far_back_she_writes_and_says_it_for_no_other(app, client, hers, stall, shop):
    other, _far = make_stall(regency_code="36.01", kecamatan_code="36.01.01", desa_code="36.01.01.2001")
    with transaction():
        set_setting(shop.regency_code, "book.back_days", 7)
    eighth = (TODAY - timedelta(days=8)).isoformat()

    answer = hers.post(PAGE, data=fields(hers, hari=eighth))
    assert (answer.status_code, lines()) == (422, [])
    assert "Paling jauh 7 hari" in answer.text
    seventh = (TODAY - timedelta(days=7)).isoformat()
    assert hers.post(PAGE, data=fields(hers, hari=seventh)).status_code == 303
    there = app.test_client()
    sign_in(there, other)
    assert there.post(PAGE, data=fields(there, hari=eighth)).status_code == 303

    helper, path = app.test_client(), f"/dampingan/penjual/{shop.id}/catat"
    sign_in(helper, make_account("pendamping", areas=[DESA]))
    assert "Perlu kalau sudah lebih dari 7 hari." in helper.get(path).text
    refused = helper.post(path, data=fields(helper, path, hari=eighth))
    assert "Sudah lebih dari 7 hari. Tulis alasannya." in refused.text


@pytest.mark.parametrize(
    ("day", "status"), [("2026-11-26", 303), ("2026-11-27", 422), ("2026-10-26", 303), ("2026-10-25", 422)]
)
def test_the_days_are_those_of_her_own_clock(client, stall, day, status):
    with time_machine.travel(datetime(2026, 11, 25, 17, 30, tzinfo=UTC), tick=False):  # half past midnight
        sign_in(client, stall[0])

        assert client.post(PAGE, data=fields(client, hari=day)).status_code == status


def test_a_photo_of_the_note_makes_the_evidence_better_and_stays_private(hers, app):
    photo = (io.BytesIO(phone_photo("PNG", (320, 240))), "nota.png")
    hers.post(PAGE, data=fields(hers) | {"foto": photo}, content_type="multipart/form-data")

    [sale] = lines()
    assert book.grade_of(sale.id) == "C"
    path = f"{PAGE}/{sale.id}/foto"
    shown = hers.get(path)
    assert (shown.mimetype, shown.headers["Cache-Control"], shown.data[:2]) == ("image/jpeg", "no-store", b"\xff\xd8")
    there = f"/dampingan/catat/{sale.id}/foto"
    helper, stranger = make_account("pendamping", areas=[DESA]), make_account("pendamping", areas=["36.04.01.2001"])
    for account, address, status in (
        (make_stall()[0], path, 404),
        (make_account("caseworker"), there, 404),
        (stranger, there, 404),
        (helper, there, 200),
    ):
        other = app.test_client()
        sign_in(other, account)
        assert other.get(address).status_code == status


def test_a_file_that_is_no_photo_is_refused_with_the_rest_kept(hers):
    sent = fields(hers) | {"foto": (io.BytesIO(b"x"), "nota.jpg")}
    answer = hers.post(PAGE, data=sent, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "Rengginang" in answer.text
    assert lines() == []


def test_only_what_nobody_was_promised_leaves_the_stock_and_the_sale_stands(hers, eggs):
    sent = fields(hers, barang=str(variant_of(eggs).id), jumlah="12", stok="y")
    hers.post(PAGE, data=sent)

    assert "Hitung lagi stoknya" in hers.get(PAGE).text
    assert lines()[0].qty == 12
    assert stock.available([variant_of(eggs).id]) == {variant_of(eggs).id: 0}


def test_without_the_tick_the_stock_stays(hers, eggs):
    hers.post(PAGE, data=fields(hers, barang=str(variant_of(eggs).id)))

    assert stock.available([variant_of(eggs).id]) == {variant_of(eggs).id: 10}


def test_a_mistake_is_taken_back_by_a_line_against_it_once(hers, eggs, shop):
    hers.post(PAGE, data=fields(hers, barang=str(variant_of(eggs).id), stok="y"))
    sale = lines()[0]
    path = f"{PAGE}/{sale.id}/batalkan"
    assert [hers.post(path).status_code for _ in range(2)] == [303, 303]

    assert [(each.qty, each.reversal_of) for each in lines()] == [(2, None), (-2, sale.id)]
    assert book.takings(shop.id, TODAY, TODAY) == Rupiah(0)
    assert stock.available([variant_of(eggs).id]) == {variant_of(eggs).id: 10}
    assert "Pembatalan" in hers.get(PAGE).text
    db.session.rollback()
    assert [each for _name, found in books.verify() for each in found] == []


def test_nobody_else_takes_her_note_back(hers, app):
    hers.post(PAGE, data=fields(hers))
    other = app.test_client()
    sign_in(other, make_stall()[0])

    assert other.post(f"{PAGE}/{lines()[0].id}/batalkan").status_code == 404
    assert len(lines()) == 1


def test_her_pendamping_writes_for_her_and_she_reads_who_it_was(app, client, stall, shop):
    helper = make_account("pendamping", areas=[DESA], name="Iis Aisyah")
    sign_in(client, helper)
    path = f"/dampingan/penjual/{shop.id}/catat"
    old = (TODAY - timedelta(days=60)).isoformat()

    assert client.post(path, data=fields(client, path, hari=old)).status_code == 422
    assert client.post(path, data=fields(client, path, hari=old, alasan="Baru sempat ketemu")).status_code == 303

    [sale] = lines()
    assert (sale.entered_by_id, sale.on_behalf_of_id) == (helper.id, stall[0].id)
    hers = app.test_client()
    sign_in(hers, stall[0])
    assert "ditulis Iis Aisyah" in hers.get(PAGE).text
    assert log("sale.noted_on_behalf") == [did(helper, sale, on_behalf_of=stall[0].id, late=True)]


def test_a_pendamping_of_elsewhere_finds_nothing(client, shop):
    sign_in(client, make_account("pendamping", areas=["36.04.01.2001"]))

    assert client.get(f"/dampingan/penjual/{shop.id}/catat").status_code == 404
