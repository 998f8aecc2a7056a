"""Questions about stock."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.core.db import db
from app.core.errors import NotFound
from app.goods.stock.models import Stock, StockMovement


def get_stock(variant_id: int) -> Stock:
    """Return the stock of a counted variant.

    Raises:
        NotFound: this variant is not counted.
    """
    found = db.session.get(Stock, variant_id)
    if found is None:
        raise NotFound(variant_id)
    return found


def available(variant_ids: Iterable[int]) -> dict[int, int]:
    """Return how many units of each counted variant nobody has asked for; others are left out."""
    query = select(Stock.variant_id, Stock.on_hand - Stock.reserved).where(Stock.counted)
    return dict(db.session.execute(query.where(Stock.variant_id.in_(set(variant_ids)))).all())


def list_movements(variant_id: int, limit: int = 100) -> list[StockMovement]:
    """Return what happened to a variant's stock, newest first."""
    query = select(StockMovement).where(StockMovement.variant_id == variant_id)
    return list(db.session.scalars(query.order_by(StockMovement.id.desc()).limit(limit)))
