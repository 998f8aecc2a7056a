"""Questions about how sellers are paid, and about proofs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, or_, select, type_coerce

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.vault import Tampered, unseal
from app.goods.shops.models import Shop
from app.trade.orders import rules as order_rules
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


def offered(shop_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the methods ahead of cash that each of these shops takes now, in one question."""
    query = (
        select(PaymentMeans.shop_id, PaymentMeans.kind)
        .join(Shop, _hers())
        .where(PaymentMeans.shop_id.in_(set(shop_ids)), PaymentMeans.is_on, ~_owes(now()))
        .order_by(PaymentMeans.kind)
    )
    found: dict[int, tuple[str, ...]] = {}
    for shop_id, kind in db.session.execute(query):
        found[shop_id] = (*found.get(shop_id, ()), rules.METHOD_OF[kind])
    return found


def _owes(moment: datetime) -> ColumnElement[bool]:
    """Whether a shop has kept money that is somebody else's for a week: until it went back she takes no more ahead."""
    amount = type_coerce(MoneyEntry.amount, BigInteger)
    signed = case((MoneyEntry.kind == "payment", amount), else_=-amount)
    came = select(func.coalesce(func.sum(signed), 0)).where(
        MoneyEntry.order_id == Order.id, MoneyEntry.state == "confirmed"
    )
    due = case((Order.state.in_(order_rules.TURNED_DOWN), 0), else_=type_coerce(Order.total, BigInteger))
    latest = select(func.max(MoneyEntry.answered_at)).where(MoneyEntry.order_id == Order.id)
    long_ago = moment - timedelta(days=rules.OWES_DAYS)
    since = or_(
        and_(Order.ended_at.is_not(None), Order.ended_at <= long_ago),
        and_(Order.ended_at.is_(None), latest.correlate(Order).scalar_subquery() <= long_ago),
    )
    prepaid = select(MoneyEntry.id).where(
        MoneyEntry.order_id == Order.id, MoneyEntry.method.in_(order_rules.PREPAY), MoneyEntry.state == "confirmed"
    )
    query = select(Order.id).where(Order.seller_id == PaymentMeans.shop_id, Order.state != "handed_over", since)
    return query.where(prepaid.exists(), came.correlate(Order).scalar_subquery() > due).exists()


def owes(shop_id: int) -> bool:
    """Tell whether a shop takes nothing ahead until it has given back what it owes."""
    return bool(
        db.session.scalar(select(PaymentMeans.id).where(PaymentMeans.shop_id == shop_id, _owes(now())).limit(1))
    )


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
