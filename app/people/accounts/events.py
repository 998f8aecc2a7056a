"""What happened to accounts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A person took an agreement back; it holds from that moment, whoever hears this."""

    account_id: int
    purpose: str
