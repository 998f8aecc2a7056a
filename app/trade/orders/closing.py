"""What a seller reads when she closes for some days: the orders that she took on and that fall due inside them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import render_template
from sqlalchemy import and_, or_, select

from app.core.clock import today
from app.core.db import db
from app.core.panels import fill
from app.goods.shops.models import Shop
from app.kit.periods import zone_named
from app.people.places.queries import settings_of
from app.trade.orders import labels, queries
from app.trade.orders.models import Order

MOST = 20


@fill("shop.closing")
def due_while_closed(*, shop: Shop) -> str:
    """Name the orders that a pause, running or to come, would leave waiting; nothing when there is none."""
    if shop.closed_until is None:
        return ""
    zone = settings_of(shop.regency_code).zone
    day = today(zone)
    first = max(shop.closed_from or day, day)
    if shop.closed_until < first:
        return ""
    found = _due(shop, _midnight(first, zone), _midnight(shop.closed_until + timedelta(days=1), zone))
    sheets = [each for each in queries.sheets(found) if each.is_open]
    return render_template("trade/orders/_while_closed.html", sheets=sheets, labels=labels) if sheets else ""


def _due(shop: Shop, begins: datetime, ends: datetime) -> list[Order]:
    """Return what was promised for these days, and what lies ready and may be fetched on them, the nearest first."""
    promised = and_(Order.state == "accepted", Order.promised_at >= begins, Order.promised_at < ends)
    waits = and_(Order.state == "ready", Order.collect_by >= begins)
    query = select(Order).where(Order.seller_id == shop.id, or_(promised, waits))
    return list(db.session.scalars(query.order_by(Order.promised_at, Order.id).limit(MOST)))


def _midnight(day: date, zone: str) -> datetime:
    return zone_named(zone).at(day)
