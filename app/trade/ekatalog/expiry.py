"""Papers that end: who is told, once per threshold, and which rounds it touches; true also when no clock has run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select, true

from app.core.clock import now, today
from app.core.db import advisory_lock, db
from app.core.policy import Actor
from app.goods.permits import rules as permit_rules
from app.goods.permits.models import Permit
from app.goods.shops.models import Shop
from app.people.accounts.policies import areas_of
from app.people.places.queries import inside
from app.trade.ekatalog import rules
from app.trade.ekatalog.cases import Case, cases_of, loaded
from app.trade.ekatalog.models import PaperNotice, Submission

LOCK = 7_330_000_000_001


@dataclass(frozen=True)
class Expiring:
    """A paper that ends within two months, or has: `days` is the threshold it reached, `notice` that it was told."""

    permit: Permit
    last_day: date
    days: int
    left: int
    rounds: tuple[Case, ...]
    notice: PaperNotice | None

    @property
    def ended(self) -> bool:
        """Whether its last day is over."""
        return self.left < 0

    @property
    def unread(self) -> bool:
        """Whether she has not said that she knows."""
        return self.notice is None or self.notice.read_at is None


def list_of_shop(shop_id: int) -> list[Expiring]:
    """Return the papers of a shop that end, the nearest first."""
    return _list(Submission.shop_id == shop_id)


def list_in(scope: Actor) -> list[Expiring]:
    """Return those of the actor's areas."""
    return _list(Submission.shop_id.in_(select(Shop.id).where(inside(Shop.desa_code, areas_of(scope)))))


def count_unread(shop_id: int) -> int:
    """Count the papers of a shop that end and that she does not know of yet."""
    return sum(each.unread for each in list_of_shop(shop_id))


def _list(whose: ColumnElement[bool]) -> list[Expiring]:
    by_permit: dict[int, list[Case]] = defaultdict(list)
    permits: dict[int, Permit] = {}
    for case in cases_of(_rounds(whose)):
        for permit in case.papers.values():
            permits[permit.id] = permit
            by_permit[permit.id].append(case)
    notices = _notices(permits)
    found = []
    for number, permit in permits.items():
        last, day = permit.last_day, by_permit[number][0].day
        watched = permit_rules.watch(last, day)
        if last is not None and watched is not None:
            told = notices.get((number, watched[0]))
            found.append(Expiring(permit, last, watched[0], (last - day).days, tuple(by_permit[number]), told))
    return sorted(found, key=lambda each: (each.last_day, each.permit.id))


def _rounds(whose: ColumnElement[bool]) -> list[Submission]:
    """Return the open rounds of shops that have a paper which may end soon."""
    latest = today("Asia/Jayapura") + timedelta(days=permit_rules.WATCH[0])
    ends = or_(Permit.expires_on <= latest, (Permit.kind == "pirt") & Permit.expires_on.is_(None))
    shops = select(Permit.shop_id).where(Permit.replaced_at.is_(None), ends)
    query = loaded().where(whose, Submission.state.not_in(rules.ENDED), Submission.shop_id.in_(shops))
    return list(db.session.scalars(query.order_by(Submission.id)))


def _notices(permit_ids: Iterable[int]) -> dict[tuple[int, int], PaperNotice]:
    rows = db.session.scalars(select(PaperNotice).where(PaperNotice.permit_id.in_(set(permit_ids))))
    return {(row.permit_id, row.days): row for row in rows}


def tell() -> int:
    """Write down what is told from now on; returns how many. A threshold that was slept through is not told after."""
    advisory_lock(LOCK)
    fresh = [each for each in _list(true()) if each.notice is None]
    db.session.add_all(PaperNotice(permit_id=each.permit.id, days=each.days) for each in fresh)
    db.session.flush()
    return len(fresh)


def read(permit: Permit, *, by: Actor) -> None:
    """Write down that she knows that her paper ends, until the next threshold."""
    advisory_lock(LOCK)
    for each in list_of_shop(permit.shop_id):
        if each.permit.id == permit.id and each.unread:
            notice = each.notice or PaperNotice(permit_id=permit.id, days=each.days)
            notice.read_by_id, notice.read_at = by.id, now()
            db.session.add(notice)
    db.session.flush()
