"""What is kept of aid: what was asked, given, handed over and reported, with photos, receipts and witnesses."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.growth.capital.models import AidGrant, AidItem, AidProposal, Bast, UseReceipt, UseReport, Verification


def _proposals(whose: Whose, most: int | None) -> list[Row]:
    query = select(AidProposal, Verification.reason)
    query = query.join(Verification, Verification.proposal_id == AidProposal.id, isouter=True)
    query = query.where(AidProposal.kpm_id == whose.kpm_id).order_by(AidProposal.id.desc()).limit(most)
    return [{"asked": row.items_asked, "checked": reason} for row, reason in db.session.execute(query)]


def _items(whose: Whose, most: int | None) -> list[Row]:
    query = select(AidItem).join(AidGrant, AidGrant.id == AidItem.grant_id).where(AidGrant.kpm_id == whose.kpm_id)
    rows = db.session.scalars(query.order_by(AidItem.id.desc()).limit(most))
    return [{"item": each.name, "unit": each.unit, "condition": each.condition} for each in rows]


def _reports(whose: Whose, most: int | None) -> list[Row]:
    query = select(UseReport).join(AidGrant, AidGrant.id == UseReport.grant_id).where(AidGrant.kpm_id == whose.kpm_id)
    return [{"note": each.note} for each in db.session.scalars(query.order_by(UseReport.id.desc()).limit(most))]


def _erase(whose: Whose, by: Actor) -> None:
    """Keep grants, items, amounts and days; words, witnesses, photos, scans and receipts go."""
    proposals = select(AidProposal.id).where(AidProposal.kpm_id == whose.kpm_id)
    grants = select(AidGrant.id).where(AidGrant.kpm_id == whose.kpm_id)
    named = (
        select(Verification.photo).where(Verification.proposal_id.in_(proposals)),
        select(Bast.scan).where(Bast.grant_id.in_(grants)),
        select(UseReport.photo).where(UseReport.grant_id.in_(grants)),
        select(UseReceipt.photo).where(UseReceipt.grant_id.in_(grants)),
    )
    personal.forget_files(private=[name for query in named for name in db.session.scalars(query) if name])
    steps = [
        update(AidProposal).where(AidProposal.kpm_id == whose.kpm_id).values(items_asked=""),
        update(Verification).where(Verification.proposal_id.in_(proposals)).values(reason=""),
        update(Bast).where(Bast.grant_id.in_(grants)).values(witnesses_sealed="", place=""),
        update(UseReport).where(UseReport.grant_id.in_(grants)).values(note=""),
        update(UseReceipt).where(UseReceipt.grant_id.in_(grants)).values(what=""),
    ]
    for step in steps:
        db.session.execute(step.execution_options(synchronize_session=False))


personal.keeps(
    "aid_proposals", _l("Usulan bantuan"), storey=44, tables=("aid_proposal", "verification"), tell=_proposals,
    words={"asked": _l("Yang diminta"), "checked": _l("Hasil pemeriksaan")},
)  # fmt: skip
personal.keeps(
    "aid_items", _l("Barang bantuan"), storey=45, tables=("aid_grant", "aid_item", "bast"), tell=_items, erase=_erase,
    words={"item": _l("Barang"), "unit": _l("Satuan"), "condition": _l("Keadaan")},
)  # fmt: skip
personal.keeps(
    "aid_reports", _l("Laporan pemakaian"), storey=46, tables=("use_report", "use_receipt"), tell=_reports,
    words={"note": _l("Catatan")},
)  # fmt: skip
