"""The books: every room that keeps one registers a recomputation, and `flask verify` runs them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A row that its book contradicts."""

    table: str
    row: object
    why: str

    def __str__(self) -> str:
        """Return one line for the operator."""
        return f"{self.table} {self.row}: {self.why}"


Check = Callable[[], list[Finding]]
_checks: dict[str, Check] = {}


def book(name: str) -> Callable[[Check], Check]:
    """Register a check; the name is what the operator reads."""

    def attach(check: Check) -> Check:
        _checks[name] = check
        return check

    return attach


def verify(*names: str) -> Iterator[tuple[str, list[Finding]]]:
    """Recompute every book from its rows, or those that are named."""
    for name in sorted(names or _checks):
        yield name, _checks[name]()
