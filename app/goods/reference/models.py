"""What curators changed in the lists that everybody's pages rest on: each change one line, for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, pk, stamped
from app.goods.reference.rules import LISTS


class ReferenceChange(Base):
    """One change of one entry: what it said before and after; nothing before a new one, nothing after one that went."""

    __tablename__ = "reference_change"
    __table_args__ = (
        CheckConstraint(f"list IN {LISTS}", name="list"),
        Index("ix_reference_change_entry", "list", "key", "id"),
    )

    id: Mapped[int] = pk()
    list: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = stamped()
