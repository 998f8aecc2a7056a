"""The sales book: one line for every rupiah earned, whatever the channel. Appended, never changed.

`grade` is the evidence when the line was written; better or worse evidence is a later SaleEvidence row.

SaleDay, SaleMonth, SaleProduct and SaleRegion are the book added up, net of reversals, all but products under
the grade that counts now. Triggers of the database move them with every insert (first in migration 0072): whoever
writes a line moves the sums, nobody else does; the night compares them with the lines (healing.py).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, RupiahColumn, pk, stamped
from app.kit.rupiah import Rupiah
from app.trade.sales.rules import FAR_ABOVE_USUAL

CHANNELS = ("online", "bazaar", "manual", "government", "group")
GRADES = ("A", "B", "C", "D")
STRONG = ("A", "B")
"""Evidence that does not lean on the seller's own word."""


class SaleRecord(Base):
    """A sale, or the reversal of one (negative, dated as the original)."""

    __tablename__ = "sale_record"
    __table_args__ = (
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint(f"grade IN {GRADES}", name="grade"),
        CheckConstraint("(reversal_of IS NULL AND qty > 0) OR (reversal_of IS NOT NULL AND qty < 0)", name="sign"),
        Index("ix_sale_record_seller_day", "seller_id", "sold_on", "id"),
        Index("ix_sale_record_regency_day", "regency_code", "sold_on", "id"),
        Index("ix_sale_record_source", "source_type", "source_id"),
    )

    id: Mapped[int] = pk()
    client_uuid: Mapped[str] = mapped_column(String(64), unique=True)
    seller_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    variant_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("variant.id"))
    free_text: Mapped[str] = mapped_column(String(120), default="")
    qty: Mapped[int]
    amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    sold_on: Mapped[date]
    channel: Mapped[str] = mapped_column(String(12))
    grade: Mapped[str] = mapped_column(String(1))
    source_type: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[int | None] = mapped_column(BigId)
    reversal_of: Mapped[int | None] = mapped_column(BigId, ForeignKey("sale_record.id"), index=True)
    entered_by_id: Mapped[int] = mapped_column(BigId)
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[datetime] = stamped()


# The words themselves, so that each engine sees that the index of the marked fits.
MARKED: Final = text(f"sale_evidence.reason = '{FAR_ABOVE_USUAL}'")
_ONLY_MARKED: Final = text(f"reason = '{FAR_ABOVE_USUAL}'")


class SaleEvidence(Base):
    """What is known about a sale; the newest row counts."""

    __tablename__ = "sale_evidence"
    __table_args__ = (
        CheckConstraint(f"grade IN {GRADES}", name="grade"),
        Index("ix_sale_evidence_newest", "sale_id", "id"),
        Index("ix_sale_evidence_marked", "sale_id", sqlite_where=_ONLY_MARKED, postgresql_where=_ONLY_MARKED),
    )

    id: Mapped[int] = pk()
    sale_id: Mapped[int] = mapped_column(BigId, ForeignKey("sale_record.id"))
    grade: Mapped[str] = mapped_column(String(1))
    reason: Mapped[str] = mapped_column(String(60))
    by_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = stamped()


class SaleDay(Base):
    """What a shop sold on one day by channel and evidence. `lines` counts sales that were not wholly taken back."""

    __tablename__ = "sale_day"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "sold_on", "channel", "grade", "regency_code"),
        {"sqlite_with_rowid": False},
    )

    shop_id: Mapped[int] = mapped_column(BigId, autoincrement=False)
    sold_on: Mapped[date]
    channel: Mapped[str] = mapped_column(String(12))
    grade: Mapped[str] = mapped_column(String(1))
    regency_code: Mapped[str] = mapped_column(String(13))
    amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    qty: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[int] = mapped_column(BigInteger)


class SaleMonth(Base):
    """The same by calendar month, in the order in which an office reads: its kabupaten, the month, each shop."""

    __tablename__ = "sale_month"
    __table_args__ = (
        PrimaryKeyConstraint("regency_code", "month", "shop_id", "channel", "grade"),
        {"sqlite_with_rowid": False},
    )

    regency_code: Mapped[str] = mapped_column(String(13))
    month: Mapped[date]
    shop_id: Mapped[int] = mapped_column(BigId, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(12))
    grade: Mapped[str] = mapped_column(String(1))
    amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    qty: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[int] = mapped_column(BigInteger)


class SaleProduct(Base):
    """What each product of a shop brought in a month by channel, net of reversals. Evidence changes nothing here."""

    __tablename__ = "sale_product"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "month", "variant_id", "channel"),
        Index("ix_sale_product_variant", "variant_id", "month"),
        {"sqlite_with_rowid": False},
    )

    shop_id: Mapped[int] = mapped_column(BigId, autoincrement=False)
    month: Mapped[date]
    variant_id: Mapped[int] = mapped_column(BigId, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    qty: Mapped[int] = mapped_column(BigInteger)


class SaleRegion(Base):
    """The same for a whole kabupaten, in parts that are added up: a shop's sales move one part only.

    Shops of one part write their books one after the other, the others beside them (rules.part_of).
    """

    __tablename__ = "sale_region"
    __table_args__ = (
        PrimaryKeyConstraint("regency_code", "month", "channel", "grade", "part"),
        {"sqlite_with_rowid": False},
    )

    regency_code: Mapped[str] = mapped_column(String(13))
    month: Mapped[date]
    channel: Mapped[str] = mapped_column(String(12))
    grade: Mapped[str] = mapped_column(String(1))
    part: Mapped[int] = mapped_column(autoincrement=False)
    amount: Mapped[Rupiah] = mapped_column(RupiahColumn)
    qty: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[int] = mapped_column(BigInteger)
