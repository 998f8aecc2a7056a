"""Who may do what with an order. A buyer's right is the signature of her link, checked where it is opened."""

from __future__ import annotations

from app.core.db import db
from app.core.policy import Actor
from app.goods.shops import policies as shops
from app.goods.shops.models import Shop
from app.people.accounts.policies import is_curator
from app.people.places.rules import within
from app.trade.orders.models import Order


def sells(actor: Actor, order: Order) -> bool:
    """The seller whose shop it was ordered from; of a group she sees her own part alone."""
    shop = db.session.get(Shop, order.seller_id)
    return shop is not None and shops.owns(actor, shop)


def may_end(actor: Actor, order: Order) -> bool:
    """A curator of the order's kabupaten: the office ends what nobody else can."""
    return is_curator(actor) and within(order.regency_code, actor.region_code)
