"""What officers are told of complaints to the office, in the transaction of what happened (core/outbox)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.core import outbox
from app.core.outbox import News
from app.office.tickets import queries, rules
from app.office.tickets.models import Ticket

HEAD: Final = ("head",)
REMINDERS: Final = ("ticket.near", "ticket.late")


def tell_made(ticket: Ticket) -> None:
    """Say to whoever may answer that it came and, unless it is answered, that its time runs out; late, to the head."""
    officers = queries.list_officers(ticket.regency_code)
    near = rules.near(ticket.made_at, ticket.due_at)
    outbox.tell(
        [
            *(_news(ticket, "made", officer) for officer in officers),
            *(_news(ticket, "near", officer, near) for officer in officers),
            *(_news(ticket, "late", head, ticket.due_at) for head in queries.list_officers(ticket.regency_code, HEAD)),
        ]
    )


def take_back(ticket: Ticket) -> None:
    """Say nothing more of a complaint that is answered, whoever was to hear of it."""
    outbox.drop_about(REMINDERS, ticket.code)


def _news(ticket: Ticket, what: str, officer: int, at: datetime | None = None) -> News:
    key = f"ticket:{ticket.id}:{what}:{officer}"
    return News(key, f"ticket.{what}", ("account", officer), ticket.code, at)
