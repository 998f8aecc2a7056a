"""Curation: who looked at a revision and what was answered, kept for ever."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, pk, stamped, versioned

KINDS = ("approve", "return", "refuse")


class RefusalReason(Base):
    """A ready sentence the seller will read, and the field it points at."""

    __tablename__ = "refusal_reason"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    sentence: Mapped[str] = mapped_column(String(200))
    field: Mapped[str] = mapped_column(String(30), default="")
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = versioned()


class Decision(Base):
    """One answer to one revision."""

    __tablename__ = "decision"
    __table_args__ = (CheckConstraint(f"kind IN {KINDS}", name="kind"),)

    id: Mapped[int] = pk()
    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    reason_code: Mapped[str | None] = mapped_column(String(40), ForeignKey("refusal_reason.code"))
    sentence: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()
