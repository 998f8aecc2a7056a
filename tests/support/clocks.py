"""Time in tests: periodic work that begins as in a new process, and a day that lasts as long as a run."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import time
from typing import Any

import time_machine

from app.core import jobs
from app.core.clock import today
from app.kit.periods import WIB

# The day on which this process began. What is reckoned from it while tests are gathered holds at its noon.
TODAY = today(WIB.name)


def rewind() -> None:
    """Forget when the periodic work was done last."""
    for clock in jobs._clocks.values():
        clock.ran = None


def noon() -> AbstractContextManager[Any]:
    """Let the clock go on from noon of that day, so that no midnight comes between a sum and its test."""
    return time_machine.travel(WIB.at(TODAY, time(12)))
