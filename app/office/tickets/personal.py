"""What is kept of complaints to the office: those that were made with her number."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.office.tickets import operations, words
from app.office.tickets.models import Ticket


def _hers(whose: Whose) -> Select[Ticket]:
    return select(Ticket).where(Ticket.phone == whose.phone).order_by(Ticket.id.desc())


def _tickets(whose: Whose, most: int | None) -> list[Row]:
    if not whose.phone:
        return []
    return [
        {
            "code": each.code,
            "about": words.kind(each.kind),
            "words": each.words,
            "answer": each.answer,
            "said": each.made_at,
        }
        for each in db.session.scalars(_hers(whose).limit(most))
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Leave kind, days and who answered, and no word of anybody."""
    if whose.phone:
        operations.forget(list(db.session.scalars(_hers(whose))))


personal.keeps(
    "tickets", _l("Aduan ke dinas"), storey=56, tables=("ticket",), tell=_tickets, erase=_erase,
    words={
        "code": _l("Nomor aduan"), "about": _l("Tentang"), "words": _l("Kalimat"), "answer": _l("Jawaban petugas"),
        "said": _l("Waktu"),
    },
)  # fmt: skip
