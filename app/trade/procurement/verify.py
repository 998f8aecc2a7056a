"""The book of government orders recomputed: each has its one line in the sales book, and no such line has none."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select

from app.core.books import Finding, book
from app.core.db import db
from app.trade.procurement.models import GovernmentOrder, GovernmentPaper, GovernmentReturn
from app.trade.procurement.rules import SOURCE
from app.trade.sales.models import SaleRecord

# What an office ordered here has its order: the book of orders looks at those.
OFFICE = "order"


@book("pesanan pemerintah")
def check_orders() -> list[Finding]:
    """Find orders that the sales book does not know as they are, sales without an order, and orders without a paper."""
    return [*_unlike(), *_unasked(), *_returns(), *_unproved()]


def _unlike() -> Iterator[Finding]:
    line = select(SaleRecord).where(SaleRecord.source_type == SOURCE, SaleRecord.reversal_of.is_(None)).subquery()
    query = select(GovernmentOrder.id).join(line, line.c.source_id == GovernmentOrder.id, isouter=True)
    query = query.where(
        or_(
            line.c.id.is_(None),
            line.c.seller_id != GovernmentOrder.shop_id,
            line.c.variant_id != GovernmentOrder.variant_id,
            line.c.qty != GovernmentOrder.qty,
            line.c.amount != GovernmentOrder.amount,
            line.c.sold_on != GovernmentOrder.sold_on,
            line.c.channel != "government",
        )
    )
    for number in db.session.scalars(query.order_by(GovernmentOrder.id)):
        yield Finding("government_order", number, "the sales book does not say the same")
    several = select(line.c.source_id).group_by(line.c.source_id).having(func.count() > 1)
    for number in db.session.scalars(several.order_by(line.c.source_id)):
        yield Finding("government_order", number, "more than one line in the sales book")


def _unasked() -> Iterator[Finding]:
    known = select(GovernmentOrder.id)
    query = select(SaleRecord.id).where(SaleRecord.channel == "government")
    query = query.where(SaleRecord.source_type != OFFICE)
    query = query.where(or_(SaleRecord.source_type != SOURCE, SaleRecord.source_id.not_in(known)))
    for number in db.session.scalars(query.order_by(SaleRecord.id)):
        yield Finding("sale_record", number, "a government sale without its order")


def _returns() -> Iterator[Finding]:
    told = select(GovernmentReturn.order_id, func.sum(GovernmentReturn.qty).label("qty")).group_by("order_id")
    told_of = told.subquery()
    back = select(SaleRecord.source_id, func.sum(-SaleRecord.qty).label("qty"))
    back = back.where(SaleRecord.source_type == SOURCE, SaleRecord.reversal_of.is_not(None))
    back_of = back.group_by(SaleRecord.source_id).subquery()
    query = select(GovernmentOrder.id)
    query = query.join(told_of, told_of.c.order_id == GovernmentOrder.id, isouter=True)
    query = query.join(back_of, back_of.c.source_id == GovernmentOrder.id, isouter=True)
    query = query.where(func.coalesce(told_of.c.qty, 0) != func.coalesce(back_of.c.qty, 0))
    for number in db.session.scalars(query.order_by(GovernmentOrder.id)):
        yield Finding("government_order", number, "what was taken back is not what the sales book says")


def _unproved() -> Iterator[Finding]:
    query = select(GovernmentOrder.id).where(GovernmentOrder.id.not_in(select(GovernmentPaper.order_id)))
    for number in db.session.scalars(query.order_by(GovernmentOrder.id)):
        yield Finding("government_order", number, "without a paper")
