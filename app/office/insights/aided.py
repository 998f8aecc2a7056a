"""What families sold after the day of their UEP aid: a sum of the region by month, with their consent only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import and_, case, exists, func, or_, select

from app.core.db import db
from app.growth.businesses.models import Business
from app.growth.capital.models import AidGrant
from app.kit import masking
from app.kit.periods import month_of
from app.kit.rupiah import ZERO
from app.office.insights import rules
from app.office.insights.rules import Figure, Overview, Value
from app.people.families.models import FamilyConsent, Kpm
from app.people.families.queries import holds
from app.people.places.queries import inside
from app.trade.sales.models import SaleDay
from app.trade.sales.queries import month_number


def after_aid(seen: Overview, selling: Mapping[date, int]) -> Figure:
    """Return the takings of families since their first aid, by month; `selling` counts all shops that sold.

    Closed where few families stand behind it, and where the other shops are few: the takings of all stand beside it.
    """
    first = rules.year_until(seen.month)[0]
    last = min(month_of(seen.month)[1], seen.day + timedelta(days=1))
    consents = exists().where(
        FamilyConsent.kpm_id == Kpm.id, holds("graduation_monitoring", seen.computed_at, seen.day)
    )
    aided = exists().where(AidGrant.kpm_id == Kpm.id, AidGrant.granted_on < SaleDay.sold_on)
    theirs = and_(
        Business.shop_id == SaleDay.shop_id,
        Business.started_on <= SaleDay.sold_on,
        or_(Business.ended_on.is_(None), Business.ended_on >= SaleDay.sold_on),
    )
    month, sold = month_number(SaleDay.sold_on), SaleDay.lines > 0
    families, shops = (func.count(case((sold, key)).distinct()) for key in (Business.kpm_id, SaleDay.shop_id))
    query = (
        select(month, func.sum(SaleDay.amount), families, shops)
        .select_from(Kpm)
        .join(Business, Business.kpm_id == Kpm.id)
        .join(SaleDay, theirs)
        .where(inside(Kpm.regency_code, [seen.region_code]), Kpm.state == "active", consents, aided)
        .where(SaleDay.sold_on.between(first, last))
        .group_by(month)
    )
    by_month: dict[date, Value] = {}
    for number, amount, behind, their_shops in db.session.execute(query):
        day = date(number // 100, number % 100, 1)
        sides = masking.hidden_table({"in": behind, "out": max(selling.get(day, 0) - their_shops, 0)})
        by_month[day] = None if sides else amount
    return seen.figure("AFTER_AID", by_month, ZERO)
