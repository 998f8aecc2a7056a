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
    asked = asked_today({variant_id: settings_of(offers[variant_id].regency_code).zone for variant_id in wanted})
    changes = []
    for variant_id, qty in sorted(wanted.items()):
        offer = offers[variant_id]
        left = max(0, offer.day_capacity - asked.get(variant_id, 0))
        if qty > left:
            changes.append(Change(variant_id, "sold_out", available=left))
    return changes


def _is_capped(offer: Offer) -> bool:
    return offer.stock_mode == "made_to_order" and offer.day_capacity is not None


def asked_today(zones: Mapping[int, str]) -> dict[int, int]:
    """Return how many of each variant are ordered since midnight on the clocks of its zone; none is left out."""
    asked: dict[int, int] = {}
    for zone in sorted(set(zones.values())):
        begun = here(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        wanted = [variant_id for variant_id, each in zones.items() if each == zone]
        query = select(OrderLine.variant_id, func.sum(OrderLine.qty_agreed)).join(Order, Order.id == OrderLine.order_id)
        query = query.where(OrderLine.variant_id.in_(wanted), Order.created_at >= begun)
        query = query.where(Order.state.not_in(TURNED_DOWN)).group_by(OrderLine.variant_id)
        asked |= {variant_id: int(qty) for variant_id, qty in db.session.execute(query)}
    return asked
