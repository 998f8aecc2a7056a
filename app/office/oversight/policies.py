"""Who may look over shoulders: the data-protection officer, who sells nothing and decides nothing."""

from __future__ import annotations

from app.core.policy import Actor


def is_steward(actor: Actor) -> bool:
    """The data-protection officer or auditor."""
    return actor.role == "steward"
