"""Identity numbers (NIK) and family-card numbers (KK): read from what people type, shown masked.

A NIK is 6 digits of the region of first registration, 6 of the day of birth (day + 40 for women) and 4 of a serial.
It lasts for life, so an older region code is no mistake; and since birth and sex can be read from it, it is never
shown whole without a reason.

Source: spec/domain.md 4.1 and 6.2.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from app.kit import digits
from app.kit.unclear import Unclear

LENGTH: Final = 16
_FEMALE: Final = 40
_DECORATION: Final = re.compile(r"[\s.'’`´\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff]")
_IN_TEXT: Final = re.compile(r"(?<![0-9A-Za-z])\d{4}[ .\-]?\d{4}[ .\-]?\d{4}[ .\-]?\d{4}(?![0-9A-Za-z])")
_SCIENTIFIC: Final = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")


class UnreadableNumber(Unclear):
    """Typed text that is no 16-digit number.

    Codes: `empty`, `rounded` (a spreadsheet made a power of ten of it), `not_digits`, `length`, `birth` (a NIK whose
    day of birth no calendar has).
    """


def parse_kk(text: str) -> str:
    """Read the number of a family card.

    Raises:
        UnreadableNumber: with a code that says why.

    >>> parse_kk(" 3604 2701 0119 0001 ")
    '3604270101190001'
    """
    typed = digits.plain(text).strip()
    if not typed:
        raise UnreadableNumber("empty")
    if _SCIENTIFIC.fullmatch(typed.replace(" ", "")):
        raise UnreadableNumber("rounded")
    found = _DECORATION.sub("", typed)
    if not (found.isascii() and found.isdigit()):
        raise UnreadableNumber("not_digits")
    if len(found) != LENGTH:
        raise UnreadableNumber("length")
    return found


def parse(text: str) -> str:
    """Read a NIK; whether its region is known is another question, and never a refusal.

    Raises:
        UnreadableNumber: with a code that says why.

    >>> parse("3604.2741.0180.0001")
    '3604274101800001'
    """
    nik = parse_kk(text)
    if not _has_birthday(nik):
        raise UnreadableNumber("birth")
    return nik


def is_number(stored: str) -> bool:
    """Tell whether a stored text is a 16-digit number as these readers leave it.

    >>> is_number("3604274101800001"), is_number("3604 2741")
    (True, False)
    """
    return len(stored) == LENGTH and stored.isascii() and stored.isdigit()


def region_of(nik: str) -> str:
    """Return the dotted kecamatan of first registration, as it was numbered then.

    >>> region_of("3604274101800001")
    '36.04.27'
    """
    return ".".join((nik[:2], nik[2:4], nik[4:6]))


def has_serial(nik: str) -> bool:
    """Tell whether the serial is one that is given out: they begin with 0001.

    >>> has_serial("3604274101800000")
    False
    """
    return nik[-4:] != "0000"


def mask(number: str) -> str:
    """Hide all but the first four and the last two digits.

    >>> mask("3604274101800001")
    '3604**********01'
    """
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}"


def found_in(text: str) -> list[str]:
    """Find what may be a NIK or KK: sixteen digits that stand alone, however they are grouped.

    >>> found_in("NIK 3604 0123 4567 0001, halal ID36110000123450925")
    ['3604 0123 4567 0001']
    """
    return _IN_TEXT.findall(text)


def hide_in(text: str) -> str:
    """Mask what may be a NIK or KK inside a text; of a text that is nothing else, nothing is left.

    >>> hide_in("NIK 3604 0123 4567 0001, ya"), hide_in(" 3604012345670001"), hide_in("12 kotak")
    ('NIK 3604*************01, ya', '', '12 kotak')
    """
    try:
        parse_kk(text)
    except UnreadableNumber:
        return _IN_TEXT.sub(lambda found: mask(found[0]), text)
    return ""


def _has_birthday(nik: str) -> bool:
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    day -= _FEMALE if day > _FEMALE else 0
    # The century is not written; a leap day counts if either century has it.
    return any(_is_day(century + year, month, day) for century in (1900, 2000))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
