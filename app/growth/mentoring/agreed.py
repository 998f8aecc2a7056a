"""What was agreed on a visit, followed until it is done or given up; and whether a family wishes to stand alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import joinedload

from app.core import audit, keyring, vault
from app.core.clock import today
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.i18n import _l
from app.core.policy import Actor
from app.core.together import gather
from app.growth.mentoring.models import AgreedAction, MonitoringVisit, OwnWish
from app.people.families.models import Kpm
from app.people.families.queries import in_scope
from app.people.places.queries import settings_of

SHOWN = 12
A_YEAR = timedelta(days=365)


class AlreadyClosed(DomainError):
    """Somebody ended it meanwhile."""

    text = _l("Langkah ini sudah ditutup. Buka lagi halamannya.")


class Agreed(NamedTuple):
    """An action as it is agreed on: in words, whose it is, and until when."""

    what: str
    whose: str
    due_on: date


class Work(NamedTuple):
    """What was done since a day: visits made, families with a shop among them, actions that were done."""

    visits: int
    shops: int
    done: int


def write(visit: MonitoringVisit, actions: Sequence[Agreed], *, by: Actor) -> None:
    """Keep the actions of a visit, each sealed to its row: they may name people."""
    for each in actions:
        made = AgreedAction(
            visit_id=visit.id, kpm_id=visit.kpm_id, what_sealed="", whose=each.whose, due_on=each.due_on
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        made.what_sealed = vault.seal(each.what, _place(made))
        audit.record(by, "visit.agreed", made, kpm=visit.kpm_id, whose=each.whose)
    db.session.flush()


def close(action: AgreedAction, outcome: str, *, by: Actor) -> None:
    """End an action: it was done, or is given up.

    Raises:
        AlreadyClosed: somebody ended it meanwhile.
    """
    day = today(settings_of(action.kpm.regency_code).zone)
    query = update(AgreedAction).where(AgreedAction.id == action.id, AgreedAction.outcome.is_(None))
    closed = query.values(outcome=outcome, closed_on=day, closed_by_id=by.id).returning(AgreedAction.id)
    if db.session.scalar(closed) is None:
        raise AlreadyClosed(action)
    db.session.refresh(action)
    audit.record(by, "visit.action_closed", action, kpm=action.kpm_id, outcome=outcome)


def wish(kpm: Kpm, *, alone: bool, by: Actor, visit: MonitoringVisit | None = None) -> None:
    """Write down that a family wishes to stand without aid, or not any more; nothing changes for it by that."""
    last = find_wish(kpm.id)
    if visit is None and last is not None and last.alone == alone:
        return
    made = OwnWish(kpm_id=kpm.id, alone=alone, by_id=by.id, visit_id=visit.id if visit else None)
    db.session.add(made)
    db.session.flush()
    audit.record(by, "growth.wish", made, kpm=kpm.id, alone=alone)


def get_action(action_id: int) -> AgreedAction:
    """Return an action with its family.

    Raises:
        NotFound: there is none.
    """
    query = select(AgreedAction).options(joinedload(AgreedAction.kpm).joinedload(Kpm.identity))
    found = db.session.scalar(query.where(AgreedAction.id == action_id))
    if found is None:
        raise NotFound(action_id)
    return found


def what_of(action: AgreedAction) -> str:
    """Return an action in words. The caller has asked who may see the family."""
    return vault.unseal(action.what_sealed, _place(action)) if action.what_sealed else ""


def _place(action: AgreedAction) -> str:
    return f"agreed_action:{action.id}:what"


def list_of_family(kpm_id: int, *, only_open: bool = False) -> list[AgreedAction]:
    """Return the actions of a family: open ones first, the soonest due on top, then what was closed last."""
    return list(db.session.scalars(_of_family(select(AgreedAction), kpm_id, only_open=only_open)))


def list_with_visits(kpm_id: int, visits: int) -> tuple[list[MonitoringVisit], list[AgreedAction]]:
    """Return the last visits of a family, and its actions as above, in one question."""
    last = select(MonitoringVisit.id).where(MonitoringVisit.kpm_id == kpm_id)
    last = last.order_by(MonitoringVisit.visited_on.desc(), MonitoringVisit.id.desc()).limit(visits)
    rows = gather(
        Kpm,
        [kpm_id],
        (MonitoringVisit, MonitoringVisit.id.in_(last)),
        (AgreedAction, AgreedAction.id.in_(_of_family(select(AgreedAction.id), kpm_id))),
    )[kpm_id]
    made, actions = rows[MonitoringVisit], rows[AgreedAction]
    made.sort(key=lambda each: (each.visited_on, each.id), reverse=True)
    actions.sort(key=lambda each: (each.due_on, each.id))
    actions.sort(key=lambda each: (each.outcome is None, each.closed_on or date.min), reverse=True)
    return made, actions


def _of_family(query: Select[Any], kpm_id: int, *, only_open: bool = False) -> Select[Any]:
    query = query.where(AgreedAction.kpm_id == kpm_id)
    if only_open:
        query = query.where(AgreedAction.outcome.is_(None))
    order = (AgreedAction.outcome.is_not(None), AgreedAction.closed_on.desc(), AgreedAction.due_on, AgreedAction.id)
    return query.order_by(*order).limit(SHOWN)


def list_of_visit(visit_id: int) -> list[AgreedAction]:
    """Return what was agreed on one visit."""
    query = select(AgreedAction).where(AgreedAction.visit_id == visit_id)
    return list(db.session.scalars(query.order_by(AgreedAction.id)))


def find_wish(kpm_id: int) -> OwnWish | None:
    """Return what a family said last about standing alone, or None."""
    query = select(OwnWish).where(OwnWish.kpm_id == kpm_id)
    return db.session.scalar(query.order_by(OwnWish.id.desc()).limit(1))


def find_wish_of_visit(visit_id: int) -> OwnWish | None:
    """Return what a family answered on one visit, or None."""
    return db.session.scalar(select(OwnWish).where(OwnWish.visit_id == visit_id))


def work_since(first: date, *, scope: Actor) -> Work:
    """Count the visits, the businesses helped and the actions done in the actor's areas since a day."""
    there = select(MonitoringVisit).join(Kpm, Kpm.id == MonitoringVisit.kpm_id)
    there = there.where(in_scope(scope), MonitoringVisit.visited_on >= first)
    helped = func.count(case((MonitoringVisit.running, MonitoringVisit.kpm_id)).distinct())
    done = (
        select(func.count(AgreedAction.id))
        .join(Kpm, Kpm.id == AgreedAction.kpm_id)
        .where(in_scope(scope), AgreedAction.outcome == "done", AgreedAction.closed_on >= first)
    )
    asked = there.with_only_columns(func.count(MonitoringVisit.id), helped, done.scalar_subquery())
    return Work(*db.session.execute(asked).one())


keyring.sealed(AgreedAction.what_sealed, _place)
