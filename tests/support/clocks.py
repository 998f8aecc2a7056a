"""Periodic work in tests: each begins as a new process does."""

from __future__ import annotations

from app.core import jobs


def rewind() -> None:
    """Forget when the periodic work was done last."""
    for clock in jobs._clocks.values():
        clock.ran = None
