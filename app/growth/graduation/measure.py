"""From the sales book to the frozen inputs of an assessment: a family's takings are those of its shops on its days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, case, exists, func, or_, select

from app.core.db import db
from app.growth.businesses import queries as businesses
from app.growth.businesses.models import Business
from app.growth.businesses.queries import Span
from app.growth.graduation import reckoning
from app.growth.graduation.queries import MONITORING
from app.growth.graduation.reckoning import Month
from app.growth.mentoring import queries as mentoring
from app.kit.periods import month_of
from app.kit.rupiah import ZERO, Rupiah
from app.people.families.models import FamilyConsent
from app.people.families.queries import holds
from app.trade.sales import queries as sales
from app.trade.sales.models import SaleDay
from app.trade.sales.rules import EVER, Line, clip
from app.trade.sales.rules import Span as SaleSpan

Period = tuple[date, date]
A_YEAR: Final = timedelta(days=365)
YES_NO: Final = {"yes": 1, "no": 0}
# A yes to "another income?" is two sources at least, a no is one.
QUESTIONS: Final = {
    "meals": ("meals", YES_NO),
    "savings": ("savings", YES_NO),
    "incomes": ("income_sources", {"yes": 2, "no": 1}),
    "school": ("school", YES_NO),
}


def months_of(shops: Mapping[int, Sequence[Span]], as_of: date) -> dict[int, list[Month]]:
    """Return the takings of several families by month, each shop cut at the dates of its links."""
    owners = {
        kpm_id: [SaleSpan(span.shop_id, span.first, span.last) for span in spans] for kpm_id, spans in shops.items()
    }
    months: dict[int, list[Month]] = defaultdict(list)
    for each in sales.list_sums(owners, as_of):
        channels = {name: brought.amount for name, brought in each.channels.items()}
        sums = each.amount.amount, each.strong.amount
        months[each.owner].append(Month(each.month, *sums, each.days, each.first, each.last, channels))
    return months


def taken_in(month: date, kpm_ids: Iterable[int], at: datetime, day: date) -> dict[int, Rupiah | None]:
    """Return what the shops of several families brought in a month, in one question for a list of them.

    Families that run no shop on the day are left out. None stands where the book may not be used at this moment: then
    not a row of it is read.
    """
    first, last = month_of(month)
    agreed = exists().where(FamilyConsent.kpm_id == Business.kpm_id, holds(MONITORING, at, day))
    theirs = and_(
        agreed,
        SaleDay.shop_id == Business.shop_id,
        SaleDay.sold_on.between(first, last),
        SaleDay.sold_on >= Business.started_on,
        or_(Business.ended_on.is_(None), SaleDay.sold_on <= Business.ended_on),
    )
    runs = and_(Business.started_on <= day, or_(Business.ended_on.is_(None), Business.ended_on >= day))
    query = (
        select(Business.kpm_id, func.max(case((agreed, 1), else_=0)), func.sum(SaleDay.amount))
        .outerjoin(SaleDay, theirs)
        .where(Business.kpm_id.in_(list(kpm_ids)))
        .group_by(Business.kpm_id)
        .having(func.max(case((runs, 1), else_=0)) == 1)
    )
    return {kpm_id: (amount or ZERO) if used else None for kpm_id, used, amount in db.session.execute(query)}


def inputs_of(kpm_id: int, as_of: date, *, sales_used: bool) -> dict[str, Any]:
    """Return what an assessment of one family on a day is made from; without consent the book is not even opened."""
    return inputs_of_many([kpm_id], {kpm_id} if sales_used else set(), as_of)[kpm_id]


def inputs_of_many(kpm_ids: Iterable[int], consenting: set[int], as_of: date) -> dict[int, dict[str, Any]]:
    """Return the same for several families in a few questions; `consenting` are those whose sales may be used."""
    wanted = list(kpm_ids)
    months = months_of(businesses.shops_of_many(consenting.intersection(wanted)), as_of)
    visits = visits_of(wanted, as_of)
    return {
        kpm_id: reckoning.collect(
            months.get(kpm_id, ()), as_of, sales_used=kpm_id in consenting, visit=visits.get(kpm_id)
        )
        for kpm_id in wanted
    }


def visits_of(kpm_ids: Iterable[int], as_of: date) -> dict[int, dict[str, dict[str, Any]]]:
    """Return what was seen at visits of the last year: the newest answer to each question, and how it is known."""
    found = mentoring.latest_answers(kpm_ids, as_of - A_YEAR, as_of)
    return {
        kpm_id: {
            QUESTIONS[name][0]: {"value": QUESTIONS[name][1][item.value], "how": item.how_verified}
            for name, item in answers.items()
            if name in QUESTIONS
        }
        for kpm_id, answers in found.items()
    }


def list_rows(kpm_id: int, periods: Sequence[Period], before: tuple[date, int] | None = None) -> list[Line]:
    """Return the lines of the book in some days, newest first, one more than a page. The caller asked consent."""
    hers = [SaleSpan(span.shop_id, span.first, span.last) for span in businesses.shops_of(kpm_id)]
    spans = [SaleSpan(*days) for first, last in periods for days in clip(hers, first, last)]
    return sales.list_lines(spans, *EVER, before=before)
