"""What is done with a family's case: opened, measured, a move proposed by one person and decided by another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from app.core import audit, keyring, vault
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.growth.graduation import measure, queries, reckoning, rules
from app.growth.graduation.models import Assessment, Decision, GrowthCase, Proposal, RuleSet, Words
from app.people.families.models import Kpm
from app.people.places.queries import settings_of


class NotAMove(DomainError):
    """From where the family stands, nothing leads there."""

    text = _l("Dari keadaan sekarang, langkah itu tidak ada. Buka lagi halamannya.")


class ReasonTooShort(DomainError):
    """A reason is a sentence, not a word."""

    status = 400
    text = _l("Tulis alasannya, paling sedikit 20 huruf.")


class NoFamilyView(DomainError):
    """Nobody wrote down what the family says to it."""

    status = 400
    text = _l("Tulis dulu pandangan keluarga.")


class NotAgreed(DomainError):
    """This step needs the family's own yes."""

    text = _l("Langkah ini perlu persetujuan keluarga dulu.")


class AlreadyProposed(DomainError):
    """A proposal waits for an answer already."""

    text = _l("Sudah ada usulan yang menunggu jawaban.")


class AlreadyAnswered(DomainError):
    """Somebody was quicker."""

    text = _l("Usulan ini sudah dijawab, atau keadaan keluarga sudah berubah.")


class SamePerson(DomainError):
    """Nobody decides what they proposed, and neither of the two hears the objection."""

    status = 403
    text = _l("Harus orang lain: Anda sudah ikut dalam perkara ini.")


class Contested(DomainError):
    """The family objects to the last decision; until that is answered nothing moves."""

    text = _l("Keluarga sedang keberatan. Jawab dulu keberatannya.")


class NotAPerson(DomainError):
    """Time and jobs never decide about a family."""

    status = 403


def canonical(value: Any) -> str:
    """Return the one spelling of frozen facts that hashes are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(text: str) -> str:
    """Return the hash of frozen facts."""
    return hashlib.sha256(text.encode()).hexdigest()


def open_case(kpm: Kpm, *, by: Actor, with_aid: bool = False) -> GrowthCase:
    """Begin to follow a family; a second time finds the case. Its own consent places it at once."""
    lock(kpm.id)
    case = queries.find_case(kpm.id)
    if case is None:
        status = "with_aid" if with_aid else rules.REGISTERED
        case = GrowthCase(kpm_id=kpm.id, status=status, watch=[], opened_by_id=by.id, since=now())
        db.session.add(case)
        db.session.flush()
        audit.record(by, "growth.case_opened", f"growth_case:{kpm.id}", status=status)
        follow_consent(kpm.id)
    return case


def lock(kpm_id: int) -> None:
    """Queue behind whoever moves this family's case."""
    db.session.execute(select(Kpm.id).where(Kpm.id == kpm_id).with_for_update())


def follow_consent(kpm_id: int) -> None:
    """Move a case to where the family's own consent puts it: the only move without a decision."""
    case = queries.find_case(kpm_id)
    if case is None:
        return
    status = queries.standing_of(case).status
    if status == case.shown:
        return
    before = case.shown
    if case.held_status is not None:
        case.held_status = status
    else:
        case.status = status
    case.since = now()
    case.version += 1
    db.session.flush()
    facts = {"before": before, "status": status, "region": case.kpm.regency_code}
    audit.record(None, "growth.consent_followed", f"growth_case:{kpm_id}", **facts)


def assess(kpm: Kpm, *, by: Actor) -> Assessment:
    """Measure a family now and keep all of it; sales are used if it consents at this moment."""
    day, case = today(settings_of(kpm.regency_code).zone), queries.find_case(kpm.id)
    used = kpm.id in queries.consenting([kpm.id], now(), day)
    inputs = measure.inputs_of(kpm.id, day, sales_used=used)
    made = keep(kpm.id, queries.rules_for(kpm.regency_code, day), inputs, by_id=by.id)
    if case is not None:
        note(case, made)
    audit.record(by, "growth.assessed", made, kpm=kpm.id, sha256=made.inputs_sha256)
    return made


def keep(kpm_id: int, rule_set: RuleSet, inputs: dict[str, Any], *, by_id: int) -> Assessment:
    """Store an assessment with everything it was made from."""
    results = reckoning.assess(rule_set.criteria, rule_set.flags, inputs)
    made = Assessment(kpm_id=kpm_id, made_by_id=by_id, **_frozen(inputs, results, rule_set))
    db.session.add(made)
    db.session.flush()
    return made


def _frozen(inputs: dict[str, Any], results: dict[str, Any], rule_set: RuleSet) -> dict[str, Any]:
    told = canonical(inputs)
    return {
        "rule_set_id": rule_set.id,
        "code_version": reckoning.CODE_VERSION,
        "as_of": date.fromisoformat(inputs["as_of"]),
        "inputs_json": told,
        "inputs_sha256": digest(told),
        "results_json": canonical(results),
    }


def keep_night(day: date, measured: Mapping[int, tuple[dict[str, Any], dict[str, Any]]], rule_set: RuleSet) -> None:
    """Store what a night measured of several families, (inputs, results) each, and show its signs on their cases."""
    if not measured:
        return
    rows = [
        {"kpm_id": kpm_id, "made_by_id": 0, **_frozen(inputs, results, rule_set)}
        for kpm_id, (inputs, results) in measured.items()
    ]
    made = db.session.execute(insert(Assessment).returning(Assessment.kpm_id, Assessment.id), rows)
    cases = [
        {"kpm_id": kpm_id, "assessment_id": number, "watch": measured[kpm_id][1]["watch"], "reckoned_on": day}
        for kpm_id, number in made
    ]
    db.session.execute(update(GrowthCase), cases)


def note_night(day: date, kpm_ids: Sequence[int], *, consents: Container[int]) -> None:
    """Remember that a night is over for several families; whose consent lapsed is moved to where that puts it."""
    reckoned = update(GrowthCase).where(GrowthCase.kpm_id.in_(kpm_ids)).values(reckoned_on=day)
    db.session.execute(reckoned, execution_options={"synchronize_session": False})
    for kpm_id, shown in queries.list_shown(kpm_ids):
        if rules.by_consent(shown, consents=kpm_id in consents) != shown:
            lock(kpm_id)
            follow_consent(kpm_id)


def note(case: GrowthCase, made: Assessment) -> None:
    """Let a case show the warning signs of its newest assessment; its status stays where people put it."""
    case.assessment_id, case.watch = made.id, queries.results_of(made)["watch"]


def say(kpm_id: int, subject: str, text: str) -> None:
    """Keep what somebody said, sealed, where it can be erased alone."""
    db.session.add(Words(kpm_id=kpm_id, subject=subject, sealed=vault.seal(text, f"growth_words:{subject}")))


def reasoned(text: str) -> str:
    """Return a reason without spaces around it.

    Raises:
        ReasonTooShort: it is no sentence.
    """
    told = text.strip()
    if len(told) < rules.LEAST_REASON:
        raise ReasonTooShort(len(told))
    return told


def propose(kpm: Kpm, outcome: str, *, reason: str, family_view: str, agreed: bool = False, by: Actor) -> Proposal:
    """Propose a move after talking with the family; what is known at this moment is frozen with it.

    Raises:
        NotAMove, ReasonTooShort, NoFamilyView, NotAgreed, Contested, AlreadyProposed: as they say.
    """
    told, view = reasoned(reason), family_view.strip()
    lock(kpm.id)
    follow_consent(kpm.id)
    case = queries.get_case(kpm.id)
    if case.held_status is not None:
        raise Contested(kpm)
    if outcome not in queries.moves_of(case):
        raise NotAMove(kpm)
    if not view:
        raise NoFamilyView(kpm)
    if rules.needs_agreement(case.status, outcome) and not agreed:
        raise NotAgreed(kpm)
    if queries.find_waiting(kpm.id) is not None:
        raise AlreadyProposed(kpm)
    proposal = Proposal(
        kpm_id=kpm.id, before=case.status, outcome=outcome, agreed=agreed, reason_length=len(told),
        assessment_id=assess(kpm, by=by).id, proposed_by_id=by.id,
    )  # fmt: skip
    db.session.add(proposal)
    db.session.flush()
    say(kpm.id, f"growth_proposal:{proposal.id}:reason", told)
    say(kpm.id, f"growth_proposal:{proposal.id}:view", view)
    audit.record(by, "growth.proposed", proposal, kpm=kpm.id, before=case.status, outcome=outcome)
    return proposal


def decide(proposal: Proposal, *, reason: str, by: Actor) -> Decision:
    """Let a move happen: another named person says so, with a reason.

    Raises:
        NotAPerson, SamePerson, ReasonTooShort, AlreadyAnswered, Contested: as they say.
    """
    told = reasoned(reason)
    _take(proposal, "decided", by)
    case = queries.get_case(proposal.kpm_id)
    if case.held_status is not None:
        raise Contested(proposal)
    if case.status != proposal.before or proposal.outcome not in queries.moves_of(case):
        raise AlreadyAnswered(proposal)
    decision = record_decision(proposal, "move", proposal.before, proposal.outcome, told, by=by)
    move(case, decision)
    return decision


def decline(proposal: Proposal, *, reason: str, by: Actor) -> None:
    """Answer a proposal with no; nothing changes for the family.

    Raises:
        NotAPerson, SamePerson, ReasonTooShort, AlreadyAnswered: as they say.
    """
    told = reasoned(reason)
    _take(proposal, "declined", by)
    say(proposal.kpm_id, f"growth_proposal:{proposal.id}:answer", told)
    audit.record(by, "growth.declined", proposal, kpm=proposal.kpm_id)


def _take(proposal: Proposal, state: str, by: Actor) -> None:
    """Answer a proposal once; who proposed it never does."""
    if by.is_anonymous or not by.id:
        raise NotAPerson(proposal)
    if by.id == proposal.proposed_by_id:
        raise SamePerson(proposal)
    lock(proposal.kpm_id)
    follow_consent(proposal.kpm_id)
    query = update(Proposal).where(Proposal.id == proposal.id, Proposal.state == "waiting")
    moved = query.values(state=state, answered_by_id=by.id, answered_at=now()).returning(Proposal.id)
    if db.session.scalar(moved) is None:
        raise AlreadyAnswered(proposal)
    db.session.refresh(proposal)


def record_decision(proposal: Proposal, kind: str, before: str, outcome: str, reason: str, *, by: Actor) -> Decision:
    """Append a decision; the notice to the family bears the same day."""
    kpm = db.session.get_one(Kpm, proposal.kpm_id)
    day = today(settings_of(kpm.regency_code).zone)
    decision = Decision(
        kpm_id=kpm.id, kind=kind, proposal_id=proposal.id, proposed_by_id=proposal.proposed_by_id,
        decided_by_id=by.id, before=before, outcome=outcome, reason_length=len(reason),
        assessment_id=proposal.assessment_id, notified_on=day, effective_on=day,
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    say(kpm.id, f"growth_decision:{decision.id}:reason", reason)
    audit.record(by, "growth.decided", decision, kpm=kpm.id, before=before, outcome=outcome, kind=kind)
    return decision


def move(case: GrowthCase, decision: Decision) -> None:
    """Put a case where a decision says; the database refuses any other way."""
    case.decision_id, case.status, case.since = decision.id, decision.outcome, now()
    case.version += 1
    db.session.flush()


def erase_words(kpm_id: int) -> int:
    """Erase what was said in a family's matters and return how much; decisions and assessments keep their ids."""
    rows = list(db.session.scalars(select(Words).where(Words.kpm_id == kpm_id)))
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    return len(rows)


keyring.sealed(Words.sealed, lambda words: f"growth_words:{words.subject}")
