"""What happened to families."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A family agreed to one purpose."""

    kpm_id: int
    purpose: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A family took an agreement back; it holds from that moment, whoever hears this."""

    kpm_id: int
    purpose: str
