"""What people ask about their own data: a copy, a correction, an erasure, or to stop after a withdrawal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, UtcDateTime, pk, stamped, versioned
from app.people.accounts.models import Account
from app.people.families.models import Kpm

KINDS = ("copy", "correct", "erase", "withdraw")
STATES = ("open", "routed", "proposed", "ready", "done", "declined")
SOURCES = ("own", "paper", "withdrawal")


def _one_open(column: str) -> Index:
    """Let one request of a kind be open at a time."""
    opened = text(f"closed_at IS NULL AND {column} IS NOT NULL")
    name = f"uq_data_request_{column}_open"
    return Index(name, column, "kind", unique=True, sqlite_where=opened, postgresql_where=opened)


class DataRequest(Base):
    """One request. `account_id` is whose account and shop it is about, `kpm_id` whose family; an erasure with both is
    about both. A buyer has no account: `buyer_hash` is the keyed hash of the number on her orders. `due_at` never
    moves; `closed_at` says since when nothing is owed any more.
    """

    __tablename__ = "data_request"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        CheckConstraint("account_id IS NOT NULL OR kpm_id IS NOT NULL OR buyer_hash IS NOT NULL", name="somebody"),
        CheckConstraint("(closed_at IS NULL) = (state IN ('open', 'routed', 'proposed'))", name="closed"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR (proposed_by_id IS NOT NULL AND proposed_by_id <> confirmed_by_id)",
            name="two_people",
        ),
        CheckConstraint("kind <> 'erase' OR state <> 'done' OR confirmed_by_id IS NOT NULL", name="erased_by_two"),
        _one_open("account_id"),
        _one_open("kpm_id"),
        _one_open("buyer_hash"),
        Index("ix_data_request_region_closed", "regency_code", "closed_at", "due_at"),
    )

    id: Mapped[int] = pk()
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="open")
    source: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    kpm_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("kpm.id"))
    buyer_hash: Mapped[str | None] = mapped_column(String(64))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    words: Mapped[str] = mapped_column(String(500), default="")
    asked_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    asked_at: Mapped[datetime] = stamped()
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    routed_to: Mapped[str] = mapped_column(String(12), default="")
    proposal: Mapped[str] = mapped_column(String(500), default="")
    proposed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(String(500), default="")
    closed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = versioned()

    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    kpm: Mapped[Kpm | None] = relationship()
    proposed_by: Mapped[Account | None] = relationship(foreign_keys=[proposed_by_id])
