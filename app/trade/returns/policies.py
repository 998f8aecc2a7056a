"""Who may see and close a complaint. A buyer's right is the signature of her link."""

from __future__ import annotations

from app.core.db import db
from app.core.policy import Actor
from app.goods.shops import policies as shops
from app.goods.shops.models import Shop
from app.trade.orders.policies import sells
from app.trade.orders.queries import get_order
from app.trade.returns.models import ReturnCase


def got(actor: Actor, case: ReturnCase) -> bool:
    """The seller whom it is about."""
    return sells(actor, get_order(case.order_id))


def may_close(actor: Actor, case: ReturnCase) -> bool:
    """The pendamping of the shop's desa, or a curator of its region; never about the own shop."""
    shop = db.session.get(Shop, get_order(case.order_id).seller_id)
    return shop is not None and shops.may_foster(actor, shop) and shop.owner_id != actor.id
