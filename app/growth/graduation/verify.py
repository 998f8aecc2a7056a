"""The book of growth recomputed: hashes, answers, who stood where, and what lets a status be what it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select

from app.core.books import Finding, book
from app.core.db import db
from app.growth.graduation import queries, reckoning, rules
from app.growth.graduation.models import Appeal, Assessment, Decision, Graduation, GrowthCase, RuleSet
from app.growth.graduation.operations import canonical, digest

AT_ONCE = 500


@book("graduasi")
def check_growth() -> list[Finding]:
    """Find assessments that do not follow from their inputs, one person in two places, statuses without a decision."""
    return [*_assessments(), *_people(), *_statuses(), *_graduations()]


def _assessments() -> Iterator[Finding]:
    sets: dict[int, Any] = {each.id: each for each in db.session.scalars(select(RuleSet))}
    query = select(Assessment).order_by(Assessment.id).execution_options(yield_per=AT_ONCE)
    for made in db.session.scalars(query):
        if digest(made.inputs_json) != made.inputs_sha256:
            yield Finding("growth_assessment", made.id, "the inputs do not match their hash")
        elif made.code_version == reckoning.CODE_VERSION:
            rule_set = sets[made.rule_set_id]
            again = canonical(reckoning.assess(rule_set.criteria, rule_set.flags, json.loads(made.inputs_json)))
            if again != made.results_json:
                yield Finding("growth_assessment", made.id, "the same inputs answer differently")


def _people() -> Iterator[Finding]:
    same = select(Decision.id).where(Decision.decided_by_id == Decision.proposed_by_id)
    for number in db.session.scalars(same):
        yield Finding("growth_decision", number, "proposer and decider are one")
    involved = or_(Appeal.handler_id == Appeal.proposed_by_id, Appeal.handler_id == Appeal.decided_by_id)
    for number in db.session.scalars(select(Appeal.id).where(involved)):
        yield Finding("growth_appeal", number, "the handler took part before")


def _statuses() -> Iterator[Finding]:
    query = select(GrowthCase, Decision.outcome).join(Decision, Decision.id == GrowthCase.decision_id, isouter=True)
    row: Any
    for row in db.session.execute(query.order_by(GrowthCase.kpm_id)):
        case, told = row
        begun = told is None and case.status == "with_aid"
        consented = case.status in rules.BY_CONSENT and told in {None, *rules.BY_CONSENT, *rules.FROM_SALES}
        if not (case.status == told or begun or consented):
            yield Finding("growth_case", case.kpm_id, "no decision put it there")
        open_appeal = queries.find_open_appeal(case.kpm_id) if case.held_status else None
        if case.held_status and (open_appeal is None or open_appeal.decision_id != case.decision_id):
            yield Finding("growth_case", case.kpm_id, "held without an objection")


def _graduations() -> Iterator[Finding]:
    query = select(Graduation.id).where(
        Graduation.confirmed_on.is_not(None),
        or_(Graduation.scan.is_(None), Graduation.acknowledged_by_id == Graduation.recorded_by_id),
    )
    for number in db.session.scalars(query):
        yield Finding("graduation", number, "confirmed without a scan or by who recorded it")
