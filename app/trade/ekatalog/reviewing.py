"""What the office does: take, look item by item, answer, sign, hear an appeal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.core import audit
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.permits import operations as permits
from app.trade.ekatalog import bundles, checklist, filling, moving, queries, rules
from app.trade.ekatalog.cases import Case
from app.trade.ekatalog.models import Appeal, Bundle, CategoryCheck, EkatalogCategory, Submission

Results = Mapping[str, tuple[str, str]]


class NothingMarked(DomainError):
    """Sending back without saying what is wrong helps nobody."""

    status = 422
    text = _l("Tandai dulu butir yang perlu diperbaiki.")


class NoSentence(DomainError):
    """A seller is never turned away without a sentence."""

    status = 422
    text = _l("Tulis satu kalimat untuk penjual.")


class NotLookedAt(DomainError):
    """Approving means that every mandatory item was looked at; `items` names the rest."""

    text = _l("Belum ditandai benar: %(items)s.")


class SameHand(DomainError):
    """Two signatures are two people."""

    status = 403
    text = _l("Tanda tangan kedua harus dari orang lain.")


def take(case: Case, *, by: Actor) -> None:
    """Begin to look at what waits; whoever looks already goes on.

    Raises:
        OwnEntry: the actor entered part of it.
    """
    case = moving.fetch(case)
    moving.check_other_eyes(case, by)
    if case.state == "ready_for_review":
        moving.move(case.submission, "in_review", by=by)


def mark(case: Case, results: Results, *, by: Actor) -> Case:
    """Say how items are; what is not different from the last word is not said again. A paper follows its item.

    Raises:
        AlreadyMoved: nobody is looking at it now.
    """
    case = moving.fetch(case)
    if case.state != "in_review":
        raise moving.AlreadyMoved(case.submission)
    moving.check_other_eyes(case, by)
    known = {item.key for item in case.items}
    said = {key: value for key, value in results.items() if key in known and value[0] in rules.RESULTS}
    fresh = {key: value for key, value in said.items() if _differs(case, key, value)}
    moving.mark(case, fresh, by=by)
    for key, (result, note) in fresh.items():
        _judge_paper(case, key, result, note, by)
    return queries.get_case(case.submission.id)


def _differs(case: Case, key: str, value: tuple[str, str]) -> bool:
    last = case.fresh_mark(key)
    return last is None or (last.result, last.note) != value


def _judge_paper(case: Case, key: str, result: str, note: str, by: Actor) -> None:
    kinds = checklist.LICENCES if key == "licence" else (key,)
    for permit in (case.permits[kind] for kind in kinds if kind in case.permits):
        if result == "ok":
            permits.verify(permit, by=by)
        elif result == "wrong":
            permits.reject(permit, note, by=by)


def send_back(case: Case, results: Results, *, by: Actor) -> None:
    """Give it back with a sentence for each marked item.

    Raises:
        NothingMarked: no item is marked.
        NoSentence: a marked item says nothing.
    """
    case = mark(case, results, by=by)
    if not case.marked:
        raise NothingMarked(case.submission)
    if any(not case.marks[key].note for key in case.marked):
        raise NoSentence(case.submission)
    moving.move(case.submission, "returned", by=by, facts={"items": case.marked})


def approve(case: Case, results: Results, *, by: Actor) -> None:
    """Say yes: every mandatory item is in order today, and somebody looked at each.

    Raises:
        NotReady: an automatic check says no.
        NotLookedAt: an item was not marked ok.
    """
    case = mark(case, results, by=by)
    moving.check_ready(case)
    asked = [item.key for item in case.items if item.mandatory and case.checks[item.key].result == "ok"]
    open_items = [key for key in asked if not (last := case.fresh_mark(key)) or last.result != "ok"]
    if open_items or case.marked:
        raise NotLookedAt(case.submission, items=moving.titles(case, open_items or case.marked))
    case.submission.reviewed_by_id, case.submission.reviewed_at = by.id, now()
    moving.move(case.submission, "approved", by=by, facts=_snapshot(case))


def _snapshot(case: Case) -> dict[str, object]:
    return {"checks": {key: check.result for key, check in case.checks.items()}, "day": case.day.isoformat()}


def not_suitable(case: Case, sentence: str, *, by: Actor) -> None:
    """Say that it does not belong into the catalogue, with a reason; the seller may object.

    Raises:
        NoSentence: there is no reason.
    """
    if not sentence:
        raise NoSentence(case.submission)
    case = moving.fetch(case)
    moving.check_other_eyes(case, by)
    moving.move(case.submission, "not_suitable", by=by, note=sentence)
    case.submission.note = sentence[: moving.NOTE_SIGNS]
    case.submission.reviewed_by_id, case.submission.reviewed_at = by.id, now()
    db.session.flush()


def sign(case: Case, *, by: Actor) -> Bundle:
    """Give the second signature: the checks run again, and the bundle is frozen.

    Raises:
        SameHand: the actor reviewed it.
        OwnEntry: the actor entered part of it.
        AlreadyMoved: a paper ran out meanwhile, so it is back with the seller.
    """
    case = moving.fetch(case)
    if case.state != "approved":
        raise moving.AlreadyMoved(case.submission)
    if by.id == case.submission.reviewed_by_id:
        raise SameHand(case.submission)
    moving.check_other_eyes(case, by)
    moving.check_ready(case)
    submission = case.submission
    submission.signed_by_id, submission.signed_at = by.id, now()
    moving.move(submission, "exported", by=by, facts=_snapshot(case))
    return bundles.freeze(queries.get_case(submission.id), by=by)


def give_back(case: Case, key: str, sentence: str, *, by: Actor) -> None:
    """Let the approver give it back instead of signing, on one item.

    Raises:
        NoSentence: there is no reason.
    """
    if not sentence or key not in {item.key for item in case.items}:
        raise NoSentence(case.submission)
    case = moving.fetch(case)
    moving.check_other_eyes(case, by)
    moving.move(case.submission, "returned", by=by, note=sentence, facts={"items": [key]})
    moving.mark(case, {key: ("wrong", sentence)}, by=by)


def answer_appeal(case: Case, *, granted: bool, sentence: str, by: Actor) -> Submission | None:
    """Answer an objection; granted, the seller goes on in a new round.

    Raises:
        SameHand: whoever said no does not hear the objection.
        NoSentence: there is no reason.
    """
    if not sentence:
        raise NoSentence(case.submission)
    case = moving.fetch(case)
    row = queries.find_appeal(case.submission.id)
    if row is None or row.answer is not None:
        raise moving.AlreadyMoved(case.submission)
    if by.id == case.submission.reviewed_by_id:
        raise SameHand(case.submission)
    moving.check_other_eyes(case, by)
    _settle(row, granted=granted, sentence=sentence, by=by)
    if not granted or queries.find_open(case.submission.product_id) is not None:
        return None
    return filling.begin_after(case, "collecting", by=by)


def _settle(row: Appeal, *, granted: bool, sentence: str, by: Actor) -> None:
    row.answer, row.sentence = "granted" if granted else "upheld", sentence[: moving.NOTE_SIGNS]
    row.answered_by_id, row.answered_at = by.id, now()
    db.session.flush()
    audit.record(by, f"ekatalog.appeal.{row.answer}", row)


def look_at_category(
    category: EkatalogCategory, *, open_from: date | None, open_until: date | None, source_url: str, day: date,
    by: Actor,
) -> CategoryCheck:  # fmt: skip
    """Write down what an officer saw of a category in the official system today; it counts in the own region."""
    row = CategoryCheck(
        category_code=category.code, regency_code=by.region_code, open_from=open_from, open_until=open_until,
        source_url=source_url, checked_on=day, checked_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(by, "ekatalog.category.checked", f"ekatalog_category:{category.code}")
    return row
