"""The least valid review. It opens its own transaction and returns the stored row."""

from __future__ import annotations

from app.core.db import transaction
from app.trade.orders import queries as orders
from app.trade.orders.models import Order
from app.trade.reviews import operations
from app.trade.reviews.models import Review


def make_review(order: Order, stars: int = 5, words: str = "Masir dan gurih.", line: int = 0) -> Review:
    """What a buyer thinks of one line of an order that was handed over."""
    with transaction():
        return operations.review(order, orders.list_lines(order.id)[line].id, stars, words)
