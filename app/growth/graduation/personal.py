"""What is kept of a family's path: where it stands, its graduations, and everything that was said in its matters."""

from __future__ import annotations

from sqlalchemy import select

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.growth.graduation import operations, queries
from app.growth.graduation.models import Graduation, GrowthCase


def _case(whose: Whose, _most: int | None) -> list[Row]:
    case = db.session.get(GrowthCase, whose.kpm_id) if whose.kpm_id else None
    return [{"status": case.status}] if case else []


def _graduations(whose: Whose, most: int | None) -> list[Row]:
    return [
        {"kind": each.kind, "stated": each.stated_on, "letter": each.letter_number, "confirmed": each.confirmed_on}
        for each in _list(whose)[:most]
    ]


def _list(whose: Whose) -> list[Graduation]:
    query = select(Graduation).where(Graduation.kpm_id == whose.kpm_id).order_by(Graduation.id.desc())
    return list(db.session.scalars(query))


def _said(whose: Whose, most: int | None) -> list[Row]:
    said = queries.words_of(whose.kpm_id) if whose.kpm_id else {}
    return [{"about": subject, "words": words} for subject, words in list(said.items())[:most]]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep decisions, measures and days; what was said and the scanned letters go."""
    if whose.kpm_id is None:
        return
    operations.erase_words(whose.kpm_id)
    scans = []
    for each in _list(whose):
        scans += [each.scan] if each.scan else []  # the name stays: it says that there was one, and nothing more
        each.letter_number = ""
    db.session.flush()
    personal.forget_files(private=scans)


personal.keeps(
    "growth", _l("Perkembangan keluarga"), storey=41, tell=_case, erase=_erase,
    tables=("growth_case", "growth_assessment", "growth_proposal", "growth_decision", "growth_appeal"),
    words={"status": _l("Keadaan")},
)  # fmt: skip
personal.keeps(
    "graduations", _l("Graduasi"), storey=42, tables=("graduation",), tell=_graduations,
    words={
        "kind": _l("Jenis"), "stated": _l("Dinyatakan"), "letter": _l("Nomor surat"), "confirmed": _l("Disahkan"),
    },
)  # fmt: skip
personal.keeps(
    "said", _l("Yang ditulis tentang keluarga"), storey=43, tables=("growth_words",), tell=_said,
    words={"about": _l("Tentang"), "words": _l("Tulisan")},
)  # fmt: skip
