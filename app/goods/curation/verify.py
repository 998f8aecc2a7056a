"""The book of what buyers see, recomputed: every name, price and photo from the wording that a curator approved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from app.core.books import Finding, book
from app.core.db import db
from app.goods.photos.models import Photo
from app.goods.products.models import Product, Revision, RevisionChoice, Variant
from app.goods.shelf.models import ShelfItem


@book("produk")
def check() -> list[Finding]:
    """Find goods that say something else than what was approved, or that nothing was approved for."""
    said = select(Revision.id).where(Revision.id == Product.approved_revision_id, Revision.product_id == Product.id)
    never = Product.state.in_(("live", "paused", "held", "withdrawn")) & Product.approved_revision_id.is_(None)
    unsaid = Product.approved_revision_id.is_not(None) & ~said.where(Revision.state == "approved").exists()
    first, more = _sold()
    was_said = RevisionChoice.variant_id.is_not(None)
    other = more.where(was_said, _differs(RevisionChoice))
    return [
        *_rows("product", select(Product.id).where(never | unsaid), "shows a wording that was not approved"),
        *_rows("variant", more.where(~was_said), "is sold and was never approved"),
        *_rows("variant", first.where(_differs(Revision)), "has another price or measure than was approved"),
        *_rows("variant", other, "has another price or measure than was approved"),
        *_rows("shelf_item", _cards(), "shows another name, price or photo than was approved"),
    ]


def _sold() -> tuple[Select[Any], Select[Any]]:
    """Ask for the choices that are sold, with what was approved of them: those of the wording itself, and all others.

    Which one is the first is looked up for each: a list of all firsts would be read again for every choice.
    """
    query = select(Variant.id).join(Product, Product.id == Variant.product_id).where(Variant.active)
    query = query.join(Revision, Revision.id == Product.approved_revision_id)
    older = aliased(Variant)
    later = select(older.id).where(older.product_id == Variant.product_id, older.id < Variant.id).exists()
    here = (RevisionChoice.revision_id == Revision.id) & (RevisionChoice.variant_id == Variant.id)
    return query.where(~later), query.join(RevisionChoice, here, isouter=True).where(later)


def _differs(said: type[Revision] | type[RevisionChoice]) -> ColumnElement[bool]:
    weight = func.coalesce(Variant.net_weight_g, -1) != func.coalesce(said.net_weight_g, -1)
    return or_(weight, *(getattr(Variant, name) != getattr(said, name) for name in ("price", "unit", "label")))


def _cards() -> Select[Any]:
    """Ask for cards that are not those of their product's approved wording and of its cheapest choice."""
    sold = (Variant.product_id == Product.id) & Variant.active
    cheapest = select(func.min(Variant.price)).where(sold).scalar_subquery()
    as_sold = select(Variant.id).where(sold, Variant.price == ShelfItem.price, Variant.unit == ShelfItem.unit)
    stem = case((Photo.ready, Photo.stem), else_="")
    query = select(ShelfItem.product_id).join(Product, Product.id == ShelfItem.product_id)
    query = query.join(Revision, Revision.id == Product.approved_revision_id)
    query = query.join(Photo, Photo.id == Revision.photo_id, isouter=True)
    return query.where(
        or_(
            Product.state != "live",
            ShelfItem.name != Revision.name,
            ShelfItem.photo != stem,
            ShelfItem.price != cheapest,
            ~as_sold.exists(),
        )
    )


def _rows(table: str, query: Select[Any], why: str) -> list[Finding]:
    return [Finding(table, number, why) for number in db.session.scalars(query.order_by(*query.selected_columns))]
