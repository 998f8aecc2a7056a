"""Aid with which a family works: asked for, looked at on the spot, given, handed over, used and shown.

Amounts are whole rupiah. A scan is the name of a private file.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, RupiahColumn, pk, stamped, versioned
from app.growth.capital.rules import CONDITIONS, FORMS, FUNDS, RESULTS, TESTS
from app.kit.rupiah import Rupiah
from app.people.families.models import Kpm


class AidProposal(Base):
    """What a family would work with. `items_asked` says it in the family's words, `asked` what it would cost."""

    __tablename__ = "aid_proposal"
    __table_args__ = (
        CheckConstraint("asked > 0", name="asked"),
        Index("ix_aid_proposal_kpm", "kpm_id", "id"),
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    business_type_slug: Mapped[str] = mapped_column(String(60), ForeignKey("business_type.slug"))
    items_asked: Mapped[str] = mapped_column(String(1000))
    asked: Mapped[Rupiah] = mapped_column(RupiahColumn)
    year: Mapped[int]
    entered_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime] = stamped()

    kpm: Mapped[Kpm] = relationship(Kpm)
    verification: Mapped[Verification | None] = relationship(back_populates="proposal", uselist=False)


class Verification(Base):
    """The look on the spot: at most one per proposal, by somebody else than who entered it."""

    __tablename__ = "verification"
    __table_args__ = (
        CheckConstraint(f"result IN {RESULTS}", name="result"),
        UniqueConstraint("proposal_id"),
    )

    id: Mapped[int] = pk()
    proposal_id: Mapped[int] = mapped_column(BigId, ForeignKey("aid_proposal.id"))
    result: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(600))
    visited_on: Mapped[date]
    running_since: Mapped[date | None]
    photo: Mapped[str | None] = mapped_column(String(120))
    verified_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime] = stamped()

    proposal: Mapped[AidProposal] = relationship(back_populates="verification")


class AidGrant(Base):
    """Aid given to a family in a year, from one fund; `due_report_on` is the last day for showing its use."""

    __tablename__ = "aid_grant"
    __table_args__ = (
        CheckConstraint(f"fund IN {FUNDS}", name="fund"),
        CheckConstraint(f"form IN {FORMS}", name="form"),
        CheckConstraint("value > 0", name="value"),
        UniqueConstraint("proposal_id"),
        Index("ix_aid_grant_regency_year", "regency_code", "year", "id"),
        Index("ix_aid_grant_kpm", "kpm_id", "year"),
    )

    id: Mapped[int] = pk()
    proposal_id: Mapped[int] = mapped_column(BigId, ForeignKey("aid_proposal.id"))
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    kecamatan_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    business_type_slug: Mapped[str] = mapped_column(String(60), ForeignKey("business_type.slug"))
    fund: Mapped[str] = mapped_column(String(12))
    form: Mapped[str] = mapped_column(String(10))
    year: Mapped[int]
    value: Mapped[Rupiah] = mapped_column(RupiahColumn)
    granted_on: Mapped[date]
    due_report_on: Mapped[date]
    granted_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    kpm: Mapped[Kpm] = relationship(Kpm)
    proposal: Mapped[AidProposal] = relationship(AidProposal)
    items: Mapped[list[AidItem]] = relationship(order_by="AidItem.id")
    bast: Mapped[Bast | None] = relationship(uselist=False)
    report: Mapped[UseReport | None] = relationship(uselist=False)


class AidItem(Base):
    """One thing of a grant in kind; `tested` says whether it worked at the handover (the lesson of the mixer)."""

    __tablename__ = "aid_item"
    __table_args__ = (
        CheckConstraint("qty > 0", name="qty"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        CheckConstraint(f"condition IN {CONDITIONS}", name="condition"),
        CheckConstraint(f"tested IN {TESTS}", name="tested"),
    )

    id: Mapped[int] = pk()
    grant_id: Mapped[int] = mapped_column(BigId, ForeignKey("aid_grant.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    qty: Mapped[int]
    unit: Mapped[str] = mapped_column(String(30))
    unit_price: Mapped[Rupiah] = mapped_column(RupiahColumn)
    condition: Mapped[str] = mapped_column(String(10), default="new")
    tested: Mapped[str] = mapped_column(String(10), default="untested")


class Bast(Base):
    """The record of a handover (Berita Acara Serah Terima); it stands once its signed scan is there."""

    __tablename__ = "bast"
    __table_args__ = (UniqueConstraint("grant_id"),)

    id: Mapped[int] = pk()
    grant_id: Mapped[int] = mapped_column(BigId, ForeignKey("aid_grant.id"))
    number: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(120))
    officer_name: Mapped[str] = mapped_column(String(120))
    officer_post: Mapped[str] = mapped_column(String(120))
    witnesses_sealed: Mapped[str] = mapped_column(String(1200))
    scan: Mapped[str | None] = mapped_column(String(120))
    entered_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime] = stamped()


class UseReport(Base):
    """What became of the aid: whether it was used as meant, in words, with receipts."""

    __tablename__ = "use_report"
    __table_args__ = (UniqueConstraint("grant_id"),)

    id: Mapped[int] = pk()
    grant_id: Mapped[int] = mapped_column(BigId, ForeignKey("aid_grant.id"))
    reported_on: Mapped[date]
    as_intended: Mapped[bool]
    note: Mapped[str] = mapped_column(String(600))
    photo: Mapped[str | None] = mapped_column(String(120))
    entered_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime] = stamped()


class UseReceipt(Base):
    """A receipt (nota) for what was bought with a grant: its amount and its photo; appended, never changed."""

    __tablename__ = "use_receipt"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    grant_id: Mapped[int] = mapped_column(BigId, ForeignKey("aid_grant.id"), index=True)
    what: Mapped[str] = mapped_column(String(120))
    amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    bought_on: Mapped[date]
    photo: Mapped[str] = mapped_column(String(120))
    entered_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime] = stamped()
