"""What happened to a round, asked in one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.core.db import db
from app.core.together import alongside
from app.people.accounts.models import Account
from app.trade.ekatalog.models import Appeal, Bundle, Move, OutsideStatus, Submission


@dataclass(frozen=True)
class Course:
    """What happened to a round: its steps and what was seen outside, the oldest first, and who took part, by name."""

    moves: list[Move]
    seen: list[OutsideStatus]
    appeal: Appeal | None
    bundle: Bundle | None
    following: Submission | None
    names: dict[int, str]


def course_of(submission_id: int) -> Course:
    """Return what happened to a round, in one question."""
    following = aliased(Submission)
    query = alongside(
        Submission,
        [submission_id],
        (Move, Move.submission_id == Submission.id),
        (OutsideStatus, OutsideStatus.submission_id == Submission.id),
        (Appeal, Appeal.submission_id == Submission.id),
        (Bundle, Bundle.submission_id == Submission.id),
        (following, following.previous_id == Submission.id),
    )
    rows = db.session.execute(query.add_columns(_name(Move.by_id), _name(Move.on_behalf_of_id))).all()
    names = {
        number: name
        for _id, step, *_rest, by, behalf in rows
        if step
        for number, name in ((step.by_id, by), (step.on_behalf_of_id, behalf))
        if number
    }
    moves, seen, appeal, bundle, after = ([row[place] for row in rows if row[place]] for place in range(1, 6))
    return Course(moves, seen, _only(appeal), _only(bundle), _only(after), names)


def _name(account_id: InstrumentedAttribute[int | None]) -> ColumnElement[str]:
    return select(Account.name).where(Account.id == account_id).scalar_subquery()


def _only(found: list[Any]) -> Any:
    return found[0] if found else None
