"""What follows for shops: their address, and whether they are open on a day."""

from __future__ import annotations

from datetime import date

from app.kit import slugs

SLUG_MOST = 60
TAIL = "lapak"
TAKEN_BY_PAGES = frozenset({"baru", "semua"})


def slugs_for(name: str, kecamatan: str) -> list[str]:
    """Return addresses to try in this order: the name, then with its kecamatan.

    >>> slugs_for("Telur Asin Bu Nur", "Ciomas")
    ['telur-asin-bu-nur', 'telur-asin-bu-nur-ciomas']
    >>> slugs_for("🌶", "Ciomas")
    ['lapak-ciomas']
    """
    plain = slugs.slug(name, SLUG_MOST)
    tried = [plain, slugs.slug_with(name, kecamatan, SLUG_MOST)] if plain else [slugs.slug_with(TAIL, kecamatan)]
    return [slug for slug in tried if slug not in TAKEN_BY_PAGES]


def is_away(closed_until: date | None, day: date) -> bool:
    """Tell whether a day, in the shop's own zone, still belongs to a pause; the last day of it does."""
    return closed_until is not None and day <= closed_until


def is_open(state: str, closed_until: date | None, day: date) -> bool:
    """Tell whether a shop takes orders on a day; a pause of days ends by itself.

    Args:
        state: of the shop.
        closed_until: last day it is closed, None when it is not.
        day: in the shop's own zone.

    >>> is_open("open", date(2026, 12, 3), date(2026, 12, 3)), is_open("open", date(2026, 12, 3), date(2026, 12, 4))
    (False, True)
    >>> is_open("paused", None, date(2026, 12, 4))
    False
    """
    return state == "open" and not is_away(closed_until, day)
