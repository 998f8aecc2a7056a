"""The one way from state to state: locked, by the table alone, and written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core import audit
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.trade.ekatalog import queries, rules
from app.trade.ekatalog.cases import Case
from app.trade.ekatalog.models import Move, Submission, SubmissionCheck

NOTE_SIGNS = 300


class AlreadyMoved(DomainError):
    """Somebody else was quicker, or the table has no such step."""

    text = _l("Pengajuan ini sudah berubah. Lihat lagi keadaannya.")


class OwnEntry(DomainError):
    """Nobody decides what they entered."""

    status = 403
    text = _l("Ini isian Anda sendiri. Petugas lain yang memutuskan.")


class NotReady(DomainError):
    """A mandatory item is not in order today; `items` names them."""

    text = _l("Belum lengkap: %(items)s.")


def fetch(case: Case) -> Case:
    """Queue for a round, let time do what is due, and return it as it is now."""
    queries.lock(case.submission)
    fresh = queries.get_case(case.submission.id)
    if fresh.state == fresh.submission.state:
        return fresh
    if fresh.state == "returned":
        mark(fresh, {key: (fresh.checks[key].result, "") for key in fresh.lacking}, by=None)
    move(fresh.submission, fresh.state, by=None, facts={"items": fresh.lacking if fresh.state == "returned" else []})
    return queries.get_case(case.submission.id)


def move(
    submission: Submission,
    to: str,
    *,
    by: Actor | None,
    on_behalf_of_id: int | None = None,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Move:
    """Take a step of the table.

    Raises:
        AlreadyMoved: this role has no such step from here.
    """
    role = by.role if by else rules.SYSTEM
    if not rules.may_move(submission.state, to, role):
        raise AlreadyMoved(submission)
    before = submission.state
    submission.state = to
    submission.version += 1
    if to in rules.FILLING:
        submission.reviewed_by_id, submission.reviewed_at = None, None
    step = note_down(submission, before, to, by=by, on_behalf_of_id=on_behalf_of_id, note=note, facts=facts or {})
    audit.record(by, f"ekatalog.{to}", submission, on_behalf_of=on_behalf_of_id or 0)
    return step


def note_down(
    submission: Submission,
    before: str,
    after: str,
    *,
    by: Actor | None,
    on_behalf_of_id: int | None = None,
    note: str = "",
    facts: Mapping[str, Any],
) -> Move:
    """Append a line to the log of a round."""
    step = Move(
        submission_id=submission.id,
        from_state=before,
        to_state=after,
        by_id=by.id if by else None,
        by_role=by.role if by else rules.SYSTEM,
        on_behalf_of_id=on_behalf_of_id,
        note=note[:NOTE_SIGNS],
        facts=dict(facts),
    )
    db.session.add(step)
    db.session.flush()
    return step


def mark(case: Case, results: Mapping[str, tuple[str, str]], *, by: Actor | None) -> None:
    """Append what was said about items: result and sentence by key."""
    db.session.add_all(
        SubmissionCheck(
            submission_id=case.submission.id,
            key=key,
            result=result,
            note=note[:NOTE_SIGNS],
            by_id=by.id if by else None,
        )
        for key, (result, note) in results.items()
    )
    db.session.flush()


def check_ready(case: Case) -> None:
    """Refuse while a mandatory item is not in order today.

    Raises:
        NotReady: names the items.
    """
    if case.lacking:
        raise NotReady(case.submission, items=titles(case, case.lacking))


def titles(case: Case, keys: list[str]) -> str:
    """Name items as the screen does."""
    names = {item.key: item.title for item in case.items}
    return ", ".join(names[key] for key in keys)


def check_other_eyes(case: Case, by: Actor) -> None:
    """Refuse whoever entered any part of it.

    Raises:
        OwnEntry: that is the actor.
    """
    if by.id in case.enterers:
        raise OwnEntry(case.submission)
