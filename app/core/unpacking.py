"""What a workbook must pass before a library opens it: unpacked within limits, and no cell that would cost too much.

The library builds every row and column before the last cell, and a copy of a word for each cell that names it. So cells
are read here first, in the few ways in which offices' programs write them; whatever is written in another way, where
the library might find something else than we do, is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from enum import Enum
from html import unescape

from app.core.errors import DomainError
from app.core.i18n import _l

MOST_ROWS, MOST_COLUMNS = 20_000, 60
MOST_CELLS = 2 * MOST_ROWS * MOST_COLUMNS
MOST_UNPACKED = 96 * 1024 * 1024
CHUNK = 1024 * 1024

# Each of these stops at the next tag, so that none reads a part more than once however it was written.
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*?)(?:/>|>(?:\s*<(?:\w+:)?(f)\b[^<>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?"
    rb"(?:\s*<(?:\w+:)?v>(\d{1,9})<)?)"
)
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*?)/?>")
_TIDY = re.compile(rb"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*""")
_ADDRESS = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
_SAYS_WHERE = re.compile(rb"\sr\s*=")
_SHARED = re.compile(rb"""\st\s*=\s*["']s["']""")
_BROKEN = re.compile(rb"""\st\s*=\s*["']e["']""")
_WORD_ENDS = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\b[^<>]*/>")
_TAG = re.compile(rb"<(?:\w+:)?(sheet|Relationship)\b([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""(?<![\w:])([\w:]+)\s*=\s*["']([^"']*)["']""")
_WORDS = "xl/sharedStrings.xml"
_READ = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", _WORDS)
_OTHER_KINDS = {"content.xml", "mimetype", "xl/workbook.bin"}
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class NotATable(DomainError):
    """The file is of another kind, or broken."""

    status = 400
    text = _l("File ini bukan tabel XLSX atau CSV yang bisa dibaca. Simpan ulang sebagai XLSX, lalu unggah lagi.")


class TooManyRows(DomainError):
    """More rows than one upload may have."""

    status = 413
    text = _l("Barisnya terlalu banyak. Paling banyak %(most)s baris sekali unggah; bagi jadi beberapa file.")


class Bloated(DomainError):
    """Unpacked, the file is far larger than any list."""

    status = 413
    text = _l("Isi file ini terlalu besar untuk sebuah daftar.")


class Flaw(Enum):
    """Why a cell has no value that can be trusted."""

    FORMULA = "formula"
    MERGED = "merged"
    BROKEN = "broken"


Flaws = dict[tuple[int, int], Flaw]


def inspect(data: bytes) -> Flaws:
    """Return the cells of the first sheet that are calculated or broken, by row and column from 0.

    Raises:
        NotATable: it is no workbook, or written in a way in which none is.
        TooManyRows, Bloated: reading it would need more room than any list takes.
    """
    parts = _unpacked(data)
    lengths = _lengths(parts.get(_WORDS, b""))
    try:
        first = _first_sheet(parts)
        found = {name: _flaws(part, lengths) for name, part in parts.items() if name == first or b"sheetData" in part}
        return found[first]
    except (KeyError, ValueError):
        raise NotATable from None


def refuse_hoard(count: int) -> None:
    """Refuse more things than a full list has cells.

    Raises:
        Bloated: there are.
    """
    if count > MOST_CELLS:
        raise Bloated


def _unpacked(data: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook, unpacked within the limit."""
    left, parts = MOST_UNPACKED, {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for each in archive.infolist():
                if each.compress_type not in _PACKINGS or each.filename.casefold() in _OTHER_KINDS:
                    raise NotATable
                parts[each.filename] = _unpack(archive, each, left)
                left -= len(parts[each.filename])
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, RuntimeError, EOFError, OSError):
        raise NotATable from None
    if any(b"<!" in part for name, part in parts.items() if name in _READ or b"sheetData" in part):
        raise NotATable  # a comment may hide what we count; no office's program writes one
    return parts


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    pieces, size = [], 0
    with archive.open(part) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > left:
                raise Bloated
            pieces.append(piece)
    return b"".join(pieces)


def _first_sheet(parts: Mapping[str, bytes]) -> str:
    """Name the part that holds the first sheet, as the book's own list says."""
    sheets = [_attributes(found[2]) for found in _TAG.finditer(parts["xl/workbook.xml"]) if found[1] == b"sheet"]
    links = [_attributes(found[2]) for found in _TAG.finditer(parts["xl/_rels/workbook.xml.rels"])]
    wanted = next((value for name, value in sheets[0].items() if name.endswith(":id")), "") if sheets else ""
    target = next((link["Target"] for link in links if link.get("Id") == wanted), "")
    return target.removeprefix("/") if target.startswith("/xl/") else f"xl/{target}"


def _attributes(text: bytes) -> dict[str, str]:
    return {name.decode(): unescape(value.decode()) for name, value in _ATTRIBUTE.findall(text)}


def _flaws(xml: bytes, lengths: Sequence[int]) -> Flaws:
    refuse_hoard(xml.count(b"mergeCell ") * MOST_COLUMNS)
    longest, left = max(lengths, default=0), MOST_UNPACKED
    flaws: Flaws = {}
    somewhere = False
    for found in _CELL.finditer(xml):
        if not _TIDY.fullmatch(found[1]):
            raise NotATable
        if found[0].endswith(b"/>") and not found[2]:
            continue  # dressed, but empty
        if _SHARED.search(found[1]):
            index = int(found[3]) if found[3] else len(lengths)
            left -= lengths[index] if index < len(lengths) else longest
        row, column = _place(found[1])
        somewhere = somewhere or not row
        _refuse_far(row, column, left)
        if found[2]:
            flaws[row - 1, column - 1] = Flaw.FORMULA
        elif _BROKEN.search(found[1]):
            flaws[row - 1, column - 1] = Flaw.BROKEN
    if somewhere:
        _refuse_far_rows(xml)
    return flaws


def _lengths(words: bytes) -> list[int]:
    """Return how long each shared word is."""
    ends = [found.end() for found in _WORD_ENDS.finditer(words)]
    refuse_hoard(len(ends))
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]


def _place(attributes: bytes) -> tuple[int, int]:
    """Return row and column from 1 as a cell says them; (0, 0) when it only follows the one before."""
    found = _ADDRESS.search(attributes)
    if found is not None and found[1]:
        return int(found[2]), _column(found[1].upper())
    if _SAYS_WHERE.search(attributes):
        raise NotATable
    return 0, 0


def _refuse_far(row: int, column: int, left: int) -> None:
    if row > 2 * MOST_ROWS:
        raise TooManyRows(most=f"{MOST_ROWS:,}".replace(",", "."))
    if column > MOST_COLUMNS or left < 0:
        raise Bloated


def _refuse_far_rows(xml: bytes) -> None:
    """Refuse a row far away: cells without an address stand where their row says."""
    for found in _ROW.finditer(xml):
        where = _ADDRESS.search(found[1])
        if not _TIDY.fullmatch(found[1]) or (where is None and _SAYS_WHERE.search(found[1])):
            raise NotATable
        if where is not None:
            _refuse_far(int(where[2]), 1, 0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
