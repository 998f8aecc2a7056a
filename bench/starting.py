"""`make run` on a market that is filled: how soon it says that it serves, and what it works for that."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Final

import psutil
from serving import ROOT, UP_SECONDS, environment

if TYPE_CHECKING:
    from serving import Figures

PORT: Final = 8114
READY: Final = "siap di"


def run(figures: Figures) -> list[tuple[float, float]]:
    """Return (seconds by the clock, seconds of CPU) of each start."""
    return [_start(figures) for _round in range(figures.rounds)]


def _start(figures: Figures) -> tuple[float, float]:
    env = environment(figures, PORT=str(PORT))
    began = time.perf_counter()
    process = subprocess.Popen(
        ["make", "run"], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if READY in line:
                break
        else:
            raise SystemExit("make run did not start")
        taken = time.perf_counter() - began
        household = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        return taken, sum(sum(each.cpu_times()[:4]) for each in household)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(UP_SECONDS)
