"""The least valid visit. The maker opens its own transaction and returns the stored row."""

from __future__ import annotations

from itertools import count
from typing import Any

from app.core.clock import today
from app.core.db import transaction
from app.growth.mentoring import operations, queries
from app.growth.mentoring.models import MonitoringVisit
from app.people.accounts.models import Account
from app.people.families.models import Kpm
from tests.factories.people import make_account

_numbers = count(1)


def make_visit(kpm: Kpm, by: Account | None = None, **given: Any) -> MonitoringVisit:
    """A visit at home today, at which the head of the family was met and the business ran."""
    facts: dict[str, Any] = {
        "key": f"kunjungan-{next(_numbers)}",
        "visited_on": today("Asia/Jakarta"),
        "mode": "home",
        "met": "head",
        "running": True,
        "said": "Semua baik.",
        "help_wanted": [],
        "answers": {},
        "booked": {},
        "told": {},
        "photo": None,
    }
    with transaction():
        made = operations.record_visit(kpm, **(facts | given), by=by or make_account("pendamping"))
    return queries.get_visit(made.id)
