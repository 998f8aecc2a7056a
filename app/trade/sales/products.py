"""What each product brought: asked of the kept sums, never of the lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, cast, func, select

from app.core.db import db
from app.kit.rupiah import Rupiah
from app.trade.sales.models import SaleProduct


@dataclass(frozen=True, slots=True)
class ProductTaking:
    """What a product brought, net of reversals."""

    variant_id: int
    amount: Rupiah
    qty: int


def list_products(shop_id: int, first: date, last: date, limit: int = 50) -> list[ProductTaking]:
    """Return what the products of a shop brought in the months of both days, the best first."""
    row = SaleProduct
    amount, qty = func.sum(row.amount), cast(func.sum(row.qty), BigInteger)
    query = select(row.variant_id, amount, qty).where(row.shop_id == shop_id)
    query = query.where(row.month.between(first.replace(day=1), last.replace(day=1))).group_by(row.variant_id)
    query = query.having(qty > 0).order_by(amount.desc(), row.variant_id).limit(limit)
    return [ProductTaking(*each) for each in db.session.execute(query)]


def list_product_months(variant_id: int, first: date, last: date) -> dict[date, tuple[Rupiah, int]]:
    """Return what one product brought by month, and how many units."""
    row = SaleProduct
    query = select(row.month, func.sum(row.amount), cast(func.sum(row.qty), BigInteger))
    query = query.where(row.variant_id == variant_id, row.month.between(first.replace(day=1), last.replace(day=1)))
    return {month: (amount, qty) for month, amount, qty in db.session.execute(query.group_by(row.month))}
