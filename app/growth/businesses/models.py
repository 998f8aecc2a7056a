"""The business of a family: the only row where a family and a shop meet, from a day to a day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, pk, stamped, versioned

CAPITAL_SOURCES = ("aid_savings", "own", "loan", "uep")


class Business(Base):
    """A family ran a shop from `started_on` to `ended_on`, that day too; one family at a time on one shop."""

    __tablename__ = "business"
    __table_args__ = (
        CheckConstraint(f"capital_source IN {CAPITAL_SOURCES}", name="capital_source"),
        CheckConstraint("ended_on >= started_on", name="order"),
        Index("ix_business_kpm_started", "kpm_id", "started_on"),
        Index("ix_business_shop_started", "shop_id", "started_on"),
        Index(
            "uq_business_shop_running",
            "shop_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[int] = pk()
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"))
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    business_type_slug: Mapped[str] = mapped_column(String(60), ForeignKey("business_type.slug"))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    capital_source: Mapped[str | None] = mapped_column(String(15))
    kbli: Mapped[str | None] = mapped_column(String(5))
    nib: Mapped[str | None] = mapped_column(String(13))
    created_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    created_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()
