"""Pools, order and clocks with bare values; thousands of random bazaars."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trade.bazaars import plans, rules
from app.trade.bazaars.plans import Plan
from app.trade.bazaars.rules import Place, Pool

AT = datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)
BAZAARS = 400  # of the 4,000 that were played once; every one of them again with another seed each night


def hall(rng):
    """Random pools over a small hall, reserved ones that it can keep."""
    total = rng.randint(3, 9)
    pools = [Pool("total", total)]
    pools += [Pool(key, rng.randint(1, total)) for key in ("food", "craft") if rng.random() < 0.7]
    kept = rng.randint(1, total)
    if rng.random() < 0.7:
        pools.append(Pool("first_timer", kept, "reserved"))
    if rng.random() < 0.4 and total > kept:
        pools.append(Pool("far", rng.randint(1, total - kept), "reserved"))
    return pools


def crowd(rng, pools):
    keys = [pool.key for pool in pools if pool.key != "total"]
    return [
        Place(
            id=number,
            number=number,
            submitted_at=AT + timedelta(minutes=rng.randint(0, 9)),
            pools=frozenset({"total", *(key for key in keys if rng.random() < 0.4)}),
            score=rng.choice((500, 600, 700)),
            bonus=rng.randint(0, 2),
            past=rng.randint(0, 2),
            late=rng.random() < 0.2,
        )
        for number in range(1, rng.randint(5, 25))
    ]


def within_bounds(pools, holding):
    taken = rules.counts(pools, (place.pools for place in holding))
    return all(taken[pool.key] <= pool.capacity for pool in pools if pool.kind == "max")


def promise_kept(pools, holding):
    """What is free in the hall is at least what is still promised to a single group."""
    taken = rules.counts(pools, (place.pools for place in holding))
    free = pools[0].capacity - taken["total"]
    return all(free >= pool.capacity - taken[pool.key] for pool in pools if pool.kind == "reserved")


@pytest.mark.parametrize("seed", range(4))
def test_no_pool_is_exceeded_and_nobody_who_fits_is_left_waiting(seed):
    """Random bazaars in which sellers step back, offers lapse and the kept places open at last."""
    rng, idle_hall = random.Random(seed), 0
    for _ in range(BAZAARS // 4):
        pools = hall(rng)
        waiting, holding, reserve = crowd(rng, pools), [], True
        for step in range(12):
            chosen = rules.promotions(waiting, pools, (each.pools for each in holding), reserve=reserve)
            holding += chosen
            waiting = [each for each in waiting if each not in chosen]
            taken = rules.counts(pools, (each.pools for each in holding))
            assert within_bounds(pools, holding)
            assert all(rules.full_for(each.pools, pools, taken, reserve=reserve) for each in waiting)
            idle_hall += bool(waiting) and taken["total"] < pools[0].capacity
            reserve = reserve and step < 8
            gone = [each for each in holding if rng.random() < 0.2]
            holding = [each for each in holding if each not in gone]
    assert idle_hall, "a hall with room while somebody waits happens, and its reason must be on the screen"


@pytest.mark.parametrize("seed", range(3))
def test_a_kept_place_is_kept_until_its_date(seed):
    rng = random.Random(seed)
    for _ in range(60):
        total = rng.randint(3, 9)
        pools = [Pool("total", total), Pool("first_timer", rng.randint(1, total), "reserved")]
        waiting, holding = crowd(rng, pools), []
        for _step in range(6):
            holding += rules.promotions(waiting, pools, (each.pools for each in holding), reserve=True)
            waiting = [each for each in waiting if each not in holding]
            assert promise_kept(pools, holding)
            gone = [each for each in holding if rng.random() < 0.3]
            holding = [each for each in holding if each not in gone]


def test_a_kept_place_that_nobody_keeps_goes_red():
    pools = [Pool("total", 3), Pool("first_timer", 2, "reserved")]
    others = [Place(n, n, AT, frozenset({"total"})) for n in (1, 2, 3)]

    assert not promise_kept(pools, rules.promotions(others, pools, [], reserve=False))
    assert promise_kept(pools, rules.promotions(others, pools, [], reserve=True))


def test_pools_that_nobody_watches_go_red():
    pools = [Pool("total", 2)]
    everybody = [Place(n, n, AT, frozenset({"total"})) for n in (1, 2, 3)]

    assert not within_bounds(pools, everybody)


@given(st.randoms(use_true_random=False))
def test_the_order_depends_on_nothing_but_the_places(rng):
    places = crowd(rng, hall(rng))
    shuffled = rng.sample(places, len(places))

    assert rules.in_order(places) == rules.in_order(shuffled)


def test_ties_go_to_fewer_bazaars_then_time_then_number():
    tired = Place(1, 1, AT, frozenset(), score=700, past=3)
    slow = Place(2, 2, AT + DAY, frozenset(), score=700)
    second, first = Place(4, 4, AT, frozenset(), score=700), Place(3, 3, AT, frozenset(), score=700)

    assert [each.id for each in rules.in_order([tired, slow, second, first])] == [3, 4, 2, 1]


def test_rotation_lifts_who_was_never_there():
    never = Place(1, 1, AT, frozenset(), score=600, bonus=rules.bonus_of(0))
    often = Place(2, 2, AT, frozenset(), score=700, bonus=rules.bonus_of(4))

    assert [each.id for each in rules.in_order([often, never])] == [1, 2]


def test_no_step_leads_out_of_an_end_but_by_an_objection():
    for state in rules.ENDS:
        assert set(rules.STEPS.get(state, ())) <= {"waitlisted"}


def plan(**given):
    facts = {
        "starts_at": AT + 30 * DAY,
        "ends_at": AT + 30 * DAY + timedelta(hours=7),
        "soft": AT + 5 * DAY,
        "hard": AT + 8 * DAY,
        "decision": AT + 10 * DAY,
        "reserved_until": None,
        "standstill": 3 * DAY,
        "stalls": 10,
        "pools": (Pool("total", 10),),
        "contact": "+62812",
        "place": "Halaman",
        "rubric": "2026-1",
    }
    return Plan(**(facts | given))


def test_a_sound_plan_has_no_problems():
    assert plans.impossible(plan(), AT) == {}


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"hard": AT + 4 * DAY}, "hard", "before_soft"),
        ({"decision": AT + 7 * DAY}, "decision", "before_hard"),
        ({"decision": AT + 30 * DAY}, "decision", "after_start"),
        ({"decision": AT + 28 * DAY}, "standstill", "no_time"),
        ({"soft": AT}, "soft", "past"),
        ({"starts_at": AT - DAY}, "day", "past"),
        ({"soft": None}, "soft", "missing"),
        ({"contact": ""}, "contact", "missing"),
        ({"pools": ()}, "total", "missing"),
        ({"pools": (Pool("total", 21),)}, "total", "beyond_stalls"),
        ({"pools": (Pool("total", 9), Pool("food", 10))}, "food", "beyond_hall"),
        ({"pools": (Pool("total", 9), Pool("first_timer", 4, "reserved"))}, "reserved_until", "missing"),
    ],
)
def test_what_cannot_be_is_named(given, field, why):
    assert plans.impossible(plan(**given), AT)[field] == why


def test_time_moves_a_bazaar_at_read_time():
    hard, start, close = AT + DAY, AT + 3 * DAY, AT + 4 * DAY

    assert [rules.state_at("open_call", hard, start, close, AT + each * DAY) for each in (0, 1)] == [
        "open_call",
        "curation",
    ]
    assert [rules.state_at("published", hard, start, close, AT + each * DAY) for each in (2, 3, 4)] == [
        "published",
        "running",
        "closed",
    ]
