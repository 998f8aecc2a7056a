"""Categories of goods and types of business: reference data that a curator may edit."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, pk, versioned
from app.core.i18n import language
from app.goods.categories.rules import WORD_KINDS


class Category(Base):
    """A shelf of the market, two levels. `legality` lists papers as `pirt;halal`, `none` when nothing is needed.

    `storage` and `shelf_life_days` say how such goods mostly keep, where a seller has not said it of hers.
    """

    __tablename__ = "category"

    id: Mapped[int] = pk()
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("category.id"))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    legality: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int]
    storage: Mapped[str] = mapped_column(String(10), default="", server_default="")
    shelf_life_days: Mapped[int | None]
    version: Mapped[int] = versioned()

    @property
    def called(self) -> str:
        """Its name in the language of the reader."""
        return self.name_en if language() == "en" else self.name


class FormerCategory(Base):
    """A category as it was once called, or one that went into another: its address and number still lead there."""

    __tablename__ = "former_category"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    former_id: Mapped[int] = mapped_column(BigId, index=True)
    category_id: Mapped[int] = mapped_column(BigId, ForeignKey("category.id"), index=True)


class MarketWord(Base):
    """A word as the market uses it: `spelling` what people write and what it means, `bar` what tells of food that may
    not be P-IRT and the code of why. Both folded (`kit/words.py`).
    """

    __tablename__ = "market_word"
    __table_args__ = (
        CheckConstraint(f"kind IN {WORD_KINDS}", name="kind"),
        UniqueConstraint("kind", "word"),
    )

    id: Mapped[int] = pk()
    kind: Mapped[str] = mapped_column(String(10))
    word: Mapped[str] = mapped_column(String(80))
    meaning: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = versioned()


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
