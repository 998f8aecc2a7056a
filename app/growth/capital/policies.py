"""Who works with aid: a caseworker in the region; the pendamping of the village looks on the spot and reports."""

from __future__ import annotations

from app.core.policy import Actor
from app.growth.capital.models import AidGrant, AidProposal
from app.growth.capital.queries import Receipt
from app.people.families.models import Kpm
from app.people.families.policies import keeps_families, may_ask_family, may_keep_family, may_see_family, sees_families


def keeps_aid(actor: Actor) -> bool:
    """A caseworker."""
    return keeps_families(actor)


def sees_aid(actor: Actor) -> bool:
    """Whoever works with families."""
    return sees_families(actor)


def may_see_receipt(actor: Actor, kept: Receipt) -> bool:
    """Whoever may see the family."""
    return may_see_grant(actor, kept.grant)


def may_turn_receipt(actor: Actor, kept: Receipt) -> bool:
    """Whoever may enter one."""
    return may_report(actor, kept.grant)


def may_propose(actor: Actor, kpm: Kpm) -> bool:
    """The family's caseworker or pendamping."""
    return may_ask_family(actor, kpm)


def may_see_proposal(actor: Actor, proposal: AidProposal) -> bool:
    """Whoever may see the family."""
    return may_see_family(actor, proposal.kpm)


def may_verify(actor: Actor, proposal: AidProposal) -> bool:
    """The family's caseworker or pendamping, but never who entered the proposal."""
    return may_ask_family(actor, proposal.kpm) and proposal.entered_by_id != actor.id


def may_grant(actor: Actor, proposal: AidProposal) -> bool:
    """The family's caseworker."""
    return may_keep_family(actor, proposal.kpm)


def may_see_grant(actor: Actor, grant: AidGrant) -> bool:
    """Whoever may see the family."""
    return may_see_family(actor, grant.kpm)


def may_keep_grant(actor: Actor, grant: AidGrant) -> bool:
    """The family's caseworker."""
    return may_keep_family(actor, grant.kpm)


def may_report(actor: Actor, grant: AidGrant) -> bool:
    """The family's caseworker or pendamping."""
    return may_ask_family(actor, grant.kpm)
