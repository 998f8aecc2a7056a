"""Questions about where sellers bring their goods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.core.db import db
from app.goods.delivery import rules
from app.goods.delivery.models import DeliveryPlan, DeliveryZone
from app.goods.delivery.rules import Place, Zone
from app.goods.shops.models import Shop
from app.people.places.models import Region
from app.people.places.queries import get_region, inside
from app.people.places.rules import around, kilometres, parent_of


def find_plan(shop_id: int) -> DeliveryPlan | None:
    """Return what a shop says of delivery, None when it never did."""
    return db.session.get(DeliveryPlan, shop_id)


def fees_of(shop_id: int) -> dict[str, DeliveryZone]:
    """Return the kecamatan to which a shop brings its goods, by code."""
    rows = db.session.scalars(select(DeliveryZone).where(DeliveryZone.shop_id == shop_id))
    return {each.kecamatan_code: each for each in rows}


def zones_of(shop_ids: Iterable[int]) -> dict[int, dict[str, Zone]]:
    """Return shop → the zones to which it brings its goods, by code, the cheapest first; in one question."""
    home, there = aliased(Region), aliased(Region)
    query = select(DeliveryZone.shop_id, DeliveryZone.fee, DeliveryPlan.cod_km, there.code, there.name)
    query = query.add_columns(home.code.label("home"), home.latitude.label("home_latitude"))
    query = query.add_columns(home.longitude.label("home_longitude"), there.latitude, there.longitude)
    query = query.join(DeliveryPlan, DeliveryPlan.shop_id == DeliveryZone.shop_id)
    query = query.join(Shop, Shop.id == DeliveryZone.shop_id).join(home, home.code == Shop.kecamatan_code)
    query = query.join(there, there.code == DeliveryZone.kecamatan_code)
    query = query.where(DeliveryZone.shop_id.in_(set(shop_ids)))
    found: dict[int, dict[str, Zone]] = defaultdict(dict)
    for row in db.session.execute(query.order_by(DeliveryZone.fee, there.name, there.code)):
        here = row.home_latitude, row.home_longitude
        km = 0 if row.code == row.home else kilometres(here, (row.latitude, row.longitude))
        found[row.shop_id][row.code] = Zone(row.code, row.name, row.fee, rules.takes_cash(row.cod_km, km))
    return found


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
