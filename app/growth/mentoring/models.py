"""Visits: what a facilitator saw and heard at a family's home or stall. Appended, never rewritten."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, RupiahColumn, pk, stamped
from app.growth.mentoring.rules import ANSWERS, MET, MODES, OUTCOMES, QUESTIONS, SEEN, WHOSE
from app.kit.rupiah import Rupiah
from app.people.families.models import Kpm


class MonitoringVisit(Base):
    """One visit. `help_wanted` are codes; what was said is free text, sealed, since it may name people."""

    __tablename__ = "monitoring_visit"
    __table_args__ = (
        CheckConstraint(f"mode IN {MODES}", name="mode"),
        CheckConstraint(f"met IN {MET}", name="met"),
        Index("ix_monitoring_visit_kpm_day", "kpm_id", "visited_on"),
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    visited_on: Mapped[date]
    mode: Mapped[str] = mapped_column(String(10))
    met: Mapped[str] = mapped_column(String(10))
    running: Mapped[bool]
    help_wanted: Mapped[list[Any]] = mapped_column(JSON, default=list)
    said_sealed: Mapped[str] = mapped_column(String(6000), default="")
    photo: Mapped[str | None] = mapped_column(String(120))
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()

    kpm: Mapped[Kpm] = relationship(Kpm)
    items: Mapped[list[VisitItem]] = relationship(order_by="VisitItem.id")
    months: Mapped[list[VisitMonth]] = relationship(order_by="VisitMonth.month")


class VisitItem(Base):
    """The answer to one question of the visit, and how the facilitator knows."""

    __tablename__ = "visit_item"
    __table_args__ = (
        CheckConstraint(f"criterion IN {QUESTIONS}", name="criterion"),
        CheckConstraint(f"value IN {ANSWERS}", name="value"),
        CheckConstraint(f"how_verified IN {SEEN}", name="how_verified"),
        UniqueConstraint("visit_id", "criterion"),
    )

    id: Mapped[int] = pk()
    visit_id: Mapped[int] = mapped_column(BigId, ForeignKey("monitoring_visit.id"))
    criterion: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(10))
    how_verified: Mapped[str] = mapped_column(String(10))


class VisitMonth(Base):
    """Takings of a month as the book had them (`booked`, None without consent) and as the family told them."""

    __tablename__ = "visit_month"
    __table_args__ = (CheckConstraint("told >= 0", name="told"), UniqueConstraint("visit_id", "month"))

    id: Mapped[int] = pk()
    visit_id: Mapped[int] = mapped_column(BigId, ForeignKey("monitoring_visit.id"))
    month: Mapped[date]
    booked: Mapped[Rupiah | None] = mapped_column(RupiahColumn)
    told: Mapped[Rupiah | None] = mapped_column(RupiahColumn)


class AgreedAction(Base):
    """What was agreed on a visit: whose it is, by when, and how it ended; `what` is free text, sealed to its row."""

    __tablename__ = "agreed_action"
    __table_args__ = (
        CheckConstraint(f"whose IN {WHOSE}", name="whose"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint(
            "(outcome IS NULL) = (closed_on IS NULL) AND (outcome IS NULL) = (closed_by_id IS NULL)", name="closed"
        ),
        Index("ix_agreed_action_kpm", "kpm_id", "id"),
        Index("ix_agreed_action_visit", "visit_id"),
    )

    id: Mapped[int] = pk()
    visit_id: Mapped[int] = mapped_column(BigId, ForeignKey("monitoring_visit.id"))
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    what_sealed: Mapped[str] = mapped_column(String(1200))
    whose: Mapped[str] = mapped_column(String(12))
    due_on: Mapped[date]
    outcome: Mapped[str | None] = mapped_column(String(10))
    closed_on: Mapped[date | None]
    closed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))

    kpm: Mapped[Kpm] = relationship(Kpm)


class OwnWish(Base):
    """A family says that it wishes to stand without aid, or not any more; appended, the newest holds.

    From her own phone, or answered on a visit. No status follows from it: somebody comes and talks.
    """

    __tablename__ = "own_wish"
    __table_args__ = (UniqueConstraint("visit_id"), Index("ix_own_wish_kpm", "kpm_id", "id"))

    id: Mapped[int] = pk()
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    visit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("monitoring_visit.id"))
    alone: Mapped[bool]
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()
