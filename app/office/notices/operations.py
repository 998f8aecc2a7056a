"""Carrying news outside: every due row becomes one job for each address, and each job is done once; and the phones that
it reaches.

Which row goes to which address is written in one transaction; the sending itself happens outside of any, is tried
again with a growing wait, and is given up after the last try (core/jobs).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import delete, select

from app.core import jobs, limits, outbox
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _, _l, speaking
from app.core.outbox import Message
from app.core.policy import Actor
from app.core.vault import settings, token_hash
from app.goods.shops.models import Shop
from app.office.notices import links, mail, push, words
from app.office.notices.channels import Channel, FileGateway, Gone, Parcel
from app.office.notices.mail import MailChannel
from app.office.notices.models import MailAddress, PushAddress
from app.office.notices.policies import TOLD
from app.office.notices.push import PushChannel
from app.people.accounts.models import Account

JOB, ASK = "notices.send", "notices.ask"
LIMIT = "mail"
WAYS = "lapak_channels"
INBOXES = {"shop": "/jualan/kabar", "account": "/dinsos/kabar"}
MOST_PHONES, LONGEST_ADDRESS = 5, 1000


class NoPhone(DomainError):
    """What the browser gave is no address of a message service."""

    status = 422
    text = _l("HP ini belum bisa diberi kabar. Coba lagi, atau pakai peramban lain.")


def keep_phone(by: Actor, endpoint: str, point: str, auth: str) -> None:
    """Keep the address of a browser, once, and at most a few for each account: the oldest make room.

    Raises:
        NoPhone: the browser gave something else.
    """
    if len(endpoint) > LONGEST_ADDRESS or not push.is_service(endpoint) or not push.is_key(point, auth):
        raise NoPhone
    db.session.execute(select(Account.id).where(Account.id == by.id).with_for_update())
    hashed = token_hash(endpoint)
    db.session.execute(delete(PushAddress).where(PushAddress.endpoint_hash == hashed))
    db.session.add(PushAddress(account_id=by.id, endpoint_hash=hashed, endpoint=endpoint, point=point, auth=auth))
    db.session.flush()
    newest = (
        select(PushAddress.id).where(PushAddress.account_id == by.id).order_by(PushAddress.id.desc()).limit(MOST_PHONES)
    )
    kept = list(db.session.scalars(newest))
    old = delete(PushAddress).where(PushAddress.account_id == by.id, PushAddress.id.not_in(kept))
    db.session.execute(old)


def forget_phones(account_id: int) -> None:
    """Let no phone of an account tell anything any more."""
    hers = delete(PushAddress).where(PushAddress.account_id == account_id)
    db.session.execute(hers.execution_options(synchronize_session=False))


def keep_mail(by: Actor, address: str, *, home: str) -> MailAddress | None:
    """Keep the one address of e-mail of an account, in place of the one before; empty keeps none.

    It tells nothing before whoever reads there has opened the link of the letter that goes there now; `home` is where
    that link leads.

    Raises:
        TooMany: this account has asked, or this address was asked, too often today.
    """
    db.session.execute(select(Account.id).where(Account.id == by.id).with_for_update())
    kept = db.session.scalar(select(MailAddress).where(MailAddress.account_id == by.id))
    if not address:
        forget_mail(by.id)
        return None
    if kept is None:
        kept = MailAddress(account_id=by.id, address=address)
        db.session.add(kept)
    elif kept.address == address and kept.confirmed_at:
        return kept
    kept.address, kept.confirmed_at = address, None
    limits.spend(LIMIT, f"account:{by.id}")
    limits.spend(LIMIT, address.lower())
    db.session.flush()
    jobs.enqueue(ASK, {"address": kept.id, "until": links.until(), "home": home})
    return kept


def confirm_mail(token: str) -> None:
    """Let an address tell from now on: whoever reads there has opened the link.

    Raises:
        NotFound: the link is not, or no longer, one for this address.
    """
    kept = links.get_by_token(token, lock=True)
    if kept.confirmed_at is None:
        kept.confirmed_at = now()
    db.session.flush()


def refuse_mail(token: str) -> None:
    """Take an address away: whoever reads there has said that it is somebody else's doing.

    Raises:
        NotFound: the link is not, or no longer, one for this address.
    """
    db.session.delete(links.get_by_token(token, lock=True))
    db.session.flush()


def forget_mail(account_id: int) -> None:
    """Let no e-mail of an account tell anything any more."""
    hers = delete(MailAddress).where(MailAddress.account_id == account_id)
    db.session.execute(hers.execution_options(synchronize_session=False))


def channels() -> dict[str, Channel]:
    """Return the ways out of this installation, by name: phones that asked, and e-mail and a gateway if set up."""
    found: dict[str, Channel] = current_app.extensions.setdefault(WAYS, {})
    found.setdefault("push", PushChannel())
    if mail.is_set_up():
        found.setdefault("mail", MailChannel())
    folder = settings().gateway_folder
    if folder and "gateway" not in found:
        found["gateway"] = FileGateway(Path(folder))
    return found


def carry() -> int:
    """Hand on what is due; returns how many rows that were."""
    return outbox.hand_on(_post)


def _post(message: Message) -> None:
    if words.is_of_strangers(message) and outbox.is_told_lately(message):
        return  # whoever floods the office fills her list, and neither her letters nor the queue of everybody's
    for way, address in _addresses(message):
        key = f"notice:{message.id}:{way}:{address}"
        jobs.enqueue(JOB, {"message": message.id, "way": way, "address": address}, key=key)


def _addresses(message: Message) -> Iterator[tuple[str, int]]:
    """Yield the way and the id of each address: rows are read again when it is sent, so no number stands in a job."""
    whose = select(Account.id).where(Account.id == message.whom_id)
    if message.whom == "shop":
        whose = select(Shop.owner_id).where(Shop.id == message.whom_id)
        if "gateway" in channels():
            yield "gateway", message.whom_id
    phones = select(PushAddress.id).where(PushAddress.account_id.in_(whose)).order_by(PushAddress.id)
    yield from (("push", each) for each in db.session.scalars(phones))
    if "mail" in channels():
        letters = select(MailAddress.id).where(MailAddress.account_id.in_(whose), MailAddress.confirmed_at.is_not(None))
        yield from (("mail", each) for each in db.session.scalars(letters))


@jobs.slow_handler(JOB)
def send(payload: dict[str, Any]) -> Callable[[], None]:
    """Carry one message to one address, outside the transaction; the same key at every try."""
    way, message = channels().get(payload["way"]), db.session.get(Message, int(payload["message"]))
    address = _address(payload["way"], int(payload["address"]))
    if way is None or message is None or not address:
        return _nothing
    with speaking("id"):
        text = words.outside(message)
    where = INBOXES[message.whom]
    parcel = Parcel(f"{payload['way']}-{message.id}-{payload['address']}", address, text, where)
    db.session.rollback()  # nobody waits for a connection while a stranger answers
    try:
        way.send(parcel)
    except Gone:
        return partial(_leave, payload["way"], int(payload["address"]), address)
    return _nothing


@jobs.slow_handler(ASK)
def ask(payload: dict[str, Any]) -> Callable[[], None]:
    """Carry the letter with the link to an address that waits for its owner's word, outside the transaction."""
    kept, ends = db.session.get(MailAddress, int(payload["address"])), int(payload["until"])
    if kept is None or kept.confirmed_at or not mail.is_set_up():
        return _nothing
    with speaking("id"):
        way = MailChannel(end=mail.NOT_YOU, home=payload["home"])
        text = _("Mau menerima kabar dari %(site)s? Buka tautan ini dalam 2 hari.", site=settings().site_name)
        parcel = Parcel(f"ask-{kept.id}-{ends}", kept.address, text, f"/surel/{links.token_of(kept, ends)}")
    db.session.rollback()  # nobody waits for a connection while a stranger answers
    try:
        way.send(parcel)
    except Gone:
        return partial(_leave, "mail", int(payload["address"]), parcel.address)
    return _nothing


def _leave(way: str, number: int, address: str) -> None:
    """Forget a phone or an address of e-mail that is gone; one that she wrote in its place meanwhile stays."""
    if way == "mail":
        db.session.execute(delete(MailAddress).where(MailAddress.id == number, MailAddress.address == address))
    elif way == "push":
        db.session.execute(delete(PushAddress).where(PushAddress.id == number))


def _address(way: str, number: int) -> str | None:
    """Return the keys of a phone, an address of e-mail, or the number of whoever runs a shop; None once it is gone.

    Somebody who moved to work without news cannot stop them herself any more, so they stop with her move.
    """
    told = Account.state == "active", Account.role.in_(TOLD)
    if way == "push":
        phones = select(PushAddress).join(Account, Account.id == PushAddress.account_id)
        kept = db.session.scalar(phones.where(PushAddress.id == number, *told))
        return push.packed(kept.endpoint, kept.point, kept.auth) if kept else None
    if way == "mail":
        letters = select(MailAddress.address).join(Account, Account.id == MailAddress.account_id)
        return db.session.scalar(letters.where(MailAddress.id == number, MailAddress.confirmed_at.is_not(None), *told))
    query = select(Account.phone).join(Shop, Shop.owner_id == Account.id)
    return db.session.scalar(query.where(Shop.id == number, Shop.state != "ended", Account.state == "active"))


def _nothing() -> None:
    """Leave everything as it is: the job alone goes."""
