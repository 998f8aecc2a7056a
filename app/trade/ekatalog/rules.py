"""The e-Katalog in plain values: which moves there are, what a requirement set asks, and what a product still lacks.

Source: spec/ekatalog.md (states, invariants 1 to 10) and spec/domain.md 3.5. No clock: the day is always given.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

STATES: Final = (
    "collecting", "ready_for_review", "in_review", "returned", "approved", "exported", "sent_outside", "shown_outside",
    "no_answer", "needs_update", "delisted_outside", "refused_outside", "not_suitable", "withdrawn", "closed",
)  # fmt: skip
ENDED: Final = ("not_suitable", "withdrawn", "closed")
FILLING: Final = ("collecting", "returned")
SIGNED: Final = (
    "exported", "sent_outside", "shown_outside", "no_answer", "needs_update", "delisted_outside", "refused_outside",
)  # fmt: skip
PROFILES: Final = ("v6", "v5")
RESULTS: Final = ("ok", "missing", "wrong", "expired", "n/a")
BAD: Final = frozenset({"missing", "wrong", "expired"})
FILLERS: Final = frozenset({"seller", "pendamping"})
SYSTEM: Final = "system"

# Who may bring a submission from one state into another. `withdrawn` ends what is not signed yet; `closed` also ends
# an export whose papers ran out before anybody sent it, so that nothing waits for ever.
MOVES: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("collecting", "ready_for_review"): FILLERS,
    ("collecting", "withdrawn"): FILLERS,
    ("ready_for_review", "in_review"): frozenset({"curator"}),
    ("ready_for_review", "withdrawn"): FILLERS,
    ("in_review", "returned"): frozenset({"curator"}),
    ("in_review", "approved"): frozenset({"curator"}),
    ("in_review", "not_suitable"): frozenset({"curator"}),
    ("returned", "ready_for_review"): FILLERS,
    ("returned", "withdrawn"): FILLERS,
    ("approved", "exported"): frozenset({"approver"}),
    ("approved", "returned"): frozenset({"approver", SYSTEM}),
    ("exported", "sent_outside"): frozenset({"curator"}),
    ("exported", "closed"): frozenset({"curator"}),
    ("sent_outside", "shown_outside"): frozenset({"curator"}),
    ("sent_outside", "refused_outside"): frozenset({"curator"}),
    ("sent_outside", "no_answer"): frozenset({SYSTEM}),
    ("no_answer", "sent_outside"): frozenset({"curator"}),
    ("no_answer", "closed"): frozenset({"curator"}),
    ("shown_outside", "needs_update"): frozenset({"curator"}),
    ("shown_outside", "delisted_outside"): frozenset({"curator"}),
    ("needs_update", "closed"): FILLERS | {"curator"},
    ("delisted_outside", "closed"): FILLERS | {"curator"},
    ("refused_outside", "closed"): FILLERS | {"curator"},
}
# What somebody saw outside, and the state it leads to.
OUTSIDE: Final = ("sent_outside", "shown_outside", "refused_outside", "needs_update", "delisted_outside")
# Ends that may go on in a new round, and the state in which that round begins.
GOES_ON: Final = {"needs_update": "collecting", "delisted_outside": "collecting", "refused_outside": "returned"}

ANSWER_DAYS: Final = 30
CATEGORY_DAYS: Final = 90
LEAST_PHOTOS: Final = 3
LEAST_SIDE: Final = 600
LONG_DESCRIPTION: Final = 200
LONGEST_NAME: Final = 100
SHORTEST_NAME: Final = 5
# A promise above this share of the best week is a promise nobody has seen kept. Source: spec/ekatalog.md.
SAFE_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a requirement set asks for. `months` is how long it must hold, or how long an answer holds."""

    key: str
    kind: str
    mandatory: bool
    months: int
    goods: str
    title: str
    title_en: str
    help: str
    help_en: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A permit as the check sees it."""

    state: str
    last_day: date | None = None
    kbli: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """How one item stands; `note` is a code that the screen words."""

    key: str
    result: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything an automatic check looks at; `answers` hold the value and the day it was given under `on`."""

    day: date
    kbli: tuple[str, str] | None
    accepted: frozenset[tuple[str, str]]
    category_state: str
    papers: Mapping[str, Paper]
    answers: Mapping[str, Mapping[str, Any]]
    photo_sides: Sequence[int]
    label_photos: int
    name: str
    description: str
    weight_g: int | None
    price: int
    legality: frozenset[str]
    known: bool


def may_move(state: str, to: str, role: str) -> bool:
    """Tell whether the table has this move for this role.

    >>> may_move("approved", "exported", "approver"), may_move("approved", "exported", "curator")
    (True, False)
    """
    return role in MOVES.get((state, to), frozenset())


def state_on(state: str, answer_due: date | None, broken: Iterable[str], day: date) -> str:
    """Return the state as it is on a day, whether or not a clock has run.

    >>> state_on("sent_outside", date(2026, 11, 24), (), date(2026, 11, 25))
    'no_answer'
    >>> state_on("approved", None, ("licence",), date(2026, 11, 25))
    'returned'
    """
    if state == "sent_outside" and answer_due is not None and answer_due < day:
        return "no_answer"
    if state == "approved" and any(True for _key in broken):
        return "returned"
    return state


def answer_due(sent_on: date) -> date:
    """Return the last day on which an answer from outside is in time.

    >>> answer_due(date(2026, 11, 1))
    datetime.date(2026, 12, 1)
    """
    return sent_on + timedelta(days=ANSWER_DAYS)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of a shorter month.

    >>> months_later(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_stale(checked_on: date | None, day: date) -> bool:
    """Tell whether nobody has looked at a category for too long.

    >>> is_stale(date(2026, 8, 27), date(2026, 11, 25)), is_stale(date(2026, 8, 26), date(2026, 11, 25))
    (False, True)
    """
    return checked_on is None or (day - checked_on).days > CATEGORY_DAYS


def is_open(open_from: date | None, open_until: date | None, day: date) -> bool:
    """Tell whether a category takes submissions on a day."""
    return (open_from is None or open_from <= day) and (open_until is None or day <= open_until)


def readiness(items: Sequence[Item], checks: Mapping[str, Check]) -> tuple[int, int]:
    """Count the mandatory items that are ok, and all that apply: "7 dari 9", never a share alone.

    >>> nib = Item("nib", "document", True, 0, "semua", "", "", "", "")
    >>> readiness([nib], {"nib": Check("nib", "ok")}), readiness([nib], {"nib": Check("nib", "n/a")})
    ((1, 1), (0, 0))
    """
    applying = [item for item in items if item.mandatory and checks[item.key].result != "n/a"]
    return sum(checks[item.key].result == "ok" for item in applying), len(applying)


def lacking(items: Sequence[Item], checks: Mapping[str, Check]) -> list[str]:
    """Name the mandatory items that are not ok, in the order in which they are best done."""
    return [item.key for item in items if item.mandatory and checks[item.key].result in BAD]


def next_item(items: Sequence[Item], checks: Mapping[str, Check], allowed: Iterable[str]) -> str | None:
    """Return the one thing to do next, None when nothing is lacking."""
    may = set(allowed)
    return next((key for key in lacking(items, checks) if key in may), None)


def is_too_much(promised: int, demonstrated: int) -> bool:
    """Tell whether a promise is more than four fifths of the best week seen.

    >>> is_too_much(80, 100), is_too_much(81, 100), is_too_much(1, 0)
    (False, True, True)
    """
    return promised > SAFE_SHARE * demonstrated


def difference(old: Sequence[Item], new: Sequence[Item]) -> dict[str, list[str]]:
    """List what a newer requirement set adds, drops and asks differently.

    >>> one = Item("nib", "document", True, 0, "semua", "", "", "", "")
    >>> two = Item("sni", "document", True, 0, "semua", "", "", "", "")
    >>> difference([one], [two])
    {'added': ['sni'], 'dropped': ['nib'], 'changed': []}
    """
    before, after = {item.key: item for item in old}, {item.key: item for item in new}
    asked = ("kind", "mandatory", "months", "goods")
    changed = [
        key for key in after if key in before and any(getattr(before[key], n) != getattr(after[key], n) for n in asked)
    ]
    return {
        "added": [key for key in after if key not in before],
        "dropped": [key for key in before if key not in after],
        "changed": changed,
    }
