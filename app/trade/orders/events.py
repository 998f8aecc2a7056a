"""What happened to orders."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """A buyer ordered from one seller."""

    order_id: int
    group_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class OrderMoved:
    """An order went from one state to another."""

    order_id: int
    shop_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """A buyer asked to cancel what is already packed."""

    order_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class PaymentClaimed:
    """A buyer says that money was sent; the seller must answer."""

    order_id: int
    entry_id: int
