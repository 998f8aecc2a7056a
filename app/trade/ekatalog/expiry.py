"""Papers that end: who is told, once per threshold, and which rounds it touches; true also when no clock has run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select, true

from app.core.clock import now, today
from app.core.db import advisory_lock, db
from app.core.policy import Actor
from app.goods.categories.models import Category
from app.goods.permits import rules as permit_rules
from app.goods.permits.models import Permit
from app.goods.products.models import Product, Revision
from app.goods.shops.models import Shop
from app.people.accounts.policies import areas_of
from app.people.places.queries import inside, settings_of
from app.trade.ekatalog import checklist, rules
from app.trade.ekatalog.cases import Case, cases_of, items_by_version, loaded
from app.trade.ekatalog.models import PaperNotice, Submission

LOCK = 7_330_000_000_001


@dataclass(frozen=True)
class Expiring:
    """A paper that ends within two months, or has: `days` is the threshold it reached, `notice` that it was told."""

    permit: Permit
    last_day: date
    days: int
    left: int
    rounds: tuple[Case, ...]
    notice: PaperNotice | None

    @property
    def ended(self) -> bool:
        """Whether its last day is over."""
        return self.left < 0

    @property
    def unread(self) -> bool:
        """Whether she has not said that she knows."""
        return self.notice is None or self.notice.read_at is None


def list_of_shop(shop_id: int) -> list[Expiring]:
    """Return the papers of a shop that end, the nearest first."""
    return list_among(cases_of(_rounds(Submission.shop_id == shop_id)))


def list_in(scope: Actor) -> list[Expiring]:
    """Return those of the actor's areas."""
    return list_among(cases_of(rounds_in(scope)))


def rounds_in(scope: Actor) -> list[Submission]:
    """Return the open rounds of the actor's areas that a paper which ends may touch."""
    return _rounds(Submission.shop_id.in_(select(Shop.id).where(inside(Shop.desa_code, areas_of(scope)))))


def told_of(shop_id: int) -> dict[int, bool]:
    """Return the papers that the rounds of a shop need and that end, and whether she has said that she knows.

    They are those that the lists would find, asked for in two questions.
    """
    worded = case((Submission.state.in_(rules.FILLING), Product.approved_revision_id), else_=Submission.revision_id)
    query = (
        select(Permit, Submission.regency_code, Submission.set_version, Category.legality, PaperNotice)
        .join(Submission, Submission.shop_id == Permit.shop_id)
        .join(Product, Product.id == Submission.product_id)
        .join(Revision, Revision.id == worded)
        .join(Category, Category.id == Revision.category_id)
        .outerjoin(PaperNotice, PaperNotice.permit_id == Permit.id)
        .where(Submission.shop_id == shop_id, Submission.state.not_in(rules.ENDED), *_ends_soon())
        .order_by(Permit.id, Submission.id)
    )
    found: dict[int, bool] = {}
    sets: dict[str, tuple[rules.Item, ...]] = {}
    rows: Iterable[Any] = db.session.execute(query)
    for permit, regency, version, legality, notice in rows:
        watched = permit_rules.watch(permit.last_day, today(settings_of(regency).zone))
        if watched is None:
            continue
        sets = sets or items_by_version()
        if permit.kind in checklist.papers_for(sets[version], legality):
            read = notice is not None and notice.days == watched[0] and notice.read_at is not None
            found[permit.id] = found.get(permit.id, False) or read
    return found


def list_among(cases: Iterable[Case]) -> list[Expiring]:
    """Return the papers of some open rounds that end, the nearest first."""
    by_permit: dict[int, list[Case]] = defaultdict(list)
    permits: dict[int, Permit] = {}
    for each in cases:
        for permit in each.papers.values():
            permits[permit.id] = permit
            by_permit[permit.id].append(each)
    notices = _notices(permits)
    found = []
    for number, permit in permits.items():
        last, day = permit.last_day, by_permit[number][0].day
        watched = permit_rules.watch(last, day)
        if last is not None and watched is not None:
            told = notices.get((number, watched[0]))
            found.append(Expiring(permit, last, watched[0], (last - day).days, tuple(by_permit[number]), told))
    return sorted(found, key=lambda each: (each.last_day, each.permit.id))


def _rounds(whose: ColumnElement[bool]) -> list[Submission]:
    """Return the open rounds of shops that have a paper which may end soon."""
    shops = select(Permit.shop_id).where(*_ends_soon())
    query = loaded().where(whose, Submission.state.not_in(rules.ENDED), Submission.shop_id.in_(shops))
    return list(db.session.scalars(query.order_by(Submission.id)))


def _ends_soon() -> tuple[ColumnElement[bool], ...]:
    """Keep a question to papers that count now and may end soon, wherever the sun rises first."""
    latest = today("Asia/Jayapura") + timedelta(days=permit_rules.WATCH[0])
    within_number = and_(Permit.kind == "pirt", Permit.expires_on.is_(None))
    return Permit.replaced_at.is_(None), or_(Permit.expires_on <= latest, within_number)


def _notices(permit_ids: Iterable[int]) -> dict[tuple[int, int], PaperNotice]:
    rows = db.session.scalars(select(PaperNotice).where(PaperNotice.permit_id.in_(set(permit_ids))))
    return {(row.permit_id, row.days): row for row in rows}


def tell() -> int:
    """Write down what is told from now on; returns how many. A threshold that was slept through is not told after."""
    advisory_lock(LOCK)
    fresh = [each for each in list_among(cases_of(_rounds(true()))) if each.notice is None]
    db.session.add_all(PaperNotice(permit_id=each.permit.id, days=each.days) for each in fresh)
    db.session.flush()
    return len(fresh)


def read(permit: Permit, *, by: Actor) -> None:
    """Write down that she knows that her paper ends, until the next threshold."""
    advisory_lock(LOCK)
    for each in list_of_shop(permit.shop_id):
        if each.permit.id == permit.id and each.unread:
            notice = each.notice or PaperNotice(permit_id=permit.id, days=each.days)
            notice.read_by_id, notice.read_at = by.id, now()
            db.session.add(notice)
    db.session.flush()
