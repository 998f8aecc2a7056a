"""`flask verify` finds whatever somebody plants in the book of complaints."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.core import books
from app.core.db import db, transaction
from app.trade.returns import operations
from tests.factories.goods import make_product
from tests.factories.returns import complain, offered
from tests.factories.trade import handed_order, make_stall, place_order

PLANTED = {
    "a state that nobody made": "UPDATE return_case SET state = 'escalated' WHERE state = 'opened'",
    "a step that does not exist": """
        INSERT INTO return_event (case_id, from_state, to_state, actor_kind, actor_id, at)
        SELECT id, 'opened', 'resolved_refund', 'seller', 0, opened_at FROM return_case WHERE state = 'opened'""",
    "more units than were handed over": "UPDATE return_line SET qty = 99",
    "units refunded without a complaint": "UPDATE order_line SET qty_refunded = 1 WHERE qty_refunded = 0",
    "units of a complaint never refunded": "UPDATE order_line SET qty_refunded = 0 WHERE qty_refunded > 0",
    "a complaint about nothing": "DELETE FROM return_line",
    "a sale taken back for nothing": """
        INSERT INTO sale_record (client_uuid, seller_id, regency_code, variant_id, free_text, qty, amount, sold_on,
            channel, grade, source_type, source_id, reversal_of, entered_by_id, at)
        SELECT 'planted', seller_id, regency_code, variant_id, '', -1, -5, sold_on, channel, grade, source_type,
            source_id, id, 0, at FROM sale_record WHERE reversal_of IS NULL""",
    "another order's line": """
        UPDATE return_line SET line_id = (SELECT max(id) FROM order_line)
        WHERE id = (SELECT max(id) FROM return_line)""",
    "more goods back than it is about": """
        INSERT INTO stock_movement (variant_id, kind, on_hand_delta, reserved_delta, source_type, source_id, actor_id,
            note, at)
        SELECT variant_id, kind, 7, 0, source_type, source_id, 0, '', at FROM stock_movement
        WHERE kind = 'return_in'""",
}


@pytest.fixture
def day(app):
    """A complaint that is settled, and one that stands."""
    by, shop = make_stall()
    eggs = make_product(shop, qty=30, price=10_000)
    case = offered(complain(handed_order(eggs, by, 3), qty=2), "refund", by)
    with transaction():
        operations.settle(case, "stock", by=by, version=case.version)
    complain(handed_order(eggs, by))
    place_order(eggs)


def wrong_books() -> set[str]:
    return {name for name, found in books.verify() if found}


def test_an_honest_day_is_true(day):
    assert wrong_books() == set()


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_found(day, planted):
    with transaction():
        assert db.session.execute(text(PLANTED[planted].replace("'planted'", "'planted-' || id"))).rowcount >= 1

    assert "keluhan" in wrong_books()
