"""`flask verify` finds whatever somebody plants in the books behind the market's back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.core import books
from app.core.db import db, transaction
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import handed_order, make_stall, place_order, ready_order


def movement(kind: str, on_hand: int) -> str:
    return f"""
        INSERT INTO stock_movement (variant_id, kind, on_hand_delta, reserved_delta, source_type, actor_id, note, at)
        SELECT variant_id, '{kind}', {on_hand}, 0, '', 0, '', '2026-01-01' FROM stock"""


def event(before: str, after: str, state: str) -> str:
    return f"""
        INSERT INTO order_event (order_id, from_state, to_state, actor_kind, actor_id, reason, note, at)
        SELECT id, '{before}', '{after}', 'buyer', 0, '', '', '2026-01-01' FROM "order" WHERE state = '{state}'"""


def entry(kind: str, method: str, amount: str, state: str, answered: str = "created_at") -> str:
    return f"""
        INSERT INTO money_entry (order_id, key, kind, method, amount, state, by_id, at, answered_at)
        SELECT id, 'planted', '{kind}', '{method}', {amount}, 'confirmed', 0, created_at, {answered}
        FROM "order" WHERE state = '{state}'"""


def sale(**other: str) -> str:
    facts = {
        name: name
        for name in (
            "seller_id", "regency_code", "variant_id", "free_text", "qty", "amount", "sold_on", "channel", "grade",
            "source_type", "source_id", "reversal_of", "entered_by_id", "at",
        )
    } | {"client_uuid": "'planted'"} | other  # fmt: skip
    return f"INSERT INTO sale_record ({', '.join(facts)}) SELECT {', '.join(facts.values())} FROM sale_record"


AN_ORDER = """
    INSERT INTO "order" (code, group_id, seller_id, regency_code, state, method, subtotal, delivery, unique_amount,
        total, pickup_place, at_risk, created_at, version, accept_by)
    SELECT 'XXXXXXX', group_id, (SELECT max(id) FROM shop), regency_code, 'placed', method, 0, 0, 0,
        0, '', at_risk, created_at, 1, created_at
    FROM "order" WHERE state = 'placed'"""
OF_DONE = "order_id = (SELECT id FROM \"order\" WHERE state = 'handed_over')"
OF_PLACED = "(SELECT id FROM \"order\" WHERE state = 'placed')"
PLANTED = {
    "a count without a movement": ("stok", "UPDATE stock SET on_hand = on_hand + 1"),
    "a promise without a movement": ("stok", "UPDATE stock SET reserved = reserved + 1"),
    "a sale that adds goods": ("stok", movement("sell", 1)),
    "a movement made up": ("stok", movement("restock", 7)),
    "a state that nobody made": ("pesanan", "UPDATE \"order\" SET state = 'accepted' WHERE state = 'placed'"),
    "an event out of the chain": ("pesanan", event("amended", "accepted", "placed")),
    "a step that does not exist": ("pesanan", event("handed_over", "placed", "handed_over")),
    "an order without an event": ("pesanan", AN_ORDER),
    "an end that still holds": ("pesanan", f"UPDATE order_line SET qty_held = 1 WHERE {OF_DONE}"),
    "an open order that holds too little": ("pesanan", "UPDATE order_line SET qty_held = 1 WHERE qty_held = 2"),
    "an open order that holds nothing": ("pesanan", "UPDATE order_line SET qty_held = 0 WHERE qty_held = 2"),
    "goods handed over too early": ("pesanan", "UPDATE order_line SET qty_handed = 1 WHERE qty_held = 2"),
    "a total that is not its lines": ("pesanan", "UPDATE \"order\" SET total = total - 1 WHERE state = 'placed'"),
    "a price changed afterwards": ("pesanan", "UPDATE order_line SET price = price + 500"),
    "another seller's line": ("pesanan", "UPDATE order_line SET product_id = (SELECT max(id) FROM product)"),
    "a clock that stopped": ("pesanan", "UPDATE \"order\" SET accept_by = NULL WHERE state = 'placed'"),
    "a clock after the end": ("pesanan", "UPDATE \"order\" SET pay_by = created_at WHERE state = 'handed_over'"),
    "more money back than came": ("uang", entry("refund", "transfer_seller", "total + 1", "handed_over")),
    "cash before the goods": ("uang", entry("payment", "cash_pickup", "5", "placed")),
    "an answer of nobody": ("uang", entry("payment", "qris_seller", "5", "ready", answered="NULL")),
    "goods handed over unpaid": ("uang", "UPDATE \"order\" SET total = total + 1 WHERE state = 'handed_over'"),
    "a sale twice": ("penjualan pesanan", sale()),
    "a sale of goods never handed over": ("penjualan pesanan", sale(source_id=OF_PLACED)),
    "another seller's sale": ("penjualan pesanan", sale(seller_id="(SELECT max(id) FROM shop)", variant_id="NULL")),
    "goods handed over without a sale": (
        "penjualan pesanan",
        "UPDATE order_line SET qty_agreed = 1, qty_handed = 1 WHERE qty_handed = 2",
    ),
    "more taken back than sold": ("penjualan", sale(qty="-qty - 1", amount="-amount - 1", reversal_of="id")),
    "a reversal on another day": (
        "penjualan",
        sale(qty="-1", amount="-5", reversal_of="id", sold_on="CAST('2020-01-01' AS DATE)"),
    ),
    "a sale worth less than nothing": ("penjualan", sale(amount="-amount", source_type="'notebook'")),
}


@pytest.fixture
def day(app):
    """A day of trade: one order done, one packed, one new."""
    seller, shop = make_stall()
    eggs = make_product(shop, qty=20, price=19_000)
    make_product(make_stall()[1], qty=5)
    handed_order(eggs, seller, 2)
    ready_order(eggs, seller, 3)
    place_order(eggs, 2)
    return variant_of(eggs)


def wrong_books() -> set[str]:
    return {name for name, findings in books.verify() if findings}


def test_an_honest_day_is_true(day):
    assert wrong_books() == set()


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_found(day, planted):
    book, statement = PLANTED[planted]

    with transaction():
        done = db.session.execute(text(statement))
        assert done.rowcount >= 1

    assert book in wrong_books()


def test_the_operator_reads_which_row_it_is(app, day):
    with transaction():
        db.session.execute(text("UPDATE stock SET on_hand = on_hand + 1 WHERE variant_id = :id"), {"id": day.id})

    answer = app.test_cli_runner().invoke(args=["verify"])

    assert answer.exit_code == 1
    assert f"stock {day.id}: holds 19 and 5 promised, its movements say 18 and 5" in answer.output
    assert "uang: benar" in answer.output
