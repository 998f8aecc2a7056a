"""A seller's list of goods that was read and waits for her yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, UtcDateTime, pk, stamped
from app.goods.shops.models import Shop

STATES = ("staged", "taken", "dropped")


class GoodsList(Base):
    """One upload. `rows` are its lines as they were read, empty once it was answered or its day is over."""

    __tablename__ = "goods_list"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_goods_list_shop", "shop_id", "id"),
        Index("ix_goods_list_expires", "state", "expires_at"),
    )

    id: Mapped[int] = pk()
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    state: Mapped[str] = mapped_column(String(10), default="staged")
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    uploaded_at: Mapped[datetime] = stamped()
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    shop: Mapped[Shop] = relationship(Shop)
