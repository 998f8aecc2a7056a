"""What buyers may say in public, and what a curator reads first; no database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

STARS: Final = (1, 2, 3, 4, 5)
STATES: Final = ("shown", "held", "hidden")
WHYS: Final = ("contact", "rough", "claim", "reported")
MOST_WORDS: Final = 300
TENTHS: Final = 10
# A number to call, an address to write to, a card: whoever stands behind it was not asked.
_NUMBER: Final = re.compile(r"(?:\d[\s.\-()/]{0,2}){7,}")
_ADDRESS: Final = re.compile(r"\S@\S|https?:|www\.|\.(?:com|id|net)\b", re.IGNORECASE)
ROUGH: Final = frozenset(
    ("anjing", "anjir", "bangsat", "bajingan", "brengsek", "goblok", "tolol", "dungu", "kampret", "keparat", "tai")
)


def doubt(text: str, said: Iterable[str], cures: Iterable[str]) -> str:
    """Return why a curator should read a text before others do; empty when nothing speaks against it.

    Args:
        text: what was written.
        said: its words, folded.
        cures: what in it promises a cure.

    >>> doubt("Enak, WA 0812-3456-789", ["enak"], []), doubt("Mantap 5 butir", ["mantap"], [])
    ('contact', '')
    >>> doubt("Penjual goblok", ["penjual", "goblok"], []), doubt("Lihat toko.com", [], [])
    ('rough', 'contact')
    """
    if _NUMBER.search(text) or _ADDRESS.search(text):
        return "contact"
    if ROUGH & set(said):
        return "rough"
    return "claim" if any(cures) else ""


def mean(count: int, total: int) -> str:
    """Return the mean of stars with one decimal, rounded down, as people read it; empty without any.

    >>> mean(3, 14), mean(2, 10), mean(0, 0)
    ('4,6', '5', '')
    """
    if count == 0:
        return ""
    whole, rest = divmod(total * TENTHS // count, TENTHS)
    return f"{whole},{rest}" if rest else str(whole)
