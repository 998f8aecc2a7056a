"""Figures of the sales book: equal to what anybody gets by adding up the lines by hand, whatever happened to them."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from app.core import books, jobs
from app.core.db import db, transaction
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.trade.sales import operations, products, queries
from app.trade.sales.models import CHANNELS, GRADES, SaleEvidence, SaleRecord
from app.trade.sales.rules import PARTS, Sale, ShopTaking, Span, Taking
from tests.factories.goods import make_product, variant_of
from tests.factories.people import REGENCY
from tests.factories.sales import make_sale
from tests.factories.trade import make_stall
from tests.support.queries import count_queries, plan_of, tidied

START = date(2025, 12, 20)
END = START + timedelta(days=99)
MAY_1 = date(2026, 5, 1)


def write(shop: Shop, day: date, amount: int = 10_000, **given: object):
    """One line of the book: qty, channel, grade, key and source may be given."""
    facts = {
        "key": secrets.token_hex(12),
        "qty": 1,
        "channel": "manual",
        "grade": "D",
        "reason": "catatan sendiri",
        "source": ("notebook", None),
    }
    sale = Sale(shop_id=shop.id, regency_code=REGENCY, amount=Rupiah(amount), sold_on=day, **(facts | given))
    with transaction():
        return operations.record([sale], by_id=1)[0]


def regrade(sale: SaleRecord, grade: str) -> None:
    """New evidence for a sale."""
    with transaction():
        operations.add_evidence(sale, grade, "diperiksa", by_id=1)


def take_back(sale: SaleRecord, qty: int, by) -> None:
    """Some units come back."""
    with transaction():
        operations.reverse(sale, qty, by=by, key=secrets.token_hex(12))


def slow_lines(spans):
    """Read the raw book, one line at a time, with the grade that counts."""
    evidence = {}
    for each in db.session.scalars(select(SaleEvidence).order_by(SaleEvidence.id)):
        evidence[each.sale_id] = each.grade
    lines = list(db.session.scalars(select(SaleRecord).order_by(SaleRecord.id)))
    written = {each.id: each.grade for each in lines}
    for line in lines:
        origin = line.reversal_of or line.id
        if any(
            span.shop_id == line.seller_id
            and (span.first is None or span.first <= line.sold_on)
            and (span.last is None or line.sold_on <= span.last)
            for span in spans
        ):
            yield line, origin, evidence.get(origin, written[origin])


def slow_months(spans, first, last):
    """Add up by month, channel and grade; what is left of a sale decides whether it stands."""
    sums, left = defaultdict(lambda: [0, 0]), defaultdict(lambda: defaultdict(int))
    for line, origin, grade in slow_lines(spans):
        if first <= line.sold_on <= last:
            key = (line.sold_on.replace(day=1), line.channel, grade)
            sums[key][0] += line.amount.amount
            sums[key][1] += line.qty
            left[key][origin] += line.qty
    return {key: (amount, qty, sum(units > 0 for units in left[key].values())) for key, (amount, qty) in sums.items()}


def slow_days(spans):
    """Name the days on which something stands."""
    left = defaultdict(int)
    for line, origin, _grade in slow_lines(spans):
        left[line.sold_on, origin] += line.qty
    return {day for (day, _origin), units in left.items() if units > 0}


def slow_sums(spans, last):
    """Add up by month what one owner's spans brought: amount, evidence A or B, days, edges, channels; no empty ones."""
    found = {}
    days = {day for day in slow_days(spans) if day <= last}
    for (month, channel, grade), (amount, _qty, _lines) in slow_months(spans, START, last).items():
        sums = found.setdefault(month, [0, 0, defaultdict(int)])
        sums[0] += amount
        sums[1] += amount * (grade in "AB")
        sums[2][channel] += amount
    told = {}
    for month, (amount, strong, channels) in found.items():
        inside = sorted(day for day in days if day.replace(day=1) == month)
        edges = (inside[0], inside[-1]) if inside else (None, None)
        told[month] = (amount, strong, len(inside), *edges, {way: n for way, n in channels.items() if n})
    return {month: sums for month, sums in told.items() if any(sums)}


def told_sums(sums):
    """Name each sum of many owners; empty ones say nothing."""
    told = defaultdict(dict)
    for each in sums:
        channels = {way: brought.amount for way, brought in each.channels.items() if brought.amount}
        values = (each.amount.amount, each.strong.amount, each.days, each.first, each.last, channels)
        if any(values):
            told[each.owner][each.month] = values
    return dict(told)


def shown(takings: list[Taking]) -> dict[tuple[object, ...], tuple[int, int, int]]:
    """Name each sum; empty ones say nothing."""
    told = {(each.month, each.channel, each.grade): (each.amount.amount, each.qty, each.lines) for each in takings}
    return {key: sums for key, sums in told.items() if any(sums)}


SALES = st.tuples(
    st.integers(0, 1), st.integers(0, 99), st.sampled_from(CHANNELS), st.sampled_from(GRADES), st.integers(1, 5),
    st.integers(0, 400_000),
)  # fmt: skip
LATER = st.tuples(st.sampled_from(("back", "grade")), st.integers(0, 30), st.integers(1, 5), st.sampled_from(GRADES))
DAYS = st.none() | st.integers(0, 99).map(lambda n: START + timedelta(days=n))
SPANS = st.lists(st.tuples(st.integers(0, 1), DAYS, DAYS), max_size=3)


def write_all(shops, sales, later, seller):
    """Write drawn sales of these shops, then regrade or take back what was drawn for later."""
    written = [
        write(shops[who], START + timedelta(days=day), amount, channel=channel, grade=grade, qty=qty)
        for who, day, channel, grade, qty, amount in sales
    ]
    for what, which, qty, grade in later if written else ():
        sale = written[which % len(written)]
        if what == "grade":
            regrade(sale, grade)
        elif queries.left_of(sale)[0] >= qty:
            take_back(sale, qty, seller)


@given(st.lists(SALES, max_size=8), st.lists(LATER, max_size=8), SPANS, st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_figure_is_what_the_lines_add_up_to(app, sales, later, spans, begin, length):
    (seller, one), (_, two) = make_stall(), make_stall()
    shops = (one, two)
    write_all(shops, sales, later, seller)
    asked = [Span(shops[who].id, first, last) for who, first, last in spans]
    first = START + timedelta(days=begin)
    last = first + timedelta(days=length)

    slow = {key: sums for key, sums in slow_months(asked, first, last).items() if any(sums)}
    days = slow_days(asked)
    assert shown(queries.list_months(asked, first, last)) == slow
    assert queries.count_sale_days(asked, first, last) == _by_month(day for day in days if first <= day <= last)
    assert queries.find_first_day(asked) == min(days, default=None)
    assert queries.find_last_day(asked) == max(days, default=None)
    owned = {1: asked[:1], 2: asked[1:], 3: []}
    assert told_sums(queries.list_sums(owned, last)) == {
        owner: slow_sums(theirs, last) for owner, theirs in owned.items() if slow_sums(theirs, last)
    }
    rows = queries.list_lines(asked, first, last, limit=500)
    assert sum(row.amount.amount for row in rows) == sum(amount for amount, _qty, _lines in slow.values())
    for taking in queries.list_months(asked, first, last):
        behind = [row for row in rows if (row.sold_on.replace(day=1), row.channel, row.grade) == _key(taking)]
        assert sum(row.amount.amount for row in behind) == taking.amount.amount
    assert _findings() == []


def _key(taking: Taking) -> tuple[date, str, str]:
    return taking.month, taking.channel, taking.grade


def _by_month(days) -> dict[date, int]:
    found: dict[date, int] = defaultdict(int)
    for day in days:
        found[day.replace(day=1)] += 1
    return dict(found)


def _findings() -> list[str]:
    db.session.rollback()
    sold = ("penjualan", "jumlah penjualan", "penjualan pesanan")
    return [str(each) for _name, found in books.verify(*sold) for each in found]


@pytest.fixture
def stall(app):
    return make_stall()


@pytest.fixture
def seller(stall):
    return stall[0]


@pytest.fixture
def shop(stall):
    return stall[1]


def test_a_reversal_counts_on_the_day_of_its_original_and_new_evidence_carries_what_is_left(shop, seller):
    sale = write(shop, MAY_1, 30_000, qty=3)
    take_back(sale, 1, seller)
    regrade(sale, "B")

    assert queries.list_months([Span(shop.id)], MAY_1, MAY_1) == [
        Taking(MAY_1, "manual", "B", Rupiah(20_000), 2, 1),
        Taking(MAY_1, "manual", "D", Rupiah(0), 0, 0),
    ]
    assert [row.grade for row in queries.list_lines([Span(shop.id)], MAY_1, MAY_1)] == ["B", "B"]


def test_a_sale_that_was_wholly_taken_back_is_no_sale_day(shop, seller):
    take_back(write(shop, MAY_1, qty=2), 2, seller)

    assert queries.count_sale_days([Span(shop.id)], MAY_1, MAY_1) == {}
    assert queries.find_last_day([Span(shop.id)]) is None
    assert queries.days_since_last([Span(shop.id)], MAY_1) is None


def test_days_since_the_last_sale_end_with_the_link(shop):
    for day in (0, 9, 20):
        write(shop, MAY_1 + timedelta(days=day))

    linked = [Span(shop.id, MAY_1, MAY_1 + timedelta(days=15))]
    assert queries.days_since_last(linked, MAY_1 + timedelta(days=30)) == 21
    assert queries.days_since_last([Span(shop.id)], MAY_1 + timedelta(days=30)) == 10
    assert queries.days_since_last([Span(shop.id)], MAY_1 + timedelta(days=8)) == 8


def test_nobody_asked_about_is_nothing(app):
    assert queries.list_months([], MAY_1, MAY_1) == []
    assert queries.list_lines([], MAY_1, MAY_1) == []
    assert queries.count_sale_days([], MAY_1, MAY_1) == {}
    assert queries.find_first_day([]) is None
    assert queries.list_source_takings("bazaar", []) == {}


def test_rows_come_in_pages_that_miss_none(shop):
    for number in range(7):
        write(shop, MAY_1 + timedelta(days=number // 3), amount=1_000 + number)

    seen, before = [], None
    while True:
        page = queries.list_lines([Span(shop.id)], MAY_1, END + timedelta(days=90), before=before, limit=2)
        seen += [row.amount.amount for row in page[:2]]
        if len(page) < 3:
            break
        before = (page[1].sold_on, page[1].id)

    assert seen == [1_006, 1_005, 1_004, 1_003, 1_002, 1_001, 1_000]


def test_rows_of_one_channel_and_grade(shop):
    mine = write(shop, MAY_1, channel="bazaar", grade="D")
    write(shop, MAY_1, channel="manual", grade="D")
    regrade(write(shop, MAY_1, channel="bazaar", grade="D"), "B")

    rows = queries.list_lines([Span(shop.id)], MAY_1, MAY_1, channel="bazaar", grade="D")
    assert [row.id for row in rows] == [mine.id]


def test_a_region_by_month_channel_grade_and_shop(shop, seller):
    other = make_stall()[1]
    write(shop, MAY_1, 5_000)
    write(shop, MAY_1 + timedelta(days=30), 6_000, channel="bazaar", grade="B")
    take_back(write(other, MAY_1, 7_000), 1, seller)
    write(other, MAY_1 + timedelta(days=31), 8_000)

    found = queries.list_region_shops(REGENCY, MAY_1, MAY_1)
    assert ShopTaking(shop.id, MAY_1, "manual", "D", Rupiah(5_000), 1, 1) in found
    assert ShopTaking(shop.id, MAY_1, "bazaar", "B", Rupiah(6_000), 1, 1) in found
    assert {each.day for each in found} == {MAY_1}
    assert queries.count_active_shops(REGENCY, MAY_1, date(2026, 6, 30)) == {MAY_1: 1, date(2026, 6, 1): 1}
    whole = queries.list_region(REGENCY.partition(".")[0], MAY_1, date(2026, 6, 30))
    assert shown(whole)[date(2026, 6, 1), "manual", "D"] == (8_000, 1, 1)
    assert queries.list_region("32", MAY_1, date(2026, 6, 30)) == []


def test_a_region_knows_how_many_shops_and_sales_its_sums_come_from(shop, seller):
    far = {"regency_code": "36.01", "kecamatan_code": "36.01.01", "desa_code": "36.01.01.2001"}
    back, alike = make_stall()[1], make_stall(id=shop.id + PARTS, **far)[1]
    for each in (shop, alike):
        make_sale(each, sold_on=MAY_1)
    take_back(make_sale(back, sold_on=MAY_1), 1, seller)

    def counted(region):
        cells = queries.list_region_cells(region, MAY_1, MAY_1)
        return {(each.by, each.key): (each.shops, each.lines) for each in cells if each.lines}

    ways = (("", ""), ("channel", "manual"), ("grade", "D"))
    assert counted(REGENCY) == {**dict.fromkeys(ways, (1, 1)), ("area", shop.kecamatan_code): (1, 1)}
    areas = dict.fromkeys((("area", REGENCY), ("area", "36.01")), (1, 1))
    assert counted(REGENCY.partition(".")[0]) == {**dict.fromkeys(ways, (2, 2)), **areas}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SALES, max_size=10), st.lists(LATER, max_size=6))
def test_a_region_is_what_the_lines_of_its_shops_add_up_to(app, sales, later):
    (seller, one), (_, two) = make_stall(), make_stall()
    write_all((one, two), sales, later, seller)
    # What other examples left in this region stands beside; it is added up as slowly.
    everyone = [Span(each) for each in db.session.scalars(select(Shop.id))]
    slow = {key: sums for key, sums in slow_months(everyone, START.replace(day=1), END).items() if any(sums)}
    last = END.replace(day=1)

    assert shown(queries.list_region(REGENCY, START, END)) == slow
    found: dict[tuple[str, date, str], int] = defaultdict(int)
    for (month, channel, grade), (amount, _qty, _lines) in slow.items():
        kecamatan = (("area", one.kecamatan_code),) if month == last else ()
        for by, key in (("", ""), ("channel", channel), ("grade", grade), *kecamatan):
            found[by, month, key] += amount
    cells = queries.list_region_cells(REGENCY, START, END)
    told = {(each.by, each.month, each.key): each.amount.amount for each in cells if each.amount}
    assert told == {key: amount for key, amount in found.items() if amount}


def test_what_one_bazaar_brought(shop, seller):
    first = write(shop, MAY_1, 9_000, qty=3, channel="bazaar", source=("bazaar", 4))
    write(shop, MAY_1, 1_000, channel="bazaar", source=("bazaar", 4))
    write(shop, MAY_1, 5_000, channel="bazaar", source=("bazaar", 5))
    take_back(first, 3, seller)
    regrade(first, "B")

    assert queries.list_source_takings("bazaar", [4, 6]) == {
        4: [
            ShopTaking(shop.id, MAY_1, "bazaar", "B", Rupiah(0), 0, 0),
            ShopTaking(shop.id, MAY_1, "bazaar", "D", Rupiah(1_000), 1, 1),
        ]
    }


@pytest.mark.parametrize("table", ["sale_day", "sale_month", "sale_product", "sale_region"])
def test_a_planted_sum_is_found_and_set_right_in_the_night(shop, table):
    eggs = variant_of(make_product(shop))
    for day in (0, 40):
        write(shop, MAY_1 + timedelta(days=day), variant_id=eggs.id)
        write(make_stall()[1], MAY_1 + timedelta(days=day))
    regrade(write(shop, MAY_1, 7_000, variant_id=eggs.id), "B")
    assert _findings() == []
    before = kept_sums()
    columns = ("amount", "qty") if table == "sale_product" else ("amount", "qty", "lines")
    acts = [f"UPDATE {table} SET {column} = {column} + 1" for column in columns]

    for act in (*acts, f"UPDATE {table} SET channel = 'group'", f"DELETE FROM {table}"):
        with transaction():
            db.session.execute(text(act))
        assert any(each.startswith(f"{table} ") for each in _findings()), act
        with transaction():
            jobs._clocks["sales.heal-nightly"].run()
        while jobs.run_due():
            pass

        assert _findings() == []
        assert kept_sums() == before


def kept_sums() -> dict[str, list[tuple[object, ...]]]:
    """Read every kept sum that is more than nothing."""
    db.session.rollback()
    tables = ("sale_day", "sale_month", "sale_product", "sale_region")
    return {
        name: sorted((tuple(row) for row in db.session.execute(text(f"SELECT * FROM {name} WHERE qty <> 0"))), key=str)
        for name in tables
    }


def test_a_line_that_any_program_writes_moves_the_sums(shop):
    write(shop, MAY_1, 4_000)
    copied = "seller_id, regency_code, free_text, qty, amount, sold_on, channel, grade, source_type, entered_by_id, at"

    with transaction():
        db.session.execute(
            text(f"INSERT INTO sale_record (client_uuid, {copied}) SELECT 'other', {copied} FROM sale_record")
        )
        other = db.session.scalar(text("SELECT id FROM sale_record WHERE client_uuid = 'other'"))

    assert queries.takings(shop.id, MAY_1, MAY_1) == Rupiah(8_000)
    assert _findings() == [f"sale_record {other}: does not begin with its evidence"], "the sums are true"


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sales=st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(0, 99),
            st.sampled_from(CHANNELS),
            st.integers(1, 5),
            st.integers(100, 90_000),
        ),
        max_size=12,
    ),
    back=st.lists(st.tuples(st.integers(0, 11), st.integers(1, 5)), max_size=6),
)
def test_a_product_brought_what_its_lines_add_up_to(app, sales, back):
    seller, shop = make_stall()
    goods = [variant_of(make_product(shop, f"Barang {each}")).id for each in range(2)] + [None]
    written = [
        write(shop, START + timedelta(days=day), amount, channel=channel, qty=qty, variant_id=goods[which])
        for which, day, channel, qty, amount in sales
    ]
    for which, qty in back if written else ():
        sale = written[which % len(written)]
        if queries.left_of(sale)[0] >= qty:
            take_back(sale, qty, seller)

    slow: dict[tuple[int, date], list[int]] = defaultdict(lambda: [0, 0])
    for line in db.session.scalars(select(SaleRecord).where(SaleRecord.seller_id == shop.id)):
        if line.variant_id:
            slow[line.variant_id, line.sold_on.replace(day=1)][0] += line.amount.amount
            slow[line.variant_id, line.sold_on.replace(day=1)][1] += line.qty
    for variant_id in goods[:2]:
        found = products.list_product_months([variant_id], START, END)
        assert {month: [amount.amount, qty] for month, (amount, qty) in found.items()} == {
            month: sums for (whose, month), sums in slow.items() if whose == variant_id
        }
    together = products.list_product_months(goods[:2], START, END)
    assert {month: [amount.amount, qty] for month, (amount, qty) in together.items()} == {
        each: [sum(sums[n] for (_, month), sums in slow.items() if month == each) for n in (0, 1)] for _, each in slow
    }
    month = START.replace(day=1)
    best = [(each.variant_id, each.amount.amount, each.qty) for each in products.list_products(shop.id, month, month)]
    wanted = [(whose, *sums) for (whose, each), sums in slow.items() if each == month and sums[1] > 0]
    assert best == sorted(wanted, key=lambda row: (-row[1], row[0]))
    assert _findings() == []


QUESTIONS = {
    "best products": lambda spans: products.list_products(spans[0].shop_id, START, MAY_1),
    "units of a product": lambda _spans: products.count_units(7, START, MAY_1),
    "a product": lambda _spans: products.list_product_months([7, 8], START, MAY_1),
    "months": lambda spans: queries.list_months(spans, START, END),
    "sale days": lambda spans: queries.count_sale_days(spans, START, END),
    "first day": queries.find_first_day,
    "last day": lambda spans: queries.days_since_last(spans, MAY_1),
    "rows": lambda spans: queries.list_lines(spans, START, MAY_1, grade="D", before=(MAY_1, 7)),
    "sums of many": lambda spans: queries.list_sums({span.shop_id: [span] for span in spans}, MAY_1),
    "region": lambda _spans: queries.list_region(REGENCY, START, MAY_1),
    "shops of a region": lambda _spans: queries.list_region_shops(REGENCY, START, MAY_1),
    "province": lambda _spans: queries.list_region(REGENCY.partition(".")[0], START, MAY_1),
    "active shops": lambda _spans: queries.count_active_shops(REGENCY, START, MAY_1),
    "a bazaar": lambda _spans: queries.list_source_takings("bazaar", [4, 5]),
    "usual": lambda spans: queries.list_usual(spans[0].shop_id, START),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("shops", [1, 3])
def test_no_question_reads_a_whole_table(app, shop, question, shops):
    write(shop, MAY_1)
    tidied("sale_day")
    with count_queries(app) as asked:
        QUESTIONS[question]([Span(shop.id + more, START, END + timedelta(days=400)) for more in range(shops)])

    for statement, parameters in asked:
        plan = plan_of(statement, parameters, ordered=False)
        assert not re.search(r"SCAN (sale_\w+|region)\b|Seq Scan on (sale_\w+|region)\b", plan), plan
