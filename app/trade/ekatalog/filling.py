"""What a seller does, or her pendamping for her: begin, answer, send, take back, object."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core import audit, scans, storage
from app.core.clock import now, today
from app.core.db import advisory_lock, db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.pictures import Master
from app.core.policy import Actor
from app.goods.permits import operations as permits
from app.goods.permits.models import Permit
from app.goods.permits.operations import Paper
from app.goods.photos.models import Photo
from app.goods.products.models import Product
from app.people.places.queries import settings_of
from app.trade.ekatalog import moving, queries, rules
from app.trade.ekatalog.cases import Case
from app.trade.ekatalog.models import Answer, Appeal, Submission, SubmissionPhoto

LOCK = 7_320_000_000_001
MOST_PHOTOS = 8


class NotOnSale(DomainError):
    """Only what buyers here may see can be sent to the catalogue."""

    text = _l("Produk ini belum tampil. Tunggu selesai diperiksa dulu, ya.")


class NotNow(DomainError):
    """The item is not one that may be changed now."""

    text = _l("Bagian ini tidak perlu diubah sekarang.")


class NotMended(DomainError):
    """Something came back and is still as it was; `items` names it."""

    text = _l("Ini belum diperbaiki: %(items)s.")


class TooManyPhotos(DomainError):
    """A catalogue page shows a few."""

    text = _l("Fotonya sudah cukup. Hapus satu dulu kalau mau ganti.")


class AlreadyAppealed(DomainError):
    """One objection is heard, once."""

    text = _l("Keberatan sudah dikirim. Tunggu jawabannya.")


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand fills it in, and for whom when it is not her own."""

    by: Actor
    for_id: int | None = None


def hand_of(by: Actor, owner_id: int) -> Hand:
    """Return the hand of an actor: a pendamping writes for the owner of the shop."""
    return Hand(by, None if by.id == owner_id else owner_id)


def start(product: Product, *, by: Actor, profile: str = "v6") -> Submission:
    """Begin a round; the open one is found again when there is one.

    Raises:
        NotOnSale: buyers cannot see this product.
    """
    advisory_lock(LOCK)
    running = queries.find_open(product.id)
    if running is not None:
        return running
    if product.approved_revision_id is None or product.state not in {"live", "paused"}:
        raise NotOnSale(product)
    day, hand = today(settings_of(product.regency_code).zone), hand_of(by, product.shop.owner_id)
    submission = Submission(
        product_id=product.id,
        shop_id=product.shop_id,
        regency_code=product.regency_code,
        wave=f"{day:%Y-%m}",
        profile=profile,
        set_version=queries.current_set(profile, day).version,
        started_by_id=by.id,
        started_for_id=hand.for_id,
    )
    db.session.add(submission)
    db.session.flush()
    moving.note_down(submission, "", "collecting", by=by, on_behalf_of_id=hand.for_id, facts={"round": 1})
    audit.record(by, "ekatalog.started", submission, on_behalf_of=hand.for_id or 0)
    _take_product_photo(submission, hand)
    return submission


def _take_product_photo(submission: Submission, hand: Hand) -> None:
    """Begin with the photo that the product has."""
    case = queries.get_case(submission.id)
    photo = db.session.get(Photo, case.revision.photo_id) if case.revision.photo_id else None
    name = f"{photo.stem}.jpg" if photo else ""
    if photo and storage.public_store().has(name):
        master = Master(storage.public_store().read(name), photo.width, photo.height)
        _keep_photo(submission, master, "product", hand)


def answer(case: Case, key: str, value: Mapping[str, Any], *, by: Actor) -> None:
    """Answer one item.

    Raises:
        NotNow: it may not be changed in this state.
    """
    case = _open(case, key)
    hand = hand_of(by, case.shop.owner_id)
    row = Answer(submission_id=case.submission.id, key=key, value=dict(value), by_id=by.id, on_behalf_of_id=hand.for_id)
    db.session.add(row)
    if key == "category":
        case.submission.category_code = queries.get_category(str(value["code"])).code
    case.submission.version += 1
    db.session.flush()


def enter_permit(case: Case, key: str, paper: Paper, scan: Master | None, *, by: Actor) -> Permit:
    """Enter a paper for an item; it serves every product of the shop."""
    case = _open(case, key)
    hand = hand_of(by, case.shop.owner_id)
    return permits.enter(case.shop, paper, scan, by=by, on_behalf_of_id=hand.for_id)


def add_photo(case: Case, key: str, master: Master, *, by: Actor) -> SubmissionPhoto:
    """Keep one more photo.

    Raises:
        TooManyPhotos: there are enough.
    """
    case = _open(case, key)
    if len(case.photos) >= MOST_PHOTOS:
        raise TooManyPhotos(case.submission)
    purpose = "label" if key == "label" else "product"
    return _keep_photo(case.submission, master, purpose, hand_of(by, case.shop.owner_id))


def _keep_photo(submission: Submission, master: Master, purpose: str, hand: Hand) -> SubmissionPhoto:
    name = scans.keep(master)
    photo = SubmissionPhoto(
        submission_id=submission.id,
        purpose=purpose,
        name=name,
        sha256=hashlib.sha256(master.data).hexdigest(),
        width=master.width,
        height=master.height,
        by_id=hand.by.id,
        on_behalf_of_id=hand.for_id,
    )
    db.session.add(photo)
    db.session.flush()
    return photo


def remove_photo(case: Case, key: str, photo_id: int) -> None:
    """Take a photo out; its file stays with the rounds that were sent with it."""
    case = _open(case, key)
    for photo in case.photos:
        if photo.id == photo_id and photo.purpose == ("label" if key == "label" else "product"):
            photo.removed_at = now()
    db.session.flush()


def _open(case: Case, key: str) -> Case:
    case = moving.fetch(case)
    if key not in case.editable:
        raise NotNow(case.submission)
    return case


def send(case: Case, *, by: Actor) -> None:
    """Hand it to the office. What came back must have been changed, and everything mandatory be in order.

    Raises:
        NotReady: an automatic check says no.
        NotMended: something that was marked is as it was.
    """
    case = moving.fetch(case)
    moving.check_ready(case)
    if case.unmended:
        raise NotMended(case.submission, items=moving.titles(case, case.unmended))
    hand, submission = hand_of(by, case.shop.owner_id), case.submission
    done, total = case.readiness
    moving.move(
        submission,
        "ready_for_review",
        by=by,
        on_behalf_of_id=hand.for_id,
        facts={"ready": done, "of": total, "requirements": submission.set_version},
    )
    submission.submitted_by_id, submission.submitted_for_id, submission.submitted_at = by.id, hand.for_id, now()
    submission.revision_id = case.revision.id
    db.session.flush()


def withdraw(case: Case, *, by: Actor) -> None:
    """Take it back before anybody has signed."""
    case = moving.fetch(case)
    hand = hand_of(by, case.shop.owner_id)
    if case.submission.revision_id is None:
        case.submission.revision_id = case.revision.id
    moving.move(case.submission, "withdrawn", by=by, on_behalf_of_id=hand.for_id)


def appeal(case: Case, text: str, *, by: Actor) -> Appeal:
    """Object to "not suitable"; an approver answers.

    Raises:
        AlreadyAppealed: it was done before.
    """
    case = moving.fetch(case)
    if case.state != "not_suitable":
        raise moving.AlreadyMoved(case.submission)
    if queries.find_appeal(case.submission.id) is not None:
        raise AlreadyAppealed(case.submission)
    hand = hand_of(by, case.shop.owner_id)
    row = Appeal(submission_id=case.submission.id, text=text, by_id=by.id, on_behalf_of_id=hand.for_id)
    db.session.add(row)
    db.session.flush()
    audit.record(by, "ekatalog.appealed", case.submission, on_behalf_of=hand.for_id or 0)
    return row


def next_round(case: Case, *, by: Actor) -> Submission:
    """Go on in a new round that points at this one; what was answered comes along, this one closes.

    Raises:
        AlreadyMoved: nothing follows from this state.
    """
    case = moving.fetch(case)
    if case.state not in rules.GOES_ON:
        raise moving.AlreadyMoved(case.submission)
    state, old = rules.GOES_ON[case.state], case.submission
    moving.move(old, "closed", by=by, note="next_round")
    return begin_after(case, state, by=by)


def begin_after(case: Case, state: str, *, by: Actor) -> Submission:
    """Open the round after one that has ended; it stays the seller's, whoever opens it."""
    old, day = case.submission, case.day
    fresh = Submission(
        product_id=old.product_id,
        shop_id=old.shop_id,
        regency_code=old.regency_code,
        wave=f"{day:%Y-%m}",
        round=old.round + 1,
        previous_id=old.id,
        profile=old.profile,
        set_version=queries.current_set(old.profile, day).version,
        category_code=old.category_code,
        state=state,
        started_by_id=old.started_by_id,
        started_for_id=old.started_for_id,
    )
    db.session.add(fresh)
    db.session.flush()
    _copy(case, fresh)
    moving.note_down(fresh, "", state, by=by, facts={"round": fresh.round, "after": old.id})
    return fresh


def _copy(case: Case, fresh: Submission) -> None:
    """Bring answers and photos along, as whoever gave them gave them."""
    kept = ("key", "value", "by_id", "on_behalf_of_id", "at")
    db.session.add_all(
        Answer(submission_id=fresh.id, **{name: getattr(each, name) for name in kept}) for each in case.answers.values()
    )
    shown = ("purpose", "name", "sha256", "width", "height", "by_id", "on_behalf_of_id", "at")
    db.session.add_all(
        SubmissionPhoto(submission_id=fresh.id, **{name: getattr(each, name) for name in shown}) for each in case.photos
    )
    db.session.flush()
