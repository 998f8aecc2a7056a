"""The least valid trade: orders through the real checkout, so that stock, events and clocks are as people make them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import count

from sqlalchemy import select

from app.core.db import db, transaction
from app.goods.categories.models import BusinessType
from app.goods.products.models import Product, Variant
from app.goods.shops.models import Shop
from app.kit.rupiah import ZERO, Rupiah
from app.people.accounts.models import Account
from app.trade.orders import operations, queries
from app.trade.orders.meeting import Doorstep, Need, Spot
from app.trade.orders.models import Order, OrderGroup
from app.trade.orders.placing import Meet
from app.trade.orders.rules import Block, Checkout, Wanted
from tests.factories.goods import make_zones, variant_of
from tests.factories.people import DESA, KECAMATAN, REGENCY, make_account

BUYER, PHONE = "Ratna Dewi", "+6281298765432"
DOOR = "Kampung Baru RT 02 RW 05, pagar hijau"
_numbers = count(1)


def wanted(variant: Variant, qty: int = 1) -> Wanted:
    """A line of a cart, at the price of today."""
    return Wanted(variant.id, qty, variant.price)


def checkout(
    *lines: tuple[Variant, int],
    key: str | None = None,
    method: str = "cash_pickup",
    name: str = BUYER,
    phone: str | None = None,
    note: str = "",
    delivery: Rupiah = ZERO,
    at: Spot | None = None,
    need: Need | None = None,
    to: Doorstep | None = None,
    day: date | None = None,
) -> Checkout:
    """A submit over any sellers, all of it `at` a bazaar, for a `need`, `to` a door, or to be ready on a `day`.

    `checkout((variant, 2), (other, 1))`
    """
    shop_of = {
        variant.id: db.session.scalars(select(Product.shop_id).where(Product.id == variant.product_id)).one()
        for variant, _ in lines
    }
    shops = dict.fromkeys(shop_of[variant.id] for variant, _ in lines)
    blocks = tuple(
        Block(shop, tuple(_lines_of(shop, lines, shop_of)), method, delivery, at, need, to, day) for shop in shops
    )
    # Only so many orders of one number may wait at a shop: each buyer has her own, but a key is the same buyer again.
    # Of a range of their own: a buyer whose number is the seller's has ordered from herself.
    phone = phone or (PHONE if key else f"+62813{next(_numbers):08d}")
    return Checkout(key or secrets.token_hex(16), name, phone, note, blocks)


def _lines_of(shop: int, lines: Iterable[tuple[Variant, int]], shop_of: Mapping[int, int]) -> Iterator[Wanted]:
    return (wanted(each, qty) for each, qty in lines if shop_of[each.id] == shop)


def place_group(*lines: tuple[Variant, int], meet: Meet | None = None, **given: object) -> OrderGroup:
    """A submit that went through, over one or more sellers; `meet` answers for the bazaar in `at`."""
    submit = checkout(*lines, **given)  # type: ignore[arg-type]
    with transaction():
        return db.session.get_one(OrderGroup, operations.place(submit, meet).id)


def place_order(product: Product, qty: int = 1, **given: object) -> Order:
    """An order of one product that waits for its seller; `key`, `method`, `name`, `phone`, `note` may be given."""
    group = place_group((variant_of(product), qty), **given)
    return queries.list_of_group(group.id)[0]


def brought_order(product: Product, qty: int = 1, *, fee: int = 5_000, **given: object) -> Order:
    """An order that its seller shall bring to somebody's door, the money with it."""
    shop = db.session.get_one(Shop, product.shop_id)
    make_zones(shop, {shop.kecamatan_code: fee})
    door = Doorstep(shop.kecamatan_code, DOOR)
    return place_order(product, qty, **{"method": "cash_cod", "delivery": Rupiah(fee), "to": door} | given)


def accepted_order(product: Product, by: Account, qty: int = 1, **given: object) -> Order:
    """An order that its seller (an Account) has accepted."""
    order = place_order(product, qty, **given)
    with transaction():
        operations.accept(order, by=by)
    return order


def ready_order(product: Product, by: Account, qty: int = 1, **given: object) -> Order:
    """An order that waits to be picked up."""
    order = accepted_order(product, by, qty, **given)
    with transaction():
        operations.mark_ready(order, by=by)
    return order


def handed_order(product: Product, by: Account, qty: int = 1, **given: object) -> Order:
    """An order that was handed over for cash, without the buyer's code."""
    order = ready_order(product, by, qty, **given)
    with transaction():
        operations.hand_over(order, by=by)
    return order


def make_stall(**given: object) -> tuple[Account, Shop]:
    """A seller and her open shop, as two rows; what is given goes to the shop."""
    owner = make_account("seller")
    facts: dict[str, object] = {
        "slug": f"lapak-{secrets.token_hex(6)}",
        "name": f"Lapak {owner.name}",
        "owner_id": owner.id,
        "regency_code": REGENCY,
        "kecamatan_code": KECAMATAN,
        "desa_code": DESA,
        "pickup_place": "Rumah Ibu, sebelah masjid",
    }
    with transaction() as session:
        slugs = select(BusinessType.slug).order_by(BusinessType.slug).limit(1)
        facts["business_type_slug"] = session.scalars(slugs).one()
        shop = Shop(**(facts | given))
        session.add(shop)
    return owner, shop
