"""Questions about bazaars and applications. What is not announced yet is asked for by reviewers alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.categories.models import Category, FormerCategory
from app.goods.shelf.models import ShelfItem
from app.goods.shops import queries as shops
from app.goods.shops.models import Shop
from app.people.accounts.policies import areas_of
from app.people.places.queries import inside
from app.trade.bazaars import rules
from app.trade.bazaars.models import (
    Application,
    Bazaar,
    EventPool,
    Kinship,
    Review,
    Rubric,
    Stall,
)

PUBLIC = ("open_call", "curation", "published", "running", "closed", "reported", "postponed", "cancelled")
PAST_DAYS = 365


def get_bazaar(bazaar_id: int) -> Bazaar:
    """Return a bazaar with its days and pools.

    Raises:
        NotFound: none has this id.
    """
    query = select(Bazaar).options(selectinload(Bazaar.days), selectinload(Bazaar.pools))
    found = db.session.scalar(query.where(Bazaar.id == bazaar_id))
    if found is None:
        raise NotFound(bazaar_id)
    return found


def find_public(slug: str) -> Bazaar | None:
    """Return a bazaar that anyone may see, or None; drafts are for the office."""
    query = select(Bazaar).options(selectinload(Bazaar.days), selectinload(Bazaar.pools))
    return db.session.scalar(query.where(Bazaar.slug == slug, Bazaar.state.in_(PUBLIC)))


def find_by_key(key: str) -> Bazaar | None:
    """Return the bazaar that a form key stored, or None."""
    return db.session.scalar(select(Bazaar).where(Bazaar.creation_key == key))


def find_last_made(regency_code: str) -> Bazaar | None:
    """Return the bazaar of a kabupaten that was written down last, or None."""
    query = select(Bazaar).options(selectinload(Bazaar.days), selectinload(Bazaar.pools))
    return db.session.scalar(query.where(Bazaar.regency_code == regency_code).order_by(Bazaar.id.desc()).limit(1))


def lock(bazaar_id: int) -> Bazaar:
    """Queue behind whoever changes this bazaar or its places, and read it anew."""
    query = select(Bazaar).where(Bazaar.id == bazaar_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def state_of(bazaar: Bazaar) -> str:
    """Return the state as time has made it."""
    return rules.state_at(bazaar.state, bazaar.hard_deadline, bazaar.starts_at, bazaar.ends_at, now())


def now_of(application: Application) -> str:
    """Return the state of an application as time has made it."""
    until = application.asked_until
    return rules.application_at(application.state, application.offer_expires_at, now(), until)


def answer_by(application: Application) -> datetime | None:
    """Return until when an applicant's answer is awaited, None when nothing is asked of her."""
    until = application.offer_expires_at or application.asked_until
    return until if until is not None and until > now() else None


def is_announced(bazaar: Bazaar) -> bool:
    """Tell whether decisions may be seen at all."""
    return bazaar.published_at is not None


def list_office(scope: Actor) -> list[Bazaar]:
    """Return the bazaars of an officer's region, the latest first."""
    query = select(Bazaar).options(selectinload(Bazaar.pools)).where(inside(Bazaar.regency_code, [scope.region_code]))
    return list(db.session.scalars(query.order_by(Bazaar.starts_at.desc(), Bazaar.id.desc())))


def list_calls(regency_code: str) -> list[Bazaar]:
    """Return the calls that a seller of this kabupaten can answer now, the soonest to end first."""
    query = select(Bazaar).options(selectinload(Bazaar.days))
    query = query.where(Bazaar.regency_code == regency_code, Bazaar.state == "open_call", Bazaar.hard_deadline > now())
    return list(db.session.scalars(query.order_by(Bazaar.hard_deadline, Bazaar.id)))


def list_public(first: datetime, last: datetime, kecamatan: Sequence[str] = ()) -> list[Bazaar]:
    """Return what the public may see of what is on between two moments, the earliest first."""
    query = select(Bazaar).where(Bazaar.state.in_(PUBLIC), Bazaar.ends_at > first, Bazaar.starts_at < last)
    if kecamatan:
        query = query.where(Bazaar.kecamatan_code.in_(kecamatan))
    query = query.options(selectinload(Bazaar.days))
    return list(db.session.scalars(query.order_by(Bazaar.starts_at, Bazaar.id)))


def find_next() -> Bazaar | None:
    """Return the next bazaar that visitors can plan for, or None."""
    query = select(Bazaar).where(Bazaar.state.in_(PUBLIC[:4]), Bazaar.ends_at > now())
    return db.session.scalar(query.order_by(Bazaar.starts_at, Bazaar.id).limit(1))


def list_due(moment: datetime) -> list[int]:
    """Return the bazaars that time has something to do with."""
    expired = exists().where(Application.bazaar_id == Bazaar.id, Application.offer_expires_at <= moment)
    silent = exists().where(Application.bazaar_id == Bazaar.id, Application.asked_until <= moment)
    waits = exists().where(Application.bazaar_id == Bazaar.id, Application.state == "waitlisted")
    due = or_(
        and_(Bazaar.state == "open_call", Bazaar.hard_deadline <= moment),
        and_(Bazaar.state.in_(("open_call", "curation", "published")), Bazaar.starts_at <= moment),
        and_(Bazaar.state == "running", Bazaar.ends_at <= moment),
        and_(Bazaar.state.in_(("open_call", "curation", "published")), silent),
        and_(Bazaar.state == "published", or_(expired, and_(Bazaar.reserved_until <= moment, waits))),
    )
    return list(db.session.scalars(select(Bazaar.id).where(due).order_by(Bazaar.id)))


def get_rubric(version: str) -> Rubric:
    """Return a version of the rubric."""
    found = db.session.get(Rubric, version)
    if found is None:
        raise NotFound(version)
    return found


def pools_of(bazaar: Bazaar) -> list[rules.Pool]:
    """Return the pools as plain values."""
    return [rules.Pool(pool.key, pool.capacity, pool.kind) for pool in list_pools(bazaar.id)]


def list_pools(bazaar_id: int) -> list[EventPool]:
    """Return the pools of a bazaar in the order they were made."""
    return list(db.session.scalars(select(EventPool).where(EventPool.bazaar_id == bazaar_id).order_by(EventPool.id)))


def keeps_reserve(bazaar: Bazaar) -> bool:
    """Tell whether places are still kept for their groups."""
    return bazaar.reserved_until is None or now() < bazaar.reserved_until


def holders_of(bazaar_id: int) -> list[list[str]]:
    """Return the pools of everybody who holds a place now; a lapsed offer holds nothing."""
    query = select(Application.pools).where(Application.bazaar_id == bazaar_id, Application.state.in_(rules.HOLDING))
    still = or_(Application.state != "offered", Application.offer_expires_at > now())
    return list(db.session.scalars(query.where(still)))


def list_states(bazaar_id: int, states: Iterable[str]) -> list[Application]:
    """Return the applications in some states with their shops, in the order they came."""
    query = _with_shop().where(Application.bazaar_id == bazaar_id, Application.state.in_(tuple(states)))
    return list(db.session.scalars(query.order_by(Application.number)))


def list_unanswered(bazaar_id: int, moment: datetime) -> list[Application]:
    """Return the applications whose time to answer is over, in the order they came."""
    late = or_(
        and_(Application.state == "offered", Application.offer_expires_at <= moment),
        and_(Application.state.in_(rules.ASKED_AGAIN), Application.asked_until <= moment),
    )
    query = _with_shop().where(Application.bazaar_id == bazaar_id, late)
    return list(db.session.scalars(query.order_by(Application.number)))


def list_applications(bazaar_id: int) -> list[Application]:
    """Return every application of a bazaar with its shop, in the order they came."""
    query = _with_shop().where(Application.bazaar_id == bazaar_id)
    return list(db.session.scalars(query.order_by(Application.number)))


def _with_shop() -> Select[Any]:
    return select(Application).options(joinedload(Application.shop))


def find_by_application_key(key: str) -> Application | None:
    """Return the application that a form key stored, or None."""
    return db.session.scalar(select(Application).where(Application.key == key))


def get_application(application_id: int) -> Application:
    """Return an application with bazaar and shop.

    Raises:
        NotFound: none has this id.
    """
    query = _with_shop().options(joinedload(Application.bazaar)).where(Application.id == application_id)
    found: Application | None = db.session.scalar(query)
    if found is None:
        raise NotFound(application_id)
    return found


def find_live(bazaar_id: int, shop_id: int) -> Application | None:
    """Return a shop's live application at a bazaar, or None."""
    query = select(Application).where(Application.bazaar_id == bazaar_id, Application.shop_id == shop_id)
    return db.session.scalar(query.where(Application.state.in_(rules.LIVE)))


def list_of_shop(shop_id: int) -> list[Application]:
    """Return a shop's applications with their bazaars, the newest first."""
    query = select(Application).options(joinedload(Application.bazaar)).where(Application.shop_id == shop_id)
    return list(db.session.scalars(query.order_by(Application.id.desc())))


def find_last_of(shop_id: int) -> Application | None:
    """Return a shop's newest application: what it filled in last time."""
    query = select(Application).where(Application.shop_id == shop_id)
    return db.session.scalar(query.order_by(Application.id.desc()).limit(1))


def count_past(shop_id: int, before: datetime) -> int:
    """Count the bazaars at which a shop had its place in the twelve months before."""
    query = select(func.count(func.distinct(Application.bazaar_id))).join(Bazaar, Bazaar.id == Application.bazaar_id)
    query = query.where(Application.shop_id == shop_id, Application.state.in_(("confirmed", "checked_in", "settled")))
    span = (Bazaar.ends_at < before, Bazaar.ends_at >= before - timedelta(days=PAST_DAYS))
    return db.session.scalar(query.where(*span)) or 0


def categories_of(shop_id: int) -> set[str]:
    """Return the categories of what a shop has on sale and their parents', by each address they ever had.

    A call that named a category before it went into another still counts whoever is there now.
    """
    mine = (ShelfItem.shop_id == shop_id, Category.id.in_((ShelfItem.category_id, ShelfItem.top_category_id)))
    now_called = select(Category.slug).join(ShelfItem, mine[1]).where(mine[0])
    once = select(FormerCategory.slug).join(Category, Category.id == FormerCategory.category_id)
    return set(db.session.scalars(now_called.union(once.join(ShelfItem, mine[1]).where(mine[0]))))


def last_number(bazaar_id: int) -> int:
    """Return the highest number given at a bazaar, 0 for none."""
    return db.session.scalar(select(func.max(Application.number)).where(Application.bazaar_id == bazaar_id)) or 0


def list_reviews(application_ids: Sequence[int]) -> dict[int, list[Review]]:
    """Return the reviews of several applications, the earliest first."""
    query = select(Review).where(Review.application_id.in_(application_ids)).order_by(Review.id)
    found: dict[int, list[Review]] = {number: [] for number in application_ids}
    for review in db.session.scalars(query):
        found[review.application_id].append(review)
    return found


def is_kin(account_id: int, shop_id: int) -> bool:
    """Tell whether an officer declared this seller a relative."""
    query = select(Kinship.id).where(Kinship.account_id == account_id, Kinship.shop_id == shop_id)
    return db.session.scalar(query) is not None or shops.is_kin(account_id, shop_id)


def list_stalls(bazaar_id: int) -> list[Stall]:
    """Return the stalls of a bazaar by number, with who stands there."""
    main, second = joinedload(Stall.main), joinedload(Stall.second)
    query = select(Stall).options(main.joinedload(Application.shop), second.joinedload(Application.shop))
    return list(db.session.scalars(query.where(Stall.bazaar_id == bazaar_id).order_by(Stall.number)))


def find_stall(bazaar_id: int, number: int) -> Stall | None:
    """Return a stall by its number, or None."""
    return db.session.scalar(select(Stall).where(Stall.bazaar_id == bazaar_id, Stall.number == number))


def find_stall_of(application_id: int) -> Stall | None:
    """Return where an application stands, or None."""
    mine = or_(Stall.main_application_id == application_id, Stall.second_application_id == application_id)
    return db.session.scalar(select(Stall).where(mine))


def find_stall_at(bazaar_id: int, shop_id: int) -> Stall | None:
    """Return where a shop stands at a bazaar, or None."""
    hers = select(Application.id).where(Application.bazaar_id == bazaar_id, Application.shop_id == shop_id)
    hers = hers.where(Application.state.in_(rules.STANDING))
    mine = or_(Stall.main_application_id.in_(hers), Stall.second_application_id.in_(hers))
    return db.session.scalars(select(Stall).where(Stall.bazaar_id == bazaar_id, mine)).first()


def list_caseload(scope: Actor) -> list[Shop]:
    """Return the open shops in a pendamping's villages, by name."""
    query = select(Shop).where(inside(Shop.desa_code, areas_of(scope)), Shop.state == "open")
    return list(db.session.scalars(query.options(joinedload(Shop.owner)).order_by(Shop.name, Shop.id)))


def list_caseload_applications(scope: Actor) -> list[Application]:
    """Return the applications of a pendamping's sellers, the newest first."""
    query = _with_shop().join(Shop, Shop.id == Application.shop_id).options(joinedload(Application.bazaar))
    query = query.where(inside(Shop.desa_code, areas_of(scope)))
    return list(db.session.scalars(query.order_by(Application.id.desc()).limit(50)))


def list_participants(bazaar_id: int) -> list[tuple[Application, int | None]]:
    """Return who has said yes and their stall numbers, by stall."""
    here = or_(Stall.main_application_id == Application.id, Stall.second_application_id == Application.id)
    query = select(Application, Stall.number).outerjoin(Stall, here).options(joinedload(Application.shop))
    query = query.where(Application.bazaar_id == bazaar_id, Application.state.in_(rules.HOLDING[1:]))
    rows = db.session.execute(query.order_by(Stall.number.is_(None), Stall.number, Application.number))
    return [(row[0], row[1]) for row in rows]


def list_goods(bazaar_id: int, most: int) -> list[int]:
    """Return the newest goods of those who have said yes."""
    shops = select(Application.shop_id).where(
        Application.bazaar_id == bazaar_id, Application.state.in_(rules.HOLDING[1:])
    )
    query = select(ShelfItem.product_id).where(ShelfItem.shop_id.in_(shops))
    return list(db.session.scalars(query.order_by(ShelfItem.stamp.desc(), ShelfItem.product_id).limit(most)))
