"""The photo of a note, beside a sale that is for ever so that it can be erased alone; and statements of the book."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, UtcDateTime, pk, stamped
from app.trade.notebook import rules


class SalePhoto(Base):
    """A picture of a receipt or a notebook page; `file` is its name in the private store."""

    __tablename__ = "sale_photo"

    sale_id: Mapped[int] = mapped_column(BigId, ForeignKey("sale_record.id"), primary_key=True, autoincrement=False)
    file: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = stamped()


class SalesStatement(Base):
    """What the book said of a shop's whole months on the day this was made; never changed afterwards.

    `code` opens the page that confirms it, `key` is the form that made it, `sha256` seals all of it. It names nobody:
    the paper takes the names from where they live.
    """

    __tablename__ = "sales_statement"
    __table_args__ = (
        CheckConstraint("first_month <= last_month", name="months"),
        Index("ix_sales_statement_maker", "made_by_id", "id"),
    )

    id: Mapped[int] = pk()
    code: Mapped[str] = mapped_column(String(20), unique=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    first_month: Mapped[date]
    last_month: Mapped[date]
    totals: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))

    @property
    def stated(self) -> rules.Stated:
        """What it says."""
        return rules.read(self.totals)

    def sealed(self) -> str:
        """Return the hash that its contents demand."""
        return rules.seal(self.code, self.shop_id, self.totals, self.made_at, self.made_by_id)
