"""The outbox: what somebody must be told, written in the transaction of what happened and handed on exactly once.

A row is news in itself: whoever it is for reads it from the moment it is due, whether or not a worker runs. The worker
only carries it outside. Its key keeps one happening from being told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Index, ScalarSelect, String, Table, delete, func, select, text, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, BigId, UtcDateTime, db, dialect, pk, stamped, writing

KEPT, LATELY = timedelta(days=90), timedelta(hours=1)
WAITING = "told_at IS NULL"


class Message(Base):
    """Something to tell at or after `at`: its kind and what it is about, no words and no names.

    `whom` and `whom_id` say for whom (`shop` or `account`, its id); `told_at` since when it is with the channels,
    `seen_at` since when it was read.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_whom", "whom", "whom_id", "at", "id"),
        Index("ix_outbox_waiting", "at", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    )

    id: Mapped[int] = pk()
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    whom: Mapped[str] = mapped_column(String(12))
    whom_id: Mapped[int] = mapped_column(BigId)
    about: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = stamped()
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told; `at` is None for at once."""

    key: str
    kind: str
    whom: tuple[str, int]
    about: str = ""
    at: datetime | None = None


_outbox = cast("Table", Message.__table__)
_place = tuple_(Message.at, Message.id)


@cache
def _insert_once(engine: str) -> Any:
    make: Callable[[Table], Any] = postgresql.insert if engine == "postgresql" else sqlite.insert
    return make(_outbox).on_conflict_do_nothing(index_elements=["key"])


def tell(news: Iterable[News]) -> None:
    """Write news in the caller's transaction, in one statement; what is there under its key stays as it is."""
    if not writing():
        raise RuntimeError("news outside transaction()")
    moment = now()
    rows = [
        {"key": each.key, "kind": each.kind, "whom": each.whom[0], "whom_id": each.whom[1], "about": each.about,
         "at": each.at or moment, "created_at": moment}
        for each in news
    ]  # fmt: skip
    if rows:
        db.session.connection().execute(_insert_once(dialect()), rows)


def drop(key: str) -> None:
    """Take back what is not due yet: it is not true any more."""
    _take_back(Message.key == key)


def drop_about(kinds: Iterable[str], about: str) -> None:
    """Take back what is not due yet of some kinds about one thing, whoever was to hear of it."""
    _take_back(Message.kind.in_(kinds), Message.about == about)


def _take_back(*which: ColumnElement[bool]) -> None:
    waiting = delete(Message).where(*which, Message.told_at.is_(None), Message.at > now())
    db.session.execute(waiting.execution_options(synchronize_session=False))


def hand_on(to: Callable[[Message], None], limit: int = 100) -> int:
    """Give what is due to the channels, each row once however many workers there are; returns how many that were.

    Rows that another worker holds are passed by. What `to` writes stands or falls with the mark.
    """
    due = select(Message).where(Message.told_at.is_(None), Message.at <= now()).order_by(Message.at, Message.id)
    found = list(db.session.scalars(due.limit(limit).with_for_update(skip_locked=True)))
    for each in found:
        to(each)
        each.told_at = now()
    db.session.flush()
    return len(found)


def is_told_lately(message: Message) -> bool:
    """Tell whether its reader was told the like within the hour and has not read that yet."""
    alike = select(Message.id).where(*_of(message.whom, message.whom_id), Message.kind == message.kind)
    alike = alike.where(Message.id != message.id, Message.seen_at.is_(None), Message.told_at > now() - LATELY)
    return bool(db.session.scalar(select(alike.exists())))


def list_of(whom: tuple[str, int], *, before_id: int = 0, limit: int = 20) -> list[Message]:
    """Return what somebody was told, what became due last first; `before_id` is the last one of the page before."""
    query = select(Message).where(*_of(*whom))
    query = query.where(_place < _place_of(whom, before_id)) if before_id else query
    return list(db.session.scalars(query.order_by(Message.at.desc(), Message.id.desc()).limit(limit)))


def unseen(whom: str, whom_id: int | ColumnElement[int]) -> ColumnElement[int]:
    """Count what was not read yet, within another question."""
    query = select(func.count()).select_from(Message).where(*_of(whom, whom_id), Message.seen_at.is_(None))
    return query.scalar_subquery()


def see(whom: tuple[str, int], until_id: int) -> None:
    """Mark as read everything up to a row of theirs; what became due after it stays new."""
    read = update(Message).where(*_of(*whom), _place <= _place_of(whom, until_id), Message.seen_at.is_(None))
    db.session.execute(read.values(seen_at=now()).execution_options(synchronize_session=False))


def forget_old() -> None:
    """Remove what was told long ago."""
    old = delete(Message).where(Message.told_at < now() - KEPT)
    db.session.execute(old.execution_options(synchronize_session=False))


def _place_of(whom: tuple[str, int], row_id: int) -> ScalarSelect[Any]:
    """Ask where a row of somebody's list stands in it; nothing stands before or after a row that is not theirs."""
    place = select(Message.at, Message.id).where(*_of(*whom), Message.id == row_id)
    return place.correlate(None).scalar_subquery()


def _of(whom: str, whom_id: int | ColumnElement[int]) -> tuple[ColumnElement[bool], ...]:
    return Message.whom == whom, Message.whom_id == whom_id, Message.at <= now()
