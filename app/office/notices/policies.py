"""Who is told."""

from __future__ import annotations

from app.core.policy import Actor


def is_seller(actor: Actor) -> bool:
    """Whoever sells; what she is told is looked up by her own account."""
    return actor.role == "seller"
