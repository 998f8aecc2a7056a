"""Who writes down what offices bought: a curator of the region; an approver looks with him, the seller sees her own."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.shops import policies as shops
from app.people.accounts.policies import is_curator, works_in
from app.trade.ekatalog import policies as rounds
from app.trade.ekatalog.cases import Case
from app.trade.procurement.models import GovernmentPaper
from app.trade.procurement.queries import Purchase


def sees_purchases(actor: Actor) -> bool:
    """Whoever checks or signs."""
    return rounds.is_office(actor)


def sees_results(actor: Actor) -> bool:
    """Whoever checks or signs, and the head: counts, no shop and no buyer."""
    return sees_purchases(actor) or actor.role == "head"


def may_record(actor: Actor, case: Case) -> bool:
    """A curator of the region."""
    return rounds.may_review(actor, case)


def may_see(actor: Actor, purchase: Purchase) -> bool:
    """A curator or approver of the region."""
    return rounds.is_office(actor) and works_in(actor, purchase.order.shop.desa_code)


def may_keep(actor: Actor, purchase: Purchase) -> bool:
    """A curator of the region."""
    return is_curator(actor) and may_see(actor, purchase)


def may_confirm(actor: Actor, purchase: Purchase) -> bool:
    """A curator or approver of the region, but never who entered it."""
    return may_see(actor, purchase) and purchase.order.entered_by_id != actor.id


def may_see_paper(actor: Actor, paper: GovernmentPaper) -> bool:
    """A curator or approver of the region."""
    return rounds.is_office(actor) and works_in(actor, paper.order.shop.desa_code)


def holds_paper(actor: Actor, paper: GovernmentPaper) -> bool:
    """The seller whose goods were bought."""
    return shops.owns(actor, paper.order.shop)
