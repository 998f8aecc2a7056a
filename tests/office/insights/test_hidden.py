"""Closed cells stay closed: whoever has all that is shown, and the rule itself, can tell none of them."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.office.insights import rules
from app.office.insights.rules import LEAST, hidden

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=8).map(
    lambda found: {str(n): count for n, count in enumerate(found)}
)
MOST = 13


def only_the_small_ones(people, **_how):
    """The twin: closes what is small and forgets what stands beside it."""
    return frozenset(key for key, count in people.items() if 0 < count < LEAST)


def differences(people, kept):
    """Return every sum over people that the shown cells and the total give: each shown cell, and the rest."""
    shown = {key: count for key, count in people.items() if key not in kept}
    rest = sum(people.values()) - sum(shown.values())
    return [*shown.values(), rest]


@given(COUNTS)
def test_no_difference_of_what_is_shown_is_a_sum_over_few(people):
    if rules.too_few(sum(people.values())):
        return  # then the total is closed too, and there is nothing to take off

    kept = hidden(people)

    assert all(count == 0 or count >= LEAST for count in differences(people, kept))
    assert len(kept) != 1


def told_cells(rule, cells, most):
    """Return the tables in which an attacker who knows the rule can tell a closed cell for certain."""
    seen = defaultdict(list)
    for counts in product(range(most), repeat=cells):
        people = {str(n): count for n, count in enumerate(counts)}
        total = sum(counts)
        if rules.too_few(total) or total >= most:
            continue  # a table with a larger total has readings that this list does not hold
        kept = rule(people)
        seen[total, tuple((key, people[key]) for key in people if key not in kept)].append((people, kept))
    found = []
    for readings in seen.values():
        people, kept = readings[0]
        found += [people for key in kept if len({each[key] for each, _ in readings}) == 1]
    return found


@pytest.mark.parametrize("cells", [2, 3, 4])
def test_who_knows_the_rule_can_still_tell_no_closed_cell(cells):
    assert told_cells(hidden, cells, MOST) == []


def test_a_rule_that_forgets_the_neighbours_is_found_out():
    assert told_cells(only_the_small_ones, 3, MOST) != []


@given(st.lists(st.sets(st.integers(0, 11), max_size=9), min_size=1, max_size=6))
def test_sellers_in_several_channels_are_not_counted_twice(sellers):
    people = {str(n): len(found) for n, found in enumerate(sellers)}
    everybody = set().union(*sellers)
    if rules.too_few(len(everybody)):
        return

    kept = hidden(people, overlap=True)
    behind = set().union(*(found for n, found in enumerate(sellers) if str(n) in kept))

    assert not kept or len(behind) >= LEAST
    assert all(count == 0 or count >= LEAST for key, count in people.items() if key not in kept)


def test_counted_as_if_nobody_stood_twice_two_small_channels_would_open_three_sellers():
    people = {"online": 12, "bazaar": 3, "manual": 3}

    assert hidden(people) == {"bazaar", "manual"}
    assert hidden(people, overlap=True) == {"online", "bazaar", "manual"}


def test_a_table_of_many_is_shown_whole_and_an_empty_cell_is_no_secret():
    assert hidden({"a": 5, "b": 0, "c": 90}) == frozenset()
    assert hidden({}) == frozenset()
