"""What follows for bazaars: states, pools, the order of waiting, scores and clocks. Pure values only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

STATES = (
    "draft", "open_call", "curation", "published", "running", "closed", "reported", "postponed", "cancelled",
)  # fmt: skip
APPLICATION_STATES = (
    "draft", "submitted", "needs_fix", "in_review", "waitlisted", "offered", "confirmed", "checked_in", "settled",
    "withdrawn", "refused", "not_placed", "declined", "offer_lapsed", "no_show", "removed",
)  # fmt: skip
ENDS = ("settled", "withdrawn", "refused", "not_placed", "declined", "offer_lapsed", "no_show", "removed")
LIVE = tuple(state for state in APPLICATION_STATES if state not in ENDS)
# Who holds one place in each of her pools. A settled seller had her place; counting it changes nothing any more.
HOLDING = ("offered", "confirmed", "checked_in", "settled")
# Who has said yes and is at the stall, or will be.
STANDING = ("confirmed", "checked_in")
BEFORE_PUBLISHING = ("submitted", "needs_fix", "in_review")
# Who holds no place yet: new dates of a bazaar ask her whether she is still in. Who holds one is offered it again.
ASKED_AGAIN = (*BEFORE_PUBLISHING, "waitlisted")
POOL_KINDS = ("max", "reserved")
PROPOSAL_KINDS = ("open_call", "capacity")
TOTAL, FIRST_TIMER = "total", "first_timer"
KECAMATAN, CATEGORY = "kecamatan:", "category:"
GAP = 3
REVIEWERS = 2
BONUSES = (2, 1)
# Version 1 of what reviewers look at. Poverty and programme are no part of it, and must never be.
RUBRIC_VERSION = "2026-1"
RUBRIC: tuple[tuple[str, int], ...] = (("readiness", 3), ("papers", 3), ("capacity", 2), ("presentation", 2))

NEXT: dict[str, tuple[str, ...]] = {
    "draft": ("open_call", "cancelled"),
    "open_call": ("curation", "postponed", "cancelled"),
    "curation": ("published", "postponed", "cancelled"),
    "published": ("running", "postponed", "cancelled"),
    "running": ("closed", "cancelled"),
    "closed": ("reported",),
    "reported": (),
    "postponed": ("open_call", "curation", "published", "cancelled"),
    "cancelled": (),
}
# Where whoever is not placed yet may go. Time takes who leaves the new dates of a bazaar unanswered.
_ON = ("refused", "waitlisted", "offered", "withdrawn", "removed", "not_placed", "offer_lapsed")
STEPS: dict[str, tuple[str, ...]] = {
    # A seller who comes on the day is given a place at once.
    "draft": ("submitted", "confirmed"),
    "submitted": ("needs_fix", "in_review", *_ON),
    "needs_fix": ("submitted", "in_review", *_ON),
    "in_review": ("needs_fix", *_ON),
    "waitlisted": ("offered", "withdrawn", "removed", "not_placed", "offer_lapsed"),
    # Back into the line while a bazaar is put off.
    "offered": ("confirmed", "declined", "offer_lapsed", "withdrawn", "removed", "not_placed", "waitlisted"),
    # Back to an offer only when a postponed bazaar asks again.
    "confirmed": ("checked_in", "offered", "withdrawn", "removed", "no_show", "not_placed"),
    # Back when the wrong row was tapped and nothing was sold.
    "checked_in": ("settled", "removed", "not_placed", "confirmed"),
    # An objection that was right.
    "refused": ("waitlisted",),
    "removed": ("waitlisted",),
}


def may_go(before: str, after: str) -> bool:
    """Tell whether an application may take a step.

    >>> may_go("offered", "confirmed"), may_go("withdrawn", "confirmed"), may_go("waitlisted", "confirmed")
    (True, False, False)
    """
    return after in STEPS.get(before, ())


def state_at(
    state: str, hard_deadline: datetime | None, starts_at: datetime, ends_at: datetime, moment: datetime
) -> str:
    """Return the state that time has made of a stored one: true at read time, even if no job runs."""
    if state == "open_call" and hard_deadline is not None and moment >= hard_deadline:
        state = "curation"
    if state == "published" and moment >= starts_at:
        state = "running"
    return "closed" if state == "running" and moment >= ends_at else state


def application_at(
    state: str, offer_expires_at: datetime | None, moment: datetime, asked_until: datetime | None = None
) -> str:
    """Return the state that time has made of an application's: an offer or new dates left unanswered end it.

    >>> from datetime import UTC
    >>> at = datetime(2026, 12, 1, tzinfo=UTC)
    >>> (
    ...     application_at("offered", at, at),
    ...     application_at("confirmed", None, at),
    ...     application_at("waitlisted", None, at, at),
    ... )
    ('offer_lapsed', 'confirmed', 'offer_lapsed')
    """
    clock = {"offered": offer_expires_at} | dict.fromkeys(ASKED_AGAIN, asked_until)
    ends = clock.get(state)
    return "offer_lapsed" if ends is not None and moment >= ends else state


@dataclass(frozen=True)
class Pool:
    """So many places for one group."""

    key: str
    capacity: int
    kind: str = "max"


@dataclass(frozen=True)
class Place:
    """An applicant as the order of waiting sees her: what the snapshot holds, and nothing about her family."""

    id: int
    number: int
    submitted_at: datetime
    pools: frozenset[str]
    score: int = 0
    bonus: int = 0
    past: int = 0
    late: bool = False


def in_order(places: Iterable[Place]) -> list[Place]:
    """Return applicants as they are served: punctual ones first, then by points, fewer bazaars, time, number.

    >>> from datetime import UTC
    >>> at = datetime(2026, 12, 1, tzinfo=UTC)
    >>> early = Place(1, 1, at, frozenset(), score=700)
    >>> rested = Place(2, 2, at, frozenset(), score=600, bonus=2)
    >>> late = Place(3, 3, at, frozenset(), score=1000, bonus=2, late=True)
    >>> [place.id for place in in_order([late, early, rested])]
    [2, 1, 3]
    """
    return sorted(places, key=_place_in_line)


def _place_in_line(place: Place) -> tuple[bool, int, int, datetime, int]:
    return (place.late, -(place.score + 100 * place.bonus), place.past, place.submitted_at, place.number)


def counts(pools: Iterable[Pool], holders: Iterable[Collection[str]]) -> dict[str, int]:
    """Return how many places of each pool are taken by those who hold one.

    >>> counts([Pool("total", 5), Pool("craft", 2)], [{"total"}, {"total", "craft"}])
    {'total': 2, 'craft': 1}
    """
    taken = {pool.key: 0 for pool in pools}
    for keys in holders:
        for key in keys:
            if key in taken:
                taken[key] += 1
    return taken


def full_for(keys: Collection[str], pools: Sequence[Pool], taken: Mapping[str, int], *, reserve: bool) -> list[str]:
    """Return the pools that keep an applicant from a place, none when she fits.

    Args:
        keys: the pools she counts in.
        pools: all pools of the bazaar; `total` bounds the hall.
        taken: places held in each.
        reserve: whether places are still kept for their group.

    A kept place is never given away: what is free in the hall must stay at least what is still promised.

    >>> hall = [Pool("total", 3), Pool("first_timer", 2, "reserved")]
    >>> full_for({"total"}, hall, {"total": 1, "first_timer": 0}, reserve=True)
    ['first_timer']
    >>> full_for({"total", "first_timer"}, hall, {"total": 1, "first_timer": 0}, reserve=True)
    []
    >>> full_for({"total"}, hall, {"total": 1, "first_timer": 0}, reserve=False)
    []
    """
    full = [p.key for p in pools if p.kind == "max" and p.key in keys and taken[p.key] >= p.capacity]
    if full or not reserve:
        return full
    promised = {p.key: p.capacity - taken[p.key] for p in pools if p.kind == "reserved" and taken[p.key] < p.capacity}
    if any(key in keys for key in promised):
        return []
    room = min((p.capacity - taken[p.key] for p in pools if p.key == TOTAL), default=sum(promised.values()) + 1)
    return list(promised) if room <= sum(promised.values()) else []


def promotions(
    waiting: Iterable[Place], pools: Sequence[Pool], holders: Iterable[Collection[str]], *, reserve: bool
) -> list[Place]:
    """Return who is offered a place now, in order: the first who fits every pool, again until nobody fits.

    >>> from datetime import UTC
    >>> at = datetime(2026, 12, 1, tzinfo=UTC)
    >>> line = [Place(n, n, at, frozenset({"total", "food"}), score=900 - n) for n in (1, 2)]
    >>> line.append(Place(3, 3, at, frozenset({"total"})))
    >>> [place.id for place in promotions(line, [Pool("total", 9), Pool("food", 1)], [], reserve=True)]
    [1, 3]
    """
    taken = counts(pools, holders)
    line = in_order(waiting)
    chosen: list[Place] = []
    while True:
        fitting = next((each for each in line if not full_for(each.pools, pools, taken, reserve=reserve)), None)
        if fitting is None:
            return chosen
        line.remove(fitting)
        chosen.append(fitting)
        for key in fitting.pools:
            if key in taken:
                taken[key] += 1


def memberships(pools: Iterable[str], *, kecamatan: str, categories: Collection[str], past: int) -> list[str]:
    """Return the pools a seller counts in, by what her shop is and how often she had a place.

    >>> memberships(
    ...     ["total", "category:makanan", "kecamatan:36.04.27", "first_timer"],
    ...     kecamatan="36.04.27",
    ...     categories={"makanan"},
    ...     past=1,
    ... )
    ['total', 'category:makanan', 'kecamatan:36.04.27']
    """
    mine = {TOTAL, KECAMATAN + kecamatan, *(CATEGORY + slug for slug in categories)}
    if past == 0:
        mine.add(FIRST_TIMER)
    return [key for key in pools if key in mine]


def bonus_of(past: int) -> int:
    """Return the points for who had fewer places in the last twelve months.

    >>> bonus_of(0), bonus_of(1), bonus_of(5)
    (2, 1, 0)
    """
    return BONUSES[past] if past < len(BONUSES) else 0


def reviews_wanted(totals: Sequence[int]) -> int:
    """Return how many reviews an application needs: two, and a third when they are far apart.

    >>> reviews_wanted([]), reviews_wanted([4, 7]), reviews_wanted([3, 7])
    (2, 2, 3)
    """
    apart = len(totals) >= REVIEWERS and abs(totals[0] - totals[1]) > GAP
    return REVIEWERS + apart


def mean_score(totals: Sequence[int]) -> int:
    """Return the mean in hundredths of a point, halves rounded up.

    >>> mean_score([7, 8]), mean_score([3, 7, 7])
    (750, 567)
    """
    return (200 * sum(totals) + len(totals)) // (2 * len(totals))


def right_scores(scores: Mapping[str, int], parts: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether every part of the rubric has points within its range, and nothing else has."""
    most = {str(part["key"]): int(part["most"]) for part in parts}
    return scores.keys() == most.keys() and all(0 <= points <= most[key] for key, points in scores.items())


def offer_hours(left: timedelta, hours: int = 48, near_hours: int = 12) -> timedelta:
    """Return how long an offer waits for its answer.

    >>> offer_hours(timedelta(days=9)), offer_hours(timedelta(days=2))
    (datetime.timedelta(days=2), datetime.timedelta(seconds=43200))
    """
    return timedelta(hours=near_hours if left < timedelta(days=3) else hours)
