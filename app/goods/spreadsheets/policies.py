"""Who may see and take a list: the seller whose shop it is for."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.spreadsheets.models import GoodsList


def owns(actor: Actor, batch: GoodsList) -> bool:
    """Her own list."""
    return actor.role == "seller" and batch.shop.owner_id == actor.id
