"""Reports: what buyers say against a product, and since when it is off sale because of that."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, UtcDateTime, pk, stamped
from app.goods.products.models import Product
from app.goods.reports.rules import KINDS, OUTCOMES

_ANSWERED = f"outcome = '' OR outcome IN {OUTCOMES}"


class Report(Base):
    """What somebody said against a product; one for each person while it waits.

    `reporter` tells two people apart and names neither: a keyed hash of where it came from. It and `contact`, a number
    that somebody may leave, are forgotten once the report is answered.
    """

    __tablename__ = "product_report"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(_ANSWERED, name="outcome"),
        CheckConstraint("(closed_at IS NULL) = (outcome = '')", name="closed"),
        Index("ix_product_report_product", "product_id", "id"),
        Index(
            "uq_product_report_waiting",
            "product_id",
            "reporter",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = pk()
    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"))
    kind: Mapped[str] = mapped_column(String(12))
    sentence: Mapped[str] = mapped_column(String(300))
    contact: Mapped[str | None] = mapped_column(String(20))
    reporter: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = stamped()
    outcome: Mapped[str] = mapped_column(String(10), default="")
    answer: Mapped[str] = mapped_column(String(300), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))

    product: Mapped[Product] = relationship(Product)


class Hold(Base):
    """A product off sale by the word of `reporter` until somebody of the office looks; `was` is its state before."""

    __tablename__ = "product_hold"
    __table_args__ = (
        CheckConstraint("was IN ('live', 'paused')", name="was"),
        CheckConstraint(_ANSWERED, name="outcome"),
        Index("ix_product_hold_product", "product_id", "id"),
        Index("ix_product_hold_reporter", "reporter"),
        Index(
            "uq_product_hold_standing",
            "product_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = pk()
    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"))
    was: Mapped[str] = mapped_column(String(10))
    reporter: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = stamped()
    outcome: Mapped[str] = mapped_column(String(10), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
