"""What a visit asks and answers, in the words of a doorstep."""

from __future__ import annotations

from app.core.i18n import _, _l, _lp
from app.growth.mentoring.rules import Due

MODES = {"home": _l("Di rumah"), "stall": _l("Di lapak"), "phone": _l("Lewat telepon")}
MET = {
    "head": _l("Kepala keluarga"),
    "spouse": _l("Pasangannya"),
    "other": _l("Anggota keluarga lain"),
    "nobody": _l("Tidak ada orang"),
}
HELP = {
    "market": _l("Tempat jualan"),
    "training": _l("Pelatihan"),
    "capital": _l("Modal"),
    "tool": _l("Alat"),
    "papers": _l("Surat izin"),
    "health": _l("Kesehatan"),
    "other": _l("Lainnya"),
}
QUESTIONS = {
    "meals": _l("Makan cukup setiap hari?"),
    "savings": _l("Punya simpanan?"),
    "incomes": _l("Ada penghasilan lain?"),
    "school": _l("Anak usia sekolah bersekolah?"),
}
ANSWERS = {"yes": _l("Ya"), "no": _l("Tidak"), "unknown": _l("Tidak ditanyakan")}
SEEN = {
    "seen": _l("Dilihat sendiri"),
    "told": _l("Diceritakan keluarga"),
    "document": _l("Ada buktinya"),
    "other": _l("Kata orang lain"),
}
WHOSE = {"family": _l("Keluarga"), "pendamping": _l("Pendamping"), "office": _l("Dinas")}
OUTCOMES = {"done": _l("Selesai"), "dropped": _lp("langkah", "Tidak jadi")}
WISHES = {"yes": _l("Ya, ingin"), "no": _l("Belum"), "unknown": _l("Tidak ditanyakan")}


def why(due: Due) -> str:
    """Say why a visit is due."""
    if due.why == "graduated":
        return _("%(n)s bulan setelah graduasi", n=due.month)
    return _("Tiga bulanan bantuan usaha") if due.why == "uep" else _("Belum pernah dikunjungi")


def help_word(code: str) -> str:
    """Return what a family wants help with."""
    return str(HELP.get(code, code))


def ran(month: int, *, running: bool | None) -> str:
    """Say whether a business still ran so many months after the graduation."""
    if running is None:
        return _("%(n)s bulan setelah graduasi: belum ditengok", n=month)
    if running:
        return _("%(n)s bulan setelah graduasi: usaha berjalan", n=month)
    return _("%(n)s bulan setelah graduasi: usaha berhenti", n=month)


def waiting(actions: int, late: int) -> str:
    """Say how many actions are open, and how many of them are late."""
    if late:
        return _("%(n)s kesepakatan belum selesai, %(late)s lewat waktu", n=actions, late=late)
    return _("%(n)s kesepakatan belum selesai", n=actions)
