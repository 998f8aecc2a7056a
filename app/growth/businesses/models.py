"""The business of a family: the only row where a family and a shop meet, from a day to a day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, UtcDateTime, pk, stamped, versioned

CAPITAL_SOURCES = ("aid_savings", "own", "loan", "uep")
BATCH_STATES = ("waiting", "done", "stopped")
TURNS = ("waiting", "opened", "no_phone", "has_shop", "gone", "refused")


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


class AccountBatch(Base):
    """Accounts for all families of a place that want to sell; `key` comes from the page: sent twice, it is one batch.

    `place` is a kecamatan or desa, empty for the whole region. Accounts are opened a few at a time by the worker; one
    that was stopped met an officer who may not open accounts any more.
    """

    __tablename__ = "account_batch"
    __table_args__ = (
        CheckConstraint(f"state IN {BATCH_STATES}", name="state"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
        Index("ix_account_batch_region_id", "region_code", "id"),
        Index("ix_account_batch_ended", "ended_at"),
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(64), unique=True)
    region_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    place: Mapped[str] = mapped_column(String(13), default="")
    business_type_slug: Mapped[str] = mapped_column(String(60), ForeignKey("business_type.slug"))
    wording_version: Mapped[str] = mapped_column(String(20))
    started_on: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    asked_at: Mapped[datetime] = stamped()
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AccountTurn(Base):
    """A family's turn in a batch, and how it ended. `card_sealed` is the code of its card for a day, then forgotten."""

    __tablename__ = "account_turn"
    __table_args__ = (
        CheckConstraint(f"state IN {TURNS}", name="state"),
        CheckConstraint("(state = 'opened') = (shop_id IS NOT NULL)", name="opened"),
        UniqueConstraint("batch_id", "kpm_id"),
        Index("ix_account_turn_batch_state", "batch_id", "state", "id"),
    )

    id: Mapped[int] = pk()
    batch_id: Mapped[int] = mapped_column(BigId, ForeignKey("account_batch.id"))
    kpm_id: Mapped[int] = mapped_column(BigId, ForeignKey("kpm.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    shop_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("shop.id"))
    card_sealed: Mapped[str | None] = mapped_column(String(200))
