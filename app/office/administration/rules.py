"""What settings of one save must agree on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def clash(values: Mapping[str, Any]) -> str | None:
    """Return the key of a setting that contradicts another of the same save, or None.

    >>> clash({"clock.night_from": 7, "clock.night_until": 7})
    'clock.night_until'
    >>> clash({"clock.refund_days": 7, "clock.refund_late_days": 7})
    'clock.refund_late_days'
    """
    if "clock.night_from" in values and values["clock.night_from"] == values.get("clock.night_until"):
        return "clock.night_until"
    if "clock.refund_days" in values and values["clock.refund_days"] >= values.get("clock.refund_late_days", 0):
        return "clock.refund_late_days"
    return None
