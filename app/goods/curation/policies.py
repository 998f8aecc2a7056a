"""Who may answer."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.curation.queries import Case
from app.goods.products.queries import Item
from app.people.places.rules import within


def may_decide(actor: Actor, case: Case) -> bool:
    """A curator of the region, but nobody decides what they entered or what is their own."""
    revision = case.revision
    own = actor.id in {revision.submitted_by_id, revision.product.shop.owner_id}
    return actor.role == "curator" and within(revision.product.regency_code, actor.region_code) and not own


def may_watch(actor: Actor, item: Item) -> bool:
    """A curator of the region, for goods that are not his own."""
    product = item.product
    inside = within(product.regency_code, actor.region_code)
    return actor.role == "curator" and inside and product.shop.owner_id != actor.id
