"""Objections of a family: filed by any way, taken by a third person, heard, answered; the contested move waits."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import update

from app.core import audit
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.growth.graduation import operations, queries, rules
from app.growth.graduation.models import Appeal, Decision, GrowthCase, Proposal
from app.growth.graduation.operations import AlreadyAnswered, NotAPerson, SamePerson, lock, reasoned, say
from app.people.families.models import Kpm
from app.people.places.queries import settings_of


class NothingSaid(DomainError):
    """An objection needs a few words."""

    status = 400
    text = _l("Tulis apa yang menurut Anda tidak benar.")


class AlreadyObjected(DomainError):
    """An objection is open already."""

    text = _l("Keberatan sebelumnya masih diperiksa.")


def contested_by(kpm_id: int, day: date) -> Decision | None:
    """Return the decision that an objection on this day is about, or None: then it is about what is shown."""
    last = queries.find_last_decision(kpm_id)
    if last is None or last.kind != "move" or queries.was_appealed(last.id):
        return None
    return last if day <= last.notified_on + timedelta(days=rules.APPEAL_DAYS) else None


def file(kpm: Kpm, text: str, *, channel: str, by: Actor) -> Appeal:
    """Write down that a family objects; from now on the contested move holds nowhere.

    Raises:
        NothingSaid: no words.
        AlreadyObjected: an earlier one is not answered yet.
    """
    told = text.strip()
    if not told:
        raise NothingSaid(kpm)
    lock(kpm.id)
    if queries.find_open_appeal(kpm.id) is not None:
        raise AlreadyObjected(kpm)
    operations.follow_consent(kpm.id)
    day = today(settings_of(kpm.regency_code).zone)
    decision = contested_by(kpm.id, day)
    appeal = Appeal(
        kpm_id=kpm.id,
        decision_id=decision.id if decision else None,
        proposed_by_id=decision.proposed_by_id if decision else None,
        decided_by_id=decision.decided_by_id if decision else None,
        filed_by_id=by.id,
        channel=channel,
        acknowledge_by=rules.working_days_later(day, rules.ACKNOWLEDGE_WITHIN),
        due_on=rules.working_days_later(day, rules.ANSWER_WITHIN),
    )
    db.session.add(appeal)
    db.session.flush()
    say(kpm.id, f"growth_appeal:{appeal.id}:text", told)
    case = queries.find_case(kpm.id)
    # Where the family's own consent has moved it since, the decision holds nowhere anyway.
    if decision is not None and case is not None and (case.decision_id, case.status) == (decision.id, decision.outcome):
        _hold(case, decision.before)
    audit.record(by, "growth.appeal_filed", appeal, kpm=kpm.id, channel=channel)
    return appeal


def _hold(case: GrowthCase, status: str | None) -> None:
    case.held_status = status
    case.version += 1
    db.session.flush()
    if status is not None:
        operations.follow_consent(case.kpm_id)


def acknowledge(appeal: Appeal, *, by: Actor) -> None:
    """Take an objection: a third person, who stays its handler.

    Raises:
        NotAPerson, SamePerson, AlreadyAnswered: as they say.
    """
    _refuse_involved(appeal, by)
    _go(appeal, ("filed",), by, state="acknowledged", handler_id=by.id, acknowledged_at=now())


def hear(appeal: Appeal, *, by: Actor) -> None:
    """Begin the hearing.

    Raises:
        NotAPerson, SamePerson, AlreadyAnswered: as they say.
    """
    _refuse_involved(appeal, by)
    _go(appeal, ("acknowledged",), by, state="in_hearing")


def answer(appeal: Appeal, *, changed: bool, reason: str, by: Actor) -> None:
    """End an objection: the decision stands, or the family stands where it stood before it.

    Raises:
        NotAPerson, SamePerson, ReasonTooShort, AlreadyAnswered: as they say.
    """
    told = reasoned(reason)
    _refuse_involved(appeal, by)
    lock(appeal.kpm_id)
    _go(appeal, ("in_hearing",), by, state="changed" if changed else "upheld", ended_at=now())
    say(appeal.kpm_id, f"growth_appeal:{appeal.id}:answer", told)
    case = queries.find_case(appeal.kpm_id)
    if case is None or case.held_status is None:
        return
    contested = db.session.get_one(Decision, appeal.decision_id)
    _hold(case, None)
    if changed:
        proposal = db.session.get_one(Proposal, contested.proposal_id)
        back = operations.record_decision(proposal, "appeal", contested.outcome, contested.before, told, by=by)
        operations.move(case, back)
    operations.follow_consent(appeal.kpm_id)


def withdraw(appeal: Appeal, *, by: Actor) -> None:
    """Take an objection back, as the family wishes.

    Raises:
        AlreadyAnswered: it was answered meanwhile.
    """
    lock(appeal.kpm_id)
    _go(appeal, rules.OPEN_APPEAL, by, state="withdrawn", ended_at=now())
    case = queries.find_case(appeal.kpm_id)
    if case is not None and case.held_status is not None:
        _hold(case, None)
        operations.follow_consent(appeal.kpm_id)


def _refuse_involved(appeal: Appeal, by: Actor) -> None:
    if by.is_anonymous or not by.id:
        raise NotAPerson(appeal)
    taken = appeal.handler_id is not None and appeal.handler_id != by.id
    if taken or by.id in {appeal.proposed_by_id, appeal.decided_by_id, appeal.filed_by_id}:
        raise SamePerson(appeal)


def _go(appeal: Appeal, before: tuple[str, ...], by: Actor, **values: object) -> None:
    query = update(Appeal).where(Appeal.id == appeal.id, Appeal.state.in_(before))
    moved = query.values(version=Appeal.version + 1, **values).returning(Appeal.id)
    if db.session.scalar(moved) is None:
        raise AlreadyAnswered(appeal)
    db.session.refresh(appeal)
    audit.record(by, "growth.appeal_moved", appeal, kpm=appeal.kpm_id, state=values["state"])
