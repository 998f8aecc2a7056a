"""`flask verify` finds whatever was changed in the book of sales past its triggers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.core import books
from app.core.clock import today
from app.core.db import db, transaction
from app.kit.rupiah import Rupiah
from app.trade.notebook import operations as notebook
from app.trade.sales import operations, queries
from tests.factories.goods import make_product, variant_of
from tests.factories.sales import make_sale
from tests.factories.trade import handed_order, make_stall

MAY_4 = date(2026, 5, 4)
# What is changed, and in which line: of an order (1), hers (2), taken back of hers (3). The grade that was written with
# a line counts only while it has no evidence.
CHANGES = {
    "seller_id": ("seller_id = seller_id + 1", 2),
    "regency_code": ("regency_code = '36.73'", 2),
    "variant_id": ("variant_id = NULL", 2),
    "qty": ("qty = qty + 1", 2),
    "amount": ("amount = amount + 1", 2),
    "sold_on": ("sold_on = '2026-05-05'", 2),
    "channel": ("channel = 'bazaar'", 2),
    "reversal": ("qty = qty - 5", 3),
    "what a reversal takes": ("amount = amount * 2", 3),
    "the day of a reversal": ("sold_on = '2026-05-05'", 3),
    "the product of a reversal": ("variant_id = NULL", 3),
    "whose reversal": ("reversal_of = 4", 3),
    "the cause": ("source_id = source_id + 1", 1),
    "the kind of cause": ("source_type = 'notebook'", 1),
}


@pytest.fixture
def book(app):
    """Four lines: of an order, hers, taken back of hers, and one whose evidence was never looked at."""
    owner, shop = make_stall()
    make_stall()
    eggs = make_product(shop, "Telur", qty=50)
    handed_order(eggs, owner)
    mine = make_sale(shop, qty=4, amount=Rupiah(40_000), sold_on=MAY_4, variant_id=variant_of(eggs).id)
    with transaction():
        operations.reverse(mine, 1, by=owner, key="balik")
    make_sale(shop, sold_on=MAY_4)
    assert wrong() == []
    return shop


def wrong() -> list[str]:
    db.session.rollback()
    return [str(each) for _name, found in books.verify() for each in found]


def tamper(table: str, statement: str) -> None:
    """Write past the triggers, as somebody with the database's own rights can."""
    db.session.remove()
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "sqlite":
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for (name,) in connection.exec_driver_sql(query, (table,)).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.execute(text(statement))
        if db.engine.dialect.name != "sqlite":
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_whatever_is_changed_in_a_line_is_found(book):
    kept = [dict(row._mapping) for row in db.session.execute(text("SELECT * FROM sale_record ORDER BY id"))]
    missed = []
    for name, (told, which) in CHANGES.items():
        number = kept[which - 1]["id"]
        change = told.replace("reversal_of = 4", f"reversal_of = {kept[3]['id']}")
        tamper("sale_record", f"UPDATE sale_record SET {change} WHERE id = {number}")
        if not wrong():
            missed.append(name)
        back = ", ".join(f"{column} = :{column}" for column in kept[0] if column != "id")
        db.session.remove()
        with db.engine.begin() as connection:
            if db.engine.dialect.name != "sqlite":
                connection.exec_driver_sql("ALTER TABLE sale_record DISABLE TRIGGER USER")
            connection.execute(text(f"UPDATE sale_record SET {back} WHERE id = {number}"), kept[which - 1])
            if db.engine.dialect.name != "sqlite":
                connection.exec_driver_sql("ALTER TABLE sale_record ENABLE TRIGGER USER")
        assert wrong() == []

    assert missed == []


STRANGE = "the reversal does not match its original"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("seller_id = seller_id + 1", STRANGE),
        ("regency_code = '36.73'", STRANGE),
        ("variant_id = NULL", STRANGE),
        ("sold_on = '2026-05-05'", STRANGE),
        ("channel = 'bazaar'", STRANGE),
        ("source_type = 'order'", STRANGE),
        ("source_id = source_id + 1", STRANGE),
        ("qty = qty * 5", "more was taken back than was sold"),
        ("amount = amount * 5", "more was taken back than was sold"),
        ("amount = -amount", "units and rupiah point different ways"),
    ],
)
def test_a_reversal_that_tells_another_story_is_named(book, change, said):
    tamper("sale_record", f"UPDATE sale_record SET {change} WHERE reversal_of IS NOT NULL")

    ((_name, found),) = books.verify("penjualan")
    assert {each.why for each in found} == {said}


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("sale_evidence", "UPDATE sale_evidence SET grade = 'A'"),
        ("sale_evidence", "DELETE FROM sale_evidence WHERE grade = 'C'"),
        ("sale_record", "DELETE FROM sale_record WHERE reversal_of IS NOT NULL"),
    ],
)
def test_evidence_that_was_changed_or_a_line_that_was_torn_out_is_found(book, table, statement):
    if "DELETE FROM sale_evidence" in statement:
        with transaction():
            operations.add_evidence(queries.list_of_shop(book.id, MAY_4, MAY_4)[0], "C", "foto nota", by_id=1)
        assert wrong() == []

    tamper(table, statement)

    assert wrong()


@pytest.mark.parametrize(
    "change",
    [
        "shop_id = shop_id + 1",
        "code = 'XX'",
        "first_month = '2020-01-01'",
        "last_month = '2099-12-01'",
        "sha256 = 'x'",
        "made_by_id = made_by_id + 1",
    ],
)
def test_a_statement_that_was_changed_is_found(book, change):
    owner = book.owner
    make_sale(book, sold_on=today("Asia/Jakarta").replace(day=1) - timedelta(days=1))
    with transaction():
        notebook.make_statement(book, 6, "a" * 20, by=owner)
    tamper("sales_statement", f"UPDATE sales_statement SET {change}")

    assert any("sales_statement" in each for each in wrong())
