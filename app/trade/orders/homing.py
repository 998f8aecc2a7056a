"""A bazaar is put off, or a seller gives her stall up: her open orders are collected at her own place instead."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.goods.shops.models import Shop
from app.trade.orders import queries, rules
from app.trade.orders.meeting import OVER
from app.trade.orders.models import Order
from app.trade.orders.rules import Hours


def go_home(bazaar_id: int, why: str, shop_id: int | None = None) -> Counter[int]:
    """Let go of every open order that was to be collected at a bazaar, or at one stall of it.

    Goods and money stay as they are, the clocks begin anew where the goods are now. Returns how many by shop.
    """
    orders = queries.lock_all(queries.list_meeting_at(bazaar_id, shop_id), wait=True)
    moment = now()
    still = [each for each in orders if each.meet_until and queries.effective(each, moment) in rules.OPEN]
    for order in still:
        send_home(order, why, queries.hours_of(order.regency_code), moment)
    db.session.flush()
    return Counter(order.seller_id for order in still)


def send_home(order: Order, why: str, hours: Hours, moment: datetime) -> None:
    """Let a locked order be collected at the seller's, and tell both on their pages why."""
    place = select(Shop.pickup_place).where(Shop.id == order.seller_id)
    order.pickup_place = db.session.scalars(place).one()
    order.meet_from = order.meet_until = None
    order.meet_lost, order.version = why, order.version + 1
    order.promised_at = hours.after(moment, hours.promise) if order.state == "accepted" else None
    if order.ready_by and order.promised_at:
        order.ready_by = hours.after(order.promised_at, hours.ready_grace)
    if order.collect_by:
        order.collect_by = hours.after(moment, hours.collect)


def leave_when_over(order: Order, hours: Hours, moment: datetime) -> None:
    """Let go of an order that comes to life again after its bazaar."""
    if order.meet_until and hours.over(order.meet_until) <= moment:
        send_home(order, OVER, hours, moment)
