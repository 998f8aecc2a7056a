"""The book of sales recomputed: what may never be true of its rows, asked of the database itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from app.core.books import Finding, book
from app.core.db import db
from app.trade.sales.models import SaleDay, SaleMonth, SaleRecord, SaleRegion
from app.trade.sales.queries import grade_now, month_number
from app.trade.sales.rules import PARTS

Kept = type[SaleDay] | type[SaleMonth] | type[SaleRegion]


@book("penjualan")
def check_sales() -> list[Finding]:
    """Find reversals that take back more than was sold or tell another story than their original."""
    return [*_too_much_back(), *_strange_reversals(), *_wrong_sign()]


def _too_much_back() -> list[Finding]:
    back = (
        select(
            SaleRecord.reversal_of.label("sale"),
            func.sum(SaleRecord.qty).label("qty"),
            func.sum(type_coerce(SaleRecord.amount, BigInteger)).label("amount"),
        )
        .where(SaleRecord.reversal_of.is_not(None))
        .group_by(SaleRecord.reversal_of)
        .subquery()
    )
    query = select(SaleRecord.id).join(back, back.c.sale == SaleRecord.id)
    query = query.where(
        or_(SaleRecord.qty + back.c.qty < 0, type_coerce(SaleRecord.amount, BigInteger) + back.c.amount < 0)
    )
    return [Finding("sale_record", row, "more was taken back than was sold") for row in db.session.scalars(query)]


def _strange_reversals() -> list[Finding]:
    original = select(SaleRecord).subquery()
    query = select(SaleRecord.id).join(original, original.c.id == SaleRecord.reversal_of)
    query = query.where(
        or_(
            original.c.reversal_of.is_not(None),
            original.c.seller_id != SaleRecord.seller_id,
            original.c.sold_on != SaleRecord.sold_on,
            original.c.channel != SaleRecord.channel,
        )
    )
    return [
        Finding("sale_record", row, "the reversal does not match its original") for row in db.session.scalars(query)
    ]


def _wrong_sign() -> list[Finding]:
    query = select(SaleRecord.id).where(type_coerce(SaleRecord.amount, BigInteger) * SaleRecord.qty < 0)
    return [Finding("sale_record", row, "units and rupiah point different ways") for row in db.session.scalars(query)]


@book("jumlah penjualan")
def check_sums() -> list[Finding]:
    """Find kept days that are not the sum of the lines of the book, and months and regions that are not of days."""
    day = (SaleDay.shop_id, SaleDay.sold_on, SaleDay.channel, SaleDay.grade, SaleDay.regency_code)
    month = (SaleMonth.shop_id, SaleMonth.channel, SaleMonth.grade, SaleMonth.regency_code)
    region = (SaleRegion.part, SaleRegion.channel, SaleRegion.grade, SaleRegion.regency_code)
    return [
        *_differences("sale_day", _kept(SaleDay, *day), _days_of_book()),
        *_differences("sale_month", _kept(SaleMonth, month_number(SaleMonth.month), *month), _added(SaleDay.shop_id)),
        *_differences(
            "sale_region",
            _kept(SaleRegion, month_number(SaleRegion.month), *region),
            _added(SaleDay.shop_id % PARTS),
        ),
    ]


def _kept(table: Kept, *keys: Any) -> Any:
    """Return what a table holds; a row of nothings is as good as no row."""
    return select(*keys, *_plain(table)).where(or_(*(each != 0 for each in _plain(table))))


def _added(whose: Any) -> Any:
    """Add the days up by month."""
    keys = (month_number(SaleDay.sold_on), whose, SaleDay.channel, SaleDay.grade, SaleDay.regency_code)
    sums = [func.sum(each) for each in _plain(SaleDay)]
    return select(*keys, *sums).group_by(*keys).having(or_(*(each != 0 for each in sums)))


def _days_of_book() -> Any:
    """Add the whole book up again: what is left of each sale, under the evidence that is newest."""
    back = aliased(SaleRecord)
    taken = select(func.sum(type_coerce(back.amount, BigInteger))).where(back.reversal_of == SaleRecord.id)
    units = select(func.sum(back.qty)).where(back.reversal_of == SaleRecord.id)
    amount = type_coerce(SaleRecord.amount, BigInteger) + func.coalesce(taken.scalar_subquery(), 0)
    qty = SaleRecord.qty + func.coalesce(units.scalar_subquery(), 0)
    names = (SaleRecord.seller_id, SaleRecord.sold_on, SaleRecord.channel, grade_now(SaleRecord).label("now"))
    each = select(*names, SaleRecord.regency_code, amount.label("amount"), qty.label("qty"))
    left = each.where(SaleRecord.reversal_of.is_(None)).subquery().c
    keys = (left.seller_id, left.sold_on, left.channel, left.now, left.regency_code)
    sums = (func.sum(left.amount), func.sum(left.qty), func.sum(case((left.qty > 0, 1), else_=0)))
    return select(*keys, *sums).group_by(*keys).having(or_(*(each != 0 for each in sums)))


def _plain(table: Kept) -> list[ColumnElement[int]]:
    return [type_coerce(each, BigInteger) for each in (table.amount, table.qty, table.lines)]


def _differences(name: str, kept: Any, told: Any) -> list[Finding]:
    """Compare a kept table with what it adds up, in the database."""
    keys = {
        tuple(row[:5]) for one, other in ((kept, told), (told, kept)) for row in db.session.execute(one.except_(other))
    }
    return [Finding(name, "/".join(map(str, key)), "is not the sum of its rows") for key in sorted(keys, key=str)]
