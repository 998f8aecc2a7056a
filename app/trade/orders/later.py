"""What the rooms above keep about orders that were handed over: who still waits there, and how its words are forgotten.

They register here by being imported, as panels do, so that orders ask them without looking up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Waits = Callable[[Sequence[int]], set[int]]
Forgets = Callable[[Sequence[int]], None]
_waits: list[Waits] = []
_forgets: list[Forgets] = []


def waits(asked: Waits) -> Waits:
    """Register who says on which of these orders somebody still has to act."""
    if asked not in _waits:
        _waits.append(asked)
    return asked


def forgets(done: Forgets) -> Forgets:
    """Register who takes away the buyer's words about these orders."""
    if done not in _forgets:
        _forgets.append(done)
    return done


def still_waiting(order_ids: Sequence[int]) -> set[int]:
    """Return the orders on which somebody still has to act."""
    return {each for asked in _waits for each in asked(order_ids)} if order_ids else set()


def forget_words(order_ids: Sequence[int]) -> None:
    """Take away the buyers' words about these orders everywhere."""
    if order_ids:
        for done in _forgets:
            done(order_ids)
