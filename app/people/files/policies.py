"""Who may have a file: whoever asked for it."""

from __future__ import annotations

from app.core.policy import Actor
from app.people.files.models import PreparedFile


def asked_for(actor: Actor, wanted: PreparedFile) -> bool:
    """Her own order."""
    return wanted.owner_id == actor.id


def is_signed_in(actor: Actor) -> bool:
    """Anyone with an account."""
    return not actor.is_anonymous
