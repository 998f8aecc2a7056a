"""The single steps that everything else is made of: each writes its event, its message, and lets the next one in.

Every operation locks the bazaar first and lets time do its part; whoever comes second sees what the first one did.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.core import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.kit.periods import Night, out_of_night
from app.people.places.queries import settings_of
from app.trade.bazaars import queries, rules, standing
from app.trade.bazaars.models import Application, Bazaar, BazaarEvent, BazaarMessage

UNANNOUNCED = "unannounced"


class NotNow(DomainError):
    """The bazaar is in another state."""

    text = _l("Ini tidak bisa dilakukan pada tahap bazar sekarang.")


class AlreadyMoved(DomainError):
    """Somebody or time was quicker."""

    text = _l("Keadaan pendaftaran ini sudah berubah. Lihat yang terbaru.")


class NoReason(DomainError):
    """Nobody is turned away without a sentence."""

    status = 422
    text = _l("Tulis alasannya dulu.")


def begin(bazaar: Bazaar | int, *states: str) -> Bazaar:
    """Lock a bazaar, let time do its part, and hold it to the states in which something may be done.

    Raises:
        NotNow: it is in another one.
    """
    locked = queries.lock(bazaar if isinstance(bazaar, int) else bazaar.id)
    keep_time(locked)
    if states and locked.state not in states:
        raise NotNow(locked)
    return locked


def move(application: Application, after: str, *, by: Actor | None, reason: str = "") -> BazaarEvent:
    """Take one step with an application.

    Raises:
        AlreadyMoved: there is no such step from where it is.
    """
    before = application.state
    if not rules.may_go(before, after):
        raise AlreadyMoved(application)
    if after in rules.ENDS:
        application.ended_at, application.end_reason = now(), reason[:300]
        if after != "settled":  # where she stood is part of the report
            leave_stall(application)
    if after != "offered":
        application.offer_expires_at = None
    if after not in rules.ASKED_AGAIN:
        application.asked_until = None
    application.state = after
    application.version += 1
    event = note(application.bazaar_id, before, after, by=by, reason=reason, application=application)
    lost = standing.moved(application, before)
    if lost:
        _tell_of_orders(application, "orders_home", event, lost)
    return event


def _tell_of_orders(application: Application, kind: str, event: BazaarEvent, orders: int) -> None:
    tell(application, kind, f"{kind}:{event.id}:{application.id}", n=orders)


def leave_stall(application: Application) -> None:
    """Take an application off the plan; who shared the stall keeps it."""
    stall = queries.find_stall_of(application.id)
    if stall is None:
        return
    if stall.main_application_id == application.id:
        stall.main_application_id, stall.second_application_id = stall.second_application_id, None
    else:
        stall.second_application_id = None
    db.session.flush()


def move_bazaar(bazaar: Bazaar, after: str, *, by: Actor | None, reason: str = "") -> None:
    """Take one step with a bazaar.

    Raises:
        NotNow: there is no such step from where it is.
    """
    before = bazaar.state
    if after not in rules.NEXT[before]:
        raise NotNow(bazaar)
    bazaar.state = after
    bazaar.version += 1
    event = note(bazaar.id, before, after, by=by, reason=reason)
    for application, kind, orders in standing.let_go(bazaar, by=by):
        _tell_of_orders(application, kind, event, orders)
    standing.mark_bazaar(bazaar)
    audit.record(by, f"bazaar.{after}", bazaar)


def note(
    bazaar_id: int,
    before: str,
    after: str,
    *,
    by: Actor | None,
    reason: str = "",
    application: Application | None = None,
) -> BazaarEvent:
    """Append what happened."""
    event = BazaarEvent(
        bazaar_id=bazaar_id,
        application_id=application.id if application else None,
        from_state=before,
        to_state=after,
        actor_id=by.id if by else 0,
        actor_role=by.role if by else "system",
        reason=reason[:300],
    )
    db.session.add(event)
    db.session.flush()
    return event


def tell(application: Application, kind: str, key: str, **facts: Any) -> None:
    """Store what a seller must be told, once for each key."""
    db.session.add(
        BazaarMessage(
            key=key[:80],
            bazaar_id=application.bazaar_id,
            application_id=application.id,
            account_id=application.shop.owner_id,
            kind=kind,
            facts=facts,
        )
    )


def end(application: Application, after: str, *, by: Actor | None, reason: str = "", kind: str = "") -> None:
    """End an application with exactly one message."""
    event = move(application, after, by=by, reason=reason)
    tell(application, kind or after, f"event:{event.id}", reason=reason)
    db.session.flush()


def tell_all(bazaar: Bazaar, kind: str, mark: str, **facts: Any) -> None:
    """Tell everybody who is still in it that something changed."""
    for application in queries.list_states(bazaar.id, rules.LIVE):
        tell(application, kind, f"{kind}:{mark}:{application.id}", **facts)
    db.session.flush()


def keep_time(bazaar: Bazaar) -> None:
    """Do what the clocks demand: lapsed offers, the end of the call, the day itself, and the next in line."""
    moment = now()
    if bazaar.state == "open_call" and bazaar.hard_deadline is not None and moment >= bazaar.hard_deadline:
        move_bazaar(bazaar, "curation", by=None)
    if bazaar.state in {"open_call", "curation", "published"}:
        lapse(bazaar, moment)
    if bazaar.state == "curation" and moment >= bazaar.starts_at:
        cancel(bazaar, UNANNOUNCED, by=None)
    if bazaar.state == "published":
        if moment >= bazaar.starts_at:
            _begin_day(bazaar)
        else:
            promote(bazaar)
    if bazaar.state == "running" and moment >= bazaar.ends_at:
        move_bazaar(bazaar, "closed", by=None)


def ask_again(bazaar: Bazaar) -> None:
    """Ask everybody whether the new dates suit her: who had said yes by an offer, all others beside their place."""
    until = answer_until(bazaar, "bazaar.reask_hours")
    for application in queries.list_states(bazaar.id, rules.LIVE):
        application.asked_until = until if application.state in rules.ASKED_AGAIN else None
        if application.state == "confirmed":
            offer(bazaar, application, until)
    db.session.flush()


def lapse(bazaar: Bazaar, moment: datetime) -> None:
    """End the offers whose time is over, and who left the new dates unanswered until hers was."""
    for application in queries.list_unanswered(bazaar.id, moment):
        end(application, "offer_lapsed", by=None, kind="unanswered" if application.asks_again else "")


def _begin_day(bazaar: Bazaar) -> None:
    """Open the day: who still waits had no place this time."""
    for application in queries.list_states(bazaar.id, ("waitlisted", "offered")):
        end(application, "offer_lapsed" if application.state == "offered" else "not_placed", by=None)
    move_bazaar(bazaar, "running", by=None)


def promote(bazaar: Bazaar) -> None:
    """Offer what is free to the first in order who fits, until nobody fits."""
    waiting = {each.id: each for each in queries.list_states(bazaar.id, ("waitlisted",))}
    if not waiting:
        return
    chosen = rules.promotions(
        [place_of(each) for each in waiting.values()],
        queries.pools_of(bazaar),
        queries.holders_of(bazaar.id),
        reserve=queries.keeps_reserve(bazaar),
    )
    for place in chosen:
        offer(bazaar, waiting[place.id])


def place_of(application: Application) -> rules.Place:
    """Return an application as the order of waiting sees it."""
    return rules.Place(
        id=application.id,
        number=application.number,
        submitted_at=application.submitted_at,
        pools=frozenset(application.pools),
        score=application.score or 0,
        bonus=application.bonus,
        past=application.past,
        late=application.late,
    )


def offer(bazaar: Bazaar, application: Application, until: datetime | None = None) -> None:
    """Hold a place for somebody, until her answer or the clock."""
    expires = until or answer_until(bazaar)
    before = application.state
    if not rules.may_go(before, "offered"):
        raise AlreadyMoved(application)
    # The offer itself is the question.
    application.state, application.offer_expires_at, application.asked_until = "offered", expires, None
    application.version += 1
    standing.moved(application, before)
    event = note(bazaar.id, before, "offered", by=None, application=application)
    tell(application, "offered", f"event:{event.id}", until=expires.isoformat())
    db.session.flush()


def answer_until(bazaar: Bazaar, clock: str = "bazaar.offer_hours") -> datetime:
    """Return when a question asked now lapses: never at night, never after the bazaar has begun."""
    settings, moment = settings_of(bazaar.regency_code), now()
    hours = (int(settings.get(clock)), int(settings.get("bazaar.late_offer_hours")))
    night = Night(int(settings.get("clock.night_from")), int(settings.get("clock.night_until")))
    wanted = out_of_night(moment + rules.offer_hours(bazaar.starts_at - moment, *hours), settings.zone, night)
    return min(wanted, max(bazaar.starts_at, moment + timedelta(seconds=1)))


def cancel(bazaar: Bazaar, reason: str, *, by: Actor | None) -> None:
    """End a bazaar that will not be: everybody in it is told once."""
    bazaar.reason = reason
    live = queries.list_states(bazaar.id, rules.LIVE)
    move_bazaar(bazaar, "cancelled", by=by, reason=reason)
    for application in live:
        end(application, "not_placed", by=by, reason=reason, kind="cancelled")
