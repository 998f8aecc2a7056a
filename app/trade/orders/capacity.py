"""What a seller can make in a day: what is ordered today of a choice that is made to order, and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC

from sqlalchemy import func, select

from app.core.clock import here
from app.core.db import db
from app.goods.products.models import Variant
from app.people.places.queries import settings_of
from app.trade.orders.models import Order, OrderLine
from app.trade.orders.rows import Offer
from app.trade.orders.rules import TURNED_DOWN, Block, Change


def list_full(blocks: Sequence[Block], offers: Mapping[int, Offer]) -> list[Change]:
    """Return the lines that ask for more than can still be made today, and how much that is."""
    wanted = {
        line.variant_id: line.qty
        for block in blocks
        for line in block.lines
        if line.variant_id in offers and _is_capped(offers[line.variant_id])
    }
    if not wanted:
        return []
    # Two buyers at once would both find room: the second waits here for the first.
    locked = select(Variant.id).where(Variant.id.in_(wanted)).order_by(Variant.id).with_for_update(key_share=True)
    db.session.execute(locked).all()
    changes = []
    for variant_id, qty in sorted(wanted.items()):
        offer = offers[variant_id]
        left = max(0, offer.day_capacity - _asked_today(variant_id, offer.regency_code))
        if qty > left:
            changes.append(Change(variant_id, "sold_out", available=left))
    return changes


def _is_capped(offer: Offer) -> bool:
    return offer.stock_mode == "made_to_order" and offer.day_capacity is not None


def _asked_today(variant_id: int, regency_code: str) -> int:
    begun = here(settings_of(regency_code).zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    query = select(func.coalesce(func.sum(OrderLine.qty_agreed), 0)).join(Order, Order.id == OrderLine.order_id)
    query = query.where(OrderLine.variant_id == variant_id, Order.created_at >= begun)
    return int(db.session.scalar(query.where(Order.state.not_in(TURNED_DOWN))) or 0)
