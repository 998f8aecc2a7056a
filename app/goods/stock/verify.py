"""The book of stock recomputed: every sum from its movements."""

from __future__ import annotations

from sqlalchemy import case, func, or_, select

from app.core.books import Finding, book
from app.core.db import db
from app.goods.stock.models import Stock, StockMovement
from app.goods.stock.rules import EFFECTS


@book("stok")
def check_stock() -> list[Finding]:
    """Find stocks whose sums are not those of their movements, and movements that no act makes."""
    return [*_wrong_sums(), *_wrong_movements(), *_astray()]


def _wrong_sums() -> list[Finding]:
    moved = (
        select(
            StockMovement.variant_id,
            func.sum(StockMovement.on_hand_delta).label("on_hand"),
            func.sum(StockMovement.reserved_delta).label("reserved"),
        )
        .group_by(StockMovement.variant_id)
        .subquery()
    )
    on_hand, reserved = func.coalesce(moved.c.on_hand, 0), func.coalesce(moved.c.reserved, 0)
    query = select(Stock.variant_id, Stock.on_hand, Stock.reserved, on_hand, reserved)
    query = query.join(moved, moved.c.variant_id == Stock.variant_id, isouter=True)
    wrong = or_(
        Stock.on_hand != on_hand, Stock.reserved != reserved, Stock.reserved > Stock.on_hand, Stock.reserved < 0
    )
    query = query.where(wrong).order_by(Stock.variant_id)
    return [
        Finding("stock", row[0], f"holds {row[1]} and {row[2]} promised, its movements say {row[3]} and {row[4]}")
        for row in db.session.execute(query)
    ]


def _wrong_movements() -> list[Finding]:
    """A kind moves only the sums that are its own, in its own direction; a correction may go either way."""
    hand = case({kind: sign[0] for kind, sign in EFFECTS.items()}, value=StockMovement.kind)
    promised = case({kind: sign[1] for kind, sign in EFFECTS.items()}, value=StockMovement.kind)
    size = func.abs(StockMovement.on_hand_delta)
    other = func.abs(StockMovement.reserved_delta)
    query = select(StockMovement.id).where(
        or_(
            (StockMovement.kind != "correction") & (StockMovement.on_hand_delta != hand * size),
            StockMovement.reserved_delta != promised * other,
            (StockMovement.kind == "sell") & (size != other),
        )
    )
    return [
        Finding("stock_movement", row, "its kind does not move stock this way") for row in db.session.scalars(query)
    ]


def _astray() -> list[Finding]:
    """Find what moved while nothing is kept of it any more."""
    query = select(StockMovement.variant_id).distinct()
    query = query.join(Stock, Stock.variant_id == StockMovement.variant_id, isouter=True)
    query = query.where(Stock.variant_id.is_(None)).order_by(StockMovement.variant_id)
    return [Finding("stock", row, "is gone, its movements are there") for row in db.session.scalars(query)]
