"""Spreadsheets that leave the house: read back by another program, and harmless in it."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from app.core.sheets import Sheet, write_csv, write_xlsx
from app.kit.rupiah import Rupiah

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")']


def read(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_workbook_reads_back_as_it_was_written():
    rows = [["Bu Neneng", Rupiah(25_000), 3, date(2026, 11, 25), None], ["3604120101900001", Rupiah(0), 2.5, None, ""]]

    head = ["Nama", "Uang", "Jumlah", "Hari", "Kosong"]

    found = read(write_xlsx([Sheet("Satu", head, rows), Sheet("Dua", ["A"], [])]))

    assert found["Satu"][0] == head
    assert found["Satu"][1][:4] == ["Bu Neneng", 25_000.0, 3.0, date(2026, 11, 25)]
    assert found["Satu"][2][0] == "3604120101900001"
    assert found["Dua"] == [["A"]]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_becomes_a_formula(formula):
    (row,) = read(write_xlsx([Sheet("S", ["Nama"], [[formula]])]))["S"][1:]
    assert str(row[0]).startswith("'")

    lines = list(csv.reader(io.StringIO(write_csv(["Nama"], [[formula]]).decode("utf-8-sig"), newline="")))
    assert lines[1][0].startswith("'")


def test_a_csv_opens_with_its_letters_right():
    assert write_csv(["Keripik", "é"], [[Rupiah(5000), date(2026, 1, 2)]]).startswith(b"\xef\xbb\xbf")
