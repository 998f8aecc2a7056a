"""Complaints to the office held against the log of who answered them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, or_, select

from app.core.audit import AuditEntry
from app.core.books import Finding, book
from app.core.db import db
from app.office.tickets.models import Ticket


@book("aduan")
def check_tickets() -> list[Finding]:
    """Find answers without a name or that the log does not know, clocks that never ran, and half-forgotten people."""
    named = Ticket.answered_by_id.is_not(None)
    signed = _logged("ticket.answered", AuditEntry.actor_id == func.coalesce(Ticket.answered_by_id, 0))
    bare = and_(Ticket.words == "", or_(Ticket.phone.is_not(None), Ticket.answer != ""))
    unsigned = and_(Ticket.answered_at.is_(None), or_(Ticket.answer != "", named))
    return [
        *_rows(unsigned, "holds an answer that nobody gave"),
        *_rows(and_(Ticket.answered_at.is_not(None), ~named), "was answered without a name"),
        *_rows(and_(named, signed != 1), "its answer is not the one of the log"),
        *_rows(and_(~named, _logged("ticket.answered") > 0), "lost its answer"),
        *_rows(_logged("ticket.made") != 1, "was never taken in, or twice"),
        *_rows(Ticket.due_at <= Ticket.made_at, "its clock ended before it began"),
        *_rows(bare, "is forgotten by half"),
    ]


def _logged(action: str, *more: ColumnElement[bool]) -> ColumnElement[int]:
    subject = literal("ticket:") + cast(Ticket.id, String)
    query = select(func.count()).where(AuditEntry.action == action, AuditEntry.subject == subject, *more)
    return query.correlate(Ticket).scalar_subquery()


def _rows(wrong: ColumnElement[bool], why: str) -> list[Finding]:
    return [Finding("ticket", number, why) for number in db.session.scalars(select(Ticket.id).where(wrong))]
