"""Questions about orders of offices: who could make what is wanted, what was asked, and its papers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased, contains_eager

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.delivery.models import DeliveryZone
from app.goods.products.models import Product, Variant
from app.goods.shelf.models import ShelfItem
from app.goods.shops.models import Shop
from app.kit import codes
from app.people.places.models import Region
from app.trade.offices import rules
from app.trade.offices.models import OfficePaper, OfficeRequest
from app.trade.orders.models import Order, OrderGroup

# On each side of a price so many of the same kind are looked at.
NEAREST = 12
AT_ONCE = 100

_THERE = aliased(Region)


def leads_of(variant_ids: Iterable[int]) -> dict[int, int]:
    """Return how many days ahead each of these choices is to be ordered."""
    query = select(Variant.id, Variant.lead_days).where(Variant.id.in_(set(variant_ids)))
    return {row.id: row.lead_days for row in db.session.execute(query)}


def regency_of(variant_id: int) -> str | None:
    """Return the kabupaten in which a choice is made, None when there is no such choice."""
    query = select(Product.regency_code).join(Variant, Variant.product_id == Product.id)
    return db.session.scalar(query.where(Variant.id == variant_id))


def list_goals(regency: str, variant_ids: Iterable[int]) -> list[Region]:
    """Return the kecamatan of a kabupaten, then those beyond it to which sellers of these choices, or like them, go."""
    wanted = select(ShelfItem.category_id, Variant.unit).join(Variant, Variant.product_id == ShelfItem.product_id)
    asked = wanted.where(Variant.id.in_(set(variant_ids))).subquery()
    # Few shops go beyond their kabupaten: of those, the ones that could help out; never from all goods of a kind.
    like = select(ShelfItem.product_id).join(Variant, Variant.product_id == ShelfItem.product_id)
    like = like.join(asked, and_(asked.c.category_id == ShelfItem.category_id, asked.c.unit == Variant.unit))
    like = like.where(ShelfItem.shop_id == Shop.id, Variant.active)
    goes = select(DeliveryZone.kecamatan_code).join(Shop, Shop.id == DeliveryZone.shop_id)
    goes = goes.join(_THERE, _THERE.code == DeliveryZone.kecamatan_code)
    goes = goes.where(Shop.regency_code == regency, _THERE.parent_code != regency, like.exists())
    query = select(Region).where(or_(Region.parent_code == regency, Region.code.in_(goes)))
    return list(db.session.scalars(query.order_by(Region.parent_code != regency, Region.name, Region.code)))


def list_like(variant_id: int) -> list[int]:
    """Return choices of the same kind, unit and kabupaten from other shops, one of each, nearest in price first."""
    asked = db.session.execute(
        select(Variant.price, Variant.unit, ShelfItem.category_id, ShelfItem.shop_id, ShelfItem.regency_code)
        .join(ShelfItem, ShelfItem.product_id == Variant.product_id)
        .where(Variant.id == variant_id)
    ).one_or_none()
    if asked is None:
        return []
    around = select(Variant.id, Variant.price, ShelfItem.shop_id).join(
        ShelfItem, ShelfItem.product_id == Variant.product_id
    )
    around = around.where(ShelfItem.category_id == asked.category_id, ShelfItem.regency_code == asked.regency_code)
    around = around.where(ShelfItem.shop_id != asked.shop_id, Variant.unit == asked.unit, Variant.active)
    dearer = around.where(ShelfItem.price >= asked.price).order_by(ShelfItem.price, ShelfItem.product_id)
    cheaper = around.where(ShelfItem.price < asked.price).order_by(ShelfItem.price.desc(), ShelfItem.product_id.desc())
    rows = [row for half in (dearer, cheaper) for row in db.session.execute(half.limit(NEAREST))]
    nearest = sorted(rows, key=lambda row: (abs(row.price - asked.price), row.id))
    shops: dict[int, int] = {}
    for row in nearest:
        shops.setdefault(row.shop_id, row.id)
    return list(shops.values())


def find_of_group(group_id: int) -> OfficeRequest | None:
    """Return what an office told with a submit, or None when no office sent it."""
    return db.session.scalar(select(OfficeRequest).where(OfficeRequest.group_id == group_id))


def find_before(order_codes: Iterable[str], office: str, unit: str) -> OfficeRequest | None:
    """Return the newest request of this office among these orders, or None: its heading holds for the next one too."""
    query = select(OfficeRequest).join(Order, Order.group_id == OfficeRequest.group_id)
    query = query.where(Order.code.in_(list(order_codes)), OfficeRequest.office == office, OfficeRequest.unit == unit)
    return db.session.scalar(query.order_by(OfficeRequest.id.desc()).limit(1))


def get_of_group(group_id: int) -> OfficeRequest:
    """Return what an office told with a submit that is an office's.

    Raises:
        NotFound: no office sent it.
    """
    found = find_of_group(group_id)
    if found is None:
        raise NotFound(group_id)
    return found


def get_request(token: str) -> OfficeRequest:
    """Return a request by the secret in its address, its submit with it.

    Raises:
        NotFound: there is none.
    """
    query = select(OfficeRequest).join(OfficeRequest.group).options(contains_eager(OfficeRequest.group))
    found = db.session.scalar(query.where(OrderGroup.token == token))
    if found is None:
        raise NotFound
    return found


def list_papers(order_ids: Iterable[int]) -> dict[int, list[OfficePaper]]:
    """Return the papers of several orders, in the order in which they are made."""
    query = select(OfficePaper).where(OfficePaper.order_id.in_(set(order_ids)))
    found: dict[int, list[OfficePaper]] = {}
    for paper in sorted(db.session.scalars(query), key=lambda each: rules.KINDS.index(each.kind)):
        found.setdefault(paper.order_id, []).append(paper)
    return found


def get_with_orders(token: str) -> tuple[OfficeRequest, list[Order]]:
    """Return a request by the secret in its address, and each seller's part of it.

    Raises:
        NotFound: there is none.
    """
    query = select(OfficeRequest, Order).join(Order, Order.group_id == OfficeRequest.group_id)
    query = query.join(OfficeRequest.group).options(contains_eager(OfficeRequest.group))
    rows = db.session.execute(query.where(OrderGroup.token == token).order_by(Order.id)).all()
    if not rows:
        raise NotFound
    return rows[0][0], [order for _request, order in rows]


def get_paper_of(token: str, office_paper_id: int | None) -> tuple[OfficeRequest, OfficePaper]:
    """Return a paper of the request with this secret in its address; without a number its first.

    Raises:
        NotFound: no such request, no such paper, or another's.
    """
    query = select(OfficeRequest, OfficePaper).join(Order, Order.group_id == OfficeRequest.group_id)
    query = query.join(OfficePaper, OfficePaper.order_id == Order.id).join(OfficeRequest.group)
    query = query.options(contains_eager(OfficePaper.order)).where(OrderGroup.token == token)
    if office_paper_id is not None:
        query = query.where(OfficePaper.id == office_paper_id)
    found = db.session.execute(query.order_by(OfficePaper.id).limit(1)).one_or_none()
    if found is None:
        raise NotFound(office_paper_id)
    return found[0], found[1]


def get_own_paper(office_paper_id: int, scope: Actor) -> OfficePaper:
    """Return a paper of the actor's own shop.

    Raises:
        NotFound: no such paper, or another seller's.
    """
    query = select(OfficePaper).join(OfficePaper.order).options(contains_eager(OfficePaper.order))
    query = query.join(Shop, Shop.id == OfficePaper.shop_id)
    found: OfficePaper | None = db.session.scalar(
        query.where(OfficePaper.id == office_paper_id, Shop.owner_id == scope.id)
    )
    if found is None:
        raise NotFound(office_paper_id)
    return found


def get_by_code(paper_code: str) -> OfficePaper:
    """Return a paper by the code that is printed on it.

    Raises:
        NotFound: no paper has this code.
    """
    found = db.session.scalar(select(OfficePaper).where(OfficePaper.code == codes.normalise(paper_code)[:20]))
    if found is None:
        raise NotFound(paper_code)
    return found


def list_lacking() -> list[Order]:
    """Return orders that were handed over and have not all their papers yet."""
    bill = select(OfficePaper.order_id).where(OfficePaper.order_id == Order.id, OfficePaper.kind == rules.BILL)
    receipt = select(OfficePaper.order_id).where(OfficePaper.order_id == Order.id, OfficePaper.kind == rules.RECEIPT)
    query = select(Order).where(Order.for_office, Order.state == "handed_over")
    query = query.where(~bill.exists() | (Order.unpaid_since.is_(None) & ~receipt.exists()))
    return list(db.session.scalars(query.order_by(Order.id).limit(AT_ONCE)))


def token_of(group_id: int) -> str:
    """Return the secret in the address of a request."""
    return db.session.scalars(select(OrderGroup.token).where(OrderGroup.id == group_id)).one()
