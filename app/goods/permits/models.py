"""Permits: registrations and licences of a maker's business and goods, with their scans.

A permit is never rewritten: a newer one of its kind takes its place, and the older one stays as it was read.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, UtcDateTime, pk, stamped
from app.goods.permits.rules import KINDS, STATES, ends_on
from app.goods.shops.models import Shop


class PaperNeed(Base):
    """A paper that every business of a sector needs; the sector `semua` stands for all of them."""

    __tablename__ = "paper_need"
    __table_args__ = (CheckConstraint(f"kind IN {KINDS}", name="kind"),)

    sector: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)


class Permit(Base):
    """One paper of one shop. `number` is masked where it may be a NIK, and whole in `number_sealed` alone.

    `kbli_code` is the class on a NIB. `scan` names a private file. Whether it has expired is asked of the day.
    """

    __tablename__ = "permit"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("kind <> 'npwp' OR length(number) < 16", name="sealed"),
        CheckConstraint("verified_by_id IS NULL OR verified_by_id <> entered_by_id", name="other_eyes"),
        CheckConstraint("state = 'uploaded' OR verified_by_id IS NOT NULL", name="verified"),
        Index("ix_permit_shop_kind", "shop_id", "kind"),
        Index(
            "uq_permit_current",
            "shop_id",
            "kind",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = pk()
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(40))
    number_sealed: Mapped[str | None] = mapped_column(String(300))
    kbli_version: Mapped[str | None] = mapped_column(String(4))
    kbli_code: Mapped[str | None] = mapped_column(String(5))
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    scan: Mapped[str | None] = mapped_column(String(120))
    scan_sha256: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="uploaded")
    note: Mapped[str] = mapped_column(String(300), default="")
    entered_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    verified_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = stamped()

    shop: Mapped[Shop] = relationship(Shop)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds, None when it names none."""
        return ends_on(self.kind, self.number, self.expires_on) if self.number else self.expires_on
