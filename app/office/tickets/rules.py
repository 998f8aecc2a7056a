"""What may be complained about to the office, and until when it answers; no database, no clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

KINDS: Final = ("seller", "order", "goods", "officer", "site", "other")
ANSWERS: Final = frozenset({"curator", "caseworker", "head"})
MOST_WORDS: Final = 1000
FEWEST_WORDS: Final = 10
LINK_BITS: Final = 80
# How long the words and the number of whoever complained are kept after the answer.
KEPT: Final = timedelta(days=90)
DAY_HOURS: Final = 24
DAY: Final = timedelta(days=1)


def near(made_at: datetime, due_at: datetime) -> datetime:
    """Return when officers are told again: a day before the end, of a short clock at its half.

    >>> near(datetime(2026, 12, 1), datetime(2026, 12, 8)), near(datetime(2026, 12, 1), datetime(2026, 12, 2))
    (datetime.datetime(2026, 12, 7, 0, 0), datetime.datetime(2026, 12, 1, 12, 0))
    """
    return max(due_at - DAY, made_at + (due_at - made_at) / 2)
