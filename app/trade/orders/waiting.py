"""How many orders of one number may wait for one seller's answer: whoever invents orders cannot hold a stall's goods.

Why this and no limit per address: docs/decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, bindparam, func, select

from app.core.clock import now
from app.core.db import advisory_lock, db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.goods.shops.models import Shop
from app.people.places.queries import settings_of
from app.trade.orders.models import Order, OrderGroup

SETTING = "orders.most_waiting"
_order, _group, _shop = (cast("Table", each.__table__) for each in (Order, OrderGroup, Shop))
_COUNT = (
    select(_shop.c.id, _shop.c.name, func.count())
    .join_from(_group, _order, _order.c.group_id == _group.c.id)
    .join(_shop, _shop.c.id == _order.c.seller_id)
    .where(_group.c.buyer_phone_hash == bindparam("buyer"))
    # From the few orders of this number: the sum keeps the engine off the index of all that wait at a shop.
    .where((_order.c.seller_id + 0).in_(bindparam("shops", expanding=True)))
    .where(_order.c.state == "placed", _order.c.accept_by > bindparam("moment"))
    .group_by(_shop.c.id, _shop.c.name)
    .order_by(_shop.c.id)
)


class TooManyWaiting(DomainError):
    """So many orders of this number wait for this seller's answer already."""

    status = 429
    text = _l(
        "Di %(shop)s sudah ada %(most)s pesanan dari nomor ini yang belum dijawab. "
        "Tunggu jawaban penjual, atau batalkan satu dulu."
    )


def check(buyer: str, regencies: Mapping[int, str]) -> None:
    """Refuse another order when as many as the kabupaten allows wait already.

    Args:
        buyer: keyed hash of the number.
        regencies: the kabupaten of each shop that is ordered from.

    Raises:
        TooManyWaiting: at one of these shops.
    """
    advisory_lock(int(buyer[:14], 16))  # many at once count each other
    facts = {"buyer": buyer, "shops": sorted(regencies), "moment": now()}
    for shop_id, name, waiting in db.session.connection().execute(_COUNT, facts):
        most = int(settings_of(regencies[shop_id]).get(SETTING))
        if waiting >= most:
            raise TooManyWaiting(shop_id, shop=name, most=most)
