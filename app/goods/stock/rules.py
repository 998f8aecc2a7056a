"""What a movement does to the two sums of a stock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# kind: sign of its effect on (on_hand, reserved); `correction` carries its own sign.
EFFECTS: Final[dict[str, tuple[int, int]]] = {
    "restock": (1, 0),
    "reserve": (0, 1),
    "release": (0, -1),
    "sell": (-1, -1),
    "to_event": (-1, 0),
    "from_event": (1, 0),
    "event_sell": (-1, 0),
    "return_in": (1, 0),
    "waste": (-1, 0),
    "correction": (1, 0),
}


# What a seller does to her stock by hand.
BY_HAND: Final = ("restock", "waste", "correction")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why stock moves: what asked for it, and who did it (0 is nobody signed in, or time itself)."""

    source_type: str = ""
    source_id: int | None = None
    by_id: int = 0
    on_behalf_of_id: int | None = None
    note: str = ""


def deltas(kind: str, qty: int) -> tuple[int, int]:
    """Return what a movement adds to `on_hand` and to `reserved`.

    >>> deltas("sell", 3), deltas("reserve", 2), deltas("correction", -4)
    ((-3, -3), (0, 2), (-4, 0))
    """
    on_hand, reserved = EFFECTS[kind]
    return on_hand * qty, reserved * qty
