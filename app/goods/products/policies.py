"""Who may do what with a product."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.products.models import ProductDraft
from app.goods.products.queries import Chosen, Item


def owns(actor: Actor, item: Item) -> bool:
    """Her own product, in whatever state."""
    return actor.role == "seller" and item.product.shop.owner_id == actor.id


def owns_choice(actor: Actor, chosen: Chosen) -> bool:
    """A choice of her own product."""
    return owns(actor, chosen.item)


def began(actor: Actor, draft: ProductDraft) -> bool:
    """What she began herself."""
    return actor.role == "seller" and draft.shop.owner_id == actor.id
