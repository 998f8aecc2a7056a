"""The book of bazaars: pools, the order of waiting, stalls and messages recomputed from their rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from app.core.books import Finding, book
from app.core.clock import now
from app.core.db import db
from app.goods.shelf.models import ShelfMark
from app.goods.shelf.rules import BAZAAR
from app.trade.bazaars import pickups, queries, rules, standing
from app.trade.bazaars.models import Application, Bazaar, BazaarEvent, BazaarMessage, Ranking
from app.trade.orders.models import Order
from app.trade.orders.rules import OPEN

TOLD = tuple(state for state in rules.ENDS if state != "settled")


@book("bazar")
def check() -> list[Finding]:
    """Find what a bazaar's rows contradict."""
    findings: list[Finding] = []
    for bazaar in db.session.scalars(select(Bazaar).order_by(Bazaar.id)):
        findings += overfull(bazaar) + misplaced(bazaar.id)
    return findings + misordered() + astray() + untold() + mismarked() + stranded()


def overfull(bazaar: Bazaar) -> list[Finding]:
    """Find pools in which more places are held than there are."""
    pools = queries.pools_of(bazaar)
    taken = rules.counts(pools, queries.holders_of(bazaar.id))
    return [
        Finding("bazaar_pool", f"{bazaar.id}/{pool.key}", f"holds {taken[pool.key]} of {pool.capacity}")
        for pool in pools
        if pool.kind == "max" and taken[pool.key] > pool.capacity
    ]


def misplaced(bazaar_id: int) -> list[Finding]:
    """Find sellers on two stalls, and stalls of sellers who have no place."""
    seen: set[int] = set()
    findings = []
    for stall in queries.list_stalls(bazaar_id):
        for application in (stall.main, stall.second):
            if application is None:
                continue
            wrong = application.id in seen or application.bazaar_id != bazaar_id
            if wrong or application.state not in {*rules.HOLDING, "no_show"}:
                findings.append(Finding("bazaar_stall", stall.id, f"holds application {application.id}"))
            seen.add(application.id)
    return findings


def misordered() -> list[Finding]:
    """Find rankings that recomputing gives in another order."""
    findings = []
    for ranking in db.session.scalars(select(Ranking).order_by(Ranking.id)):
        places = [place_in(row) for row in ranking.rows]
        if rules.in_order(places) != places:
            findings.append(Finding("bazaar_ranking", ranking.id, "another order than its own rows give"))
    return findings


def place_in(row: dict[str, Any]) -> rules.Place:
    """Read a place out of a snapshot."""
    return rules.Place(
        id=row["application"],
        number=row["number"],
        submitted_at=datetime.fromisoformat(row["submitted_at"]),
        pools=frozenset(row["pools"]),
        score=row["score"],
        bonus=row["bonus"],
        past=row["past"],
        late=row["late"],
    )


def astray() -> list[Finding]:
    """Find applications and bazaars that stand elsewhere than their last step left them."""
    last = select(func.max(BazaarEvent.id)).where(BazaarEvent.application_id.is_not(None))
    last = last.group_by(BazaarEvent.application_id)
    query = select(Application.id, Application.state, BazaarEvent.to_state)
    query = query.outerjoin(
        BazaarEvent, (BazaarEvent.application_id == Application.id) & BazaarEvent.id.in_(last.scalar_subquery())
    )
    wrong = query.where(or_(BazaarEvent.id.is_(None), BazaarEvent.to_state != Application.state))
    return [
        Finding("bazaar_application", row.id, f"is {row.state}, its last step says {row.to_state}")
        for row in db.session.execute(wrong.order_by(Application.id))
    ]


def untold() -> list[Finding]:
    """Find ends that were told never or twice."""
    told = select(func.count()).select_from(BazaarMessage).where(BazaarMessage.application_id == Application.id)
    told = told.where(BazaarMessage.kind.in_((*TOLD, "cancelled", "unanswered")))
    ends = select(func.count()).select_from(BazaarEvent).where(BazaarEvent.application_id == Application.id)
    ends = ends.where(BazaarEvent.to_state.in_(TOLD))
    query = select(Application.id).where(told.scalar_subquery() != ends.scalar_subquery())
    return [
        Finding("bazaar_application", number, "an end was not told exactly once")
        for number in db.session.scalars(query.order_by(Application.id))
    ]


def mismarked() -> list[Finding]:
    """Find shops whose cards say another bazaar than their next one; what is over by the clock alone is left to it."""
    over = set(db.session.scalars(select(Bazaar.slug).where(Bazaar.ends_at <= now())))
    marks = db.session.scalars(select(ShelfMark).where(ShelfMark.kind == BAZAAR))
    said = {each.shop_id: (each.word, each.key) for each in marks if each.key not in over}
    told = standing.marks_of(said.keys() | pickups.coming().keys())
    wrong = [shop_id for shop_id, mark in told.items() if said.get(shop_id, standing.NO_MARK) != mark]
    return [Finding("shelf_mark", shop_id, "its cards say another bazaar than its next one") for shop_id in wrong]


def stranded() -> list[Finding]:
    """Find open orders that are to be collected where their seller does not stand."""
    there = select(Application.id).where(
        Application.bazaar_id == Order.bazaar_id, Application.shop_id == Order.seller_id,
        Application.state.in_((*rules.STANDING, "settled")),
    )  # fmt: skip
    query = select(Order.id).where(Order.meet_until.is_not(None), Order.state.in_(OPEN), ~there.exists())
    return [Finding("order", number, "is to be collected where nobody stands") for number in db.session.scalars(query)]
