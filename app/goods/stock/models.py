"""Stock: an append-only book of movements; `on_hand` and `reserved` are its running sums under CHECK.

A movement knows its cause only as `source_type` and `source_id`, so orders and bazaars can stand above.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, pk, stamped

KINDS = (
    "restock", "reserve", "release", "sell", "to_event", "from_event", "event_sell", "return_in", "waste", "correction",
)  # fmt: skip


class Stock(Base):
    """What is there and what is promised, in sale units. Not `counted`: its seller makes as it is ordered, for now."""

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("reserved <= on_hand", name="covered"),
    )

    variant_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    counted: Mapped[bool] = mapped_column(default=True, server_default=true())


class CapacityDay(Base):
    """What of a variant that is made to order is promised for one day, and how much could be made then."""

    __tablename__ = "capacity_day"
    __table_args__ = (
        CheckConstraint("booked >= 0", name="booked"),
        CheckConstraint("booked <= capacity", name="fits"),
    )

    variant_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    booked: Mapped[int]
    capacity: Mapped[int]


class StockMovement(Base):
    """One change. `on_hand_delta` and `reserved_delta` say what it did to the two sums."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("on_hand_delta <> 0 OR reserved_delta <> 0", name="moves"),
        Index("ix_stock_movement_variant_at", "variant_id", "id"),
        Index("ix_stock_movement_source", "source_type", "source_id"),
    )

    id: Mapped[int] = pk()
    variant_id: Mapped[int] = mapped_column(BigId, ForeignKey("stock.variant_id"))
    kind: Mapped[str] = mapped_column(String(12))
    on_hand_delta: Mapped[int] = mapped_column(default=0)
    reserved_delta: Mapped[int] = mapped_column(default=0)
    source_type: Mapped[str] = mapped_column(String(20), default="")
    source_id: Mapped[int | None] = mapped_column(BigId)
    actor_id: Mapped[int] = mapped_column(BigId, default=0)
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId)
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = stamped()
