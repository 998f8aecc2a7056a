"""What time does with rounds when nobody looks; readers see it before."""

from __future__ import annotations

from app.core import jobs
from app.core.clock import today
from app.kit.periods import WIT
from app.trade.ekatalog import cases, expiry, loading, moving, queries, rules

EVERY_SECONDS = 3600


@jobs.every(EVERY_SECONDS, "ekatalog.clock")
def run_clock() -> None:
    """Ask for what a set asks from today on, note that no answer came, give back what ran out, tell what will."""
    for profile in rules.PROFILES:
        loading.adopt_current(profile)
    # Where the day begins first; each round then looks at its own calendar.
    for case in cases.cases_of(queries.list_overdue(today(WIT.name))):
        if case.state != case.submission.state:
            moving.fetch(case)
    expiry.tell()
