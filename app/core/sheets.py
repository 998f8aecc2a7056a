"""Spreadsheets: tables written so that no cell of them runs as a formula, and tables that people send, read with care.

What is read is a stranger's: it is unpacked within limits before any library opens it, it is never calculated, and a
cell whose value cannot be trusted (a formula, a merged cell, an error) comes back as a `Flaw` instead of a value.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from app.core import optional, unpacking
from app.core.unpacking import MOST_COLUMNS as MOST_COLUMNS
from app.core.unpacking import MOST_ROWS as MOST_ROWS
from app.core.unpacking import MOST_UNPACKED as MOST_UNPACKED
from app.core.unpacking import Bloated as Bloated
from app.core.unpacking import Flaw as Flaw
from app.core.unpacking import NotATable as NotATable
from app.core.unpacking import TooManyRows as TooManyRows
from app.kit.rupiah import Rupiah
from app.kit.text import FORMULA_SIGNS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
WIDEST = 48
Cell = str | int | float | date | datetime | Rupiah | None


@dataclass(frozen=True)
class Sheet:
    """One table: its name (at most 31 signs), the words above its columns, and its rows."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def harmless(text: str) -> str:
    """Return text that no spreadsheet program takes for a formula.

    Source: spec/security.md 13.

    >>> harmless("=1+1"), harmless("Telur asin")
    ("'=1+1", 'Telur asin')
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def write_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook. Long numbers such as a NIK are given as text and stay whole; moments are written in UTC."""
    buffer = io.BytesIO()
    book = optional.load("xlsxwriter").Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold, money = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": '"Rp"#,##0'})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        for column, word in enumerate(sheet.head):
            page.set_column(column, column, min(max(len(word) + 2, 12), WIDEST))
            page.write_string(0, column, word, bold)
        for row, cells in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(cells):
                _write(page, row, column, cell, money, day)
    book.close()
    return buffer.getvalue()


def _write(page: Any, row: int, column: int, cell: Cell, money: Any, day: Any) -> None:
    if isinstance(cell, Rupiah):
        page.write_number(row, column, cell.amount, money)
    elif isinstance(cell, datetime):
        page.write_string(row, column, cell.isoformat(timespec="minutes"))
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, day)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell)
    elif cell is not None:
        page.write_string(row, column, harmless(cell))


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as CSV with a byte-order mark, so that office programs read its letters right."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(head)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | int | float:
    if isinstance(cell, Rupiah):
        return cell.amount
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell) if isinstance(cell, str) else "" if cell is None else cell


DELIMITERS = ";,\t|"
Value = str | int | float | bool | date | Flaw | None
Line = tuple[int, list[Value]]


def read_rows(data: bytes, most: int = MOST_ROWS) -> Iterator[Line]:
    """Yield (line number, cells) of the first sheet of an XLSX, or of a CSV, without its empty lines.

    Raises:
        NotATable: it is neither, or broken.
        Bloated: it unpacks to more than a list ever needs.
        TooManyRows: it has more than `most` lines with something in them.
    """
    return open_rows(data, most)()


def open_rows(data: bytes, most: int = MOST_ROWS) -> Callable[[], Iterator[Line]]:
    """Open a table once; each call yields its lines anew, one at a time, so that nobody has to hold them all.

    Raises:
        NotATable, Bloated, TooManyRows: as `read_rows`, some of them only while lines are taken.
    """
    lines = _xlsx_lines(data) if data.startswith(b"PK") else partial(_csv_lines, data)
    return lambda: _filled(lines(), most)


def _filled(lines: Iterator[Line], most: int) -> Iterator[Line]:
    """Leave empty lines out, and count the others."""
    found = 0
    for number, cells in lines:
        if all(cell in (None, "") for cell in cells):
            continue
        found += 1
        if found > most:
            raise TooManyRows(most=f"{most:,}".replace(",", "."))
        yield number, cells


def _xlsx_lines(data: bytes) -> Callable[[], Iterator[Line]]:
    flaws = unpacking.inspect(data)
    rows, start, merged = _opened(data)
    unpacking.refuse_hoard(sum((bottom - top + 1) * (right - left + 1) for (top, left), (bottom, right) in merged))
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom, 2 * MOST_ROWS) + 1):
            flaws |= {(row, column): Flaw.MERGED for column in range(left, min(right, MOST_COLUMNS) + 1)}

    def lines() -> Iterator[Line]:
        for number, cells in enumerate(rows()):
            found = (flaws.get((number, at + start), cell) for at, cell in enumerate(cells))
            yield number + 1, [*[None] * start, *found]

    return lines


def _opened(data: bytes) -> tuple[Callable[[], Iterator[list[Any]]], int, list[Any]]:
    """Return what yields the rows of the first sheet, the column they begin in, and what is merged."""
    reader = optional.load("python_calamine")
    with _one_meaning():
        sheet = reader.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        start, merged = sheet.start[1] if sheet.start else 0, sheet.merged_cell_ranges or []

    def rows() -> Iterator[list[Any]]:
        with _one_meaning():
            yield from sheet.iter_rows()

    return rows, start, merged


@contextmanager
def _one_meaning() -> Iterator[None]:
    """Say of whatever the reader stumbles over that the file is no table."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:  # noqa: BLE001 - the reader has many errors, even a panic, and one meaning for us
        raise NotATable from None


def _csv_lines(data: bytes) -> Iterator[Line]:
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.startswith("<"):
        raise NotATable
    delimiter = max(DELIMITERS, key=first.count)
    if re.fullmatch(r"sep=.", first):
        delimiter, text = first[-1], text.replace(first, "", 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise Bloated
            yield reader.line_num, [Flaw.FORMULA if cell.lstrip().startswith("=") else cell for cell in cells]
    except csv.Error:
        raise NotATable from None


def _decoded(data: bytes) -> str:
    """Read letters as the program that wrote them meant: a mark tells, else UTF-8, else Windows."""
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotATable
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(sign < " " and sign not in "\t\r\n\x0b\x0c" for sign in text[:4096]):
            break
        return text
    raise NotATable
