"""Marks: small facts about this installation itself, such as being a demonstration."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, db


class Mark(Base):
    """One named fact."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


def get(name: str) -> str | None:
    """Return a mark, or None."""
    mark = db.session.get(Mark, name)
    return mark.value if mark else None


def put(name: str, value: str) -> None:
    """Set a mark in the caller's transaction."""
    db.session.merge(Mark(name=name, value=value))
    db.session.flush()
