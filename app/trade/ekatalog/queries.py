"""Questions about rounds, and about the lists outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.products.models import Product, Revision
from app.goods.shops.models import Shop
from app.kit.periods import week_of
from app.people.accounts.models import Account
from app.people.accounts.policies import areas_of
from app.people.places.queries import inside
from app.people.places.rules import around
from app.trade.ekatalog import rules
from app.trade.ekatalog.cases import Case, accepted_kbli, cases_of, loaded
from app.trade.ekatalog.cases import get_case as get_case
from app.trade.ekatalog.cases import lock as lock
from app.trade.ekatalog.cases import seen_in as seen_in
from app.trade.ekatalog.course import Course as Course
from app.trade.ekatalog.course import course_of as course_of
from app.trade.ekatalog.models import (
    Appeal,
    Bundle,
    CategoryCheck,
    EkatalogCategory,
    OutsideStatus,
    RequirementSet,
    Submission,
    SubmissionPhoto,
)
from app.trade.sales import products as sales

PAGE = 20
MOST_CHECKS = 10
HALF_YEAR = 182
WAITING = ("ready_for_review", "in_review")
OUTSIDE_NOW = rules.SIGNED


def current_set(profile: str, day: date) -> RequirementSet:
    """Return the requirement set of a profile that holds on a day.

    Raises:
        NotFound: there is none.
    """
    found = find_current_set(profile, day)
    if found is None:
        raise NotFound(profile)
    return found


def find_current_set(profile: str, day: date) -> RequirementSet | None:
    """Return the same, None when there is none yet."""
    query = select(RequirementSet).where(RequirementSet.profile == profile, RequirementSet.valid_from <= day)
    return db.session.scalar(query.order_by(RequirementSet.valid_from.desc(), RequirementSet.version.desc()).limit(1))


def list_categories(profile: str | None = None) -> list[EkatalogCategory]:
    """Return the categories, by their levels."""
    query = select(EkatalogCategory)
    if profile:
        query = query.where(EkatalogCategory.profile == profile)
    return list(
        db.session.scalars(query.order_by(EkatalogCategory.level1, EkatalogCategory.level2, EkatalogCategory.code))
    )


def get_category(category_code: str) -> EkatalogCategory:
    """Return a category.

    Raises:
        NotFound: none has this code.
    """
    found = db.session.get(EkatalogCategory, category_code)
    if found is None:
        raise NotFound(category_code)
    return found


def list_checks(category_code: str, *, scope: Actor) -> list[CategoryCheck]:
    """Return what was seen of a category in the actor's region, the newest first."""
    query = select(CategoryCheck).where(CategoryCheck.category_code == category_code)
    query = query.where(CategoryCheck.regency_code.in_(around(scope.region_code)))
    return list(db.session.scalars(query.order_by(CategoryCheck.id.desc()).limit(MOST_CHECKS)))


def accepting(profile: str, kbli: tuple[str, str]) -> list[EkatalogCategory]:
    """Return the categories of a profile that take a class of business."""
    accepted = accepted_kbli()
    return [each for each in list_categories(profile) if kbli in accepted[each.code]]


def find_open(product_id: int) -> Submission | None:
    """Return the round of a product that has not ended, or None."""
    query = loaded().where(Submission.product_id == product_id, Submission.state.not_in(rules.ENDED))
    return db.session.scalar(query)


def list_of_shop(shop_id: int) -> list[Case]:
    """Return the rounds of a shop, newest first."""
    query = loaded().where(Submission.shop_id == shop_id).order_by(Submission.id.desc())
    return cases_of(list(db.session.scalars(query)))


def list_startable(shop_id: int) -> list[tuple[Product, Revision]]:
    """Return the products on sale of a shop that have no open round, by name."""
    running = select(Submission.product_id).where(Submission.shop_id == shop_id, Submission.state.not_in(rules.ENDED))
    query = select(Product, Revision).join(Revision, Revision.id == Product.approved_revision_id)
    query = query.where(Product.shop_id == shop_id, Product.state.in_(("live", "paused")), Product.id.not_in(running))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Revision.name, Product.id))]


def list_startable_in(scope: Actor, limit: int = PAGE) -> list[tuple[Product, Revision]]:
    """Return products on sale in the actor's areas that never went to the catalogue, newest first."""
    query = select(Product, Revision).join(Revision, Revision.id == Product.approved_revision_id)
    query = query.join(Shop, Shop.id == Product.shop_id).options(joinedload(Product.shop))
    query = query.where(inside(Shop.desa_code, areas_of(scope)), Shop.state == "open", Product.state == "live")
    query = query.where(Product.id.not_in(select(Submission.product_id)))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Product.id.desc()).limit(limit))]


def best_week(product_id: int, day: date) -> int:
    """Return the most units of a product sold in one week (Monday to Sunday) of the half year before a day."""
    weeks: Counter[date] = Counter()
    for sold_on, qty in sales.count_units(product_id, day - timedelta(days=HALF_YEAR), day).items():
        weeks[week_of(sold_on)[0]] += qty
    return max(weeks.values(), default=0)


def _in_areas(scope: Actor) -> ColumnElement[bool]:
    shops = select(Shop.id).where(inside(Shop.desa_code, areas_of(scope)))
    return Submission.shop_id.in_(shops)


def list_in(states: Iterable[str], after: int = 0, limit: int = PAGE, *, scope: Actor) -> list[Submission]:
    """Return rounds of the actor's areas in some states, the longest waiting first, one more when there are more."""
    query = loaded().where(_in_areas(scope), Submission.state.in_(tuple(states)))
    query = query.order_by(Submission.submitted_at, Submission.id).offset(after).limit(limit + 1)
    return list(db.session.scalars(query))


def count_lists(lists: Mapping[str, Iterable[str]], *, scope: Actor) -> dict[str, int]:
    """Count the rounds of the actor's areas in several lists of states, in one question."""
    asked = (_in_states(states, scope).scalar_subquery() for states in lists.values())
    return dict(zip(lists, db.session.execute(select(*asked)).one(), strict=True))


def _in_states(states: Iterable[str], scope: Actor) -> Select[int]:
    query = select(func.count()).select_from(Submission)
    return query.where(_in_areas(scope), Submission.state.in_(tuple(states)))


def waiting_for(actor: Actor) -> ColumnElement[int]:
    """Count, within another question, what a curator is to check, or an approver to sign or to answer an appeal."""
    if actor.role == "curator":
        return _in_states(WAITING, actor).scalar_subquery()
    return _in_states(("approved",), actor).scalar_subquery() + _appeals(actor).scalar_subquery()


def count_appeals(*, scope: Actor) -> int:
    """Count the appeals of the actor's areas that nobody has answered."""
    return db.session.scalar(_appeals(scope)) or 0


def _appeals(scope: Actor) -> Select[int]:
    query = select(func.count()).select_from(Appeal).join(Submission, Submission.id == Appeal.submission_id)
    return query.where(_in_areas(scope), Appeal.answer.is_(None))


def list_appealed(*, scope: Actor) -> list[Submission]:
    """Return the rounds of the actor's areas whose appeal waits, oldest first."""
    query = loaded().join(Appeal, Appeal.submission_id == Submission.id)
    query = query.where(_in_areas(scope), Appeal.answer.is_(None)).order_by(Appeal.id)
    return list(db.session.scalars(query))


def find_appeal(submission_id: int) -> Appeal | None:
    """Return the appeal of a round, or None."""
    return db.session.scalar(select(Appeal).where(Appeal.submission_id == submission_id))


def find_bundle(submission_id: int) -> Bundle | None:
    """Return the bundle of a round, or None."""
    return db.session.scalar(select(Bundle).where(Bundle.submission_id == submission_id))


def list_outside(submission_id: int) -> list[OutsideStatus]:
    """Return what was seen outside, oldest first."""
    query = select(OutsideStatus).where(OutsideStatus.submission_id == submission_id)
    return list(db.session.scalars(query.order_by(OutsideStatus.id)))


def get_photo(photo_id: int) -> SubmissionPhoto:
    """Return a photo with its round and shop.

    Raises:
        NotFound: none has this id.
    """
    query = select(SubmissionPhoto).options(joinedload(SubmissionPhoto.submission).joinedload(Submission.shop))
    found = db.session.scalar(query.where(SubmissionPhoto.id == photo_id))
    if found is None:
        raise NotFound(photo_id)
    return found


def get_outside(outside_id: int) -> OutsideStatus:
    """Return what was seen outside, with its proof.

    Raises:
        NotFound: none has this id, or it is without proof.
    """
    query = select(OutsideStatus).options(joinedload(OutsideStatus.submission).joinedload(Submission.shop))
    found = db.session.scalar(query.where(OutsideStatus.id == outside_id, OutsideStatus.proof.is_not(None)))
    if found is None:
        raise NotFound(outside_id)
    return found


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of several people in one question."""
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_({each for each in ids if each})))
    return {row.id: row.name for row in rows}


def list_shown(product_ids: Iterable[int] | None = None) -> list[int]:
    """Return the products whose newest sighting is that they are seen in the catalogue, with proof."""
    newest = aliased(OutsideStatus)
    last = select(func.max(newest.id)).where(newest.submission_id == Submission.id).scalar_subquery()
    query = select(Submission.product_id).join(OutsideStatus, OutsideStatus.submission_id == Submission.id)
    query = query.where(Submission.state == "shown_outside", OutsideStatus.id == last, OutsideStatus.proof.is_not(None))
    if product_ids is not None:
        query = query.where(Submission.product_id.in_(product_ids))
    return list(db.session.scalars(query.where(OutsideStatus.status == "shown_outside")))


def list_overdue(day: date, limit: int = 200) -> list[Submission]:
    """Return the rounds that a clock may have to move: sent long ago, or signed by nobody yet."""
    due = or_(
        and_(Submission.state == "sent_outside", Submission.answer_due < day),
        Submission.state == "approved",
    )
    return list(db.session.scalars(loaded().where(due).order_by(Submission.id).limit(limit)))


def top_reasons(since: datetime, *, scope: Actor) -> list[tuple[str, int]]:
    """Return why the official system said no since a moment, the commonest first."""
    query = select(OutsideStatus.reason_code, func.count()).join(OutsideStatus.submission)
    query = query.where(_in_areas(scope), OutsideStatus.reason_code.is_not(None), OutsideStatus.at >= since)
    query = query.group_by(OutsideStatus.reason_code).order_by(func.count().desc(), OutsideStatus.reason_code)
    return [(row[0] or "", row[1]) for row in db.session.execute(query)]
