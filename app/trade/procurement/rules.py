"""Orders of government offices in plain values: what a paper proves, and which days can be.

Source: spec/ekatalog.md ("Government orders that follow"), spec/trade.md (evidence). No clock: the day is given.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

SOURCE: Final = "government"
# The evidence of a sale that somebody should look at (app.trade.sales.rules).
MARKED: Final = "D"
ORDER, HANDOVER = PAPERS = ("order", "handover")
MOST_QTY: Final = 100_000
MOST_AMOUNT: Final = 2_000_000_000
REASONS: Final = {"A": "serah terima ditandatangani", "C": "surat pesanan"}


def grade(papers: Collection[str]) -> str:
    """Return the evidence of an order: a signed handover proves that goods and money changed hands.

    >>> grade({"order", "handover"}), grade({"order"})
    ('A', 'C')
    """
    return "A" if HANDOVER in papers else "C"


def can_be(day: date, shown_on: date, this_day: date) -> bool:
    """Tell whether an office can have bought on a day: from the day the product was seen in the catalogue until now.

    >>> can_be(date(2026, 11, 2), date(2026, 11, 1), date(2026, 11, 25))
    True
    >>> can_be(date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 25))
    False
    """
    return shown_on <= day <= this_day


def key_of(order_id: int) -> str:
    """Name the one line of the book that an order has."""
    return f"{SOURCE}:{order_id}"


def back_key_of(order_id: int, return_id: int) -> str:
    """Name the line against it that a return has."""
    return f"{SOURCE}:{order_id}:back:{return_id}"
