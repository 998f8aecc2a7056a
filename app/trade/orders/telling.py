"""What a seller must be told of her orders, written down in the transaction of what happened (core/outbox)."""

from __future__ import annotations

from collections.abc import Mapping

from app.core import outbox
from app.core.clock import now
from app.core.outbox import News
from app.trade.orders import queries
from app.trade.orders.models import Order


def tell_placed(orders: Mapping[int, int], order_codes: Mapping[int, str], regencies: Mapping[int, str]) -> None:
    """Say to each seller that there is an order, and once more later if she does not answer; all three by shop."""
    moment, news = now(), []
    for shop_id, order_id in orders.items():
        whom, code, hours = ("shop", shop_id), order_codes[shop_id], queries.hours_of(regencies[shop_id])
        later = hours.after(moment, hours.remind)
        news.append(News(f"order:{order_id}:placed", "order.placed", whom, code))
        news.append(News(_remind_key(order_id), "order.remind", whom, code, later))
    outbox.tell(news)


def tell_seller(order: Order, what: str) -> None:
    """Say to the seller what happened to an order; each version of an order tells once."""
    whom = ("shop", order.seller_id)
    outbox.tell([News(f"order:{order.id}:{what}:{order.version}", f"order.{what}", whom, order.code)])


def tell_moved(order: Order, before: str, who: str) -> None:
    """Say that an order moved, unless she did it herself; answered in time, she is not reminded of it."""
    if before == "placed":
        outbox.drop(_remind_key(order.id))
    if who != "seller":
        tell_seller(order, order.state)


def _remind_key(order_id: int) -> str:
    return f"order:{order_id}:remind"
