"""Who may do what with bazaars."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.shops import policies as shops
from app.people.places.rules import within
from app.trade.bazaars import queries
from app.trade.bazaars.models import Application, Bazaar, Objection, Proposal, Question


def runs_bazaars(actor: Actor) -> bool:
    """The officer who runs bazaars, and the one who signs for them."""
    return actor.role in {"curator", "approver"}


def may_look(actor: Actor, bazaar: Bazaar) -> bool:
    """Officers of the region."""
    return runs_bazaars(actor) and within(bazaar.regency_code, actor.region_code)


def may_run(actor: Actor, bazaar: Bazaar) -> bool:
    """A curator of the region."""
    return actor.role == "curator" and within(bazaar.regency_code, actor.region_code)


def may_judge(actor: Actor, application: Application) -> bool:
    """A curator of the region; whether he may score her is said on the page."""
    return may_run(actor, application.bazaar)


def may_sign(actor: Actor, proposal: Proposal) -> bool:
    """An approver of the region, for what others asked."""
    inside = within(proposal.bazaar.regency_code, actor.region_code)
    return actor.role == "approver" and inside and proposal.asked_by_id != actor.id


def may_answer(actor: Actor, question: Question) -> bool:
    """A curator of the region."""
    return may_run(actor, queries.get_bazaar(question.bazaar_id))


def may_hear(actor: Actor, objection: Objection) -> bool:
    """Officers of the region; who reviewed her is refused in words."""
    return may_look(actor, objection.application.bazaar)


def may_apply(actor: Actor, bazaar: Bazaar) -> bool:
    """A seller of the kabupaten, once the call was opened."""
    inside = within(actor.region_code, bazaar.regency_code)
    return actor.role == "seller" and inside and bazaar.state in queries.PUBLIC


def owns(actor: Actor, application: Application) -> bool:
    """The seller herself."""
    return shops.owns(actor, application.shop)


def helps(actor: Actor, application: Application) -> bool:
    """The pendamping of her desa."""
    return actor.role == "pendamping" and shops.may_foster(actor, application.shop)
