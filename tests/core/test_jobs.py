"""Periodic work: done when its time has come, whatever the machine's clock does meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.core import jobs
from tests.support import clocks

# What the worker does by itself, and how many seconds lie between: nothing may wait for ever because a clock was lost.
CLOCKWORK = {
    "audit-head": 86_400, "bazaars.keep_time": 60, "bazaars.mark": 3600, "ekatalog.clock": 3600,
    "families.phones": 3600, "family-lists": 3600, "goods-lists": 3600, "graduation.nightly": 3600,
    "keyring.turn": 60, "limits.sweep": 3600, "notices.carry": 5, "notices.forget": 3600, "offices.forget": 3600,
    "offices.papers": 300, "orders.expire": 30, "orders.forget-buyers": 3600, "payments.forget-proofs": 3600,
    "photo.sweep": 3600, "prepared-files": 3600, "returns.forget-photos": 3600, "sales.heal-nightly": 86_400,
    "shelf.heal-nightly": 86_400,
    "seller-cards": 3600, "stalls.remind": 3600, "stalls.unpack": 60, "tickets.forget": 3600,
}  # fmt: skip
NOON = datetime(2026, 12, 5, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def runs(app, monkeypatch):
    """Register one hourly clock alone and return how often it has run."""
    found = []
    monkeypatch.setattr(jobs, "_clocks", {})
    jobs.every(3600, "hourly")(lambda: found.append(1))
    return found


def test_every_clock_of_the_house_is_wound(app):
    assert {name: clock.every.total_seconds() for name, clock in jobs._clocks.items()} == CLOCKWORK


@pytest.mark.parametrize(
    ("later", "times"),
    [(HOUR / 2, 1), (HOUR, 2), (-HOUR / 2, 2), (timedelta(days=-1), 2)],
    ids=["too early", "in time", "the clock went back a little", "the clock went back a day"],
)
def test_a_clock_runs_when_its_time_has_come_or_time_went_back(runs, later, times):
    with time_machine.travel(NOON, tick=False):
        jobs.run_clocks()
    with time_machine.travel(NOON + later, tick=False):
        jobs.run_clocks()

    assert len(runs) == times


def test_rewound_clocks_run_at_once(runs):
    jobs.run_clocks()
    clocks.rewind()
    jobs.run_clocks()

    assert len(runs) == 2
