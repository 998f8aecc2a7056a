"""Cells of a list of families, read the way offices write them. Pure: no database, no clock; reasons are codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.core.sheets import Flaw, Value
from app.kit import nik as numbers
from app.kit import phone, quantities, text
from app.kit.periods import MONTHS, SHORT_MONTHS
from app.kit.rupiah import MOST, Rupiah
from app.kit.unclear import Unclear
from app.people.families.rules import MOST_SIZE

PROGRAMS: Final = {"pkh": "pkh", "uep": "uep"}
EXITS: Final = {
    "mandiri": "self_reliant", "sejahtera mandiri": "self_reliant", "graduasi mandiri": "self_reliant",
    "alamiah": "natural", "graduasi alamiah": "natural", "paksa": "administrative",
    "administratif": "administrative", "tidak tahu": "unknown", "tidak diketahui": "unknown",
}  # fmt: skip
YES, NO = {"ya", "y", "iya", "mau", "1", "true", "x", "v"}, {"tidak", "t", "tdk", "no", "n", "0", "false", "-"}
SEXES: Final = {
    "l": "m",
    "lk": "m",
    "laki laki": "m",
    "pria": "m",
    "p": "f",
    "pr": "f",
    "perempuan": "f",
    "wanita": "f",
}
LONGEST: Final = {"name": 120, "address": 300, "makes": 80}
ROUNDED_FROM: Final = 10**15
_SERIAL_ZERO: Final = date(1899, 12, 30)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_IN_WORDS: Final = re.compile(r"(\d{1,2})\s+([a-z]+)\.?\s+(\d{4})")
_MONTHS: Final = {word.lower(): at for words in (MONTHS, SHORT_MONTHS) for at, word in enumerate(words, 1)}


class Wrong(Exception):
    """A cell that cannot be taken; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plain(word: object) -> str:
    """Return the word of a head or an answer without case, signs and doubled spaces.

    >>> plain(" Kepala  Keluarga (L/P) "), plain("No. KK")
    ('kepala keluarga l p', 'no kk')
    """
    return " ".join(re.findall(r"[a-z0-9]+", str(word).lower()))


def read_cell(column: str, cell: Value) -> Any:
    """Read one cell of a column; None when it says nothing.

    Raises:
        Wrong: with the reason.
    """
    if isinstance(cell, Flaw):
        raise Wrong(cell.value)
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    return _READERS[column](cell)


def _number(read: Callable[[str], str]) -> Callable[[Value], str]:
    def reader(cell: Value) -> str:
        # A number cell of 16 digits has lost its last one: spreadsheets keep fifteen.
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= ROUNDED_FROM:
            raise Wrong("rounded")
        try:
            return read(_said(cell).removeprefix("'"))
        except Unclear as unclear:
            raise Wrong(unclear.code) from None

    return reader


def _said(cell: Value) -> str:
    """Return a cell as text; a number without its empty decimals.

    >>> _said(81290007001.0), _said(2.5)
    ('81290007001', '2.5')
    """
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _line(column: str) -> Callable[[Value], str | None]:
    def reader(cell: Value) -> str | None:
        found = text.clean_line(_said(cell))
        if len(found) > LONGEST[column]:
            raise Wrong("long")
        if column == "name" and (not text.has_letters(found) or len(found) < 2):
            raise Wrong("letters")
        return found or None

    return reader


def _phone(cell: Value) -> str:
    try:
        return phone.normalise(_said(cell).removeprefix("'"))
    except Unclear:
        raise Wrong("phone") from None


def _count(least: int, most: int) -> Callable[[Value], int]:
    def reader(cell: Value) -> int:
        try:
            found = quantities.parse_count(_said(cell))
        except Unclear:
            raise Wrong("count") from None
        if not least <= found <= most:
            raise Wrong("range")
        return found

    return reader


def _choice(known: Mapping[str, str], reason: str) -> Callable[[Value], str]:
    def reader(cell: Value) -> str:
        found = known.get(plain(_said(cell)))
        if found is None:
            raise Wrong(reason)
        return found

    return reader


def _yes(cell: Value) -> bool:
    if isinstance(cell, bool):
        return cell
    word = plain(_said(cell)) or "-"
    if word not in YES | NO:
        raise Wrong("yes")
    return word in YES


def _money(cell: Value) -> Rupiah:
    try:
        if isinstance(cell, int | float) and 0 <= cell <= MOST and cell == int(cell):
            return Rupiah(int(cell))
        return Rupiah.parse(_said(cell))
    except (ValueError, OverflowError):
        raise Wrong("money") from None


def read_day(cell: Value) -> date:
    """Read a day in any way an office writes it; a year alone is its first day.

    Raises:
        Wrong: no calendar has it.

    >>> {str(read_day(each)) for each in ("1/3/2021", "2021-03-01", "1 Maret 2021", "01-03-2021", 44256.0)}
    {'2021-03-01'}
    >>> str(read_day("2021")), str(read_day(2021.0))
    ('2021-01-01', '2021-01-01')
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = _said(cell).strip().lower().removeprefix("'")
    try:
        return _day_of(said)
    except (ValueError, OverflowError):
        raise Wrong("date") from None


def _day_of(said: str) -> date:
    if said.isascii() and said.isdigit():
        number = int(said)
        if 1900 <= number <= 2200:
            return date(number, 1, 1)
        if 20_000 <= number <= 80_000:
            return _SERIAL_ZERO + timedelta(days=number)
        raise ValueError(said)
    said = re.sub(r"[t ]\d\d:\d\d.*$", "", said)
    if found := _DAY_FIRST.fullmatch(said):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := _YEAR_FIRST.fullmatch(said):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if (found := _IN_WORDS.fullmatch(said)) and found[2] in _MONTHS:
        return date(int(found[3]), _MONTHS[found[2]], int(found[1]))
    raise ValueError(said)


def _program(cell: Value) -> str:
    return PROGRAMS.get(plain(_said(cell)), "other")


_READERS: Final[dict[str, Callable[[Value], Any]]] = {
    "nik": _number(numbers.parse),
    "kk": _number(numbers.parse_kk),
    "name": _line("name"),
    "phone": _phone,
    "desa": lambda cell: text.clean_line(_said(cell))[:120],
    "kecamatan": lambda cell: text.clean_line(_said(cell))[:120],
    "address": _line("address"),
    "size": _count(1, MOST_SIZE),
    "head_sex": _choice(SEXES, "sex"),
    "program": _program,
    "started_on": read_day,
    "ended_on": read_day,
    "exit_kind": _choice(EXITS, "exit"),
    "monthly_aid": _money,
    "desil": _count(1, 10),
    "desil_as_of": read_day,
    "wants_to_sell": _yes,
    "makes": _line("makes"),
}
