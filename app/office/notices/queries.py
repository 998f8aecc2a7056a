"""How much waits for a seller, in one question: what her pages show beside their words, and ask again now and then."""

from __future__ import annotations

from sqlalchemy import and_, func, select

from app.core import outbox
from app.core.clock import now
from app.core.db import db
from app.goods.shops.models import Shop
from app.trade.orders import queries as orders
from app.trade.orders import rules
from app.trade.orders.models import Order
from app.trade.orders.pages import TABS

COUNTED = ("baru", "disiapkan", "siap")


def count_waiting(owner_id: int) -> dict[str, int]:
    """Return how many orders stand in each of her lists, how many wait for her answer, and what she has not read."""
    shop = select(Shop.id).where(Shop.owner_id == owner_id, Shop.state != "ended")
    shop_id = shop.order_by(Shop.id.desc()).limit(1).scalar_subquery()
    going = ~func.coalesce(orders.is_overdue(now()), False)
    lists = [func.count().filter(and_(Order.state.in_(TABS[each]), going)) for each in COUNTED]
    jawab = func.count().filter(and_(Order.state == "placed", going))
    query = select(*lists, jawab, outbox.unseen("shop", shop_id))
    row = db.session.execute(query.where(Order.seller_id == shop_id, Order.state.in_(rules.OPEN))).one()
    return dict(zip((*COUNTED, "jawab", "kabar"), row, strict=True))
