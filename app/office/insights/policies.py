"""Who may read the sums of a region: whoever answers for it. They hold no family and no name."""

from __future__ import annotations

from app.core.policy import Actor
from app.office.insights.definitions import Definition

READS = frozenset({"head", "approver", "caseworker"})


def reads_insights(actor: Actor) -> bool:
    """The head of the office, a section head, a caseworker; each sees the own region."""
    return actor.role in READS


def reads_definition(actor: Actor, _definition: Definition) -> bool:
    """Whoever reads the figures also reads what they mean."""
    return reads_insights(actor)
