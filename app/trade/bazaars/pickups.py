"""Whose goods can be collected at which bazaar: one question for all shops, kept until one of the rows changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from flask import g, render_template
from sqlalchemy import select

from app.core import pages, panels, stamps
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.goods.products.models import Product, Variant
from app.kit.periods import zone_named
from app.people.places.queries import settings_of
from app.trade.bazaars import queries, rules
from app.trade.bazaars.models import Application, Bazaar, BazaarDay
from app.trade.orders.meeting import Meeting, Spot
from app.trade.orders.rules import Block

PLACE_MOST = 200


class NotThere(DomainError):
    """The shop is not at that bazaar any more, or it is too late to order for it."""

    text = _l("Bazar itu sudah tidak bisa dipilih, jadi sekarang diambil di lapak. Periksa lagi, lalu pesan.")


class Pickup(NamedTuple):
    """One day of a bazaar at which a shop stands. Orders for it come in `until`."""

    bazaar_id: int
    slug: str
    name: str
    place: str
    day: date
    opens: datetime
    closes: datetime
    until: datetime

    @property
    def spot(self) -> Spot:
        """Return what a buyer chooses."""
        return Spot(self.bazaar_id, self.day)

    @property
    def meeting(self) -> Meeting:
        """Return where and when the goods change hands."""
        return Meeting(self.bazaar_id, f"{self.name}, {self.place}"[:PLACE_MOST], self.opens, self.closes)


def pickups() -> dict[int, list[Pickup]]:
    """Return shop → its days at bazaars to come, the next first, for those who have said yes."""
    found: dict[int, list[Pickup]] | None = g.get("bazaar_pickups")
    if found is None:
        found = g.bazaar_pickups = stamps.keep("pickups", "all", coming)
    return found


def coming(shop_ids: Iterable[int] | None = None) -> dict[int, list[Pickup]]:
    """Return the same for some shops, or for all, as it is in the database now."""
    query = select(Application.shop_id, Bazaar.id, Bazaar.slug, Bazaar.name, Bazaar.place, Bazaar.regency_code)
    query = query.add_columns(BazaarDay.day, BazaarDay.opens, BazaarDay.closes)
    query = query.join(Bazaar, Bazaar.id == Application.bazaar_id).join(BazaarDay, BazaarDay.bazaar_id == Bazaar.id)
    query = query.where(Bazaar.state.in_(("published", "running")), Bazaar.ends_at > now())
    query = query.where(Application.state.in_(rules.STANDING))
    if shop_ids is not None:
        query = query.where(Application.shop_id.in_(set(shop_ids)))
    found: dict[int, list[Pickup]] = defaultdict(list)
    for row in db.session.execute(query.order_by(BazaarDay.day, Bazaar.id)):
        found[row.shop_id].append(_pickup(row))
    return found


def _pickup(row: Any) -> Pickup:
    here = settings_of(row.regency_code)
    zone = zone_named(here.zone)
    opens, closes = zone.at(row.day, row.opens), zone.at(row.day, row.closes)
    until = opens - timedelta(hours=int(here.get("bazaar.order_hours")))
    return Pickup(row.id, row.slug, row.name, row.place, row.day, opens, closes, until)


def orderable(shop_id: int) -> list[Pickup]:
    """Return the days of a shop that a buyer can still order for."""
    return [each for each in pickups().get(shop_id, []) if now() < each.until]


def claim(block: Block, spot: Spot) -> Meeting:
    """Return the hours of a shop on the chosen day; until this transaction ends nobody can take them away.

    Raises:
        NotThere: she has no place there, or does not sell all of this there; the bazaar will not be, or it is too late.
    """
    shared = select(Bazaar.id).where(Bazaar.id == spot.bazaar_id).with_for_update(read=True)
    db.session.execute(shared)
    stays = select(Variant.id).join(Product, Product.id == Variant.product_id).where(Product.at_bazaars.is_(False))
    at_home = db.session.scalar(stays.where(Variant.id.in_([line.variant_id for line in block.lines])).limit(1))
    days = coming([block.shop_id]).get(block.shop_id, [])
    chosen = next((each for each in days if each.spot == spot and now() < each.until), None)
    if chosen is None or at_home:
        raise NotThere(spot)
    return chosen.meeting


@panels.fill("pickup")
def show(shop_id: int) -> str:
    """Say at which bazaar the goods of a shop can be collected; nothing when there is none."""
    pickup = next((each for each in pickups().get(shop_id, []) if each.closes > now()), None)
    if pickup is None:
        return ""
    still = now() < pickup.until
    pages.holds_until(pickup.until if still else pickup.closes)
    return render_template("trade/bazaars/_pickup.html", pickup=pickup, open=still)


@panels.fill("order.meeting")
def number(bazaar_id: int, shop_id: int) -> str:
    """Lead a buyer to the bazaar of her order, and to the number of the stall."""
    stall = queries.find_stall_at(bazaar_id, shop_id)
    return render_template("trade/bazaars/_meeting.html", bazaar=queries.get_bazaar(bazaar_id), stall=stall)
