"""What requests hear: a consent taken back opens a task with a clock, and after an erasure the journal is emptied."""

from __future__ import annotations

from app.core.db import db, dialect, transaction
from app.core.events import listen
from app.office.requests import operations
from app.office.requests.events import PersonErased
from app.people.accounts.events import ConsentWithdrawn
from app.people.accounts.queries import get_account
from app.people.families.events import ConsentWithdrawn as FamilyConsentWithdrawn
from app.people.families.queries import get_kpm


@listen(ConsentWithdrawn)
def look_after(happened: ConsentWithdrawn) -> None:
    """Ask the steward to see that nothing is shown or used any more."""
    with transaction():
        account = get_account(happened.account_id)
        operations.ask("withdraw", account=account, words=happened.purpose, source="withdrawal", by=None)


@listen(FamilyConsentWithdrawn)
def look_after_family(happened: FamilyConsentWithdrawn) -> None:
    """Ask the same for a family."""
    with transaction():
        kpm = get_kpm(happened.kpm_id)
        operations.ask("withdraw", kpm=kpm, words=happened.purpose, source="withdrawal", by=None)


@listen(PersonErased)
def empty_journal(_happened: PersonErased) -> None:
    """Write the journal of SQLite back and empty it: it still holds the pages as they were before."""
    if dialect() == "sqlite":
        db.session.rollback()
        with db.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
