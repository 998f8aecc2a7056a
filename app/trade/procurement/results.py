"""How far the goods of a region came in the e-Katalog: how many were submitted, seen there, and bought. Counts only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from app.core.db import db
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.kit.periods import zone_named
from app.people.accounts.policies import areas_of
from app.people.places.queries import inside, settings_of
from app.trade.ekatalog.models import OutsideStatus, Submission
from app.trade.procurement.models import GovernmentOrder, GovernmentReturn

SHOWN = "shown_outside"


@dataclass(frozen=True, slots=True)
class Year:
    """Products by the year in which each was first submitted, first seen in the catalogue, first bought."""

    year: int
    submitted: int
    published: int
    bought: int


@dataclass(frozen=True, slots=True)
class Results:
    """The same for all years, newest first, their sums, and how many products are seen in the catalogue now."""

    years: tuple[Year, ...]
    submitted: int
    published: int
    bought: int
    now: int


def results_in(scope: Actor) -> Results:
    """Return how far the products of the actor's region came; each counts once on each step."""
    there = Submission.shop_id.in_(select(Shop.id).where(inside(Shop.desa_code, areas_of(scope))))
    clock = zone_named(settings_of(scope.region_code).zone)
    moments = select(Submission.product_id, func.min(Submission.submitted_at)).where(
        there, Submission.submitted_at.is_not(None)
    )
    sent = db.session.execute(moments.group_by(Submission.product_id))
    submitted = Counter(clock.day(moment).year for _product, moment in sent if moment)
    published, bought = _years(_first_seen(there)), _years(_first_bought(there))
    years = sorted({*submitted, *published, *bought}, reverse=True)
    now = select(func.count(Submission.product_id.distinct())).where(there, Submission.state == SHOWN)
    return Results(
        tuple(Year(year, submitted[year], published[year], bought[year]) for year in years),
        submitted.total(),
        published.total(),
        bought.total(),
        db.session.scalar(now) or 0,
    )


def _years(days: list[date]) -> Counter[int]:
    return Counter(day.year for day in days)


def _first_seen(there: ColumnElement[bool]) -> list[date]:
    query = select(func.min(OutsideStatus.seen_on)).join(Submission, Submission.id == OutsideStatus.submission_id)
    query = query.where(there, OutsideStatus.status == SHOWN).group_by(Submission.product_id)
    return list(db.session.scalars(query))


def _first_bought(there: ColumnElement[bool]) -> list[date]:
    """Return the day of each product's first order; one that was wholly taken back is none."""
    back = select(func.sum(GovernmentReturn.qty)).where(GovernmentReturn.order_id == GovernmentOrder.id)
    query = select(func.min(GovernmentOrder.sold_on)).join(Submission, Submission.id == GovernmentOrder.submission_id)
    stands = GovernmentOrder.qty > func.coalesce(back.scalar_subquery(), 0)
    return list(db.session.scalars(query.where(there, stands).group_by(Submission.product_id)))
