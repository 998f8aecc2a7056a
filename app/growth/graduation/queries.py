"""Questions about cases, assessments, proposals, decisions, objections and graduations."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, func, or_, select
from sqlalchemy.orm import joinedload

from app.core import vault
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.growth.businesses.queries import find_family_of
from app.growth.graduation import rules, waits
from app.growth.graduation.models import (
    Appeal,
    Assessment,
    Decision,
    Graduation,
    GrowthCase,
    Proposal,
    RuleSet,
    Words,
)
from app.people.families import queries as families
from app.people.families.models import FamilyConsent, Kpm
from app.people.places.queries import inside

PAGE = 25
MOST_WAITING = 100
MONITORING = "graduation_monitoring"


@dataclass(frozen=True)
class Standing:
    """Where a family stands at this moment: consent and open objections are asked, never remembered."""

    status: str
    contested: bool
    consents: bool


def find_case(kpm_id: int) -> GrowthCase | None:
    """Return a family's case, or None while nobody follows it."""
    return db.session.get(GrowthCase, kpm_id)


def get_case(kpm_id: int) -> GrowthCase:
    """Return a family's case.

    Raises:
        NotFound: nobody follows this family yet.
    """
    found = find_case(kpm_id)
    if found is None:
        raise NotFound(kpm_id)
    return found


def standing_of(case: GrowthCase, *, consents: bool | None = None) -> Standing:
    """Return where a case stands now; `consents` when that was asked already."""
    if consents is None:
        consents = families.may_use(case.kpm_id, MONITORING, now())
    return Standing(rules.by_consent(case.shown, consents=consents), case.held_status is not None, consents)


def moves_of(case: GrowthCase) -> tuple[str, ...]:
    """Return where people may move a family from where it stands now."""
    standing = standing_of(case)
    return rules.moves_from(standing.status, consents=standing.consents)


def consenting(kpm_ids: Iterable[int], at: datetime, day: date) -> set[int]:
    """Return which of these families let their sales be used at a moment."""
    query = select(FamilyConsent.kpm_id).where(FamilyConsent.kpm_id.in_(list(kpm_ids)))
    return set(db.session.scalars(query.where(families.holds(MONITORING, at, day))))


def _shown() -> ColumnElement[str]:
    return func.coalesce(GrowthCase.held_status, GrowthCase.status)


def _cases(scope: Actor, status: str, *, flagged: bool) -> Select[GrowthCase]:
    query = select(GrowthCase).join(Kpm).where(families.in_scope(scope), Kpm.state != "erased")
    if status:
        query = query.where(_shown() == status)
    if flagged:
        query = query.where(func.json_array_length(GrowthCase.watch) > 0)
    return query


def list_cases(scope: Actor, *, status: str = "", flagged: bool = False, after: int | None = None) -> list[GrowthCase]:
    """Return cases with their families, newest family first, one more than a page."""
    query = _cases(scope, status, flagged=flagged).options(joinedload(GrowthCase.kpm).joinedload(Kpm.identity))
    if after:
        query = query.where(GrowthCase.kpm_id < after)
    return list(db.session.scalars(query.order_by(GrowthCase.kpm_id.desc()).limit(PAGE + 1)))


def count_by_status(scope: Actor) -> dict[str, int]:
    """Count the cases of the actor's work by the status that holds."""
    query = select(_shown(), func.count()).select_from(GrowthCase).join(Kpm)
    query = query.where(families.in_scope(scope), Kpm.state != "erased").group_by(_shown())
    return dict(db.session.execute(query).all())


def list_unreckoned(regency_code: str, day: date, after: int, most: int) -> list[int]:
    """Return the families of a kabupaten whose case was not reckoned on this day yet, after an id."""
    query = select(GrowthCase.kpm_id).join(Kpm).where(GrowthCase.kpm_id > after, Kpm.regency_code == regency_code)
    query = query.where(or_(GrowthCase.reckoned_on.is_(None), GrowthCase.reckoned_on < day), Kpm.state == "active")
    return list(db.session.scalars(query.order_by(GrowthCase.kpm_id).limit(most)))


def list_followed(regency_code: str, after: int, most: int) -> list[tuple[int, str]]:
    """Return the followed families of a kabupaten with their kecamatan, after an id."""
    query = select(GrowthCase.kpm_id, Kpm.kecamatan_code).join(Kpm).where(GrowthCase.kpm_id > after)
    query = query.where(Kpm.regency_code == regency_code, Kpm.state == "active")
    return [(kpm_id, code) for kpm_id, code in db.session.execute(query.order_by(GrowthCase.kpm_id).limit(most))]


def list_shown(kpm_ids: Iterable[int]) -> list[tuple[int, str]]:
    """Return the status that holds of several families' cases, as it was written down."""
    query = select(GrowthCase.kpm_id, _shown()).where(GrowthCase.kpm_id.in_(list(kpm_ids)))
    return [(kpm_id, status) for kpm_id, status in db.session.execute(query.order_by(GrowthCase.kpm_id))]


def list_regencies() -> list[str]:
    """Return the kabupaten that follow any family."""
    query = select(Kpm.regency_code).join(GrowthCase).distinct().order_by(Kpm.regency_code)
    return list(db.session.scalars(query))


def rules_for(regency_code: str, day: date) -> RuleSet:
    """Return the rule set that holds in a kabupaten on a day: its own newest, else the one that ships.

    Raises:
        NotFound: the first start has not loaded any.
    """
    found = db.session.scalar(holding(regency_code, day))
    if found is None:
        raise NotFound(regency_code)
    return found


def holding(regency_code: str, day: date) -> Select[RuleSet]:
    """Ask for the same within another question."""
    query = select(RuleSet).where(RuleSet.status != "draft", RuleSet.effective_from <= day)
    query = query.where(or_(RuleSet.regency_code == regency_code, RuleSet.regency_code.is_(None)))
    order = (RuleSet.regency_code.is_(None), RuleSet.effective_from.desc(), RuleSet.id.desc())
    return query.order_by(*order).limit(1)


def list_rule_sets(regency_code: str) -> list[RuleSet]:
    """Return the rule sets of a kabupaten and the one that ships, newest first."""
    query = select(RuleSet).where(or_(RuleSet.regency_code == regency_code, RuleSet.regency_code.is_(None)))
    return list(db.session.scalars(query.order_by(RuleSet.id.desc())))


def get_rule_set(rule_set_id: int) -> RuleSet:
    """Return a rule set.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(RuleSet, rule_set_id)
    if found is None:
        raise NotFound(rule_set_id)
    return found


def get_assessment(assessment_id: int) -> Assessment:
    """Return an assessment.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(Assessment, assessment_id)
    if found is None:
        raise NotFound(assessment_id)
    return found


def last_results(kpm_ids: Iterable[int]) -> dict[int, tuple[date, dict[str, Any]]]:
    """Return the day and the results of the newest assessment of several families in one question."""
    newest = select(func.max(Assessment.id)).where(Assessment.kpm_id.in_(list(kpm_ids))).group_by(Assessment.kpm_id)
    query = select(Assessment.kpm_id, Assessment.as_of, Assessment.results_json).where(Assessment.id.in_(newest))
    return {kpm_id: (day, json.loads(told)) for kpm_id, day, told in db.session.execute(query)}


def get_proposal(move_id: int) -> Proposal:
    """Return a proposal with its family.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.scalar(select(Proposal).options(joinedload(Proposal.kpm)).where(Proposal.id == move_id))
    if found is None:
        raise NotFound(move_id)
    return found


def find_waiting(kpm_id: int) -> Proposal | None:
    """Return the proposal that waits for an answer, or None."""
    return db.session.scalar(select(Proposal).where(Proposal.kpm_id == kpm_id, Proposal.state == "waiting"))


def list_proposals(scope: Actor) -> list[Proposal]:
    """Return the proposals that wait in the actor's work, the oldest first, one more than are shown."""
    query = select(Proposal).join(Kpm).options(joinedload(Proposal.kpm).joinedload(Kpm.identity))
    query = query.where(families.in_scope(scope), Proposal.state == "waiting")
    return list(db.session.scalars(query.order_by(Proposal.id).limit(MOST_WAITING + 1)))


def find_decision(decision_id: int | None) -> Decision | None:
    """Return the decision that an objection is about, or None."""
    return db.session.get(Decision, decision_id) if decision_id else None


def find_last_decision(kpm_id: int) -> Decision | None:
    """Return the newest decision about a family, or None."""
    query = select(Decision).where(Decision.kpm_id == kpm_id).order_by(Decision.id.desc())
    return db.session.scalar(query.limit(1))


def get_appeal(appeal_id: int) -> Appeal:
    """Return an objection with its family.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.scalar(select(Appeal).options(joinedload(Appeal.kpm)).where(Appeal.id == appeal_id))
    if found is None:
        raise NotFound(appeal_id)
    return found


def find_open_appeal(kpm_id: int) -> Appeal | None:
    """Return a family's objection that is not answered yet, or None."""
    return db.session.scalar(select(Appeal).where(Appeal.kpm_id == kpm_id, Appeal.state.in_(rules.OPEN_APPEAL)))


def was_appealed(decision_id: int) -> bool:
    """Tell whether somebody objected to a decision already."""
    return db.session.scalar(select(Appeal.id).where(Appeal.decision_id == decision_id).limit(1)) is not None


def list_appeals(kpm_id: int) -> list[Appeal]:
    """Return a family's objections, newest first."""
    return list(db.session.scalars(select(Appeal).where(Appeal.kpm_id == kpm_id).order_by(Appeal.id.desc())))


def list_open_appeals(scope: Actor, *, late_on: date | None = None) -> list[Appeal]:
    """Return the objections that wait in a region, the soonest due first; `late_on` keeps those overdue on that day.

    One more than are shown. The head sees them too: number and place, no name (the page leaves it out).
    """
    where = inside(Kpm.regency_code, [scope.region_code]) if scope.role == "head" else families.in_scope(scope)
    query = select(Appeal).join(Kpm).options(joinedload(Appeal.kpm).joinedload(Kpm.identity))
    query = query.where(where, Appeal.state.in_(rules.OPEN_APPEAL))
    if late_on is not None:
        query = query.where(waits.is_late(late_on))
    return list(db.session.scalars(query.order_by(Appeal.due_on, Appeal.id).limit(MOST_WAITING + 1)))


def words_of(kpm_id: int) -> dict[str, str]:
    """Return what was said in a family's matters, opened, by subject. The caller has asked who may."""
    query = select(Words).where(Words.kpm_id == kpm_id)
    return {row.subject: vault.unseal(row.sealed, f"growth_words:{row.subject}") for row in db.session.scalars(query)}


def get_own_kpm(scope: Actor) -> Kpm:
    """Return the family of a seller: the one that runs her shop today.

    Raises:
        NotFound: her shop belongs to no family.
    """
    found = find_own_kpm(scope)
    if found is None:
        raise NotFound(scope.id)
    return found


def find_own_kpm(scope: Actor) -> Kpm | None:
    """Return the family of a seller, or None."""
    return find_family_of(scope.id) if scope.role == "seller" else None


def get_graduation(graduation_id: int) -> Graduation:
    """Return a graduation with its family and whoever recorded it.

    Raises:
        NotFound: none has this id.
    """
    query = select(Graduation).options(joinedload(Graduation.kpm).joinedload(Kpm.identity))
    query = query.options(joinedload(Graduation.recorded_by))
    found = db.session.scalar(query.where(Graduation.id == graduation_id))
    if found is None:
        raise NotFound(graduation_id)
    return found


def list_unconfirmed(scope: Actor) -> list[Graduation]:
    """Return the graduations that wait for a scan or an acknowledgement, the oldest first, one more than are shown."""
    query = select(Graduation).join(Kpm).options(joinedload(Graduation.kpm).joinedload(Kpm.identity))
    query = query.where(families.in_scope(scope), Graduation.confirmed_on.is_(None))
    return list(db.session.scalars(query.order_by(Graduation.id).limit(MOST_WAITING + 1)))


def count_graduations(regency_code: str) -> list[tuple[int, str, str, int]]:
    """Count confirmed graduations by (year of the statement, kecamatan, kind)."""
    year = extract("year", Graduation.stated_on)
    query = select(year, Graduation.kecamatan_code, Graduation.kind, func.count()).where(
        inside(Graduation.regency_code, [regency_code]), Graduation.confirmed_on.is_not(None)
    )
    query = query.group_by(year, Graduation.kecamatan_code, Graduation.kind)
    return [(int(told), place, kind, count) for told, place, kind, count in db.session.execute(query)]


def count_graduated(region_code: str) -> dict[int, dict[str, int]]:
    """Count the families with a confirmed graduation by year of the statement and area, each once in a cell.

    The areas are those of /dinsos/ringkasan: kecamatan of a kabupaten, kabupaten of a province. Finer ones here would
    give away what stays closed there.
    """
    area = Graduation.kecamatan_code if "." in region_code else Graduation.regency_code
    year = extract("year", Graduation.stated_on)
    query = select(year, area, func.count(Graduation.kpm_id.distinct())).where(
        inside(Graduation.regency_code, [region_code]), Graduation.confirmed_on.is_not(None)
    )
    counted: dict[int, dict[str, int]] = {}
    for told, place, families_ in db.session.execute(query.group_by(year, area)):
        counted.setdefault(int(told), {})[place] = families_
    return counted


def inputs_of(assessment: Assessment) -> dict[str, Any]:
    """Read the frozen inputs of an assessment."""
    return dict(json.loads(assessment.inputs_json))


def results_of(assessment: Assessment) -> dict[str, Any]:
    """Read the frozen results of an assessment."""
    return dict(json.loads(assessment.results_json))
