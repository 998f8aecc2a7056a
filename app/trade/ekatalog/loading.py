"""Bringing the lists of the house into the database; a newer requirement set checks every open round again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, select

from app.core.clock import today
from app.core.db import db
from app.trade.ekatalog import moving, queries, reference, rules
from app.trade.ekatalog.models import AcceptedKbli, EkatalogCategory, RequirementSet, Submission

ZONE = "Asia/Jakarta"


def load() -> int:
    """Store what is not there yet; returns how many rows were added."""
    added = sum(add_set(each) for each in reference.requirement_sets())
    if not db.session.scalar(select(func.count()).select_from(EkatalogCategory)):
        categories, accepted = reference.categories(), reference.accepted_kbli()
        db.session.execute(insert(EkatalogCategory), categories)
        db.session.execute(insert(AcceptedKbli), accepted)
        added += len(categories) + len(accepted)
    return added


def add_set(row: Mapping[str, Any]) -> int:
    """Store a requirement set that is new, and take open rounds of its profile along when it holds today."""
    if db.session.get(RequirementSet, row["version"]) is not None:
        return 0
    db.session.add(RequirementSet(**row))
    db.session.flush()
    adopt_current(row["profile"])
    return 1


def adopt_current(profile: str) -> int:
    """Take open rounds along to the set that holds today, since a set may begin later; returns how many changed."""
    current = queries.find_current_set(profile, today(ZONE))
    return adopt(profile, current.version) if current else 0


def adopt(profile: str, version: str) -> int:
    """Ask open rounds for what a newer set asks, and write the difference down; returns how many changed.

    A round that is signed keeps what it was signed under, and so does one that has ended.
    """
    old = {each.version: reference.items_of(each.items) for each in db.session.scalars(select(RequirementSet))}
    query = select(Submission).where(Submission.profile == profile, Submission.set_version != version)
    query = query.where(Submission.state.not_in((*rules.ENDED, *rules.SIGNED))).order_by(Submission.id)
    changed = 0
    for submission in db.session.scalars(query.with_for_update()):
        changes = rules.difference(old[submission.set_version], old[version])
        facts = {"requirements": version, "before": submission.set_version, **changes}
        submission.set_version = version
        moving.note_down(submission, submission.state, submission.state, by=None, facts=facts)
        changed += 1
    return changed
