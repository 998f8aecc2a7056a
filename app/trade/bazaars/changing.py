"""What changes after the call was opened: more time, its end, another day, or no bazaar at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.core import audit
from app.core.clock import now
from app.core.errors import StaleVersion
from app.core.policy import Actor
from app.trade.bazaars import plans, queries, rules, steps
from app.trade.bazaars.models import Bazaar
from app.trade.bazaars.operations import Day, Frozen, Impossible, plan_of, set_span, write_days

BEFORE_CLOSED = ("draft", "open_call", "curation", "published", "running", "postponed")


def extend(
    bazaar: Bazaar, soft: datetime, hard: datetime, decision: datetime, *, version: int | None = None, by: Actor
) -> None:
    """Give sellers more time; dates only move on, and everybody in it is told.

    Raises:
        StaleVersion: somebody changed it since this form was opened.
        Frozen: a date would move back.
        Impossible: the new dates contradict each other or the day.
    """
    bazaar = steps.begin(bazaar, "open_call")
    _newest(bazaar, version)
    olds = (bazaar.soft_deadline, bazaar.hard_deadline, bazaar.decision_at)
    if any(old is not None and new < old for old, new in zip(olds, (soft, hard, decision), strict=True)):
        raise Frozen(bazaar)
    bazaar.soft_deadline, bazaar.hard_deadline, bazaar.decision_at = soft, hard, decision
    bazaar.version += 1
    problems = plans.impossible(plan_of(bazaar), now())
    if soft == olds[0]:
        # Who is late may be given more time although the first end stays where it was.
        problems.pop("soft", None)
    if problems:
        raise Impossible(problems)
    steps.tell_all(bazaar, "more_time", str(bazaar.version), until=hard.isoformat())
    audit.record(by, "bazaar.extended", bazaar)


def close_call(bazaar: Bazaar, reason: str, *, by: Actor) -> None:
    """End the call by hand, before its time.

    Raises:
        NoReason: without a sentence.
    """
    bazaar = steps.begin(bazaar, "open_call")
    if not reason:
        raise steps.NoReason(bazaar)
    steps.move_bazaar(bazaar, "curation", by=by, reason=reason)


def postpone(bazaar: Bazaar, reason: str, *, by: Actor) -> None:
    """Put a bazaar off: applications stay, open offers go back to their place in line.

    Raises:
        NoReason: without a sentence.
    """
    bazaar = steps.begin(bazaar, "open_call", "curation", "published")
    if not reason:
        raise steps.NoReason(bazaar)
    for application in queries.list_states(bazaar.id, ("offered",)):
        steps.move(application, "waitlisted", by=by, reason=reason)
    for application in queries.list_states(bazaar.id, rules.ASKED_AGAIN):
        # Whoever has not answered the dates before is asked about the next ones.
        application.asked_until = None
    bazaar.postponed_from, bazaar.reason = bazaar.state, reason
    steps.move_bazaar(bazaar, "postponed", by=by, reason=reason)
    steps.tell_all(bazaar, "postponed", str(bazaar.version), reason=reason)


def resume(
    bazaar: Bazaar,
    days: Sequence[Day],
    soft: datetime | None,
    hard: datetime | None,
    decision: datetime | None,
    *,
    version: int | None = None,
    by: Actor,
) -> None:
    """Give a postponed bazaar new dates; everybody in it is asked again, and keeps place and number
    until she answers or the clock of that question ends.

    Raises:
        StaleVersion: somebody changed it since this form was opened.
        Impossible: the new dates are past or contradict each other.
    """
    bazaar = steps.begin(bazaar, "postponed")
    _newest(bazaar, version)
    announced = bazaar.postponed_from == "published"
    set_span(bazaar, days)
    write_days(bazaar, days)
    if not announced:
        bazaar.soft_deadline, bazaar.hard_deadline, bazaar.decision_at = soft, hard, decision
    problems = plans.impossible(plan_of(bazaar), now())
    if announced or bazaar.postponed_from == "curation":
        problems = {key: why for key, why in problems.items() if key == "day"}
    if problems:
        raise Impossible(problems)
    bazaar.reason = ""
    steps.move_bazaar(bazaar, bazaar.postponed_from, by=by)
    steps.tell_all(bazaar, "new_dates", str(bazaar.version), starts=bazaar.starts_at.isoformat())
    steps.ask_again(bazaar)
    if announced:
        steps.promote(bazaar)


def call_off(bazaar: Bazaar, reason: str, *, by: Actor) -> None:
    """Cancel a bazaar for good.

    Raises:
        NoReason: without a sentence.
    """
    bazaar = steps.begin(bazaar, *BEFORE_CLOSED)
    if not reason:
        raise steps.NoReason(bazaar)
    steps.cancel(bazaar, reason, by=by)


def _newest(bazaar: Bazaar, version: int | None) -> None:
    if version is not None and bazaar.version != version:
        raise StaleVersion(bazaar)
