"""Money: whole rupiah, never int or float.

Source: spec/domain.md 5.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.kit import digits
from app.kit.unclear import Unclear

MOST: Final = 1_000_000_000_000
"""Largest amount a person can type; sums may grow beyond it."""

MINUS: Final = "\N{MINUS SIGN}"

_LONGEST_TYPED: Final = 60
_UNITS: Final = {
    "rb": 1_000,
    "ribu": 1_000,
    "k": 1_000,
    "jt": 1_000_000,
    "juta": 1_000_000,
    "m": 1_000_000_000,
    "miliar": 1_000_000_000,
    "milyar": 1_000_000_000,
}
_PREFIX: Final = re.compile(r"^(?:rp|idr)\.?\s*")
# "12.000,-" and "12.000.-" are how prices stand on market signs.
_SUFFIX: Final = re.compile(r"\s*(?:[.,]\s*[-\u2013\u2014]|rupiah|perak)$")
_PLAIN: Final = re.compile(r"(?P<whole>\d{1,3}(?P<gap>[ .,])\d{3}(?:(?P=gap)\d{3})*|\d+)(?:[.,](?P<cents>\d{1,2}))?")
_PART: Final = re.compile(r"(\d+)(?:[.,](\d+))?\s*(rb|ribu|k|jt|juta|miliar|milyar|m)\s*")


class UnreadableRupiah(Unclear):
    """Typed text that is no price.

    Codes: `empty`, `not_a_number`, `fraction`, `negative`, `too_much`, and
    `ambiguous` when two amounts are equally likely ("1.500jt").
    """


@dataclass(frozen=True, slots=True, order=True)
class Rupiah:
    """An amount of whole rupiah; may be negative (corrections are reversals).

    >>> Rupiah(38_000) * 2 - Rupiah(1_000)
    Rupiah(amount=75000)
    >>> str(Rupiah(38_000)), str(-Rupiah(5_000))
    ('Rp38.000', '−Rp5.000')
    """

    amount: int

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"rupiah are whole: {self.amount!r}")

    @classmethod
    def parse(cls, text: str) -> Rupiah:
        """Read a price the way people type it.

        Raises:
            UnreadableRupiah: with a code that says why.

        >>> [Rupiah.parse(t).amount for t in ("12.000", "Rp 25.000,00", "25rb", "1,5jt", "12rb500")]
        [12000, 25000, 25000, 1500000, 12500]
        """
        return cls(_read(text))

    @classmethod
    def total(cls, amounts: Iterable[Rupiah]) -> Rupiah:
        """Sum of amounts, nothing when there are none.

        >>> Rupiah.total([Rupiah(1), Rupiah(2)]), Rupiah.total([])
        (Rupiah(amount=3), Rupiah(amount=0))
        """
        return cls(sum(each.amount for each in amounts))

    def __add__(self, other: Rupiah) -> Rupiah:
        if not isinstance(other, Rupiah):
            return NotImplemented
        return Rupiah(self.amount + other.amount)

    def __sub__(self, other: Rupiah) -> Rupiah:
        if not isinstance(other, Rupiah):
            return NotImplemented
        return Rupiah(self.amount - other.amount)

    def __mul__(self, times: int) -> Rupiah:
        if type(times) is not int:
            return NotImplemented
        return Rupiah(self.amount * times)

    __rmul__ = __mul__

    def __neg__(self) -> Rupiah:
        return Rupiah(-self.amount)

    def __abs__(self) -> Rupiah:
        return Rupiah(abs(self.amount))

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        sign = MINUS if self.amount < 0 else ""
        return f"{sign}Rp{digits.grouped(abs(self.amount))}"


ZERO: Final = Rupiah(0)


def _read(text: str) -> int:
    if len(text) > _LONGEST_TYPED:
        raise UnreadableRupiah("not_a_number")
    typed = " ".join(digits.plain(text).casefold().split())
    if not typed:
        raise UnreadableRupiah("empty")
    typed = _SUFFIX.sub("", _PREFIX.sub("", typed)).strip()
    if re.match(r"[-\u2010-\u2015\u2212]\s*(?:rp\.?\s*)?\d", typed):
        raise UnreadableRupiah("negative")
    amount = _read_plain(typed)
    if amount is None:
        amount = _read_units(typed)
    if amount > MOST:
        raise UnreadableRupiah("too_much")
    return amount


def _read_plain(typed: str) -> int | None:
    """Read digits with or without dots; None when the text is something else."""
    found = _PLAIN.fullmatch(typed)
    if found is None:
        return None
    cents = found["cents"]
    if cents and cents.strip("0"):
        raise UnreadableRupiah("fraction")
    return int(re.sub(r"[ .,]", "", found["whole"]))


def _read_units(typed: str) -> int:
    """Read "25rb", "1,5jt", "1jt250rb" and "12rb500"."""
    total, position, smallest, parts = Decimal(0), 0, MOST * 10, 0
    while part := _PART.match(typed, position):
        whole, decimals, unit = part.groups()
        worth = _UNITS[unit]
        if worth >= smallest:
            raise UnreadableRupiah("not_a_number")
        if decimals and len(decimals) == 3:
            # "1.500jt" is 1,5 juta to some and 1.500 juta to others.
            raise UnreadableRupiah("ambiguous")
        total += Decimal(f"{whole}.{decimals or 0}") * worth
        position, smallest, parts = part.end(), worth, parts + 1
    rest = typed[position:]
    if not parts or not (rest == "" or _is_tail(rest, smallest)):
        raise UnreadableRupiah("not_a_number")
    total += int(rest or 0)
    if total != int(total):
        raise UnreadableRupiah("fraction")
    return int(total)


def _is_tail(rest: str, smallest: int) -> bool:
    """Only three digits may follow thousands: "12rb5" could be 12.005 or 12.500."""
    return smallest == 1_000 and re.fullmatch(r"\d{3}", rest) is not None
