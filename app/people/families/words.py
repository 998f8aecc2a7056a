"""What is said of families on a screen: programmes, consents, reasons, and what is wrong with a line of a list."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.i18n import _, _l
from app.people.families.lists import COLUMNS

PROGRAMS = {"pkh": "PKH", "uep": "UEP", "other": _l("Program lain")}
EXITS = {
    "self_reliant": _l("Graduasi mandiri"),
    "natural": _l("Graduasi alamiah"),
    "administrative": _l("Berhenti oleh petugas"),
    "unknown": _l("Tidak diketahui"),
}
STATES = {"active": _l("Tercatat"), "moved": _l("Pindah"), "ended": _l("Berakhir"), "erased": _l("Identitas dihapus")}
SEXES = {"f": _l("Perempuan"), "m": _l("Laki-laki")}
CONSENTS = {
    "marketplace": (_l("Tampil di pasar"), _l("Nama lapak, desa, dan produk boleh dilihat umum.")),
    "graduation_monitoring": (
        _l("Pendampingan dengan catatan jualan"),
        _l("Catatan jualan keluarga boleh dilihat pendamping dan dinas untuk membantu usahanya."),
    ),
    "publicity": (_l("Cerita dan foto"), _l("Cerita dan foto keluarga boleh dipakai dalam berita dan poster dinas.")),
    "loan_statement": (_l("Surat jualan untuk bank"), _l("Jumlah jualan boleh ditunjukkan kepada bank.")),
    "ekatalog": (_l("E-Katalog"), _l("Data usaha boleh dipakai untuk mendaftar di E-Katalog.")),
}
METHODS = {
    "paper": _l("Surat bertanda tangan"),
    "own_phone": _l("Lewat HP keluarga sendiri"),
    "spoken": _l("Lisan, ada saksi"),
}
REASONS = {
    "verify": _l("Mencocokkan data"),
    "correct": _l("Membetulkan data"),
    "aid": _l("Menyalurkan bantuan"),
    "letter": _l("Membuat surat atau berita acara"),
    "asked": _l("Diminta keluarga"),
    "other": _l("Keperluan lain"),
}
LOOKS = {
    "page": _l("Membuka halaman keluarga"),
    "nik": _l("Membuka NIK"),
    "kk": _l("Membuka nomor KK"),
    "copy": _l("Menyiapkan salinan data"),
}
SECRETS = {"nik": _l("NIK"), "kk": _l("Nomor KK")}
BATCHES = {
    "staged": _l("Menunggu disimpan"),
    "confirmed": _l("Tersimpan"),
    "dropped": _l("Dibatalkan"),
    "expired": _l("Kedaluwarsa"),
}
OUTCOMES = {"new": _l("Keluarga baru"), "changed": _l("Berubah"), "same": _l("Sama"), "bad": _l("Salah")}

HINTS = {
    "nik": _l("16 angka seperti di KTP. Kolomnya harus teks. Wajib diisi."),
    "kk": _l("16 angka. Kolomnya harus teks."),
    "name": _l("Nama seperti di KTP. Wajib diisi."),
    "phone": _l("Nomor HP, misalnya 0812-3456-7890."),
    "desa": _l("Nama desa atau kodenya, misalnya 36.04.27.2001. Wajib diisi."),
    "kecamatan": _l("Perlu bila nama desa ada di dua kecamatan."),
    "address": _l("Kampung, RT, RW, patokan."),
    "size": _l("Jumlah anggota keluarga, 1 sampai 30. Wajib diisi."),
    "head_sex": _l("L atau P."),
    "program": _l("PKH, UEP, atau nama program lain."),
    "started_on": _l("Tanggal atau tahun mulai. Perlu bila Program diisi."),
    "ended_on": _l("Tanggal atau tahun selesai."),
    "exit_kind": _l("mandiri, alamiah, administratif, atau tidak diketahui."),
    "monthly_aid": _l("Rupiah per bulan."),
    "desil": _l("1 sampai 10, seperti di DTSEN."),
    "desil_as_of": _l("Tanggal data desil itu."),
    "wants_to_sell": _l("ya atau tidak."),
    "makes": _l("Misalnya keripik singkong."),
}

PROBLEMS = {
    "empty": _l("belum diisi"),
    "rounded": _l("dibulatkan oleh lembar kerja; jadikan kolomnya teks, lalu ketik ulang 16 angkanya"),
    "not_digits": _l("harus angka saja"),
    "length": _l("harus 16 angka"),
    "birth": _l("tanggal lahir di dalamnya tidak ada di kalender"),
    "formula": _l("berisi rumus; tempel nilainya saja"),
    "merged": _l("sel digabung; pisahkan dulu"),
    "broken": _l("selnya rusak"),
    "letters": _l("tulis dengan huruf"),
    "long": _l("terlalu panjang"),
    "phone": _l("bukan nomor HP"),
    "count": _l("harus angka bulat"),
    "range": _l("angkanya di luar yang mungkin"),
    "sex": _l("isi L atau P"),
    "yes": _l("isi ya atau tidak"),
    "money": _l("bukan jumlah uang"),
    "date": _l("bukan tanggal; contoh 1/3/2021"),
    "future": _l("tanggalnya belum terjadi"),
    "old": _l("tanggalnya terlalu lama"),
    "order": _l("lebih awal daripada mulainya"),
    "exit": _l("isi mandiri, alamiah, administratif, atau tidak diketahui"),
    "unknown": _l("tidak ada di kabupaten ini; periksa ejaannya atau pakai kode desa"),
    "two": _l("ada di dua kecamatan; isi kolom Kecamatan"),
    "outside": _l("di luar wilayah Anda"),
    "elsewhere": _l("sudah tercatat pada keluarga lain di luar wilayah Anda"),
    "taken": _l("sudah tercatat pada keluarga lain"),
    "overlap": _l("keluarga ini sudah tercatat di program itu pada waktu yang sama"),
    "serial": _l("nomor urutnya 0000, tidak lazim"),
    "zero": _l("berakhir 0; pastikan tidak dibulatkan"),
    "region": _l("kode wilayahnya lama atau tidak dikenal; tidak apa-apa bila sesuai KTP"),
    "no_phone": _l("mau jualan tetapi belum ada nomor HP"),
}


def mark(found: Sequence[str]) -> str:
    """Say what is wrong with a cell: its column and the reason."""
    column, reason = found[0], found[1]
    head = COLUMNS[column][0]
    if reason.startswith("twice:"):
        return _("%(column)s: sama dengan baris %(line)s", column=head, line=reason.partition(":")[2])
    return _("%(column)s: %(reason)s", column=head, reason=PROBLEMS[reason])


def purpose(code: str) -> str:
    """Say what a number was opened for; what was typed stands after the colon of `other`."""
    head, _colon, typed = code.partition(":")
    known = str(REASONS[head]) if head in REASONS else head
    return f"{known}: {typed}" if typed else known
