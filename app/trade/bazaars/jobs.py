"""What time does with bazaars when nobody looks."""

from __future__ import annotations

from app.core import jobs
from app.core.clock import now
from app.trade.bazaars import queries, standing, steps

EVERY_SECONDS, HOUR = 60, 3600


@jobs.every(HOUR, "bazaars.mark")
def mark() -> None:
    """Write on the cards where their shops stand, should anything have slipped."""
    standing.mark_all()


@jobs.every(EVERY_SECONDS, "bazaars.keep_time")
def keep_time() -> None:
    """End calls and offers, begin and close the day, ask who is next."""
    for bazaar_id in queries.list_due(now()):
        steps.begin(bazaar_id)
