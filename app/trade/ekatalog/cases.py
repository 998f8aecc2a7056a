"""A round with everything that a page or a check needs beside it, loaded for one or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.core import stamps
from app.core.clock import today
from app.core.db import db
from app.core.errors import NotFound
from app.core.together import Rows, gather
from app.goods.categories.models import BusinessType
from app.goods.permits import rules as permit_rules
from app.goods.permits.models import Permit
from app.goods.products.models import Product, Revision
from app.goods.shops.models import Shop
from app.kit.periods import WIB, Zone, zone_named
from app.people.accounts.models import LoginCard
from app.people.places.queries import settings_of
from app.people.places.rules import around
from app.trade.ekatalog import checklist, reference, rules
from app.trade.ekatalog.models import (
    AcceptedKbli,
    Answer,
    CategoryCheck,
    EkatalogCategory,
    RequirementSet,
    Submission,
    SubmissionCheck,
    SubmissionPhoto,
)
from app.trade.ekatalog.rules import Check, Facts, Item, Paper

Items = tuple[Item, ...]


@dataclass(frozen=True)
class Seen:
    """A category as one region sees it: when it takes submissions, and when somebody looked."""

    category: EkatalogCategory
    open_from: date | None
    open_until: date | None
    checked_on: date | None

    @classmethod
    def of(cls, category: EkatalogCategory, check: CategoryCheck | None) -> Seen:
        """Return a category as the last look at it says, or as the house brought it when nobody looked."""
        told = check or category
        return cls(category, told.open_from, told.open_until, told.checked_on)


@dataclass(frozen=True)
class Case:
    """A round with all that belongs to it, as it is on `day`."""

    submission: Submission
    revision: Revision
    seen: Seen | None
    items: tuple[Item, ...]
    other_items: tuple[Item, ...]
    permits: dict[str, Permit]
    answers: dict[str, Answer]
    photos: tuple[SubmissionPhoto, ...]
    marks: dict[str, SubmissionCheck]
    accepted: frozenset[tuple[str, str]]
    trade_kbli: tuple[str, str]
    known: bool
    day: date
    zone: Zone

    @property
    def shop(self) -> Shop:
        """The shop that asks."""
        return self.submission.shop

    @property
    def kbli(self) -> tuple[str, str]:
        """The class on the NIB, as long as there is none that of the kind of business."""
        nib = self.permits.get("nib")
        return (nib.kbli_version or "", nib.kbli_code) if nib and nib.kbli_code else self.trade_kbli

    @cached_property
    def checks(self) -> dict[str, Check]:
        """How each item stands by itself today."""
        return checklist.assess(self.items, self.facts)

    @property
    def facts(self) -> Facts:
        """Plain values for the checks."""
        revision, legality = self.revision, self.revision.category.legality
        return Facts(
            day=self.day,
            kbli=self.kbli,
            accepted=self.accepted,
            category_state=self._category_state(),
            papers={kind: self._paper(permit) for kind, permit in self.permits.items()},
            answers={
                key: {**answer.value, "on": self.zone.local(answer.at).date().isoformat()}
                for key, answer in self.answers.items()
            },
            photo_sides=[min(each.width, each.height) for each in self.photos if each.purpose == "product"],
            label_photos=sum(each.purpose == "label" for each in self.photos),
            name=revision.name,
            description=revision.description,
            weight_g=revision.net_weight_g,
            price=revision.price.amount,
            legality=frozenset(legality.split(";")),
            known=self.known,
        )

    @property
    def category(self) -> EkatalogCategory | None:
        """The category that was chosen."""
        return self.seen.category if self.seen else None

    def _category_state(self) -> str:
        if self.seen is None:
            return "none"
        return "open" if rules.is_open(self.seen.open_from, self.seen.open_until, self.day) else "closed"

    def _paper(self, permit: Permit) -> Paper:
        last = permit_rules.ends_on(permit.kind, permit.number, permit.expires_on)
        kbli = (permit.kbli_version or "", permit.kbli_code) if permit.kbli_code else None
        return Paper(permit_rules.state_on(permit.state, last, self.day), last, kbli)

    @cached_property
    def papers(self) -> dict[str, Permit]:
        """The papers that this product needs, by kind."""
        asked = checklist.papers_for(self.items, self.revision.category.legality)
        return {kind: permit for kind, permit in self.permits.items() if kind in asked}

    @property
    def ran_out(self) -> list[str]:
        """The items whose paper has ended, whatever the state of the round."""
        return [key for key, check in self.checks.items() if check.note == "paper_expired"]

    @property
    def beside(self) -> tuple[str, int, int]:
        """How far the product is for the other version of the catalogue: its name, how many are ok, of how many.

        The categories are others there, so that item stays open.
        """
        checks = checklist.assess(self.other_items, replace(self.facts, category_state="none"))
        other = next(each for each in rules.PROFILES if each != self.submission.profile)
        return other, *rules.readiness(self.other_items, checks)

    @property
    def lacking(self) -> list[str]:
        """The mandatory items that are not ok today."""
        return rules.lacking(self.items, self.checks)

    @property
    def readiness(self) -> tuple[int, int]:
        """How many mandatory items are ok, of how many."""
        return rules.readiness(self.items, self.checks)

    @cached_property
    def state(self) -> str:
        """How the round stands today, whether or not a clock has run."""
        stored = self.submission.state
        broken = self.lacking if stored == "approved" else ()
        return rules.state_on(stored, self.submission.answer_due, broken, self.day)

    @property
    def marked(self) -> list[str]:
        """The items that came back to be mended."""
        return [item.key for item in self.items if self._mark_of(item.key) in rules.BAD]

    def _mark_of(self, key: str) -> str:
        mark = self.marks.get(key)
        return mark.result if mark else ""

    @property
    def editable(self) -> list[str]:
        """The items that may be answered now: all while collecting, the marked ones when it came back."""
        if self.state == "collecting":
            return [item.key for item in self.items]
        if self.state != "returned":
            return []
        return self.marked if self.submission.state == "returned" else self.lacking

    def touched(self, key: str) -> datetime | None:
        """When an item was last answered, None when never."""
        moments = [self.answers[key].at] if key in self.answers else []
        moments += [self.permits[kind].created_at for kind in checklist.papers_of(key) if kind in self.permits]
        moments += [max(each.at, each.removed_at or each.at) for each in self.photos if key == f"{each.purpose}s"]
        moments += [each.at for each in self.photos if each.purpose == key == "label"]
        if key in checklist.FROM_PRODUCT or key == "price":
            moments.append(self.revision.submitted_at)
        return max(moments, default=None)

    def fresh_mark(self, key: str) -> SubmissionCheck | None:
        """Return what a reviewer said about an item, None when it was changed since."""
        mark, touched = self.marks.get(key), self.touched(key)
        return mark if mark and (touched is None or touched < mark.at) else None

    @property
    def unmended(self) -> list[str]:
        """The items that came back and are still as they were; who she is, is not hers to mend."""
        if self.submission.state != "returned":
            return []
        return [key for key in self.marked if self.fresh_mark(key) and key != "identity"]

    def shown(self, key: str) -> str:
        """The result that her page shows: what a reviewer said last while nothing has changed, else the check's own."""
        return self._mark_of(key) if key in self.unmended else self.checks[key].result

    @property
    def next_key(self) -> str | None:
        """The one item to do next, None when it can be sent."""
        return next(iter(self.unmended), None) or rules.next_item(self.items, self.checks, self.editable)

    @property
    def enterers(self) -> set[int]:
        """Everybody who entered any part of it, also those for whom somebody did."""
        submission = self.submission
        found = {submission.started_by_id, submission.started_for_id, submission.submitted_by_id, self.shop.owner_id}
        found |= {each.by_id for each in self.answers.values()} | {each.by_id for each in self.photos}
        found |= {each.entered_by_id for each in self.permits.values()} | {self.revision.submitted_by_id}
        return {number for number in found if number}


def get_case(submission_id: int) -> Case:
    """Return a round with its surroundings: the loader of every page about one.

    Raises:
        NotFound: no round has this id.
    """
    found = _cases(Submission.id == submission_id)
    if not found:
        raise NotFound(submission_id)
    return found[0]


def lock(submission: Submission) -> None:
    """Queue for a round and read it again."""
    query = select(Submission).where(Submission.id == submission.id).with_for_update()
    db.session.scalars(query, execution_options={"populate_existing": True}).one()


def cases_of(submissions: Sequence[Submission]) -> list[Case]:
    """Load what belongs to several rounds, in a handful of questions for all of them."""
    if not submissions:
        return []
    ids = [each.id for each in submissions]
    found = {case.submission.id: case for case in _cases(Submission.id.in_(ids))}
    return [found[number] for number in ids]


def _cases(which: ColumnElement[bool]) -> list[Case]:
    rows = db.session.execute(_facts().where(which)).all()
    (sets, others), held = _sets(), _held([row.Submission.id for row in rows])
    return [
        _case(row, (sets[row.Submission.set_version], others[row.Submission.profile]), held[row.Submission.id])
        for row in rows
    ]


def _case(row: Row[Any], items: tuple[Items, Items], held: Rows) -> Case:
    category, check = row.EkatalogCategory, row.CategoryCheck
    zone = settings_of(row.Submission.regency_code).zone
    return Case(
        submission=row.Submission,
        revision=row.Revision,
        seen=Seen.of(category, check) if category else None,
        items=items[0],
        other_items=items[1],
        permits={each.kind: each for each in held[Permit]},
        answers={each.key: each for each in held[Answer]},
        photos=tuple(held[SubmissionPhoto]),
        marks={each.key: each for each in held[SubmissionCheck]},
        accepted=frozenset((each.kbli_version, each.kbli_code) for each in held[AcceptedKbli]),
        trade_kbli=(row.kbli_version, row.kbli_code),
        known=row.known,
        day=today(zone),
        zone=zone_named(zone),
    )


def cases_of_each(*lists: Sequence[Submission]) -> list[list[Case]]:
    """Load the rounds of several lists at once; one that stands in two of them is read once."""
    rounds = {each.id: each for some in lists for each in some}
    known = {case.submission.id: case for case in cases_of(list(rounds.values()))}
    return [[known[each.id] for each in some] for some in lists]


def loaded() -> Select[Submission]:
    """Begin a question about rounds with their shop and product."""
    return select(Submission).options(joinedload(Submission.shop), joinedload(Submission.product))


def _held(ids: Sequence[int]) -> dict[int, Rows]:
    """Return by round what was given to it and said of it, its shop's papers, and what its category takes."""
    return gather(
        Submission,
        ids,
        (Answer, Answer.submission_id == Submission.id),
        (SubmissionCheck, SubmissionCheck.submission_id == Submission.id),
        (SubmissionPhoto, and_(SubmissionPhoto.submission_id == Submission.id, SubmissionPhoto.removed_at.is_(None))),
        (Permit, and_(Permit.shop_id == Submission.shop_id, Permit.replaced_at.is_(None))),
        (AcceptedKbli, AcceptedKbli.category_code == Submission.category_code),
    )


def _sets() -> tuple[dict[str, Items], dict[str, Items]]:
    """Return the items of every set by version, and by profile those of the other profile's newest set."""
    rows, day = _kept_sets(), today(WIB.name)
    newest = {profile: items for _version, profile, valid_from, items in rows if valid_from <= day}
    first, second = rules.PROFILES
    others = {first: newest.get(second, ()), second: newest.get(first, ())}
    return {version: items for version, *_rest, items in rows}, others


def items_by_version() -> dict[str, Items]:
    """Return the items of every set."""
    return {version: items for version, *_rest, items in _kept_sets()}


def _kept_sets() -> list[tuple[str, str, date, Items]]:
    return stamps.keep("ekatalog", "sets", _every_set)


def _every_set() -> list[tuple[str, str, date, Items]]:
    rows = db.session.scalars(select(RequirementSet).order_by(RequirementSet.valid_from, RequirementSet.version))
    return [(each.version, each.profile, each.valid_from, reference.items_of(each.items)) for each in rows]


def seen_in(regency_code: str) -> dict[str, Seen]:
    """Return how each category stands for a region: as its officers, or those of the region around, last saw it."""
    there = CategoryCheck.regency_code.in_(around(regency_code))
    newest = select(func.max(CategoryCheck.id)).where(there).group_by(CategoryCheck.category_code)
    last = and_(CategoryCheck.category_code == EkatalogCategory.code, CategoryCheck.id.in_(newest))
    rows = db.session.execute(select(EkatalogCategory, CategoryCheck).outerjoin(CategoryCheck, last))
    return {category.code: Seen.of(category, check) for category, check in rows}


def accepted_kbli() -> dict[str, frozenset[tuple[str, str]]]:
    """Return which classes of business each category takes, none for what is no category."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in db.session.scalars(select(AcceptedKbli)):
        found[row.category_code].add((row.kbli_version, row.kbli_code))
    return defaultdict(frozenset, {code: frozenset(codes) for code, codes in found.items()})


@cache
def _facts() -> Select[Any]:
    """Begin a question about rounds with what stands once beside each.

    That is its wording (the one it was sent with, else the one on sale), the class of her kind of business, whether
    somebody knows her, and the category that was chosen with how it was last seen for the region.
    """
    filling, card = Submission.state.in_(rules.FILLING), select(LoginCard.id)
    wording = case((filling, Product.approved_revision_id), else_=Submission.revision_id)
    known = card.where(LoginCard.account_id == Shop.owner_id).exists().label("known")
    return (
        select(Submission, Revision, BusinessType.kbli_version, BusinessType.kbli_code, known)
        .add_columns(EkatalogCategory, CategoryCheck)
        .select_from(Submission)
        .join(Submission.product)
        .join(Submission.shop)
        .join(Revision, Revision.id == wording)
        .join(BusinessType, BusinessType.slug == Shop.business_type_slug)
        .outerjoin(EkatalogCategory, EkatalogCategory.code == Submission.category_code)
        .outerjoin(CategoryCheck, CategoryCheck.id == _newest_check())
        .options(contains_eager(Submission.product), contains_eager(Submission.shop), joinedload(Revision.category))
    )


def _newest_check() -> ColumnElement[int]:
    """Ask, within a question about rounds, for the last look at their category in their region or around it."""
    seen = aliased(CategoryCheck)
    here = or_(
        seen.regency_code == Submission.regency_code, Submission.regency_code.startswith(seen.regency_code + ".")
    )
    query = select(func.max(seen.id)).where(seen.category_code == Submission.category_code, here)
    return query.correlate(Submission).scalar_subquery()
