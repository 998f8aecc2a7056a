"""Buku kas: what she writes stands once, sales come by themselves, a mistake gets a line against it, all hers alone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.core import books
from app.core.db import db, dialect, transaction
from app.kit.rupiah import Rupiah
from app.trade.cashbook import operations, queries
from app.trade.cashbook.models import CashEntry
from app.trade.cashbook.rules import KINDS
from tests.factories.people import make_account, sign_in
from tests.factories.sales import make_sale
from tests.factories.trade import make_stall
from tests.support import paper
from tests.support.pages import words_of

NOW = datetime(2026, 11, 25, 5, tzinfo=UTC)
TODAY = date(2026, 11, 25)
PAGE = "/jualan/buku-kas"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def hers(client, stall):
    sign_in(client, stall[0])
    return client


def fields(client, kind: str, **given_: str) -> dict[str, str]:
    """What a form of hers sends."""
    page = client.get(f"{PAGE}/tulis/{kind}").text
    key = re.search(r'name="kunci"[^>]*value="([^"]+)"', page)[1]
    return {"kunci": key, "uang": "40rb", "catatan": "Telur bebek", "hari": TODAY.isoformat()} | given_


def entries() -> list[CashEntry]:
    db.session.rollback()
    return list(db.session.scalars(select(CashEntry).order_by(CashEntry.id)))


def test_a_month_in_the_five_words_with_sales_that_nobody_typed(hers, stall):
    make_sale(stall[1], amount=Rupiah(300_000), sold_on=TODAY)
    for kind, money in (
        ("pengeluaran", "120rb"), ("pendapatan", "30rb"), ("modal", "500rb"), ("tabungan", "50rb"),
        ("ambil-tabungan", "20rb"),
    ):  # fmt: skip
        answer = hers.post(f"{PAGE}/tulis/{kind}", data=fields(hers, kind, uang=money))
        assert answer.status_code == 303

    sums = queries.month_of_book(stall[1], TODAY).sums
    assert (sums.earned, sums.expense, sums.profit) == (Rupiah(330_000), Rupiah(120_000), Rupiah(210_000))
    assert (sums.capital, sums.saved, sums.left) == (Rupiah(500_000), Rupiah(30_000), Rupiah(680_000))
    for address in (PAGE, f"{PAGE}/cetak"):
        page = hers.get(address)
        assert page.headers["Cache-Control"] == "no-store"
        for words in ("Rp300.000", "Rp210.000", "Rp680.000", "Telur bebek"):
            assert words in page.text
    told = words_of(hers.get(PAGE).text)
    drawn = hers.get(f"{PAGE}/buku-kas.pdf?bulan=2026-11")
    assert drawn.mimetype == "application/pdf"
    on_paper = paper.text_of(drawn.data).replace("\n", "")
    for word, money in (
        ("Pendapatan dari penjualan", "Rp300.000"), ("Pendapatan lain", "Rp30.000"), ("Pengeluaran", "Rp120.000"),
        ("Laba", "Rp210.000"), ("Modal ditambahkan", "Rp500.000"), ("Ditabung bulan ini", "Rp30.000"),
        ("Sisa uang bulan ini", "Rp680.000"),
    ):  # fmt: skip
        assert f"{word} {money}" in told
        assert f"{word}{money}" in on_paper
    assert "Rp300.000" not in hers.get(f"{PAGE}?bulan=2026-10").text


def test_the_same_tap_twice_is_one_entry_and_another_under_its_key_is_refused(hers):
    sent = fields(hers, "pengeluaran")
    assert [hers.post(f"{PAGE}/tulis/pengeluaran", data=sent).status_code for _ in range(3)] == [303] * 3
    for other in ({"uang": "50rb"}, {"hari": "2026-11-24"}, {"catatan": "Gas"}):
        answer = hers.post(f"{PAGE}/tulis/pengeluaran", data=sent | other)
        assert answer.status_code == 409
        assert "sudah tersimpan dengan isi lain" in answer.text
    assert hers.post(f"{PAGE}/tulis/pendapatan", data=sent).status_code == 409
    assert [each.amount for each in entries()] == [Rupiah(40_000)]


def test_a_mistake_gets_a_line_against_it_and_is_never_rubbed_out(hers, stall):
    hers.post(f"{PAGE}/tulis/pengeluaran", data=fields(hers, "pengeluaran"))
    [entry] = entries()
    for _ in range(2):
        assert hers.post(f"{PAGE}/catatan/{entry.id}/batalkan").status_code == 303

    assert [each.amount for each in entries()] == [Rupiah(40_000), Rupiah(-40_000)]
    assert queries.month_of_book(stall[1], TODAY).sums.is_empty
    assert "Dibatalkan" in hers.get(PAGE).text
    assert hers.post(f"{PAGE}/catatan/{entries()[1].id}/batalkan").status_code == 404
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(text("UPDATE cash_entry SET amount = 1"))


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"uang": ""}, "Tulis uangnya"),
        ({"uang": "-5000"}, "Berapa uangnya? Isi uangnya dengan angka"),
        ({"uang": "50"}, "Isi antara Rp100"),
        ({"uang": "9 miliar"}, "Isi antara Rp100"),
        ({"hari": "2026-11-26"}, "belum datang"),
        ({"hari": "2025-01-01"}, "Terlalu lama"),
        ({"hari": "x"}, "Isi tanggal"),
        ({"catatan": "a" * 121}, "Terlalu panjang"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(hers, given_, says):
    answer = hers.post(f"{PAGE}/tulis/pengeluaran", data=fields(hers, "pengeluaran", **given_))

    assert answer.status_code == 422
    assert says in answer.text
    assert entries() == []


@pytest.mark.parametrize(
    ("day", "status"), [("2026-11-26", 303), ("2026-11-27", 422), ("2025-10-22", 303), ("2025-10-21", 422)]
)
def test_the_days_are_those_of_her_own_clock_four_hundred_back(client, stall, day, status):
    with time_machine.travel(datetime(2026, 11, 25, 17, 30, tzinfo=UTC), tick=False):  # half past midnight
        sign_in(client, stall[0])

        assert client.post(f"{PAGE}/tulis/modal", data=fields(client, "modal", hari=day)).status_code == status


def test_the_month_before_and_all_that_was_ever_saved_stand_beside_it(hers, stall):
    for kind, amount, day in (
        ("saving", 70_000, date(2025, 12, 31)), ("withdrawal", 15_000, date(2026, 10, 31)),
        ("saving", 5_000, TODAY), ("income", 90_000, date(2026, 10, 1)), ("expense", 20_000, date(2026, 10, 31)),
        ("income", 1_000, date(2026, 9, 30)),
    ):  # fmt: skip
        with transaction():
            operations.write_down(stall[1], kind, Rupiah(amount), day, "", key=f"{kind}-{day}")

    told = words_of(hers.get(PAGE).text)

    assert "Bulan sebelumnya: Rp70.000." in told
    assert "Tabungan seluruhnya: Rp60.000." in told


def test_nobody_else_looks_into_her_book(hers, client, app, stall):
    hers.post(f"{PAGE}/tulis/pengeluaran", data=fields(hers, "pengeluaran"))
    other = app.test_client()
    sign_in(other, make_stall(name="Lapak lain")[0])

    assert "Telur bebek" not in other.get(PAGE).text
    assert other.post(f"{PAGE}/catatan/{entries()[0].id}/batalkan").status_code == 404
    for role in ("pendamping", "curator", "head", "steward", "admin"):
        officer = app.test_client()
        sign_in(officer, make_account(role))
        assert officer.get(PAGE).status_code in {403, 404}
    assert app.test_client().get(PAGE).status_code == 303


def test_whoever_takes_over_a_shop_begins_a_book_of_his_own(stall):
    _owner, shop = stall
    for kind in ("expense", "saving"):
        with transaction():
            operations.write_down(shop, kind, Rupiah(5_000), TODAY, "Gas", key=kind * 4)
    heir = make_account("seller")
    with transaction() as session:
        session.merge(shop).owner_id = heir.id
    db.session.expire_all()

    book = queries.month_of_book(db.session.merge(shop), TODAY)
    assert (book.entries, book.sums.is_empty, book.saved_ever) == ((), True, Rupiah(0))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(KINDS), st.integers(100, 900_000), st.integers(0, 60), st.booleans()), max_size=10
    )
)
def test_each_month_is_what_its_rows_add_up_to(app, steps):
    _owner, shop = make_stall()
    wanted: dict[tuple[str, str], int] = {}
    for number, (kind, amount, days, back) in enumerate(steps):
        day = date.fromordinal(TODAY.toordinal() - days)
        with transaction():
            entry = operations.write_down(shop, kind, Rupiah(amount), day, "", key=f"langkah-{number:012}")
        if back:
            with transaction():
                operations.take_back(entry)
        else:
            wanted[f"{day:%Y-%m}", kind] = wanted.get((f"{day:%Y-%m}", kind), 0) + amount

    for month in ("2026-09", "2026-10", "2026-11"):
        sums = queries.month_of_book(shop, date.fromisoformat(month + "-01")).sums
        for kind in KINDS:
            assert getattr(sums, kind).amount == wanted.get((month, kind), 0)
    assert [each for name, found in books.verify() if name == "buku kas" for each in found] == []


@pytest.mark.parametrize(
    "column",
    ["kind = 'saving'", "on_day = '2026-11-01'", "amount = amount - 1", "shop_id = {shop}", "owner_id = {owner}"],
)
def test_a_planted_reversal_is_found(app, stall, column):
    owner, shop = make_stall()
    column = column.format(owner=owner.id, shop=shop.id)
    with transaction():
        entry = operations.write_down(stall[1], "expense", Rupiah(5_000), TODAY, "Gas", key="a" * 16)
        operations.take_back(entry)
    away, back = ("DROP TRIGGER cash_entry_unchanged", "SELECT 1")
    if dialect() == "postgresql":
        away, back = (f"ALTER TABLE cash_entry {word} TRIGGER USER" for word in ("DISABLE", "ENABLE"))
    with transaction() as session:
        for statement in (away, f"UPDATE cash_entry SET {column} WHERE reversal_of IS NOT NULL", back):
            session.execute(text(statement))

    assert [str(each) for name, found in books.verify() if name == "buku kas" for each in found]
