"""Questions about where sellers bring their goods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app.core.db import db
from app.core.together import told
from app.goods.delivery import rules
from app.goods.delivery.models import DeliveryPlan, DeliveryZone
from app.goods.delivery.rules import NOTHING, Place, Terms, Zone
from app.goods.shops.models import Shop
from app.kit.signs import END
from app.people.places.models import Region
from app.people.places.queries import get_region, inside
from app.people.places.rules import around, kilometres, parent_of

_HOME, _THERE = aliased(Region), aliased(Region)

_ZONES = (
    select(
        func.aggregate_strings(told(_THERE.code, _THERE.name, DeliveryZone.fee, _THERE.latitude, _THERE.longitude), END)
    )
    .select_from(DeliveryZone)
    .join(_THERE, _THERE.code == DeliveryZone.kecamatan_code)
    .where(DeliveryZone.shop_id == DeliveryPlan.shop_id)
    .correlate(DeliveryPlan)
    .scalar_subquery()
)
# What `Shop` says of bringing in one word, for `rules.read_terms`: a page that reads the shop asks nothing more.
TERMS: Final = (
    select(
        told(
            DeliveryPlan.least,
            DeliveryPlan.cod_km,
            DeliveryPlan.other_km,
            _HOME.code,
            _HOME.latitude,
            _HOME.longitude,
        )
        + END
        + func.coalesce(_ZONES, "")
    )
    .select_from(DeliveryPlan)
    .join(_HOME, _HOME.code == Shop.kecamatan_code)
    .where(DeliveryPlan.shop_id == Shop.id)
    .correlate(Shop)
    .scalar_subquery()
)

# Whether `Shop` brings its goods anywhere.
GOES: Final = or_(
    select(DeliveryZone.shop_id).where(DeliveryZone.shop_id == Shop.id).correlate(Shop).exists(),
    select(DeliveryPlan.shop_id)
    .where(DeliveryPlan.shop_id == Shop.id, DeliveryPlan.other_km.is_not(None))
    .correlate(Shop)
    .exists(),
)


def find_plan(shop_id: int) -> DeliveryPlan | None:
    """Return what a shop says of delivery, None when it never did."""
    return db.session.get(DeliveryPlan, shop_id)


def fees_of(shop_id: int) -> dict[str, DeliveryZone]:
    """Return the kecamatan to which a shop brings its goods, by code."""
    rows = db.session.scalars(select(DeliveryZone).where(DeliveryZone.shop_id == shop_id))
    return {each.kecamatan_code: each for each in rows}


def get_terms(shop_id: int) -> Terms:
    """Return what a shop says of bringing, NOTHING when it never did."""
    return terms_of([shop_id]).get(shop_id, NOTHING)


def terms_of(shop_ids: Iterable[int]) -> dict[int, Terms]:
    """Return shop → what it says of bringing, of those that say anything; in one question."""
    query = select(Shop.id, TERMS.label("terms")).where(Shop.id.in_(set(shop_ids)), TERMS.is_not(None))
    return {row.id: rules.read_terms(row.terms) for row in db.session.execute(query)}


def zones_of(shop_ids: Iterable[int]) -> dict[int, Mapping[str, Zone]]:
    """Return shop → the zones to which it brings its goods, by code, the cheapest first."""
    return {shop_id: terms.by_code for shop_id, terms in terms_of(shop_ids).items() if terms.zones}


def list_places(shop: Shop) -> list[Place]:
    """Return every kecamatan of a shop's kabupaten and those of others close by, the nearest first."""
    home = get_region(shop.kecamatan_code)
    province = around(home.code)[0]
    query = select(Region).where(Region.level == "kecamatan", inside(Region.code, [province]))
    here = home.latitude, home.longitude
    found = []
    for each in db.session.scalars(query):
        km = 0 if each.code == home.code else kilometres(here, (each.latitude, each.longitude))
        if each.parent_code == parent_of(home.code) or (km is not None and km <= rules.NEAR_KM):
            found.append(Place(each.code, each.name, km))
    return sorted(found, key=lambda each: (each.km is None, each.km or 0, each.name))
