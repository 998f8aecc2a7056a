"""Writing a visit down, once; a mistake is corrected by another visit that names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from app.core import audit, keyring, vault
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.growth.mentoring import queries
from app.growth.mentoring.agreed import Agreed, find_wish_of_visit, list_of_visit, what_of, wish, write
from app.growth.mentoring.models import MonitoringVisit, VisitItem, VisitMonth
from app.kit.rupiah import Rupiah
from app.people.accounts.operations import KeyReused, lock_key
from app.people.families.models import Kpm


class BookClosed(DomainError):
    """The family took its consent back after the book's figures were filled in."""

    text = _l("Keluarga sudah mencabut izin memakai catatan jualan. Angkanya dikosongkan. Tulis yang diceritakan.")


def record_visit(
    kpm: Kpm,
    *,
    key: str,
    visited_on: date,
    mode: str,
    met: str,
    running: bool,
    said: str,
    help_wanted: Sequence[str],
    answers: Mapping[str, tuple[str, str]],
    booked: Mapping[date, Rupiah | None],
    told: Mapping[date, Rupiah | None],
    photo: str | None,
    agreed: Sequence[Agreed] = (),
    alone: bool | None = None,
    filled_in: bool = False,
    by: Actor,
) -> MonitoringVisit:
    """Write a visit down; the same key again finds it.

    Args:
        answers: (value, how verified) by question.
        booked: what the book has for each month, kept only with consent.
        told: what the family said where it differs; None where the figure was confirmed or is not known.
        agreed: what is to be done, by whom and by when.
        alone: whether the family wishes to stand without aid; None where it was not asked.
        filled_in: whether the form came with the book's figures in it.

    Raises:
        BookClosed: they came from the book, and it may not be used any more.
        KeyReused: the key came before with other contents.
    """
    lock_key(f"visit:{key}")
    made = queries.find_by_key(key)
    if made is not None:
        facts = (kpm.id, visited_on, mode, met, running, list(help_wanted), said, dict(answers), tuple(agreed), alone)
        figures = {month: amount for month, amount in told.items() if amount is not None}
        if _written(made) != (*facts, figures):
            raise KeyReused(made)
        return made
    if not queries.is_book_open(kpm.id, lock=True):
        if filled_in:
            raise BookClosed(kpm)
        booked = dict.fromkeys(booked)
    visit = MonitoringVisit(
        key=key,
        kpm_id=kpm.id,
        visited_on=visited_on,
        mode=mode,
        met=met,
        running=running,
        help_wanted=list(help_wanted),
        photo=photo,
        by_id=by.id,
    )
    visit.items = [VisitItem(criterion=name, value=value, how_verified=how) for name, (value, how) in answers.items()]
    visit.months = [VisitMonth(month=month, booked=booked[month], told=told.get(month)) for month in booked]
    db.session.add(visit)
    db.session.flush()
    visit.said_sealed = vault.seal(said, queries.said_place(visit)) if said else ""
    db.session.flush()
    audit.record(by, "visit.recorded", visit, kpm=kpm.id, mode=mode)
    write(visit, agreed, by=by)
    if alone is not None:
        wish(kpm, alone=alone, by=by, visit=visit)
    return visit


def _written(made: MonitoringVisit) -> tuple[object, ...]:
    """Return what a visit was written down with, besides its photo and what the book had."""
    answers = {item.criterion: (item.value, item.how_verified) for item in made.items}
    figures = {month.month: month.told for month in made.months if month.told is not None}
    facts = (made.kpm_id, made.visited_on, made.mode, made.met, made.running, list(made.help_wanted))
    actions = tuple(Agreed(what_of(each), each.whose, each.due_on) for each in list_of_visit(made.id))
    said = find_wish_of_visit(made.id)
    return (*facts, queries.said_of(made), answers, actions, said.alone if said else None, figures)


keyring.sealed(MonitoringVisit.said_sealed, queries.said_place)
