"""Shops: a maker's place in the market, and the wish to have one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, UtcDateTime, pk, stamped, versioned
from app.people.accounts.models import Account

STATES = ("open", "paused", "ended")
REQUEST_STATES = ("new", "done", "declined")


class Shop(Base):
    """A stall. `phone` is the public number, shown only with the owner's consent.

    It is closed from `closed_from` (None: since it was said) until `closed_until`, that day too, and opens by itself.

    `street` is what a label must name of its maker beside the desa; no public page shows it.

    `withheld_at` says since when nothing of it is public, because the owner took back her consent to publish.
    """

    __tablename__ = "shop"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_shop_kecamatan", "kecamatan_code", "id"),
        Index("ix_shop_regency", "regency_code", "id"),
    )

    id: Mapped[int] = pk()
    slug: Mapped[str] = mapped_column(String(90), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    kecamatan_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    desa_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"), index=True)
    business_type_slug: Mapped[str] = mapped_column(String(60), ForeignKey("business_type.slug"))
    story: Mapped[str] = mapped_column(String(600), default="")
    phone: Mapped[str | None] = mapped_column(String(20))
    pickup_place: Mapped[str] = mapped_column(String(200), default="")
    street: Mapped[str] = mapped_column(String(120), default="", server_default="")
    pickup_hours: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    closed_from: Mapped[date | None]
    closed_until: Mapped[date | None]
    closed_note: Mapped[str] = mapped_column(String(160), default="")
    withheld_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    owner: Mapped[Account] = relationship(Account)


class SellingRequest(Base):
    """Somebody wants to sell; the pendamping or curator of that desa answers."""

    __tablename__ = "selling_request"
    __table_args__ = (
        CheckConstraint(f"state IN {REQUEST_STATES}", name="state"),
        Index("ix_selling_request_regency_state", "regency_code", "state", "id"),
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20))
    desa_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    makes: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="new")
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = stamped()


class Kinship(Base):
    """An officer is related to whoever runs a shop: others decide about its goods and papers."""

    __tablename__ = "shop_kinship"

    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = stamped()
