"""From one submit to an order per seller: idempotent, all or nothing, in as few statements as it takes.

Plain statements instead of mapped objects: a checkout is the busiest write of the market.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Table, bindparam, exists, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app.core import vault
from app.core.clock import now, today
from app.core.db import UtcDateTime, db, dialect, writing
from app.core.errors import DomainError
from app.core.events import emit
from app.core.i18n import _l
from app.goods.delivery.models import DeliveryPlan
from app.goods.delivery.rules import Zone
from app.goods.products.models import Product, Revision, Variant
from app.goods.shops.models import Shop
from app.goods.shops.rules import is_away
from app.goods.stock import operations as stock
from app.goods.stock import queries as stock_queries
from app.goods.stock.capacity import DayFull
from app.goods.stock.rules import Cause
from app.kit import codes
from app.kit.rupiah import ZERO
from app.people.places.queries import settings_of
from app.trade.orders import bringing, capacity, moving, queries, telling, uniques, waiting, waits
from app.trade.orders.bringing import Ahead, Zones
from app.trade.orders.events import OrderPlaced
from app.trade.orders.meeting import Meeting, Spot
from app.trade.orders.models import Order, OrderEvent, OrderGroup, OrderLine
from app.trade.orders.rows import Offer, line_row, order_row
from app.trade.orders.rules import PREPAY, Block, Change, Checkout, Wanted

MOST_UNITS = 9_999
MOST_LINES = 100

_group = cast("Table", OrderGroup.__table__)
_order = cast("Table", Order.__table__)
_line = cast("Table", OrderLine.__table__)
_event = cast("Table", OrderEvent.__table__)

# From the few orders that are overdue to their lines: a sought-after variant has thousands of lines, old ones too.
_LAPSED = (
    _line.c.order_id.in_(select(Order.id).where(queries.is_overdue(bindparam("moment", type_=UtcDateTime())))),
    _line.c.qty_held + _line.c.qty_booked > 0,
)
_OFFERS = (
    select(
        Variant.id, Variant.product_id, Variant.price, Variant.unit, Variant.label, Variant.stock_mode, Variant.active,
        Variant.lead_days, Variant.day_capacity, Product.state.label("product_state"), Revision.name,
        Shop.id.label("shop_id"), Shop.state.label("shop_state"), Shop.closed_from, Shop.closed_until,
        Shop.regency_code, Shop.pickup_place, Product.pickup, Product.delivered, DeliveryPlan.least,
        exists().where(_line.c.variant_id == Variant.id, *_LAPSED).label("lapsed"),
    )
    .join(Product, Product.id == Variant.product_id)
    .join(Shop, Shop.id == Product.shop_id)
    .join(Revision, Revision.id == Product.approved_revision_id)
    .outerjoin(DeliveryPlan, DeliveryPlan.shop_id == Shop.id)
    .where(Variant.id.in_(bindparam("ids", expanding=True)), Shop.withheld_at.is_(None))
)  # fmt: skip
_LAPSED_HOLDERS = (
    select(_line.c.order_id).distinct().where(*_LAPSED, _line.c.variant_id.in_(bindparam("ids", expanding=True)))
)
_ADD_LINES, _ADD_EVENTS = insert(_line), insert(_event)


class Placed(NamedTuple):
    """A submit that is stored: its row, the token in its address, who bought, and the code of each seller's part.

    `buyer` is the keyed hash of her number. While nothing of it is written but the key, it has no codes.
    """

    id: int
    token: str
    buyer: str
    codes: Sequence[str] = ()


Part = tuple[Block, list[tuple[Wanted, Offer]]]
Meet = Callable[[Block, Spot], Meeting]
Pays = Callable[[Block], None]


class EmptyCart(DomainError):
    """There is nothing in the cart, or more than one person buys."""

    status = 422
    text = _l("Keranjang masih kosong, atau jumlahnya tidak masuk akal.")


class KeyReused(DomainError):
    """This form was sent before with other contents."""

    text = _l("Pesanan dari halaman ini sudah terkirim. Buka keranjang lagi untuk pesanan baru.")


class LinesChanged(DomainError):
    """Something is not as the buyer saw it; nothing was stored. `changes` says what, a Change for each line."""

    text = _l("Ada yang berubah di keranjang. Periksa lagi, lalu pesan.")

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__()
        self.changes = tuple(changes)


def place(checkout: Checkout, meet: Meet | None = None, pays: Pays | None = None, ahead: Ahead | None = None) -> Placed:
    """Turn a submit into orders, one for each seller, and promise them their goods.

    The same key with the same contents gives the same group again, also when both arrive at once. `meet` gives the
    hours of a part at the bazaar that was chosen, `pays` looks at how a part is paid; both refuse in their own words,
    and are asked once, for a new submit. `ahead` says who takes money before the goods.

    Raises:
        LinesChanged: sold out, another price, withdrawn, shop paused or closed; nothing was stored.
        TooManyWaiting: this number waits for too many answers of one seller.
        CashOnly: money was to come ahead to a seller who owes some for too long.
        KeyReused: the key was used for other contents.
        EmptyCart: no lines, or a quantity that no person orders.
    """
    blocks = _merged(checkout.blocks)
    group = _claim_key(checkout, blocks)
    if group.codes:  # it was placed before
        return group
    for block in blocks:
        if pays:
            pays(block)
    return group._replace(codes=_fill(group, blocks, _meetings(blocks, meet) if meet else {}, ahead))


def _meetings(blocks: Iterable[Block], meet: Meet) -> dict[int, Meeting]:
    """Ask for the hours at each bazaar, always in the same order: it locks what it promises."""
    wanted = sorted(
        (each for each in blocks if each.at), key=lambda each: (each.at and each.at.bazaar_id, each.shop_id)
    )
    return {block.shop_id: meet(block, block.at) for block in wanted if block.at}


def _merged(blocks: Iterable[Block]) -> list[Block]:
    """Put double lines together and refuse what is no order."""
    merged: dict[int, Block] = {}
    for block in blocks:
        known = merged.get(block.shop_id)
        lines = {line.variant_id: line for line in known.lines} if known else {}
        for line in block.lines:
            before = lines[line.variant_id].qty if line.variant_id in lines else 0
            lines[line.variant_id] = replace(line, qty=before + line.qty)
        merged[block.shop_id] = replace(known or block, lines=tuple(lines[each] for each in sorted(lines)))
    all_lines = [line for block in merged.values() for line in block.lines]
    if not 0 < len(all_lines) <= MOST_LINES or any(not 0 < line.qty <= MOST_UNITS for line in all_lines):
        raise EmptyCart
    return [merged[shop_id] for shop_id in sorted(merged) if merged[shop_id].lines]


def contents_hash(checkout: Checkout, blocks: Sequence[Block]) -> str:
    """Return a keyed hash of what is ordered by whom; prices seen are left out, they may be newer in a retry."""
    what = [
        [block.shop_id, block.method, block.delivery.amount, _meets(block), _counts(block), *_door(block)]
        for block in blocks
    ]
    text = json.dumps([checkout.name, checkout.phone, checkout.note, what], separators=(",", ":"))
    return vault.blind(text, "checkout")


def _meets(block: Block) -> str:
    return str(block.at or block.need or block.day or "")


def _door(block: Block) -> list[str]:
    return [block.to.kecamatan, block.to.address] if block.to else []


def _counts(block: Block) -> list[list[int]]:
    return [[line.variant_id, line.qty] for line in block.lines]


@cache
def _insert_once(name: str, engine: str) -> Any:
    """Build an INSERT that steps aside when the unique column is taken."""
    make: Callable[[Table], Any] = postgresql.insert if engine == "postgresql" else sqlite.insert
    if name == "group":
        return make(_group).on_conflict_do_nothing(index_elements=["checkout_key"]).returning(_group.c.id)
    return (
        make(_order)
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(_order.c.id, _order.c.seller_id, _order.c.code)
    )


def _claim_key(checkout: Checkout, blocks: Sequence[Block]) -> Placed:
    """Store the group under its key; who comes second waits for the first and finds the first's group."""
    if not writing():
        raise RuntimeError("a write outside transaction()")
    contents, buyer = contents_hash(checkout, blocks), vault.blind(checkout.phone, "buyer_phone")
    token = secrets.token_hex(20)
    row = {
        "checkout_key": checkout.key,
        "contents_hash": contents,
        "token": token,
        "buyer_name": checkout.name,
        "buyer_phone": checkout.phone,
        "buyer_phone_hash": buyer,
        "note": checkout.note,
        "created_at": now(),
    }
    connection = db.session.connection()
    group_id = connection.execute(_insert_once("group", dialect()), row).scalar()
    if group_id is not None:
        return Placed(int(group_id), token, buyer)
    known = queries.find_group(checkout.key)
    if known is None or not secrets.compare_digest(known.contents_hash, contents):
        raise KeyReused
    return Placed(known.id, known.token, buyer, queries.list_codes(known.id))


def _fill(group: Placed, blocks: Sequence[Block], meetings: Mapping[int, Meeting], ahead: Ahead | None) -> list[str]:
    """Look at the goods, take them, and write the orders; returns their codes in the order of their ids."""
    ids = [line.variant_id for block in blocks for line in block.lines]
    connection = db.session.connection()
    offers: dict[int, Offer] = {row.id: row for row in connection.execute(_OFFERS, {"ids": ids, "moment": now()})}
    changes = [change for block in blocks for line in block.lines if (change := _change(block, line, offers))]
    zones = bringing.zones_for(blocks, offers, ahead)
    changes += bringing.list_changes(blocks, offers, zones)
    days, full = ({}, []) if changes else capacity.choose(blocks, offers)
    changes += full
    counted = {
        line.variant_id: line.qty
        for block in blocks
        for line in block.lines
        if line.variant_id in offers and offers[line.variant_id].stock_mode == "counted"
    }
    waits.check_ahead(block.shop_id for block in blocks if block.method in PREPAY)
    _hold(counted, changes, [each for each, offer in offers.items() if offer.lapsed])
    _book(blocks, offers, days)
    regencies = {block.shop_id: offers[block.lines[0].variant_id].regency_code for block in blocks}
    waiting.check(group.buyer, regencies)
    parts = [(block, [(line, offers[line.variant_id]) for line in block.lines]) for block in blocks]
    orders, order_codes = _write_orders(connection, group.id, parts, _places(blocks, meetings, zones), days)
    _write_lines(connection, orders, parts, counted, days)
    telling.tell_placed(orders, order_codes, regencies)
    for shop_id, order_id in orders.items():
        emit(OrderPlaced(order_id, group.id, shop_id))
    return [order_codes[shop_id] for shop_id in sorted(orders, key=orders.__getitem__)]


def _places(blocks: Sequence[Block], meetings: Mapping[int, Meeting], zones: Zones) -> dict[int, Meeting | Zone]:
    """Return shop → where its part changes hands, if not at the seller's."""
    doors = {block.shop_id: zones[block.shop_id][block.to.kecamatan] for block in blocks if block.to}
    return {**doors, **meetings}


def _change(block: Block, line: Wanted, offers: dict[int, Offer]) -> Change | None:
    """Compare a line with what is offered now."""
    offer = offers.get(line.variant_id)
    if offer is None or not offer.active or offer.product_state != "live" or offer.shop_id != block.shop_id:
        return Change(line.variant_id, "withdrawn")
    if offer.shop_state != "open":
        return Change(line.variant_id, "paused")
    if is_away(offer.closed_from, offer.closed_until, today(settings_of(offer.regency_code).zone)):
        return Change(line.variant_id, "closed", closed_until=offer.closed_until)
    if offer.price != line.price_seen:
        return Change(line.variant_id, "price", price=offer.price)
    return None


def _book(blocks: Iterable[Block], offers: Mapping[int, Offer], days: Mapping[int, date]) -> None:
    """Book the days of what is made to order.

    Raises:
        LinesChanged: somebody else was quicker.
    """
    try:
        capacity.book([block for block in blocks if block.shop_id in days], offers, days)
    except DayFull as error:
        raise LinesChanged([Change(variant_id, "full_day", day=day) for variant_id, day in error.slots]) from None


def _hold(counted: dict[int, int], changes: list[Change], lapsed: Sequence[int]) -> None:
    """Promise the goods, after ending what time has ended of the `lapsed`; or say everything that changed at once.

    Raises:
        LinesChanged: at least one line is not as the buyer saw it.
    """
    if not changes:
        if lapsed:
            facts = {"ids": lapsed, "moment": now()}
            moving.end_overdue(db.session.connection().scalars(_LAPSED_HOLDERS, facts).all())
        try:
            stock.hold(counted)
        except stock.SoldOut as error:
            raise LinesChanged([_sold_out(*each) for each in error.short.items()]) from None
        return
    gone = {change.variant_id for change in changes if change.kind != "price"}
    free = stock_queries.available(counted)
    short = {
        variant_id: free.get(variant_id, 0) for variant_id, qty in counted.items() if free.get(variant_id, 0) < qty
    }
    raise LinesChanged([*changes, *(_sold_out(*each) for each in short.items() if each[0] not in gone)])


def _sold_out(variant_id: int, left: int) -> Change:
    return Change(variant_id, "sold_out", available=max(0, left))


def _write_orders(
    connection: Connection,
    group_id: int,
    parts: Sequence[Part],
    places: Mapping[int, Meeting | Zone],
    days: Mapping[int, date],
) -> tuple[dict[int, int], dict[int, str]]:
    """Insert an order for each seller; return shop → order and shop → code. A code that is taken is drawn again."""
    moment = now()
    unique = uniques.draw(block.shop_id for block, _lines in parts if block.method == uniques.METHOD)
    left = {
        block.shop_id: order_row(
            group_id,
            block,
            lines,
            places.get(block.shop_id),
            unique.get(block.shop_id, ZERO),
            moment,
            days.get(block.shop_id),
        )
        for block, lines in parts
    }
    orders: dict[int, int] = {}
    taken: dict[int, str] = {}
    while left:
        rows = [row | {"code": codes.new_order_code()} for row in left.values()]
        for order_id, shop_id, code in connection.execute(_insert_once("order", dialect()), rows):
            orders[shop_id], taken[shop_id] = order_id, code
            del left[shop_id]
    return orders, taken


def _write_lines(
    connection: Connection,
    orders: dict[int, int],
    parts: Sequence[Part],
    counted: dict[int, int],
    days: Mapping[int, date],
) -> None:
    """Insert lines, movements and first events, one statement each."""
    moment = now()
    pairs = [(orders[block.shop_id], wanted, offer) for block, lines in parts for wanted, offer in lines]
    rows = [line_row(order_id, wanted, offer, counted, days.get(offer.shop_id)) for order_id, wanted, offer in pairs]
    connection.execute(_ADD_LINES, rows)
    stock.note_movements(
        ("reserve", wanted.variant_id, wanted.qty, Cause("order", order_id))
        for order_id, wanted, _ in pairs
        if wanted.variant_id in counted
    )
    first = {"from_state": "", "to_state": "placed", "actor_kind": "buyer", "at": moment}
    connection.execute(_ADD_EVENTS, [first | {"order_id": order_id} for order_id in orders.values()])
