"""What carries news while nobody looks."""

from __future__ import annotations

from app.core import jobs, outbox
from app.office.notices import operations

EVERY_SECONDS = 5
HOUR = 3600


@jobs.every(EVERY_SECONDS, "notices.carry")
def carry() -> None:
    """Hand on what is due; whoever it is for reads it on her own page already."""
    operations.carry()


@jobs.every(HOUR, "notices.forget")
def forget() -> None:
    """Remove what was told long ago."""
    outbox.forget_old()
