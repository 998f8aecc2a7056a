"""Who is told."""

from __future__ import annotations

from typing import Final

from app.core.policy import Actor
from app.office.tickets import rules

TOLD: Final = frozenset({"seller"}) | rules.ANSWERS


def is_told(actor: Actor) -> bool:
    """Whoever has news: a seller of her orders, an officer of complaints to the office."""
    return actor.role in TOLD


def is_seller(actor: Actor) -> bool:
    """Whoever sells; what she is told is looked up by her own account."""
    return actor.role == "seller"
