"""What a stall sold beyond what it had noted comes out of the stock at home, and online orders give way."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from app.core.db import db
from app.goods.stock import operations as stock
from app.goods.stock import queries as stock_queries
from app.goods.stock.rules import Cause
from app.trade.orders import operations as orders
from app.trade.orders import queries as order_queries


class _Overtaken(Exception):
    """Somebody took a hold between our two looks."""


def sell_at_home(variant_id: int, qty: int, cause: Cause) -> None:
    """Take units out of the stock at home that were sold already: they are gone, whoever was promised them.

    Units that nobody had counted are added; the newest online orders lose their hold and become at risk.
    """
    found = stock_queries.get_stock(variant_id)
    db.session.refresh(found)
    missing = qty - found.on_hand
    orders.make_room(variant_id, qty)
    if missing > 0:
        stock.move(variant_id, "correction", missing, cause)
    stock.move(variant_id, "event_sell", qty, cause)


def hold_still(variant_ids: Iterable[int]) -> None:
    """Lock the orders that hold these variants, then their stock: nothing is promised or ended until we are done.

    An order that took a hold in between is waited for in the same order, so that no two of us wait for each other.
    """
    wanted = sorted(set(variant_ids))
    while not _locked(wanted):
        continue


def _locked(variant_ids: list[int]) -> bool:
    with suppress(_Overtaken), db.session.begin_nested():
        held = _holders(variant_ids)
        order_queries.lock_all(held, wait=True)
        stock.lock(variant_ids)
        if set(_holders(variant_ids)) <= set(held):
            return True
        raise _Overtaken  # the savepoint gives the locks back
    return False


def _holders(variant_ids: Iterable[int]) -> list[int]:
    return sorted({number for each in variant_ids for number in order_queries.list_holders(each)})
