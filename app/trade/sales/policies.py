"""Who looks at a sale that stands out."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.people.accounts.policies import is_curator, works_in
from app.trade.sales.models import SaleRecord


def may_look(actor: Actor, found: tuple[SaleRecord, Shop]) -> bool:
    """A curator of the region, at what is neither his own nor written by him."""
    sale, shop = found
    return is_curator(actor) and works_in(actor, shop.desa_code) and actor.id not in {sale.entered_by_id, shop.owner_id}
