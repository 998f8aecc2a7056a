"""Who may look at what buyers send as proof: the seller herself, and whoever of the office may end the order."""

from __future__ import annotations

from app.trade.orders.policies import may_end, sells

__all__ = ("may_end", "sells")
