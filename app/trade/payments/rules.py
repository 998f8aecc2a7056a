"""What a seller's ways to be paid follow; no database, no clock."""

from __future__ import annotations

import re
from typing import Final

from app.kit import digits
from app.kit.rupiah import Rupiah
from app.kit.unclear import Unclear
from app.trade.orders.rules import COLLECTED

KINDS: Final = ("qris", "transfer")
METHOD_OF: Final = {"qris": "qris_seller", "transfer": "transfer_seller"}
KIND_OF: Final = {method: kind for kind, method in METHOD_OF.items()}
CASH: Final = COLLECTED
ACTS: Final = ("set", "off", "on")

# Source: spec/domain.md 5.2, unverified: the most that one payment by QRIS may be.
QRIS_MOST: Final = Rupiah(10_000_000)
TEST_AMOUNT: Final = Rupiah(1_000)
FEWEST_DIGITS, MOST_DIGITS = 6, 20
SHOWN_DIGITS: Final = 4
MOST_HOLDER: Final = 80
PROOF_DAYS: Final = 180
_DECORATION: Final = re.compile(r"[\s.\-–—/]")


class UnreadableAccount(Unclear):
    """Typed text that is no account number. Codes: `empty`, `not_digits`, `length`."""


def parse_account(text: str) -> str:
    """Read an account number as it stands in a bank book.

    Raises:
        UnreadableAccount: with a code that says why.

    >>> parse_account(" 0123-01-004567-53-9 ")
    '012301004567539'
    """
    typed = _DECORATION.sub("", digits.plain(text))
    if not typed:
        raise UnreadableAccount("empty")
    if not (typed.isascii() and typed.isdigit()):
        raise UnreadableAccount("not_digits")
    if not FEWEST_DIGITS <= len(typed) <= MOST_DIGITS:
        raise UnreadableAccount("length")
    return typed


def mask(number: str) -> str:
    """Hide all but the last digits of an account number.

    >>> mask("012301004567539")
    '···7539'
    """
    return f"···{number[-SHOWN_DIGITS:]}"


def spaced(number: str) -> str:
    """Part an account number so that eyes and fingers keep their place.

    >>> spaced("012301004567539")
    '0123 0100 4567 539'
    """
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def fits(method: str, total: Rupiah) -> bool:
    """Tell whether an amount can be paid in one payment this way.

    >>> fits("qris_seller", Rupiah(10_000_001)), fits("transfer_seller", Rupiah(10_000_001))
    (False, True)
    """
    return method != METHOD_OF["qris"] or total <= QRIS_MOST
