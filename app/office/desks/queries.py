"""What the first page of each role shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.core import outbox
from app.core.clock import here, today
from app.core.db import db
from app.core.policy import Actor
from app.goods.curation import queries as curation
from app.goods.permits import queries as permits
from app.goods.products import queries as products
from app.goods.products.models import Product, Revision
from app.goods.reports import queries as reports
from app.goods.shelf.models import ShelfItem
from app.goods.shops import queries as shops
from app.goods.shops.models import Shop
from app.kit.periods import zone_named
from app.kit.rupiah import Rupiah
from app.office.tickets import queries as tickets
from app.people.accounts.policies import is_curator
from app.people.places.queries import inside, settings_of
from app.trade.ekatalog import expiry
from app.trade.orders import queries as orders
from app.trade.orders import waits
from app.trade.orders.models import Order
from app.trade.orders.queries import Sheet
from app.trade.orders.waits import Call
from app.trade.returns import queries as complaints
from app.trade.reviews import queries as reviews
from app.trade.sales import queries as sales
from app.trade.sales.rules import Week

SHOWN_ORDERS = 3
SHOWN_SHOPS = 20


@dataclass(frozen=True)
class SellerDesk:
    """Her day: what waits, what she has, what came in."""

    shop: Shop
    hour: int
    new: list[Sheet]
    new_count: int
    going_count: int
    products: int
    returned: int
    week: Week
    today: date
    papers: int
    """Those that her rounds of e-Katalog need, that end soon, and that she does not know of."""
    ending: int
    """Others that end soon or have ended."""
    unread: int


def seller_desk(shop: Shop) -> SellerDesk:
    """Return the desk of one shop."""
    zone = settings_of(shop.regency_code).zone
    day = today(zone)
    counts = select(
        *orders.waiting_in(shop.id),
        products.products_in(shop.id),
        products.returned_in(shop.id),
        outbox.unseen("shop", shop.id),
    )
    new, going, goods, returned, unread = db.session.execute(counts).one()
    told = expiry.told_of(shop.id)
    return SellerDesk(
        shop=shop,
        hour=here(zone).hour,
        new=orders.sheets(orders.list_unanswered(shop.id, SHOWN_ORDERS), shop=shop),
        new_count=new,
        going_count=going,
        products=goods,
        returned=returned,
        week=sales.week_takings(shop.id, day),
        today=day,
        papers=sum(not read for read in told.values()),
        ending=permits.count_ending(shop.id, day, besides=told),
        unread=unread,
    )


@dataclass(frozen=True)
class FieldDesk:
    """A pendamping's day: whom to call, who asks, whose goods need help."""

    calls: list[Call]
    more_calls: bool
    requests: int
    sellers: int
    returned: list[tuple[Shop, int]]
    withheld: int
    papers: int
    """Those of the caseload that end soon or have ended."""
    complaints: int


def field_desk(actor: Actor, areas: list[str]) -> FieldDesk:
    """Return the desk of one pendamping."""
    calls = waits.list_calls(scope=actor, limit=SHOWN_ORDERS + 1)
    fostered = select(func.count()).select_from(Shop).where(Shop.desa_code.in_(areas), Shop.state != "ended")
    counts = select(
        shops.open_requests(actor), fostered.scalar_subquery(), shops.withheld_in(actor), complaints.waiting_in(actor)
    )
    requests, sellers, withheld, complained = db.session.execute(counts).one()
    return FieldDesk(
        calls=calls[:SHOWN_ORDERS],
        more_calls=len(calls) > SHOWN_ORDERS,
        requests=requests,
        sellers=sellers,
        returned=_shops_to_help(areas),
        withheld=withheld,
        papers=permits.count_all_ending(today(settings_of(actor.region_code).zone), scope=actor),
        complaints=complained,
    )


def _shops_to_help(areas: list[str]) -> list[tuple[Shop, int]]:
    """Return the caseload's shops with goods that came back to be mended, and how many."""
    later = aliased(Revision)
    newer = select(later.id).where(later.product_id == Revision.product_id, later.number > Revision.number).exists()
    query = (
        select(Shop, func.count())
        .join(Product, Product.shop_id == Shop.id)
        .join(Revision, Revision.product_id == Product.id)
        .where(Shop.desa_code.in_(areas), Shop.state != "ended", Product.state != "deleted")
        .where(~newer, Revision.state.in_(("returned", "refused")))
        .group_by(Shop.id)
        .order_by(func.count().desc(), Shop.id)
        .limit(SHOWN_SHOPS)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


@dataclass(frozen=True)
class OfficeDesk:
    """The office's figures of this month, for one region; sums only, no family and no name."""

    waiting: int
    reports: int
    papers: int
    requests: int
    complaints: int
    unsafe: int
    held: int
    tickets: int
    unread: int
    shops: int
    goods: int
    orders: int
    takings: Rupiah
    month: date


def office_desk(actor: Actor) -> OfficeDesk:
    """Return the figures of a region."""
    region = settings_of(actor.region_code)
    first = today(region.zone).replace(day=1)
    placed = select(func.count()).select_from(Order).where(Order.created_at >= zone_named(region.zone).at(first))
    complained, unsafe, held, asked_of_us = _from_outside(actor)
    there = select(func.count()).select_from(Shop).where(Shop.state == "open")
    asked = (
        (there, Shop.regency_code),
        (select(func.count()).select_from(ShelfItem), ShelfItem.regency_code),
        (placed, Order.regency_code),
    )
    counts: list[ColumnElement[Any]] = [_in(query, column, actor).scalar_subquery() for query, column in asked]
    counts.append(outbox.unseen("account", actor.id))
    shops_open, goods, ordered, unread = db.session.execute(select(*counts)).one()
    return OfficeDesk(
        waiting=curation.count_waiting(scope=actor),
        reports=reports.count_waiting(scope=actor),
        papers=permits.count_waiting(scope=actor),
        requests=shops.count_requests(actor),
        complaints=complained,
        unsafe=unsafe,
        held=held,
        tickets=asked_of_us,
        unread=unread,
        shops=shops_open,
        goods=goods,
        orders=ordered,
        takings=Rupiah.total(each.amount for each in sales.list_region(actor.region_code, first, first)),
        month=first,
    )


def _from_outside(actor: Actor) -> tuple[int, int, int, int]:
    """Count for a curator: complaints that climbed, those about unsafe food, reviews held back, complaints to the
    office. Nobody else has any here.
    """
    if not is_curator(actor):
        return 0, 0, 0, 0
    found = (
        complaints.waiting_in(actor),
        complaints.count_unsafe(actor),
        reviews.count_held(actor),
        tickets.still_open(actor),
    )
    climbed, unsafe, held, told = db.session.execute(select(*found)).one()
    return climbed, unsafe, held, told


def _in(query: Select[Any], column: InstrumentedAttribute[str], actor: Actor) -> Select[Any]:
    """Keep a question within the actor's kabupaten, or her whole province."""
    return query.where(inside(column, [actor.region_code]))
