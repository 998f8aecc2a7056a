"""Whether the settings of a bazaar can be: dates in order, pools within the hall. Pure values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.trade.bazaars.rules import TOTAL, Pool


@dataclass(frozen=True)
class Plan:
    """The settings of a bazaar, as far as they can contradict each other."""

    starts_at: datetime | None
    ends_at: datetime | None
    soft: datetime | None
    hard: datetime | None
    decision: datetime | None
    reserved_until: datetime | None
    standstill: timedelta
    stalls: int
    pools: tuple[Pool, ...]
    contact: str
    place: str
    rubric: str


def impossible(plan: Plan, moment: datetime) -> dict[str, str]:
    """Return what cannot be, as field → reason; empty when the call may open."""
    found: dict[str, str] = {}
    for name in ("place", "contact", "rubric", "soft", "hard", "decision"):
        if not getattr(plan, name):
            found[name] = "missing"
    found |= _dates(plan, moment) | beyond(plan.pools, plan.stalls)
    return found


def _dates(plan: Plan, moment: datetime) -> dict[str, str]:
    found: dict[str, str] = {}
    soft, hard, decision, start = plan.soft, plan.hard, plan.decision, plan.starts_at
    if start is None or plan.ends_at is None:
        return {"day": "missing"}
    if start <= moment:
        found["day"] = "past"
    if soft and soft <= moment:
        found["soft"] = "past"
    if soft and hard and hard < soft:
        found["hard"] = "before_soft"
    if hard and decision and decision < hard:
        found["decision"] = "before_hard"
    if decision and decision >= start:
        found["decision"] = "after_start"
    elif decision and decision + plan.standstill > start:
        found["standstill"] = "no_time"
    return found | _reserve(plan, start)


def _reserve(plan: Plan, start: datetime) -> dict[str, str]:
    if not any(pool.kind == "reserved" for pool in plan.pools):
        return {}
    if plan.reserved_until is None:
        return {"reserved_until": "missing"}
    return {"reserved_until": "after_start"} if plan.reserved_until > start else {}


def beyond(pools: Sequence[Pool], stalls: int) -> dict[str, str]:
    """Return the pools that promise more than the hall or the ground holds.

    >>> beyond([Pool("total", 10), Pool("first_timer", 11, "reserved")], 10)
    {'first_timer': 'beyond_hall', 'reserved': 'beyond_hall'}
    >>> beyond([Pool("total", 21)], 10), beyond([], 10)
    ({'total': 'beyond_stalls'}, {'total': 'missing'})
    """
    hall = next((pool.capacity for pool in pools if pool.key == TOTAL and pool.kind == "max"), None)
    if hall is None:
        return {"total": "missing"}
    found = {pool.key: "beyond_hall" for pool in pools if pool.capacity > hall}
    kept = sum(pool.capacity for pool in pools if pool.kind == "reserved")
    if kept > hall:
        found["reserved"] = "beyond_hall"
    # A stall may be shared by two sellers.
    if hall > 2 * stalls:
        found["total"] = "beyond_stalls"
    return found
