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


def is_away(closed_from: date | None, closed_until: date | None, day: date) -> bool:
    """Tell whether a day, in the shop's own zone, belongs to a pause; its first and its last day do.

    >>> first, last = date(2026, 12, 3), date(2026, 12, 5)
    >>> [is_away(first, last, date(2026, 12, day)) for day in (2, 3, 5, 6)], is_away(None, last, date(2026, 12, 2))
    ([False, True, True, False], True)
    """
    return closed_until is not None and day <= closed_until and (closed_from is None or closed_from <= day)


def is_planned(closed_from: date | None, closed_until: date | None, day: date) -> bool:
    """Tell whether a pause has been announced that begins after a day.

    >>> is_planned(date(2026, 12, 3), date(2026, 12, 5), date(2026, 12, 2)), is_planned(None, None, date(2026, 12, 2))
    (True, False)
    """
    return closed_until is not None and closed_from is not None and day < closed_from


def is_open(state: str, closed_from: date | None, closed_until: date | None, day: date) -> bool:
    """Tell whether a shop takes orders on a day; a pause of days ends by itself.

    Args:
        state: of the shop.
        closed_from: first day it is closed, None when that is long ago.
        closed_until: last day it is closed, None when it is not.
        day: in the shop's own zone.

    >>> last = date(2026, 12, 3)
    >>> is_open("open", None, last, date(2026, 12, 3)), is_open("open", None, last, date(2026, 12, 4))
    (False, True)
    >>> is_open("paused", None, None, date(2026, 12, 4))
    False
    """
    return state == "open" and not is_away(closed_from, closed_until, day)
