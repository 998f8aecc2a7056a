"""Questions about how sellers are paid, and about proofs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, literal, select

from app.core.db import db
from app.core.errors import NotFound
from app.core.vault import Tampered, unseal
from app.goods.catalogue import beside
from app.goods.shops.models import Shop
from app.trade.orders import waits
from app.trade.orders.models import MoneyEntry, Order
from app.trade.payments import rules
from app.trade.payments.models import PaymentMeans, PaymentMeansChange, PaymentProof


def place_of(means: PaymentMeans) -> str:
    """Say what the number of an account is sealed to."""
    return f"payment_means:{means.shop_id}:number"


def account_of(means: PaymentMeans) -> str:
    """Return the number of an account, empty when it cannot be opened."""
    try:
        return unseal(means.number_sealed, place_of(means)) if means.number_sealed else ""
    except Tampered:
        return ""


def _hers() -> ColumnElement[bool]:
    return and_(Shop.id == PaymentMeans.shop_id, Shop.owner_id == PaymentMeans.owner_id)


def means_of(shop: Shop) -> dict[str, PaymentMeans]:
    """Return the ways of a shop's owner to be paid, on or off, by kind."""
    query = select(PaymentMeans).where(PaymentMeans.shop_id == shop.id, PaymentMeans.owner_id == shop.owner_id)
    return {each.kind: each for each in db.session.scalars(query)}


def find_means(shop_id: int, kind: str) -> PaymentMeans | None:
    """Return one way of a shop's owner to be paid, on or off, or None."""
    query = select(PaymentMeans).join(Shop, _hers()).where(PaymentMeans.shop_id == shop_id, PaymentMeans.kind == kind)
    return db.session.scalar(query)


def list_changes(means_ids: Iterable[int], most: int = 10) -> list[PaymentMeansChange]:
    """Return what changed last, newest first."""
    query = select(PaymentMeansChange).where(PaymentMeansChange.means_id.in_(list(means_ids)))
    return list(db.session.scalars(query.order_by(PaymentMeansChange.id.desc()).limit(most)))


_AHEAD = select(literal("1")).where(PaymentMeans.shop_id == Shop.id, PaymentMeans.owner_id == Shop.owner_id)
for _page in ("product", "shop"):
    beside.read(_page, beside.AHEAD, _AHEAD.where(PaymentMeans.is_on).limit(1).correlate(Shop).scalar_subquery())


def offered(shop_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the methods ahead of cash that each of these shops takes now; none while it owes money for too long."""
    found = set_up(shop_ids)
    owing = waits.cash_only(found) if found else set()
    return {shop_id: methods for shop_id, methods in found.items() if shop_id not in owing}


def set_up(shop_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the methods ahead of cash that the owners of these shops have set and switched on."""
    query = select(PaymentMeans.shop_id, PaymentMeans.kind).join(Shop, _hers()).order_by(PaymentMeans.kind)
    query = query.where(PaymentMeans.shop_id.in_(set(shop_ids)), PaymentMeans.is_on)
    found: dict[int, tuple[str, ...]] = {}
    for shop_id, kind in db.session.execute(query):
        found[shop_id] = (*found.get(shop_id, ()), rules.METHOD_OF[kind])
    return found


def proofs_of(order_id: int) -> dict[int, PaymentProof]:
    """Return the pictures of an order's claims that are still kept, by entry."""
    query = select(PaymentProof).where(PaymentProof.order_id == order_id, PaymentProof.name.is_not(None))
    return {each.entry_id: each for each in db.session.scalars(query)}


def get_proof(proof_id: int) -> PaymentProof:
    """Return a picture that came with a claim.

    Raises:
        NotFound: there never was one, or it was deleted.
    """
    found = db.session.get(PaymentProof, proof_id)
    if found is None or found.name is None:
        raise NotFound(proof_id)
    return found


def list_old_proofs(moment: datetime, limit: int) -> list[PaymentProof]:
    """Return pictures whose orders ended so long ago that nobody needs them."""
    query = select(PaymentProof).join(Order, Order.id == PaymentProof.order_id)
    query = query.join(MoneyEntry, MoneyEntry.id == PaymentProof.entry_id).where(MoneyEntry.state != "claimed")
    query = query.where(PaymentProof.name.is_not(None), Order.ended_at <= moment - timedelta(days=rules.PROOF_DAYS))
    return list(db.session.scalars(query.order_by(PaymentProof.id).limit(limit)))
