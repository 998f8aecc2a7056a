"""What a settled complaint does to goods, money and book: exactly the units it is about, each once."""

from __future__ import annotations

from app.core.db import db
from app.core.policy import Actor
from app.goods.stock import operations as stock
from app.goods.stock import queries as stock_queries
from app.goods.stock.rules import Cause
from app.trade.orders import moving
from app.trade.orders import operations as order_operations
from app.trade.orders import queries as orders
from app.trade.orders.models import Order, OrderLine
from app.trade.returns import queries
from app.trade.returns.models import ReturnCase
from app.trade.sales import operations as sales
from app.trade.sales import queries as sales_queries

SOURCE = "return"


def settle(order: Order, case: ReturnCase, what: str, goods: str, *, by: Actor) -> None:
    """Do what was decided about the units of a complaint; the order is locked.

    `replace` changes neither money nor book. `refund` lowers what is due, so that money is owed back, and takes the
    sale of exactly these units back. Goods that came back are for sale again, or written off.
    """
    units = queries.units_of(case.id)
    lines = [line for line in orders.list_lines(order.id) if line.id in units]
    _move_goods(case, {line.variant_id: units[line.id] for line in lines}, what, goods, by)
    for line in lines:
        line.qty_returned += 0 if goods == "kept" else units[line.id]
        line.qty_refunded += units[line.id] if what == "refund" else 0
    order.version += 1
    db.session.flush()
    if what == "refund":
        moving.note_debt(order, orders.list_lines(order.id))
        _take_back(order, case, lines, units, by)
    db.session.flush()


def _move_goods(case: ReturnCase, units: dict[int, int], what: str, goods: str, by: Actor) -> None:
    """Take back what came, write off what spoiled, and take what replaces it; stock that is not counted stays out."""
    counted = set(stock_queries.available(units))
    moved = {variant: qty for variant, qty in units.items() if variant in counted}
    cause = Cause(SOURCE, case.id, by_id=by.id)
    if goods != "kept":
        stock.move_all("return_in", moved, cause)
    if goods == "spoiled":
        stock.move_all("waste", moved, cause)
    if what == "replace":
        _give(moved, cause)


def _give(units: dict[int, int], cause: Cause) -> None:
    """Write off what replaces: it is out of the house, whoever was promised it; what was never counted counts not."""
    for variant in sorted(units):
        order_operations.make_room(variant, units[variant])
    there = {variant: stock.free(variant) for variant in units}
    stock.move_all("waste", {variant: min(units[variant], there[variant]) for variant in units}, cause)


def _take_back(order: Order, case: ReturnCase, lines: list[OrderLine], units: dict[int, int], by: Actor) -> None:
    sold = {each.variant_id: each for each in sales_queries.list_of_source("order", order.id) if not each.reversal_of}
    for line in lines:
        sales.reverse(sold[line.variant_id], units[line.id], by=by, key=f"{SOURCE}:{case.id}:{line.id}")
