"""Questions about visits: whom to look after first, what the book says, what was said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, literal, select, true, union_all
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.functions import coalesce, current_date

from app.core import vault
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.products.models import Product, Revision
from app.growth.businesses.models import Business
from app.growth.businesses.queries import shops_of
from app.growth.capital.models import AidGrant
from app.growth.mentoring import rules
from app.growth.mentoring.models import AgreedAction, MonitoringVisit, OwnWish, VisitItem
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


Days = dict[tuple[str, int], list[date]]
"""Days by what happened on them and to which family."""


@dataclass(frozen=True)
class Case:
    """A family of a caseload: when and why a visit is due, when the last one was, and what else waits for her.

    `actions` are those agreed on that are open, `late` those past their day; `alone` says that it wishes to stand
    without aid, `bare` that a shop of it shows no photo.
    """

    kpm: Kpm
    due: Due | None
    last: date | None
    actions: int = 0
    late: int = 0
    alone: bool = False
    bare: bool = False

    def waits(self, day: date) -> bool:
        """Whether somebody should go there by a day: a visit is due, or something agreed on is late."""
        return self.late > 0 or (self.due is not None and self.due.on <= day)


@dataclass(frozen=True)
class Standing:
    """How a family stands alone: since when without aid, for how many months, and whether its business still ran."""

    since: date
    months: int
    running: dict[int, bool | None]


def list_cases(today: date, *, scope: Actor) -> list[Case]:
    """Return the actor's families, whoever is due longest first, then those without a due visit."""
    query = select(Kpm).options(joinedload(Kpm.identity)).where(families.in_scope(scope), Kpm.state == "active")
    kpms = list(db.session.scalars(query.order_by(Kpm.id).limit(MOST_FAMILIES)))
    ids = [kpm.id for kpm in kpms]
    known = days_of(ids)
    zones = {code: settings_of(code).zone for code in {kpm.regency_code for kpm in kpms}}
    cases = [_case(kpm, zones[kpm.regency_code], known, today) for kpm in kpms]
    return sorted(cases, key=lambda case: (case.due is None, case.due.on if case.due else today, case.kpm.id))


def case_of(kpm: Kpm, today: date) -> tuple[Case, Standing | None]:
    """Return when one family is due, and how it stands since its last aid."""
    known = days_of([kpm.id])
    return _case(kpm, settings_of(kpm.regency_code).zone, known, today), _standing(kpm.id, known, today)


def _case(kpm: Kpm, zone: str, known: Days, today: date) -> Case:
    visits, actions = known["visit", kpm.id], known["action", kpm.id]
    return Case(
        kpm,
        due_of(kpm.id, zone_named(zone).local(kpm.created_at).date(), known, today),
        max(visits, default=None),
        actions=len(actions),
        late=sum(1 for day in actions if day < today),
        alone=bool(known["alone", kpm.id]),
        bare=bool(known["bare", kpm.id]),
    )


def due_of(kpm_id: int, since: date, known: Days, today: date) -> Due | None:
    """Return when a family is due that was written down on a day, from its visits, its leaving PKH and its aid."""
    left, aided, visits = max(known["left", kpm_id], default=None), known["aid", kpm_id], known["visit", kpm_id]
    return rules.next_visit(since=since, left_on=left, aided_on=aided, visits=visits, today=today)


def days_of(ids: Iterable[int] | Select[int], only: Container[str] | None = None) -> Days:
    """Return the days that a caseload is made of, by what and family, in one question; `only` some of them.

    Visits, also by what they found; leaving PKH, the end of each programme (the last of all days while it runs), aid,
    and the last day of each open action. A wish to stand alone and a shop without photos have the day of the question.
    """
    theirs: Any = ids if isinstance(ids, Select) else list(ids)
    left, met = coalesce(Enrollment.exit_date, Enrollment.ended_on), MonitoringVisit.met != "nobody"
    newest = select(func.max(OwnWish.id)).where(OwnWish.kpm_id.in_(theirs)).group_by(OwnWish.kpm_id)
    pictured = (
        select(Product.id)
        .join(Revision, Revision.product_id == Product.id)
        .where(Product.shop_id == Business.shop_id, Product.state != "deleted", Revision.photo_id.is_not(None))
    )
    parts = (
        ("visit", MonitoringVisit.kpm_id, MonitoringVisit.visited_on, true()),
        ("left", Enrollment.kpm_id, left, and_(Enrollment.program == "pkh", Enrollment.exit_kind.is_not(None))),
        ("ended", Enrollment.kpm_id, coalesce(Enrollment.ended_on, Enrollment.exit_date, date.max), true()),
        ("ran", MonitoringVisit.kpm_id, MonitoringVisit.visited_on, and_(met, MonitoringVisit.running.is_(True))),
        ("stopped", MonitoringVisit.kpm_id, MonitoringVisit.visited_on, and_(met, MonitoringVisit.running.is_(False))),
        ("aid", AidGrant.kpm_id, AidGrant.granted_on, true()),
        ("action", AgreedAction.kpm_id, AgreedAction.due_on, AgreedAction.outcome.is_(None)),
        ("alone", OwnWish.kpm_id, current_date(), and_(OwnWish.id.in_(newest), OwnWish.alone.is_(True))),
        ("bare", Business.kpm_id, current_date(), and_(Business.ended_on.is_(None), ~pictured.exists())),
    )
    asked = union_all(
        *(
            select(literal(what), kpm_id, day).where(kpm_id.in_(theirs), kept)
            for what, kpm_id, day, kept in parts
            if only is None or what in only
        )
    )
    found: Days = defaultdict(list)
    for what, kpm_id, day in db.session.execute(asked):
        if day is not None:
            found[what, kpm_id].append(day)
    return found


def _standing(kpm_id: int, known: Days, today: date) -> Standing | None:
    """Return how a family stands since its last aid; None while it is in a programme, or never had any."""
    days = [*known["ended", kpm_id], *known["aid", kpm_id]]
    if not days or max(days) > today:
        return None
    left = max(known["left", kpm_id], default=None)
    visits = [(day, ran) for ran in (True, False) for day in known["ran" if ran else "stopped", kpm_id]]
    running = rules.still_running(left, visits, today) if left else {}
    return Standing(max(days), rules.months_between(max(days), today), running)


def is_book_open(kpm_id: int, *, lock: bool = False) -> bool:
    """Tell whether the family lets its book be used now; with `lock`, whoever takes that back waits until the end."""
    if lock:
        db.session.execute(select(Kpm.id).where(Kpm.id == kpm_id).with_for_update())
    return families.find_consent(kpm_id, MONITORING, now()) is not None


def booked_months(kpm_id: int, today: date) -> dict[date, Rupiah | None]:
    """Return the takings of the last three whole months as the book has them; None without the family's consent."""
    months = rules.last_months(today)
    if not is_book_open(kpm_id):
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
