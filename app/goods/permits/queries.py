"""Questions about permits."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import g, has_request_context
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.core import stamps
from app.core.clock import today
from app.core.db import db, writing
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.categories.models import BusinessType
from app.goods.categories.queries import words_of
from app.goods.permits import rules
from app.goods.permits.models import PaperNeed, Permit
from app.goods.shops.models import Shop
from app.goods.shops.queries import related
from app.kit import words
from app.people.accounts.policies import areas_of
from app.people.places.queries import inside, settings_of

PAGE = 20
BARS = "bars_asked"
SEALS = "seals_asked"
DATA = Path(__file__).resolve().parents[2] / "data"
MOST_ENDING = 200
# Papers that count now, of one shop or of many.
_KEPT: Final = (Permit.replaced_at.is_(None), Permit.number != "")
EVERY = "semua"


@dataclass(frozen=True, slots=True)
class Seal:
    """A paper that strangers may rely on: verified, and holding to the end of `last_day` when it names one."""

    kind: str
    word: str
    number: str
    last_day: date | None


def get_permit(permit_id: int) -> Permit:
    """Return a permit with its shop: the loader of its scan.

    Raises:
        NotFound: none has this id, or it has no scan.
    """
    query = select(Permit).options(joinedload(Permit.shop)).where(Permit.id == permit_id, Permit.scan.is_not(None))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(permit_id)
    return found


def find_current(shop_id: int, kind: str) -> Permit | None:
    """Return the paper of a kind that counts now, or None."""
    query = select(Permit).where(Permit.shop_id == shop_id, Permit.kind == kind, Permit.replaced_at.is_(None))
    return db.session.scalar(query)


def current_of(shop_ids: set[int]) -> dict[int, dict[str, Permit]]:
    """Return the papers that count now, by shop and kind."""
    query = select(Permit).where(Permit.shop_id.in_(shop_ids), Permit.replaced_at.is_(None)).order_by(Permit.id)
    found: dict[int, dict[str, Permit]] = {number: {} for number in shop_ids}
    for permit in db.session.scalars(query):
        found[permit.shop_id][permit.kind] = permit
    return found


def lock(permit: Permit) -> None:
    """Queue for a paper and read it again."""
    query = select(Permit).where(Permit.id == permit.id).with_for_update()
    db.session.scalars(query, execution_options={"populate_existing": True}).one()


def day_of(permit: Permit) -> date:
    """Return the day it is where the shop is."""
    return today(settings_of(permit.shop.regency_code).zone)


def list_of(shop_id: int) -> list[Permit]:
    """Return all papers that a shop ever had, the newest first."""
    return list(db.session.scalars(select(Permit).where(Permit.shop_id == shop_id).order_by(Permit.id.desc())))


def list_seals(shop_id: int, zone: str) -> list[Seal]:
    """Return the papers of a shop that strangers may rely on today, in the order of SHOWN.

    What waits to be checked leaves the one before in force; one that was turned down leaves none. Asked once a request.
    """
    day = today(zone)
    if writing() or not has_request_context():
        return _seals(shop_id, day)
    asked: dict[tuple[int, date], list[Seal]] = g.setdefault(SEALS, {})
    if (shop_id, day) not in asked:
        asked[shop_id, day] = _seals(shop_id, day)
    return asked[shop_id, day]


def _seals(shop_id: int, day: date) -> list[Seal]:
    columns = (Permit.kind, Permit.number, Permit.expires_on, Permit.state)
    judged = (Permit.kind.in_(rules.SHOWN), Permit.state != "uploaded", Permit.number != "")
    found = db.session.execute(select(*columns).where(Permit.shop_id == shop_id, *judged).order_by(Permit.id))
    newest = {row.kind: row for row in found}
    seals = []
    for kind, word in rules.SHOWN.items():
        if row := newest.get(kind):
            last = rules.ends_on(kind, row.number, row.expires_on)
            if rules.state_on(row.state, last, day) == "verified":
                seals.append(Seal(kind, word, row.number, last))
    return seals


def list_waiting(after: int | None = None, limit: int = PAGE, *, scope: Actor) -> list[Permit]:
    """Return the papers that wait for this curator, the longest waiting first, one more than `limit`."""
    query = select(Permit).join(Permit.shop).options(contains_eager(Permit.shop)).where(*_waiting(scope))
    if after:
        query = query.where(Permit.id > after)
    return list(db.session.scalars(query.order_by(Permit.id).limit(limit + 1)))


def count_waiting(*, scope: Actor) -> int:
    """Count the papers that wait for this curator."""
    query = select(func.count()).select_from(Permit).join(Permit.shop).where(*_waiting(scope))
    return db.session.scalar(query) or 0


def list_ending(day: date, *, scope: Actor) -> list[Permit]:
    """Return the papers of the actor's areas that end within the first step of WATCH or have ended.

    The earliest first, one more than are shown.
    """
    query = select(Permit).join(Permit.shop).options(contains_eager(Permit.shop))
    return _ending(query.where(*_current(scope)), day)[: MOST_ENDING + 1]


def count_all_ending(day: date, *, scope: Actor) -> int:
    """Count the same, all of them."""
    return len(_ending(select(Permit).join(Permit.shop).where(*_current(scope)), day))


def count_ending(shop_id: int, day: date, *, besides: Collection[int]) -> int:
    """Count the papers of a shop that end within the first step of WATCH or have ended, except some."""
    ending = _ending(select(Permit).where(Permit.shop_id == shop_id, *_KEPT), day)
    return sum(each.id not in besides for each in ending)


def _ending(query: Select[Permit], day: date) -> list[Permit]:
    named = Permit.expires_on <= day + timedelta(days=rules.WATCH[0])
    within_number = and_(Permit.kind == "pirt", Permit.expires_on.is_(None))
    query = query.where(Permit.state != "rejected", or_(named, within_number))
    ending = [each for each in db.session.scalars(query) if rules.watch(each.last_day, day) is not None]
    return sorted(ending, key=lambda each: (each.last_day or day, each.id))


def _current(scope: Actor) -> tuple[ColumnElement[bool], ...]:
    return inside(Shop.desa_code, areas_of(scope)), Shop.state != "ended", *_KEPT


def _waiting(scope: Actor) -> tuple[ColumnElement[bool], ...]:
    """Leave out what this curator entered, what was entered in his name, his own shop's, and his kin's."""
    stranger = and_(
        Permit.entered_by_id != scope.id,
        func.coalesce(Permit.on_behalf_of_id, 0) != scope.id,
        Shop.owner_id != scope.id,
    )
    return *_current(scope), Permit.state == "uploaded", Permit.scan.is_not(None), stranger, ~related(scope)


def bars() -> dict[str, str]:
    """Return the words that tell of food which may not be P-IRT, and why, as curators keep them; asked once a request.

    Inside a transaction, where such a word may just have changed, they are asked for again.
    """
    if writing() or not has_request_context():
        return words_of("bar")
    found: dict[str, str] | None = g.get(BARS)
    if found is None:
        found = stamps.keep("bars", "all", lambda: words_of("bar"))
        setattr(g, BARS, found)
    return found


def why_not_pirt(legality: str, name: str, storage: str, shelf_days: int | None) -> str:
    """Return the code of why goods of a category may not be P-IRT or need none; empty when they may, or are no food."""
    return rules.bar(words.split(name), storage, shelf_days, bars()) if rules.fitting(legality) else ""


def doubts_of_kbli(version: str, code: str, business_type_slug: str) -> tuple[str, ...]:
    """Return what looks strange about the class on a NIB: nobody here knows it, or her business is of another.

    The tables are of one version; a code of another is not compared.
    """
    rows = db.session.execute(select(BusinessType.kbli_version, BusinessType.kbli_code))
    known = {(row.kbli_version, row.kbli_code) for row in rows}
    known |= _catalogue_classes()
    if version not in {each for each, _code in known}:
        return ()
    if (version, code) not in known:
        return ("kbli_unknown",)
    business = db.session.get(BusinessType, business_type_slug)
    same = business is None or (business.kbli_version, business.kbli_code) == (version, code)
    return () if same else ("kbli_other",)


@lru_cache(maxsize=1)
def _catalogue_classes() -> frozenset[tuple[str, str]]:
    """Return version and code of each class that e-Katalog names. Source: app/data/ekatalog/README.md."""
    with (DATA / "ekatalog/kbli.csv").open(encoding="utf-8", newline="") as file:
        return frozenset((row["kbli_versi"], row["kbli"]) for row in csv.DictReader(file))


def papers_of_business(business_type_slug: str) -> list[str]:
    """Return the papers that a kind of business needs, with those that all of them need."""
    sector = select(BusinessType.sector).where(BusinessType.slug == business_type_slug).scalar_subquery()
    query = select(PaperNeed.kind).where(or_(PaperNeed.sector == EVERY, PaperNeed.sector == sector))
    return list(db.session.scalars(query))


def papers_by_sector() -> dict[str, list[str]]:
    """Return the papers that each sector of business needs; `semua` stands for all of them."""
    found: dict[str, list[str]] = {EVERY: []}
    for need in db.session.scalars(select(PaperNeed).order_by(PaperNeed.sector, PaperNeed.kind)):
        found.setdefault(need.sector, []).append(need.kind)
    return found
