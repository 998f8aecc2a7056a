"""What is done with rule sets: one person drafts, a trial counts, another lets them hold from a day to come."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from app.core import audit, jobs
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.growth.graduation import reckoning
from app.growth.graduation.models import RuleSet
from app.growth.graduation.operations import AlreadyAnswered, SamePerson
from app.people.places.queries import settings_of

TRIAL = "graduation.try"


class SameDayOrEarlier(DomainError):
    """New rules begin on a day to come, so that nobody is judged by what was not known yet."""

    status = 400
    text = _l("Aturan baru mulai berlaku paling cepat besok.")


class NotTried(DomainError):
    """Nobody knows yet what would change."""

    text = _l("Tunggu dulu hasil uji cobanya.")


def load() -> None:
    """Bring in the rule set that ships; a second time changes nothing."""
    query = select(RuleSet.id).where(RuleSet.regency_code.is_(None), RuleSet.version == reckoning.DEFAULT_VERSION)
    if db.session.scalar(query) is None:
        db.session.add(
            RuleSet(
                version=reckoning.DEFAULT_VERSION,
                status="active",
                effective_from=date(2020, 1, 1),
                criteria=list(reckoning.DEFAULT_CRITERIA),
                flags=reckoning.DEFAULT_FLAGS,
            )
        )
        db.session.flush()


def draft_rules(
    regency_code: str, criteria: list[dict[str, Any]], flags: dict[str, Any], note: str, *, by: Actor
) -> RuleSet:
    """Draft other criteria for a kabupaten and ask what they would change; nothing follows from a draft."""
    count = db.session.scalar(select(func.count(RuleSet.id)).where(RuleSet.regency_code == regency_code)) or 0
    draft = RuleSet(
        regency_code=regency_code, version=f"v{count + 1}", criteria=criteria, flags=flags, change_note=note,
        drafted_by_id=by.id,
    )  # fmt: skip
    db.session.add(draft)
    db.session.flush()
    ask_trial(draft)
    audit.record(by, "growth.rules_drafted", draft, version=draft.version)
    return draft


def ask_trial(draft: RuleSet) -> None:
    """Let a worker count what a draft would say of every followed family; what was counted before is dropped."""
    draft.trial = None
    db.session.flush()
    facts = {"rules": draft.id, "day": today(settings_of(draft.regency_code or "").zone).isoformat()}
    jobs.enqueue(TRIAL, facts, key=f"{TRIAL}:{draft.id}")


def keep_trial(rule_set_id: int, trial: dict[str, Any]) -> None:
    """Keep the counts of a trial with its draft; one in force by now keeps those it was put in force with."""
    query = update(RuleSet).where(RuleSet.id == rule_set_id, RuleSet.status == "draft")
    db.session.execute(query.values(trial=trial))


def activate_rules(draft: RuleSet, effective_from: date, *, by: Actor) -> None:
    """Let drafted rules hold from a day to come; a second person says so. What was assessed stays as it was.

    Raises:
        SamePerson: the drafter activates.
        NotTried: its trial is not over.
        SameDayOrEarlier: the day is not to come.
        AlreadyAnswered: it is no draft any more.
    """
    if by.id == draft.drafted_by_id:
        raise SamePerson(draft)
    if draft.status == "draft" and draft.trial is None:
        raise NotTried(draft)
    if effective_from <= today(settings_of(draft.regency_code or "").zone):
        raise SameDayOrEarlier(draft)
    values: dict[str, Any] = {"status": "active", "activated_by_id": by.id, "activated_at": now()}
    # Which families would change was for those who weighed the draft; the counts stay as its reason.
    values |= {"effective_from": effective_from, "trial": (draft.trial or {}) | {"who": []}}
    query = update(RuleSet).where(RuleSet.id == draft.id, RuleSet.status == "draft").values(**values)
    if db.session.scalar(query.returning(RuleSet.id)) is None:
        raise AlreadyAnswered(draft)
    db.session.refresh(draft)
    audit.record(by, "growth.rules_activated", draft, version=draft.version, since=effective_from.isoformat())
