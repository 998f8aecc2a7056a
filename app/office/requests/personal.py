"""What is kept of requests themselves, and of what others did to her account, shop and goods."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, update

from app.core import personal, vault
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.office.oversight.words import act
from app.office.requests import queries, words
from app.office.requests.models import DataRequest
from app.people.accounts.words import role


def _about(whose: Whose) -> ColumnElement[bool]:
    hashed = vault.blind(whose.phone, "buyer_phone") if whose.phone else ""
    return queries.About(whose.account_id, whose.kpm_id, hashed).column


def _requests(whose: Whose, most: int | None) -> list[Row]:
    rows = db.session.scalars(select(DataRequest).where(_about(whose)).order_by(DataRequest.id.desc()).limit(most))
    return [
        {
            "kind": words.kind(each.kind),
            "words": words.said(each),
            "asked": each.asked_at,
            "answer": each.answer,
            "answered": each.closed_at,
        }
        for each in rows
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep that she asked and who decided; take every sentence away."""
    also = DataRequest.kpm_id == (whose.kpm_id or queries.NOBODY)
    bare = update(DataRequest).where(or_(_about(whose), also)).values(words="", answer="", proposal="")
    db.session.execute(bare.execution_options(synchronize_session=False))


def _acts(whose: Whose, most: int | None) -> list[Row]:
    if whose.account_id is None:
        return []
    return [
        {"who": name, "task": role(entry.actor_role), "what": act(entry.action), "at": entry.at}
        for entry, name in queries.list_acts_about(whose, most)
    ]


personal.keeps(
    "requests", _l("Permintaan soal data"), storey=50, tables=("data_request",), tell=_requests, erase=_erase,
    words={
        "kind": _l("Permintaan"), "words": _l("Yang diminta"), "asked": _l("Diminta"), "answer": _l("Jawaban"),
        "answered": _l("Dijawab"),
    },
)  # fmt: skip
personal.keeps(
    "acts", _l("Yang dilakukan petugas untuk akun, lapak, dan produk"), storey=61, tables=("audit_entry",), tell=_acts,
    words={"who": _l("Siapa"), "task": _l("Tugas"), "what": _l("Apa"), "at": _l("Waktu")},
)  # fmt: skip
