"""The seller's week and month of takings."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.core.db import db, transaction
from app.goods.products import costing
from app.goods.products.costs import Line
from app.goods.products.models import Variant
from app.kit.rupiah import Rupiah
from app.people import places
from app.people.places.models import Region
from app.trade.sales import ledger, operations, queries
from app.trade.sales.rules import Month, Week
from tests.factories.goods import make_product, variant_of
from tests.factories.people import make_account, sign_in
from tests.factories.sales import make_sale
from tests.factories.trade import handed_order, make_stall
from tests.support.pages import words_of
from tests.support.queries import count_queries

WEDNESDAY = datetime(2026, 11, 18, 5, tzinfo=UTC)


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], "Telur asin masir", price=38_000, qty=100)


def week(total, last, days=None):
    amounts = days or (total, 0, 0, 0, 0, 0, 0)
    return Week(date(2026, 11, 16), tuple(Rupiah(each) for each in amounts), Rupiah(total), Rupiah(last))


@pytest.mark.parametrize(
    ("total", "last", "words", "way"),
    [
        (50_000, 30_000, "Naik Rp20.000 dari minggu sebelumnya.", "up"),
        (30_000, 50_000, "Turun Rp20.000 dari minggu sebelumnya.", "down"),
        (30_000, 30_000, "Sama dengan minggu sebelumnya.", ""),
        (30_000, 0, "Minggu lalu belum ada uang masuk.", ""),
        (0, 0, "", ""),
    ],
)
def test_the_change_is_said_in_words(total, last, words, way):
    assert ledger.compared(week(total, last)) == (words, way)


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "0"), (38_000, "38"), (12_500, "12,5"), (1_250_000, "1.250"), (999, "0,999")]
)
def test_thousands_are_exact(app, amount, shown):
    with app.test_request_context():
        assert ledger.thousands(Rupiah(amount)) == shown


def test_a_week_from_monday_to_sunday_with_every_figure(client, stall, eggs):
    for day, qty in ((-9, 1), (-2, 2), (0, 3)):
        with time_machine.travel(WEDNESDAY + timedelta(days=day)):
            handed_order(eggs, stall[0], qty)

    with time_machine.travel(WEDNESDAY):
        sign_in(client, stall[0])
        page = client.get("/jualan/uang").text
        before = client.get("/jualan/uang?minggu=2026-11-09").text

    assert "Rp190.000" in page
    assert "Naik Rp152.000 dari minggu sebelumnya." in page
    assert "Sen 76, Sel 0, Rab 114, Kam 0, Jum 0, Sab 0, Min 0" in page
    assert page.count("bar-chart__bar--best") == 1
    assert "3 × Telur asin masir" in page
    assert "Rabu 18 November 2026" in page
    assert "Bukti cukup: tanpa kode pembeli" in page
    assert "Rp38.000" in before
    assert "9 Nov sampai 15 Nov" in before
    assert "1 × Telur asin masir" in before
    assert "Senin 9 November 2026" in before
    assert "3 × Telur asin masir" not in before


def test_her_week_begins_at_the_midnight_of_her_kabupaten(client, stall, eggs):
    """In the east it is Monday while in the west it is Sunday still."""
    with transaction():
        db.session.get_one(Region, "36.04").zone = "Asia/Jayapura"
    places.queries.forget_settings()
    with time_machine.travel(datetime(2026, 11, 15, 15, 30, tzinfo=UTC)):
        handed_order(eggs, stall[0])
        sign_in(client, stall[0])
        page = client.get("/jualan/uang").text

    assert "Sen 38, Sel 0" in page
    assert "Senin 16 November 2026" in page


def test_a_sale_at_midnight_belongs_to_the_local_day(client, stall, eggs):
    with time_machine.travel(datetime(2026, 11, 15, 17, 30, tzinfo=UTC)):
        handed_order(eggs, stall[0])

    assert queries.week_takings(stall[1].id, date(2026, 11, 18)).days[0] == Rupiah(38_000)


def test_what_was_brought_back_stands_as_a_line_of_its_own(client, stall, eggs):
    with time_machine.travel(WEDNESDAY):
        order = handed_order(eggs, stall[0], 3)
        sale = queries.list_of_source("order", order.id)[0]
        with transaction():
            operations.reverse(sale, 1, by=stall[0], key="back-1")
        sign_in(client, stall[0])
        page = client.get("/jualan/uang").text

    assert "Rp76.000" in page
    assert "−Rp38.000" in page
    assert "Dikembalikan pembeli" in page


def test_better_evidence_shows(client, stall, eggs):
    with time_machine.travel(WEDNESDAY):
        order = handed_order(eggs, stall[0])
        with transaction():
            operations.add_evidence(queries.list_of_source("order", order.id)[0], "A", "diakui pembeli", by_id=0)
        sign_in(client, stall[0])
        assert "Bukti kuat: kode pembeli cocok" in client.get("/jualan/uang").text


def test_an_empty_week_shows_the_way_on(client, stall):
    sign_in(client, stall[0])

    assert "Belum ada penjualan minggu ini" in client.get("/jualan/uang").text


@pytest.mark.parametrize(
    "asked", ["", "x", "2026-13-01", "0001-01-01", "9999-12-31", "2026-W01-1", "\u0662", "9" * 300, "2026-11-16T00:00"]
)
def test_a_week_that_cannot_be_is_this_one(client, stall, asked):
    sign_in(client, stall[0])

    answer = client.get("/jualan/uang", query_string={"minggu": asked})

    assert answer.status_code == 200


def test_only_her_own_money_is_hers(client, stall, eggs):
    handed_order(eggs, stall[0])
    other, _ = make_stall()
    sign_in(client, other)

    page = client.get("/jualan/uang").text

    assert "Telur asin masir" not in page
    assert "Rp38.000" not in page


@pytest.mark.parametrize("role", ["pendamping", "curator", "head", "admin"])
def test_other_roles_do_not_see_it(client, stall, role):
    sign_in(client, make_account(role))

    assert client.get("/jualan/uang").status_code in {403, 404}


def test_the_page_asks_little_and_is_kept_by_nobody(app, client, stall, eggs):
    for _ in range(4):
        handed_order(eggs, stall[0])
    sign_in(client, stall[0])
    client.get("/jualan/uang")

    with count_queries(app) as asked:
        answer = client.get("/jualan/uang")

    assert len(asked) <= 12, asked
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_month_by_weeks_by_channel_and_by_evidence(client, stall):
    for day, amount, given in (
        (date(2026, 11, 1), 10_000, {}),
        (date(2026, 11, 3), 20_000, {"channel": "bazaar", "grade": "B"}),
        (date(2026, 11, 17), 30_000, {"channel": "online", "grade": "A"}),
        (date(2026, 10, 31), 45_000, {}),
    ):
        make_sale(stall[1], amount=Rupiah(amount), sold_on=day, **given)
    with time_machine.travel(datetime(2026, 12, 2, 5, tzinfo=UTC)):
        sign_in(client, stall[0])
        page = client.get("/jualan/uang?bulan=2026-11").text

    assert '<h2 id="bulan">November 2026</h2>' in page
    assert "Rp60.000" in page
    assert "Naik Rp15.000 dari bulan sebelumnya." in page
    assert "1 10, 2–8 20, 9–15 0, 16–22 30, 23–29 0, 30 0" in page
    assert re.findall(r'class="bar-chart__value"[^>]*>([^<]+)<', page) == ["10", "20", "0", "30", "0", "0"]
    tall = [float(each) for each in re.findall(r'class="bar-chart__bar[^"]*"[^>]* height="([\d.]+)"', page)]
    assert tall == [pytest.approx(95 * part, abs=0.1) if part else 3.0 for part in (1 / 3, 2 / 3, 0, 1, 0, 0)]
    assert "3 hari ada yang laku" in page
    rows = words_of(page)
    assert "Pesanan di sini Rp30.000 Bazar Rp20.000 Jualan di rumah Rp10.000" in rows  # the largest first
    assert "Diakui pembeli Pesanan yang kode pembelinya cocok. Rp30.000" in rows
    assert "Dari bazar Dicocokkan dan ditandatangani petugas bazar. Rp20.000" in rows
    assert "Catatan sendiri Ditulis penjual, tanpa bukti lain. Rp10.000" in rows
    assert "Ada bukti" not in rows
    assert 'href="/jualan/uang?minggu=2026-11-16"' in page
    assert 'href="/jualan/uang?bulan=2026-10"' in page
    assert 'href="/jualan/uang?bulan=2026-12"' in page


def test_a_month_shows_what_sold_best_what_is_left_of_it_and_the_year_before(client, stall, eggs):
    salt = make_product(stall[1], "Garam", price=5_000)
    with transaction():
        costing.save(eggs, [Line("bahan", "telur", Rupiah(100_000))], 5, version=0)
    for product, qty, amount, day in (
        (eggs, 3, 114_000, date(2026, 11, 3)),
        (salt, 9, 45_000, date(2026, 11, 4)),
        (None, 1, 200_000, date(2026, 11, 5)),
        (eggs, 1, 38_000, date(2025, 11, 30)),
    ):
        variant_id = variant_of(product).id if product else None
        make_sale(stall[1], qty=qty, amount=Rupiah(amount), sold_on=day, variant_id=variant_id)
    with time_machine.travel(datetime(2026, 12, 2, 5, tzinfo=UTC)):
        sign_in(client, stall[0])
        page = client.get("/jualan/uang?bulan=2026-11").text

    rows = words_of(page)
    assert "Bulan yang sama tahun lalu: Rp38.000. Naik Rp321.000." in rows
    assert re.search(r"Paling laku Telur asin masir 3 \S+ · laba Rp54\.000 Rp114\.000 Garam 9 \S+ Rp45\.000", rows)
    assert "Uang masuk yang modalnya sudah dihitung Rp114.000 Modal untuk membuatnya Rp60.000 Laba Rp54.000" in rows


def test_a_product_of_two_choices_has_one_month_and_no_cost_that_would_speak_of_one_of_them(client, stall, eggs):
    with transaction() as session:
        costing.save(eggs, [Line("bahan", "telur", Rupiah(100_000))], 5, version=0)
        small = variant_of(eggs)
        large = Variant(product_id=eggs.id, stock_mode="unlimited", position=1, unit="pak", price=Rupiah(60_000))
        session.add(large)
    for variant, amount in ((small, 38_000), (large, 60_000)):
        make_sale(stall[1], amount=Rupiah(amount), sold_on=date(2026, 11, 3), variant_id=variant.id)
    with time_machine.travel(datetime(2026, 12, 2, 5, tzinfo=UTC)):
        sign_in(client, stall[0])
        month = words_of(client.get("/jualan/uang?bulan=2026-11").text)
        product = words_of(client.get(f"/jualan/uang/produk/{eggs.id}?bulan=2026-11").text)

    assert "Modal untuk membuatnya" not in month
    assert "Rp98.000" in product


def test_what_is_left_counts_each_of_many_products(client, stall):
    for number in range(52):
        product = make_product(stall[1], f"Barang {number}", price=5_000)
        with transaction():
            costing.save(product, [Line("bahan", "telur", Rupiah(1_000))], 1, version=0)
        make_sale(stall[1], amount=Rupiah(5_000), sold_on=date(2026, 11, 3), variant_id=variant_of(product).id)
    with time_machine.travel(datetime(2026, 12, 2, 5, tzinfo=UTC)):
        sign_in(client, stall[0])
        page = client.get("/jualan/uang?bulan=2026-11").text

    rows = words_of(page)
    assert "Modal untuk membuatnya Rp52.000 Laba Rp208.000" in rows


def test_a_mark_is_said_in_plain_words_and_accuses_nobody(client, stall, eggs):
    for _ in range(5):
        make_sale(stall[1], amount=Rupiah(20_000), grade="C")
    make_sale(stall[1], amount=Rupiah(900_000), grade="C")
    handed_order(eggs, stall[0], phone=stall[0].phone)
    sign_in(client, stall[0])
    page = client.get("/jualan/uang").text

    assert page.count("Jauh lebih besar dari biasanya: simpan notanya") == 1
    assert (
        page.count("Pemesan memakai nomor sendiri, nomor keluarga, atau nomor pendamping: dihitung catatan sendiri")
        == 1
    )


@pytest.mark.parametrize(
    ("total", "last", "running", "words", "way"),
    [
        (50, 30, False, "Naik Rp20 dari bulan sebelumnya.", "up"),
        (30, 50, False, "Turun Rp20 dari bulan sebelumnya.", "down"),
        (30, 30, False, "Sama dengan bulan sebelumnya.", ""),
        (30, 50, True, "Bulan ini belum selesai. Oktober 2026: Rp50.", ""),
        (30, 0, True, "Bulan sebelumnya belum ada uang masuk.", ""),
        (0, 0, True, "", ""),
    ],
)
def test_a_month_beside_the_one_before(total, last, running, words, way):
    month = Month(
        date(2026, 11, 1), (), {"manual": Rupiah(total)}, {"D": Rupiah(total)}, 1, date(2026, 10, 1), Rupiah(last)
    )

    assert ledger.compared_months(month, is_running=running) == (words, way)


@pytest.mark.parametrize(("running", "more"), [(True, ""), (False, " Naik Rp20.")])
def test_a_month_that_still_runs_is_held_against_no_year_before(running, more):
    sums = {"manual": Rupiah(50)}, {"D": Rupiah(50)}
    month = Month(date(2026, 11, 1), (), *sums, 1, date(2026, 10, 1), Rupiah(0), Rupiah(30))

    assert ledger.compared_year(month, is_running=running) == f"Bulan yang sama tahun lalu: Rp30.{more}"


def test_week_and_month_lead_to_each_other(client, stall):
    with time_machine.travel(WEDNESDAY):
        make_sale(stall[1])
        sign_in(client, stall[0])
        week = client.get("/jualan/uang?minggu=2026-10-28").text
        month = client.get("/jualan/uang?bulan=2026-11").text

    assert 'href="/jualan/uang?bulan=2026-10"' in week
    assert 'href="/jualan/uang?minggu=2026-11-18"' in month
    assert 'href="/jualan/uang?minggu=2026-11-23"' not in month  # a week to come
    assert "bulan=2026-12" not in month


def test_what_was_taken_back_leaves_the_month(client, stall):
    with time_machine.travel(WEDNESDAY):
        sale = make_sale(stall[1], amount=Rupiah(70_000))
        make_sale(stall[1], amount=Rupiah(5_000))
        with transaction():
            operations.reverse(sale, 1, by=stall[0], key="back-month")
        month = ledger.month_of_shop(stall[1].id, date(2026, 11, 30))

    assert (month.total, month.by_channel, month.days) == (Rupiah(5_000), {"manual": Rupiah(5_000)}, 1)


@pytest.mark.parametrize(("asked", "says"), [("2026-11", "Belum ada penjualan bulan ini"), ("2026-03", "di bulan itu")])
def test_an_empty_month_shows_the_way_on(client, stall, asked, says):
    with time_machine.travel(WEDNESDAY):
        sign_in(client, stall[0])

        assert says in client.get(f"/jualan/uang?bulan={asked}").text


@pytest.mark.parametrize("asked", ["", "x", "2026-13", "0001-01", "9999-12", "2026", "2026-W04", "\u0662", "9" * 300])
def test_a_month_that_cannot_be_is_this_one(client, stall, asked):
    with time_machine.travel(WEDNESDAY):
        sign_in(client, stall[0])
        answer = client.get("/jualan/uang", query_string={"bulan": asked})

    assert answer.status_code == 200
    assert "November 2026" in answer.text


def test_the_month_asks_little(app, client, stall):
    for _ in range(4):
        make_sale(stall[1])
    sign_in(client, stall[0])
    client.get("/jualan/uang?bulan=")

    with count_queries(app) as asked:
        client.get("/jualan/uang?bulan=")

    assert len(asked) <= 12, asked


def sold(shop, product, day, amount=5_000, qty=1):
    make_sale(shop, amount=Rupiah(amount), sold_on=day, qty=qty, variant_id=variant_of(product).id)


@pytest.fixture
def sold_for_a_year(stall, eggs):
    for day, qty, amount in (
        (date(2026, 11, 17), 1, 38_000),
        (date(2026, 11, 3), 2, 76_000),
        (date(2026, 10, 9), 5, 190_000),
        (date(2026, 9, 30), 4, 152_000),
        (date(2026, 5, 31), 1, 30_500),
        (date(2025, 11, 30), 9, 300_000),
        (date(2025, 10, 31), 5, 160_000),
    ):
        sold(stall[1], eggs, day, amount, qty)
    sold(stall[1], make_product(stall[1], "Keripik pisang"), date(2026, 11, 3), 7_000_000)


def test_a_product_s_month_stands_beside_the_one_before_and_a_year_ago(client, stall, eggs, sold_for_a_year):
    sign_in(client, stall[0])
    with time_machine.travel(WEDNESDAY):
        page = client.get(f"/jualan/uang/produk/{eggs.id}").text
        before = client.get(f"/jualan/uang/produk/{eggs.id}?bulan=2026-10").text
        empty = client.get(f"/jualan/uang/produk/{eggs.id}?bulan=2026-06").text

    assert "Rp114.000" in page
    assert "3 pak laku" in page
    assert "Bulan ini belum selesai. Oktober 2026: Rp190.000." in page
    assert "Bulan yang sama tahun lalu: Rp300.000." in page
    assert "Jun 0, Jul 0, Agu 0, Sep 152, Okt 190, Nov 114" in page
    assert "?bulan=2026-12" not in page
    assert "5 pak laku" in before
    assert "Naik Rp38.000 dari bulan sebelumnya." in before
    assert "Bulan yang sama tahun lalu: Rp160.000. Naik Rp30.000." in before
    assert "Mei 30,5, Jun 0" in before
    assert "?bulan=2026-11" in before
    assert "Tidak ada yang laku." in empty
    assert "Turun Rp30.500 dari bulan sebelumnya." in empty


def test_her_month_leads_to_the_month_of_each_product_that_sold_best(client, stall, eggs, sold_for_a_year):
    sign_in(client, stall[0])
    with time_machine.travel(WEDNESDAY):
        page = client.get("/jualan/uang?bulan=2026-10").text

    assert f'href="/jualan/uang/produk/{eggs.id}?bulan=2026-10"' in page
    assert f'href="/jualan/uang/produk/{eggs.id}"' in client.get(f"/jualan/produk/{eggs.id}").text


@pytest.mark.parametrize("asked", ["2026-13", "1999-01", "2999-01", "x" * 900])
def test_a_product_s_month_that_cannot_be_is_this_one(client, stall, eggs, sold_for_a_year, asked):
    sign_in(client, stall[0])
    with time_machine.travel(WEDNESDAY):
        page = client.get(f"/jualan/uang/produk/{eggs.id}?bulan={asked}")

    assert page.status_code == 200
    assert "November 2026" in page.text


def test_what_a_neighbour_s_product_brought_is_hers_alone(client, eggs, sold_for_a_year):
    sign_in(client, make_stall(name="Kue Bu Nur")[0])

    assert client.get(f"/jualan/uang/produk/{eggs.id}").status_code == 404
