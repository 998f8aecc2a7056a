"""Reports that a steward orders: the log of a period, and whether its chain still holds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from app.core import audit, sheets
from app.core.i18n import _
from app.office.oversight import queries, words
from app.office.oversight.queries import Asked, Sought
from app.people.accounts import words as people
from app.people.accounts.queries import get_account
from app.people.families import looks
from app.people.files.operations import Made, builder

EXPORT, CHAIN, LOOKS = "audit-export", "audit-chain", "access-export"


def facts_of(asked: Asked | Sought, steward_id: int) -> dict[str, Any]:
    """Return what the export needs as plain values."""
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(asked).items()}
    return plain | {"steward": steward_id}


@builder(EXPORT)
def export(facts: dict[str, Any]) -> Made:
    """Write the acts of the region as CSV."""
    scope = get_account(int(facts["steward"]))
    asked = Asked(
        act=facts["act"],
        actor_id=facts["actor_id"],
        subject=facts["subject"],
        first=_day(facts["first"]),
        last=_day(facts["last"]),
    )
    head = [_("Nomor"), _("Waktu (UTC)"), _("Siapa"), _("Tugas"), _("Perbuatan"), _("Kode"), _("Tentang"), _("Rincian")]
    rows = (_row(act) for act in queries.walk_acts(asked, scope=scope))
    return Made(sheets.write_csv(head, rows), "catatan-perbuatan.csv", sheets.CSV)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _row(act: queries.Act) -> list[sheets.Cell]:
    entry, system = act.entry, _("sistem")
    return [
        entry.id,
        entry.at.isoformat(timespec="seconds"),
        system if act.by_system else act.name,
        system if act.by_system else people.role(entry.actor_role),
        words.act(entry.action),
        entry.action,
        entry.subject,
        ", ".join(f"{name}={value}" for name, value in sorted(entry.facts.items())),
    ]


@builder(CHAIN)
def check_chain(facts: dict[str, Any]) -> Made:
    """Recompute the whole chain and the heads written outside, and say what was found."""
    findings = [*audit.check_chain(), *audit.check_heads()]
    whole = _("Rantai utuh: tidak ada catatan yang diubah, hilang, atau tertukar.")
    lines = [str(each) for each in findings] or [whole]
    return Made(("\n".join(lines) + "\n").encode(), "pemeriksaan-rantai.txt", "text/plain")


@builder(LOOKS)
def export_looks(facts: dict[str, Any]) -> Made:
    """Write the looks at the region's families as CSV; families stand by our own number."""
    scope = get_account(int(facts["steward"]))
    sought = Sought(facts["actor_id"], facts["pseudonym"], _day(facts["first"]), _day(facts["last"]))
    head = [_("Nomor"), _("Waktu (UTC)"), _("Siapa"), _("Tugas"), _("Keluarga"), _("Apa"), _("Untuk apa")]
    rows = (_look(each) for each in queries.walk_looks(sought, scope=scope))
    return Made(sheets.write_csv(head, rows), "catatan-akses.csv", sheets.CSV)


def _look(each: queries.Look) -> list[sheets.Cell]:
    row, at = each.row, each.row.at.isoformat(timespec="seconds")
    what, purpose = looks.what(row.what), looks.purpose(row.purpose)
    return [row.id, at, each.name, people.role(row.actor_role), each.pseudonym, what, purpose]
