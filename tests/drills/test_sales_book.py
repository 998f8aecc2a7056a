"""Half a million sales: every question that pages ask of the book takes at most 50 ms of the engine's time, and says
what adding up line by line says. LAPAK_DRILL_SALES=5000000 plays it with as many.

Beyond a million PostgreSQL takes the lines in with its triggers asleep, which it would wake for an hour, and the hand
that mends the sums at night writes all of them.

Source: spec/performance.md, budget 14.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import event, func, select, text

from app.core import books
from app.core.db import db, dialect, transaction
from app.goods.shops.models import Shop
from app.trade.sales import healing, products, queries
from app.trade.sales.rules import PARTS, Span
from tests.factories.goods import make_product, variant_of
from tests.factories.people import REGENCY
from tests.factories.trade import make_stall

pytestmark = pytest.mark.drill

SHOPS, DAYS, WARES = 2_000, 730, 24
SALES = int(os.environ.get("LAPAK_DRILL_SALES", "500_000"))
FIRST = date(2024, 12, 1)
LAST = FIRST + timedelta(days=DAYS - 1)
MOST_MS = 50
ROUNDS = 20
AWAKE = 1_000_000  # so many lines move their sums as they come


def numbers(many: int) -> str:
    """Return a table `n(i)` of whole numbers, in the words of the engine."""
    if dialect() == "postgresql":
        return f"n(i) AS (SELECT generate_series(0, {many - 1}))"
    return f"n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {many - 1})"


def pour(first_shop: int, first_variant: int) -> None:
    """Write the shops and their sales, with evidence for every fifth and a reversal for every fiftieth."""
    shop = (
        "regency_code, kecamatan_code, desa_code, owner_id, business_type_slug, name, state, pickup_place, created_at"
    )
    columns = [row[0] for row in db.session.execute(text("SELECT * FROM shop LIMIT 0")).cursor.description]
    kept = ", ".join(name for name in columns if name not in {"id", "slug"})
    assert "owner_id" in shop
    day = "CAST(:first AS date) + CAST(i % :days AS integer)"
    if dialect() == "sqlite":
        day = "date(:first, '+' || (i % :days) || ' days')"
    asleep = dialect() == "postgresql" and SALES > AWAKE
    with transaction() as session:
        if asleep:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        many = f"WITH RECURSIVE {numbers(SHOPS)} INSERT INTO shop (id, slug, {kept}) SELECT "
        session.execute(
            text(f"{many} :base + i, 'ramai-' || i, {kept} FROM n, shop WHERE shop.id = :base AND i > 0"),
            {"base": first_shop},
        )
        session.execute(
            text(
                f"WITH RECURSIVE {numbers(SALES)} INSERT INTO sale_record (client_uuid, seller_id, regency_code,"
                " variant_id, free_text, qty, amount, sold_on, channel, grade, source_type, source_id,"
                " entered_by_id, at)"
                f" SELECT 'ramai-' || i, :base + i % {SHOPS}, :regency,"
                f" CASE WHEN i % 7 > 0 THEN :variant + i % {WARES} END, '', 2, 2000 + i % 97 * 1000, {day},"
                " CASE WHEN i % 3 = 0 THEN 'bazaar' WHEN i % 3 = 1 THEN 'online' ELSE 'manual' END, 'D',"
                " CASE WHEN i % 3 = 0 THEN 'bazaar' ELSE 'notebook' END, i % 2000, 1, CURRENT_TIMESTAMP FROM n"
            ),
            {
                "base": first_shop,
                "variant": first_variant,
                "regency": REGENCY,
                "first": FIRST.isoformat(),
                "days": DAYS,
            },
        )
        session.execute(
            text(
                "INSERT INTO sale_evidence (sale_id, grade, reason, by_id, at)"
                " SELECT id, 'A', 'dicocokkan', 1, CURRENT_TIMESTAMP FROM sale_record WHERE id % 5 = 0"
            )
        )
        copied = "seller_id, regency_code, variant_id, free_text, sold_on, channel, grade, source_type, source_id"
        copied += ", entered_by_id, at"
        session.execute(
            text(
                f"INSERT INTO sale_record (client_uuid, qty, amount, reversal_of, {copied})"
                f" SELECT client_uuid || '-balik', -1, -amount / 2, id, {copied} FROM sale_record WHERE id % 50 = 0"
            )
        )
    if asleep:
        write_sums()
    if dialect() == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def write_sums() -> None:
    """Write every sum as the night mends it, a shop at a time."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    for shop_id in list(db.session.scalars(select(Shop.id).order_by(Shop.id))):
        with transaction():
            healing.mend(shop_id)
    with transaction():
        for part in range(PARTS):
            healing.mend_part(part)


def worked() -> float:
    """Return how many seconds the engine has worked on our questions; what else the machine does is left out."""
    if dialect() == "sqlite":
        return time.thread_time()
    stat = Path(f"/proc/{db.session.scalar(select(func.pg_backend_pid()))}/stat").read_text(encoding="ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def engine_ms(ask) -> float:
    """Return how long the engine works on all statements of a question, on the average."""
    if dialect() == "postgresql":
        # Other processes of the engine that help would work unseen.
        db.session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
    ask()
    took = 0.0

    def begin(connection, *_rest) -> None:
        connection.info["began"] = time.thread_time()

    def end(connection, *_rest) -> None:
        nonlocal took
        took += time.thread_time() - connection.info["began"]

    event.listen(db.engine, "before_cursor_execute", begin)
    event.listen(db.engine, "after_cursor_execute", end)
    before = worked()
    try:
        for _round in range(ROUNDS):
            ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", begin)
        event.remove(db.engine, "after_cursor_execute", end)
    return (took if dialect() == "sqlite" else worked() - before) * 1000 / ROUNDS


class Raw(NamedTuple):
    """A line of the book as it was written, with the grade that its sale has now."""

    shop: int
    day: date
    channel: str
    grade: str
    qty: int
    amount: int
    cause: tuple[str, int]


def slow_lines() -> list[Raw]:
    """Read the whole book line by line, past every sum that the market keeps."""
    told = dict(db.session.execute(text("SELECT sale_id, grade FROM sale_evidence ORDER BY id")).all())
    query = text(
        "SELECT id, reversal_of, seller_id, sold_on, channel, grade, qty, amount, source_type, source_id"
        " FROM sale_record ORDER BY id"
    )
    found, written = [], {}
    for number, origin, shop, day, channel, grade, qty, amount, source, cause in db.session.execute(query):
        written[number] = grade
        now = told.get(origin or number, written[origin or number])
        sold_on = day if isinstance(day, date) else date.fromisoformat(day)
        found.append(Raw(shop, sold_on, channel, now, qty, int(amount), (source, cause)))
    return found


def slowly(lines: list[Raw], spans: list[Span]) -> dict[tuple[date, str, str], tuple[int, int]]:
    """Add up by month, channel and grade what these shops sold on these days, one line after the other."""
    wanted = {span.shop_id: (span.first or date.min, span.last or LAST) for span in spans}
    sums: dict[tuple[date, str, str], tuple[int, int]] = {}
    for each in lines:
        if each.shop in wanted and wanted[each.shop][0] <= each.day <= wanted[each.shop][1]:
            key = (each.day.replace(day=1), each.channel, each.grade)
            amount, qty = sums.get(key, (0, 0))
            sums[key] = (amount + each.amount, qty + each.qty)
    return {key: each for key, each in sums.items() if any(each)}


def by_month(takings) -> dict[tuple[date, str, str], tuple[int, int]]:
    """Word the market's own answer alike; a sum of nothing may stand where all of it went to another grade."""
    told = {(each.month, each.channel, each.grade): (each.amount.amount, int(each.qty)) for each in takings}
    return {key: each for key, each in told.items() if any(each)}


def slow_products(shop: int, month: date) -> list[tuple[int, int, int]]:
    """Add up by product what a shop sold since a month began: product, rupiah, units."""
    query = text(
        "SELECT variant_id, SUM(amount), SUM(qty) FROM sale_record WHERE seller_id = :shop AND sold_on >= :month"
        " AND variant_id IS NOT NULL GROUP BY variant_id HAVING SUM(qty) > 0"
    )
    return [
        (int(variant), int(amount), int(qty))
        for variant, amount, qty in db.session.execute(query, {"shop": shop, "month": month})
    ]


def slow_board(lines: list[Raw], bazaar: int) -> dict[tuple[int, date], int]:
    """Add up what a bazaar brought by shop and day."""
    sums: dict[tuple[int, date], int] = {}
    for each in lines:
        if each.cause == ("bazaar", bazaar):
            sums[each.shop, each.day] = sums.get((each.shop, each.day), 0) + each.amount
    return sums


def test_half_a_million_sales_answer_at_once(app, record_property):
    shop = make_stall()[1]
    shop_id = shop.id
    variants = [variant_of(make_product(shop, f"Barang {each}")).id for each in range(WARES)]
    variant_id = variants[0]
    assert variants == list(range(variant_id, variant_id + WARES))
    pour(shop_id, variant_id)
    year = (LAST.replace(day=1) - timedelta(days=360)).replace(day=1)
    month = LAST.replace(day=1)
    family = [Span(shop_id + 1, year), Span(shop_id + 7, None, LAST - timedelta(days=40)), Span(shop_id + 9)]
    questions = {
        "seller's month": lambda: queries.list_months([Span(shop_id)], month, LAST),
        "seller's year": lambda: queries.list_months([Span(shop_id)], year, LAST),
        "family's two years": lambda: queries.list_months(family, FIRST, LAST),
        "family's sale days": lambda: queries.count_sale_days(family, FIRST, LAST),
        "family's first day": lambda: queries.find_first_day(family),
        "family's last day": lambda: queries.days_since_last(family, LAST),
        "rows behind a figure": lambda: queries.list_lines(family, FIRST, LAST, grade="A"),
        "head's month": lambda: queries.list_region(REGENCY, month, LAST),
        "head's year": lambda: queries.list_region(REGENCY, year, LAST),
        "head's shops": lambda: queries.list_region_shops(REGENCY, month, LAST),
        "head's active shops": lambda: queries.count_active_shops(REGENCY, month, LAST),
        "head's channels, evidence and areas": lambda: queries.list_region_cells(REGENCY, year, LAST),
        "head's sellers of a year": lambda: queries.count_active_shops(REGENCY, year, LAST),
        "bazaar board": lambda: queries.list_source_takings("bazaar", [3]),
        "seller's best products": lambda: products.list_products(shop_id, month, LAST),
        "a product's year": lambda: products.list_product_months([variant_id], year, LAST),
        "what is usual": lambda: queries.list_usual(shop_id, year),
    }

    times = {name: engine_ms(ask) for name, ask in questions.items()}
    for name, ms in times.items():
        record_property(name, round(ms, 1))
    lines = slow_lines()

    assert {name: ms for name, ms in times.items() if ms > MOST_MS} == {}
    assert [str(each) for name, found in books.verify() if "penjualan" in name for each in found][:3] == []
    assert by_month(questions["seller's month"]()) == slowly(lines, [Span(shop_id, month, LAST)])
    assert by_month(questions["seller's year"]()) == slowly(lines, [Span(shop_id, year, LAST)])
    assert by_month(questions["family's two years"]()) == slowly(lines, family)
    everyone = [Span(shop_id + each, year, LAST) for each in range(SHOPS)]
    assert by_month(questions["head's year"]()) == slowly(lines, everyone)
    best = {variant: (amount, qty) for variant, amount, qty in slow_products(shop_id, month)}
    assert {each.variant_id: (each.amount.amount, each.qty) for each in questions["seller's best products"]()} == best
    assert questions["head's active shops"]() == {month: len({each.shop for each in lines if each.day >= month})}
    board: dict[tuple[int, date], int] = defaultdict(int)
    for each in questions["bazaar board"]()[3]:
        board[each.shop_id, each.day] += each.amount.amount
    assert board == slow_board(lines, 3)
