"""The one clock: everything that asks for the time asks here."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.kit.periods import zone_named


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """Return the calendar day in a zone."""
    return here(zone).date()


def here(zone: str) -> datetime:
    """Return the present moment as the clocks of a zone show it."""
    return zone_named(zone).local(now())
