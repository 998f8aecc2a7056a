"""What a seller can make in a day: the day of an order is booked with it, moves with it, and is free again once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import literal, select, union_all

from app.core.clock import here, now, today
from app.core.db import db
from app.goods.products.models import Variant
from app.goods.shops.models import Shop
from app.goods.shops.rules import is_away
from app.goods.stock import capacity as days
from app.goods.stock.models import CapacityDay
from app.goods.stock.operations import SoldOut
from app.kit.periods import WIB, zone_named
from app.trade.orders import making, queries
from app.trade.orders.making import Booked, Calendar, Making
from app.trade.orders.models import Order, OrderLine
from app.trade.orders.rows import MADE, Offer
from app.trade.orders.rules import Block, Change


def calendar_of(shop: Offer | Shop) -> Calendar:
    """Return the days that a shop can promise now; `shop` is any row with its kabupaten and its pause."""
    hours = queries.hours_of(shop.regency_code)
    away = partial(is_away, shop.closed_from, shop.closed_until)
    return Calendar(making.first_day(here(hours.zone), hours.ready_at), hours.days_ahead, away)


def booked(variant_ids: Collection[int]) -> dict[tuple[int, date], int]:
    """Return what is promised of each variant for the days to come; what time has ended is free already."""
    if not variant_ids:
        return {}
    day, since = CapacityDay, today(WIB.name) - timedelta(days=1)
    kept = select(day.variant_id, day.day, day.booked).where(day.variant_id.in_(variant_ids), day.day >= since)
    lapsed = select(OrderLine.variant_id, OrderLine.booked_on, literal(0) - OrderLine.qty_booked)
    lapsed = lapsed.where(OrderLine.order_id.in_(select(Order.id).where(queries.is_overdue(now()))))
    lapsed = lapsed.where(OrderLine.variant_id.in_(variant_ids), OrderLine.qty_booked > 0)
    found: dict[tuple[int, date], int] = {}
    rows: Iterable[Any] = db.session.execute(union_all(kept, lapsed))
    for row in rows:
        found[row[0], row[1]] = found.get((row[0], row[1]), 0) + row[2]
    return found


def choose(blocks: Sequence[Block], offers: Mapping[int, Offer]) -> tuple[dict[int, date], list[Change]]:
    """Return shop → the day on which its part is ready, and the lines that cannot be; parts of nothing made to order
    have no day.
    """
    makings = {block.shop_id: _makings(block, offers) for block in blocks}
    promised = booked([each.variant_id for some in makings.values() for each in some if each.a_day is not None])
    chosen: dict[int, date] = {}
    changes: list[Change] = []
    for block in blocks:
        if wanted := makings[block.shop_id]:
            calendar = calendar_of(offers[wanted[0].variant_id])
            free, bound = making.free_days(wanted, calendar, promised), _bound(block, offers)
            if bound and making.can(wanted, calendar, promised, bound):
                chosen[block.shop_id] = bound
            elif not bound and free and block.day in {None, *free}:
                chosen[block.shop_id] = block.day or free[0]
            else:
                changes += _full(wanted, calendar, promised, bound or block.day)
    return chosen, changes


def _makings(block: Block, offers: Mapping[int, Offer]) -> list[Making]:
    known = [(line, offers[line.variant_id]) for line in block.lines if line.variant_id in offers]
    return [
        Making(line.variant_id, line.qty, offer.lead_days, offer.day_capacity)
        for line, offer in known
        if offer.stock_mode == MADE
    ]


def _bound(block: Block, offers: Mapping[int, Offer]) -> date | None:
    """Return the day on which it must be ready, by whatever it is needed for."""
    if block.at:
        return block.at.day
    if block.need:
        zone = queries.hours_of(offers[block.lines[0].variant_id].regency_code).zone
        return zone_named(zone).day(block.need.at)
    return None


def _full(wanted: Sequence[Making], calendar: Calendar, promised: Booked, asked: date | None) -> list[Change]:
    """Say of each line how many can be made: on the day that was asked for, or at best."""
    found = []
    for each in wanted:
        days_of = [asked] if asked else calendar.days_after(each.lead_days)
        rooms = [each.qty if (room := each.room(day, promised)) is None else room for day in days_of]
        most = max(rooms, default=0)
        if most < each.qty:
            found.append(Change(each.variant_id, "full_day" if asked else "sold_out", available=most, day=asked))
    return found or [Change(wanted[0].variant_id, "full_day", available=0, day=asked)]


def book(blocks: Iterable[Block], offers: Mapping[int, Offer], chosen: Mapping[int, date]) -> None:
    """Book the chosen days for what has a limit.

    Raises:
        DayFull: somebody was quicker.
    """
    slots = {
        (each.variant_id, chosen[block.shop_id]): (each.qty, each.a_day)
        for block in blocks
        for each in _makings(block, offers)
        if each.a_day is not None
    }
    if slots:
        days.book(slots)


def release(lines: Iterable[OrderLine], left: Callable[[OrderLine], int]) -> None:
    """Give back what is booked beyond what is `left` of each line."""
    spare = {(line.variant_id, line.booked_on): line.qty_booked - left(line) for line in lines if line.booked_on}
    days.give_back({slot: qty for slot, qty in spare.items() if qty > 0})
    for line in lines:
        line.qty_booked = min(line.qty_booked, left(line))


def lock(lines: Iterable[OrderLine]) -> None:
    """Queue for the days of several orders at once."""
    days.lock((line.variant_id, line.booked_on) for line in lines if line.booked_on and line.qty_booked)


def move(lines: Sequence[OrderLine], day: date) -> None:
    """Book another day for what is agreed of an order, instead of the one it had.

    Raises:
        DayFull: as much cannot be made then; nothing is kept, the caller's transaction ends.
    """
    bound = [line for line in lines if line.booked_on and line.qty_booked]
    release(bound, lambda line: 0)
    _book_lines(bound, day)


def book_again(order: Order, lines: Sequence[OrderLine]) -> None:
    """Book for an order that comes to life again: its own day if that can still be, or the next.

    Raises:
        SoldOut: no day is free.
    """
    lost = [line for line in lines if line.booked_on and line.qty_booked < line.qty_agreed]
    if not lost:
        return
    limits, shop = _limits(lost), db.session.get_one(Shop, order.seller_id)
    wanted = [Making(line.variant_id, line.qty_agreed, *limits[line.variant_id]) for line in lost]
    free = making.free_days(wanted, calendar_of(shop), booked([line.variant_id for line in lost]))
    if not free:
        raise SoldOut({line.variant_id: 0 for line in lost})
    day = lost[0].booked_on if lost[0].booked_on in free else free[0]
    _book_lines(lost, day)
    order.promised_at = promised_at(order, day)


def other_days(order: Order, lines: Sequence[OrderLine]) -> list[date]:
    """Return the days that a seller can offer instead of the one an order has; none when a bazaar says it."""
    if order.meets:
        return []
    bound = [line for line in lines if line.booked_on and line.qty_booked]
    limits = _limits(bound) if bound else {}
    # She says herself what she can do sooner than usual: only what the days still take bounds her.
    wanted = [Making(line.variant_id, 1, 0, limits[line.variant_id][1]) for line in bound]
    calendar = calendar_of(db.session.get_one(Shop, order.seller_id))
    free = making.free_days(wanted, calendar, booked([each.variant_id for each in wanted])) if wanted else None
    days_of = list(calendar.days_after(0)) if free is None else free
    mine = zone_named(queries.hours_of(order.regency_code).zone).day(order.promised_at) if order.promised_at else None
    return [day for day in days_of if day != mine]


def last_day(order: Order) -> date:
    """Return the furthest day that can be promised."""
    hours = queries.hours_of(order.regency_code)
    return here(hours.zone).date() + timedelta(days=hours.days_ahead)


def promised_at(order: Order, day: date) -> datetime:
    """Return the moment at which an order is promised for a day."""
    hours = queries.hours_of(order.regency_code)
    return making.ready_at(day, hours.ready_at, hours.zone)


def _limits(lines: Iterable[OrderLine]) -> dict[int, tuple[int, int | None]]:
    """Return lead days and capacity of each variant as they are now; what is counted now has no limit."""
    query = select(Variant.id, Variant.lead_days, Variant.day_capacity, Variant.stock_mode)
    rows = db.session.execute(query.where(Variant.id.in_([line.variant_id for line in lines])))
    return {row.id: (row.lead_days, row.day_capacity if row.stock_mode == MADE else None) for row in rows}


def _book_lines(lines: Sequence[OrderLine], day: date) -> None:
    limits = _limits(lines)
    most = {line.variant_id: limits[line.variant_id][1] for line in lines}
    days.book({(line.variant_id, day): (line.qty_agreed, cap) for line in lines if (cap := most[line.variant_id])})
    for line in lines:
        line.booked_on, line.qty_booked = day, line.qty_agreed if most[line.variant_id] else 0
