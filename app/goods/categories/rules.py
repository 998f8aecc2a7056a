"""What a category looks like before a photo exists, and which kinds of words curators keep."""

from __future__ import annotations

WORD_KINDS = ("spelling", "bar")

DRAWINGS: dict[str, tuple[str, str]] = {
    "makanan-ringan": ("g-keripik", "masir"),
    "keripik-kerupuk": ("g-keripik", "masir"),
    "emping-ceplis": ("g-emping", "bata"),
    "opak-rengginang": ("g-emping", "masir"),
    "kue-roti": ("g-kue", "bata"),
    "lauk-olahan": ("g-bandeng", "nila"),
    "telur-asin": ("g-telur", ""),
    "olahan-ikan": ("g-bandeng", "nila"),
    "siap-saji": ("g-nasi", "masir"),
    "bubur-kolak": ("g-bubur", ""),
    "minuman": ("g-minuman", "nila"),
    "kopi-teh": ("g-kopi", "masir"),
    "bumbu-bahan": ("g-bumbu", "bata"),
    "gula-madu": ("g-madu", "masir"),
    "hasil-tani": ("g-tani", "daun"),
    "telur-ternak": ("g-telur", ""),
    "hasil-laut": ("g-ikan", ""),
    "busana": ("g-busana", "masir"),
    "aksesoris": ("g-gelang", "nila"),
    "tas-dompet": ("g-tas", ""),
    "kerajinan": ("g-anyaman", "masir"),
    "gerabah-keramik": ("g-gerabah", "bata"),
    "rumah-tangga": ("g-rumah", ""),
    "jasa": ("g-jasa", "bata"),
}
PLAIN = ("g-anyaman", "")


def drawing_of(slug: str, parent_slug: str | None = None) -> tuple[str, str]:
    """Return (drawing id, tint) of a category; a child without its own takes its parent's.

    >>> drawing_of("telur-asin", "lauk-olahan"), drawing_of("sambal", "bumbu-bahan")
    (('g-telur', ''), ('g-bumbu', 'bata'))
    """
    return DRAWINGS.get(slug) or DRAWINGS.get(parent_slug or "") or PLAIN
