"""Questions about visits: whom to look after first, what the book says, what was said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.core import vault
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.growth.businesses.queries import shops_of
from app.growth.capital.models import AidGrant
from app.growth.mentoring import rules
from app.growth.mentoring.models import MonitoringVisit, VisitItem
from app.growth.mentoring.rules import Due
from app.kit.periods import month_of, zone_named
from app.kit.rupiah import Rupiah
from app.people.families import queries as families
from app.people.families.models import Enrollment, Kpm
from app.people.places.queries import settings_of
from app.trade.sales import queries as sales
from app.trade.sales.rules import Span

MONITORING = "graduation_monitoring"
MOST_FAMILIES = 2_000
PAGE = 40
SHOWN_VISITS = 12


@dataclass(frozen=True)
class Case:
    """A family of a caseload: when and why a visit is due, and when the last one was."""

    kpm: Kpm
    due: Due | None
    last: date | None


def list_cases(today: date, *, scope: Actor) -> list[Case]:
    """Return the actor's families, whoever is due longest first, then those without a due visit."""
    query = select(Kpm).options(joinedload(Kpm.identity)).where(families.in_scope(scope), Kpm.state == "active")
    kpms = list(db.session.scalars(query.order_by(Kpm.id).limit(MOST_FAMILIES)))
    ids = [kpm.id for kpm in kpms]
    visits, left, aided = _days_of_visits(ids), _days_of_leaving(ids), _days_of_aid(ids)
    zones = {code: settings_of(code).zone for code in {kpm.regency_code for kpm in kpms}}
    cases = [
        _case(kpm, zones[kpm.regency_code], visits[kpm.id], left.get(kpm.id), aided[kpm.id], today) for kpm in kpms
    ]
    return sorted(cases, key=lambda case: (case.due is None, case.due.on if case.due else today, case.kpm.id))


def case_of(kpm: Kpm, today: date) -> Case:
    """Return when one family is due."""
    ids, zone = [kpm.id], settings_of(kpm.regency_code).zone
    left = _days_of_leaving(ids).get(kpm.id)
    return _case(kpm, zone, _days_of_visits(ids)[kpm.id], left, _days_of_aid(ids)[kpm.id], today)


def _case(kpm: Kpm, zone: str, visits: list[date], left: date | None, aided: list[date], today: date) -> Case:
    since = zone_named(zone).local(kpm.created_at).date()
    due = rules.next_visit(since=since, left_on=left, aided_on=aided, visits=visits, today=today)
    return Case(kpm, due, max(visits, default=None))


def _days_of_visits(ids: Iterable[int]) -> dict[int, list[date]]:
    rows = db.session.execute(
        select(MonitoringVisit.kpm_id, MonitoringVisit.visited_on).where(MonitoringVisit.kpm_id.in_(list(ids)))
    )
    return _grouped((row.kpm_id, row.visited_on) for row in rows)


def _days_of_leaving(ids: Iterable[int]) -> dict[int, date]:
    rows = db.session.execute(
        select(Enrollment.kpm_id, Enrollment.exit_date, Enrollment.ended_on).where(
            Enrollment.kpm_id.in_(list(ids)), Enrollment.program == "pkh", Enrollment.exit_kind.is_not(None)
        )
    )
    days = _grouped((row.kpm_id, row.exit_date or row.ended_on) for row in rows if row.exit_date or row.ended_on)
    return {kpm_id: max(each) for kpm_id, each in days.items()}


def _days_of_aid(ids: Iterable[int]) -> dict[int, list[date]]:
    rows = db.session.execute(select(AidGrant.kpm_id, AidGrant.granted_on).where(AidGrant.kpm_id.in_(list(ids))))
    return _grouped((row.kpm_id, row.granted_on) for row in rows)


def _grouped(pairs: Iterable[tuple[int, date]]) -> dict[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    for kpm_id, day in pairs:
        found[kpm_id].append(day)
    return found


def booked_months(kpm_id: int, today: date) -> dict[date, Rupiah | None]:
    """Return the takings of the last three whole months as the book has them; None without the family's consent."""
    months = rules.last_months(today)
    if families.find_consent(kpm_id, MONITORING, now()) is None:
        return dict.fromkeys(months)
    spans = [Span(each.shop_id, each.first, each.last) for each in shops_of(kpm_id)]
    sums: dict[date, Rupiah] = defaultdict(lambda: Rupiah(0))
    for taking in sales.list_months(spans, months[0], month_of(months[-1])[1]):
        sums[taking.month] += taking.amount
    return {month: sums[month] for month in months}


def get_visit(visit_id: int) -> MonitoringVisit:
    """Return a visit with its answers and its family.

    Raises:
        NotFound: there is none.
    """
    query = select(MonitoringVisit).options(
        joinedload(MonitoringVisit.kpm).joinedload(Kpm.identity),
        selectinload(MonitoringVisit.items),
        selectinload(MonitoringVisit.months),
    )
    found = db.session.scalar(query.where(MonitoringVisit.id == visit_id))
    if found is None:
        raise NotFound(visit_id)
    return found


def find_by_key(key: str) -> MonitoringVisit | None:
    """Return the visit that this form wrote before, or None."""
    return db.session.scalar(select(MonitoringVisit).where(MonitoringVisit.key == key))


def list_visits(kpm_id: int, limit: int = SHOWN_VISITS) -> list[MonitoringVisit]:
    """Return a family's visits, newest first."""
    query = select(MonitoringVisit).where(MonitoringVisit.kpm_id == kpm_id)
    query = query.order_by(MonitoringVisit.visited_on.desc(), MonitoringVisit.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def said_of(visit: MonitoringVisit) -> str:
    """Return what was said at a visit. The caller has asked `may_see_visit`."""
    return vault.unseal(visit.said_sealed, said_place(visit)) if visit.said_sealed else ""


def said_place(visit: MonitoringVisit) -> str:
    """Name the place that the words of a visit are sealed to."""
    return f"monitoring_visit:{visit.id}:said"


def latest_answers(kpm_ids: Iterable[int], first: date, last: date) -> dict[int, dict[str, VisitItem]]:
    """Return the newest answer to each question of several families' visits in these days; the unasked are left out."""
    query = select(MonitoringVisit.kpm_id, VisitItem).join(VisitItem, VisitItem.visit_id == MonitoringVisit.id)
    query = query.where(MonitoringVisit.kpm_id.in_(list(kpm_ids)), VisitItem.value != "unknown")
    query = query.where(MonitoringVisit.visited_on.between(first, last))
    found: dict[int, dict[str, VisitItem]] = defaultdict(dict)
    for kpm_id, item in db.session.execute(query.order_by(MonitoringVisit.visited_on, MonitoringVisit.id)):
        found[kpm_id][item.criterion] = item
    return found
