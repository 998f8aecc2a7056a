"""Complaints about what was handed over: what a buyer says, how it was answered, and every step of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, UtcDateTime, pk, stamped, versioned
from app.trade.returns.rules import DECISIONS, ENDS, KINDS, OFFERS, STATES

_STANDS = f"state NOT IN {ENDS}"


class ReturnCase(Base):
    """One complaint of one order; another is opened only after it ended. `photo` is a private file.

    `due_at` is the one clock that runs: for the seller's answer, for what she offered, for the buyer's objection, for
    whoever decides. Only `return_event` tells what was before.
    """

    __tablename__ = "return_case"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"offer = '' OR offer IN {OFFERS}", name="offer"),
        CheckConstraint(f"decision = '' OR decision IN {DECISIONS}", name="decision"),
        CheckConstraint("(state = 'closed_by_facilitator') = (decision <> '')", name="decided"),
        CheckConstraint(f"(due_at IS NULL) = (state IN {ENDS})", name="due"),
        Index("ix_return_case_order_id", "order_id"),
        Index("ix_return_case_due", "due_at", sqlite_where=text(_STANDS), postgresql_where=text(_STANDS)),
        Index(
            "uq_return_case_standing",
            "order_id",
            unique=True,
            sqlite_where=text(_STANDS),
            postgresql_where=text(_STANDS),
        ),
    )

    id: Mapped[int] = pk()
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("order.id"))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(300))
    photo: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(24), default="opened")
    offer: Mapped[str] = mapped_column(String(8), default="")
    answer: Mapped[str] = mapped_column(String(300), default="")
    decision: Mapped[str] = mapped_column(String(8), default="")
    closing: Mapped[str] = mapped_column(String(300), default="")
    closed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()


class ReturnLine(Base):
    """How many units of one line a complaint is about."""

    __tablename__ = "return_line"
    __table_args__ = (
        UniqueConstraint("case_id", "line_id"),
        CheckConstraint("qty > 0", name="qty"),
    )

    id: Mapped[int] = pk()
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("return_case.id"))
    line_id: Mapped[int] = mapped_column(BigId, ForeignKey("order_line.id"), index=True)
    qty: Mapped[int]


class ReturnEvent(Base):
    """One step of a complaint: from, to, and by whom. Appended only."""

    __tablename__ = "return_event"

    id: Mapped[int] = pk()
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("return_case.id"), index=True)
    from_state: Mapped[str] = mapped_column(String(24))
    to_state: Mapped[str] = mapped_column(String(24))
    actor_kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[int] = mapped_column(BigId, default=0)
    at: Mapped[datetime] = stamped()
