"""Questions about what was done, by whom and when, within a region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.core.audit import REGION, AuditEntry
from app.core.db import db
from app.core.policy import Actor
from app.kit.periods import zone_named
from app.people.accounts.models import Account
from app.people.families.models import AccessLog, Kpm
from app.people.places.queries import inside, settings_of

PAGE = 50
BATCH = 1_000


@dataclass(frozen=True)
class Asked:
    """What the list is kept to: acts whose code begins so, one actor, one table or row, days (both included)."""

    act: str = ""
    actor_id: int | None = None
    subject: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Act:
    """One line of the log, and who did it."""

    entry: AuditEntry
    name: str

    @property
    def by_system(self) -> bool:
        """Whether time or a job acted, and no person."""
        return self.entry.actor_id == 0


def list_acts(asked: Asked, before: int | None = None, *, scope: Actor) -> list[Act]:
    """Return acts by people of the region, and by the system there or nowhere; newest first, one more than a page."""
    query = _kept(asked, scope).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    if before:
        query = query.where(AuditEntry.id < before)
    return [Act(entry, name or "") for entry, name in db.session.execute(query).all()]


def walk_acts(asked: Asked, *, scope: Actor) -> Iterator[Act]:
    """Yield every such act, oldest first, in batches."""
    after = 0
    while True:
        query = _kept(asked, scope).where(AuditEntry.id > after).order_by(AuditEntry.id).limit(BATCH)
        rows = db.session.execute(query).all()
        yield from (Act(entry, name or "") for entry, name in rows)
        if len(rows) < BATCH:
            return
        after = rows[-1][0].id
        db.session.expunge_all()


def _kept(asked: Asked, scope: Actor) -> Select[AuditEntry, str]:
    query = select(AuditEntry, Account.name).join(Account, Account.id == AuditEntry.actor_id, isouter=True)
    query = query.where(or_(_by_system(scope), inside(Account.region_code, [scope.region_code])))
    if asked.act:
        query = query.where(AuditEntry.action.startswith(asked.act, autoescape=True))
    if asked.actor_id is not None:
        query = query.where(AuditEntry.actor_id == asked.actor_id)
    if asked.subject:
        exact = ":" in asked.subject
        wanted = AuditEntry.subject == asked.subject if exact else AuditEntry.subject.startswith(asked.subject + ":")
        query = query.where(wanted)
    if asked.first:
        query = query.where(AuditEntry.at >= _start(asked.first, scope))
    if asked.last:
        query = query.where(AuditEntry.at < _start(asked.last + timedelta(days=1), scope))
    return query


def _by_system(scope: Actor) -> ColumnElement[bool]:
    """What time or a job did in the region, or in none."""
    where = AuditEntry.facts[REGION].as_string()
    here = or_(where.is_(None), where == scope.region_code, where.startswith(scope.region_code + "."))
    return and_(AuditEntry.actor_id == 0, here)


def _start(day: date, scope: Actor) -> datetime:
    return zone_named(settings_of(scope.region_code).zone).at(day)


@dataclass(frozen=True)
class Sought:
    """What the looks are kept to: one person who looked, one family by our number, days (both included)."""

    actor_id: int | None = None
    pseudonym: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Look:
    """One look at a family: who looked, and the family by our number alone."""

    row: AccessLog
    name: str
    pseudonym: str


def list_looks(sought: Sought, before: int | None = None, *, scope: Actor) -> list[Look]:
    """Return looks at the region's families, newest first, one more than a page."""
    query = _looked(sought, scope).order_by(AccessLog.id.desc()).limit(PAGE + 1)
    if before:
        query = query.where(AccessLog.id < before)
    return [Look(row, name or "", pseudonym) for row, name, pseudonym in db.session.execute(query).all()]


def walk_looks(sought: Sought, *, scope: Actor) -> Iterator[Look]:
    """Yield every such look, oldest first, in batches."""
    after = 0
    while True:
        query = _looked(sought, scope).where(AccessLog.id > after).order_by(AccessLog.id).limit(BATCH)
        rows = db.session.execute(query).all()
        yield from (Look(row, name or "", pseudonym) for row, name, pseudonym in rows)
        if len(rows) < BATCH:
            return
        after = rows[-1][0].id
        db.session.expunge_all()


def _looked(sought: Sought, scope: Actor) -> Select[AccessLog, str, str]:
    query = select(AccessLog, Account.name, Kpm.pseudonym).join(Kpm, Kpm.id == AccessLog.kpm_id)
    query = query.join(Account, Account.id == AccessLog.actor_id, isouter=True)
    query = query.where(inside(Kpm.regency_code, [scope.region_code]))
    if sought.actor_id is not None:
        query = query.where(AccessLog.actor_id == sought.actor_id)
    if sought.pseudonym:
        query = query.where(Kpm.pseudonym == sought.pseudonym)
    if sought.first:
        query = query.where(AccessLog.at >= _start(sought.first, scope))
    if sought.last:
        query = query.where(AccessLog.at < _start(sought.last + timedelta(days=1), scope))
    return query
