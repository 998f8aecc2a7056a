"""Answering wordings: at most one answer each, and what buyers see changes in the same transaction."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from app.core import audit
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.curation import queries, rules
from app.goods.curation.models import Decision, RefusalReason
from app.goods.products import operations as products
from app.goods.products.models import Product, Revision
from app.goods.shops.operations import Related
from app.goods.shops.queries import is_kin

MOST_SENTENCE = 300


class AlreadyAnswered(DomainError):
    """Another curator was quicker; the subject is the answer."""

    text = _l("Produk ini sudah dijawab petugas lain.")


class Overtaken(DomainError):
    """The seller has sent a newer wording meanwhile."""

    text = _l("Penjual baru saja mengubah produk ini. Periksa yang terbaru.")


class NeedsALook(DomainError):
    """What touches a claim, a photo or a price is answered one by one."""

    text = _l("Perubahan ini perlu dilihat satu per satu.")


class OwnEntry(DomainError):
    """Nobody decides what they entered."""

    status = 403
    text = _l("Ini isian Anda sendiri. Petugas lain yang memeriksa.")


class NoReason(DomainError):
    """A seller is never turned away without a sentence."""

    status = 422
    text = _l("Pilih alasannya dulu.")


def load() -> int:
    """Store the reasons that a curator picks from; returns how many were added."""
    if db.session.scalar(select(func.count()).select_from(RefusalReason)):
        return 0
    rows = [
        {"code": code, "sentence": sentence, "field": field, "position": position, "active": True}
        for position, (code, sentence, field) in enumerate(rules.REASONS, 1)
    ]
    db.session.execute(insert(RefusalReason), rows)
    return len(rows)


def approve(revision: Revision, *, by: Actor) -> Decision:
    """Let buyers see a wording.

    Raises:
        AlreadyAnswered: somebody was quicker.
        Overtaken: the seller has sent a newer one.
    """
    decision = _answer(revision, "approve", "approved", by)
    products.publish(revision, by=by)
    audit.record(by, "revision.approved", revision)
    return decision


def approve_plain(case: queries.Case, *, by: Actor) -> Decision:
    """Let buyers see a change that needs no look of its own; what it is now is asked once it is locked.

    Raises:
        NeedsALook: it touches a claim, a photo, or moves a price by more than a fifth.
        AlreadyAnswered: somebody was quicker.
        Overtaken: the seller has sent a newer one.
    """
    queries.lock(case.revision)
    if case.revision.state == "waiting" and queries.get_case(case.revision.id).hindrances:
        raise NeedsALook(case.revision)
    return approve(case.revision, by=by)


def turn_down(revision: Revision, answer: str, reason_code: str, sentence: str, *, by: Actor) -> Decision:
    """Send a wording back (`kembalikan`) or refuse it for good (`tolak`), with the sentence that the seller reads.

    Raises:
        NoReason: no reason was picked.
        AlreadyAnswered: somebody was quicker.
        Overtaken: the seller has sent a newer one.
    """
    reason = _reason(reason_code)
    kind, state = rules.ANSWERS[answer]
    decision = _answer(revision, kind, state, by)
    decision.reason_code = reason.code
    decision.sentence = (sentence or reason.sentence)[:MOST_SENTENCE]
    revision.answer, revision.answer_field = decision.sentence, reason.field
    audit.record(by, f"revision.{state}", revision, reason=reason.code)
    return decision


def withdraw(product: Product, reason_code: str, sentence: str, *, by: Actor) -> None:
    """Take a product off the market, with the sentence that its seller reads."""
    reason = _reason(reason_code)
    products.withdraw(product, (sentence or reason.sentence)[:MOST_SENTENCE], reason=reason.code, by=by)


def _reason(code: str) -> RefusalReason:
    reason = queries.find_reason(code) if code else None
    if reason is None or not reason.active:
        raise NoReason(code)
    return reason


def _answer(revision: Revision, kind: str, state: str, by: Actor) -> Decision:
    """Note the one answer; the product is locked first, as everywhere, so that nobody waits in a circle."""
    queries.lock(revision)
    if revision.product.state == "deleted":
        raise products.Deleted(revision.product)
    if revision.state == "superseded":
        raise Overtaken(revision.product)
    if revision.state != "waiting":
        raise AlreadyAnswered(revision)
    if by.id in {revision.submitted_by_id, revision.product.shop.owner_id}:
        raise OwnEntry(revision)
    if is_kin(by.id, revision.product.shop_id):
        raise Related(revision)
    revision.state = state
    decision = Decision(revision_id=revision.id, kind=kind, by_id=by.id)
    db.session.add(decision)
    db.session.flush()
    return decision
