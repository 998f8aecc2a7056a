"""What requests and their states are called on a screen."""

from __future__ import annotations

import re
from datetime import date, datetime

from app.core.i18n import _, _l, angka, tanggal, waktu
from app.core.personal import Plain
from app.kit import phone
from app.office.oversight import facts
from app.office.requests.models import DataRequest
from app.people.accounts.words import PURPOSES
from app.people.families.words import CONSENTS

E164 = re.compile(r"\+62\d{8,13}")
KINDS = {
    "copy": _l("Salinan data"),
    "correct": _l("Perbaikan data"),
    "erase": _l("Penghapusan data"),
    "withdraw": _l("Penarikan izin"),
}
STATES = {
    "open": (_l("Menunggu"), "warning"),
    "routed": (_l("Sedang dibetulkan"), "info"),
    "proposed": (_l("Menunggu persetujuan kedua"), "warning"),
    "ready": (_l("Siap diambil"), "success"),
    "done": (_l("Selesai"), "success"),
    "declined": (_l("Tidak dikabulkan"), ""),
}
SOURCES = {"own": _l("dari akunnya sendiri"), "paper": _l("lewat petugas"), "withdrawal": _l("izin ditarik")}

facts.knows("kind", KINDS)
facts.knows("source", SOURCES)


def kind(code: str) -> str:
    """Return what is asked."""
    return str(KINDS[code])


def state(code: str) -> tuple[str, str]:
    """Return the word of a state and the kind of its badge."""
    word, colour = STATES[code]
    return str(word), colour


def source(code: str) -> str:
    """Return how a request came."""
    return str(SOURCES[code])


def said(request: DataRequest) -> str:
    """Return what was asked in words; of a withdrawal, the purpose."""
    if request.kind == "withdraw":
        family = CONSENTS.get(request.words, ("", ""))[0]
        return str(family or PURPOSES.get(request.words, request.words))
    return request.words


def plain(value: Plain) -> str:
    """Return a value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, datetime):
        return waktu(value)
    if isinstance(value, date):
        return tanggal(value)
    if isinstance(value, int):
        return angka(value)
    return phone.show(value) if isinstance(value, str) and E164.fullmatch(value) else str(value)
