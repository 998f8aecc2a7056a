"""The shelf: what the public sees, one flat row per product on sale, ready to be shown.

Written by upper rooms in the same transaction as the change it shows; read by the catalogue alone. No column here
leads to an account or a family.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String, Text, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, BigId, RupiahColumn, UtcDateTime
from app.goods.shelf.rules import TURNS
from app.kit.rupiah import Rupiah

EARLY: Final = f"turn < {TURNS}"


class ShelfItem(Base):
    """A card: everything a list of products shows and filters by.

    `photo` is the storage stem of the cover's renditions, empty when only the category's drawing is shown.
    `badges` are [kind, word] and, of a paper, its last day (ISO, may be empty) and its number; those of the shop come
    first. `stamp` moves when the product itself changes and orders "newest first" together with the id; `version`
    moves with everything that the card shows. `words` is more text that finds the card.
    `price` is that of the cheapest choice; with `spread` others cost more. `variant_id` names the one stock that
    empties the card, 0 when none does; with `together` several stocks do, once all of them are empty.
    `halal_until` and `pirt_until` are the last days of its verified papers, None when it has none.
    `turn` is 1 for the newest card of its shop, 2 for the one before, 3 for all others; `slot` is its place on the
    circle of a turn (`rules.slot`).
    """

    __tablename__ = "shelf_item"
    __table_args__ = (
        Index("ix_shelf_new", "stamp", "product_id"),
        Index("ix_shelf_price", "price", "product_id"),
        Index("ix_shelf_top_new", "top_category_id", "stamp", "product_id"),
        Index("ix_shelf_top_price", "top_category_id", "price", "product_id"),
        Index("ix_shelf_leaf_new", "category_id", "stamp", "product_id"),
        Index("ix_shelf_leaf_price", "category_id", "price", "product_id"),
        Index("ix_shelf_kecamatan_new", "kecamatan_code", "stamp", "product_id"),
        Index("ix_shelf_kecamatan_price", "kecamatan_code", "price", "product_id"),
        Index("ix_shelf_top_kecamatan_new", "top_category_id", "kecamatan_code", "stamp", "product_id"),
        Index("ix_shelf_top_kecamatan_price", "top_category_id", "kecamatan_code", "price", "product_id"),
        Index("ix_shelf_leaf_kecamatan_new", "category_id", "kecamatan_code", "stamp", "product_id"),
        Index("ix_shelf_leaf_kecamatan_price", "category_id", "kecamatan_code", "price", "product_id"),
        Index("ix_shelf_shop", "shop_id", "stamp", "product_id"),
        Index("ix_shelf_turn", "turn", "slot", "product_id"),
        Index("ix_shelf_top_turn", "top_category_id", "turn", "slot", "product_id"),
        Index("ix_shelf_leaf_turn", "category_id", "turn", "slot", "product_id"),
        Index("ix_shelf_kecamatan_turn", "kecamatan_code", "turn", "slot", "product_id"),
        Index("ix_shelf_top_kecamatan_turn", "top_category_id", "kecamatan_code", "turn", "slot", "product_id"),
        Index("ix_shelf_leaf_kecamatan_turn", "category_id", "kecamatan_code", "turn", "slot", "product_id"),
        Index("ix_shelf_first", "shop_id", sqlite_where=text(EARLY), postgresql_where=text(EARLY)),
        Index("ix_shelf_there", "shop_id", sqlite_where=text("at_bazaars"), postgresql_where=text("at_bazaars")),
        Index("ix_shelf_halal", "halal_until"),
        Index("ix_shelf_pirt", "pirt_until"),
    )

    product_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    variant_id: Mapped[int] = mapped_column(BigId)
    slug: Mapped[str] = mapped_column(String(90), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    price: Mapped[Rupiah] = mapped_column(RupiahColumn)
    unit: Mapped[str] = mapped_column(String(30))
    spread: Mapped[bool] = mapped_column(default=False, server_default=false())
    together: Mapped[bool] = mapped_column(default=False, server_default=false())
    photo: Mapped[str] = mapped_column(String(80), default="")
    badges: Mapped[list[Any]] = mapped_column(JSON, default=list)
    category_id: Mapped[int] = mapped_column(BigId, ForeignKey("category.id"))
    top_category_id: Mapped[int] = mapped_column(BigId, ForeignKey("category.id"))
    shop_id: Mapped[int] = mapped_column(BigId)
    shop_slug: Mapped[str] = mapped_column(String(90))
    shop_name: Mapped[str] = mapped_column(String(80))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    kecamatan_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    kecamatan_name: Mapped[str] = mapped_column(String(80))
    at_bazaars: Mapped[bool] = mapped_column(default=True, server_default=true())
    stamp: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(Text, default="")
    halal_until: Mapped[date | None]
    pirt_until: Mapped[date | None]
    turn: Mapped[int] = mapped_column(SmallInteger, default=TURNS, server_default=str(TURNS))
    slot: Mapped[int] = mapped_column(default=0, server_default="0")


class ShelfCount(Base):
    """How many cards stand in a leaf category of a kecamatan: the counts beside the filters, kept, not counted."""

    __tablename__ = "shelf_count"
    __table_args__ = (
        Index("ix_shelf_count_top", "top_category_id"),
        Index("ix_shelf_count_kecamatan", "kecamatan_code"),
    )

    category_id: Mapped[int] = mapped_column(BigId, ForeignKey("category.id"), primary_key=True)
    kecamatan_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"), primary_key=True)
    top_category_id: Mapped[int] = mapped_column(BigId, ForeignKey("category.id"))
    items: Mapped[int] = mapped_column(default=0)


class ShelfTotal(Base):
    """How many cards stand in a leaf category (`kind` c, its id) or in a kecamatan (`kind` k, its code).

    `kind` s counts the shops of a kecamatan that have a card, h the cards with a halal paper, p those with a P-IRT, by
    the last day on which it holds (ISO); r those in a range of prices (`rules.bands`); a those of which something is
    there, by the days on which their shop is away (`ShelfThere`).
    """

    __tablename__ = "shelf_total"

    kind: Mapped[str] = mapped_column(String(1), primary_key=True)
    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    items: Mapped[int] = mapped_column(default=0)


class ShelfThere(Base):
    """A card of which something is there: its counted stock is not empty. Triggers keep these rows (`presence`).

    `away` are the first and the last day on which its shop is closed (`YYYYMMDD/YYYYMMDD`), empty when none is known.
    """

    __tablename__ = "shelf_there"
    __table_args__ = (Index("ix_shelf_there_shop", "shop_id"),)

    product_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    shop_id: Mapped[int] = mapped_column(BigId)
    away: Mapped[str] = mapped_column(String(17), default="", server_default="")


class ShelfPause(Base):
    """A shop that is away; its cards wait in `shelf_paused`."""

    __tablename__ = "shelf_pause"

    shop_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)


class ShelfMark(Base):
    """What is said on all cards of a shop, those to come too; `word` stands in their badges, `key` finds the shops.

    `bazaar`: the next one at which she stands, `word` its first and last day, `key` its slug.
    """

    __tablename__ = "shelf_mark"
    __table_args__ = (Index("ix_shelf_mark_kind_key", "kind", "key"),)

    shop_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    word: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(90))


class ShelfPaused(Base):
    """A card off the shelf while its shop is away, so that the shelf and its indexes hold only what can be bought."""

    __tablename__ = "shelf_paused"
    __table_args__ = (Index("ix_shelf_paused_shop", "shop_id"),)

    product_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    shop_id: Mapped[int] = mapped_column(BigId)
    card: Mapped[dict[str, Any]] = mapped_column(JSON)
