"""Everything that the database holds, so that a test can say: nothing changed."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from app.core.db import Base, db

# A session remembers that its owner was there; a wrong link is counted, a look at a family is written
# down; all of it happens on looking.
MOVES = {("web_session", "seen_at")}
COUNTED = {"limit_hit", "access_log"}
# Acts that are nothing but a look, and must be written down.
LOOKS = {"permit.read", "kpm.number_revealed", "kpm.listed", "buyer.copied", "payment.proof_read", "return.photo_read"}


def stored(*, but_looks: bool = False) -> dict[str, str]:
    """Return one fingerprint per table; `but_looks` leaves out that somebody who may look has looked."""
    db.session.rollback()
    found = {
        name: _fingerprint(table, but_looks) for name, table in Base.metadata.tables.items() if name not in COUNTED
    }
    db.session.rollback()
    return found


def _fingerprint(table, but_looks: bool) -> str:
    columns = [column for column in table.columns if (table.name, column.name) not in MOVES]
    asked = select(*columns)
    if but_looks and table.name == "audit_entry":
        asked = asked.where(table.c.action.not_in(LOOKS))
    rows = sorted(repr(tuple(row)) for row in db.session.execute(asked))
    return hashlib.sha256("\n".join(rows).encode("utf-8", "surrogatepass")).hexdigest()
