"""Who visits: the pendamping of the village, and the caseworker of the region; others who see families may read."""

from __future__ import annotations

from app.core.policy import Actor
from app.growth.mentoring.models import AgreedAction, MonitoringVisit
from app.people.families.models import Kpm
from app.people.families.policies import may_ask_family, may_see_family
from app.people.families.rules import ASKS

OVERSEES = frozenset({"caseworker", "approver"})


def visits_families(actor: Actor) -> bool:
    """Whoever goes to families at all."""
    return actor.role in ASKS


def oversees(actor: Actor) -> bool:
    """Whoever answers for the families of a region; the head, who sees no family, would read villages of a few."""
    return actor.role in OVERSEES


def may_visit(actor: Actor, kpm: Kpm) -> bool:
    """The family's pendamping or caseworker."""
    return may_ask_family(actor, kpm)


def may_see_visit(actor: Actor, visit: MonitoringVisit) -> bool:
    """Whoever may see the family."""
    return may_see_family(actor, visit.kpm)


def may_close(actor: Actor, action: AgreedAction) -> bool:
    """The family's pendamping or caseworker, while it is open or was just closed by somebody else."""
    return may_ask_family(actor, action.kpm)
