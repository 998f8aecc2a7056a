"""Who may answer."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.curation.queries import Case
from app.goods.products.queries import Item
from app.goods.shops.queries import is_kin
from app.people.places.rules import within


def may_step_back(actor: Actor, case: Case) -> bool:
    """A curator of the region, about a shop that is not his own, in a case that he did not enter."""
    revision = case.revision
    own = actor.id in {revision.submitted_by_id, revision.product.shop.owner_id}
    return actor.role == "curator" and within(revision.product.regency_code, actor.region_code) and not own


def may_decide(actor: Actor, case: Case) -> bool:
    """A curator of the region, but nobody decides what they entered, what is their own, or their kin's."""
    return may_step_back(actor, case) and not is_kin(actor.id, case.revision.product.shop_id)


def may_watch(actor: Actor, item: Item) -> bool:
    """A curator of the region, for goods that are not his own nor his kin's."""
    product = item.product
    inside = within(product.regency_code, actor.region_code)
    own = product.shop.owner_id == actor.id
    return actor.role == "curator" and inside and not (own or is_kin(actor.id, product.shop_id))
