"""One line of a list of families, read: what it says, why it cannot be taken, and what somebody should look at again.

Pure: no database and no clock. Reasons are codes; `words` says them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.core.sheets import Value
from app.kit import nik as numbers
from app.people.families.cells import Wrong, plain, read_cell
from app.people.families.rules import FIRST_DAY

COLUMNS: Final = {
    "nik": ("NIK", "no nik", "nomor nik", "nik kpm", "nik pengurus"),
    "kk": ("Nomor KK", "kk", "no kk", "nkk"),
    "name": ("Nama", "nama kpm", "nama pengurus", "nama lengkap", "nama penerima"),
    "phone": ("Nomor HP", "hp", "no hp", "telepon", "nomor telepon", "whatsapp", "nomor whatsapp"),
    "desa": ("Desa", "kelurahan", "desa kelurahan", "desa atau kelurahan", "kode desa"),
    "kecamatan": ("Kecamatan",),
    "address": ("Alamat",),
    "size": ("Jumlah anggota", "anggota", "jumlah jiwa", "jumlah anggota keluarga", "jiwa"),
    "head_sex": ("Kepala keluarga L/P", "jenis kelamin", "jk", "kepala keluarga", "l p"),
    "program": ("Program", "bantuan", "jenis bantuan"),
    "started_on": ("Mulai", "tanggal mulai", "mulai ikut", "tahun masuk"),
    "ended_on": ("Selesai", "tanggal selesai", "tanggal keluar"),
    "exit_kind": ("Cara keluar", "jenis graduasi", "graduasi"),
    "monthly_aid": ("Bantuan per bulan", "nilai bantuan"),
    "desil": ("Desil", "desil dtsen"),
    "desil_as_of": ("Tanggal desil", "desil per tanggal"),
    "wants_to_sell": ("Mau jualan", "mau berjualan", "ingin jualan"),
    "makes": ("Barang yang dibuat", "produk", "jenis usaha", "usaha"),
}
NEEDED: Final = ("nik", "name", "desa", "size")
Mark = tuple[str, str]
"""(column, reason): what is wrong and where, without what stood there."""


@dataclass
class Entry:
    """What one line says; an empty cell says nothing and leaves what is known as it is."""

    line: int
    said: dict[str, Any] = field(default_factory=dict)
    problems: list[Mark] = field(default_factory=list)
    warnings: list[Mark] = field(default_factory=list)


_HEADS: Final = {plain(head): column for column, heads in COLUMNS.items() for head in heads}


def find_heads(cells: Sequence[Value]) -> dict[str, int] | None:
    """Return where each column stands if this line is the head of a list, None if it is a title or a note.

    >>> find_heads(["No", "N I K", "NIK", "Nama KPM", "Desa", "Jumlah Jiwa"])
    {'nik': 2, 'name': 3, 'desa': 4, 'size': 5}
    >>> find_heads(["Daftar penerima tahun 2026"]) is None
    True
    """
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        column = _HEADS.get(plain(cell)) if isinstance(cell, str) else None
        if column is not None:
            found.setdefault(column, at)
    return found if "nik" in found and len(found) > 1 else None


def read_line(line: int, cells: Sequence[Value], heads: Mapping[str, int], today: date) -> Entry:
    """Read one line; `today` is the day where the list is uploaded."""
    entry = Entry(line)
    for column, at in heads.items():
        cell = cells[at] if at < len(cells) else None
        try:
            value = read_cell(column, cell)
        except Wrong as wrong:
            entry.problems.append((column, wrong.reason))
            continue
        if value is not None:
            entry.said[column] = value
    unread = {column for column, _reason in entry.problems}
    entry.problems += [(column, "empty") for column in NEEDED if column not in entry.said and column not in unread]
    _judge_days(entry, today)
    entry.problems += [(column, "empty") for column in _lacking(entry.said) if column not in unread]
    _warn(entry)
    return entry


def _judge_days(entry: Entry, today: date) -> None:
    """Find days that have not been, that no programme knew, or that lie the wrong way round."""
    said = entry.said
    for column in ("started_on", "ended_on", "desil_as_of"):
        if column in said and said[column] > today:
            entry.problems.append((column, "future"))
        elif column in said and said[column] < FIRST_DAY:
            entry.problems.append((column, "old"))
    if "ended_on" in said and "started_on" in said and said["ended_on"] < said["started_on"]:
        entry.problems.append(("ended_on", "order"))


def _lacking(said: Mapping[str, Any]) -> set[str]:
    """Name what must stand beside what is said: a programme and its beginning, a decile and its day.

    >>> _lacking({"program": "pkh"}), _lacking({"desil": 2}), _lacking({"desil": 2, "desil_as_of": date(2026, 9, 1)})
    ({'started_on'}, {'desil_as_of'}, set())
    """
    found = set()
    for one, other in (("program", "started_on"), ("desil", "desil_as_of")):
        found |= {lacks for has, lacks in ((one, other), (other, one)) if has in said and lacks not in said}
    if said.keys() & {"ended_on", "exit_kind", "monthly_aid"} and "program" not in said:
        found.add("program")
    if "exit_kind" in said and "ended_on" not in said:
        found.add("ended_on")
    return found


def _warn(entry: Entry) -> None:
    nik = entry.said.get("nik")
    if nik and not numbers.has_serial(nik):
        entry.warnings.append(("nik", "serial"))
    if entry.said.get("wants_to_sell") and "phone" not in entry.said:
        entry.warnings.append(("phone", "no_phone"))


NUMBERS: Final = ("nik", "kk")


@dataclass
class _Column:
    """What is remembered of a column of numbers: where each stands first and second, and how many end in 0."""

    lines: dict[int, tuple[int, int]] = field(default_factory=dict)
    filled: int = 0
    ending: int = 0

    @property
    def rounded(self) -> bool:
        """Whether nearly all end in 0: they were rounded before they became text."""
        return self.filled >= 5 and self.ending > 0.8 * self.filled


class Numbers:
    """The numbers of a whole list, met line by line before any line is judged; of the rest nothing is held."""

    def __init__(self) -> None:
        """Know no line yet."""
        self._columns = {column: _Column() for column in NUMBERS}

    def meet(self, line: int, cells: Sequence[Value], heads: Mapping[str, int]) -> None:
        """Remember the numbers of a line."""
        for column, seen in self._columns.items():
            at = heads.get(column, len(cells))
            try:
                value = read_cell(column, cells[at]) if at < len(cells) else None
            except Wrong:
                continue
            if value is not None:
                first, second = seen.lines.get(int(value), (0, 0))
                seen.lines[int(value)] = (first, second or line) if first else (line, 0)
                seen.filled += 1
                seen.ending += _ends_in_zero(value)

    def mark(self, entry: Entry) -> None:
        """Name what is wrong with the numbers of a line beside all others; a single 0 at the end is worth a look."""
        for column, seen in self._columns.items():
            if column not in entry.said:
                continue
            first, second = seen.lines[int(entry.said[column])]
            if second:
                entry.problems.append((column, f"twice:{second if entry.line == first else first}"))
            if _ends_in_zero(entry.said[column]):
                marks = entry.problems if seen.rounded else entry.warnings
                marks.append((column, "rounded" if seen.rounded else "zero"))


def _ends_in_zero(number: str) -> bool:
    return number.endswith("0") and numbers.has_serial(number)
