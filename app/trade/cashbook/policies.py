"""Who may look into a cash book: its writer, nobody else; no office, and no pendamping either."""

from __future__ import annotations

from app.core.policy import Actor
from app.trade.cashbook.models import CashEntry


def wrote(actor: Actor, entry: CashEntry) -> bool:
    """Her own entry: whoever takes over a shop begins a book of his own."""
    return actor.role == "seller" and entry.owner_id == actor.id
