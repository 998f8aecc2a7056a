"""The book of complaints recomputed from its rows: steps, units, goods, and what it took back of the sales."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from app.core.books import Finding, book
from app.core.db import db
from app.goods.stock.models import StockMovement
from app.trade.orders.models import Order, OrderLine
from app.trade.orders.verify import broken_lives
from app.trade.returns import rules
from app.trade.returns.models import ReturnCase, ReturnEvent, ReturnLine
from app.trade.returns.settling import SOURCE
from app.trade.sales.models import SaleRecord

_REFUNDED = or_(ReturnCase.state == "resolved_refund", ReturnCase.decision == "refund")


@book("keluhan")
def check_returns() -> list[Finding]:
    """Find complaints whose steps, units, stock or sales contradict each other."""
    return [*_steps(), *_units(), *_sales(), *_goods()]


def _rows(table: str, query: Select[Any], why: str) -> list[Finding]:
    return [Finding(table, row[0], why) for row in db.session.execute(query)]


def _steps() -> list[Finding]:
    known = [(step.before, step.after) for step in rules.STEPS]
    early = select(ReturnCase.id).join(Order, Order.id == ReturnCase.order_id).where(Order.state != "handed_over")
    return [
        *broken_lives(ReturnCase, ReturnEvent, ReturnEvent.case_id, known),
        *_rows("return_case", early, "complains about an order that was not handed over"),
    ]


def _units() -> list[Finding]:
    told = select(ReturnLine.line_id, func.sum(ReturnLine.qty).label("qty")).group_by(ReturnLine.line_id).subquery()
    lines = select(OrderLine.id).join(told, told.c.line_id == OrderLine.id)
    back = (
        select(ReturnLine.line_id, func.sum(ReturnLine.qty).label("qty"))
        .join(ReturnCase, ReturnCase.id == ReturnLine.case_id).where(_REFUNDED).group_by(ReturnLine.line_id).subquery()
    )  # fmt: skip
    refunded = select(OrderLine.id).join(back, back.c.line_id == OrderLine.id, isouter=True)
    refunded = refunded.where(OrderLine.qty_refunded != func.coalesce(back.c.qty, 0))
    came = select(OrderLine.id).join(told, told.c.line_id == OrderLine.id, isouter=True)
    stray = select(ReturnLine.id).join(ReturnCase, ReturnCase.id == ReturnLine.case_id)
    stray = stray.join(OrderLine, OrderLine.id == ReturnLine.line_id).where(OrderLine.order_id != ReturnCase.order_id)
    empty = select(ReturnCase.id).join(ReturnLine, ReturnLine.case_id == ReturnCase.id, isouter=True)
    return [
        *_rows(
            "order_line",
            lines.where(told.c.qty > OrderLine.qty_handed),
            "more is complained about than was handed over",
        ),
        *_rows("order_line", refunded, "its refunded units are not those of its complaints"),
        *_rows(
            "order_line",
            came.where(OrderLine.qty_returned > func.coalesce(told.c.qty, 0)),
            "more came back than is complained about",
        ),
        *_rows("return_line", stray, "is about another order's line"),
        *_rows("return_case", empty.where(ReturnLine.id.is_(None)), "is about nothing"),
    ]


def _sales() -> list[Finding]:
    """What was taken back of an order's sales is exactly what was refunded, once for each complaint and line."""
    back = (
        select(SaleRecord.source_id, SaleRecord.variant_id, func.sum(-SaleRecord.qty).label("qty"))
        .where(SaleRecord.source_type == "order", SaleRecord.reversal_of.is_not(None))
        .group_by(SaleRecord.source_id, SaleRecord.variant_id)
        .subquery()
    )
    same = and_(back.c.source_id == OrderLine.order_id, back.c.variant_id == OrderLine.variant_id)
    wrong = select(OrderLine.id).join(back, same, isouter=True)
    wrong = wrong.where(OrderLine.qty_refunded != func.coalesce(back.c.qty, 0))
    return _rows("order_line", wrong, "its sales were taken back in another number than refunded")


def _goods() -> list[Finding]:
    """No more came back into stock for a complaint than it is about."""
    came = (
        select(StockMovement.source_id, StockMovement.variant_id, func.sum(StockMovement.on_hand_delta).label("qty"))
        .where(StockMovement.source_type == SOURCE, StockMovement.kind == "return_in")
        .group_by(StockMovement.source_id, StockMovement.variant_id)
        .subquery()
    )
    about = select(ReturnLine.case_id, OrderLine.variant_id, ReturnLine.qty)
    told = about.join(OrderLine, OrderLine.id == ReturnLine.line_id).subquery()
    same = and_(told.c.case_id == came.c.source_id, told.c.variant_id == came.c.variant_id)
    wrong = select(came.c.source_id).join(told, same, isouter=True).where(came.c.qty > func.coalesce(told.c.qty, 0))
    return _rows("return_case", wrong, "more came back into stock than it is about")
