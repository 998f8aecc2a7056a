"""What time does with rounds when nobody looks; readers see it before."""

from __future__ import annotations

from app.core import jobs
from app.core.clock import now
from app.trade.ekatalog import cases, expiry, loading, moving, queries, rules

EVERY_SECONDS = 3600


@jobs.every(EVERY_SECONDS, "ekatalog.clock")
def run_clock() -> None:
    """Ask for what a set asks from today on, note that no answer came, give back what ran out, tell what will."""
    for profile in rules.PROFILES:
        loading.adopt_current(profile)
    for case in cases.cases_of(queries.list_overdue(now().date())):
        if case.state != case.submission.state:
            moving.fetch(case)
    expiry.tell()
