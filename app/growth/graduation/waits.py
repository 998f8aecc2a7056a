"""What of a region's growth waits for whom: counts that stand within a question of whoever shows them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.clock import today
from app.core.policy import Actor
from app.growth.graduation import rules
from app.growth.graduation.models import Appeal, Graduation, Proposal, RuleSet
from app.people.families.models import Kpm
from app.people.families.queries import in_scope
from app.people.places.queries import inside, settings_of


def moves(actor: Actor) -> ColumnElement[int]:
    """Count, within another question, the proposed moves that the actor may answer: others proposed them."""
    return _count(Proposal, in_scope(actor), Proposal.state == "waiting", _another(Proposal.proposed_by_id, actor))


def objections(actor: Actor) -> ColumnElement[int]:
    """Count likewise the objections that the actor may hear, with no hand in what they are about."""
    free = or_(Appeal.handler_id.is_(None), Appeal.handler_id == actor.id)
    involved = Appeal.proposed_by_id, Appeal.decided_by_id, Appeal.filed_by_id
    others = (_another(who, actor) for who in involved)
    return _count(Appeal, in_scope(actor), Appeal.state.in_(rules.OPEN_APPEAL), free, *others)


def overdue(actor: Actor) -> ColumnElement[int]:
    """Count likewise the objections of the region that are overdue, whoever may answer them."""
    day = today(settings_of(actor.region_code[:5]).zone)
    return _count(Appeal, inside(Kpm.regency_code, [actor.region_code]), is_late(day))


def letters(actor: Actor) -> ColumnElement[int]:
    """Count likewise the signed letters of graduation that the actor may confirm."""
    there = Graduation.confirmed_on.is_(None), Graduation.scan.is_not(None)
    return _count(Graduation, in_scope(actor), *there, _another(Graduation.recorded_by_id, actor))


def drafts(actor: Actor) -> ColumnElement[int]:
    """Count likewise the rules that were tried and wait for a second person."""
    tried = RuleSet.status == "draft", RuleSet.trial.is_not(None), RuleSet.regency_code == actor.region_code[:5]
    query = select(func.count(RuleSet.id)).where(*tried, _another(RuleSet.drafted_by_id, actor))
    return query.scalar_subquery()


def still_open(actor: Actor) -> ColumnElement[int]:
    """Count likewise the moves and objections of the actor's work that nobody has answered, whoever may."""
    moves = _count(Proposal, in_scope(actor), Proposal.state == "waiting")
    return moves + _count(Appeal, in_scope(actor), Appeal.state.in_(rules.OPEN_APPEAL))


def is_late(day: date) -> ColumnElement[bool]:
    """Keep a question to objections that nobody took or answered in time."""
    unread = and_(Appeal.state == "filed", Appeal.acknowledge_by < day)
    return and_(Appeal.state.in_(rules.OPEN_APPEAL), or_(Appeal.due_on < day, unread))


def _another(who: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], actor: Actor) -> ColumnElement[bool]:
    return or_(who.is_(None), who != actor.id)


def _count(table: type[Proposal | Appeal | Graduation], *where: ColumnElement[bool]) -> ColumnElement[int]:
    query = select(func.count(table.id)).select_from(table).join(Kpm, Kpm.id == table.kpm_id)
    return query.where(*where).scalar_subquery()
