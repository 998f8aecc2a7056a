"""What machines are told, read from the shelf in steps of one size; nothing here leads to an account or a family."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import case, func, select

from app.core.db import db
from app.goods.categories.models import Category
from app.goods.machines import rules
from app.goods.products.models import Product, Revision, Variant
from app.goods.shelf.models import ShelfItem
from app.goods.shops.models import Shop
from app.goods.stock.models import Stock
from app.people.places.models import Region

STEP: Final = 1_000
_LEFT: Final = (
    select(Variant.id)
    .join(Stock, Stock.variant_id == Variant.id)
    .where(Variant.product_id == ShelfItem.product_id, Variant.active, Stock.on_hand > Stock.reserved)
    .exists()
)
_GOOD: Final = (
    select(
        ShelfItem.product_id, ShelfItem.slug, ShelfItem.name, ShelfItem.price, ShelfItem.unit, ShelfItem.photo,
        ShelfItem.shop_name, ShelfItem.shop_slug, ShelfItem.kecamatan_name, ShelfItem.stamp,
        Shop.closed_from, Shop.closed_until, Region.zone,
        Revision.description, Category.name.label("category"),
        case(
            (ShelfItem.together, _LEFT),
            (ShelfItem.variant_id > 0, func.coalesce(Stock.on_hand > Stock.reserved, False)),
            else_=True,
        ).label("there"),
    )
    .join(Product, Product.id == ShelfItem.product_id)
    .join(Revision, Revision.id == Product.approved_revision_id)
    .join(Category, Category.id == ShelfItem.category_id)
    .join(Shop, Shop.id == ShelfItem.shop_id)
    .join(Region, Region.code == Shop.kecamatan_code)
    .outerjoin(Stock, Stock.variant_id == ShelfItem.variant_id)
)  # fmt: skip


def last_product() -> int:
    """Return the highest id on the shelf, 0 when it is empty."""
    return db.session.scalar(select(func.max(ShelfItem.product_id))) or 0


def last_shop() -> int:
    """Return the highest id of a shop that strangers may see, 0 when there is none."""
    return db.session.scalar(select(func.max(Shop.id)).where(Shop.state == "open", Shop.withheld_at.is_(None))) or 0


def each_good() -> Iterator[Any]:
    """Yield everything on the shelf that has a photo, by id: feeds take nothing without a picture."""
    return _steps(_GOOD.where(ShelfItem.photo != ""), ShelfItem.product_id)


def list_newest() -> list[Any]:
    """Return the newest goods, the latest first."""
    query = _GOOD.order_by(ShelfItem.stamp.desc(), ShelfItem.product_id.desc()).limit(rules.NEWEST)
    return list(db.session.execute(query))


def each_product(part: int) -> Iterator[Any]:
    """Yield (id, slug, stamp) of the goods in one part of the site map."""
    first, last = rules.ids_of(part)
    query = select(ShelfItem.product_id, ShelfItem.slug, ShelfItem.stamp)
    return _steps(query.where(ShelfItem.product_id <= last), ShelfItem.product_id, first - 1)


def each_shop(part: int) -> Iterator[Any]:
    """Yield (id, slug) of the shops in one part of the site map that have something on the shelf."""
    first, last = rules.ids_of(part)
    sells = select(ShelfItem.product_id).where(ShelfItem.shop_id == Shop.id).exists()
    query = select(Shop.id, Shop.slug).where(Shop.state == "open", Shop.withheld_at.is_(None), sells)
    return _steps(query.where(Shop.id <= last), Shop.id, first - 1)


def list_categories() -> list[str]:
    """Return the addresses of the categories."""
    return list(db.session.scalars(select(Category.slug).order_by(Category.id)))


def _steps(query: Any, key: Any, after: int = 0) -> Iterator[Any]:
    while rows := db.session.execute(query.where(key > after).order_by(key).limit(STEP)).all():
        yield from rows
        after = rows[-1][0]
