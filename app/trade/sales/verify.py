"""The book of sales recomputed: what may never be true of its rows, asked of the database itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, and_, func, or_, select, type_coerce

from app.core.books import Finding, book
from app.core.db import db
from app.trade.sales import recount
from app.trade.sales.models import SaleDay, SaleEvidence, SaleMonth, SaleProduct, SaleRecord, SaleRegion

TABLES: tuple[recount.Kept, ...] = (SaleDay, SaleMonth, SaleProduct, SaleRegion)


@book("penjualan")
def check_sales() -> list[Finding]:
    """Find reversals that take back more than was sold or tell another story than their original, and lost evidence."""
    return [*_too_much_back(), *_strange_reversals(), *_wrong_sign(), *_unproven()]


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
            original.c.regency_code != SaleRecord.regency_code,
            original.c.source_type != SaleRecord.source_type,
            func.coalesce(original.c.source_id, 0) != func.coalesce(SaleRecord.source_id, 0),
            func.coalesce(original.c.variant_id, 0) != func.coalesce(SaleRecord.variant_id, 0),
        )
    )
    return [
        Finding("sale_record", row, "the reversal does not match its original") for row in db.session.scalars(query)
    ]


def _wrong_sign() -> list[Finding]:
    query = select(SaleRecord.id).where(type_coerce(SaleRecord.amount, BigInteger) * SaleRecord.qty < 0)
    return [Finding("sale_record", row, "units and rupiah point different ways") for row in db.session.scalars(query)]


def _unproven() -> list[Finding]:
    """A sale begins with one piece of evidence, of the grade that was written with it."""
    first = (
        select(SaleEvidence.sale_id, func.min(SaleEvidence.id).label("id")).group_by(SaleEvidence.sale_id).subquery()
    )
    query = select(SaleRecord.id).join(first, first.c.sale_id == SaleRecord.id, isouter=True)
    query = query.join(SaleEvidence, SaleEvidence.id == first.c.id, isouter=True)
    other = or_(SaleEvidence.id.is_(None), SaleEvidence.grade != SaleRecord.grade)
    query = query.where(and_(SaleRecord.reversal_of.is_(None), other))
    return [Finding("sale_record", row, "does not begin with its evidence") for row in db.session.scalars(query)]


@book("jumlah penjualan")
def check_sums() -> list[Finding]:
    """Find days and products that are not the sum of their lines, months not of days, regions not of months."""
    return [each for table in TABLES for each in _differences(table)]


def _differences(table: recount.Kept) -> list[Finding]:
    """Compare a kept table with what it adds up, in the database."""
    many = len(recount.keys_of(table))
    keys = {tuple(row[:many]) for row in recount.differences(table)}
    return [
        Finding(table.__tablename__, "/".join(map(str, key)), "is not the sum of its rows")
        for key in sorted(keys, key=str)
    ]
