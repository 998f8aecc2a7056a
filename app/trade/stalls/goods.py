"""What stalls can sell: asked in one question, however many stalls there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.core.db import db
from app.goods.products.models import Product, Revision, Variant
from app.goods.stock.models import Stock
from app.kit.rupiah import Rupiah
from app.trade.bazaars.models import Application
from app.trade.stalls.models import EventStock

ON_SALE = ("live", "paused")
MOST_GOODS = 61


@dataclass(frozen=True)
class Good:
    """A variant as the till shows it; `free` is None when nobody counts it at home."""

    variant_id: int
    name: str
    unit: str
    price: Rupiah
    free: int | None
    pool: EventStock | None


def goods_of(application_ids: Sequence[int]) -> dict[int, list[Good]]:
    """Return what several stalls can sell, what each brought along first."""
    nth = func.row_number().over(partition_by=(Application.id,), order_by=Product.id.desc())
    stalls = select(Application.id, Product.id.label("product_id"), nth.label("nth"))
    stalls = stalls.join(Product, Product.shop_id == Application.shop_id)
    shelf = stalls.where(Application.id.in_(application_ids), Product.state != "deleted").subquery()
    sold = and_(Variant.active, Product.approved_revision_id.is_not(None), Product.state.in_(ON_SALE))
    query = (
        select(shelf.c.id, Revision.name, Variant, Stock.on_hand - Stock.reserved, EventStock)
        .join(Product, Product.id == shelf.c.product_id)
        .join(Revision, Revision.id == func.coalesce(Product.approved_revision_id, _newest_wording()))
        .join(Variant, Variant.product_id == Product.id)
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .outerjoin(EventStock, and_(EventStock.application_id == shelf.c.id, EventStock.variant_id == Variant.id))
        .where(shelf.c.nth <= MOST_GOODS, or_(EventStock.id.is_not(None), sold))
        .order_by(shelf.c.nth, Variant.position, Variant.id)
    )
    found: dict[int, list[Good]] = {number: [] for number in application_ids}
    for number, *good in db.session.execute(query.execution_options(populate_existing=True)):
        found[number].append(_good(*good))
    return {number: sorted(goods, key=_brought_first) for number, goods in found.items()}


def _newest_wording() -> ColumnElement[int]:
    newest = select(Revision.id).where(Revision.product_id == Product.id)
    return newest.order_by(Revision.number.desc()).limit(1).correlate(Product).scalar_subquery()


def _good(wording: str, variant: Variant, left: int | None, pool: EventStock | None) -> Good:
    name = f"{wording} · {variant.label}" if variant.label else wording
    free = (left or 0) if variant.stock_mode == "counted" else None
    return Good(variant.id, name, variant.unit, variant.price, free, pool)


def _brought_first(good: Good) -> tuple[bool, str]:
    return good.pool is None or not good.pool.taken, good.name
