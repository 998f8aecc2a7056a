"""What statuses, figures, criteria and answers are called on a screen. Takings are never called income."""

from __future__ import annotations

from typing import Any

from app.core.i18n import _, _l, _n, angka
from app.growth.graduation.reckoning import Figure
from app.kit.rupiah import Rupiah

STATUSES = {
    "registered": _l("Terdaftar"),
    "visit_only": _l("Kunjungan saja"),
    "observing": _l("Diamati"),
    "steady": _l("Berjalan baik"),
    "watch": _l("Dipantau dekat"),
    "support": _l("Didampingi khusus"),
    "referred": _l("Dirujuk ke layanan sosial"),
    "completed": _l("Selesai diikuti"),
    "closed": _l("Ditutup"),
    "with_aid": _l("Menerima bantuan"),
    "self_nominated": _l("Mengajukan diri"),
    "suggested": _l("Disarankan pendamping"),
    "accompanied": _l("Disiapkan bersama"),
    "proposed": _l("Surat diajukan"),
    "step_up": _l("Lepas dari bantuan"),
    "not_yet": _l("Belum sekarang"),
}
MEANINGS = {
    "registered": _l("Sudah terdaftar. Persetujuan keluarga belum ditanyakan."),
    "visit_only": _l("Catatan jualan tidak dipakai. Yang dilihat hanya hasil kunjungan."),
    "observing": _l("Enam bulan pertama: melihat dulu, belum menilai apa-apa."),
    "steady": _l("Usaha berjalan. Dilihat lagi setiap enam bulan."),
    "watch": _l("Ada tanda yang perlu ditengok. Rencana bantuan dibuat dalam 30 hari."),
    "support": _l("Ada rencana bantuan yang sedang berjalan. Dilihat lagi setiap tiga bulan."),
    "referred": _l("Diteruskan ke layanan sosial, atas keinginan keluarga."),
    "completed": _l("Pendampingan selesai. Keluarga boleh minta diikuti lagi."),
    "closed": _l("Tidak diikuti lagi."),
    "with_aid": _l("Masih menerima bantuan."),
    "self_nominated": _l("Keluarga sendiri ingin lepas dari bantuan."),
    "suggested": _l("Pendamping menyarankan. Tidak berlanjut tanpa persetujuan keluarga."),
    "accompanied": _l("Rencana dan kunjungan dijalankan bersama keluarga."),
    "proposed": _l("Surat pernyataan keluarga sudah diajukan."),
    "step_up": _l("Keluarga lepas dari bantuan dengan pernyataannya sendiri."),
    "not_yet": _l("Belum waktunya. Tidak ada akibat apa pun, dan boleh diajukan lagi kapan saja."),
}
FIGURES = {
    "I1": (_l("Jualan sebulan"), _l("Jumlah jualan pada bulan terakhir yang sudah lewat.")),
    "I2": (_l("Jualan bulan biasa"), _l("Nilai tengah enam bulan terakhir. Bulan tanpa jualan ikut dihitung.")),
    "I3": (_l("Bagian yang ada buktinya"), _l("Jualan yang dipastikan dua pihak atau dihitung di bazar.")),
    "I5": (_l("Bulan aktif"), _l("Bulan dengan jualan paling sedikit empat hari, dalam dua belas bulan terakhir.")),
    "I6": (_l("Naik turun"), _l("Seberapa jauh jualan tiap bulan dari bulan biasa. Makin kecil makin tenang.")),
    "I7": (_l("Arah"), _l("Tiga bulan terakhir dibanding tiga bulan yang sama tahun lalu.")),
    "I8": (_l("Sejak jualan terakhir"), _l("Berapa hari sejak jualan yang terakhir tercatat.")),
    "I11": (_l("Lewat mana terjual"), _l("Bagian tiap jalan penjualan dalam enam bulan terakhir.")),
}
NO_YEAR = _l("Tiga bulan terakhir dibanding tiga bulan sebelumnya; jualan tahun lalu belum ada.")
CRITERIA = {
    "I10": _l("Bagian pembeli terbesar"),
    "I18": _l("Laba dibanding bantuan dulu"),
    "meals": _l("Makan cukup setiap hari"),
    "savings": _l("Punya tabungan"),
    "income_sources": _l("Sumber penghasilan"),
    "school": _l("Anak usia sekolah bersekolah"),
    "shock": _l("Musibah dalam enam bulan"),
} | {code: title for code, (title, _about) in FIGURES.items()}
RESULTS = {
    "met": (_l("Terpenuhi"), "success"),
    "not_met": (_l("Belum terpenuhi"), "warning"),
    "not_enough_data": (_l("Data belum cukup"), ""),
    "not_applicable": (_l("Tidak berlaku"), ""),
}
SUPPORT = {
    "bazaar": _l("stan di bazar terdekat"),
    "mentoring": _l("didampingi merencanakan jualan"),
    "market": _l("dibantu mencari pembeli lain"),
    "capital": _l("harga dan modal dihitung bersama"),
    "training": _l("pelatihan"),
    "social": _l("dihubungkan ke layanan sosial"),
    "": "",
}
LIMITS = {
    "at_least": _l("paling sedikit %(limit)s"),
    "at_most": _l("paling banyak %(limit)s"),
    "above": _l("di atas %(limit)s"),
    "below": _l("di bawah %(limit)s"),
    "is_true": _l("ya"),
}
SALE_CHANNELS = {
    "online": _l("Pesanan daring"),
    "bazaar": _l("Bazar"),
    "manual": _l("Catat jualan"),
    "government": _l("Pemerintah"),
    "group": _l("Kelompok"),
}
APPEALS = {
    "filed": (_l("Menunggu diterima"), "warning"),
    "acknowledged": (_l("Diterima"), "info"),
    "in_hearing": (_l("Sedang diperiksa"), "info"),
    "upheld": (_l("Keputusan tetap"), ""),
    "changed": (_l("Keputusan diubah"), "success"),
    "withdrawn": (_l("Dicabut keluarga"), ""),
}
APPEAL_CHANNELS = {
    "page": _l("Lewat halaman ini"),
    "form": _l("Surat atau formulir"),
    "phone": _l("Telepon"),
    "pendamping": _l("Lewat pendamping"),
    "desa": _l("Lewat kantor desa"),
}
KINDS = {
    "self_reliant": _l("Graduasi mandiri"),
    "natural": _l("Graduasi alamiah"),
    "administrative": _l("Berhenti oleh petugas"),
}


def names_of(codes: list[str]) -> str:
    """Name several criteria in one line."""
    return ", ".join(str(CRITERIA[code]) for code in codes)


def value_of(number: int, unit: str) -> str:
    """Show a number in its unit."""
    if unit == "rupiah":
        return str(Rupiah(number))
    if unit == "per_mille":
        return f"{angka(number // 10 if number % 10 == 0 else number / 10)} %"
    if unit == "months":
        return _n("%(n)s bulan", "%(n)s bulan", number, n=angka(number))
    if unit == "days":
        return _n("%(n)s hari", "%(n)s hari", number, n=angka(number))
    if unit == "yes":
        return _("ya") if number else _("tidak")
    return angka(number)


def told_of(code: str, number: int, unit: str) -> str:
    """Show what a criterion or figure came to; of a direction, which way."""
    if code != "I7":
        return value_of(number, unit)
    if not number:
        return _("tetap")
    return (_("naik %(share)s") if number > 0 else _("turun %(share)s")) % {"share": value_of(abs(number), unit)}


def too_little(why: str) -> str:
    """Say that there is no figure, and why."""
    return _("Data belum cukup (%(why)s)", why=why)


def needed(months: str) -> str:
    """Say how much more it takes."""
    return _("perlu %(need)s lagi", need=months)


def missing_of(figure: Figure | None, *, sales_used: bool) -> str:
    """Say why there is no figure, and what is still needed."""
    if not sales_used:
        return _("catatan jualan tidak dipakai")
    if figure is None:
        return _("belum dihitung di sini")
    if figure.code in {"I1", "I8"}:
        return _("belum ada jualan")
    if figure.note == "active":
        return needed(_n("%(n)s bulan aktif", "%(n)s bulan aktif", figure.missing, n=figure.missing))
    return needed(_n("%(n)s bulan", "%(n)s bulan", figure.missing, n=figure.missing))


def falls(criterion: dict[str, Any]) -> bool:
    """Tell whether a limit says by how much something fell; it is told and typed without a minus."""
    return bool(criterion["comparator"] == "below" and criterion["threshold"] <= 0)


def limit_of(criterion: dict[str, Any]) -> str:
    """Say what a criterion asks for."""
    threshold = criterion["threshold"]
    if falls(criterion):
        return _("turun lebih dari %(limit)s", limit=value_of(-threshold, criterion["unit"]))
    return str(LIMITS[criterion["comparator"]]) % {"limit": value_of(threshold, criterion["unit"])}
