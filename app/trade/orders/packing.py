"""What a seller packs on a day: everything that is promised for it, on one sheet for the wall and the bag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask import Response, render_template, request, url_for
from sqlalchemy import func, select

from app.core.clock import here, now
from app.core.cookies import private_page
from app.core.db import db
from app.core.i18n import _, tanggal, tanggal_pendek
from app.core.policy import allow
from app.goods.shops import policies as shops
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_own_shop
from app.kit.periods import Zone, zone_named
from app.trade.orders import labels, messages, queries
from app.trade.orders.buyer import bp
from app.trade.orders.models import Order, OrderGroup
from app.trade.orders.queries import Sheet

PACKED = ("accepted", "ready")
# One sheet; a shop with more than this in its hands reads them day by day.
MOST = 200


class Packet(NamedTuple):
    """One order as it is packed: whose it is, and how she is reached."""

    sheet: Sheet
    group: OrderGroup
    whatsapp: str


@bp.get("/jualan/pesanan/kemas")
@allow(shops.owns, get_own_shop)
def packing(shop: Shop) -> Response:
    """List what is to be packed on a day; what is late already stands under today."""
    zone = zone_named(queries.hours_of(shop.regency_code).zone)
    this_day = here(zone.name).date()
    days = Counter(max(zone.day(each), this_day) for each in _promised(shop.id))
    day = next((each for each in (_asked(), this_day) if each in days), None) or min(days, default=this_day)
    packets = _packets(shop, day, this_day, zone)
    page = render_template(
        "trade/orders/packing.html",
        day=tanggal(day),
        days=[
            (_word(each, this_day), url_for("orders.packing", hari=each), days[each], each == day)
            for each in sorted(days)
        ],
        goods=_goods([each.sheet for each in packets]),
        packets=packets,
        labels=labels,
    )
    return private_page(page)


def _asked() -> date | None:
    try:
        return date.fromisoformat(request.args.get("hari", "")[:10])
    except ValueError:
        return None


def _word(day: date, this_day: date) -> str:
    if day == this_day:
        return _("Hari ini")
    return _("Besok") if day == this_day + timedelta(days=1) else tanggal_pendek(day)


def _promised(shop_id: int) -> list[datetime]:
    """Return the promises of everything that a shop has in its hands."""
    query = select(Order.promised_at).where(Order.seller_id == shop_id, Order.state.in_(PACKED))
    query = query.where(Order.promised_at.is_not(None), ~func.coalesce(queries.is_overdue(now()), False))
    return [each for each in db.session.scalars(query.order_by(Order.promised_at)) if each]


def _packets(shop: Shop, day: date, this_day: date, zone: Zone) -> list[Packet]:
    query = select(Order).where(Order.seller_id == shop.id, Order.state.in_(PACKED))
    query = query.where(Order.promised_at < zone.at(day + timedelta(days=1)))
    query = query.where(~func.coalesce(queries.is_overdue(now()), False))
    if day > this_day:
        query = query.where(Order.promised_at >= zone.at(day))
    orders = list(db.session.scalars(query.order_by(Order.promised_at, Order.id).limit(MOST)))
    groups = queries.groups_by_id({order.group_id for order in orders})
    return [
        Packet(sheet, group, messages.tell_buyer_url(sheet, group.buyer_phone))
        for sheet in queries.sheets(orders, shop=shop)
        for group in [groups[sheet.order.group_id]]
    ]


def _goods(sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    """Add up what is needed of each thing, the most first."""
    units: Counter[tuple[str, str]] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            units[line.name, line.unit] += line.qty_agreed
    return [(name, f"{qty} {unit}") for (name, unit), qty in units.most_common() if qty]
