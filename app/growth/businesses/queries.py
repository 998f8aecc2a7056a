"""Questions about businesses: which shop was whose, on which days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.core.clock import today
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.goods.shops.queries import own_shop
from app.growth.businesses.models import AccountBatch, AccountTurn, Business
from app.people.accounts.policies import areas_of
from app.people.families.models import Kpm, KpmIdentity
from app.people.families.queries import in_scope
from app.people.places.queries import inside, settings_of

PAGE = 100
MOST_SHOPS = 300
MOST_BATCHES = 5


@dataclass(frozen=True)
class Span:
    """A shop that belonged to a family from a day to a day, both included; `last` None while it still does."""

    shop_id: int
    first: date
    last: date | None


def shops_of(kpm_id: int) -> list[Span]:
    """Return the shops of a family with their days, oldest first: its sales are those of these shops on these days."""
    return [Span(row.shop_id, row.started_on, row.ended_on) for row in list_businesses(kpm_id)]


def kpm_of_shop(shop_id: int, day: date) -> int | None:
    """Return the family that ran a shop on a day, or None."""
    query = select(Business.kpm_id).where(
        Business.shop_id == shop_id,
        Business.started_on <= day,
        or_(Business.ended_on.is_(None), Business.ended_on >= day),
    )
    return db.session.scalar(query.limit(1))


def find_family_of(owner_id: int) -> Kpm | None:
    """Return the family, with its identity, that runs a seller's shop today, or None."""
    shop = own_shop(owner_id).with_only_columns(Shop.id).scalar_subquery()
    query = select(Kpm, Business, Shop.regency_code).options(joinedload(Kpm.identity))
    query = query.join(Business, Business.kpm_id == Kpm.id).join(Shop, Shop.id == Business.shop_id)
    for kpm, business, regency in db.session.execute(query.where(Shop.id == shop).order_by(Business.id)):
        day = today(settings_of(regency).zone)
        if business.started_on <= day and (business.ended_on is None or business.ended_on >= day):
            return kpm
    return None


def list_businesses(kpm_id: int) -> list[Business]:
    """Return a family's businesses, oldest first."""
    query = select(Business).where(Business.kpm_id == kpm_id)
    return list(db.session.scalars(query.order_by(Business.started_on, Business.id)))


def list_run_by(kpm_id: int) -> list[tuple[Business, Shop]]:
    """Return the same with their shops."""
    query = select(Business, Shop).join(Shop, Shop.id == Business.shop_id).where(Business.kpm_id == kpm_id)
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Business.started_on, Business.id))]


def list_on_shop(shop_id: int) -> list[Business]:
    """Return whose a shop ever was, oldest first."""
    query = select(Business).where(Business.shop_id == shop_id)
    return list(db.session.scalars(query.order_by(Business.started_on, Business.id)))


def get_business(business_id: int) -> Business:
    """Return a business.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(Business, business_id)
    if found is None:
        raise NotFound(business_id)
    return found


def get_shown(business_id: int) -> tuple[Business, Kpm]:
    """Return a business with its family.

    Raises:
        NotFound: none has this id.
    """
    business = get_business(business_id)
    return business, db.session.get_one(Kpm, business.kpm_id)


def has_running(kpm_id: int) -> bool:
    """Tell whether a family runs a shop now."""
    return db.session.scalar(_running(kpm_id).limit(1)) is not None


def _running(kpm_id: object) -> Select[int]:
    return select(Business.id).where(Business.kpm_id == kpm_id, Business.ended_on.is_(None))


def list_waiting(scope: Actor, chosen: Iterable[int] | None = None, place: str = "") -> list[Kpm]:
    """Return families that want to sell, can be called and run no shop yet, the longest waiting first.

    Args:
        scope: whoever would open the accounts.
        chosen: only these; None for a page of all.
        place: code of a kecamatan or desa; empty for all.
    """
    query = select(Kpm).options(joinedload(Kpm.identity)).where(wants(scope, place), _has_phone())
    if chosen is not None:
        query = query.where(Kpm.id.in_(list(chosen)))
    return list(db.session.scalars(query.order_by(Kpm.id).limit(PAGE)))


def count_waiting(scope: Actor, place: str = "") -> int:
    """Count the families that `list_waiting` would list."""
    return db.session.scalar(select(func.count(Kpm.id)).where(wants(scope, place), _has_phone())) or 0


def count_wishes(scope: Actor, place: str = "") -> tuple[int, int]:
    """Count the same, and beside them those that left no number."""
    counted = func.count(Kpm.id)
    query = select(counted.filter(_has_phone()), counted.filter(~_has_phone())).where(wants(scope, place))
    waiting, silent = db.session.execute(query).one()
    return waiting, silent


def wants(scope: Actor, place: str = "") -> ColumnElement[bool]:
    """Keep a question to families of a place that want to sell and run no shop."""
    there = [inside(Kpm.desa_code, [place])] if place else []
    wish = and_(Kpm.state == "active", Kpm.wants_to_sell.is_(True))
    return and_(in_scope(scope), wish, ~_running(Kpm.id).exists(), *there)


def _has_phone() -> ColumnElement[bool]:
    phone = select(KpmIdentity.kpm_id).where(KpmIdentity.kpm_id == Kpm.id, KpmIdentity.phone_sealed.is_not(None))
    return phone.exists()


def find_batch_of(key: str) -> AccountBatch | None:
    """Return the batch that a page asked for, if it did."""
    return db.session.scalar(select(AccountBatch).where(AccountBatch.key == key))


def get_batch(account_batch_id: int) -> AccountBatch:
    """Return a batch of accounts.

    Raises:
        NotFound: none has this id.
    """
    found = db.session.get(AccountBatch, account_batch_id)
    if found is None:
        raise NotFound(account_batch_id)
    return found


def list_batches(scope: Actor) -> list[tuple[AccountBatch, dict[str, int]]]:
    """Return the newest batches of the actor's region, and how many of their families' turns ended how."""
    newest = select(AccountBatch.id).where(inside(AccountBatch.region_code, areas_of(scope)))
    newest = newest.order_by(AccountBatch.id.desc()).limit(MOST_BATCHES)
    query = select(AccountBatch, AccountTurn.state, func.count(AccountTurn.id))
    query = query.outerjoin(AccountTurn, AccountTurn.batch_id == AccountBatch.id)
    query = query.where(AccountBatch.id.in_(newest.subquery().select())).group_by(AccountBatch.id, AccountTurn.state)
    found: dict[AccountBatch, dict[str, int]] = {}
    for batch, state, number in db.session.execute(query.order_by(AccountBatch.id.desc())):
        found.setdefault(batch, {}).update({state: number} if state else {})
    return list(found.items())


def count_turns(batch_id: int) -> dict[str, int]:
    """Count the families of a batch by how their turn ended."""
    query = select(AccountTurn.state, func.count(AccountTurn.id)).where(AccountTurn.batch_id == batch_id)
    return dict(db.session.execute(query.group_by(AccountTurn.state)).all())


def list_turns(batch_id: int, state: str, most: int) -> list[tuple[AccountTurn, Kpm]]:
    """Return turns of a batch with their families, in their order."""
    query = select(AccountTurn, Kpm).join(Kpm, Kpm.id == AccountTurn.kpm_id).options(joinedload(Kpm.identity))
    query = query.where(AccountTurn.batch_id == batch_id, AccountTurn.state == state)
    return [(turn, kpm) for turn, kpm in db.session.execute(query.order_by(AccountTurn.id).limit(most))]


def list_left_out(batch_id: int, after: int = 0) -> list[tuple[AccountTurn, Kpm]]:
    """Return the families of a batch that got no account, one more than a page."""
    query = select(AccountTurn, Kpm).join(Kpm, Kpm.id == AccountTurn.kpm_id).options(joinedload(Kpm.identity))
    left = AccountTurn.state.not_in(("waiting", "opened"))
    query = query.where(AccountTurn.batch_id == batch_id, left, AccountTurn.id > after).order_by(AccountTurn.id)
    return [(turn, kpm) for turn, kpm in db.session.execute(query.limit(PAGE + 1))]


def list_carded(batch_id: int, after: int, most: int) -> list[tuple[AccountTurn, Shop]]:
    """Return the next turns of a batch whose card can still be printed, with their shops."""
    query = select(AccountTurn, Shop).join(Shop, Shop.id == AccountTurn.shop_id).where(*_carded(batch_id))
    query = query.where(AccountTurn.id > after).order_by(AccountTurn.id).limit(most)
    return [(turn, shop) for turn, shop in db.session.execute(query)]


def count_carded(batch_id: int) -> int:
    """Count them."""
    return db.session.scalar(select(func.count()).select_from(AccountTurn).where(*_carded(batch_id))) or 0


def _carded(batch_id: int) -> tuple[ColumnElement[bool], ...]:
    return AccountTurn.batch_id == batch_id, AccountTurn.card_sealed.is_not(None)


def has_cards(batch_id: int) -> bool:
    """Tell whether cards of a batch can still be printed."""
    return bool(list_carded(batch_id, 0, 1))


def list_free_shops(kpm: Kpm, *, scope: Actor) -> list[Shop]:
    """Return the shops of a family's kecamatan that no family runs now, by name; only where the actor works.

    Whoever links a shop reads what it sells: a pendamping links those of her own villages.
    """
    taken = select(Business.id).where(Business.shop_id == Shop.id, Business.ended_on.is_(None))
    query = select(Shop).where(Shop.kecamatan_code == kpm.kecamatan_code, Shop.state != "ended", ~taken.exists())
    query = query.where(inside(Shop.desa_code, areas_of(scope)))
    return list(db.session.scalars(query.order_by(Shop.name, Shop.id).limit(MOST_SHOPS)))


def shops_by_id(shop_ids: Iterable[int]) -> dict[int, Shop]:
    """Return several shops in one question."""
    return {shop.id: shop for shop in db.session.scalars(select(Shop).where(Shop.id.in_(list(shop_ids))))}


def shops_of_many(kpm_ids: Iterable[int]) -> dict[int, list[Span]]:
    """Return the shops of several families with their days, in one question."""
    found: dict[int, list[Span]] = {}
    query = select(Business).where(Business.kpm_id.in_(list(kpm_ids))).order_by(Business.started_on, Business.id)
    for row in db.session.scalars(query):
        found.setdefault(row.kpm_id, []).append(Span(row.shop_id, row.started_on, row.ended_on))
    return found
