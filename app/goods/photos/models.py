"""Photos: pictures that were cleaned and kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, pk, stamped


class Photo(Base):
    """A picture that was cleaned and stored. `stem` names its files; `ready` once every size exists."""

    __tablename__ = "photo"

    id: Mapped[int] = pk()
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"), index=True)
    stem: Mapped[str] = mapped_column(String(80), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    ready: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = stamped()
