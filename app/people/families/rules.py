"""What follows for families: who works with them, how dates of programmes lie, which reasons open a number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

SEES: Final = frozenset({"caseworker", "approver", "pendamping"})
ASKS: Final = frozenset({"caseworker", "pendamping"})
WORDING: Final = "2026-11"
"""Version of the sentences that families agree to (`words.CONSENTS`)."""
REASONS: Final = ("verify", "correct", "aid", "letter", "asked", "other")
SECRETS: Final = ("nik", "kk")
PSEUDONYM_LENGTH: Final = 7
MOST_SIZE: Final = 30
FIRST_DAY: Final = date(1990, 1, 1)
"""Older dates of a programme are slips of the pen: PKH began in 2007, its forerunners in the nineties."""


def overlaps(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Tell whether two spans share a day; both ends belong to a span, None is open.

    >>> may, june, july = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
    >>> overlaps((may, june), (june, None)), overlaps((may, june), (july, None)), overlaps((june, None), (may, None))
    (True, False, True)
    """
    return (one[1] is None or other[0] <= one[1]) and (other[1] is None or one[0] <= other[1])


def free(span: tuple[date, date | None], taken: Iterable[tuple[date, date | None]]) -> bool:
    """Tell whether a span shares no day with any other.

    >>> free((date(2026, 5, 1), None), [(date(2025, 1, 1), date(2026, 4, 30))])
    True
    """
    return not any(overlaps(span, each) for each in taken)


def is_open(span: tuple[date, date | None], day: date) -> bool:
    """Tell whether a day lies in a span.

    >>> is_open((date(2026, 5, 1), None), date(2026, 5, 1)), is_open((date(2026, 5, 1), None), date(2026, 4, 30))
    (True, False)
    """
    return span[0] <= day and (span[1] is None or day <= span[1])
