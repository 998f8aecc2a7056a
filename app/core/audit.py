"""The audit log: who did what to what, appended only, each row sealed by the hash of the one before.

Triggers on both engines refuse UPDATE and DELETE (migration 0001). Facts are ids, codes and states: no names,
phones or identity numbers, so the log can be read by an auditor without becoming a register of families.

A chain that is cut at its end is still a chain. Therefore the newest hash is written once a day to a file beside the
private ones, where the database's owner may not reach and from where it can be carried elsewhere; `flask verify`
compares.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import g, has_request_context
from sqlalchemy import JSON, BigInteger, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.books import Finding, book
from app.core.clock import now
from app.core.db import NEWEST_ACT, Base, UtcDateTime, advisory_lock, db, pk
from app.core.errors import NotFound
from app.core.jobs import every
from app.core.policy import Actor
from app.core.storage import private_store

LOCK = 7_061_754
GENESIS = "0" * 64
REGION = "region"
HEADS = "audit/heads.txt"
DAY = 86_400
HEADS_AT_ONCE = 500


class AuditEntry(Base):
    """One act. `subject` is `table:id`."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = pk()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    actor_role: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    request_id: Mapped[str] = mapped_column(String(40))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    def sealed(self) -> str:
        """Return the hash that this row's contents and its predecessor demand."""
        content = [
            self.at.isoformat(timespec="microseconds"), self.actor_id, self.actor_role,
            self.action, self.subject, self.facts, self.request_id,
        ]  # fmt: skip
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256((self.previous_hash + text).encode()).hexdigest()


def record(by: Actor | None, action: str, subject: object = None, **facts: Any) -> AuditEntry:
    """Append one act inside the caller's transaction; `by` is None when time or a job acts.

    What nobody did still happened somewhere: the region of its subject stands among the facts, so that an auditor
    reads what concerns the own region. A subject that knows none is given with `region`.
    """
    return record_each(by, action, subject, [facts])[0]


def record_each(by: Actor | None, action: str, subject: object, each: Sequence[dict[str, Any]]) -> list[AuditEntry]:
    """Append the same act with the facts of each time, in this order, as one statement."""
    session = db.session()
    session.flush()  # the subject has its id only after the insert
    previous = _newest(session)
    rows = []
    for facts in each:
        if by is None and (region := facts.get(REGION) or _region_of(subject)):
            facts[REGION] = region
        row = {
            "at": now(),
            "actor_id": by.id if by else 0,
            "actor_role": by.role if by else "system",
            "action": action,
            "subject": name_of(subject),
            "facts": facts,
            "request_id": str(g.get("request_id", "")) if has_request_context() else "",
            "previous_hash": previous,
        }
        previous = AuditEntry(**row).sealed()
        rows.append(row | {"hash": previous})
    made = session.scalars(insert(AuditEntry).values(rows).returning(AuditEntry)).all()
    session.info[NEWEST_ACT] = (previous, session.get_nested_transaction())
    return sorted(made, key=lambda entry: entry.id)


def _newest(session: Session) -> str:
    """Return the hash that the next act follows, and let nobody else append until this transaction ends.

    Whoever has appended holds the end of the chain and need not ask for it, unless that was within a savepoint that
    has ended: it may have been taken back.
    """
    newest, savepoint = session.info.get(NEWEST_ACT, ("", None))
    if newest and (savepoint is None or savepoint.is_active):
        return str(newest)
    advisory_lock(LOCK)
    return session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or GENESIS


def _region_of(subject: object) -> str | None:
    return getattr(subject, "regency_code", None) or getattr(subject, "region_code", None)


def name_of(subject: object) -> str:
    """Return `table:id` for a row, or the text itself."""
    if subject is None:
        return ""
    table = getattr(subject, "__tablename__", None)
    if table is None:
        return str(subject)[:80]
    return f"{table}:{getattr(subject, 'id', '')}"


@book("audit")
def check_chain() -> list[Finding]:
    """Find rows that were altered, removed or put in another order."""
    findings, previous, expected = [], GENESIS, None
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)):
        if entry.previous_hash != previous or entry.hash != entry.sealed():
            findings.append(Finding("audit_entry", entry.id, "the chain is broken here"))
        if expected is not None and entry.id != expected and dense_ids():
            findings.append(Finding("audit_entry", entry.id, "a row before this one is missing"))
        previous, expected = entry.hash, entry.id + 1
    return findings


@every(DAY, "audit-head")
def export_head() -> None:
    """Write the newest hash down outside the database; the same head is written once."""
    last = db.session.scalar(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    if last is None:
        return
    heads = exported_heads()
    if (last.id, last.hash) in heads:
        return
    lines = [f"{number} {digest}" for number, digest in [*heads, (last.id, last.hash)]]
    private_store().put(HEADS, ("\n".join(lines) + "\n").encode())


def exported_heads() -> list[tuple[int, str]]:
    """Return (row, hash) of every day's head, oldest first.

    Raises:
        ValueError: the file is not one that we wrote.
    """
    try:
        text = private_store().read(HEADS).decode("ascii")
    except NotFound:
        return []
    return [(int(number), digest) for number, _, digest in (line.partition(" ") for line in text.splitlines())]


@book("audit-heads")
def check_heads() -> list[Finding]:
    """Find heads that were written down and are no longer in the log: its end was cut off, or all of it replaced."""
    try:
        heads = exported_heads()
    except ValueError:
        return [Finding("audit_entry", HEADS, "the exported heads cannot be read")]
    stored: dict[int, str] = {}
    for start in range(0, len(heads), HEADS_AT_ONCE):
        ids = [number for number, _digest in heads[start : start + HEADS_AT_ONCE]]
        rows = db.session.execute(select(AuditEntry.id, AuditEntry.hash).where(AuditEntry.id.in_(ids)))
        stored |= {row.id: row.hash for row in rows}
    return [
        Finding("audit_entry", number, "an exported head is missing or another")
        for number, digest in heads
        if stored.get(number) != digest
    ]


def dense_ids() -> bool:
    """Tell whether ids have no gaps by nature: PostgreSQL sequences skip after a rollback."""
    return db.engine.dialect.name == "sqlite"
