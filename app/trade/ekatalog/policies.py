"""Who may do what with a round."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.products import policies as products
from app.goods.products.queries import Item
from app.goods.shops import policies as shops
from app.people.accounts.policies import is_curator, works_in
from app.trade.ekatalog.cases import Case
from app.trade.ekatalog.models import EkatalogCategory, OutsideStatus, SubmissionPhoto

OFFICE = frozenset({"curator", "approver"})


def is_office(actor: Actor) -> bool:
    """Whoever checks or signs."""
    return actor.role in OFFICE


def owns(actor: Actor, case: Case) -> bool:
    """Her own round."""
    return shops.owns(actor, case.shop)


def owns_product(actor: Actor, item: Item) -> bool:
    """Her own product."""
    return products.owns(actor, item)


def helps(actor: Actor, case: Case) -> bool:
    """The pendamping of the shop's desa."""
    return actor.role == "pendamping" and works_in(actor, case.shop.desa_code)


def helps_product(actor: Actor, item: Item) -> bool:
    """The pendamping of the desa of the product's shop."""
    return actor.role == "pendamping" and works_in(actor, item.product.shop.desa_code)


def may_look(actor: Actor, case: Case) -> bool:
    """A curator or approver of the region."""
    return is_office(actor) and works_in(actor, case.shop.desa_code)


def may_review(actor: Actor, case: Case) -> bool:
    """A curator of the region, for what is not his own; the operation asks again who entered what."""
    return is_curator(actor) and may_look(actor, case)


def may_sign(actor: Actor, case: Case) -> bool:
    """An approver of the region."""
    return actor.role == "approver" and may_look(actor, case)


def holds_photo(actor: Actor, photo: SubmissionPhoto) -> bool:
    """A photo of her own round."""
    return shops.owns(actor, photo.submission.shop)


def may_see_photo(actor: Actor, photo: SubmissionPhoto) -> bool:
    """Whoever helps, checks or signs."""
    return actor.role in OFFICE | {"pendamping"} and works_in(actor, photo.submission.shop.desa_code)


def may_see_proof(actor: Actor, seen: OutsideStatus) -> bool:
    """Whoever checks or signs in the region."""
    return is_office(actor) and works_in(actor, seen.submission.shop.desa_code)


def keeps(actor: Actor, category: EkatalogCategory) -> bool:
    """Any curator: each region writes down for itself what it saw outside."""
    return is_curator(actor)
