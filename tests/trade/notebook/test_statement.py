"""The statement of sales: made by the seller alone, frozen, and confirmed to a stranger without naming anybody."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.core import books
from app.core.db import db, transaction
from app.core.i18n import bulan
from app.goods.shops.queries import get_shop
from app.kit import codes
from app.kit.rupiah import Rupiah
from app.trade.notebook import operations, queries, rules
from app.trade.notebook.models import SalesStatement
from app.trade.notebook.operations import NothingSold
from app.trade.sales import ledger
from app.trade.sales import operations as sales
from app.trade.sales.rules import Taking
from tests.factories.people import make_account, sign_in
from tests.factories.sales import make_sale
from tests.factories.trade import make_stall
from tests.support import paper
from tests.support.log import did, log
from tests.support.pages import words_of
from tests.support.queries import count_queries
from tests.support.together import at_once

NOW = datetime(2026, 11, 25, 5, tzinfo=UTC)
PAGE = "/jualan/keterangan"
KEY = "kunci-surat-0123456789"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def shop(stall):
    """A shop whose October has one sale of each evidence, and whose September, November and last October have one."""
    for grade, amount in zip("ABCD", (10_000, 20_000, 30_000, 40_000), strict=True):
        make_sale(stall[1], amount=Rupiah(amount), grade=grade, sold_on=date(2026, 10, 6))
    for day, amount in (((2026, 9, 30), 5_000), ((2026, 11, 1), 700_000), ((2025, 10, 31), 900_000)):
        make_sale(stall[1], amount=Rupiah(amount), sold_on=date(*day))
    return stall[1]


@pytest.fixture
def hers(client, stall, shop):
    sign_in(client, stall[0])
    return client


def make(shop, months=12, key=KEY) -> SalesStatement:
    with transaction():
        return operations.make_statement(shop, months, key, by=shop.owner)


def made() -> list[SalesStatement]:
    db.session.rollback()
    return list(db.session.scalars(select(SalesStatement).order_by(SalesStatement.id)))


def words(page: str) -> str:
    """What a page says inside its main part, without tags."""
    main = re.search(r"<main.*?</main>", page, re.S)
    assert main
    return words_of(main[0])


def test_whole_months_end_before_this_one():
    assert rules.whole_months(date(2026, 11, 25), 12)[0] == date(2025, 11, 1)
    assert rules.whole_months(date(2026, 11, 1), 6)[-1] == date(2026, 10, 1)


def test_what_was_stated_reads_back_the_same():
    takings = [Taking(date(2026, 10, 1), channel, "D", Rupiah(7), 1, 1) for channel in ("manual", "bazaar")]
    stated = rules.state([date(2026, 9, 1), date(2026, 10, 1)], takings, {date(2026, 10, 1): 2})

    assert rules.read(stated.plain()) == stated
    assert (stated.total, stated.days, stated.by_grade["D"]) == (Rupiah(14), 2, Rupiah(14))


def test_it_holds_whole_months_by_evidence_and_days(shop):
    stated = make(shop).stated

    assert [each.month for each in stated.months] == rules.whole_months(date(2026, 11, 25), 12)
    assert stated.total == Rupiah(105_000)
    assert {grade: each.amount for grade, each in stated.by_grade.items()} == {
        "A": 10_000, "B": 20_000, "C": 30_000, "D": 45_000,
    }  # fmt: skip
    assert (stated.days, stated.months[-1].days, stated.months[0].total) == (2, 1, Rupiah(0))


def test_its_code_cannot_be_guessed(shop):
    assert codes.bits(len(make(shop).code)) > 60


def test_six_months_are_six(hers):
    hers.post(PAGE, data={"lama": "6", "kunci": KEY})

    [statement] = made()
    assert (statement.first_month, statement.last_month) == (date(2026, 5, 1), date(2026, 10, 1))


@pytest.mark.parametrize("asked", ["", "7", "0", "-6", "6; DROP", "٦", "9" * 400])
def test_any_other_length_is_twelve(hers, asked):
    assert hers.get(PAGE, query_string={"lama": asked}).status_code == 200
    hers.post(PAGE, data={"lama": asked, "kunci": KEY})

    assert len(made()[0].totals) == 12


def test_the_same_tap_twice_makes_one_and_lands_on_it(hers):
    answers = [hers.post(PAGE, data={"lama": "12", "kunci": KEY}) for _ in range(3)]

    assert len(made()) == 1
    assert {each.location for each in answers} == {f"{PAGE}/{made()[0].code}"}


def test_the_same_page_asked_for_six_months_instead_makes_another(hers):
    for length in ("12", "6"):
        hers.post(PAGE, data={"lama": length, "kunci": KEY})

    assert [len(each.totals) for each in made()] == [12, 6]


def test_a_key_that_is_none_of_ours_still_makes_one(hers):
    hers.post(PAGE, data={"kunci": "x'; --"})

    assert len(made()) == 1


def test_two_taps_at_one_moment_make_one(app, shop):
    number = shop.id

    def tap() -> str:
        with transaction():
            shop = get_shop(number)
            return operations.make_statement(shop, 12, KEY, by=shop.owner).code

    found = at_once(app, [tap] * 3)

    assert [each.code for each in made()] == list(set(found))


def test_without_a_sale_there_is_nothing_to_state(client):
    owner, empty = make_stall()
    sign_in(client, owner)

    assert "Buat surat" not in client.get(PAGE).text
    answer = client.post(PAGE, data={"lama": "12", "kunci": KEY})
    assert answer.status_code == 422
    assert "Belum ada penjualan" in answer.text
    with pytest.raises(NothingSold), transaction():
        operations.make_statement(empty, 12, KEY, by=owner)
    assert made() == []


def test_the_page_shows_what_it_will_say(hers):
    page = words(hers.get(PAGE).text)

    assert "November 2025 sampai Oktober 2026" in page
    assert "Rp105.000" in page
    assert "Catatan sendiri Ditulis penjual, tanpa bukti lain. Rp45.000" in page
    assert "2 hari ada yang laku" in page
    assert "Rp700.000" not in page


def test_the_page_asks_little(app, hers):
    hers.get(PAGE)
    with count_queries(app) as asked:
        hers.get(PAGE)

    assert len(asked) <= 12, asked


def test_the_sheet_names_her_and_its_pdf_carries_the_code_that_confirms(hers, stall, shop):
    statement = make(shop)
    sheet = hers.get(f"{PAGE}/{statement.code}")

    assert sheet.headers["Cache-Control"] == "no-store"
    for said in ("Telur Ibu Sarmi", stall[0].name, "Rp105.000", "Rabu 25 November 2026", codes.grouped(statement.code)):
        assert said in html.unescape(sheet.text)
    pdf = hers.get(f"{PAGE}/{statement.code}/surat.pdf")
    assert (pdf.mimetype, pdf.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert paper.pages_of(pdf.data) == 1
    said = " ".join(paper.readable(pdf.data).split())
    for month in rules.whole_months(date(2026, 11, 25), 12):
        assert f"{bulan(month)} Rp" in said, month
    row = "Oktober 2026 Rp10.000 Rp20.000 Rp30.000 Rp40.000 Rp100.000 1"
    assert row in said
    assert "Semua Rp10.000 Rp20.000 Rp30.000 Rp45.000 Rp105.000 2" in said
    for name, _meaning in ledger.BY_GRADE.values():
        assert str(name) in said
    assert paper.holds_qr(pdf.data, f"http://localhost/keterangan/{statement.code}")


def test_a_stranger_confirms_sums_and_days_and_learns_no_name(app, stall, shop):
    statement = make(shop)
    stranger = app.test_client()
    answer = stranger.get(f"/keterangan/{codes.grouped(statement.code).lower()}")

    said = words(answer.text)
    assert answer.status_code == 200
    for each in ("Rp105.000", "Rp45.000", "November 2025 sampai Oktober 2026", "Rabu 25 November 2026"):
        assert each in said
    assert said == (
        "Surat ini tercatat di sini Cocokkan dengan angka di kertas. Kalau berbeda, kertasnya sudah diubah. "
        "Jumlah penjualan Rp105.000 Masa November 2025 sampai Oktober 2026 Dibuat tanggal Rabu 25 November 2026 "
        f"Nomor {codes.grouped(statement.code)} "
        "Diakui pembeli Pesanan yang kode pembelinya cocok. Rp10.000 "
        "Dari bazar Dicocokkan dan ditandatangani petugas bazar. Rp20.000 "
        "Ada bukti Ada foto nota, atau pesanan tanpa kode pembeli. Rp30.000 "
        "Catatan sendiri Ditulis penjual, tanpa bukti lain. Rp45.000 "
        "Halaman ini hanya memastikan jumlah, masa, dan tanggal. Nama penjual tidak disebut."
    )
    for secret in ("Sarmi", stall[0].name, shop.slug, "Ciomas", "Padarincang", f"/{shop.id}"):
        assert secret not in answer.text
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_an_unknown_code_answers_like_a_wrong_one(app, shop):
    code = make(shop).code
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    stranger = app.test_client()
    answers = [stranger.get(f"/keterangan/{each}") for each in (wrong, "2222222222222", "surat", "x" * 40)]

    assert {each.status_code for each in answers} == {404}
    assert len({words(each.text) for each in answers}) == 1


def test_a_right_code_is_never_counted(app, shop, monkeypatch):
    code = make(shop).code
    stranger = app.test_client()
    monkeypatch.setitem(app.extensions["lapak_settings"].limits, "statement-look-up", (1, 3600))
    for number in range(25):
        stranger.get(f"/keterangan/SALAH{number}")

    assert stranger.get("/keterangan/SALAH99").status_code == 429
    assert stranger.get(f"/keterangan/{code}").status_code == 200


def test_what_is_taken_back_later_leaves_the_statement_as_it_was(hers, app, shop):
    sale = make_sale(shop, amount=Rupiah(60_000), sold_on=date(2026, 10, 7))
    statement = make(shop)
    code = statement.code
    with transaction():
        sales.reverse(sale, 1, by=shop.owner, key="batal-1")

    assert queries.reckon(shop, 12).total == Rupiah(105_000)
    said = words(app.test_client().get(f"/keterangan/{code}").text)
    assert "Rp165.000" in said
    assert "tanggal Rabu 25 November 2026" in said
    assert "Rp165.000" in hers.get(f"{PAGE}/{code}").text


def test_nobody_but_its_maker_opens_the_sheet(app, shop):
    code = make(shop).code
    others = [make_stall()[0], *(make_account(role) for role in ("pendamping", "curator", "caseworker", "head"))]
    for account in others:
        client = app.test_client()
        sign_in(client, account)
        for path in (f"{PAGE}/{code}", f"{PAGE}/{code}/surat.pdf"):
            assert client.get(path).status_code == 404


@pytest.mark.parametrize("role", ["pendamping", "curator", "caseworker", "approver", "head", "steward", "admin"])
def test_staff_make_none(client, shop, role):
    sign_in(client, make_account(role))

    assert client.post(PAGE, data={"lama": "12", "kunci": KEY}).status_code in {403, 404}
    assert made() == []


@pytest.mark.parametrize("act", [update(SalesStatement).values(sha256="0" * 64), delete(SalesStatement)], ids=str)
def test_the_database_lets_nobody_change_one(shop, act):
    make(shop)

    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(act)


def test_verify_recomputes_the_seal_and_notices_another_sum(shop):
    statement = make(shop)
    assert [each for _name, found in books.verify() for each in found] == []

    statement.totals = [{**statement.totals[0], "D": 9_000_000}, *statement.totals[1:]]

    assert statement.sealed() != statement.sha256
    db.session.rollback()


def test_verify_names_one_that_was_not_sealed(shop):
    right = make(shop)
    with transaction() as session:
        facts = {name: getattr(right, name) for name in ("shop_id", "totals", "sha256", "made_by_id")}
        months = {"first_month": right.first_month, "last_month": right.last_month}
        session.add(
            SalesStatement(**facts, **months, code="2222222222222", key="lain", made_at=NOW + timedelta(days=1))
        )
    found = dict(books.verify("surat keterangan"))["surat keterangan"]

    assert [(each.table, each.row) for each in found] == [("sales_statement", made()[1].id)]


def test_making_one_stands_in_the_audit_log(shop):
    statement = make(shop)

    assert log("statement.made") == [did(shop.owner, statement, months=12)]
