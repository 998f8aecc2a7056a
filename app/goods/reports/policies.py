"""Who may answer reports."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.curation.policies import may_watch
from app.goods.reports.queries import Case


def may_judge(actor: Actor, case: Case) -> bool:
    """A curator of the region, for goods that are not his own."""
    return may_watch(actor, case.item)
