"""Sharing a quantity: nothing is made up, nobody is asked for more than she has, and as few as can be are asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.trade.offices import rules
from app.trade.offices.rules import Want, share

ROOMS = st.dictionaries(st.integers(1, 9), st.integers(-5, 300), max_size=9)
WANTS = st.lists(
    st.builds(
        Want,
        st.integers(1, 9),
        st.integers(1, 400),
        st.lists(st.integers(1, 9), max_size=8, unique=True).map(tuple),
    ),
    min_size=1,
    max_size=4,
)


def able(want, room):
    return {want.variant_id, *want.others} & {each for each, units in room.items() if units > 0}


@given(WANTS, ROOMS)
def test_nobody_gives_more_than_she_has_and_nobody_gets_more_than_is_wanted(wants, room):
    shares = share(wants, room)

    assert len(shares) == len(wants)
    for want, given_ in zip(wants, shares, strict=True):
        assert sum(given_.values()) <= want.qty
        assert all(units > 0 for units in given_.values())
        assert set(given_) <= able(want, room)
    for variant_id in room:
        assert sum(each.get(variant_id, 0) for each in shares) <= max(0, room[variant_id])


@given(WANTS, ROOMS)
def test_something_is_missing_only_when_all_that_could_help_are_empty(wants, room):
    shares = share(wants, room)
    left = {each: max(0, units) - sum(given_.get(each, 0) for given_ in shares) for each, units in room.items()}
    for want, given_ in zip(wants, shares, strict=True):
        if sum(given_.values()) < want.qty:
            assert not any(left[each] for each in able(want, room))


@given(st.integers(1, 400), st.lists(st.integers(0, 300), max_size=7))
def test_who_was_asked_gives_first_and_one_helper_is_taken_before_several(qty, helpers):
    room = {1: 50} | dict(enumerate(helpers, 2))
    (given_,) = share([Want(1, qty, tuple(room)[1:])], room)

    assert given_[1] == min(50, qty)
    if any(units >= qty - 50 for units in helpers) and qty > 50:
        assert len(given_) == 2
    rest = sorted(helpers, reverse=True)
    fewest = next((n for n in range(len(rest) + 1) if 50 + sum(rest[:n]) >= qty), None)
    if fewest is not None:
        assert len(given_) - 1 == fewest


def test_the_first_who_can_give_the_whole_rest_does_and_of_several_whoever_has_most():
    assert share([Want(1, 120, (2, 3, 4))], {1: 80, 2: 30, 3: 40, 4: 90}) == [{1: 80, 3: 40}]
    assert share([Want(1, 120, (2, 3, 4))], {1: 80, 2: 10, 3: 25, 4: 20}) == [{1: 80, 3: 25, 4: 15}]


@given(WANTS, ROOMS)
def test_the_same_question_has_the_same_answer(wants, room):
    assert share(wants, room) == share(list(wants), dict(room))


def test_what_was_asked_of_one_is_not_given_away_to_help_another():
    assert share([Want(1, 10, (2,)), Want(2, 10)], {1: 5, 2: 12}) == [{1: 5, 2: 2}, {2: 10}]


def test_a_stamp_belongs_on_a_receipt_above_the_amount_of_the_law_alone():
    assert rules.needs_stamp("receipt", 5_000_001, 5_000_000)
    assert not rules.needs_stamp("receipt", 5_000_000, 5_000_000)
    assert not rules.needs_stamp("bill", 9_000_000, 5_000_000)
