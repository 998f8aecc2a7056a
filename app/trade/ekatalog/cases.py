"""A round with everything that a page or a check needs beside it, loaded for one or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.core.clock import now, today
from app.core.db import db
from app.core.errors import NotFound
from app.goods.categories.models import BusinessType
from app.goods.permits import queries as permits
from app.goods.permits import rules as permit_rules
from app.goods.permits.models import Permit
from app.goods.products.models import Revision
from app.goods.shops.models import Shop
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


@dataclass(frozen=True)
class Seen:
    """A category as one region sees it: when it takes submissions, and when somebody looked."""

    category: EkatalogCategory
    open_from: date | None
    open_until: date | None
    checked_on: date | None


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
            answers={key: {**answer.value, "on": answer.at.date().isoformat()} for key, answer in self.answers.items()},
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
    found = db.session.scalar(loaded().where(Submission.id == submission_id))
    if found is None:
        raise NotFound(submission_id)
    return cases_of([found])[0]


def lock(submission: Submission) -> None:
    """Queue for a round and read it again."""
    query = select(Submission).where(Submission.id == submission.id).with_for_update()
    db.session.scalars(query, execution_options={"populate_existing": True}).one()


def cases_of(submissions: Sequence[Submission]) -> list[Case]:
    """Load what belongs to several rounds, in a handful of questions for all of them."""
    ids, shops = [each.id for each in submissions], {each.shop_id for each in submissions}
    papers, answers, marks = permits.current_of(shops), _newest(Answer, ids), _newest(SubmissionCheck, ids)
    photos, (sets, others) = _photos(ids), _sets()
    seen = {code: seen_in(code) for code in {each.regency_code for each in submissions}}
    accepted, revisions = accepted_kbli(), _revisions(submissions)
    kbli, known = _trade_kbli(submissions), _known(submissions)
    return [
        Case(
            submission=each,
            revision=revisions[each.id],
            seen=seen[each.regency_code].get(each.category_code or ""),
            items=sets[each.set_version],
            other_items=others[each.profile],
            permits=papers[each.shop_id],
            answers=answers[each.id],
            photos=tuple(photos[each.id]),
            marks=marks[each.id],
            accepted=accepted[each.category_code or ""],
            trade_kbli=kbli[each.shop.business_type_slug],
            known=each.shop.owner_id in known,
            day=today(settings_of(each.regency_code).zone),
        )
        for each in submissions
    ]


def loaded() -> Select[Submission]:
    """Begin a question about rounds with their shop and product."""
    return select(Submission).options(joinedload(Submission.shop), joinedload(Submission.product))


Said = TypeVar("Said", Answer, SubmissionCheck)


def _newest(kind: type[Said], ids: Iterable[int]) -> dict[int, dict[str, Said]]:
    found: dict[int, dict[str, Said]] = defaultdict(dict)
    for row in db.session.scalars(select(kind).where(kind.submission_id.in_(ids)).order_by(kind.id)):
        found[row.submission_id][row.key] = row
    return found


def _photos(ids: Iterable[int]) -> dict[int, list[SubmissionPhoto]]:
    query = select(SubmissionPhoto).where(SubmissionPhoto.submission_id.in_(ids), SubmissionPhoto.removed_at.is_(None))
    found: dict[int, list[SubmissionPhoto]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(SubmissionPhoto.id)):
        found[row.submission_id].append(row)
    return found


def _sets() -> tuple[dict[str, tuple[Item, ...]], dict[str, tuple[Item, ...]]]:
    """Return the items of every set by version, and by profile those of the other profile's newest set."""
    rows = list(db.session.scalars(select(RequirementSet).order_by(RequirementSet.valid_from, RequirementSet.version)))
    items = {each.version: reference.items_of(each.items) for each in rows}
    newest = {each.profile: items[each.version] for each in rows if each.valid_from <= now().date()}
    first, second = rules.PROFILES
    return items, {first: newest.get(second, ()), second: newest.get(first, ())}


def seen_in(regency_code: str) -> dict[str, Seen]:
    """Return how each category stands for a region: as its officers, or those of the region around, last saw it."""
    categories = db.session.scalars(select(EkatalogCategory))
    seen = {each.code: Seen(each, each.open_from, each.open_until, each.checked_on) for each in categories}
    there = select(func.max(CategoryCheck.id)).where(CategoryCheck.regency_code.in_(around(regency_code)))
    newest = select(CategoryCheck).where(CategoryCheck.id.in_(there.group_by(CategoryCheck.category_code)))
    for row in db.session.scalars(newest):
        seen[row.category_code] = Seen(seen[row.category_code].category, row.open_from, row.open_until, row.checked_on)
    return seen


def accepted_kbli() -> dict[str, frozenset[tuple[str, str]]]:
    """Return which classes of business each category takes, none for what is no category."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in db.session.scalars(select(AcceptedKbli)):
        found[row.category_code].add((row.kbli_version, row.kbli_code))
    return defaultdict(frozenset, {code: frozenset(codes) for code, codes in found.items()})


def _revisions(submissions: Sequence[Submission]) -> dict[int, Revision]:
    """Return the wording of each round: the one it was sent with, else the one on sale."""
    wanted = {
        each.id: each.product.approved_revision_id if each.state in rules.FILLING else each.revision_id
        for each in submissions
    }
    query = select(Revision).options(joinedload(Revision.category)).where(Revision.id.in_(set(wanted.values())))
    by_id = {row.id: row for row in db.session.scalars(query)}
    return {number: by_id[revision_id] for number, revision_id in wanted.items() if revision_id}


def _trade_kbli(submissions: Sequence[Submission]) -> dict[str, tuple[str, str]]:
    slugs = {each.shop.business_type_slug for each in submissions}
    rows = db.session.scalars(select(BusinessType).where(BusinessType.slug.in_(slugs)))
    return {row.slug: (row.kbli_version, row.kbli_code) for row in rows}


def _known(submissions: Sequence[Submission]) -> set[int]:
    owners = {each.shop.owner_id for each in submissions}
    return set(db.session.scalars(select(LoginCard.account_id).where(LoginCard.account_id.in_(owners)).distinct()))
