"""Her cash book beside the sales: what she spent, put in, set aside. Appended, never changed; hers alone.

What was sold is not written here: it flows in from the sales book, so that nothing is typed twice.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, RupiahColumn, pk, stamped
from app.kit.rupiah import Rupiah
from app.trade.cashbook.rules import KINDS


class CashEntry(Base):
    """Money in or out of a purse, or the reversal of such an entry (negative, dated as the original)."""

    __tablename__ = "cash_entry"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(
            "(reversal_of IS NULL AND amount > 0) OR (reversal_of IS NOT NULL AND amount < 0)", name="sign"
        ),
        Index("ix_cash_entry_owner_day", "owner_id", "shop_id", "on_day", "id"),
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"), index=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    on_day: Mapped[date]
    note: Mapped[str] = mapped_column(String(120), default="")
    reversal_of: Mapped[int | None] = mapped_column(BigId, ForeignKey("cash_entry.id"), unique=True)
    at: Mapped[datetime] = stamped()
