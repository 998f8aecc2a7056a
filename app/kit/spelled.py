"""Numbers in Indonesian words, as a receipt says an amount a second time: *terbilang*."""

from __future__ import annotations

from typing import Final

MOST: Final = 10**18 - 1
"""Largest number that has a name here."""

_UNITS: Final = (
    "",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_GROUPS: Final = ("", "ribu", "juta", "miliar", "triliun", "kuadriliun")


def spelled(number: int) -> str:
    """Return a whole number in words.

    Raises:
        ValueError: below nothing, or beyond MOST.

    >>> spelled(1_011_100)
    'satu juta sebelas ribu seratus'
    >>> spelled(1_000), spelled(21_000), spelled(0)
    ('seribu', 'dua puluh satu ribu', 'nol')
    """
    if not 0 <= number <= MOST:
        raise ValueError(number)
    words: list[str] = []
    for name in _GROUPS:
        number, group = divmod(number, 1_000)
        # One thousand has a word of its own; one million has not.
        words[:0] = ["seribu"] if name == "ribu" and group == 1 else [*_hundreds(group), *[name] * bool(group and name)]
    return " ".join(words) or "nol"


def _hundreds(number: int) -> list[str]:
    """Return a number below one thousand as words; none for nothing."""
    hundreds, rest = divmod(number, 100)
    return [*_counted(hundreds, "ratus"), *_tens(rest)]


def _tens(number: int) -> list[str]:
    if number < len(_UNITS):
        return [_UNITS[number]] if number else []
    tens, ones = divmod(number, 10)
    return [_UNITS[ones], "belas"] if tens == 1 else [_UNITS[tens], "puluh", *_tens(ones)]


def _counted(times: int, what: str) -> list[str]:
    """Say so many hundreds; one of them is a word of its own."""
    return [] if not times else [f"se{what}"] if times == 1 else [_UNITS[times], what]
