"""The least valid complaint to the office. Each opens its own transaction and returns the stored row."""

from __future__ import annotations

import secrets

from app.core.db import transaction
from app.office.tickets import operations
from app.office.tickets.models import Ticket
from app.people.accounts.models import Account
from tests.factories.people import REGENCY, make_account


def make_ticket(words: str = "Penjual tidak pernah menjawab.", phone: str | None = None, **given: str) -> Ticket:
    """A complaint that waits for an answer; `kind`, `key`, `regency_code` and `address` may be given."""
    facts = {"kind": "seller", "key": secrets.token_hex(16), "regency_code": REGENCY, "address": secrets.token_hex(4)}
    facts |= given
    with transaction():
        return operations.complain(
            facts["kind"], words, phone,
            key=facts["key"], regency_code=facts["regency_code"], address=facts["address"],
        )  # fmt: skip


def answer_ticket(ticket: Ticket, words: str = "Sudah kami periksa.", *, by: Account | None = None) -> Ticket:
    """Its one answer, by an officer of its region."""
    officer = by or make_account("curator", region_code=ticket.regency_code)
    with transaction():
        operations.answer(ticket, words, by=officer)
    return ticket
