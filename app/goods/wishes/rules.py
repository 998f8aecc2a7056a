"""What a phone remembers of goods that somebody liked: ids, the newest first."""

from __future__ import annotations

from typing import Any, Final

MOST: Final = 60
MOST_ID: Final = 10**15


def read(kept: Any) -> list[int]:
    """Return the ids that a cookie holds; whatever else it holds counts as nothing.

    >>> read([7, 3]), read({"a": 1}), read([7, "x"])
    ([7, 3], [], [])
    """
    if not isinstance(kept, list) or not all(type(each) is int and 0 < each < MOST_ID for each in kept):
        return []
    return list(dict.fromkeys(kept))[:MOST]


def keep(ids: list[int], product_id: int) -> list[int]:
    """Put one in front; of too many the oldest goes.

    >>> keep([1, 2], 3), keep([1, 2], 2), len(keep(list(range(1, 61)), 99))
    ([3, 1, 2], [2, 1], 60)
    """
    return [product_id, *(each for each in ids if each != product_id)][:MOST]
