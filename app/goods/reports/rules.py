"""What buyers may report, what takes a product off sale at once, and how a report may end."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.kit import digits

UNSAFE: Final = "unsafe"
KINDS: Final = (UNSAFE, "false_claim", "photo", "forbidden", "other")
OUTCOMES: Final = ("unfounded", "mended", "upheld", "gone")
# What seller and reporter read when the officer wrote nothing; what is upheld says its reason.
SAID: Final = {
    "unfounded": "Sudah diperiksa petugas. Laporannya tidak terbukti.",
    "mended": "Sudah diperiksa petugas, dan sudah diperbaiki.",
}
# States of a product in which strangers see its page.
SEEN: Final = ("live", "paused", "held")

# Everybody is heard, but one voice alone does not silence what was looked at and found harmless, nor a whole shop.
TRUSTED_FOR: Final = timedelta(days=90)
HELD_BY_ONE_VOICE: Final = 2
AT_ONCE_BY_ONE: Final = 3


def voices_needed(*, found_harmless: bool, held_in_shop: int) -> int:
    """Return how many people must call a product unsafe before it is taken off sale at once.

    >>> voices_needed(found_harmless=False, held_in_shop=0), voices_needed(found_harmless=True, held_in_shop=0)
    (1, 2)
    >>> voices_needed(found_harmless=False, held_in_shop=2)
    2
    """
    return 2 if found_harmless or held_in_shop >= HELD_BY_ONE_VOICE else 1


def stops_sale(kind: str, voices: int, needed: int, *, own_here: bool, own_anywhere: int) -> bool:
    """Tell whether a report takes its product off sale before anybody has looked.

    Args:
        kind: what is reported.
        voices: people who call this product unsafe and were not answered yet, this one among them.
        needed: how many that takes.
        own_here: whether another product of this shop is off sale by the same person's word.
        own_anywhere: how many products of all shops are.

    >>> [stops_sale(kind, 1, 1, own_here=False, own_anywhere=0) for kind in ("unsafe", "photo")]
    [True, False]
    >>> [stops_sale("unsafe", voices, 1, own_here=True, own_anywhere=1) for voices in (1, 2)]
    [False, True]
    """
    if kind != UNSAFE or voices < needed:
        return False
    # Somebody who has already stopped others is heard, and waits for the office; a second voice does not.
    return voices > 1 or (not own_here and own_anywhere < AT_ONCE_BY_ONE)


def read_place(text: str) -> tuple[int, int] | None:
    """Read a place in the inbox out of an address: rank and first report; None when nobody of ours wrote it.

    >>> read_place("1-20"), read_place("x-1"), read_place("")
    ((1, 20), None, None)
    """
    rank, first = (digits.whole(part) for part in text.partition("-")[::2])
    return None if rank is None or first is None else (rank, first)
