"""What buyers may say in public, and what a curator reads first; no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

STARS: Final = (1, 2, 3, 4, 5)
STATES: Final = ("shown", "held", "hidden")
# Why a curator took one away; what machines doubt, and reports, are looked at first.
REASONS: Final = ("contact", "rough", "claim", "stray", "untrue")
WHYS: Final = (*REASONS, "reported")
MOST_WORDS: Final = 300
TENTHS: Final = 10
# A mean of fewer says more about one buyer than about the goods; the same number as for promises that were kept.
FEWEST: Final = 5
_SCALE: Final = {"bestRating": "5", "worstRating": "1"}
# A number to call, an address to write to, a card: whoever stands behind it was not asked.
_NUMBER: Final = re.compile(r"(?:\d[\s.\-()/]{0,2}){7,}")
_ADDRESS: Final = re.compile(r"\S@\S|https?:|www\.|\.(?:com|id|net)\b", re.IGNORECASE)
ROUGH: Final = frozenset(
    ("anjing", "anjir", "bangsat", "bajingan", "brengsek", "goblok", "tolol", "dungu", "kampret", "keparat", "tai")
)


@dataclass(frozen=True)
class Said:
    """One review as people read it; `name` is what was bought, empty where the page says it."""

    id: int
    stars: int
    words: str
    answer: str
    at: datetime
    name: str = ""


@dataclass(frozen=True)
class Heard:
    """What strangers read about a product or a shop: how many reviews, their mean, the newest with words."""

    count: int
    mean: str
    said: Sequence[Said]


def told(heard: Heard) -> dict[str, Any]:
    """Return what machines are told of reviews, as parts of a product; a mean only where people read one.

    Source: schema.org AggregateRating and Review; nobody's name is known, so the author is "Pembeli".
    """
    rating = {"@type": "AggregateRating", "ratingValue": heard.mean.replace(",", "."), "reviewCount": heard.count}
    return {
        "aggregateRating": rating | _SCALE if heard.mean else {},
        "review": [
            {
                "@type": "Review",
                "author": {"@type": "Person", "name": "Pembeli"},
                "datePublished": each.at.isoformat(),
                "reviewBody": each.words,
                "reviewRating": {"@type": "Rating", "ratingValue": str(each.stars)} | _SCALE,
            }
            for each in heard.said
        ],
    }


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
    """Return the mean of stars with one decimal, rounded down, as people read it; empty with too few.

    >>> mean(5, 23), mean(6, 30), mean(4, 20)
    ('4,6', '5', '')
    """
    if count < FEWEST:
        return ""
    whole, rest = divmod(total * TENTHS // count, TENTHS)
    return f"{whole},{rest}" if rest else str(whole)
