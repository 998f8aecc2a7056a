"""Reading what a PDF says and what a drawn QR holds, without another program.

Knows the files that WeasyPrint writes: packed streams, fonts by glyph with a table back to letters, and a QR whose
dark modules are level strokes in whole units.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from functools import lru_cache
from typing import Any

import pypdfium2
import segno
import weasyprint
from PIL import Image
from python_calamine import CalamineWorkbook

from app.core import papers

_STREAM = re.compile(rb"(\d+) 0 obj\s*(<<.*?>>)\s*stream\r?\n(.*?)\nendstream", re.DOTALL)
_FONT = re.compile(r"/Subtype /Type0/BaseFont /(\w+).*?/ToUnicode (\d+) 0 R", re.DOTALL)
_LETTER = re.compile(r"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>")
_PIECE = re.compile(r"/(\S+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|(ET)")
_STROKE = re.compile(r"(\d+) (\d+)\.5 m\n(\d+) \d+\.5 l\n")
_GLYPH = 4  # hexadecimal digits
_BORDER = 2
_MM = 25.4 / 72


@lru_cache(maxsize=256)
def readable(data: bytes) -> str:
    """Return what a person could read of an answer, however it is packed.

    Of a workbook every cell and part, of a package every file and its name, of a PDF its words and what it says of
    itself, of anything else its letters.
    """
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            parts = [readable(archive.read(name)) for name in names]
        cells = _cells(data) if "xl/workbook.xml" in names else []
        return "\n".join([*cells, *names, archive.comment.decode(errors="replace"), *parts])
    words = f"{text_of(data)}\n{_read_by_a_viewer(data)}\n" if data.startswith(b"%PDF") else ""
    return words + data.decode(errors="replace")


def _cells(workbook: bytes) -> list[str]:
    """Return a line for each row of every sheet, hidden ones too, under the names of the sheets."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return [
        line
        for name in book.sheet_names
        for line in (name, *("\t".join(map(_shown, row)) for row in book.get_sheet_by_name(name).to_python()))
    ]


def _shown(cell: object) -> str:
    """Return a cell as a spreadsheet shows it: a long number without a point."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _read_by_a_viewer(pdf: bytes) -> str:
    """Return what another program reads in a PDF: words, title and author, names and contents of what is attached."""
    paper = pypdfium2.PdfDocument(pdf)
    try:
        told = [f"{name}: {value}" for name, value in paper.get_metadata_dict().items()]
        for page in paper:
            words = page.get_textpage()
            told.append(words.get_text_bounded())
            words.close()
            page.close()
        for number in range(paper.count_attachments()):
            attached = paper.get_attachment(number)
            told += [attached.get_name(), readable(bytes(attached.get_data()))]
        return "\n".join(told)
    finally:
        paper.close()


def text_of(pdf: bytes) -> str:
    """Return the words of a PDF, one line for each line on paper."""
    streams = _streams(pdf)
    joined = "\n".join(streams.values())
    letters = {font: _letters(streams[int(table)]) for font, table in _FONT.findall(joined)}
    said: list[str] = []
    for stream in streams.values():
        font: dict[str, str] = {}
        for name, glyphs, end in _PIECE.findall(stream if "BT\n" in stream else ""):
            if name:
                font = letters.get(name, {})
            cut = range(0, len(glyphs), _GLYPH)
            said += "\n" if end else [font.get(glyphs[at : at + _GLYPH].lower(), "") for at in cut]
    return "".join(said)


def pages_of(pdf: bytes) -> int:
    """Count the sheets of a PDF."""
    paper = pypdfium2.PdfDocument(pdf)
    try:
        return len(paper)
    finally:
        paper.close()


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """Return width and height of each sheet in whole millimetres."""
    paper = pypdfium2.PdfDocument(pdf)
    try:
        return [
            (round(width * _MM), round(height * _MM)) for width, height in map(paper.get_page_size, range(len(paper)))
        ]
    finally:
        paper.close()


def photos_of(pdf: bytes) -> list[Image.Image]:
    """Return the pictures of dots that stand on the sheets of a PDF."""
    paper = pypdfium2.PdfDocument(pdf)
    try:
        return [
            each.get_bitmap().to_pil().convert("RGB")
            for page in paper
            for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        ]
    finally:
        paper.close()


def leaves(template: str, stylesheet: str, facts: dict[str, Any]) -> list[Any]:
    """Return the leaves of a paper as boxes of what stands where, before they become a PDF."""
    documents: list[Any] = []
    write = weasyprint.HTML.write_pdf

    def keep(self: Any, **given: Any) -> bytes:
        documents.append(self.render(**given))
        return b""

    weasyprint.HTML.write_pdf = keep
    try:
        papers.draw(template, stylesheet, **facts)
    finally:
        weasyprint.HTML.write_pdf = write
    return [page._page_box for page in documents[0].pages]


def holds_qr(pdf: bytes, message: str) -> bool:
    """Tell whether the strokes of a PDF draw exactly the QR of this message."""
    for stream in _streams(pdf).values():
        dark = {
            (column - _BORDER, int(row) - _BORDER)
            for start, row, end in _STROKE.findall(stream)
            for column in range(int(start), int(end))
        }
        if dark and dark == _modules(message):
            return True
    return False


def shows_qr(picture: bytes, message: str) -> bool:
    """Tell whether a picture of nothing but a QR shows this message."""
    image = Image.open(io.BytesIO(picture)).convert("L").point(lambda light: 255 if light < 128 else 0)
    image = image.crop(image.getbbox())
    across = segno.make(message, error="m").symbol_size(border=0)[0]
    unit = image.width / across
    seen = {
        (column, row)
        for column in range(across)
        for row in range(across)
        if image.getpixel((int((column + 0.5) * unit), int((row + 0.5) * unit)))
    }
    return seen == _modules(message)


def _modules(message: str) -> set[tuple[int, int]]:
    rows = segno.make(message, error="m").matrix
    return {(column, row) for row, line in enumerate(rows) for column, dark in enumerate(line) if dark}


def _letters(table: str) -> dict[str, str]:
    return {glyph.lower(): bytes.fromhex(letter).decode("utf-16-be") for glyph, letter in _LETTER.findall(table)}


def _streams(pdf: bytes) -> dict[int, str]:
    """Return every stream by its number, unpacked."""
    return {
        int(number): (zlib.decompressobj().decompress(data) if b"FlateDecode" in facts else data).decode("latin-1")
        for number, facts, data in _STREAM.findall(pdf)
    }
