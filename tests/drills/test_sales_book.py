"""Half a million sales: every question that pages ask of the book takes at most 50 ms of the engine's time.

Source: spec/performance.md, budget 14.
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from statistics import median

import pytest
from sqlalchemy import event, text

from app.core import books
from app.core.db import db, dialect, transaction
from app.trade.sales import queries
from app.trade.sales.rules import Span
from tests.factories.people import REGENCY
from tests.factories.trade import make_stall

pytestmark = pytest.mark.drill

SHOPS, SALES, DAYS = 2_000, 500_000, 730
FIRST = date(2024, 12, 1)
LAST = FIRST + timedelta(days=DAYS - 1)
MOST_MS = 50
ROUNDS = 5


def numbers(many: int) -> str:
    """Return a table `n(i)` of whole numbers, in the words of the engine."""
    if dialect() == "postgresql":
        return f"n(i) AS (SELECT generate_series(0, {many - 1}))"
    return f"n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {many - 1})"


def pour(first_shop: int) -> None:
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
    with transaction() as session:
        many = f"WITH RECURSIVE {numbers(SHOPS)} INSERT INTO shop (id, slug, {kept}) SELECT "
        session.execute(
            text(f"{many} :base + i, 'ramai-' || i, {kept} FROM n, shop WHERE shop.id = :base AND i > 0"),
            {"base": first_shop},
        )
        session.execute(
            text(
                f"WITH RECURSIVE {numbers(SALES)} INSERT INTO sale_record (client_uuid, seller_id, regency_code,"
                " free_text, qty, amount, sold_on, channel, grade, source_type, source_id, entered_by_id, at)"
                f" SELECT 'ramai-' || i, :base + i % {SHOPS}, :regency, '', 2, 2000 + i % 97 * 1000, {day},"
                " CASE WHEN i % 3 = 0 THEN 'bazaar' WHEN i % 3 = 1 THEN 'online' ELSE 'manual' END, 'D',"
                " CASE WHEN i % 3 = 0 THEN 'bazaar' ELSE 'notebook' END, i % 2000, 1, CURRENT_TIMESTAMP FROM n"
            ),
            {"base": first_shop, "regency": REGENCY, "first": FIRST.isoformat(), "days": DAYS},
        )
        session.execute(
            text(
                "INSERT INTO sale_evidence (sale_id, grade, reason, by_id, at)"
                " SELECT id, 'A', 'dicocokkan', 1, CURRENT_TIMESTAMP FROM sale_record WHERE id % 5 = 0"
            )
        )
        copied = (
            "seller_id, regency_code, free_text, sold_on, channel, grade, source_type, source_id, entered_by_id, at"
        )
        session.execute(
            text(
                f"INSERT INTO sale_record (client_uuid, qty, amount, reversal_of, {copied})"
                f" SELECT client_uuid || '-balik', -1, -amount / 2, id, {copied} FROM sale_record WHERE id % 50 = 0"
            )
        )
    if dialect() == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def engine_ms(ask) -> float:
    """Return the median time that the engine takes for all statements of a question, fetching included."""
    took: list[float] = []

    def begin(connection, *_rest) -> None:
        connection.info["began"] = time.perf_counter()

    def end(connection, *_rest) -> None:
        took[-1] += (time.perf_counter() - connection.info["began"]) * 1000

    event.listen(db.engine, "before_cursor_execute", begin)
    event.listen(db.engine, "after_cursor_execute", end)
    try:
        for _round in range(ROUNDS):
            took.append(0.0)
            ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", begin)
        event.remove(db.engine, "after_cursor_execute", end)
    return median(took)


def test_half_a_million_sales_answer_at_once(app):
    shop_id = make_stall()[1].id
    pour(shop_id)
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
        "head's channels and evidence": lambda: queries.list_region_cells(REGENCY, year, LAST),
        "head's areas": lambda: queries.list_region_areas(REGENCY, month),
        "head's sellers of a year": lambda: queries.count_active_shops(REGENCY, year, LAST),
        "bazaar board": lambda: queries.list_source_takings("bazaar", [3]),
        "what is usual": lambda: queries.list_usual(shop_id, year),
    }

    times = {name: engine_ms(ask) for name, ask in questions.items()}

    assert {name: ms for name, ms in times.items() if ms > MOST_MS} == {}
    assert [str(each) for name, found in books.verify() if "penjualan" in name for each in found][:3] == []
