"""Files that take a while to make: asked for by one person, made by the worker, handed to nobody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, UtcDateTime, pk, stamped

STATES = ("waiting", "ready", "failed")


class PreparedFile(Base):
    """A report or paper on order. `facts` are what its builder needs; `stored` is its name in the private store.

    `owner_version` is the version of the account that asked: another task or region, a shut account or another way in
    moves it on, and the file is nobody's from then on. Facts name whom the file tells of as `account` and `kpm`.

    A long paper is made part by part: `parts_made` of `parts` are there; both are 0 while nobody has counted them.
    """

    __tablename__ = "prepared_file"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_prepared_file_owner", "owner_id", "id"),
        Index("ix_prepared_file_expires", "expires_at"),
    )

    id: Mapped[int] = pk()
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    owner_version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    locale: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    name: Mapped[str] = mapped_column(String(120), default="")
    mimetype: Mapped[str] = mapped_column(String(80), default="")
    parts: Mapped[int] = mapped_column(default=0, server_default="0")
    parts_made: Mapped[int] = mapped_column(default=0, server_default="0")
    stored: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = stamped()
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
