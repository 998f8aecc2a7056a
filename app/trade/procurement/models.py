"""Orders that government offices placed in the e-Katalog, their papers, and what was taken back of them.

Appended, never changed (triggers of migration 0170); what an order is worth stands in the sales book alone.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, RupiahColumn, pk, stamped
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.trade.ekatalog.models import Submission
from app.trade.procurement.rules import PAPERS


class GovernmentOrder(Base):
    """One purchase: `buyer` is the office, `reference` the number of its paper. One line of the book belongs to it."""

    __tablename__ = "government_order"
    __table_args__ = (
        CheckConstraint("qty > 0", name="qty"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_government_order_submission", "submission_id", "id"),
        Index("ix_government_order_regency", "regency_code", "id"),
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("ekatalog_submission.id"))
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"), index=True)
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    variant_id: Mapped[int] = mapped_column(BigId, ForeignKey("variant.id"))
    buyer: Mapped[str] = mapped_column(String(120))
    reference: Mapped[str] = mapped_column(String(80))
    qty: Mapped[int]
    amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    sold_on: Mapped[date]
    entered_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()

    submission: Mapped[Submission] = relationship(Submission)
    shop: Mapped[Shop] = relationship(Shop)


class GovernmentPaper(Base):
    """A paper of an order: the office's order, or the signed handover. `file` is a private picture."""

    __tablename__ = "government_paper"
    __table_args__ = (CheckConstraint(f"kind IN {PAPERS}", name="kind"),)

    id: Mapped[int] = pk()
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("government_order.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    file: Mapped[str] = mapped_column(String(120))
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()

    order: Mapped[GovernmentOrder] = relationship(GovernmentOrder)


class GovernmentReturn(Base):
    """Units of an order that were taken back, and why; the book has a line against it."""

    __tablename__ = "government_return"
    __table_args__ = (CheckConstraint("qty > 0", name="qty"),)

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("government_order.id"), index=True)
    qty: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()
