"""Who stands where, told at once to whoever shows it: the cards of a shop, and the orders to be collected there."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from app.core.db import db
from app.core.policy import Actor
from app.goods.shelf import operations as shelf
from app.goods.shelf.models import ShelfMark
from app.goods.shelf.rules import BAZAAR
from app.trade.bazaars import pickups, queries, rules
from app.trade.bazaars.models import Application, Bazaar
from app.trade.orders import homing, meeting, moving

NO_MARK = shelf.NO_MARK


def mark(shop_ids: Collection[int]) -> None:
    """Write on the cards of shops at which bazaar they stand next. Call it before the audit entry of the change."""
    db.session.flush()
    shelf.mark_shops(BAZAAR, marks_of(shop_ids))


def marks_of(shop_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return what the cards of these shops must say: the first and the last day of the next bazaar, and its slug."""
    found = dict.fromkeys(shop_ids, NO_MARK)
    for shop_id, days in pickups.coming(shop_ids).items():
        own = [each for each in days if each.slug == days[0].slug]
        found[shop_id] = (f"{own[0].day}/{own[-1].day}", own[0].slug)
    return found


def mark_all() -> None:
    """Write on every card anew where its shop stands, whatever stands there."""
    marked = set(db.session.scalars(select(ShelfMark.shop_id).where(ShelfMark.kind == BAZAAR)))
    mark(sorted(marked | pickups.coming().keys()))


def moved(application: Application, before: str) -> int:
    """Follow an application that came to a place or left it; returns how many orders are collected at home now."""
    had, has = (state in rules.STANDING for state in (before, application.state))
    if had != has:
        mark([application.shop_id])
    if not had or has or application.state == "settled":
        return 0
    lost = homing.go_home(application.bazaar_id, meeting.STALL_GONE, application.shop_id)
    return lost[application.shop_id]


def mark_bazaar(bazaar: Bazaar) -> None:
    """Write on the cards of all who stand at a bazaar whether it is still to come."""
    mark([each.shop_id for each in queries.list_states(bazaar.id, rules.STANDING)])


def let_go(bazaar: Bazaar, *, by: Actor | None) -> list[tuple[Application, str, int]]:
    """Part orders from a bazaar that will not be, or not then: they end, or they are collected at home.

    Returns whom to tell which sentence, of how many orders.
    """
    if bazaar.state == "cancelled":
        told, lost = "orders_off", moving.end_at_bazaar(bazaar.id, by=by)
    elif bazaar.state == "postponed":
        told, lost = "orders_home", homing.go_home(bazaar.id, meeting.MOVED)
    else:
        return []
    placed = queries.list_states(bazaar.id, rules.STANDING)
    return [(each, told, lost[each.shop_id]) for each in placed if lost[each.shop_id]]
