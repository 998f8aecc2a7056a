"""What the office sees of orders when goods are reported: which still wait for them, and nothing of who ordered."""

from __future__ import annotations

from flask import render_template
from sqlalchemy import func, select

from app.core.db import db
from app.core.panels import fill
from app.goods.products.models import Product, Variant
from app.trade.orders import labels, queries, rules
from app.trade.orders.models import Order, OrderLine

MOST = 50


@fill("report.orders")
def open_orders_of(*, product: Product) -> str:
    """Name the orders of a product that somebody still waits for, the oldest first."""
    variants = select(Variant.id).where(Variant.product_id == product.id)
    lines = select(OrderLine.order_id, func.sum(OrderLine.qty_agreed).label("qty"))
    asked = lines.where(OrderLine.variant_id.in_(variants)).group_by(OrderLine.order_id).subquery()
    query = select(Order, asked.c.qty).join(asked, asked.c.order_id == Order.id).where(Order.state.in_(rules.OPEN))
    found = db.session.execute(query.order_by(Order.id).limit(MOST)).all()
    qty = {order.id: count for order, count in found}
    orders = [order for order, _count in found]
    sheets = [each for each in queries.sheets(orders, shop=product.shop) if each.is_open]
    return render_template("trade/orders/_reported.html", sheets=sheets, qty=qty, labels=labels)
