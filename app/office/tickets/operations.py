"""Taking complaints to the office, answering each once with a name, and forgetting who made them."""

from __future__ import annotations

from collections.abc import Sequence

from app.core import audit, limits
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.kit import codes
from app.office.tickets import queries, rules, telling
from app.office.tickets.models import Ticket
from app.people.places.queries import settings_of
from app.trade.orders.queries import hours_of

LIMIT = "ticket"
AT_ONCE = 200


class KeyReused(DomainError):
    """The key of a form came back with other words."""

    text = _l("Aduan ini sudah terkirim dengan isi lain. Buka halamannya lagi.")


class Answered(StaleVersion):
    """Another officer was quicker."""

    text = _l("Aduan ini sudah dijawab petugas lain.")


def complain(kind: str, words: str, phone: str | None, *, key: str, regency_code: str, address: str) -> Ticket:
    """Keep a complaint and start its clock; the same form again gives the same number.

    Raises:
        TooMany: from this number or address too much was sent in an hour.
        KeyReused: the key stands for other words.
    """
    known = queries.find_by_key(key)
    if known is not None:
        if (known.kind, known.words) != (kind, words[: rules.MOST_WORDS]):
            raise KeyReused(key)
        return known
    limits.fail(LIMIT, phone or address, address)
    days, moment = int(settings_of(regency_code).get("ticket.days")), now()
    ticket = Ticket(
        code=codes.new_order_code(), key=key, regency_code=regency_code, kind=kind, words=words[: rules.MOST_WORDS],
        phone=phone, made_at=moment, due_at=hours_of(regency_code).after(moment, days * rules.DAY_HOURS),
    )  # fmt: skip
    db.session.add(ticket)
    db.session.flush()
    audit.record(None, "ticket.made", ticket)
    telling.tell_made(ticket)
    return ticket


def answer(ticket: Ticket, words: str, *, by: Actor) -> None:
    """Answer once; whoever complained reads the words and the officer's name.

    Raises:
        Answered: it was answered before.
    """
    db.session.refresh(ticket, with_for_update=True)
    if ticket.answered_at is not None:
        raise Answered(ticket)
    ticket.answer, ticket.answered_at, ticket.answered_by_id = words[: rules.MOST_WORDS], now(), by.id
    ticket.version += 1
    db.session.flush()
    audit.record(by, "ticket.answered", ticket)
    telling.take_back(ticket)


def forget(found: Sequence[Ticket]) -> int:
    """Take words and numbers away; kind, days and who answered stay. Returns how many."""
    for each in found:
        each.words, each.answer, each.phone = "", "", None
    db.session.flush()
    return len(found)


def forget_old() -> int:
    """Forget what was answered long ago."""
    return forget(queries.list_old(AT_ONCE))
