"""Questions about complaints to the office; by link, by number and phone, and what waits for an officer."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.core.vault import settings
from app.kit import codes
from app.office.tickets import rules
from app.office.tickets.models import Ticket
from app.people.accounts.models import Account
from app.people.places.queries import inside
from app.people.places.rules import around

LONGEST_CODE = 16


def signature_of(code: str) -> str:
    """Return what stands in the link of a complaint: 80 bits beyond its number."""
    return codes.signature(settings().derive("ticket-link"), code, rules.LINK_BITS)


def get_by_link(code: str, signature: str) -> Ticket:
    """Return the complaint of a signed link.

    Raises:
        NotFound: unknown number or wrong signature; both do the same work.
    """
    plain = codes.normalise(code)[:LONGEST_CODE]
    found = _by_code(plain)
    if not codes.is_signed(settings().derive("ticket-link"), plain, signature, rules.LINK_BITS) or found is None:
        raise NotFound
    return found


def find_by_phone(code: str, phone: str) -> Ticket | None:
    """Return the complaint with this number that somebody with this phone made, or None."""
    found = _by_code(codes.normalise(code)[:LONGEST_CODE])
    return found if found is not None and found.phone == phone else None


def _by_code(code: str) -> Ticket | None:
    return db.session.scalar(select(Ticket).options(joinedload(Ticket.answered_by)).where(Ticket.code == code))


def find_by_key(key: str) -> Ticket | None:
    """Return what an idempotency key has made already, or None."""
    return db.session.scalar(select(Ticket).where(Ticket.key == key))


def get_ticket(code: str) -> Ticket:
    """Return the complaint with this number.

    Raises:
        NotFound: there is none.
    """
    # Alone: a row with another beside it, which may be missing, cannot be held for an answer.
    found = db.session.scalar(select(Ticket).where(Ticket.code == codes.normalise(code)[:LONGEST_CODE]))
    if found is None:
        raise NotFound(code)
    return found


def list_officers(regency_code: str, roles: Iterable[str] = rules.ANSWERS) -> list[int]:
    """Return the accounts that may answer a complaint of a region."""
    query = select(Account.id).where(Account.role.in_(roles), Account.region_code.in_(around(regency_code)))
    return list(db.session.scalars(query.where(Account.state == "active").order_by(Account.id)))


def list_open(*, scope: Actor, limit: int = 50) -> list[Ticket]:
    """Return what waits for an answer, overdue first: whatever is due soonest stands on top."""
    return list(db.session.scalars(select(Ticket).where(*_open(scope)).order_by(Ticket.due_at, Ticket.id).limit(limit)))


def list_answered(*, scope: Actor, before_id: int = 0, limit: int = 20) -> list[Ticket]:
    """Return what was answered, the newest first."""
    query = select(Ticket).options(joinedload(Ticket.answered_by)).where(Ticket.answered_at.is_not(None))
    query = query.where(inside(Ticket.regency_code, [scope.region_code]))
    query = query.where(Ticket.id < before_id) if before_id else query
    return list(db.session.scalars(query.order_by(Ticket.id.desc()).limit(limit)))


def still_open(scope: Actor) -> ColumnElement[int]:
    """Count what waits for an answer, within another question."""
    return select(func.count()).select_from(Ticket).where(*_open(scope)).scalar_subquery()


def overdue(scope: Actor) -> ColumnElement[int]:
    """Count what should have been answered by now, within another question."""
    query = select(func.count()).select_from(Ticket).where(*_open(scope), Ticket.due_at <= now())
    return query.scalar_subquery()


def _open(scope: Actor) -> tuple[ColumnElement[bool], ...]:
    return Ticket.answered_at.is_(None), inside(Ticket.regency_code, [scope.region_code])


def list_old(limit: int) -> list[Ticket]:
    """Return what was answered so long ago that nobody needs its words any more."""
    query = select(Ticket).where(Ticket.answered_at <= now() - rules.KEPT, Ticket.words != "")
    return list(db.session.scalars(query.order_by(Ticket.id).limit(limit)))
