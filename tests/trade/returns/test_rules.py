"""The table of complaints: nobody waits for ever, and no act leaves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.trade.returns import rules

NOON = datetime(2026, 12, 5, 12, tzinfo=UTC)
SPECIFIED = {
    ("", "opened", "buyer"), ("opened", "answered", "seller"), ("opened", "resolved_none", "seller"),
    ("answered", "resolved_replace", "seller"), ("answered", "resolved_refund", "seller"),
    ("resolved_none", "escalated", "buyer"), ("escalated", "closed_by_facilitator", "facilitator"),
    ("opened", "closed_by_facilitator", "facilitator"), ("answered", "closed_by_facilitator", "facilitator"),
}  # fmt: skip


def test_the_table_is_the_one_of_the_specification():
    assert {(step.before, step.after, step.who) for step in rules.STEPS} == SPECIFIED
    assert {step.after for step in rules.STEPS} == set(rules.STATES)


@pytest.mark.parametrize("state", rules.STATES)
def test_each_state_has_ended_or_has_a_clock_and_a_way_on(state):
    into = [step for step in rules.STEPS if step.after == state]
    out = [step for step in rules.STEPS if step.before == state]

    assert all(bool(step.starts) == (state not in rules.ENDS) for step in into)
    assert bool(out) == (state not in rules.ENDS)
    assert not rules.is_over(state, NOON, NOON - timedelta(hours=1)) or state in rules.ENDS


def test_what_nobody_objects_to_in_time_is_over_and_what_waits_for_the_seller_is_not():
    late = NOON + timedelta(seconds=1)

    assert rules.is_over("resolved_none", NOON, late)
    assert not rules.is_over("opened", NOON, late)
    assert rules.find_step("escalate", "resolved_none", late=True) is None
    assert rules.find_step("close", "answered", late=False) is None
