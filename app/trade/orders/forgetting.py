"""Forgetting a buyer: her name, number, note and address go; amounts, days, seller and what was bought stay.

A keyed hash of the number stays for as long as buyers are counted (spec/trade.md); nobody can read it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Select, select, update

from app.core import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.trade.orders import later, queries
from app.trade.orders.models import Order, OrderEvent, OrderGroup

KEPT = timedelta(days=90)
AT_ONCE = 200


class StillGoing(DomainError):
    """Somebody still has to act on an order, or owes money."""

    text = _l("Masih ada yang belum selesai di pembelian ini. Baru bisa dihapus setelah semuanya selesai.")


def forget(groups: Iterable[OrderGroup], *, by: Actor | None) -> None:
    """Forget who placed these submits; a second time changes nothing.

    Raises:
        StillGoing: one of their orders is not finished.
    """
    ids = [group.id for group in groups]
    if queries.list_unfinished(ids):
        raise StillGoing(ids)
    forget_words(ids)
    for number, regency in db.session.execute(_regencies(ids)).all():
        audit.record(by, "buyer.forgotten", f"order_group:{number}", region=regency)


def forget_words(group_ids: Iterable[int]) -> None:
    """Take every word of the buyers away, whatever their orders do."""
    ids, blind = list(group_ids), {"synchronize_session": False}
    nobody = {"buyer_name": None, "buyer_phone": None, "note": ""}
    groups = update(OrderGroup).where(OrderGroup.id.in_(ids)).values(**nobody)
    orders = select(Order.id).where(Order.group_id.in_(ids))
    doors = update(Order).where(Order.group_id.in_(ids), Order.to_address != "").values(to_address="")
    said = update(OrderEvent).where(OrderEvent.order_id.in_(orders), OrderEvent.note != "").values(note="")
    for step in (groups, doors, said):
        db.session.execute(step.execution_options(**blind))
    later.forget_words(list(db.session.scalars(orders)))
    db.session.expire_all()


def _regencies(ids: list[int]) -> Select[int, str]:
    return select(Order.group_id, Order.regency_code).where(Order.group_id.in_(ids)).distinct().order_by(Order.group_id)


def forget_old() -> int:
    """Forget the buyers whose orders ended long ago and owe nobody anything; returns how many submits."""
    latest = now() - KEPT
    younger = select(Order.id).where(Order.group_id == OrderGroup.id)
    younger = younger.where((Order.ended_at.is_(None)) | (Order.ended_at > latest))
    ended = select(OrderGroup.id).where(OrderGroup.buyer_phone.is_not(None), ~younger.exists()).order_by(OrderGroup.id)
    done, last = 0, 0
    # Page by page to the end: those that somebody still owes money never stand in the way of the others.
    while ids := list(db.session.scalars(ended.where(OrderGroup.id > last).limit(AT_ONCE))):
        finished = set(ids) - {order.group_id for order in queries.list_unfinished(ids)}
        forget_words(finished)
        done, last = done + len(finished), ids[-1]
    return done
