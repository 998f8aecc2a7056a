"""What happened to requests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonErased:
    """Somebody was erased: the rows are bare, and the commit stands."""

    request_id: int
