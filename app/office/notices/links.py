"""The link in the letter that asks whether an address is one's own: signed, for two days, for this address alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.vault import settings
from app.kit import codes, digits
from app.office.notices.models import MailAddress

KEPT: Final = timedelta(hours=48)


def until() -> int:
    """Return when a link that is made now ends, in seconds as machines count them."""
    return int((now() + KEPT).timestamp())


def token_of(kept: MailAddress, ends: int) -> str:
    """Return what stands in the link."""
    return f"{kept.id}-{ends}-{codes.signature(_key(), _message(kept, ends))}"


def get_by_token(token: str, *, lock: bool = False) -> MailAddress:
    """Return the address that a link is about; `lock` keeps others from changing it until the transaction ends.

    Raises:
        NotFound: no such link, one that has ended, or one for an address that was changed or taken away since.
    """
    number, _, rest = token.partition("-")
    ends, _, signature = rest.partition("-")
    kept = db.session.get(MailAddress, digits.whole(number) or 0, with_for_update=lock, populate_existing=lock)
    moment = digits.whole(ends) or 0
    if kept is None or moment <= now().timestamp() or not codes.is_signed(_key(), _message(kept, moment), signature):
        raise NotFound
    return kept


def _message(kept: MailAddress, ends: int) -> str:
    return f"{kept.id}:{kept.address}:{ends}"


def _key() -> bytes:
    return settings().derive("mail-link")
