"""What lay packed when time or the office ended an order: its seller says whether it can still be sold."""

from __future__ import annotations

from app.core.clock import now
from app.core.db import db
from app.core.policy import Actor
from app.goods.stock import operations as stock
from app.goods.stock.rules import Cause
from app.trade.orders import moving, operations, queries
from app.trade.orders.models import Order


def answer(order: Order, *, by: Actor, back_to_stock: bool, version: int | None = None) -> list[int]:
    """Say whether what time or the office left packed can still be sold; what cannot is written off.

    Others may have been promised it since. Physical truth wins: returns the orders that are at risk now.

    Raises:
        NotNow: nothing is asked, or not any more.
    """
    asked = [line.variant_id for line in queries.list_lines(order.id)]
    queries.lock_all({order.id, *(each for variant in asked for each in queries.list_holders(variant))}, wait=True)
    if version is not None and version != order.version:
        raise operations.Overtaken(order, queries.effective(order, now()))
    moving.end_overdue([order.id])
    lines = [line for line in queries.list_lines(order.id) if line.qty_left]
    if not lines:
        raise operations.NotNow(order, order.state)
    left = {line.variant_id: line.qty_left for line in lines}
    at_risk: list[int] = []
    if not back_to_stock:
        for variant in sorted(left):
            at_risk += operations.make_room(variant, left[variant])
        stock.move_all("waste", left, Cause("order", order.id, by_id=by.id))
    for line in lines:
        line.qty_left = 0
    order.version += 1
    db.session.flush()
    return at_risk
