"""The least valid complaint to the office. It opens its own transaction and returns the stored row."""

from __future__ import annotations

import secrets

from app.core.db import transaction
from app.office.tickets import operations
from app.office.tickets.models import Ticket
from tests.factories.people import REGENCY


def make_ticket(words: str = "Penjual tidak pernah menjawab.", phone: str | None = None, **given: str) -> Ticket:
    """A complaint that waits for an answer; `kind`, `key`, `regency_code` and `address` may be given."""
    facts = {"kind": "seller", "key": secrets.token_hex(16), "regency_code": REGENCY, "address": secrets.token_hex(4)}
    facts |= given
    with transaction():
        return operations.complain(
            facts["kind"], words, phone,
            key=facts["key"], regency_code=facts["regency_code"], address=facts["address"],
        )  # fmt: skip
