"""Who may in matters of a family's growth: three people stand behind a contested move, never one in two places."""

from __future__ import annotations

from app.core.policy import Actor
from app.growth.graduation.models import Appeal, Graduation, Proposal, RuleSet
from app.people.families.models import Kpm
from app.people.families.policies import may_ask_family, may_see_family, sees_families
from app.people.places.rules import within

DECIDES = frozenset({"caseworker", "approver"})
WATCHES = frozenset({"caseworker", "approver", "pendamping", "head"})
ACTIVATES = frozenset({"caseworker", "approver", "head"})


def follows(actor: Actor) -> bool:
    """Whoever works with families."""
    return sees_families(actor)


def watches(actor: Actor) -> bool:
    """Whoever works with families, and the head, who sees numbers and no names."""
    return actor.role in WATCHES


def may_see(actor: Actor, kpm: Kpm) -> bool:
    """Whoever may see the family."""
    return may_see_family(actor, kpm)


def may_propose(actor: Actor, kpm: Kpm) -> bool:
    """The family's pendamping or caseworker."""
    return may_ask_family(actor, kpm)


def may_see_proposal(actor: Actor, proposal: Proposal) -> bool:
    """Whoever may see the family."""
    return may_see_family(actor, proposal.kpm)


def may_decide(actor: Actor, proposal: Proposal) -> bool:
    """A caseworker or approver of the region, but never who proposed."""
    return actor.role in DECIDES and may_see_family(actor, proposal.kpm) and proposal.proposed_by_id != actor.id


def may_see_appeal(actor: Actor, appeal: Appeal) -> bool:
    """Whoever may see the family."""
    return may_see_family(actor, appeal.kpm)


def may_hear(actor: Actor, appeal: Appeal) -> bool:
    """A caseworker or approver who neither proposed, nor decided, nor wrote the objection down."""
    others = {appeal.proposed_by_id, appeal.decided_by_id, appeal.filed_by_id}
    taken = appeal.handler_id is not None and appeal.handler_id != actor.id
    return actor.role in DECIDES and may_see_family(actor, appeal.kpm) and actor.id not in others and not taken


def may_withdraw(actor: Actor, appeal: Appeal) -> bool:
    """Whoever speaks with the family: its pendamping or caseworker."""
    return may_ask_family(actor, appeal.kpm)


def is_family(actor: Actor, kpm: Kpm) -> bool:
    """A seller, about the family that runs her shop; the loader has found it through her shop."""
    return actor.role == "seller" and kpm.state == "active"


def may_see_graduation(actor: Actor, graduation: Graduation) -> bool:
    """Whoever may see the family."""
    return may_see_family(actor, graduation.kpm)


def may_scan(actor: Actor, graduation: Graduation) -> bool:
    """The family's pendamping or caseworker, until it is confirmed."""
    return may_ask_family(actor, graduation.kpm) and graduation.confirmed_on is None


def may_acknowledge(actor: Actor, graduation: Graduation) -> bool:
    """A caseworker or approver who did not record it."""
    waits = graduation.confirmed_on is None and graduation.recorded_by_id != actor.id
    return waits and actor.role in DECIDES and may_see_family(actor, graduation.kpm)


def drafts_rules(actor: Actor) -> bool:
    """A caseworker."""
    return actor.role == "caseworker"


def may_see_rules(actor: Actor, _rule_set: RuleSet) -> bool:
    """Whoever watches: the text of rules is nobody's secret, in whatever kabupaten it holds."""
    return watches(actor)


def may_activate(actor: Actor, rule_set: RuleSet) -> bool:
    """A second person of the region, never who drafted it."""
    draft = rule_set.status == "draft" and rule_set.drafted_by_id != actor.id
    return draft and actor.role in ACTIVATES and within(rule_set.regency_code or "", actor.region_code)


def may_try(actor: Actor, rule_set: RuleSet) -> bool:
    """Whoever drafts or may put it in force, in its region and while it is a draft."""
    return rule_set.status == "draft" and may_see_trial(actor, rule_set) and actor.role in ACTIVATES


def may_see_trial(actor: Actor, rule_set: RuleSet) -> bool:
    """Whoever watches the families of its region."""
    return watches(actor) and within(rule_set.regency_code or "", actor.region_code[:5])
