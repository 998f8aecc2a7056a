"""Products: what a seller offers, how it may be bought, and every wording it ever had.

A save is a revision; the public sees the approved one until a curator approves the next. What a wording says of its
first choice and its cover stands in the revision itself; further choices and photos stand beside it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, BigId, RupiahColumn, UtcDateTime, pk, stamped, versioned
from app.goods.categories.models import Category
from app.goods.photos.models import Photo as Photo
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah

STATES = ("draft", "live", "paused", "held", "withdrawn", "deleted")
REVISION_STATES = ("waiting", "approved", "returned", "refused", "superseded")
STOCK_MODES = ("counted", "made_to_order", "unlimited")


class Product(Base):
    """A thing for sale. `draft` was never approved; `paused` by its seller; `withdrawn` by the office, `held` until
    it has looked at what buyers reported.

    `pickup`, `delivered` (it goes along wherever its shop brings goods) and `at_bazaars` say where it can be had.
    `deleted_from` is the state before it was deleted, held or withdrawn, to which it may go back.
    """

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_product_shop_state", "shop_id", "state", "id"),
    )

    id: Mapped[int] = pk()
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"))
    regency_code: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    slug: Mapped[str] = mapped_column(String(90), unique=True)
    creation_key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    approved_revision_id: Mapped[int | None] = mapped_column(BigId)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_note: Mapped[str] = mapped_column(String(300), default="", server_default="")
    pickup: Mapped[bool] = mapped_column(default=True, server_default=true())
    delivered: Mapped[bool] = mapped_column(default=True, server_default=true())
    at_bazaars: Mapped[bool] = mapped_column(default=True, server_default=true())
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_from: Mapped[str] = mapped_column(String(10), default="", server_default="")
    created_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    shop: Mapped[Shop] = relationship(Shop)

    @property
    def places_seen(self) -> int:
        """Where it can be had, as a number for a form: 1, then 1 or 0 for her place, on her way, at bazaars."""
        return int(f"1{self.pickup:d}{self.delivered:d}{self.at_bazaars:d}")


class Variant(Base):
    """A size or flavour with its price: what a cart holds. `net_weight_g` is grams, None when weight says nothing.

    `active` while it is sold: it stands in the approved wording, and its seller has not `paused` it. The one with the
    lowest id belongs to the product for life; others come and go with the wordings.
    """

    __tablename__ = "variant"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint(f"stock_mode IN {STOCK_MODES}", name="stock_mode"),
    )

    id: Mapped[int] = pk()
    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"), index=True)
    label: Mapped[str] = mapped_column(String(60), default="")
    price: Mapped[Rupiah] = mapped_column(RupiahColumn)
    unit: Mapped[str] = mapped_column(String(30))
    net_weight_g: Mapped[int | None]
    stock_mode: Mapped[str] = mapped_column(String(16), default="counted")
    lead_days: Mapped[int] = mapped_column(default=0)
    day_capacity: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    paused: Mapped[bool] = mapped_column(default=False, server_default=false())


class Revision(Base):
    """One wording of a product, as the seller saved it; decided at most once, never edited.

    `label`, `price`, `unit` and `net_weight_g` are those of its first choice, `photo_id` and `photo_alt` its cover.
    `allergens` are codes, None while nobody was asked, empty when there are none. `storage` is a code of `rules`.
    `origin` says where certain ingredients come from, `warnings` are codes; None and empty as for allergens.
    `answer` is the sentence she reads when it came back, `answer_field` the part of the form that it is about.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("product_id", "number"),
        CheckConstraint(f"state IN {REVISION_STATES}", name="state"),
        CheckConstraint("price > 0", name="price"),
        Index("ix_revision_state_submitted", "state", "submitted_at", "id"),
        Index(
            "uq_revision_waiting",
            "product_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = pk()
    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(2000), default="")
    category_id: Mapped[int] = mapped_column(BigId, ForeignKey("category.id"))
    price: Mapped[Rupiah] = mapped_column(RupiahColumn)
    unit: Mapped[str] = mapped_column(String(30))
    net_weight_g: Mapped[int | None]
    label: Mapped[str] = mapped_column(String(60), default="", server_default="")
    photo_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("photo.id"))
    photo_alt: Mapped[str] = mapped_column(String(160), default="", server_default="")
    ingredients: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    allergens: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    shelf_life_days: Mapped[int | None]
    storage: Mapped[str] = mapped_column(String(10), default="", server_default="")
    origin: Mapped[str | None] = mapped_column(String(300))
    warnings: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    submitted_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    submitted_at: Mapped[datetime] = stamped()
    answer: Mapped[str] = mapped_column(String(300), default="", server_default="")
    answer_field: Mapped[str] = mapped_column(String(30), default="", server_default="")

    product: Mapped[Product] = relationship(Product)
    category: Mapped[Category] = relationship(Category)
    photo: Mapped[Photo | None] = relationship(Photo)
    choices: Mapped[list[RevisionChoice]] = relationship(order_by="RevisionChoice.position")
    photos: Mapped[list[RevisionPhoto]] = relationship(order_by="RevisionPhoto.position")


class RevisionChoice(Base):
    """One more choice of a wording, after the first."""

    __tablename__ = "revision_choice"
    __table_args__ = (
        UniqueConstraint("revision_id", "variant_id"),
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("price > 0", name="price"),
    )

    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    variant_id: Mapped[int] = mapped_column(BigId, ForeignKey("variant.id"), index=True)
    label: Mapped[str] = mapped_column(String(60))
    price: Mapped[Rupiah] = mapped_column(RupiahColumn)
    unit: Mapped[str] = mapped_column(String(30))
    net_weight_g: Mapped[int | None]


class RevisionPhoto(Base):
    """One more photo of a wording, after the cover; `alt` says in plain words what is to be seen."""

    __tablename__ = "revision_photo"
    __table_args__ = (UniqueConstraint("revision_id", "photo_id"), CheckConstraint("position > 0", name="position"))

    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    photo_id: Mapped[int] = mapped_column(BigId, ForeignKey("photo.id"), index=True)
    alt: Mapped[str] = mapped_column(String(160), default="")

    photo: Mapped[Photo] = relationship(Photo)


class ProductDraft(Base):
    """A new product that was begun and not sent: `typed` is what stood in the fields, by their names."""

    __tablename__ = "product_draft"

    id: Mapped[int] = pk()
    shop_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    typed: Mapped[dict[str, str]] = mapped_column(JSON)
    photo_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("photo.id"), index=True)
    saved_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()

    photo: Mapped[Photo | None] = relationship(Photo)
    shop: Mapped[Shop] = relationship(Shop)


class CostSheet(Base):
    """What a batch costs its seller, hers alone: `lines` of kind, name and rupiah; it `makes` so many sale units."""

    __tablename__ = "cost_sheet"
    __table_args__ = (CheckConstraint("makes > 0", name="makes"),)

    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"), primary_key=True, autoincrement=False)
    makes: Mapped[int]
    lines: Mapped[list[list[str | int]]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = stamped()
    version: Mapped[int] = versioned()
