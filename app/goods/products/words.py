"""What codes of a wording are called."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString

from app.core.i18n import _l

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
STORAGE: Final[dict[str, LazyString]] = {
    "room": _l("Suhu ruang"),
    "cool": _l("Tempat sejuk dan kering"),
    "chilled": _l("Di kulkas"),
    "frozen": _l("Di freezer"),
}
WAYS: Final[dict[str, LazyString]] = {
    "counted": _l("Ada stoknya, dihitung"),
    "made_to_order": _l("Dibuat kalau ada pesanan"),
    "unlimited": _l("Selalu ada, tidak dihitung"),
}
