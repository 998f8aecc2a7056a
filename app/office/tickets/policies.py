"""Who answers complaints to the office."""

from __future__ import annotations

from app.core.policy import Actor
from app.office.tickets import rules
from app.office.tickets.models import Ticket
from app.people.places.rules import within


def answers(actor: Actor) -> bool:
    """Officers for goods and for families, and their head; each complaint has the name of one under its answer."""
    return actor.role in rules.ANSWERS


def may_answer(actor: Actor, ticket: Ticket) -> bool:
    """Such an officer of its region."""
    return answers(actor) and within(ticket.regency_code, actor.region_code)
