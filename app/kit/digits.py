"""Digits of any script as 0-9, for the readers of prices, phones and counts."""

from __future__ import annotations

import unicodedata
from typing import Final

ROW_DIGITS: Final = 18
"""Every number of so many digits fits a row number of the database."""
VERSION_DIGITS: Final = 9
"""Versions are stored in 32 bits."""


def plain(text: str) -> str:
    """Fold compatibility forms, then turn every decimal digit into 0-9.

    Phone keyboards offer full-width, Arabic and Javanese digits. Fractions and
    superscripts are left alone: NFKC would turn "½" into "1⁄2" and "2²" into "22".

    >>> plain("１２.０００ ٢ ½")
    '12.000 2 ½'
    """
    return "".join(_plain_sign(sign) for sign in text)


def _plain_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if unicodedata.decomposition(sign).startswith(("<wide>", "<narrow>", "<noBreak>")):
        return unicodedata.normalize("NFKC", sign)
    return " " if sign.isspace() else sign


def whole(text: str, most: int = ROW_DIGITS) -> int | None:
    """Read a number as our own links and hidden fields write it, at most so many digits; None for anything else.

    >>> whole("12"), whole("-1"), whole("٢"), whole(""), whole("1000", most=3)
    (12, None, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most else None


def grouped(number: int) -> str:
    """Thousands with dots, as Indonesia writes them.

    >>> grouped(1284)
    '1.284'
    """
    return f"{number:,}".replace(",", ".")
