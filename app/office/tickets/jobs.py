"""What time does with complaints to the office."""

from __future__ import annotations

from app.core import jobs
from app.office.tickets import operations

HOUR = 3600


@jobs.every(HOUR, "tickets.forget")
def forget() -> None:
    """Forget who complained, and in which words, 90 days after the answer."""
    operations.forget_old()
