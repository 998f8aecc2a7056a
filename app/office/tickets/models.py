"""Complaints to the office, about anything: a number, a clock, and one answer with a name under it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, UtcDateTime, pk, stamped, versioned
from app.office.tickets.rules import KINDS
from app.people.accounts.models import Account

_OPEN = "answered_at IS NULL"


class Ticket(Base):
    """One complaint. `phone` may be missing: then its link alone leads to it. `due_at` never moves."""

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered"),
        Index("ix_ticket_open", "regency_code", "due_at", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_ticket_phone", "phone"),
    )

    id: Mapped[int] = pk()
    code: Mapped[str] = mapped_column(String(16), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(1000))
    phone: Mapped[str | None] = mapped_column(String(20))
    made_at: Mapped[datetime] = stamped()
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(1000), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    version: Mapped[int] = versioned()

    answered_by: Mapped[Account | None] = relationship(Account)
