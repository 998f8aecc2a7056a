"""The book of offices' papers recomputed: numbers without a gap, amounts as the orders say, every paper that is due."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, func, or_, select, type_coerce

from app.core.books import Finding, book
from app.core.db import db
from app.trade.offices import rules
from app.trade.offices.models import OfficePaper, OfficeRequest
from app.trade.orders.models import Order, OrderLine


@book("surat kantor")
def check_papers() -> list[Finding]:
    """Find gaps in the numbers, papers that do not say what their order does, and offices' orders without a request."""
    return [*_gaps(), *_astray(), *_unasked()]


def _gaps() -> Iterator[Finding]:
    same = (OfficePaper.shop_id, OfficePaper.kind, OfficePaper.year)
    query = select(*same).group_by(*same).having(func.max(OfficePaper.number) != func.count())
    for shop_id, kind, year in db.session.execute(query.order_by(*same)):
        yield Finding("office_paper", shop_id, f"the numbers of {kind} in {year} have a gap")


def _astray() -> Iterator[Finding]:
    says, total = type_coerce(OfficePaper.amount, BigInteger), type_coerce(Order.total, BigInteger)
    worth = type_coerce(OrderLine.price, BigInteger) * OrderLine.qty_refunded
    back = select(func.coalesce(func.sum(worth), 0)).where(OrderLine.order_id == Order.id).scalar_subquery()
    # A receipt that was made after something went back is about what came; one of before keeps the whole.
    receipt = OfficePaper.kind == rules.RECEIPT
    other_amount = or_(receipt & or_(says > total, says < total - back), ~receipt & (says != total))
    early = (OfficePaper.kind != rules.ORDER) & (Order.state != "handed_over")
    unpaid = (OfficePaper.kind == rules.RECEIPT) & Order.unpaid_since.is_not(None)
    other = or_(OfficePaper.shop_id != Order.seller_id, ~Order.for_office, early, unpaid)
    query = select(OfficePaper.id).join(OfficePaper.order)
    query = query.where(or_(other, (OfficePaper.kind != rules.ORDER) & other_amount))
    for number in db.session.scalars(query.order_by(OfficePaper.id)):
        yield Finding("office_paper", number, "does not say what its order does")


def _unasked() -> Iterator[Finding]:
    known = select(OfficeRequest.id).where(OfficeRequest.group_id == Order.group_id)
    paper = select(OfficePaper.id).where(OfficePaper.order_id == Order.id, OfficePaper.kind == rules.ORDER)
    query = select(Order.id).where(Order.for_office, or_(~known.exists(), ~paper.exists()))
    for number in db.session.scalars(query.order_by(Order.id)):
        yield Finding("order", number, "is an office's, and no office asked for it or no paper says so")
