"""Where a card stands in the index, and how the index is cut for whoever looks for the newest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
_ID_BITS: Final = 30
CARD: Final = (1 << _ID_BITS) - 1  # of a place in the index, the number of its card
# Rows of 2^12 seconds, about an hour, and of four, sixteen and so on as many.
_AGE_BITS: Final = (12, 14, 16, 18, 20, 22, 24)
# Stretches of the shortest row, and after them of each longer one but the longest.
_HOURS: Final = 8
_OF_EACH: Final = 4


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


def cut(start: str, only: str) -> str:
    """Return the question of PostgreSQL that cuts its index for whoever looks for the newest, below the place `start`.

    Each of its rows is a stretch: its mark in the index as `age`, and the place `below` which it lies. A stretch begins
    at the newest card that no other before it holds, so none is empty, and whoever has too few reads on, never much
    more again than she has read. Where the tsquery `only` is not null, it is all there is.
    """
    bits = f"{_AGE_BITS[0]} + 2 * least({len(_AGE_BITS) - 1}, greatest(0, (step - {_HOURS - _OF_EACH}) / {_OF_EACH}))"
    card = "SELECT position FROM search_product WHERE position < cut.low ORDER BY position DESC LIMIT 1"
    row = f"SELECT bits, position >> ({_ID_BITS} + bits) AS number FROM (SELECT {bits} AS bits) AS long"  # noqa: S608
    return (
        f"WITH RECURSIVE cut (step, low, below, age) AS (SELECT 0, place, place, age"  # noqa: S608
        f" FROM (SELECT {start} AS place, {only} AS age) AS whole"
        f" UNION ALL SELECT step + 1, number << ({_ID_BITS} + bits), low, '''@' || bits || 'n' || number || ''''"
        f" FROM cut, LATERAL ({card}) AS latest, LATERAL ({row}) AS row WHERE step > 0 OR age IS NULL)"
        " SELECT age, below FROM cut WHERE age IS NOT NULL"
    )


def _age(bits: int, row: int) -> str:
    return f"@{bits}n{row}"
