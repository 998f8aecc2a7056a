"""Who may do what with a shop, and with a wish to sell."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.shops.models import SellingRequest, Shop
from app.people.accounts.policies import fosters, works_in


def owns(actor: Actor, shop: Shop) -> bool:
    """Her own shop."""
    return actor.role == "seller" and shop.owner_id == actor.id


def may_foster(actor: Actor, shop: Shop) -> bool:
    """The pendamping of the shop's desa, or a curator of its region."""
    return fosters(actor) and works_in(actor, shop.desa_code)


def may_answer(actor: Actor, request: SellingRequest) -> bool:
    """The pendamping of the asker's desa, or a curator of the region."""
    return fosters(actor) and works_in(actor, request.desa_code)
