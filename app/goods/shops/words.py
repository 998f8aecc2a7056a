"""Wordings that people agree to, by version: an old version stays, because people agreed to exactly that."""

from __future__ import annotations

from app.core.i18n import _l

PUBLISH = {
    "2026-11": _l(
        "Saya setuju nama saya, nama lapak, kecamatan, foto produk, dan harga tampil untuk umum. "
        "Nomor HP hanya dipakai untuk masuk dan pesanan. Izin ini boleh ditarik kapan saja."
    )
}
NEWEST = "2026-11"


def publish(version: str) -> tuple[str, str]:
    """Return the version that is really shown, and its wording."""
    known = version if version in PUBLISH else NEWEST
    return known, str(PUBLISH[known])
