"""What a seller does, or her pendamping for her: apply, answer an offer, step back, ask, object."""

from __future__ import annotations

from dataclasses import dataclass

from app.core import audit, limits
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.trade.bazaars import asked, queries, rules, steps
from app.trade.bazaars.models import Application, Bazaar, Objection, Question


class CallClosed(DomainError):
    """The call has ended, or never was open."""

    text = _l("Pendaftaran bazar ini sudah ditutup.")


class AlreadyIn(DomainError):
    """One live application per seller and bazaar; the subject is that one."""

    text = _l("Lapak ini sudah terdaftar di bazar ini.")


class ShopResting(DomainError):
    """A shop that is closed has nothing to sell at a bazaar."""

    text = _l("Lapak ini sedang tidak buka. Buka dulu lapaknya.")


class OfferLapsed(DomainError):
    """The offer's time is over; the place went on."""

    text = _l("Waktu menjawab tawaran sudah habis. Tempat ini sudah ditawarkan ke lapak berikutnya.")


class AnsweredLate(DomainError):
    """The question about the new dates went unanswered until its time was over."""

    text = _l("Waktu menjawab tanggal baru sudah habis. Tempat ini sudah diberikan ke lapak lain.")


class NotOffered(DomainError):
    """There is nothing to say yes to."""

    text = _l("Belum ada tawaran tempat untuk lapak ini.")


class AlreadyObjected(DomainError):
    """One objection, one answer."""

    text = _l("Keberatan untuk pendaftaran ini sudah dikirim.")


@dataclass(frozen=True)
class Wish:
    """What a seller fills in."""

    goods: str
    power: bool = False
    note: str = ""


def apply(bazaar: Bazaar, shop: Shop, wish: Wish, key: str, *, by: Actor) -> Application:
    """Give an applicant her number; the same form again finds the same application.

    Raises:
        CallClosed: outside the call.
        AlreadyIn: she has a live application.
        ShopResting: her shop is not open, or lies in another kabupaten.
    """
    bazaar = steps.begin(bazaar)
    before = queries.find_by_application_key(key)
    if before is not None and (before.bazaar_id, before.shop_id) == (bazaar.id, shop.id):
        return before
    if bazaar.state != "open_call" or before is not None:
        raise CallClosed(bazaar)
    application = draft(bazaar, shop, wish, key, by=by)
    db.session.add(application)
    db.session.flush()
    steps.note(bazaar.id, "draft", "submitted", by=by, application=application)
    audit.record(by, "bazaar.application.submitted", application)
    return application


def draft(bazaar: Bazaar, shop: Shop, wish: Wish, key: str, *, by: Actor) -> Application:
    """Return a new application, not stored yet, with its number and the pools that it counts in.

    Raises:
        AlreadyIn: she has a live application.
        ShopResting: her shop is not open, or lies in another kabupaten.
    """
    live = queries.find_live(bazaar.id, shop.id)
    if live is not None:
        raise AlreadyIn(live)
    if shop.state != "open" or shop.regency_code != bazaar.regency_code:
        raise ShopResting(shop)
    moment, past = now(), queries.count_past(shop.id, bazaar.starts_at)
    keys = [pool.key for pool in queries.pools_of(bazaar)]
    return Application(
        key=key,
        bazaar_id=bazaar.id,
        shop_id=shop.id,
        number=queries.last_number(bazaar.id) + 1,
        goods=wish.goods,
        power=wish.power,
        note=wish.note,
        pools=rules.memberships(
            keys, kecamatan=shop.kecamatan_code, categories=queries.categories_of(shop.id), past=past
        ),
        past=past,
        bonus=rules.bonus_of(past),
        entered_by_id=by.id,
        on_behalf_of_id=None if by.id == shop.owner_id else shop.owner_id,
        submitted_at=moment,
        late=bazaar.soft_deadline is not None and moment > bazaar.soft_deadline,
    )


def mend(application: Application, wish: Wish, *, by: Actor) -> None:
    """Change what was written, as long as nobody has begun to judge it; a returned one goes back, its place kept.

    Raises:
        AlreadyMoved: it is being judged, or further.
    """
    bazaar, application = _again(application, "open_call", "curation")
    if application.state not in {"submitted", "needs_fix"}:
        raise steps.AlreadyMoved(application)
    application.goods, application.power, application.note = wish.goods, wish.power, wish.note
    application.version += 1
    application.asked_until = None
    if application.state == "needs_fix":
        application.fix_items, application.fix_by = "", None
        steps.move(application, "submitted", by=by)
    audit.record(by, "bazaar.application.mended", application, bazaar=bazaar.id)


def confirm(application: Application, *, by: Actor) -> None:
    """Take the place that was offered; saying yes twice is one yes.

    Raises:
        OfferLapsed: too late.
        NotOffered: nothing was offered.
    """
    _bazaar, application = _again(application, "published", "running")
    if application.state == "confirmed":
        return
    if application.state == "offer_lapsed":
        raise OfferLapsed(application)
    if application.state != "offered":
        raise NotOffered(application)
    steps.move(application, "confirmed", by=by)
    audit.record(by, "bazaar.application.confirmed", application)


def decline(application: Application, *, by: Actor) -> None:
    """Say no to an offer; the next in line is asked in the same breath.

    Raises:
        NotOffered: there is no offer, or its time is over.
    """
    bazaar, application = _again(application, "published")
    if application.state != "offered":
        raise NotOffered(application)
    steps.end(application, "declined", by=by)
    steps.promote(bazaar)
    audit.record(by, "bazaar.application.declined", application)


def stay(application: Application, *, by: Actor) -> None:
    """Say that the new dates of a bazaar suit her; saying so twice is once.

    Raises:
        AnsweredLate: the clock was quicker.
        AlreadyMoved: she is out of it, or has an offer to answer.
    """
    _bazaar, application = _again(application, "open_call", "curation", "published")
    if application.state == "offer_lapsed":
        raise AnsweredLate(application)
    if application.state not in rules.ASKED_AGAIN:
        raise steps.AlreadyMoved(application)
    if application.asks_again:
        application.asked_until = None
        application.version += 1
        audit.record(by, "bazaar.application.stays", application)


def withdraw(application: Application, *, by: Actor) -> None:
    """Step back, any time before the stall is taken; who waits moves up in the same breath.

    Raises:
        AlreadyMoved: it has ended, or she stands at her stall.
    """
    bazaar, application = _again(application)
    if application.state in rules.ENDS or not rules.may_go(application.state, "withdrawn"):
        raise steps.AlreadyMoved(application)
    steps.end(application, "withdrawn", by=by)
    if bazaar.state == "published":
        steps.promote(bazaar)
    audit.record(by, "bazaar.application.withdrawn", application)


def ask(bazaar: Bazaar, text: str, *, by: Actor) -> Question:
    """Ask something about the call; the answer will be public.

    Raises:
        TooMany: she has asked enough for a day.
    """
    bazaar = steps.begin(bazaar, "open_call")
    limits.spend("question", by.id)
    question = Question(bazaar_id=bazaar.id, asked_by_id=by.id, text=text)
    db.session.add(question)
    db.session.flush()
    audit.record(by, "bazaar.asked", question)
    return question


def object_to(application: Application, text: str, *, by: Actor) -> Objection:
    """Say that a decision is wrong; somebody who did not decide answers.

    Raises:
        AlreadyObjected: she has said so before.
        AlreadyMoved: there is nothing to object to.
    """
    _bazaar, application = _again(application, "published", "running")
    if application.state not in OBJECTIONABLE:
        raise steps.AlreadyMoved(application)
    if asked.find_objection(application.id) is not None:
        raise AlreadyObjected(application)
    objection = Objection(application_id=application.id, text=text, entered_by_id=by.id)
    db.session.add(objection)
    db.session.flush()
    audit.record(by, "bazaar.objected", objection)
    return objection


OBJECTIONABLE = ("waitlisted", "refused", "removed", "not_placed", "offer_lapsed")


def _again(application: Application, *states: str) -> tuple[Bazaar, Application]:
    """Lock the bazaar and read the application as it is now."""
    bazaar = steps.begin(application.bazaar_id, *states)
    db.session.refresh(application)
    return bazaar, application
