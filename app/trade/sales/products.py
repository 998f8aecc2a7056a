"""What each product brought: asked of the kept sums; only the days of one product are asked of its shop's lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import BigInteger, cast, func, select

from app.core.db import db
from app.goods.products.models import Product, Variant
from app.kit.rupiah import ZERO, Rupiah
from app.trade.sales.models import SaleProduct, SaleRecord

BARS: Final = 6
"""So many months keep their numbers readable above their bars on a narrow phone."""


@dataclass(frozen=True, slots=True)
class ProductMonth:
    """What a product brought in the month of `first`; `months` are the last ones until then: (first day, takings)."""

    first: date
    total: Rupiah
    qty: int
    before: date
    last_month: Rupiah
    last_year: Rupiah
    months: tuple[tuple[date, Rupiah], ...]


@dataclass(frozen=True, slots=True)
class ProductTaking:
    """What a product brought, net of reversals."""

    variant_id: int
    amount: Rupiah
    qty: int


def list_products(shop_id: int, first: date, last: date) -> list[ProductTaking]:
    """Return what each product of a shop brought in the months of both days, the best first."""
    row = SaleProduct
    amount, qty = func.sum(row.amount), cast(func.sum(row.qty), BigInteger)
    query = select(row.variant_id, amount, qty).where(row.shop_id == shop_id)
    query = query.where(row.month.between(first.replace(day=1), last.replace(day=1))).group_by(row.variant_id)
    query = query.having(qty > 0).order_by(amount.desc(), row.variant_id)
    return [ProductTaking(*each) for each in db.session.execute(query)]


def list_product_months(variant_ids: Iterable[int], first: date, last: date) -> dict[date, tuple[Rupiah, int]]:
    """Return what the choices of one product brought together by month, and how many units, net of reversals."""
    row = SaleProduct
    query = select(row.month, func.sum(row.amount), cast(func.sum(row.qty), BigInteger))
    query = query.where(
        row.variant_id.in_(set(variant_ids)), row.month.between(first.replace(day=1), last.replace(day=1))
    )
    return {month: (amount, qty) for month, amount, qty in db.session.execute(query.group_by(row.month))}


def count_units(product_id: int, first: date, last: date) -> dict[date, int]:
    """Return how many units of all choices of a product were sold on each day, net of reversals."""
    row, sizes = SaleRecord, select(Variant.id).where(Variant.product_id == product_id)
    # Named by its shop too: the book is kept in the order of shops and days, not of goods.
    shop = select(Product.shop_id).where(Product.id == product_id).scalar_subquery()
    query = select(row.sold_on, cast(func.sum(row.qty), BigInteger)).where(row.seller_id == shop)
    query = query.where(row.sold_on.between(first, last), row.variant_id.in_(sizes)).group_by(row.sold_on)
    return dict(db.session.execute(query).all())


def month_of_product(variant_ids: Iterable[int], day: date) -> ProductMonth:
    """Return what the choices of a product brought together in the month of a day, and in the months before."""
    months = [day.replace(day=1)]
    while len(months) < BARS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    year_ago = months[0].replace(year=day.year - 1)
    brought = list_product_months(variant_ids, year_ago, day)
    amounts = {month: amount for month, (amount, _qty) in brought.items()}
    return ProductMonth(
        first=months[0],
        total=amounts.get(months[0], ZERO),
        qty=brought.get(months[0], (ZERO, 0))[1],
        before=months[1],
        last_month=amounts.get(months[1], ZERO),
        last_year=amounts.get(year_ago, ZERO),
        months=tuple((month, amounts.get(month, ZERO)) for month in reversed(months)),
    )
