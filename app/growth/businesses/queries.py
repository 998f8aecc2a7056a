"""Questions about businesses: which shop was whose, on which days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.growth.businesses.models import Business
from app.people.accounts.policies import areas_of
from app.people.families.models import Kpm, KpmIdentity
from app.people.families.queries import in_scope
from app.people.places.queries import inside

PAGE = 100
MOST_SHOPS = 300


@dataclass(frozen=True)
class Span:
    """A shop that belonged to a family from a day to a day, both included; `last` None while it still does."""

    shop_id: int
    first: date
    last: date | None


def shops_of(kpm_id: int) -> list[Span]:
    """Return the shops of a family with their days, oldest first: its sales are those of these shops on these days."""
    return [Span(row.shop_id, row.started_on, row.ended_on) for row in list_businesses(kpm_id)]


def kpm_of_shop(shop_id: int, day: date) -> int | None:
    """Return the family that ran a shop on a day, or None."""
    query = select(Business.kpm_id).where(
        Business.shop_id == shop_id,
        Business.started_on <= day,
        or_(Business.ended_on.is_(None), Business.ended_on >= day),
    )
    return db.session.scalar(query.limit(1))


def list_businesses(kpm_id: int) -> list[Business]:
    """Return a family's businesses, oldest first."""
    query = select(Business).where(Business.kpm_id == kpm_id)
    return list(db.session.scalars(query.order_by(Business.started_on, Business.id)))


def list_on_shop(shop_id: int) -> list[Business]:
    """Return whose a shop ever was, oldest first."""
    query = select(Business).where(Business.shop_id == shop_id)
    return list(db.session.scalars(query.order_by(Business.started_on, Business.id)))


def get_business(business_id: int) -> Business:
    """Return a business.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(Business, business_id)
    if found is None:
        raise NotFound(business_id)
    return found


def get_shown(business_id: int) -> tuple[Business, Kpm]:
    """Return a business with its family.

    Raises:
        NotFound: none has this id.
    """
    business = get_business(business_id)
    return business, db.session.get_one(Kpm, business.kpm_id)


def has_running(kpm_id: int) -> bool:
    """Tell whether a family runs a shop now."""
    return db.session.scalar(_running(kpm_id).limit(1)) is not None


def _running(kpm_id: object) -> Select[int]:
    return select(Business.id).where(Business.kpm_id == kpm_id, Business.ended_on.is_(None))


def list_waiting(scope: Actor, chosen: Iterable[int] | None = None) -> list[Kpm]:
    """Return families that want to sell, can be called and run no shop yet, the longest waiting first.

    Args:
        scope: whoever would open the accounts.
        chosen: only these; None for a page of all.
    """
    query = select(Kpm).options(joinedload(Kpm.identity)).where(_waits(scope))
    if chosen is not None:
        query = query.where(Kpm.id.in_(list(chosen)))
    return list(db.session.scalars(query.order_by(Kpm.id).limit(PAGE)))


def count_waiting(scope: Actor) -> int:
    """Count the families that `list_waiting` would list."""
    return db.session.scalar(select(func.count(Kpm.id)).where(_waits(scope))) or 0


def _waits(scope: Actor) -> ColumnElement[bool]:
    phone = select(KpmIdentity.kpm_id).where(KpmIdentity.kpm_id == Kpm.id, KpmIdentity.phone_sealed.is_not(None))
    wants = and_(Kpm.state == "active", Kpm.wants_to_sell.is_(True))
    return and_(in_scope(scope), wants, phone.exists(), ~_running(Kpm.id).exists())


def list_free_shops(kpm: Kpm, *, scope: Actor) -> list[Shop]:
    """Return the shops of a family's kecamatan that no family runs now, by name; only where the actor works.

    Whoever links a shop reads what it sells: a pendamping links those of her own villages.
    """
    taken = select(Business.id).where(Business.shop_id == Shop.id, Business.ended_on.is_(None))
    query = select(Shop).where(Shop.kecamatan_code == kpm.kecamatan_code, Shop.state != "ended", ~taken.exists())
    query = query.where(inside(Shop.desa_code, areas_of(scope)))
    return list(db.session.scalars(query.order_by(Shop.name, Shop.id).limit(MOST_SHOPS)))


def shops_by_id(shop_ids: Iterable[int]) -> dict[int, Shop]:
    """Return several shops in one question."""
    return {shop.id: shop for shop in db.session.scalars(select(Shop).where(Shop.id.in_(list(shop_ids))))}


def shops_of_many(kpm_ids: Iterable[int]) -> dict[int, list[Span]]:
    """Return the shops of several families with their days, in one question."""
    found: dict[int, list[Span]] = {}
    query = select(Business).where(Business.kpm_id.in_(list(kpm_ids))).order_by(Business.started_on, Business.id)
    for row in db.session.scalars(query):
        found.setdefault(row.kpm_id, []).append(Span(row.shop_id, row.started_on, row.ended_on))
    return found
