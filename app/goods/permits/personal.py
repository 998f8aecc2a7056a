"""What is kept of papers: numbers, some of which say who she is, and their scans."""

from __future__ import annotations

from sqlalchemy import select

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.goods.permits.models import Permit


def _list(whose: Whose, most: int | None = None) -> list[Permit]:
    query = select(Permit).where(Permit.shop_id.in_(whose.shop_ids)).order_by(Permit.id.desc()).limit(most)
    return list(db.session.scalars(query))


def _permits(whose: Whose, most: int | None) -> list[Row]:
    return [
        {
            "paper": each.kind.upper(),
            "number": each.number,
            "issued": each.issued_on,
            "until": each.expires_on,
            "note": each.note,
        }
        for each in _list(whose, most)
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep that there was a paper of this kind, and who looked at it."""
    scans = []
    for permit in _list(whose):
        scans += [permit.scan] if permit.scan else []
        permit.number, permit.note = "", ""
        permit.number_sealed = permit.scan = permit.scan_sha256 = None
    db.session.flush()
    personal.forget_files(private=scans)


personal.keeps(
    "permits", _l("Surat izin"), storey=25, tables=("permit",), tell=_permits, erase=_erase,
    words={
        "paper": _l("Surat"), "number": _l("Nomor"), "issued": _l("Terbit"), "until": _l("Berlaku sampai"),
        "note": _l("Catatan"),
    },
)  # fmt: skip
