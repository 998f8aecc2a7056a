"""Places: provinces down to desa, the names people really use for them, and settings of a kabupaten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, versioned


class Region(Base):
    """One administrative area. The code is dotted (`36.04.27.2001`); the parent is its prefix."""

    __tablename__ = "region"
    __table_args__ = (
        CheckConstraint("level IN ('province', 'regency', 'kecamatan', 'desa')", name="level"),
        Index("ix_region_parent_name", "parent_code", "name"),
    )

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(String(13), ForeignKey("region.code"))
    level: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    full_name: Mapped[str] = mapped_column(String(100))
    postcode: Mapped[str | None] = mapped_column(String(5))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    zone: Mapped[str] = mapped_column(String(20), default="Asia/Jakarta")


class RegionAlias(Base):
    """Another spelling: news writes Anyer, the register Anyar."""

    __tablename__ = "region_alias"

    alias: Mapped[str] = mapped_column(String(80), primary_key=True)
    region_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))


class RegionSetting(Base):
    """One setting of one kabupaten; what is absent has the default of `rules.DEFAULTS`."""

    __tablename__ = "region_setting"

    region_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    version: Mapped[int] = versioned()
