"""The sums of the sales book, added up again from its lines: what `flask verify` compares and the night sets right."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Integer, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from app.core.db import db, dialect
from app.trade.sales.models import SaleDay, SaleMonth, SaleProduct, SaleRecord, SaleRegion
from app.trade.sales.queries import grade_now
from app.trade.sales.rules import PARTS

Kept = type[SaleDay] | type[SaleMonth] | type[SaleProduct] | type[SaleRegion]


def kept(table: Kept, shop_ids: Collection[int] | None = None) -> Any:
    """Return what a table holds, keys first; a row of nothings is as good as no row."""
    query = select(*keys_of(table), *sums_of(table)).where(or_(*(each != 0 for each in sums_of(table))))
    return query if shop_ids is None or table is SaleRegion else query.where(_shop(table).in_(shop_ids))


def told(table: Kept, shop_ids: Collection[int] | None = None) -> Any:
    """Return what it ought to hold: days and products by the lines of the book, months by days, regions by months."""
    if table is SaleDay:
        return _days(shop_ids)
    if table is SaleProduct:
        return _products(shop_ids)
    return _months(shop_ids) if table is SaleMonth else _regions()


def differences(table: Kept, shop_ids: Collection[int] | None = None) -> list[Any]:
    """Return the rows that only one of both has, compared in the database: what is held too much, and what lacks."""
    held, ought = kept(table, shop_ids), told(table, shop_ids)
    return [row for one, other in ((held, ought), (ought, held)) for row in db.session.execute(one.except_(other))]


def keys_of(table: Kept) -> list[Any]:
    """Return the columns of its key, in the order of the table."""
    return [table.__table__.c[each.name] for each in table.__table__.primary_key.columns]  # type: ignore[attr-defined]


def sums_of(table: Kept) -> list[ColumnElement[int]]:
    """Return its sums as plain numbers."""
    return [type_coerce(table.__table__.c[name], BigInteger) for name in names_of(table)]


def names_of(table: Kept) -> tuple[str, ...]:
    """Return what its sums are called."""
    return ("amount", "qty") if table is SaleProduct else ("amount", "qty", "lines")


def month_of_day(day: Any) -> ColumnElement[Any]:
    """Return the first day of a day's month, in the words of the engine."""
    if dialect() == "sqlite":
        return type_coerce(func.date(day, "start of month"), Date)
    return func.date_trunc("month", day).cast(Date)


def _shop(table: Kept) -> Any:
    return table.__table__.c.shop_id


def _days(shop_ids: Collection[int] | None) -> Any:
    """Add up what is left of each sale, under the evidence that is newest."""
    back = aliased(SaleRecord)
    taken = select(func.sum(type_coerce(back.amount, BigInteger))).where(back.reversal_of == SaleRecord.id)
    units = select(func.sum(back.qty)).where(back.reversal_of == SaleRecord.id)
    amount = type_coerce(SaleRecord.amount, BigInteger) + func.coalesce(taken.scalar_subquery(), 0)
    qty = SaleRecord.qty + func.coalesce(units.scalar_subquery(), 0)
    names = (SaleRecord.seller_id, SaleRecord.sold_on, SaleRecord.channel, grade_now(SaleRecord).label("now"))
    each = select(*names, SaleRecord.regency_code, amount.label("amount"), qty.label("qty"))
    each = each.where(SaleRecord.reversal_of.is_(None))
    if shop_ids is not None:
        each = each.where(SaleRecord.seller_id.in_(shop_ids))
    left = each.subquery().c
    keys = (left.seller_id, left.sold_on, left.channel, left.now, left.regency_code)
    sums = (func.sum(left.amount), func.sum(left.qty), func.sum(case((left.qty > 0, 1), else_=0)))
    return _added(keys, sums)


def _products(shop_ids: Collection[int] | None) -> Any:
    """Add up all lines that name a product: a reversal names that of its original."""
    row = SaleRecord
    keys = (row.seller_id, month_of_day(row.sold_on), row.variant_id, row.channel)
    query = _added(keys, (func.sum(type_coerce(row.amount, BigInteger)), func.sum(row.qty)))
    query = query.where(row.variant_id.is_not(None))
    return query if shop_ids is None else query.where(row.seller_id.in_(shop_ids))


def _months(shop_ids: Collection[int] | None) -> Any:
    keys = (SaleDay.regency_code, month_of_day(SaleDay.sold_on), SaleDay.shop_id, SaleDay.channel, SaleDay.grade)
    query = _added(keys, [func.sum(each) for each in sums_of(SaleDay)])
    return query if shop_ids is None else query.where(SaleDay.shop_id.in_(shop_ids))


def _regions() -> Any:
    row = SaleMonth
    keys = (row.regency_code, row.month, row.channel, row.grade, (row.shop_id % PARTS).cast(Integer))
    return _added(keys, [func.sum(each) for each in sums_of(row)])


def _added(keys: Any, sums: Any) -> Any:
    """Group by the keys; sums of nothing are left out, and numbers stay whole on both engines."""
    whole = [each.cast(BigInteger) for each in sums]
    return select(*keys, *whole).group_by(*keys).having(or_(*(each != 0 for each in sums)))
