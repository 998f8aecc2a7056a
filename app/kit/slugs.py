"""Names as they stand in an address: small ASCII letters, digits and single dashes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST: Final = 60
_OTHER_LETTERS: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "&": " dan "}
)
# "Jum'at" and "Qur'an" are one word each.
_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bc\u0060\u00b4]")
_GAPS: Final = re.compile(r"[^a-z0-9]+")


def slug(text: str, most: int = MOST) -> str:
    """Kebab-case ASCII of at most `most` characters, cut between words if possible.

    Empty when the text holds no Latin letter or digit; `slug_with` always gives one.

    >>> slug("Telur Asin & Dadar 'Mak É', isi 10")
    'telur-asin-dan-dadar-mak-e-isi-10'
    >>> slug("Keripik pisang cokelat", most=16)
    'keripik-pisang'
    """
    lowered = _APOSTROPHES.sub("", text).casefold().translate(_OTHER_LETTERS)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode().lower()
    whole = _GAPS.sub("-", plain).strip("-")
    if len(whole) <= most:
        return whole
    head = whole[:most]
    if whole[most] != "-" and (dash := head.rfind("-")) >= most // 2:
        head = head[:dash]
    return head.strip("-")


def slug_with(text: str, tail: str, most: int = MOST) -> str:
    """Slug that ends with `tail`, shortened before it, for names that are taken.

    >>> slug_with("Keripik pisang", "k7qf"), slug_with("🌶", "k7qf")
    ('keripik-pisang-k7qf', 'k7qf')
    """
    end = slug(tail, most)
    head = slug(text, max(0, most - len(end) - 1))
    return f"{head}-{end}" if head and end else head or end
