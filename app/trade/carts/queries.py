"""What the cart asks of the market: each variant as it is now, all in one question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from app.core.clock import now, today
from app.core.db import UtcDateTime, db
from app.goods.categories.models import Category
from app.goods.categories.rules import drawing_of
from app.goods.delivery.models import DeliveryPlan
from app.goods.photos.models import Photo
from app.goods.photos.queries import picture_of
from app.goods.products.models import Product, Revision, Variant
from app.goods.shops.models import Shop
from app.goods.shops.rules import is_away, is_planned
from app.goods.stock.models import Stock
from app.people.places.models import Region
from app.trade.carts.rules import MOST_EACH, Cart, Checked, Offer, Stall, check
from app.trade.orders import capacity
from app.trade.orders.making import Booked, Making
from app.trade.orders.models import Order, OrderLine
from app.trade.orders.queries import is_overdue
from app.trade.orders.rows import MADE, is_capped


def list_checked(cart: Cart) -> list[Checked]:
    """Return every line of a cart beside what is on offer now, in the cart's order."""
    offers = offers_of(line.variant_id for line in cart)
    return [check(line, offers.get(line.variant_id)) for line in cart]


def offers_of(variant_ids: Iterable[int]) -> dict[int, Offer]:
    """Return what is known of these variants; one that never was is missing."""
    wanted = sorted(set(variant_ids))
    if not wanted:
        return {}
    rows: Iterable[Row[Any]] = db.session.connection().execute(_question(), {"wanted": wanted, "moment": now()}).all()
    booked = capacity.booked([row.id for row in rows if is_capped(row)])
    return {row.id: _offer(row, _rooms(row, booked) if row.stock_mode == MADE else None) for row in rows}


def _rooms(row: Row[Any], booked: Booked) -> dict[date, int]:
    """Return how many can be made on each day to come on which any can."""
    made = Making(row.id, 1, row.lead_days, row.day_capacity)
    rooms = {day: made.room(day, booked) for day in capacity.calendar_of(row).days_after(row.lead_days)}
    return {day: MOST_EACH if room is None else room for day, room in rooms.items() if room is None or room > 0}


@cache
def _question() -> Select[Any]:
    """Build the one question once: putting it together costs more than asking it."""
    parent = aliased(Category)
    return (
        select(Variant.id, Variant.label, Variant.unit, Variant.price, Variant.stock_mode, Variant.active)
        .add_columns(Variant.day_capacity, Variant.lead_days, Shop.regency_code)
        .add_columns(Product.slug.label("product_slug"), Product.state.label("product_state"), Product.at_bazaars)
        .add_columns(Product.pickup, Product.delivered)
        .add_columns(Revision.name)
        .add_columns(Photo.stem, Photo.ready, Photo.width, Photo.height)
        .add_columns(Shop.id.label("shop_id"), Shop.slug.label("shop_slug"), Shop.name.label("shop_name"))
        .add_columns(DeliveryPlan.least)
        .add_columns(Shop.pickup_place, Shop.pickup_hours, Shop.state.label("shop_state"))
        .add_columns(Shop.closed_from, Shop.closed_until, Shop.closed_note, Region.zone, Stock.on_hand, Stock.reserved)
        .add_columns(Category.slug.label("leaf"), parent.slug.label("top"), _lapsed().label("lapsed"))
        .join(Product, Product.id == Variant.product_id)
        .join(Shop, Shop.id == Product.shop_id)
        .join(Region, Region.code == Shop.regency_code)
        .join(Revision, Revision.id == Product.approved_revision_id)
        .join(Category, Category.id == Revision.category_id)
        .outerjoin(DeliveryPlan, DeliveryPlan.shop_id == Shop.id)
        .outerjoin(parent, parent.id == Category.parent_id)
        .outerjoin(Photo, Photo.id == Revision.photo_id)
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .where(Variant.id.in_(bindparam("wanted", expanding=True)), Shop.withheld_at.is_(None))
    )


def _lapsed() -> ScalarSelect[Any]:
    """Count what is still held for orders that time has ended: it is free, though no job has written it down yet."""
    # From the few orders that are overdue to their lines: a sought-after variant has thousands of lines.
    overdue = select(Order.id).where(is_overdue(bindparam("moment", type_=UtcDateTime())))
    held = select(func.coalesce(func.sum(OrderLine.qty_held), 0)).where(OrderLine.order_id.in_(overdue))
    mine = OrderLine.variant_id == Variant.id
    return held.where(mine, OrderLine.qty_held > 0).correlate(Variant).scalar_subquery()


def _offer(row: Row[Any], rooms: dict[date, int] | None) -> Offer:
    drawing, tint = drawing_of(row.leaf, row.top)
    free = 0 if row.on_hand is None else row.on_hand - row.reserved + int(row.lapsed)
    shown = picture_of(row)
    return Offer(
        variant_id=row.id,
        product_slug=row.product_slug,
        name=f"{row.name} · {row.label}" if row.label else row.name,
        unit=row.unit,
        price=row.price,
        available=free if row.stock_mode == "counted" else None,
        rooms=rooms,
        a_day=MOST_EACH if row.day_capacity is None else row.day_capacity,
        on_sale=row.product_state == "live" and row.active,
        stall=_stall(row),
        at_bazaars=row.at_bazaars,
        pickup=row.pickup,
        delivered=row.delivered,
        photo=shown.small if shown else "",
        drawing=drawing,
        tint=tint,
    )


def _stall(row: Row[Any]) -> Stall:
    day = today(row.zone)
    away = is_away(row.closed_from, row.closed_until, day)
    planned = is_planned(row.closed_from, row.closed_until, day)
    return Stall(
        id=row.shop_id,
        slug=row.shop_slug,
        name=row.shop_name,
        pickup_place=row.pickup_place,
        pickup_hours=row.pickup_hours,
        is_open=row.shop_state == "open" and not away,
        closed_note=row.closed_note if away or planned else "",
        closes=(row.closed_from, row.closed_until) if planned else None,
        least=row.least,
    )
