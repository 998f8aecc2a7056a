"""What fits on paper, what the label of a product must say, and until when it keeps.

Sizes are millimetres, letters points. Source of the label: spec/domain.md 4.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

from app.goods.permits.rules import needed

MM_OF_POINT: Final = 25.4 / 72
LINE: Final = 1.25
# An average sign of the font is so wide, in its own height; capitals and digits are wider.
SMALL_SIGN: Final = 0.56
GREAT_SIGN: Final = 0.72
# Lines end between words, so the last word of each leaves room.
LOST: Final = 1.12
LETTERS: Final = (14.0, 12.0, 10.0, 9.0, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0)
# Whoever asks for no size gets one whose letters are at least so large.
READABLE: Final = 6.0
NAME_LETTERS: Final = 1.3
UNDER_NAME: Final = 0.5
# Room below the square of a label for its price.
UNDER_CODE: Final = 6.0
MOST_COPIES: Final = 420
# More sheets than these are drawn by the worker.
MOST_AT_ONCE: Final = 60
# What a wording must say before its label says all, in the order in which it is asked.
ASKED: Final = ("berat", "bahan", "alergi", "asal", "peringatan", "tahan", "simpan", "alamat")


@dataclass(frozen=True, slots=True)
class Size:
    """A label on a plain A4 sheet: how large it is, how many stand side by side and under each other."""

    width: int
    height: int
    across: int
    down: int
    padding: float = 2.5
    code: int = 18
    most: float = 10.0  # points: a large label is read from farther away

    @property
    def on_a_sheet(self) -> int:
        """How many fit on a sheet."""
        return self.across * self.down

    @property
    def side(self) -> float:
        """Margin left and right of the sheet."""
        return (210 - self.width * self.across) / 2

    @property
    def top(self) -> float:
        """Margin above and below."""
        return (297 - self.height * self.down) / 2


SIZES: Final[Mapping[str, Size]] = {
    "kecil": Size(60, 40, 3, 7, padding=2, code=16),
    "sedang": Size(100, 50, 2, 5),
    "besar": Size(100, 70, 2, 4, padding=3.5, code=20, most=12.0),
    "penuh": Size(100, 140, 2, 2, padding=3.5, code=20, most=14.0),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What decides what a label needs: papers of the category as `pirt;halal`, why it may not be P-IRT, if so.

    `pig` when its maker says that pig is in it or near it: then nobody asks for halal.
    """

    legality: str
    barred: str = ""
    pig: bool = False

    @property
    def is_food(self) -> bool:
        """Tell whether people eat or drink it after somebody prepared it: then the law of labels holds."""
        return "halal" in self.legality.split(";")


def list_missing(known: Known, said: Iterable[str], papers: Iterable[str]) -> list[str]:
    """Return what the label law asks and the label cannot say, in the order in which it is filled.

    Args:
        known: the product.
        said: those of `ASKED` that are known.
        papers: kinds of permits that speak of it, are verified and hold today.

    >>> snack = Known("pirt;halal")
    >>> every = list(ASKED)
    >>> list_missing(snack, every[:-1], ["halal"]), list_missing(Known("halal", pig=True), every, [])
    (['alamat', 'pirt'], [])
    >>> (
    ...     list_missing(Known("halal", "short"), every, ["halal"]),
    ...     list_missing(Known("pirt;halal", "milk"), every, ["halal"]),
    ... )
    ([], ['bpom'])
    >>> list_missing(snack, every, ["bpom", "halal"]), list_missing(Known("none"), [], [])
    ([], [])
    """
    if not known.is_food:
        return []
    missing = [key for key in ASKED if key not in set(said)]
    held, wanted = set(papers), needed(known.legality, (), known.barred)
    if "bpom" in wanted and "bpom" not in held:
        missing.append("bpom")
    elif "pirt" in wanted and not held & {"pirt", "bpom"}:
        missing.append("pirt")
    return missing if "halal" in held or known.pig else [*missing, "halal"]


def best_before(made: date | None, keeps: int | None) -> date | None:
    """Return the last day on which it is good, None when that is written by hand.

    >>> best_before(date(2026, 11, 29), 30), best_before(None, 30)
    (datetime.date(2026, 12, 29), None)
    """
    return made + timedelta(days=keeps) if made and keeps else None


def usual_size(fitting: Mapping[str, float]) -> str:
    """Return the size for a label that nobody chose one for: the smallest to read with ease, not below the middle one.

    Args:
        fitting: points of the letters of each size that holds the label, smallest size first.

    >>> usual_size({"kecil": 6.0, "sedang": 9.0, "besar": 10.0}), usual_size({"sedang": 5.5, "besar": 6.5})
    ('sedang', 'besar')
    >>> usual_size({"besar": 5.0, "penuh": 7.5}), usual_size({})
    ('penuh', 'penuh')
    """
    return next((key for key, letters in fitting.items() if key != "kecil" and letters >= READABLE), "penuh")


def letters_for(size: Size, name: str, lines: Iterable[str], right: float) -> float | None:
    """Return the size of letters in which a label holds its name and lines; None when they are too many.

    Args:
        size: of the label.
        name: its first, larger line.
        lines: each begins on a line of its own.
        right: side of the square that stands beside them; what begins below it has the whole width.

    >>> letters_for(SIZES["sedang"], "Telur asin", ["Berat bersih: 300 g", "Komposisi: telur bebek, garam"], 18)
    10.0
    >>> letters_for(SIZES["penuh"], "Telur asin", ["Berat bersih: 300 g", "Komposisi: telur bebek, garam"], 20)
    14.0
    >>> letters_for(SIZES["kecil"], "Telur asin", ["x" * 900], 16) is None
    True
    """
    rows = list(lines)
    whole = size.width - 2 * size.padding - 2
    height = size.height - 2 * size.padding
    for points in (each for each in LETTERS if each <= size.most):
        filled = UNDER_NAME + _height(name, points * NAME_LETTERS, whole - right)
        for row in rows:
            filled += _height(row, points, whole - right if filled < right + UNDER_CODE else whole)
        if filled <= height:
            return points
    return None


def _height(text: str, points: float, width: float) -> float:
    signs = sum(SMALL_SIGN if sign.islower() or sign in " .,:;" else GREAT_SIGN for sign in text)
    longest = max((len(word) for word in text.split()), default=0) * GREAT_SIGN
    across = width / (points * MM_OF_POINT)
    lost = LOST if longest <= across else LOST * 1.1
    return ceil(signs * lost / across) * points * LINE * MM_OF_POINT


def heading_letters(name: str, width: float, steps: Sequence[int], rows: int = 2) -> int:
    """Return the greatest letters of some steps in which a name stands on at most so many rows; else the smallest.

    >>> heading_letters("Telur", 180, (60, 40)), heading_letters("Telur Asin Muara Tirtayasa", 180, (60, 40))
    (60, 40)
    """
    for points in steps:
        across = width / (points * MM_OF_POINT)
        longest = max((len(word) for word in name.split()), default=0)
        if longest * GREAT_SIGN <= across and len(name) * GREAT_SIGN <= across * rows * (2 - LOST):
            return points
    return steps[-1]
