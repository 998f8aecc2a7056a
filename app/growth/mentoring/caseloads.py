"""How the work lies on each pendamping: families, visits due, agreements late, visits made. Numbers and no family."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import case, func, select

from app.core.db import db
from app.core.policy import Actor
from app.growth.mentoring import queries
from app.growth.mentoring.models import MonitoringVisit
from app.kit.periods import zone_named
from app.people.accounts.models import Account
from app.people.families.models import Kpm
from app.people.families.queries import in_scope
from app.people.places.queries import inside, settings_of
from app.people.places.rules import within

RECENT: Final = timedelta(days=90)
ASKED: Final = frozenset({"visit", "left", "aid", "action"})


@dataclass(frozen=True, slots=True)
class Caseload:
    """What lies on one pendamping on a day, or (`name` empty) in villages that no pendamping has.

    `due` families should be visited by now, the longest since `oldest`; `late` agreements are past their day. `visits`
    are those that she wrote down in the last ninety days, `last` is the newest of all.
    """

    name: str
    areas: tuple[str, ...]
    families: int
    due: int
    oldest: date | None
    late: int
    visits: int
    last: date | None


@dataclass(slots=True)
class _Village:
    """The same of one desa."""

    families: int = 0
    due: int = 0
    late: int = 0
    oldest: date = date.max


def list_caseloads(day: date, *, scope: Actor) -> list[Caseload]:
    """Return the caseloads of the actor's region, villages without a pendamping first, then whoever has most due."""
    villages = _villages(day, scope)
    made = _visits(day - RECENT, scope)
    found, looked_after = [], set()
    for account in _helpers(scope):
        hers = {code for code in villages if any(within(code, area) for area in account.areas)}
        looked_after |= hers
        visits, last = made.get(account.id, (0, None))
        found.append(_caseload(account.name, account.areas, [villages[code] for code in hers], visits, last))
    found.sort(key=lambda each: (-each.due, -each.late, each.name))
    nobody_s = sorted(villages.keys() - looked_after)
    alone = [_caseload("", nobody_s, [villages[code] for code in nobody_s], 0, None)] if nobody_s else []
    return alone + found


def _caseload(name: str, areas: list[str], villages: list[_Village], visits: int, last: date | None) -> Caseload:
    sums: Counter[str] = Counter()
    for each in villages:
        sums.update(families=each.families, due=each.due, late=each.late)
    oldest = min((each.oldest for each in villages if each.due), default=None)
    return Caseload(name, tuple(areas), sums["families"], sums["due"], oldest, sums["late"], visits, last)


def _villages(day: date, scope: Actor) -> dict[str, _Village]:
    """Return what lies in each desa; the families are counted where they live, whoever visited them last."""
    there = in_scope(scope), Kpm.state == "active"
    known = queries.days_of(select(Kpm.id).where(*there), only=ASKED)
    found: dict[str, _Village] = defaultdict(_Village)
    rows = db.session.execute(select(Kpm.id, Kpm.desa_code, Kpm.regency_code, Kpm.created_at).where(*there))
    for kpm_id, desa_code, regency_code, created_at in rows.all():
        village = found[desa_code]
        since = zone_named(settings_of(regency_code).zone).local(created_at).date()
        due = queries.due_of(kpm_id, since, known, day)
        village.families += 1
        village.late += sum(1 for each in known["action", kpm_id] if each < day)
        if due is not None and due.on <= day:
            village.due += 1
            village.oldest = min(village.oldest, due.on)
    return dict(found)


def _helpers(scope: Actor) -> list[Account]:
    query = select(Account).where(Account.role == "pendamping", Account.state == "active")
    return list(db.session.scalars(query.where(inside(Account.region_code, [scope.region_code])).order_by(Account.id)))


def _visits(first: date, scope: Actor) -> dict[int, tuple[int, date | None]]:
    """Return how many visits each person wrote down since a day, and when the newest of all was."""
    recent = func.count(case((MonitoringVisit.visited_on >= first, MonitoringVisit.id)))
    query = select(MonitoringVisit.by_id, recent, func.max(MonitoringVisit.visited_on))
    query = query.join(Kpm, Kpm.id == MonitoringVisit.kpm_id).where(in_scope(scope)).group_by(MonitoringVisit.by_id)
    return {by_id: (count, last) for by_id, count, last in db.session.execute(query)}
