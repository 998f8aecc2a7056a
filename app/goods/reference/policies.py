"""Who keeps the lists."""

from __future__ import annotations

from app.core.policy import Actor


def may_keep(actor: Actor, entry: object) -> bool:
    """Any curator: the lists are the market's, no region's."""
    return actor.role == "curator"
