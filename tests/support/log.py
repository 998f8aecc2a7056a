"""What the log of acts says of one kind of act, to be compared with what was done."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select

from app.core.audit import AuditEntry, name_of
from app.core.db import db
from app.core.policy import Actor
from app.office.oversight.words import ACTS


class Did(NamedTuple):
    """Who (0: nobody, time did it) did it to what, and what stands beside it."""

    who: int
    about: str
    facts: dict[str, Any]


def did(by: Actor | None, about: object, **facts: Any) -> Did:
    """Say what the log shall say."""
    return Did(by.id if by else 0, name_of(about), facts)


def log(kind: str) -> list[Did]:
    """Return every act of a kind, oldest first; what no screen can name is no kind."""
    assert kind in ACTS, f"{kind} has no words"
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == kind).order_by(AuditEntry.id))
    return [Did(row.actor_id, row.subject, row.facts) for row in rows]
