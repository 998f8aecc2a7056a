"""What codes of a wording are called."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString

from app.core.i18n import _l, _n
from app.goods.products.rules import show_days

ALLERGENS: Final[dict[str, LazyString]] = {
    "gluten": _l("terigu atau gandum"),
    "egg": _l("telur"),
    "fish": _l("ikan"),
    "shellfish": _l("udang, kepiting, atau kerang"),
    "peanut": _l("kacang tanah"),
    "soy": _l("kedelai"),
    "milk": _l("susu"),
    "nuts": _l("kacang mete dan sejenisnya"),
    "sulphite": _l("sulfit (bahan pengawet)"),
}
WARNINGS: Final[dict[str, LazyString]] = {
    "sweetener": _l("pemanis buatan"),
    "pig": _l("bahan dari babi"),
    "pig_contact": _l("alat atau tempat yang dipakai juga untuk babi"),
}
STORAGE: Final[dict[str, LazyString]] = {
    "room": _l("Suhu ruang"),
    "cool": _l("Tempat sejuk dan kering"),
    "chilled": _l("Di kulkas"),
    "frozen": _l("Di freezer"),
}
KEEPS: Final[dict[str, LazyString]] = {"hari": _l("hari"), "minggu": _l("minggu"), "bulan": _l("bulan")}
QUESTIONS: Final[dict[str, tuple[LazyString, LazyString]]] = {
    "berat": (_l("Berat bersih"), _l("Berapa berat bersihnya?")),
    "stok": (_l("Cara jual"), _l("Ada stoknya, atau dibuat kalau ada pesanan?")),
    "bahan": (_l("Bahan"), _l("Bahannya apa saja?")),
    "alergi": (_l("Pemicu alergi"), _l("Ada yang bisa bikin alergi?")),
    "asal": (_l("Asal bahan"), _l("Bahan tertentu berasal dari apa?")),
    "peringatan": (_l("Peringatan"), _l("Ada yang perlu diperingatkan?")),
    "tahan": (_l("Tahan berapa lama"), _l("Tahan berapa lama?")),
    "simpan": (_l("Cara simpan"), _l("Disimpan di mana?")),
    "jenis": (_l("Jenis"), _l("Ini barang jenis apa?")),
    "foto": (_l("Foto lain dan keterangannya"), _l("Foto lain dan keterangannya")),
    "ambil": (_l("Bisa didapat di mana"), _l("Bisa didapat di mana?")),
    "surat": (_l("Surat izin"), _l("Surat izin")),
}
MOVES: Final[dict[str, LazyString]] = {
    "restock": _l("Ditambah"),
    "waste": _l("Rusak atau basi"),
    "correction": _l("Dihitung ulang"),
}
WAYS: Final[dict[str, LazyString]] = {
    "counted": _l("Ada stoknya, dihitung"),
    "made_to_order": _l("Dibuat kalau ada pesanan"),
    "unlimited": _l("Selalu ada, tidak dihitung"),
}


def said_days(days: int | None) -> str:
    """Say how long it keeps in the longest unit that its days fill; nothing when nobody was asked."""
    number, unit = show_days(days) if days else (0, "")
    if unit == "bulan":
        return _n("%(num)s bulan", "%(num)s bulan", number)
    if unit == "minggu":
        return _n("%(num)s minggu", "%(num)s minggu", number)
    return _n("%(num)s hari", "%(num)s hari", number) if number else ""
