"""Spreadsheets that come into the house: read as people meant them; what is no list is refused in one sentence."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date

import pytest
import xlsxwriter

from app.core import sheets
from app.core.sheets import Bloated, Flaw, NotATable, Sheet, TooManyRows, read_rows, write_csv, write_xlsx


def workbook(fill):
    """A workbook whose first sheet `fill(sheet, book)` writes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    fill(book.add_worksheet("Daftar"), book)
    book.close()
    return out.getvalue()


def with_part(data, name, text):
    """The same workbook with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, text)
    return out.getvalue()


def sheet_xml(cells):
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{cells}</sheetData></worksheet>"
    )


def test_a_workbook_keeps_lines_columns_texts_numbers_and_days():
    def fill(sheet, book):
        sheet.write(2, 1, "NIK")
        sheet.write(2, 2, "Mulai")
        sheet.write_string(4, 1, "3604270101900001")
        sheet.write_datetime(4, 2, date(2021, 3, 1), book.add_format({"num_format": "dd/mm/yyyy"}))

    assert list(read_rows(workbook(fill))) == [
        (3, [None, "NIK", "Mulai"]),
        (5, [None, "3604270101900001", date(2021, 3, 1)]),
    ]


def test_formulas_merged_and_broken_cells_come_back_as_flaws():
    def fill(sheet, _book):
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write_formula(0, 1, "=1/0", None, "#DIV/0!")
        sheet.merge_range(1, 0, 1, 1, "dua")
        sheet.write(2, 0, "biasa")

    assert list(read_rows(workbook(fill))) == [
        (1, [Flaw.FORMULA, Flaw.FORMULA]),
        (2, [Flaw.MERGED, Flaw.MERGED]),
        (3, ["biasa", ""]),
    ]


def test_what_the_house_writes_it_reads_again():
    head, rows = ["Nama", "NIK"], [["Bu Ñeneng", "3604270101900001"], ["=1+1", "2"]]

    assert [cells for _line, cells in read_rows(write_xlsx([Sheet("A", head, rows)]))][1:] == [
        ["Bu Ñeneng", "3604270101900001"],
        ["'=1+1", "2"],
    ]
    assert [cells for _line, cells in read_rows(write_csv(head, rows))][1][0] == "Bu Ñeneng"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_csv_is_read_whatever_wrote_it(encoding, delimiter):
    text = f'Nama{delimiter}Alamat\r\n"Café"{delimiter}"Jalan 1, RT 2; ""ujung"""\r\n\r\nBu Nur{delimiter}\r\n'

    assert list(read_rows(text.encode(encoding))) == [
        (1, ["Nama", "Alamat"]),
        (2, ["Café", 'Jalan 1, RT 2; "ujung"']),
        (4, ["Bu Nur", ""]),
    ]


def test_a_csv_may_name_its_delimiter_and_hold_formulas():
    assert list(read_rows(b"sep=;\nNama;Nilai\nA;=1+1\n"))[-1] == (3, ["A", Flaw.FORMULA])


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 \x00\x01", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"PK\x03\x04 broken", b"<html><table></table></html>", b"\xff\xfeA", b"a,\x01b\n",
        b'a\n"' + b"x" * 200_000,
    ],
    ids=["pdf", "xls", "jpeg", "zip", "html", "odd utf-16", "control signs", "an endless quote"],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused(data):
    with pytest.raises(NotATable):
        list(read_rows(data))


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_a_broken_part_is_refused(name):
    data = with_part(workbook(lambda sheet, _book: sheet.write(0, 0, "a")), name, "<rusak")

    with pytest.raises(NotATable):
        list(read_rows(data))


def test_a_zip_without_a_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("foto.jpg", b"bukan tabel")

    with pytest.raises(NotATable):
        list(read_rows(out.getvalue()))


def test_too_many_rows_are_refused_in_both_kinds(monkeypatch):
    rows = [[str(number)] for number in range(51)]

    for data in (write_xlsx([Sheet("A", ["N"], rows)]), write_csv(["N"], rows)):
        assert len(list(read_rows(data, most=52))) == 52
        with pytest.raises(TooManyRows):
            list(read_rows(data, most=51))


def test_a_zip_bomb_is_refused_before_it_fills_the_memory():
    small = workbook(lambda sheet, _book: sheet.write(0, 0, "a"))
    bomb = with_part(small, "xl/media/image1.png", b"\x00" * (sheets.MOST_UNPACKED + 1))
    assert len(bomb) < 200_000

    began = time.process_time()
    with pytest.raises(Bloated):
        list(read_rows(bomb))
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', TooManyRows),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', Bloated),
    ],
)
def test_a_lone_cell_far_away_is_refused(cells, refusal):
    data = with_part(workbook(lambda sheet, _book: sheet.write(0, 0, 1)), "xl/worksheets/sheet1.xml", sheet_xml(cells))

    with pytest.raises(refusal):
        list(read_rows(data))


def test_a_long_word_in_every_cell_is_refused():
    data = workbook(lambda sheet, _book: [sheet.write(row, 0, "x" * 30_000) for row in range(4000)])
    assert len(data) < 200_000

    with pytest.raises(Bloated):
        list(read_rows(data))


def test_dressed_but_empty_cells_far_below_do_no_harm():
    cells = '<row r="1"><c r="A1"><v>7</v></c></row><row r="900000"><c r="A900000" s="1"/></row>'
    data = with_part(workbook(lambda sheet, _book: sheet.write(0, 0, 1)), "xl/worksheets/sheet1.xml", sheet_xml(cells))

    assert list(read_rows(data)) == [(1, [7.0])]


FAR = sheets.MOST_ROWS * 5


@pytest.mark.parametrize(
    "cells",
    [
        f'<row r="1"><c r="A1"><v>1</v></c></row><row><c r = "A{FAR}"><v>1</v></c></row>',
        f'<row r="1"><c r="A1"><v>1</v></c></row><row><c r="a{FAR}"><v>1</v></c></row>',
        f"""<row r="1"><c r="A1"><v>1</v></c></row><row><c x='"' y=">" r="A{FAR}"><v>1</v></c></row>""",
        f'<row r="1"><c><v>1</v></c></row><row r="{FAR}"><c><v>1</v></c></row>',
        f'<row r="1"><c><v>1</v></c></row><row x=">" r="{FAR}"><c><v>1</v></c></row>',
    ],
)
def test_no_way_of_writing_an_address_hides_a_cell_far_away(cells):
    with pytest.raises((TooManyRows, Bloated, NotATable)):
        list(read_rows(with_part(workbook(lambda *_: None), "xl/worksheets/sheet1.xml", sheet_xml(cells))))


def test_a_cell_far_away_does_not_hide_behind_a_sheet_that_only_a_comment_names():
    data = with_part(workbook(lambda *_: None), "xl/worksheets/sheet2.xml", sheet_xml(""))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book, links = (archive.read(name).decode() for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    lie = '<sheets><!-- <sheet name="L" sheetId="9" r:id="rId99"/> -->'
    data = with_part(data, "xl/workbook.xml", book.replace("<sheets>", lie))
    link = '<Relationship Id="rId99" Type="x" Target="worksheets/sheet2.xml"/></Relationships>'
    data = with_part(data, "xl/_rels/workbook.xml.rels", links.replace("</Relationships>", link))
    far = sheet_xml(f'<row r="1"><c r="A1"><v>1</v></c></row><row><c r="A{FAR}"><v>1</v></c></row>')

    with pytest.raises((TooManyRows, NotATable)):
        list(read_rows(with_part(data, "xl/worksheets/sheet1.xml", far)))


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("<sst>{}</sst>", "<c r='A{}' t='s'><v>1</v></c>"),
        ("<sst>{}</sst>", '<c r="A{}" t = "s"><v>1</v></c>'),
        ('<x:sst xmlns:x="u">{}</x:sst>', '<c r="A{}" t="s"><v>1</v></c>'),
    ],
)
def test_no_way_of_writing_a_word_hides_how_long_it_is(words, cell):
    sign = "x:" if "x:" in words else ""
    each = f"<{sign}si><{sign}t>{{}}</{sign}t></{sign}si>"
    text = words.format(each.format("a") + each.format("a" * 2_000_000))
    rows = "".join(f'<row r="{row}">{cell.format(row)}</row>' for row in range(1, 61))
    data = with_part(workbook(lambda *_: None), "xl/worksheets/sheet1.xml", sheet_xml(rows))

    with pytest.raises(Bloated):
        list(read_rows(with_part(data, "xl/sharedStrings.xml", text)))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/worksheets/sheet1.xml", "<c " * 60_000),
        ("xl/worksheets/sheet1.xml", "<row " * 60_000),
        ("xl/workbook.xml", "<sheet " * 60_000),
        ("xl/workbook.xml", f"<sheet {'a' * 60_000}>"),
        ("xl/worksheets/sheet1.xml", sheet_xml(f'<row r="1"><c r="A1" t="s"><v>{"9" * 5000}</v></c></row>')),
        ("xl/workbook.xml", '<workbook><sheets><sheet name="A"/></sheets></workbook>'),
        ("content.xml", "<office:document-content/>"),
    ],
)
def test_a_part_made_to_tire_the_reader_is_refused_at_once(part, text):
    begun = time.process_time()

    with pytest.raises(NotATable):
        list(read_rows(with_part(workbook(lambda *_: None), part, text)))

    assert time.process_time() - begun < 2


def test_merged_cells_that_lie_over_each_other_by_thousands_are_refused():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>'
    many = '<mergeCell ref="A1:BH40000"/>' * 2_000
    text = sheet_xml(cells + many + "</mergeCells><sheetData>")
    begun = time.process_time()

    with pytest.raises(Bloated):
        list(read_rows(with_part(workbook(lambda *_: None), "xl/worksheets/sheet1.xml", text)))

    assert time.process_time() - begun < 2


def test_a_zip_packed_in_another_way_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 5_000)
    broken = bytearray(out.getvalue())
    broken[70:90] = b"\xff" * 20

    with pytest.raises(NotATable):
        list(read_rows(bytes(broken)))
