"""What is handed over gets its papers at once; whatever was missed, a job finds."""

from __future__ import annotations

from app.core import jobs
from app.core.db import transaction
from app.core.events import listen
from app.trade.offices import operations, personal, queries
from app.trade.orders.events import OrderMoved
from app.trade.orders.queries import get_order

EVERY_SECONDS = 300
HOUR = 3600


@listen(OrderMoved)
def moved(happened: OrderMoved) -> None:
    """Number the papers of what an office was given."""
    if happened.after == "handed_over" and get_order(happened.order_id).for_office:
        with transaction():
            operations.issue([get_order(happened.order_id)])


@jobs.every(EVERY_SECONDS, "offices.papers")
def issue_missing() -> None:
    """Number the papers that a moment without power left out."""
    operations.issue(queries.list_lacking())


@jobs.every(HOUR, "offices.forget")
def forget_signers() -> None:
    """Take away who signed, once the one who ordered was forgotten."""
    personal.forget_old()
