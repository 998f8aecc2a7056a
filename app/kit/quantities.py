"""Counts and weights, as people type them and as the site shows them.

Source: spec/domain.md 5.4.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from app.kit import digits
from app.kit.unclear import Unclear

MOST_PIECES: Final = 1_000_000
MOST_GRAMS: Final = 1_000_000

_LONGEST_TYPED: Final = 60
# A word after the number is the selling unit again: "12 bungkus".
_COUNT: Final = re.compile(r"(?P<whole>\d{1,3}(?:[. ]\d{3})+|\d+)(?:[.,](?P<part>\d{1,2}))?\s*(?P<word>[^\W\d_]+)?\.?")
_THOUSAND_WORDS: Final = frozenset({"rb", "ribu"})
# Twelve, twenty or one hundred and forty-four of what? Better to ask again.
_MANY_WORDS: Final = frozenset({"lusin", "kodi", "gros", "jt", "juta", "ratus", "puluh"})
_WEIGHT: Final = re.compile(
    r"(?:(?P<top>\d{1,3})\s*[/\u2044]\s*(?P<bottom>\d{1,3})|(?P<half>[\u00bd\u00bc\u00be])"
    r"|(?P<number>\d+(?:[.,]\d+)?))\s*(?P<unit>g|gr|gram|kg|kilo|kilogram|ons)?\.?"
)
_HALVES: Final = {"\u00bd": Decimal("0.5"), "\u00bc": Decimal("0.25"), "\u00be": Decimal("0.75")}
# The Indonesian ons is 100 g (Dutch metric ounce).
_GRAMS: Final = {"kg": 1000, "kilo": 1000, "kilogram": 1000, "ons": 100}


class UnreadableQuantity(Unclear):
    """Typed text that is no count or weight.

    Codes: `empty`, `not_a_number`, `fraction`, `negative`, `too_many`, and
    `ambiguous` ("2 lusin", "1.500 kg").
    """


def parse_count(text: str, most: int = MOST_PIECES) -> int:
    """Read how many pieces; zero is a count.

    Raises:
        UnreadableQuantity: with a code that says why.

    >>> parse_count("12"), parse_count("1.000"), parse_count(" 12 bungkus")
    (12, 1000, 12)
    """
    typed = _typed(text)
    found = _COUNT.fullmatch(typed)
    if found is None:
        raise UnreadableQuantity("not_a_number")
    if found["part"] and found["part"].strip("0"):
        raise UnreadableQuantity("fraction")
    word = found["word"] or ""
    if word in _MANY_WORDS:
        raise UnreadableQuantity("ambiguous")
    pieces = int(re.sub(r"[. ]", "", found["whole"]))
    pieces *= 1000 if word in _THOUSAND_WORDS else 1
    if pieces > most:
        raise UnreadableQuantity("too_many")
    return pieces


def parse_grams(text: str, most: int = MOST_GRAMS) -> int:
    """Read a weight; a bare number is grams.

    Raises:
        UnreadableQuantity: with a code that says why.

    >>> parse_grams("250"), parse_grams("1,5 kg"), parse_grams("2 ons"), parse_grams("1/4 kg")
    (250, 1500, 200, 250)
    """
    found = _WEIGHT.fullmatch(_typed(text))
    if found is None:
        raise UnreadableQuantity("not_a_number")
    unit = _GRAMS.get(found["unit"] or "", 1)
    grams = _number(found, unit) * unit
    if grams > most:
        raise UnreadableQuantity("too_many")
    if grams != int(grams):
        raise UnreadableQuantity("fraction")
    return int(grams)


def show_count(pieces: int) -> str:
    """Count with dots for thousands.

    >>> show_count(1284)
    '1.284'
    """
    return digits.grouped(pieces)


def show_grams(grams: int) -> str:
    """Weight as a packet states it.

    >>> show_grams(250), show_grams(1500), show_grams(2000)
    ('250 g', '1,5 kg', '2 kg')
    """
    if grams < 1000:
        return f"{grams} g"
    kilos, rest = divmod(grams, 1000)
    decimals = f",{rest:03d}".rstrip("0") if rest else ""
    return f"{digits.grouped(kilos)}{decimals} kg"


def _typed(text: str) -> str:
    if len(text) > _LONGEST_TYPED:
        raise UnreadableQuantity("not_a_number")
    typed = " ".join(digits.plain(text).casefold().split())
    if not typed:
        raise UnreadableQuantity("empty")
    if re.match(r"[-\u2010-\u2015\u2212]\s*\d", typed):
        raise UnreadableQuantity("negative")
    return typed


def _number(found: re.Match[str], unit: int) -> Decimal:
    if found["half"]:
        return _HALVES[found["half"]]
    if found["top"]:
        if not int(found["bottom"]):
            raise UnreadableQuantity("not_a_number")
        return Decimal(found["top"]) / Decimal(found["bottom"])
    number = found["number"]
    if re.search(r"[.,]\d{3}$", number):
        if unit == 1:
            return Decimal(re.sub(r"[.,]", "", number))
        raise UnreadableQuantity("ambiguous")
    return Decimal(number.replace(",", "."))
