"""What families do with their consent moves their case at once."""

from __future__ import annotations

from app.core.db import transaction
from app.core.events import listen
from app.growth.graduation import operations
from app.growth.graduation.queries import MONITORING
from app.people.families.events import ConsentGiven, ConsentWithdrawn


@listen(ConsentGiven)
def given(happened: ConsentGiven) -> None:
    """Follow the family's yes."""
    _follow(happened)


@listen(ConsentWithdrawn)
def withdrawn(happened: ConsentWithdrawn) -> None:
    """Follow the family's no."""
    _follow(happened)


def _follow(happened: ConsentGiven | ConsentWithdrawn) -> None:
    # Pages ask the consent itself, so nothing depends on this having run.
    if happened.purpose == MONITORING:
        with transaction():
            operations.follow_consent(happened.kpm_id)
