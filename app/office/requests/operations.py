"""What is done with requests: asked, opened, handed on, answered, and an erasure by two people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.core import audit, personal
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.events import emit
from app.core.i18n import _, _l
from app.core.policy import Actor
from app.goods.products.operations import lock_all
from app.office.requests import queries, rules
from app.office.requests.events import PersonErased
from app.office.requests.models import DataRequest
from app.office.requests.queries import About
from app.people.accounts.models import Account
from app.people.accounts.operations import lock_key
from app.people.families import operations as families
from app.people.families.models import Kpm
from app.people.files import operations as files
from app.people.files.models import PreparedFile
from app.people.places.queries import settings_of
from app.trade.orders.models import OrderGroup
from app.trade.orders.queries import list_of_group

JSON_COPY, PDF_COPY = "personal-copy-json", "personal-copy-pdf"
FORMS = {"json": JSON_COPY, "pdf": PDF_COPY}
OPEN = ("open", "routed")


class AlreadyAnswered(DomainError):
    """Somebody was faster, or it never was a step of this request."""

    text = _l("Permintaan ini sudah bergerak. Muat ulang halamannya.")


class SameHands(DomainError):
    """Whoever proposed an erasure does not confirm it."""

    status = 403
    text = _l("Yang mengusulkan tidak boleh menyetujui. Minta kepala seksi lain.")


class OrdersGoOn(DomainError):
    """The shop still owes buyers something."""

    text = _l("Masih ada %(n)s pesanan yang berjalan. Tunggu sampai selesai, atau batalkan dulu.")


def ask(
    kind: str, *, account: Account | None = None, kpm: Kpm | None = None, buyer: OrderGroup | None = None,
    words: str = "", source: str, by: Actor | None,
) -> DataRequest:  # fmt: skip
    """Write down what somebody asks; while one of the same kind is open, that one answers for both."""
    about = About(account.id if account else None, kpm.id if kpm else None, buyer.buyer_phone_hash if buyer else None)
    lock_key(f"data-request:{kind}:{about.account_id or f'kpm-{about.kpm_id}-{about.buyer_hash}'}")
    there = queries.find_open(kind, about)
    if there is not None:
        return there
    if account is not None and kpm is not None and queries.find_open(kind, About(kpm_id=kpm.id)) is not None:
        about = About(account.id)  # somebody else of the family asks the same for it already
    regency = _regency(account, kpm, buyer)
    asked = DataRequest(
        kind=kind, source=source, account_id=about.account_id, kpm_id=about.kpm_id, buyer_hash=about.buyer_hash,
        regency_code=regency, words=words, asked_by_id=by.id if by else None,
        due_at=rules.due_at(kind, now(), settings_of(regency).zone),
    )  # fmt: skip
    db.session.add(asked)
    db.session.flush()
    audit.record(by, "request.asked", asked, kind=kind, source=source)
    return asked


def _regency(account: Account | None, kpm: Kpm | None, buyer: OrderGroup | None) -> str:
    if buyer is not None:
        return list_of_group(buyer.id)[0].regency_code
    return ".".join((account.region_code if account else kpm.regency_code if kpm else "").split(".")[:2])


def open_copy(request: DataRequest, *, by: Actor) -> None:
    """Let the person fetch her own copy, for a month."""
    _take(request, "copy", OPEN)
    _close(request, "ready", "", by)
    audit.record(by, "request.copy_opened", request)


def order_copy(request: DataRequest, form: str, *, by: Actor) -> PreparedFile:
    """Have the copy made as a file for whoever hands it over; what an officer takes of a family is a look at it."""
    facts: dict[str, Any] = {"account": request.account_id, "kpm": request.kpm_id, "buyer": request.buyer_hash}
    if request.kpm is not None and by.id != request.account_id:
        families.note_look(request.kpm, "copy", "asked", by=by)
    audit.record(by, "request.copy_ordered", request, form=form)
    return files.ask(FORMS[form], _("Salinan data"), facts, by=by)


def hand_to(request: DataRequest, role: str, *, by: Actor) -> None:
    """Hand a correction to those who keep what is wrong."""
    _take(request, "correct", OPEN)
    request.routed_to, request.state, request.version = role, "routed", request.version + 1
    db.session.flush()
    audit.record(by, "request.handed_on", request, to=role)


def answer(request: DataRequest, sentence: str, *, by: Actor) -> None:
    """Close a correction or a withdrawal with a sentence that the person reads."""
    _take(request, None, OPEN, ("correct", "withdraw"))
    _close(request, "done", sentence, by)
    audit.record(by, "request.answered", request)


def decline(request: DataRequest, sentence: str, *, by: Actor) -> None:
    """Close a request without doing it, and say why."""
    _take(request, None, OPEN)
    _close(request, "declined", sentence, by)
    audit.record(by, "request.declined", request)


def propose(request: DataRequest, reason: str, *, by: Actor) -> None:
    """Say that a person should be erased; another named person decides."""
    _take(request, "erase", OPEN)
    request.proposal, request.proposed_by_id, request.proposed_at = reason, by.id, now()
    request.state, request.version = "proposed", request.version + 1
    db.session.flush()
    audit.record(by, "request.erasure_proposed", request)


def send_back(request: DataRequest, reason: str, *, by: Actor) -> None:
    """Give a proposal back to the steward."""
    _take(request, "erase", ("proposed",))
    request.state, request.answer, request.version = "open", reason, request.version + 1
    request.proposed_by_id, request.proposed_at = None, None
    db.session.flush()
    audit.record(by, "request.sent_back", request)


def confirm(request: DataRequest, *, by: Actor) -> None:
    """Erase a person, for good: names, numbers, ways in, pictures and every word; sums, dates and chains stay.

    Raises:
        SameHands: the same person proposed it.
        OrdersGoOn: buyers still wait for something.
        AlreadyAnswered: it is not proposed any more.
    """
    _take(request, "erase", ("proposed",))
    if request.proposed_by_id == by.id:
        raise SameHands(request)
    whose = queries.whose(request.account, request.kpm_id, request.buyer_hash)
    going = queries.count_open_orders(whose)
    if going:
        raise OrdersGoOn(request, n=going)
    for shop_id in sorted(whose.shop_ids):  # before the audit entry: whoever holds that waits for nobody
        lock_all(shop_id)
    request.confirmed_by_id = by.id
    _close(request, "done", "", by)
    audit.record(by, "request.erased", request, account=request.account_id, kpm=request.kpm_id)
    personal.erase(whose, by=by)
    emit(PersonErased(request.id))


def _take(request: DataRequest, kind: str | None, states: tuple[str, ...], kinds: tuple[str, ...] = ()) -> None:
    """Lock a request for one step, if it still stands where the step begins."""
    db.session.execute(select(DataRequest.id).where(DataRequest.id == request.id).with_for_update())
    db.session.refresh(request)
    fits = request.kind in kinds if kinds else kind in {None, request.kind}
    if not fits or request.state not in states:
        raise AlreadyAnswered(request)


def _close(request: DataRequest, state: str, sentence: str, by: Actor) -> None:
    request.closed_at, request.closed_by_id = now(), by.id
    request.state, request.answer, request.version = state, sentence, request.version + 1
    db.session.flush()
