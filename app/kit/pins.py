"""PINs and passwords that a neighbour would try first.

Source: spec/security.md 12; guides/stack.md section 7 (zxcvbn rates "telurasin" 3 of 4,
so the words come from Indonesia: app/data/sandi/README.md).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Final

PIN_LENGTH: Final = 6
PASSWORD_LEAST: Final = 15
PASSWORD_MOST: Final = 128

# How many characters must remain when everything guessable is taken out.
_UNGUESSABLE_LEAST: Final = 6
_LONGEST_WORD: Final = 24
# Shapes a thumb draws on the number pad, and dates every Indonesian knows.
_KNOWN_PINS: Final = frozenset(
    """
    147258 258147 258369 369258 147369 963852 852963 741852 852741 159357 357159 159753 753951
    147852 258000 258080 123654 456123 789456 456789 321654 987654 102030 010203 112358 142857
    170845 170817 171945 280928 010190 314159 520520 131313 123789 789123 100000 200000
    """.split()  # noqa: SIM905 - a table of numbers reads better without quotes
)
_RUNS: Final = (
    "0123456789",
    "9876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "poiuytrewq",
    "qazwsxedc",
)
# A year, or a day with its month and year.
_DATE: Final = re.compile(r"(?:[0-3]?\d[01]?\d)?(?:19|20)\d\d")
_LEET: Final = str.maketrans("013457@$!|", "oieastasii")


def is_pin(text: str) -> bool:
    """Tell whether text has the shape of a PIN.

    >>> is_pin("482915"), is_pin("48291"), is_pin("४८२९१५")
    (True, False, False)
    """
    return text.isascii() and text.isdigit() and len(text) == PIN_LENGTH


def weak_pin(pin: str, phone: str = "") -> bool:
    """Tell whether a PIN is among the first that others try.

    Args:
        pin: six digits.
        phone: the owner's number in E.164; a part of it is no secret.

    >>> [weak_pin(p) for p in ("123456", "121212", "112233", "202620", "482915")]
    [True, True, True, True, False]
    """
    return (
        pin in _KNOWN_PINS
        or len(set(pin)) == 1
        or _repeats(pin)
        or _runs(pin)
        or _pairs(pin)
        or pin == pin[::-1]
        or _is_year_and_year(pin)
        or (bool(phone) and pin in phone)
    )


def weak_password(text: str, *, least: int = PASSWORD_LEAST) -> str | None:
    """Say why a password is weak, or None when it is good.

    Codes: `short`, `long`, and `common` when taking out Indonesian words (kabupaten,
    products, programmes), years, runs and repeats leaves fewer than six characters.

    Args:
        text: as typed.
        least: shortest length; spec/security.md 12 asks 15 where there is no second factor.

    >>> weak_password("telurasin"), weak_password("KabupatenSerang2026!")
    ('short', 'common')
    >>> weak_password("perahu biru melompat pelan") is None
    True
    """
    if len(text) < least:
        return "short"
    if len(text) > PASSWORD_MOST:
        return "long"
    return "common" if _unguessable(text) < _UNGUESSABLE_LEAST else None


def _repeats(pin: str) -> bool:
    return any(pin == pin[:size] * (len(pin) // size) for size in (2, 3))


def _runs(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({1}, {9})


def _pairs(pin: str) -> bool:
    """112233, 998877 and 111222: neighbours in equal blocks."""
    for size in (2, 3):
        blocks = [pin[at : at + size] for at in range(0, len(pin), size)]
        if all(len(set(block)) == 1 for block in blocks):
            return True
    return False


def _is_year_and_year(pin: str) -> bool:
    """A year and the two digits of itself or its century: 202620, 202626, 261990."""
    found = re.fullmatch(r"((?:19|20)\d\d)(\d\d)", pin)
    if found and found[2] in (found[1][:2], found[1][2:]):
        return True
    found = re.fullmatch(r"(\d\d)((?:19|20)\d\d)", pin)
    return bool(found and found[1] in (found[2][:2], found[2][2:]))


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Words of app/data/sandi, one a line; read once, it never changes while running."""
    text = resources.files("app").joinpath("data/sandi/kata.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def _unguessable(text: str) -> int:
    """Count the characters that no word, run, year or repeat explains.

    Both readings of a digit count, as itself and as the letter it stands for
    ("t3lur"), and the kinder one for the guesser wins.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    signs = "".join(sign for sign in plain if not unicodedata.combining(sign))
    signs = "".join(sign for sign in signs if sign.isalnum() or sign in "@$!|")
    return min(_left_over(signs), _left_over(signs.translate(_LEET)))


def _left_over(signs: str) -> int:
    """Fewest characters left when the text is cut into guessable pieces."""
    fewest = [0] * (len(signs) + 1)
    for end in range(1, len(signs) + 1):
        fewest[end] = fewest[end - 1] + 1
        for start in range(max(0, end - _LONGEST_WORD), end - 2):
            if fewest[start] < fewest[end] and _is_guessable(signs[start:end]):
                fewest[end] = fewest[start]
    return fewest[-1]


def _is_guessable(piece: str) -> bool:
    return (
        piece in _words()
        or len(set(piece)) == 1
        or any(piece in run for run in _RUNS)
        or _DATE.fullmatch(piece) is not None
    )
