"""Questions about files on order."""

from __future__ import annotations

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.people.accounts.models import Account
from app.people.files.models import PreparedFile

MOST = 20


def get_file(file_id: int) -> PreparedFile:
    """Return a file on order.

    Raises:
        NotFound: there is none, its day is over, or its owner's account has changed since it was asked for.
    """
    found = db.session.get(PreparedFile, file_id)
    if found is None or found.expires_at < now() or not is_owned(found):
        raise NotFound(file_id)
    return found


def is_owned(wanted: PreparedFile) -> bool:
    """Tell whether its owner's account is as it was when it was asked for."""
    version = select(Account.version).where(Account.id == wanted.owner_id)
    return db.session.scalar(version) == wanted.owner_version


def list_own(owner_id: int) -> list[PreparedFile]:
    """Return a person's files, newest first."""
    query = select(PreparedFile).join(Account, Account.id == PreparedFile.owner_id)
    query = query.where(PreparedFile.owner_id == owner_id, PreparedFile.owner_version == Account.version)
    query = query.where(PreparedFile.expires_at >= now())
    return list(db.session.scalars(query.order_by(PreparedFile.id.desc()).limit(MOST)))
