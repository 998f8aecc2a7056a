"""A file of families read line by line: its heads found, its numbers looked through, and no line held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.sheets import Line, open_rows
from app.people.families import lists
from app.people.families.lists import Entry

TITLE_LINES = 12


class NoHeads(DomainError):
    """No line looks like the head of a list."""

    status = 400
    text = _l("Judul kolomnya tidak ditemukan. Pakai contoh daftar: perlu NIK, Nama, Desa, dan Jumlah anggota.")


class MissingHeads(DomainError):
    """A column that every family needs is missing."""

    status = 400
    text = _l("Kolom ini belum ada: %(columns)s.")


class NothingToRead(DomainError):
    """There is a head, and nothing below it."""

    status = 400
    text = _l("Daftar ini tidak berisi keluarga.")


def read_list(data: bytes, day: date) -> Iterator[Entry]:
    """Find the head of a list among its first lines, look through its numbers, and yield what stands below."""
    lines = open_rows(data)
    heads, numbers, last = _look_through(lines())

    def entries() -> Iterator[Entry]:
        for line, cells in lines():
            if line > last:
                entry = lists.read_line(line, cells, heads, day)
                numbers.mark(entry)
                yield entry

    return entries()


def _look_through(lines: Iterator[Line]) -> tuple[dict[str, int], lists.Numbers, int]:
    """Return where the columns stand, the numbers of all lines, and the line of the heads."""
    heads: dict[str, int] | None = None
    numbers, last, found = lists.Numbers(), 0, 0
    for place, (line, cells) in enumerate(lines):
        if heads is not None:
            numbers.meet(line, cells, heads)
            found += 1
            continue
        heads, last = lists.find_heads(cells), line
        if heads is None and place >= TITLE_LINES:
            raise NoHeads
    if heads is None:
        raise NoHeads
    if missing := [column for column in lists.NEEDED if column not in heads]:
        raise MissingHeads(columns=", ".join(lists.COLUMNS[column][0] for column in missing))
    if not found:
        raise NothingToRead
    return heads, numbers, last
