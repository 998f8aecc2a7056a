"""What reviews are called on a screen."""

from __future__ import annotations

from app.core.i18n import _l
from app.trade.reviews import rules

FEWEST = rules.FEWEST
STARS = {
    5: _l("5 bintang, bagus sekali"),
    4: _l("4 bintang, bagus"),
    3: _l("3 bintang, lumayan"),
    2: _l("2 bintang, kurang"),
    1: _l("1 bintang, buruk"),
}
WHYS = {
    "contact": _l("Ada nomor atau alamat"),
    "rough": _l("Ada kata kasar"),
    "claim": _l("Menjanjikan sembuh"),
    "stray": _l("Bukan tentang barang ini"),
    "untrue": _l("Isinya tidak benar"),
    "reported": _l("Dilaporkan pembaca"),
}
STATES = {
    "shown": _l("Tampil"),
    "held": _l("Menunggu diperiksa"),
    "hidden": _l("Tidak ditampilkan"),
}


def stars(number: int) -> str:
    """Name so many stars."""
    return str(STARS[number])


def drawn(number: int) -> str:
    """Draw so many stars of five."""
    return "★" * number + "☆" * (5 - number)


def why(code: str) -> str:
    """Say why a review waits."""
    return str(WHYS[code])


def state(code: str) -> str:
    """Say whether strangers read it."""
    return str(STATES[code])
