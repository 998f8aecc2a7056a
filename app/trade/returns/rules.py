"""The life of a complaint as one table, who may act when, and what may be complained about; no database, no clock.

Source: spec/trade.md, returns and complaints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

UNSAFE: Final = "unsafe"
ABOUT_FOOD: Final = ("damaged", "wrong", UNSAFE)
KINDS: Final = (*ABOUT_FOOD, "other")
OFFERS: Final = ("replace", "refund")
DECISIONS: Final = (*OFFERS, "none")
# What became of the goods: back for sale, back but spoiled, or they did not come back.
GOODS: Final = ("stock", "spoiled", "kept")
WAITING: Final = ("opened", "answered", "escalated")
ENDS: Final = ("resolved_replace", "resolved_refund", "closed_by_facilitator")
STATES: Final = (*WAITING, "resolved_none", *ENDS)
PHOTO_DAYS: Final = 180
MOST_WORDS: Final = 300


@dataclass(frozen=True, slots=True)
class Step:
    """One lawful transition; `starts` names the only clock that runs afterwards.

    `needs`: `late`, the clock that runs must have ended; `in_time`, it must not.
    """

    act: str
    before: str
    after: str
    who: str
    starts: str = ""
    needs: str = ""


STEPS: Final = (
    Step("open", "", "opened", "buyer", "return.answer_hours"),
    Step("offer", "opened", "answered", "seller", "return.settle_hours"),
    Step("turn_down", "opened", "resolved_none", "seller", "return.escalate_hours"),
    Step("replace", "answered", "resolved_replace", "seller"),
    Step("refund", "answered", "resolved_refund", "seller"),
    Step("escalate", "resolved_none", "escalated", "buyer", "return.close_hours", "in_time"),
    Step("close", "escalated", "closed_by_facilitator", "facilitator"),
    # Silence climbs by itself: whoever helps may close what the seller left lying.
    Step("close", "opened", "closed_by_facilitator", "facilitator", "", "late"),
    Step("close", "answered", "closed_by_facilitator", "facilitator", "", "late"),
)


def find_step(act: str, state: str, *, late: bool) -> Step | None:
    """Return the transition that an act makes from a state, None when the table has none.

    >>> find_step("close", "opened", late=True).after, find_step("close", "opened", late=False)
    ('closed_by_facilitator', None)
    """
    for step in STEPS:
        if (step.act, step.before) == (act, state) and step.needs in {"", "late" if late else "in_time"}:
            return step
    return None


def is_late(due_at: datetime | None, moment: datetime) -> bool:
    """Tell whether the clock that runs has ended."""
    return due_at is not None and due_at <= moment


def is_over(state: str, due_at: datetime | None, moment: datetime) -> bool:
    """Tell whether nobody can act any more: it has ended, or nobody objected to a no in time."""
    return state in ENDS or (state == "resolved_none" and is_late(due_at, moment))


def kinds(*, food: bool) -> tuple[str, ...]:
    """Return what may be complained about: of food only that it is damaged, wrong or unsafe.

    >>> kinds(food=True)
    ('damaged', 'wrong', 'unsafe')
    """
    return ABOUT_FOOD if food else KINDS


def fits(wanted: Mapping[int, int], left: Mapping[int, int]) -> bool:
    """Tell whether units of lines may be complained about: some, and of each line no more than are left.

    >>> fits({1: 2}, {1: 2}), fits({1: 3}, {1: 2}), fits({1: 0}, {1: 2}), fits({9: 1}, {1: 2})
    (True, False, False, False)
    """
    return any(wanted.values()) and all(0 <= qty <= left.get(line, 0) for line, qty in wanted.items())


def decided(state: str, offer: str, decision: str) -> str:
    """Return what came of a complaint: `replace`, `refund`, `none`, or nothing yet."""
    ends = {"resolved_replace": "replace", "resolved_refund": "refund", "resolved_none": "none"}
    return decision if state == "closed_by_facilitator" else ends.get(state, "")
