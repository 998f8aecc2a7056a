"""What stands of a family at this moment, and what was decided about it, each in one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.growth.graduation.models import Assessment, Decision, Graduation, GrowthCase, Proposal, RuleSet
from app.growth.graduation.queries import MONITORING, Standing, holding, standing_of
from app.growth.mentoring.models import OwnWish
from app.kit.periods import zone_named
from app.people.accounts.models import Account
from app.people.families.models import FamilyConsent, Kpm
from app.people.families.queries import holds
from app.people.places.queries import settings_of


@dataclass(frozen=True)
class Known:
    """The rules that hold for a family, its case, a move that waits, its own wish and consent, its assessments.

    `graduated_on` is the day of its newest confirmed graduation, as the letter says it; `people` are the names of those
    who proposed and measured, by id.
    """

    rule_set: RuleSet
    case: GrowthCase | None
    waiting: Proposal | None
    wish: OwnWish | None
    consents: bool
    graduated_on: date | None
    assessments: list[Assessment]
    people: dict[int, str]


def known_of(kpm: Kpm, day: date, most: int) -> Known:
    """Return what stands of a family on a day, with so many of its newest assessments.

    Raises:
        NotFound: the first start has not loaded any rules.
    """
    kept = select(Assessment.id).where(Assessment.kpm_id == kpm.id).order_by(Assessment.id.desc()).limit(most)
    wish = select(func.max(OwnWish.id)).where(OwnWish.kpm_id == kpm.id).scalar_subquery()
    consent = select(FamilyConsent.id).where(FamilyConsent.kpm_id == kpm.id, holds(MONITORING, now(), day))
    graduated = select(func.max(Graduation.stated_on)).where(
        Graduation.kpm_id == kpm.id, Graduation.confirmed_on.is_not(None)
    )
    proposer, maker = aliased(Account), aliased(Account)
    rules = holding(kpm.regency_code, day).with_only_columns(RuleSet.id).scalar_subquery()
    query = (
        select(RuleSet, GrowthCase, Proposal, OwnWish, consent.exists(), graduated.scalar_subquery())
        .add_columns(proposer.name, Assessment, maker.name)
        .select_from(RuleSet)
        .outerjoin(GrowthCase, GrowthCase.kpm_id == kpm.id)
        .outerjoin(Proposal, and_(Proposal.kpm_id == kpm.id, Proposal.state == "waiting"))
        .outerjoin(proposer, proposer.id == Proposal.proposed_by_id)
        .outerjoin(OwnWish, OwnWish.id == wish)
        .outerjoin(Assessment, Assessment.id.in_(kept.subquery().select()))
        .outerjoin(maker, maker.id == Assessment.made_by_id)
        .where(RuleSet.id == rules)
    )
    rows: Sequence[Any] = db.session.execute(query.order_by(Assessment.id.desc())).all()
    if not rows:
        raise NotFound(kpm.regency_code)
    rule_set, case, waiting, said, consents, graduated_on, proposed_by, _made, _by = rows[0]
    made = [(each, name) for *_known, each, name in rows if each is not None]
    people = {each.made_by_id: name for each, name in made if name}
    if waiting is not None:
        people[waiting.proposed_by_id] = proposed_by
    return Known(rule_set, case, waiting, said, bool(consents), graduated_on, [each for each, _name in made], people)


def panel_of(kpm: Kpm) -> tuple[Standing | None, list[Graduation]]:
    """Return where a family stands now, None while nobody follows it, and its graduations, newest first."""
    moment, zone = now(), settings_of(kpm.regency_code).zone
    day = zone_named(zone).local(moment).date()
    consent = select(FamilyConsent.id).where(FamilyConsent.kpm_id == kpm.id, holds(MONITORING, moment, day))
    query = (
        select(GrowthCase, consent.exists(), Graduation)
        .select_from(Kpm)
        .outerjoin(GrowthCase, GrowthCase.kpm_id == Kpm.id)
        .outerjoin(Graduation, Graduation.kpm_id == Kpm.id)
        .where(Kpm.id == kpm.id)
    )
    rows: Sequence[Any] = db.session.execute(query.order_by(Graduation.id.desc())).all()
    case, consents, _one = rows[0]
    standing = standing_of(case, consents=bool(consents)) if case else None
    return standing, [row[2] for row in rows if row[2] is not None]


def list_decided(kpm_id: int) -> tuple[list[Decision], dict[int, str]]:
    """Return what was decided about a family, newest first, and the names of those who proposed and decided."""
    proposer, decider = aliased(Account), aliased(Account)
    query = (
        select(Decision, proposer.name, decider.name)
        .join(proposer, proposer.id == Decision.proposed_by_id)
        .join(decider, decider.id == Decision.decided_by_id)
        .where(Decision.kpm_id == kpm_id)
        .order_by(Decision.id.desc())
    )
    decisions: list[Decision] = []
    names: dict[int, str] = {}
    for decision, proposed_by, decided_by in db.session.execute(query):
        decisions.append(decision)
        names |= {decision.proposed_by_id: proposed_by, decision.decided_by_id: decided_by}
    return decisions, names
