"""What papers call things."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString

from app.core.i18n import _l

SIZES: Final[dict[str, LazyString]] = {
    "kecil": _l("Kecil, 6 × 4 cm"),
    "sedang": _l("Sedang, 10 × 5 cm"),
    "besar": _l("Besar, 10 × 7 cm"),
}
MISSING: Final[dict[str, LazyString]] = {
    "berat": _l("berat bersih"),
    "bahan": _l("bahan"),
    "alergi": _l("pemicu alergi"),
    "tahan": _l("tahan berapa lama"),
    "simpan": _l("cara simpan"),
    "pirt": _l("nomor P-IRT yang sudah diperiksa"),
    "bpom": _l("nomor BPOM yang sudah diperiksa"),
    "halal": _l("nomor halal yang sudah diperiksa"),
}
