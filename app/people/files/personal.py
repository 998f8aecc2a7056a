"""What is kept of files on order: hers, and those that tell of her; gone after a day anyhow."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.people.files.models import PreparedFile


def _files(whose: Whose, most: int | None) -> list[Row]:
    query = select(PreparedFile).where(PreparedFile.owner_id == whose.account_id)
    rows = db.session.scalars(query.order_by(PreparedFile.id.desc()).limit(most))
    return [{"file": each.title, "asked": each.created_at, "until": each.expires_at} for each in rows]


def _erase(whose: Whose, by: Actor) -> None:
    """Take hers away, and what somebody else had made of her."""
    ids = [each.id for each in db.session.scalars(select(PreparedFile)) if _is_about(each, whose)]
    gone = delete(PreparedFile).where(PreparedFile.id.in_(ids)).returning(PreparedFile.stored)
    personal.forget_files(private=[name for name in db.session.scalars(gone).all() if name])


def _is_about(wanted: PreparedFile, whose: Whose) -> bool:
    told = (("account", whose.account_id), ("kpm", whose.kpm_id))
    named = any(number is not None and wanted.facts.get(name) == number for name, number in told)
    return named or wanted.owner_id == whose.account_id


personal.keeps(
    "files", _l("Berkas yang diminta"), storey=15, tables=("prepared_file",), tell=_files, erase=_erase,
    words={"file": _l("Berkas"), "asked": _l("Diminta"), "until": _l("Disimpan sampai")},
)  # fmt: skip
