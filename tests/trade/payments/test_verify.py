"""`flask verify` finds whatever somebody plants in the books of money behind the market's back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.core import books
from app.core.db import db, transaction
from app.kit.rupiah import Rupiah
from app.trade.orders import operations
from app.trade.payments import money
from tests.factories.goods import make_product
from tests.factories.payments import make_claim, make_means
from tests.factories.trade import accepted_order, make_stall, place_order, ready_order

PLANTED = {
    "an entry with another order than its own": (
        "uang",
        """INSERT INTO money_entry (order_id, key, kind, method, amount, state, by_id, at)
           SELECT id, 'claim:999999:kunci-uji', 'payment', 'qris_seller', 5, 'claimed', 0, created_at FROM "order"
           WHERE state = 'ready' AND method = 'cash_pickup'""",
    ),
    "ready before it was paid": (
        "uang",
        """UPDATE "order" SET method = 'qris_seller', unique_amount = 0 WHERE state = 'ready'
           AND method = 'cash_pickup'""",
    ),
    "a paid order that costs more": (
        "uang",
        """UPDATE "order" SET total = total + 1 WHERE state = 'ready'
           AND method = 'qris_seller'""",
    ),
    "two transfers of the same amount": (
        "uang",
        """UPDATE "order" SET unique_amount = 7 WHERE method = 'transfer_seller'""",
    ),
    "a transfer without an amount of its own": (
        "uang",
        """UPDATE "order" SET unique_amount = 0 WHERE method = 'transfer_seller'""",
    ),
    "a unique amount on cash": ("uang", """UPDATE "order" SET unique_amount = 3 WHERE method = 'cash_pickup'"""),
    "a proof of another order": (
        "cara bayar",
        """UPDATE payment_proof SET order_id = (SELECT min(id) FROM "order")""",
    ),
    "a proof that vanished": ("cara bayar", "UPDATE payment_proof SET name = NULL"),
    "a code with another name": ("cara bayar", "UPDATE payment_means SET payload = replace(payload, 'LAPAK', 'MALIK')"),
    "an account without a number": ("cara bayar", "UPDATE payment_means SET number_sealed = NULL"),
}


@pytest.fixture
def day(app):
    """A day on which money was told of, came, came late and waits."""
    seller, shop = make_stall()
    make_means(seller, shop)
    eggs = make_product(shop, qty=40, price=19_000)
    ready_order(eggs, seller, 1)
    make_claim(eggs, seller)
    paid = accepted_order(eggs, seller, 2, method="qris_seller")
    with transaction():
        money.receive(paid, Rupiah(38_000), key="kunci-uji", version=paid.version, by=seller)
    with transaction():
        operations.mark_ready(paid, by=seller)
    place_order(eggs, 1, method="transfer_seller")
    accepted_order(eggs, seller, 1, method="transfer_seller")


def wrong_books() -> set[str]:
    return {name for name, findings in books.verify() if findings}


def test_an_honest_day_is_true(day):
    assert wrong_books() == set()


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_found(day, planted):
    book, statement = PLANTED[planted]

    with transaction():
        assert db.session.execute(text(statement)).rowcount >= 1

    assert book in wrong_books()
