"""How a seller is paid beside cash, what changed about it, and the pictures that buyers send as proof."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, UtcDateTime, pk, stamped, versioned
from app.trade.payments.rules import ACTS, KINDS


class PaymentMeans(Base):
    """One way to be paid, of one shop: her own static QRIS, or her bank account with its number sealed.

    It counts only while `owner_id` owns the shop: whoever takes a shop over sets her own.
    """

    __tablename__ = "payment_means"
    __table_args__ = (
        UniqueConstraint("shop_id", "kind"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
    )

    id: Mapped[int] = pk()
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    kind: Mapped[str] = mapped_column(String(10))
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    is_on: Mapped[bool] = mapped_column(default=True)
    payload: Mapped[str] = mapped_column(String(512), default="")
    bank: Mapped[str] = mapped_column(String(8), default="")
    holder: Mapped[str] = mapped_column(String(80), default="")
    number_sealed: Mapped[str | None] = mapped_column(String(200))
    updated_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()


class PaymentMeansChange(Base):
    """What changed about a way to be paid. Appended only; `said` names it without its number."""

    __tablename__ = "payment_means_change"
    __table_args__ = (CheckConstraint(f"act IN {ACTS}", name="act"),)

    id: Mapped[int] = pk()
    means_id: Mapped[int] = mapped_column(BigId, ForeignKey("payment_means.id"), index=True)
    act: Mapped[str] = mapped_column(String(4))
    said: Mapped[str] = mapped_column(String(80), default="")
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()


class PaymentProof(Base):
    """The picture that came with a claim; `name` is a private file, None once it was deleted."""

    __tablename__ = "payment_proof"

    id: Mapped[int] = pk()
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("money_entry.id"), unique=True)
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("order.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(120))
    at: Mapped[datetime] = stamped()
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
