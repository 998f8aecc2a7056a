"""What people read about bazaars, in their words: never a code."""

from __future__ import annotations

from typing import Any

from app.core.errors import DomainError
from app.core.i18n import _, _l
from app.goods.categories.queries import find_successor, list_categories
from app.people.places.queries import names_of
from app.trade.bazaars import rules
from app.trade.bazaars.models import Application, Bazaar, BazaarMessage

STATES = {
    "draft": _l("Konsep"),
    "open_call": _l("Pendaftaran dibuka"),
    "curation": _l("Pendaftar sedang dinilai"),
    "published": _l("Peserta sudah diumumkan"),
    "running": _l("Sedang berlangsung"),
    "closed": _l("Selesai"),
    "reported": _l("Selesai, sudah dilaporkan"),
    "postponed": _l("Ditunda"),
    "cancelled": _l("Dibatalkan"),
}
KINDS = {"open_call": "success", "running": "success", "postponed": "warning", "cancelled": "error"}
SELLER_STATES = {
    "submitted": _l("Menunggu dinilai (bukan berarti penuh)"),
    "needs_fix": _l("Perlu diperbaiki"),
    "in_review": _l("Menunggu dinilai (bukan berarti penuh)"),
    "waitlisted": _l("Cadangan"),
    "offered": _l("Dapat tempat: jawab dulu"),
    "confirmed": _l("Ikut bazar"),
    "checked_in": _l("Sudah di lapak bazar"),
    "settled": _l("Selesai, hasil sudah disetor"),
    "withdrawn": _l("Batal ikut"),
    "refused": _l("Belum bisa ikut kali ini"),
    "not_placed": _l("Tidak dapat tempat"),
    "declined": _l("Tawaran tidak diambil"),
    "offer_lapsed": _l("Waktu menjawab habis"),
    "no_show": _l("Tidak datang"),
    "removed": _l("Dikeluarkan dari peserta"),
}
PARTS = {
    "readiness": _l("Kesiapan produk"),
    "papers": _l("Surat usaha"),
    "capacity": _l("Kesanggupan jumlah"),
    "presentation": _l("Kemasan dan penataan"),
}
MISSING = _l("Bagian ini perlu diisi.")
PROBLEMS = {
    ("day", "past"): _l("Hari bazar sudah lewat."),
    ("soft", "past"): _l("Batas pendaftaran sudah lewat."),
    ("hard", "before_soft"): _l("Batas terakhir tidak boleh sebelum batas pendaftaran."),
    ("decision", "before_hard"): _l("Pengumuman tidak boleh sebelum pendaftaran ditutup."),
    ("decision", "after_start"): _l("Pengumuman harus sebelum hari bazar."),
    ("standstill", "no_time"): _l("Masa keberatan belum habis saat bazar mulai. Majukan pengumuman."),
    ("reserved_until", "missing"): _l("Isi sampai kapan tempat pendatang baru disimpan."),
    ("reserved_until", "after_start"): _l("Tempat disimpan paling lama sampai hari bazar."),
    ("total", "beyond_stalls"): _l("Peserta paling banyak dua kali jumlah lapak."),
    ("reserved", "beyond_hall"): _l("Tempat yang disimpan melebihi seluruh tempat."),
}
BEYOND = _l("Melebihi seluruh tempat.")


def problem(field: str, why: str) -> str:
    """Say why a setting cannot be."""
    return str(PROBLEMS.get((field, why), BEYOND if why == "beyond_hall" else MISSING))


def refused(refusal: DomainError) -> str:
    """Say why something was refused, and of settings each that cannot be."""
    problems: dict[str, str] = getattr(refusal, "problems", {})
    return " ".join(dict.fromkeys([str(refusal), *(problem(field, why) for field, why in problems.items())]))


def pool_names(keys: list[str]) -> dict[str, str]:
    """Name pools as people know them, in two questions, and one for each category that has another name now."""
    regions = {key.removeprefix(rules.KECAMATAN) for key in keys if key.startswith(rules.KECAMATAN)}
    places = names_of(regions) if regions else {}
    kinds = {each.slug: each.name for each in list_categories()} if any(_kind(key) for key in keys) else {}
    for slug in {_kind(key) for key in keys} - kinds.keys() - {""}:
        successor = find_successor(slug)
        kinds[slug] = successor.name if successor else slug
    return {key: _pool(key, places, kinds) for key in keys}


def _kind(key: str) -> str:
    return key.removeprefix(rules.CATEGORY) if key.startswith(rules.CATEGORY) else ""


def _pool(key: str, places: dict[str, str], kinds: dict[str, str]) -> str:
    if key == rules.TOTAL:
        return _("Seluruh tempat")
    if key == rules.FIRST_TIMER:
        return _("Tempat untuk yang pertama kali ikut")
    if _kind(key):
        return kinds[_kind(key)]
    return _("Kecamatan %(name)s", name=places.get(key.removeprefix(rules.KECAMATAN), ""))


def message(told: BazaarMessage) -> str:
    """Say a stored message as its seller reads it."""
    facts: dict[str, Any] = {"name": told.bazaar.name, **told.facts}
    if told.kind in {"refused", "removed"}:
        return _sentence(told.kind, facts) + " " + _("Tidak setuju? Kirim keberatan dari halaman pendaftaran.")
    return _sentence(told.kind, facts)


def _sentence(kind: str, facts: dict[str, Any]) -> str:
    said = SENTENCES.get(kind)
    return str(said) % (BLANK | facts) if said else ""


BLANK = {"reason": "", "items": "", "answer": "", "rank": ""}
SENTENCES = {
    "offered": _l("Ada tempat untuk Anda di %(name)s. Jawab sebelum waktunya habis."),
    "waitlisted": _l("%(name)s: Anda cadangan nomor %(rank)s. Kalau ada tempat, Anda langsung dikabari."),
    "refused": _l("Belum bisa ikut %(name)s: %(reason)s"),
    "removed": _l("Dikeluarkan dari %(name)s: %(reason)s"),
    "needs_fix": _l("Pendaftaran %(name)s perlu diperbaiki: %(items)s"),
    "withdrawn": _l("Anda batal ikut %(name)s. Tempat diberikan ke lapak lain."),
    "declined": _l("Tawaran tempat di %(name)s tidak diambil."),
    "offer_lapsed": _l("Waktu menjawab tawaran %(name)s habis. Tempat diberikan ke lapak lain."),
    "unanswered": _l("Tanggal baru %(name)s tidak dijawab sampai waktunya habis. Tempat Anda diberikan ke lapak lain."),
    "not_placed": _l("Belum ada tempat di %(name)s sampai bazar mulai."),
    "settle_reminder": _l("%(name)s sudah selesai. Setor hasil jualan Anda dari halaman bazar."),
    "no_show": _l("Tercatat tidak datang ke %(name)s."),
    "cancelled": _l("%(name)s dibatalkan. %(reason)s"),
    "postponed": _l("%(name)s ditunda: %(reason)s"),
    "new_dates": _l(
        "%(name)s punya tanggal baru. Masih bisa ikut? Jawab dari halaman pendaftaran sebelum waktunya habis."
    ),
    "orders_off": _l("%(name)s batal: %(n)s pesanan untuk diambil di sana ikut batal, stoknya kembali."),
    "orders_home": _l("%(name)s: %(n)s pesanan sekarang diambil di lapak Anda. Kabari pembelinya."),
    "more_places": _l("Tempat di %(name)s ditambah."),
    "more_time": _l("Pendaftaran %(name)s diperpanjang."),
    "objection_answered": _l("Keberatan di %(name)s sudah dijawab: %(answer)s"),
}


def reason(text: str) -> str:
    """Say why a bazaar ended or waits; what time wrote is worded here."""
    return _("Peserta tidak diumumkan sampai hari bazar.") if text == "unannounced" else text


def standing(application: Application, state: str, *, announced: bool) -> str:
    """Say how an application stands, for its seller; before the announcement all look alike."""
    if state == "waitlisted" and application.rank:
        return _("Cadangan nomor %(n)s", n=application.rank)
    if not announced and state in rules.BEFORE_PUBLISHING and state != "needs_fix":
        return str(SELLER_STATES["submitted"])
    return str(SELLER_STATES.get(state, state))


def public_state(bazaar: Bazaar, state: str) -> tuple[str, str]:
    """Return the words and the colour of a bazaar's state."""
    return str(STATES[state]), KINDS.get(state, "info")
