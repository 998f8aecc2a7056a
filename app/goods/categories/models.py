"""Categories of goods and types of business: reference data that a curator may edit."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, pk


class Category(Base):
    """A shelf of the market, two levels. `legality` lists papers as `pirt;halal`, `none` when nothing is needed."""

    __tablename__ = "category"

    id: Mapped[int] = pk()
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("category.id"))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    legality: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int]


class BusinessType(Base):
    """What a maker does, with the class code that government catalogues ask for."""

    __tablename__ = "business_type"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    kbli_code: Mapped[str] = mapped_column(String(5))
    kbli_version: Mapped[str] = mapped_column(String(4), default="2020")
    kbli_title: Mapped[str] = mapped_column(String(300))
    category_slug: Mapped[str] = mapped_column(String(60), default="")
    sector: Mapped[str] = mapped_column(String(60))
