"""Who may see the papers of an office's order; the office itself has the secret in their address."""

from __future__ import annotations

from app.core.policy import Actor
from app.trade.offices.models import OfficePaper
from app.trade.orders.policies import sells


def signs(actor: Actor, paper: OfficePaper) -> bool:
    """The seller whose part of the order it is about."""
    return sells(actor, paper.order)
