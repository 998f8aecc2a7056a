"""The least valid address of e-mail. It opens its own transaction and returns the stored row."""

from __future__ import annotations

from app.core.clock import now
from app.core.db import db, transaction
from app.office.notices.models import MailAddress
from app.people.accounts.models import Account


def make_mail(owner: Account, address: str = "sarmi@contoh.id", *, confirmed: bool = True) -> MailAddress:
    """Where somebody is told by e-mail, once it was confirmed."""
    with transaction():
        kept = MailAddress(account_id=owner.id, address=address, confirmed_at=now() if confirmed else None)
        db.session.add(kept)
        db.session.flush()
    return kept
