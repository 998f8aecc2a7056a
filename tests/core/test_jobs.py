"""Periodic work: done when its time has come, whatever the machine's clock does meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.core import jobs
from tests.support import clocks

NOON = datetime(2026, 12, 5, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def runs(app, monkeypatch):
    """Register one hourly clock alone and return how often it has run."""
    found = []
    monkeypatch.setattr(jobs, "_clocks", {})
    jobs.every(3600, "hourly")(lambda: found.append(1))
    return found


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
