"""What time does with proofs."""

from __future__ import annotations

from app.core import jobs
from app.trade.payments import money

HOUR = 3600


@jobs.every(HOUR, "payments.forget-proofs")
def forget_proofs() -> None:
    """Delete the pictures that buyers sent 180 days after their orders ended."""
    money.forget_old()
