"""A few rupiah on top of a transfer, by which a seller knows whose money came: no two open orders of hers agree."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, or_, select

from app.core.clock import now
from app.core.db import advisory_lock, db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.kit.rupiah import Rupiah
from app.trade.orders import rules
from app.trade.orders.models import Order

METHOD: Final = "transfer_seller"
LARGEST: Final = 999
# Money may still come for an order whose time to pay is over.
LATE: Final = timedelta(days=30)
LOCK: Final = 7_520_000_000_000_000


class NoAmountLeft(DomainError):
    """A thousand transfers to one seller are open."""

    status = 429
    text = _l("Terlalu banyak transfer ke lapak ini sedang ditunggu. Pilih cara bayar lain.")


def draw(shop_ids: Iterable[int]) -> dict[int, Rupiah]:
    """Return for each of these shops an amount that none of its open transfers has; nobody else draws meanwhile.

    Raises:
        NoAmountLeft: all are taken.
    """
    return {shop_id: _draw(shop_id) for shop_id in sorted(set(shop_ids))}


def _draw(shop_id: int) -> Rupiah:
    advisory_lock(LOCK + shop_id % 10**12)
    late = and_(Order.state == "expired_unpaid", Order.ended_at > now() - LATE)
    query = select(Order.unique_amount).where(Order.seller_id == shop_id, Order.method == METHOD)
    taken = {each.amount for each in db.session.scalars(query.where(or_(Order.state.in_(rules.OPEN), late)))}
    free = [amount for amount in range(1, LARGEST + 1) if amount not in taken]
    if not free:
        raise NoAmountLeft(shop_id)
    return Rupiah(secrets.choice(free))
