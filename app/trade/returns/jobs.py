"""What time does with the photos of complaints."""

from __future__ import annotations

from app.core import jobs
from app.trade.returns import operations

HOUR = 3600


@jobs.every(HOUR, "returns.forget-photos")
def forget_photos() -> None:
    """Delete the photos that buyers sent 180 days after their orders ended."""
    operations.forget_old()
