"""Who may judge a review."""

from __future__ import annotations

from app.core.db import db
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.people.accounts.policies import is_curator
from app.people.places.rules import within
from app.trade.reviews.models import Review


def got(actor: Actor, review: Review) -> bool:
    """The seller whose goods it is about."""
    shop = db.session.get(Shop, review.shop_id)
    return actor.role == "seller" and shop is not None and shop.owner_id == actor.id


def may_judge(actor: Actor, review: Review) -> bool:
    """A curator of its region, about goods that are not his own."""
    shop = db.session.get(Shop, review.shop_id)
    own = shop is not None and shop.owner_id == actor.id
    return is_curator(actor) and within(review.regency_code, actor.region_code) and not own
