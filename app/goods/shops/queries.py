"""Questions about shops, and about people who want one."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.shops.models import Kinship, SellingRequest, Shop
from app.people.accounts.models import Account
from app.people.accounts.policies import areas_of
from app.people.places.models import Region
from app.people.places.queries import inside

PAGE = 20


def get_shop(shop_id: int) -> Shop:
    """Return a shop with its owner.

    Raises:
        NotFound: no shop has this id.
    """
    found = db.session.scalar(select(Shop).options(joinedload(Shop.owner)).where(Shop.id == shop_id))
    if found is None:
        raise NotFound(shop_id)
    return found


def find_first_of(owner_id: int) -> Shop | None:
    """Return the first shop of an owner, in whatever state, or None."""
    return db.session.scalar(select(Shop).where(Shop.owner_id == owner_id).order_by(Shop.id).limit(1))


def find_shop(slug: str) -> Shop | None:
    """Return the shop at this address, or None."""
    return db.session.scalar(select(Shop).where(Shop.slug == slug))


def find_own_shop(account_id: int) -> Shop | None:
    """Return the shop that a seller runs, the newest if she ran several; None when she has none."""
    return db.session.scalar(own_shop(account_id))


def own_shop(account_id: int) -> Select[Shop]:
    """Ask for the same within another question."""
    query = select(Shop).where(Shop.owner_id == account_id, Shop.state != "ended")
    return query.order_by(Shop.id.desc()).limit(1)


def get_own_shop(scope: Actor) -> Shop:
    """Return the actor's own shop: the loader of every page of the seller.

    Raises:
        NotFound: she has none.
    """
    found = find_own_shop(scope.id)
    if found is None:
        raise NotFound(scope.id)
    return found


def list_fostered(scope: Actor, words: str, after: int | None, *, withheld: bool = False) -> list[Shop]:
    """Return the shops in the actor's areas with their owners, newest first, one more than a page.

    Args:
        scope: a pendamping or curator.
        words: part of the shop's or the owner's name; empty for all. Numbers are not asked: words stand in addresses.
        after: the id of the last shop of the page before.
        withheld: only those whose owners took back their consent to publish.
    """
    query = select(Shop).join(Account, Account.id == Shop.owner_id).options(contains_eager(Shop.owner))
    query = query.where(inside(Shop.desa_code, areas_of(scope)))
    if words:
        like = "%" + re.sub(r"([%_\\])", r"\\\1", words.lower()) + "%"
        found = [func.lower(Shop.name).like(like, escape="\\"), func.lower(Account.name).like(like, escape="\\")]
        query = query.where(or_(*found))
    if after:
        query = query.where(Shop.id < after)
    if withheld:
        query = query.where(Shop.withheld_at.is_not(None), Shop.state != "ended")
    return list(db.session.scalars(query.order_by(Shop.id.desc()).limit(PAGE + 1)))


def count_withheld(scope: Actor) -> int:
    """Count the shops in the actor's areas whose owners took back their consent to publish."""
    return db.session.scalar(select(withheld_in(scope))) or 0


def withheld_in(scope: Actor) -> ColumnElement[int]:
    """Count the same within another question."""
    query = select(func.count()).select_from(Shop).where(inside(Shop.desa_code, areas_of(scope)))
    return query.where(Shop.withheld_at.is_not(None), Shop.state != "ended").scalar_subquery()


def list_requests(scope: Actor, states: tuple[str, ...], after: int | None) -> list[SellingRequest]:
    """Return wishes to sell in the actor's areas, the longest waiting first, one more than a page."""
    query = select(SellingRequest).where(
        inside(SellingRequest.desa_code, areas_of(scope)), SellingRequest.state.in_(states)
    )
    if after:
        query = query.where(SellingRequest.id > after)
    return list(db.session.scalars(query.order_by(SellingRequest.id).limit(PAGE + 1)))


def count_requests(scope: Actor) -> int:
    """Count the wishes that wait in the actor's areas."""
    return db.session.scalar(select(open_requests(scope))) or 0


def open_requests(scope: Actor) -> ColumnElement[int]:
    """Count the same within another question."""
    query = select(func.count()).select_from(SellingRequest)
    query = query.where(inside(SellingRequest.desa_code, areas_of(scope)), SellingRequest.state == "new")
    return query.scalar_subquery()


def get_request(request_id: int) -> SellingRequest:
    """Return a wish to sell.

    Raises:
        NotFound: none has this id.
    """
    found = find_request(request_id)
    if found is None:
        raise NotFound(request_id)
    return found


def find_request(request_id: int) -> SellingRequest | None:
    """Return a wish to sell, or None."""
    return db.session.get(SellingRequest, request_id)


def find_request_by_key(key: str) -> SellingRequest | None:
    """Return the wish that a form key stored, or None."""
    return db.session.scalar(select(SellingRequest).where(SellingRequest.key == key))


def list_desa_of(scope: Actor) -> list[Region]:
    """Return the desa in which the actor may register sellers, by kecamatan and name."""
    query = select(Region).where(Region.level == "desa", inside(Region.code, areas_of(scope)))
    return list(db.session.scalars(query.order_by(Region.parent_code, Region.name)))


def related(scope: Actor) -> ColumnElement[bool]:
    """Say that an officer declared a relation to whoever runs the shop of a row."""
    return select(Kinship.shop_id).where(Kinship.shop_id == Shop.id, Kinship.account_id == scope.id).exists()


def is_kin(account_id: int, shop_id: int) -> bool:
    """Tell whether an officer declared a relation to whoever runs a shop."""
    return db.session.get(Kinship, (shop_id, account_id)) is not None
