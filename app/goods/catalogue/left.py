"""How many are left of what a product's page shows first: it moves with each sale, and no page is made anew for that.

The stamp of what strangers see tells only when none is left, or some again.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from app.core.pages import STILL, Moving
from app.goods.products.models import Product, Variant
from app.goods.stock.models import Stock

# So few that the page says so in another way.
FEW: Final = 5
MOST: Final = 99
LEFT: Final = (Stock.on_hand - Stock.reserved).label("left")
_CHOICES: Final = (
    select(Variant.stock_mode, LEFT)
    .join(Product, Product.id == Variant.product_id)
    .outerjoin(Stock, Stock.variant_id == Variant.id)
    .where(Product.slug == bindparam("slug"), Variant.active)
    .order_by(Variant.position, Variant.id)
)


def of_page(connection: Connection, slug: str) -> Moving:
    """Return what moves on the page of a product: how many are left of its first choice that is there."""
    found = [read(row) for row in connection.execute(_CHOICES, {"slug": slug})]
    return moving(next((left for left in found if left is None or left > 0), None))


def moving(left: int | None) -> Moving:
    """Return what of a page goes with how many are left: nothing when nobody counts, its shape when they are few."""
    if left is None:
        return STILL
    return Moving(str(left)) if left <= FEW else Moving(words=(str(left), str(most(left))))


def most(left: int | None) -> int:
    """Return how many one may ask for."""
    return MOST if left is None else max(0, min(MOST, left))


def read(row: Any) -> int | None:
    """Return how many are left of a variant, None when nobody counts it."""
    return (row.left or 0) if row.stock_mode == "counted" else None
