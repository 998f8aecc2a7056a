"""Questions about stock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.db import db
from app.core.errors import NotFound
from app.goods.stock.models import Stock, StockMovement


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement with what was there and what was promised before and after it."""

    move: StockMovement
    before: int
    after: int
    promised_before: int
    promised_after: int


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


def list_movements(variant_id: int, limit: int = 100, before: int | None = None) -> list[StockMovement]:
    """Return what happened to a variant's stock, newest first; `before` a movement when that was the last one shown."""
    query = select(StockMovement).where(StockMovement.variant_id == variant_id)
    query = query.where(StockMovement.id < before) if before else query
    return list(db.session.scalars(query.order_by(StockMovement.id.desc()).limit(limit)))


def list_of_source(source_type: str, source_id: int) -> list[StockMovement]:
    """Return every movement that one thing has caused, oldest first."""
    query = select(StockMovement).where(StockMovement.source_type == source_type, StockMovement.source_id == source_id)
    return list(db.session.scalars(query.order_by(StockMovement.id)))


def list_entries(variant_id: int, limit: int, before: int | None = None) -> list[Entry]:
    """Return movements with the sums before and after each, newest first, one more than `limit` when there are more."""
    moves = list_movements(variant_id, limit + 1, before)
    if not moves:
        return []
    moved = func.sum(StockMovement.on_hand_delta), func.sum(StockMovement.reserved_delta)
    later = select(func.coalesce(moved[0], 0), func.coalesce(moved[1], 0))
    later = later.where(StockMovement.variant_id == variant_id, StockMovement.id > moves[0].id)
    held, (on_hand, reserved) = get_stock(variant_id), db.session.execute(later).one()
    there, promised = held.on_hand - on_hand, held.reserved - reserved
    entries = []
    for move in moves:
        was = there - move.on_hand_delta, promised - move.reserved_delta
        entries.append(Entry(move, was[0], there, was[1], promised))
        there, promised = was
    return entries
