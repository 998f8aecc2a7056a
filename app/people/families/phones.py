"""The blind index of phones that were sealed before there was one: filled a few at a time, while people go on."""

from __future__ import annotations

from sqlalchemy import select

from app.core.db import db
from app.core.jobs import every
from app.core.vault import Tampered
from app.people.families import queries
from app.people.families.models import KpmIdentity

AT_ONCE = 200
HOUR = 3600
CLOSED = ""
"""Stands where a phone does not open: `flask verify` names the row, and it is not tried for ever."""


@every(HOUR, "families.phones")
def go_on() -> None:
    """Fill the next few."""
    fill_index()


def fill_index() -> int:
    """Let older phones be found by an equal one; returns how many were looked at."""
    waiting = select(KpmIdentity).where(KpmIdentity.phone_sealed.is_not(None), KpmIdentity.phone_blind.is_(None))
    waiting = waiting.order_by(KpmIdentity.kpm_id).limit(AT_ONCE).with_for_update(skip_locked=True)
    found = list(db.session.scalars(waiting))
    for identity in found:
        try:
            number = queries.open_field(identity, "phone")
        except Tampered:
            number = None
        identity.phone_blind = queries.phone_blind(number) if number else CLOSED
    db.session.flush()
    return len(found)
