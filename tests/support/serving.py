"""What gunicorn is told when it serves a test: it ends with the process that started it, even one that was killed."""

from __future__ import annotations

import ctypes
import signal
from typing import Any

PR_SET_PDEATHSIG = 1


def on_starting(server: Any) -> None:
    """Ask Linux to end this server with its parent, so that a killed test run leaves none behind."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
