"""What stands beside an act in the log, as people read it: what it is about, and each fact with its own word.

The log holds codes and ids and no person. A family stays our number of it; an account is named where a name is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from app.core.audit import AuditEntry
from app.core.i18n import _, _l, angka, bulan, tanggal
from app.goods.permits.forms import NAMES as PERMITS
from app.goods.reports.forms import KINDS as REPORTS
from app.growth.capital import words as aid
from app.growth.graduation import words as growth
from app.growth.mentoring import words as visits
from app.office.administration.adjustable import GROUPS
from app.people.accounts import words as people
from app.people.families import words as families
from app.trade.orders import labels as orders
from app.trade.payments.forms import NAMES as MEANS
from app.trade.procurement.forms import PAPERS
from app.trade.stalls.forms import INCIDENTS

SUBJECTS: Final[Mapping[str, Any]] = {
    "access_log": _l("Akses ke keluarga"),
    "account": _l("Akun"),
    "account_batch": _l("Akun penjual sekaligus"),
    "aid_grant": _l("Bantuan"),
    "aid_proposal": _l("Usulan bantuan"),
    "bast": _l("Serah terima"),
    "bazaar": _l("Bazar"),
    "bazaar_addendum": _l("Catatan susulan bazar"),
    "bazaar_application": _l("Pendaftaran bazar"),
    "bazaar_incident": _l("Kejadian di bazar"),
    "bazaar_kinship": _l("Hubungan keluarga"),
    "bazaar_objection": _l("Keberatan bazar"),
    "bazaar_photo": _l("Foto bazar"),
    "bazaar_proposal": _l("Usulan bazar"),
    "bazaar_question": _l("Pertanyaan bazar"),
    "bazaar_report": _l("Laporan bazar"),
    "business": _l("Usaha keluarga"),
    "category": _l("Jenis barang"),
    "agreed_action": _l("Kesepakatan kunjungan"),
    "consent": _l("Izin"),
    "data_request": _l("Permintaan data"),
    "desil_record": _l("Desil"),
    "device": _l("HP"),
    "ekatalog_appeal": _l("Keberatan e-Katalog"),
    "ekatalog_bundle": _l("Paket e-Katalog"),
    "ekatalog_category": _l("Kategori e-Katalog"),
    "ekatalog_submission": _l("Pengajuan e-Katalog"),
    "enrollment": _l("Program keluarga"),
    "family_consent": _l("Persetujuan keluarga"),
    "goods_list": _l("Daftar produk"),
    "government_order": _l("Pesanan kantor"),
    "graduation": _l("Graduasi"),
    "growth_appeal": _l("Keberatan keluarga"),
    "growth_assessment": _l("Hitungan perkembangan"),
    "growth_case": _l("Perkembangan keluarga"),
    "growth_decision": _l("Putusan"),
    "growth_proposal": _l("Usulan status"),
    "growth_rule_set": _l("Aturan perkembangan"),
    "helper_pass": _l("Kartu pembantu"),
    "import_batch": _l("Daftar keluarga"),
    "kpm": _l("Keluarga"),
    "login_card": _l("Kartu masuk"),
    "market_word": _l("Kata pasar"),
    "monitoring_visit": _l("Kunjungan"),
    "own_wish": _l("Keinginan mandiri"),
    "order": _l("Pesanan"),
    "office_request": _l("Pesanan untuk kantor"),
    "order_group": _l("Pesanan bersama"),
    "paper_need": _l("Surat yang perlu"),
    "page": _l("Halaman"),
    "payment_means": _l("Cara dibayar"),
    "payment_proof": _l("Bukti bayar"),
    "permit": _l("Surat izin"),
    "prepared_file": _l("Berkas"),
    "product": _l("Produk"),
    "region": _l("Wilayah"),
    "refusal_reason": _l("Alasan kurasi"),
    "return_case": _l("Keluhan pembeli"),
    "review": _l("Ulasan"),
    "revision": _l("Isi produk"),
    "sale_record": _l("Penjualan"),
    "sales_statement": _l("Surat keterangan"),
    "selling_request": _l("Ingin jualan"),
    "shop": _l("Lapak"),
    "stall_sale": _l("Jualan bazar"),
    "stall_settlement": _l("Setoran lapak"),
    "stall_sheet": _l("Lembar hitung"),
    "ticket": _l("Aduan"),
    "use_receipt": _l("Nota"),
    "use_report": _l("Laporan pemakaian"),
    "verification": _l("Pemeriksaan"),
}
NAMES: Final[Mapping[str, Any]] = {
    "account": _l("Akun"),
    "after": _l("Sesudah"),
    "alone": _l("Ingin mandiri"),
    "areas": _l("Wilayah kerja"),
    "as_intended": _l("Sesuai usulan"),
    "bazaar": _l("Bazar"),
    "becomes": _l("Jadinya"),
    "before": _l("Sebelum"),
    "channel": _l("Lewat"),
    "device": _l("HP"),
    "families": _l("Keluarga"),
    "field": _l("Bagian"),
    "fields": _l("Bagian"),
    "form": _l("Bentuk"),
    "fund": _l("Sumber dana"),
    "grade": _l("Bukti"),
    "grant": _l("Bantuan"),
    "into": _l("Ke nomor"),
    "key": _l("Pengaturan"),
    "kind": _l("Jenis"),
    "kpm": _l("Keluarga"),
    "late": _l("Terlambat"),
    "look": _l("Catatan akses"),
    "method": _l("Cara"),
    "mode": _l("Bertemu"),
    "month": _l("Bulan"),
    "months": _l("Jumlah bulan"),
    "number": _l("Nomor"),
    "on_behalf_of": _l("Atas nama"),
    "outcome": _l("Menjadi"),
    "phone_shown": _l("Nomor HP ditampilkan"),
    "products": _l("Produk"),
    "program": _l("Program"),
    "proposal": _l("Usulan"),
    "purpose": _l("Untuk"),
    "qty": _l("Jumlah"),
    "reason": _l("Alasan"),
    "region": _l("Wilayah"),
    "replaced": _l("Mengganti yang lama"),
    "reports": _l("Laporan"),
    "result": _l("Hasil"),
    "role": _l("Tugas"),
    "sha256": _l("Sidik"),
    "shared": _l("HP bersama"),
    "shop": _l("Lapak"),
    "since": _l("Sejak"),
    "source": _l("Asal"),
    "stalls": _l("Jumlah lapak"),
    "state": _l("Keadaan"),
    "status": _l("Status"),
    "submission": _l("Pengajuan"),
    "to": _l("Kepada"),
    "until": _l("Sampai"),
    "upheld": _l("Tetap"),
    "variant": _l("Pilihan"),
    "version": _l("Versi"),
    "was": _l("Tadinya"),
    "way": _l("Cara jual"),
    "whose": _l("Siapa yang mengerjakan?"),
    "wording": _l("Naskah"),
    "year": _l("Tahun"),
    "zones": _l("Kecamatan yang diantar"),
}
# Which codes a fact may hold. The same code never means two things under one name.
_STATES: Final = {**people.ROLES, **growth.STATUSES}
_DECISIONS: Final = {"move": _l("Usulan"), "appeal": _l("Setelah keberatan")}
_CODES: Final[dict[str, Mapping[str, Any]]] = {
    "after": _STATES,
    "before": _STATES,
    "channel": growth.APPEAL_CHANNELS,
    "field": families.SECRETS,
    "form": aid.FORMS,
    "fund": aid.FUNDS,
    "key": {setting.key: setting.label for group in GROUPS for setting in group.settings},
    "kind": {**PERMITS, **REPORTS, **growth.KINDS, **_DECISIONS, **PAPERS, **INCIDENTS, **MEANS},
    "method": families.METHODS,
    "mode": visits.MODES,
    "outcome": {**_STATES, **visits.OUTCOMES},
    "program": families.PROGRAMS,
    "purpose": {**people.PURPOSES, **{code: words[0] for code, words in families.CONSENTS.items()}},
    "reason": orders.REASONS,
    "result": aid.RESULTS,
    "role": people.ROLES,
    "state": growth.APPEALS,
    "status": growth.STATUSES,
    "to": people.ROLES,
    "whose": visits.WHOSE,
}
_PEOPLE: Final = frozenset({"account", "on_behalf_of", "after", "before"})
_HASH_SIGNS: Final = 12


def knows(name: str, words: Mapping[str, Any]) -> None:
    """Let a room above say what its codes mean under the name of a fact."""
    _CODES[name] = {**_CODES.get(name, {}), **words}


def people_in(entries: Iterable[AuditEntry]) -> set[int]:
    """Return the accounts whose names a page of the log shows among its facts."""
    found = (entry.facts.get(name) for entry in entries for name in _PEOPLE)
    return {number for number in found if isinstance(number, int) and number}


def subject(text: str) -> str:
    """Say what an act is about: `shop:12` is "Lapak 12".

    >>> subject("nowhere:1")
    'nowhere:1'
    """
    table, _colon, number = text.partition(":")
    return f"{SUBJECTS[table]} {number}" if table in SUBJECTS else text


def told(entry: AuditEntry, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return the facts of an act as (word, value), those that say nothing left out; `names` are those of accounts."""
    rows = ((name, _value(name, value, names)) for name, value in sorted(entry.facts.items()))
    return [(str(NAMES.get(name, name)), said) for name, said in rows if said]


def _value(name: str, value: Any, names: Mapping[int, str]) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, list):
        return ", ".join(_value(name, each, names) for each in value)
    if isinstance(value, int):
        return _number(name, value, names)
    text = "" if value is None else str(value)
    if text in _CODES.get(name, {}):
        return str(_CODES[name][text])
    return text[:_HASH_SIGNS] if name == "sha256" else _day(name, text)


def _number(name: str, value: int, names: Mapping[int, str]) -> str:
    if name == "device" and not value:
        return ""  # a desk, or a phone that is not remembered
    if name in _PEOPLE:
        return names.get(value, str(value)) if value else ""
    return str(value) if name in {"year", "number", "kpm", "shop", "grant", "proposal"} else angka(value)


def _day(name: str, text: str) -> str:
    try:
        if name in {"since", "until"}:
            return tanggal(date.fromisoformat(text))
        if name == "month":
            return bulan(date.fromisoformat(f"{text}-01"))
    except ValueError:
        return text
    return text
