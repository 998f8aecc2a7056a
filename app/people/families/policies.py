"""Who may see a family, change it, and write down what it agreed to. Everybody else meets nothing at all."""

from __future__ import annotations

from app.core.policy import Actor
from app.people.accounts.policies import works_in
from app.people.families.models import Enrollment, ImportBatch, Kpm
from app.people.families.rules import ASKS, SEES
from app.people.places.rules import level_of, within


def sees_families(actor: Actor) -> bool:
    """Whoever works with families at all: the office's caseworker and approver, the pendamping of her own villages."""
    return actor.role in SEES


def keeps_families(actor: Actor) -> bool:
    """Whoever writes the register of families."""
    return actor.role == "caseworker"


def uploads_lists(actor: Actor) -> bool:
    """A caseworker of one kabupaten: names of desa are looked up there."""
    return keeps_families(actor) and level_of(actor.region_code) == "regency"


def may_see_family(actor: Actor, kpm: Kpm) -> bool:
    """A caseworker or approver of the region, or the pendamping whose villages hold the family."""
    return sees_families(actor) and works_in(actor, kpm.desa_code)


def may_keep_family(actor: Actor, kpm: Kpm) -> bool:
    """A caseworker of the region."""
    return keeps_families(actor) and may_see_family(actor, kpm)


def may_keep_enrollment(actor: Actor, enrollment: Enrollment) -> bool:
    """A caseworker of the family's region."""
    return may_keep_family(actor, enrollment.kpm)


def may_ask_family(actor: Actor, kpm: Kpm) -> bool:
    """Whoever may write down what the family agreed to: its caseworker or its pendamping."""
    return actor.role in ASKS and may_see_family(actor, kpm)


def may_confirm(actor: Actor, batch: ImportBatch) -> bool:
    """A caseworker whose region the list is for."""
    return keeps_families(actor) and within(batch.regency_code, actor.region_code)
