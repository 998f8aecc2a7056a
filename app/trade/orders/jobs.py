"""What time does with orders when nobody looks."""

from __future__ import annotations

from app.core import jobs
from app.trade.orders import forgetting, operations

EVERY_SECONDS = 30
HOUR = 3600


@jobs.every(EVERY_SECONDS, "orders.expire")
def expire() -> None:
    """End overdue orders; readers treat them as ended already."""
    operations.expire_due()


@jobs.every(HOUR, "orders.forget-buyers")
def forget_buyers() -> None:
    """Forget buyers 90 days after their orders, as the privacy page promises."""
    forgetting.forget_old()
