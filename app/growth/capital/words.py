"""What funds, forms, results and delays of aid are called on a screen."""

from __future__ import annotations

from app.core.i18n import _l, _n

FUNDS = {
    "province": _l("APBD provinsi"),
    "regency": _l("APBD kabupaten"),
    "state": _l("APBN"),
    "other": _l("Sumber lain"),
}
FORMS = {"in_kind": _l("Barang"), "cash": _l("Uang")}
RESULTS = {
    "fits": _l("Sesuai usulan"),
    "changed": _l("Sesuai, dengan perubahan"),
    "refused": _l("Tidak bisa dibantu"),
}
CONDITIONS = {"new": _l("Baru"), "used": _l("Bekas")}
TESTS = {"works": _l("Dicoba, berfungsi"), "broken": _l("Dicoba, tidak berfungsi"), "untested": _l("Belum dicoba")}
_KINDS = {"dana": FUNDS, "bentuk": FORMS, "hasil": RESULTS, "keadaan": CONDITIONS, "uji": TESTS}


def word(code: str, kind: str) -> str:
    """Return the word for a code of one kind: `dana`, `bentuk`, `hasil`, `keadaan` or `uji`."""
    return str(_KINDS[kind][code])


def late(owed: tuple[str, int]) -> str:
    """Say what a grant owes, and since when."""
    what, number = owed
    if what == "bast":
        return _n("BAST terlambat %(n)s hari", "BAST terlambat %(n)s hari", number, n=number)
    return _n("Laporan terlambat %(n)s hari", "Laporan terlambat %(n)s hari", number, n=number)
