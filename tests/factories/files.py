"""The least file on order that a person may fetch."""

from __future__ import annotations

from app.core.clock import now
from app.core.db import transaction
from app.core.storage import new_name, private_store
from app.people.accounts.models import Account
from app.people.files.models import PreparedFile
from app.people.files.operations import KEEP


def make_file(owner: Account, data: bytes = b"isi") -> PreparedFile:
    """A finished file of this person."""
    stored = new_name("txt")
    private_store().put(stored, data)
    row = PreparedFile(
        owner_id=owner.id,
        owner_version=owner.version,
        kind="contoh",
        title="Laporan contoh",
        facts={},
        locale="id",
        state="ready",
        name="laporan.txt",
        mimetype="text/plain",
        stored=stored,
        ready_at=now(),
        expires_at=now() + KEEP,
    )
    with transaction() as session:
        session.add(row)
    return row
