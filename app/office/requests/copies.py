"""A person's copy of everything that is kept about her: for machines as JSON, for people as PDF."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core import papers, personal
from app.core.clock import now
from app.core.personal import Keeping, Plain, Whose
from app.kit.rupiah import Rupiah
from app.office.requests import queries, words
from app.office.requests.operations import JSON_COPY, PDF_COPY
from app.people.accounts.queries import get_account
from app.people.files.operations import Made, builder


@dataclass(frozen=True)
class Part:
    """One part as a screen or paper shows it: rows of (word, value); `more` when not all are shown."""

    name: str
    title: str
    rows: list[list[tuple[str, str]]]
    more: bool = False


def parts(whose: Whose, keepings: Iterable[Keeping], most: int | None = None) -> list[Part]:
    """Return what is kept about a person, in words; parts that hold nothing are left out."""
    found = []
    for each in keepings:
        rows = each.tell(whose, None if most is None else most + 1)
        said = [[(str(each.words[name]), words.plain(value)) for name, value in row.items()] for row in rows[:most]]
        if said:
            more = most is not None and len(rows) > most
            found.append(Part(each.name, str(each.title), said, more))
    return found


@builder(JSON_COPY)
def as_json(facts: dict[str, Any]) -> Made:
    """Write the copy for machines: names of fields in English, moments in UTC, money in whole rupiah."""
    whose = _whose(facts)
    told = {
        each.name: [{name: bare(value) for name, value in row.items()} for row in each.tell(whose, None)]
        for each in personal.keepings()
    }
    text = json.dumps({"made_at": now().isoformat(timespec="seconds"), **told}, ensure_ascii=False, indent=2)
    return Made((text + "\n").encode(), "data-saya.json", "application/json")


@builder(PDF_COPY)
def as_pdf(facts: dict[str, Any]) -> Made:
    """Draw the copy for people."""
    told = parts(_whose(facts), personal.keepings())
    drawn = papers.draw("office/requests/copy_pdf.html", "copy.css", parts=told, made=now())
    return Made(drawn, "data-saya.pdf", "application/pdf")


def _whose(facts: dict[str, Any]) -> Whose:
    account = get_account(int(facts["account"])) if facts["account"] else None
    return queries.whose(account, facts["kpm"], facts.get("buyer"))


def bare(value: Plain) -> Plain:
    if isinstance(value, Rupiah):
        return value.amount
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
