"""What a badge of a card says, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.core.i18n import _, tanggal_pendek
from app.goods.shelf.rules import BAZAAR

Badge = tuple[str, str]


def worded(badges: Iterable[list[str]], day: str) -> list[Badge]:
    """Return badges as (kind, word) on a day (ISO): a bazaar says which day comes next, one that is over nothing."""
    said = [(kind, _bazaar(word, day) if kind == BAZAAR else word) for kind, word, *_rest in badges]
    return [badge for badge in said if badge[1]]


def _bazaar(word: str, day: str) -> str:
    first, last = word.split("/")
    return _("Bazar %(day)s", day=tanggal_pendek(date.fromisoformat(max(first, day)))) if day <= last else ""
