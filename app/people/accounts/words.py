"""What roles, states and consents are called on a screen."""

from __future__ import annotations

from app.core.i18n import _l, _lp

ROLES = {
    "seller": _lp("satu orang", "Penjual"),
    "pendamping": _l("Pendamping"),
    "curator": _l("Kurator"),
    "caseworker": _l("Petugas keluarga"),
    "approver": _l("Kepala seksi"),
    "head": _l("Kepala dinas"),
    "steward": _l("Petugas pelindungan data"),
    "admin": _l("Pengurus sistem"),
    "partner": _l("Mitra"),
}
PURPOSES = {"publish": _l("Nama, lapak, dan produk tampil untuk umum"), "phone": _l("Nomor HP tampil di lapak")}


def role(code: str) -> str:
    """Return the word for a role."""
    return str(ROLES[code])


def purpose(code: str) -> str:
    """Return what was agreed to."""
    return str(PURPOSES.get(code, code))
