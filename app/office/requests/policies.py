"""Who may see and answer requests: the steward all, an approver the erasures, others what was handed to them."""

from __future__ import annotations

from app.core.policy import Actor
from app.office.requests import queries
from app.office.requests.models import DataRequest
from app.office.requests.rules import CORRECTORS
from app.people.places.rules import within

SEES = frozenset({"steward", "approver", "pendamping", "curator", "caseworker"})
ENTERS = frozenset({"steward", "caseworker"})


def sees_requests(actor: Actor) -> bool:
    """Whoever has a hand in requests."""
    return actor.role in SEES


def enters_requests(actor: Actor) -> bool:
    """Whoever writes down what a person asks at the counter."""
    return actor.role in ENTERS


def may_see(actor: Actor, request: DataRequest) -> bool:
    """The steward, somebody whom it was handed to, or who wrote it down; an approver has a page of his own."""
    return actor.role in SEES - {"approver"} and queries.is_for(actor, request.id)


def may_handle(actor: Actor, request: DataRequest) -> bool:
    """The steward of the region."""
    return actor.role == "steward" and within(request.regency_code, actor.region_code)


def may_answer(actor: Actor, request: DataRequest) -> bool:
    """The steward, or whom it was handed to."""
    routed = actor.role in CORRECTORS and request.routed_to != "" and queries.is_for(actor, request.id)
    return may_handle(actor, request) or routed


def may_confirm(actor: Actor, request: DataRequest) -> bool:
    """An approver of the region, about an erasure; whether the proposer was another is asked when it is done."""
    return actor.role == "approver" and queries.is_for(actor, request.id)


def may_fetch(actor: Actor, request: DataRequest) -> bool:
    """The person herself."""
    return actor.role == "seller" and request.account_id == actor.id
