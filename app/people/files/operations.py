"""Asking for a file and making it: the page returns at once, the worker draws outside any transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import get_locale
from sqlalchemy import or_, select, update

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.i18n import speaking
from app.core.policy import Actor
from app.core.storage import new_name, private_store
from app.people.accounts.models import Account
from app.people.accounts.queries import get_account
from app.people.files import queries
from app.people.files.models import PreparedFile

JOB = "prepare-file"
KEEP = timedelta(hours=24)
HOUR = 3600
AT_ONCE = 200


@dataclass(frozen=True)
class Made:
    """A finished file: its bytes, its name for the reader (nothing personal in it), its kind."""

    data: bytes
    name: str
    mimetype: str


Builder = Callable[[dict[str, Any]], Made]
_builders: dict[str, Builder] = {}
_in_work: ContextVar[int | None] = ContextVar("file in work", default=None)


def builder(kind: str) -> Callable[[Builder], Builder]:
    """Register what makes this kind of file from its facts; it only reads, and may take its time."""

    def attach(build: Builder) -> Builder:
        _builders[kind] = build
        return build

    return attach


def counted(parts: Iterable[bytes], whole: int) -> Iterator[bytes]:
    """Pass on the parts of a long paper; the page of the file in work says how many of them are made."""
    for made, part in enumerate(parts, 1):
        yield part
        # What has been read of the parts so far ends here; the next is read anew.
        with transaction():
            row = update(PreparedFile).where(PreparedFile.id == _in_work.get(), PreparedFile.state == "waiting")
            db.session.execute(row.values(parts_made=made, parts=whole))


def ask(kind: str, title: str, facts: dict[str, Any], *, by: Actor) -> PreparedFile:
    """Order a file; asking again while the same one waits finds that one.

    Whoever asks was let in by the view that offers the file: `facts` hold ids, and what the builder reads of them is
    what the asker may see, for as long as nothing about the asker's account changes.
    """
    version = get_account(by.id).version
    query = select(PreparedFile).where(
        PreparedFile.owner_id == by.id, PreparedFile.kind == kind, PreparedFile.state == "waiting"
    )
    for waiting in db.session.scalars(query.where(PreparedFile.owner_version == version)):
        if waiting.facts == facts:
            return waiting
    wanted = PreparedFile(
        owner_id=by.id, owner_version=version, kind=kind, title=title, facts=facts,
        locale=str(get_locale() or "id"), expires_at=now() + KEEP,
    )  # fmt: skip
    db.session.add(wanted)
    db.session.flush()
    jobs.enqueue(JOB, {"file": wanted.id}, key=f"{JOB}:{wanted.id}")
    return wanted


@jobs.slow_handler(JOB)
def prepare(payload: dict[str, Any]) -> Callable[[], None]:
    """Make one file outside the transaction, and return what marks it ready inside."""
    number = int(payload["file"])
    wanted = db.session.get(PreparedFile, number)
    if wanted is None or wanted.state != "waiting" or not queries.is_owned(wanted):
        return lambda: None
    turn = _in_work.set(number)
    try:
        with speaking(wanted.locale):
            made = _builders[wanted.kind](wanted.facts)
    finally:
        _in_work.reset(turn)
    stored = new_name(made.name.rpartition(".")[2])
    private_store().put(stored, made.data)

    def finish() -> None:
        row = db.session.get(PreparedFile, number)
        if row is None or not queries.is_owned(row):
            private_store().delete(stored)
            return
        row.state, row.stored, row.name, row.mimetype = "ready", stored, made.name, made.mimetype
        row.ready_at, row.expires_at = now(), now() + KEEP

    return finish


@jobs.on_parked(JOB)
def give_up(payload: dict[str, Any]) -> None:
    """Say on the page that it could not be made, after the last try."""
    row = db.session.get(PreparedFile, int(payload["file"]))
    if row is not None and row.state == "waiting":
        row.state = "failed"


@jobs.every(HOUR, "prepared-files")
def sweep() -> None:
    """Forget files whose day is over, and those that nobody may fetch any more."""
    moved_on = PreparedFile.owner_version != Account.version
    query = select(PreparedFile).join(Account, Account.id == PreparedFile.owner_id)
    query = query.where(or_(PreparedFile.expires_at < now(), moved_on)).limit(AT_ONCE)
    for row in db.session.scalars(query).all():
        if row.stored:
            private_store().delete(row.stored)
        db.session.delete(row)
