"""Questions about requests, and about whom they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from app.core import vault
from app.core.audit import AuditEntry
from app.core.clock import today
from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import _n
from app.core.personal import Whose
from app.core.policy import Actor
from app.goods.products.models import Product
from app.goods.shops.models import Shop
from app.growth.businesses.queries import kpm_of_shop
from app.kit import phone
from app.office.requests.models import DataRequest
from app.office.requests.rules import CORRECTORS
from app.people.accounts.models import Account
from app.people.accounts.policies import FOSTERS, areas_of
from app.people.families.models import Kpm
from app.people.families.rules import SEES
from app.people.places.queries import inside, settings_of
from app.trade.orders import queries as orders
from app.trade.orders.models import Order, OrderGroup
from app.trade.orders.rules import OPEN

KEEPERS = SEES - {"approver"}
PAGE = 25
MOST_FOUND = 10
MOST_GOODS = 200
# An id that no row has: what is asked by it finds nothing, unlike a missing one.
NOBODY = 0


def get_request(data_request_id: int) -> DataRequest:
    """Return a request with whom it is about.

    Raises:
        NotFound: none has this id.
    """
    options = (joinedload(DataRequest.account), joinedload(DataRequest.kpm), joinedload(DataRequest.proposed_by))
    found = db.session.scalar(select(DataRequest).options(*options).where(DataRequest.id == data_request_id))
    if found is None:
        raise NotFound(data_request_id)
    return found


def list_requests(scope: Actor, *, answered: bool = False, after: int = 0) -> list[DataRequest]:
    """Return what waits for this actor, the nearest due first, or what was answered; one more than a page."""
    closed = DataRequest.closed_at.is_not(None) if answered else DataRequest.closed_at.is_(None)
    query = select(DataRequest).options(joinedload(DataRequest.account), joinedload(DataRequest.kpm))
    query = query.where(_for(scope), closed)
    order = (DataRequest.closed_at.desc(), DataRequest.id.desc()) if answered else (DataRequest.due_at, DataRequest.id)
    return list(db.session.scalars(query.order_by(*order).offset(after).limit(PAGE + 1)))


def count_open(scope: Actor) -> int:
    """Count what waits for this actor."""
    return db.session.scalar(select(still_open(scope))) or 0


def still_open(scope: Actor) -> ColumnElement[int]:
    """Count the same within another question."""
    query = select(func.count()).select_from(DataRequest).where(_for(scope), DataRequest.closed_at.is_(None))
    return query.scalar_subquery()


def _for(scope: Actor) -> ColumnElement[bool]:
    """Keep a question to the requests that the actor has a hand in."""
    region = inside(DataRequest.regency_code, [scope.region_code])
    if scope.role == "steward":
        return region
    if scope.role == "approver":
        return and_(region, DataRequest.kind == "erase", DataRequest.proposed_by_id.is_not(None))
    if scope.role not in CORRECTORS:
        return false()
    routed = and_(DataRequest.routed_to != "", _near(scope))
    return and_(region, or_(routed, DataRequest.asked_by_id == scope.id))


def _near(scope: Actor) -> ColumnElement[bool]:
    """Tell whether a shop that the actor fosters, or a family that he sees, lies where he works."""
    areas = areas_of(scope)
    near: list[ColumnElement[bool]] = [false()]
    if scope.role in FOSTERS:
        shops = select(Shop.id).where(Shop.owner_id == DataRequest.account_id, inside(Shop.desa_code, areas))
        near.append(shops.exists())
    if scope.role in KEEPERS:
        families = select(Kpm.id).where(Kpm.id == DataRequest.kpm_id, inside(Kpm.desa_code, areas))
        near.append(families.exists())
    return or_(*near)


def get_erasure(erasure_id: int) -> DataRequest:
    """Return a request as an approver asks for it.

    Raises:
        NotFound: none has this id.
    """
    return get_request(erasure_id)


def is_for(scope: Actor, data_request_id: int) -> bool:
    """Tell whether the actor has a hand in a request."""
    query = select(DataRequest.id).where(DataRequest.id == data_request_id, _for(scope))
    return db.session.scalar(query) is not None


def list_own(account_id: int) -> list[DataRequest]:
    """Return what a person asked about herself, newest first."""
    query = select(DataRequest).where(DataRequest.account_id == account_id, DataRequest.kind != "withdraw")
    return list(db.session.scalars(query.order_by(DataRequest.id.desc()).limit(PAGE)))


@dataclass(frozen=True)
class About:
    """Whom a request is about: an account, a family, both, or a buyer by the keyed hash of her number."""

    account_id: int | None = None
    kpm_id: int | None = None
    buyer_hash: str | None = None

    @property
    def column(self) -> ColumnElement[bool]:
        """The requests about the same; of an account and its family, those of the account."""
        if self.account_id:
            return DataRequest.account_id == self.account_id
        return DataRequest.kpm_id == self.kpm_id if self.kpm_id else DataRequest.buyer_hash == self.buyer_hash


def find_open(kind: str, about: About) -> DataRequest | None:
    """Return the open request of this kind about a person, or None."""
    query = select(DataRequest).where(DataRequest.kind == kind, DataRequest.closed_at.is_(None))
    return db.session.scalar(query.where(about.column).limit(1))


def shops_of(account_id: int) -> list[Shop]:
    """Return every shop of an owner, also those that ended."""
    return list(db.session.scalars(select(Shop).where(Shop.owner_id == account_id).order_by(Shop.id)))


def whose(account: Account | None, kpm_id: int | None, buyer_hash: str | None = None) -> Whose:
    """Return a person as the rooms know her."""
    if buyer_hash is not None:
        held = next(iter(orders.groups_of_buyer(buyer_hash)), None)
        return Whose(NOBODY, (), held.buyer_phone if held else None, NOBODY)
    if account is None:
        return Whose(kpm_id=kpm_id)
    return Whose(account.id, tuple(shop.id for shop in shops_of(account.id)), account.phone, kpm_id)


def linked_family(account: Account) -> int | None:
    """Return the family whose business this seller's shop is today, or None."""
    return _family_of(shops_of(account.id))


def whose_own(account: Account) -> Whose:
    """Return a seller with her family, as the rooms know her."""
    shops = shops_of(account.id)
    return Whose(account.id, tuple(shop.id for shop in shops), account.phone, _family_of(shops))


def _family_of(shops: Iterable[Shop]) -> int | None:
    for shop in shops:
        found = kpm_of_shop(shop.id, today(settings_of(shop.regency_code).zone))
        if found is not None:
            return found
    return None


def count_open_orders(whose: Whose) -> int:
    """Count the orders of her shops that still go their way; of a buyer, those under her number."""
    if not whose.account_id and whose.phone:
        groups = orders.groups_of_buyer(vault.blind(whose.phone, "buyer_phone"))
        return len(orders.list_unfinished(group.id for group in groups))
    query = select(func.count()).select_from(Order).where(Order.seller_id.in_(whose.shop_ids), Order.state.in_(OPEN))
    return db.session.scalar(query) or 0


@dataclass(frozen=True)
class Found:
    """Somebody whom a request on paper may be about; `value` is what the form sends back."""

    value: str
    label: str
    note: str
    account: Account | None = None
    kpm: Kpm | None = None
    buyer: OrderGroup | None = None


def find_people(words: str, *, scope: Actor) -> list[Found]:
    """Return sellers by number or shop, families by our own number, and buyers by theirs; nobody for empty words.

    All within the region. A buyer whose number has an account stands under the account.
    """
    if not words:
        return []
    found = [
        Found(f"akun-{account.id}", account.name, shop, account=account)
        for account, shop in db.session.execute(_sellers(words, scope)).all()
    ]
    query = select(Kpm).where(Kpm.pseudonym == words.upper(), inside(Kpm.regency_code, [scope.region_code]))
    kpm = db.session.scalar(query.where(Kpm.state != "erased"))
    family = [Found(f"keluarga-{kpm.id}", kpm.pseudonym, "", kpm=kpm)] if kpm else []
    return [*found, *family] or _buyers(words, scope)


def _buyers(words: str, scope: Actor) -> list[Found]:
    """Return who bought under a number in the region, once."""
    try:
        number = phone.normalise(words)
    except ValueError:
        return []
    query = select(OrderGroup, func.count()).join(Order, Order.group_id == OrderGroup.id)
    query = query.where(OrderGroup.buyer_phone == number, inside(Order.regency_code, [scope.region_code]))
    rows = db.session.execute(query.group_by(OrderGroup.id).order_by(OrderGroup.id.desc())).all()
    if not rows:
        return []
    group, count = rows[0][0], sum(row[1] for row in rows)
    said = _n("%(n)s pesanan, tanpa akun", "%(n)s pesanan, tanpa akun", count, n=count)
    return [Found(f"pembeli-{group.id}", group.buyer_name or "", said, buyer=group)]


def _sellers(words: str, scope: Actor) -> Select[Account, str]:
    query = select(Account, Shop.name).join(Shop, Shop.owner_id == Account.id)
    query = query.where(Account.role == "seller", Account.state != "ended")
    query = query.where(inside(Shop.regency_code, [scope.region_code]))
    try:
        named = Account.phone == phone.normalise(words)
    except ValueError:
        named = or_(func.lower(Shop.name) == words.lower(), Shop.slug == words.lower().rpartition("/")[2])
    return query.where(named).order_by(Account.id).limit(MOST_FOUND)


def list_acts_about(whose: Whose, most: int | None) -> list[tuple[AuditEntry, str]]:
    """Return what others did to her account, her shops and her goods, newest first, with their names."""
    goods = select(Product.id).where(Product.shop_id.in_(whose.shop_ids)).order_by(Product.id.desc()).limit(MOST_GOODS)
    subjects = [f"account:{whose.account_id}", *(f"shop:{number}" for number in whose.shop_ids)]
    subjects += [f"product:{number}" for number in db.session.scalars(goods)]
    query = select(AuditEntry, Account.name).join(Account, Account.id == AuditEntry.actor_id)
    query = query.where(AuditEntry.subject.in_(subjects), AuditEntry.actor_id != whose.account_id)
    rows = db.session.execute(query.order_by(AuditEntry.id.desc()).limit(most)).all()
    return [(entry, name) for entry, name in rows]
