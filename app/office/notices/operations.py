"""Carrying news outside: every due row becomes one job for each address, and each job is done once.

Which row goes to which address is written in one transaction; the sending itself happens outside of any, is tried
again with a growing wait, and is given up after the last try (core/jobs).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import delete, select

from app.core import jobs, outbox
from app.core.db import db
from app.core.outbox import Message
from app.core.vault import settings
from app.goods.shops.models import Shop
from app.office.notices import push, words
from app.office.notices.channels import Channel, FileGateway, Gone, Parcel
from app.office.notices.models import PushAddress
from app.office.notices.push import PushChannel
from app.people.accounts.models import Account

JOB = "notices.send"
WAYS = "lapak_channels"
INBOX = "/jualan/kabar"


def channels() -> dict[str, Channel]:
    """Return the ways out of this installation, by name: phones that asked, and what else is set up."""
    found: dict[str, Channel] = current_app.extensions.setdefault(WAYS, {})
    found.setdefault("push", PushChannel())
    folder = settings().gateway_folder
    if folder and "gateway" not in found:
        found["gateway"] = FileGateway(Path(folder))
    return found


def carry() -> int:
    """Hand on what is due; returns how many rows that were."""
    return outbox.hand_on(_post)


def _post(message: Message) -> None:
    for way, address in _addresses(message):
        key = f"notice:{message.id}:{way}:{address}"
        jobs.enqueue(JOB, {"message": message.id, "way": way, "address": address}, key=key)


def _addresses(message: Message) -> Iterator[tuple[str, int]]:
    """Yield the way and the id of each address: rows are read again when it is sent, so no number stands in a job."""
    if message.whom != "shop":
        return
    if "gateway" in channels():
        yield "gateway", message.whom_id
    hers = select(PushAddress.id).join(Shop, Shop.owner_id == PushAddress.account_id)
    yield from (("push", each) for each in db.session.scalars(hers.where(Shop.id == message.whom_id)))


@jobs.slow_handler(JOB)
def send(payload: dict[str, Any]) -> Callable[[], None]:
    """Carry one message to one address, outside the transaction; the same key at every try."""
    way, message = channels().get(payload["way"]), db.session.get(Message, int(payload["message"]))
    address = _address(payload["way"], int(payload["address"]))
    if way is None or message is None or not address:
        return _nothing
    with force_locale("id"):
        text = words.outside(message)
    parcel = Parcel(f"{payload['way']}-{message.id}-{payload['address']}", address, text, INBOX)
    db.session.rollback()  # nobody waits for a connection while a stranger answers
    try:
        way.send(parcel)
    except Gone:
        return partial(_leave, payload["way"], int(payload["address"]))
    return _nothing


def _leave(way: str, number: int) -> None:
    """Forget a phone that is gone."""
    if way == "push":
        db.session.execute(delete(PushAddress).where(PushAddress.id == number))


def _address(way: str, number: int) -> str | None:
    """Return the keys of a phone, or the number of whoever runs a shop; None once she is gone."""
    if way == "push":
        kept = db.session.get(PushAddress, number)
        return push.packed(kept.endpoint, kept.point, kept.auth) if kept else None
    query = select(Account.phone).join(Shop, Shop.owner_id == Account.id)
    return db.session.scalar(query.where(Shop.id == number, Shop.state != "ended", Account.state == "active"))


def _nothing() -> None:
    """Leave everything as it is: the job alone goes."""
