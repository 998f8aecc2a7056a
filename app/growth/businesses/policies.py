"""Who links families and shops."""

from __future__ import annotations

from app.core.policy import Actor
from app.growth.businesses.models import AccountBatch, Business
from app.people.families.models import Kpm
from app.people.families.policies import keeps_families, may_ask_family
from app.people.places.rules import within


def opens_accounts(actor: Actor) -> bool:
    """A caseworker, for the families of the region."""
    return keeps_families(actor)


def may_follow(actor: Actor, batch: AccountBatch) -> bool:
    """A caseworker of the region for which the accounts are opened."""
    return opens_accounts(actor) and within(batch.region_code, actor.region_code)


def may_end(actor: Actor, found: tuple[Business, Kpm]) -> bool:
    """Whoever may link the family."""
    return may_ask_family(actor, found[1])
