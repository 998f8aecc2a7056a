"""What papers call things."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString

from app.core.i18n import _l

SIZES: Final[dict[str, LazyString]] = {
    "kecil": _l("Kecil, 6 × 4 cm"),
    "sedang": _l("Sedang, 10 × 5 cm"),
    "besar": _l("Besar, 10 × 7 cm"),
    "penuh": _l("Paling besar, 10 × 14 cm"),
}
MISSING: Final[dict[str, LazyString]] = {
    "berat": _l("berat bersih"),
    "bahan": _l("bahan"),
    "alergi": _l("pemicu alergi"),
    "asal": _l("asal bahan tertentu"),
    "peringatan": _l("peringatan, misalnya pemanis buatan"),
    "tahan": _l("tahan berapa lama"),
    "simpan": _l("cara simpan"),
    "alamat": _l("alamat pembuat: jalan atau kampung, RT dan RW"),
    "pirt": _l("nomor P-IRT yang sudah diperiksa"),
    "bpom": _l("nomor BPOM yang sudah diperiksa"),
    "halal": _l("nomor halal yang sudah diperiksa"),
}
# As the law of labels words them. Source: spec/domain.md 4.4; the sentences themselves are unverified.
WARNED: Final[dict[str, LazyString]] = {
    "sweetener": _l(
        "mengandung pemanis buatan, disarankan tidak dikonsumsi anak di bawah 5 tahun, ibu hamil, dan ibu menyusui"
    ),
    "pig": _l("mengandung babi"),
    "pig_contact": _l("pada proses pembuatannya bersentuhan dengan bahan bersumber babi"),
}
