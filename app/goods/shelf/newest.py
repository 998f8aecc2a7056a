"""Where a card stands in the index, and how the index is cut for whoever looks for the newest: pure, as rules are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
_ID_BITS: Final = 30
CARD: Final = (1 << _ID_BITS) - 1  # of a place in the index, the number of its card
# Rows of 2^12 seconds, about an hour, and of four, sixteen and so on as many.
_AGE_BITS: Final = (12, 14, 16, 18, 20, 22, 24)
_A_DAY: Final = 21  # rows of the shortest, each 68 minutes long


@dataclass(frozen=True, slots=True)
class Stretches:
    """The index cut into stretches, none much longer than all the newer ones together.

    At `top` and above lies what is newer than all of them, below `old` what is older; `ages` are the stretches
    between, the newest first, each as PostgreSQL reads a tsquery, and `lows` the least place in each.
    """

    top: int
    ages: tuple[str, ...]
    lows: tuple[int, ...]
    old: int


def position(stamp: datetime, product_id: int) -> int:
    """Place in the index: newer is higher, and of one second the higher id.

    >>> position(EPOCH, 7), position(EPOCH.replace(second=1), 7) > position(EPOCH, 1_000_000)
    (7, True)
    """
    return int((stamp - EPOCH).total_seconds()) << _ID_BITS | product_id


def ages(position: int) -> list[str]:
    """Return the marks of a place in the index: the rows of time that hold it, each four times as long.

    >>> ages(position(EPOCH.replace(month=3), 7))
    ['@12n1265', '@14n316', '@16n79', '@18n19', '@20n4', '@22n1', '@24n0']
    """
    return [_age(bits, position >> (_ID_BITS + bits)) for bits in _AGE_BITS]


def stretches(moment: datetime) -> Stretches:
    """Cut the index for somebody who looks for the newest: a day hour by hour, the rest of a row of four, and so on.

    So whoever has too few of them never reads much more again than she has read.

    >>> stretches(EPOCH.replace(year=2026)).ages[19:22]
    ("'@12n46218'", "'@12n46217'", "'@12n46216' | '@14n11553'")
    """
    first = _AGE_BITS[0]
    newest = position(moment, 0) >> (_ID_BITS + first)
    below = newest - _A_DAY + 1
    said = [[(first, newest - each)] for each in range(_A_DAY)]
    for shorter, longer in pairwise(_AGE_BITS):
        # What is left of the longer row that begins before, and four whole ones before that.
        row = below // 4
        left = [(shorter, each) for each in range(row * 4, below)]
        below = row - 4
        said += [[*left, (longer, row - 1)], *([(longer, row - each)] for each in range(2, 5))]
    marks = tuple(" | ".join(f"'{_age(*each)}'" for each in part) for part in said)
    lows = tuple(part[-1][1] << (_ID_BITS + part[-1][0]) for part in said)
    return Stretches((newest + 1) << (_ID_BITS + first), marks, lows, below << (_ID_BITS + _AGE_BITS[-1]))


def _age(bits: int, row: int) -> str:
    return f"@{bits}n{row}"
