"""What an office tells of itself beside its orders, and the numbered papers of each of them.

Contact and orders stand with `trade/orders`: a request is one submit there. A paper is a number, a day and an amount,
never changed (a trigger guards it); its words are drawn anew each time, under the heading as it is then.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, RupiahColumn, pk, stamped, versioned
from app.kit.rupiah import Rupiah
from app.trade.offices import rules
from app.trade.orders.models import Order, OrderGroup


class OfficeRequest(Base):
    """One order of an office. `heading` are the lines over its papers; `receiver` and `treasurer` sign for it."""

    __tablename__ = "office_request"

    id: Mapped[int] = pk()
    group_id: Mapped[int] = mapped_column(BigId, ForeignKey("order_group.id"), unique=True)
    office: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(120), default="")
    heading: Mapped[str] = mapped_column(String(400), default="")
    purpose: Mapped[str] = mapped_column(String(200), default="")
    receiver: Mapped[str] = mapped_column(String(120), default="")
    treasurer: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    group: Mapped[OrderGroup] = relationship(OrderGroup)


class OfficePaper(Base):
    """A paper of one seller's part: her numbers run without a gap by kind and year. `code` opens what confirms it."""

    __tablename__ = "office_paper"
    __table_args__ = (
        UniqueConstraint("order_id", "kind"),
        UniqueConstraint("shop_id", "kind", "year", "number"),
        CheckConstraint(f"kind IN {rules.KINDS}", name="kind"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[int] = pk()
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("order.id"))
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    kind: Mapped[str] = mapped_column(String(8))
    year: Mapped[int]
    number: Mapped[int]
    amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    made_on: Mapped[date]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    at: Mapped[datetime] = stamped()

    order: Mapped[Order] = relationship(Order)

    @property
    def numbered(self) -> str:
        """Its number as it is written."""
        return rules.number_of(self.kind, self.shop_id, self.year, self.number)
