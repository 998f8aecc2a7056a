"""Lines of a list: read as offices write them, and named with a reason when they cannot be taken."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.sheets import Flaw
from app.kit.rupiah import Rupiah
from app.people.families import lists, words
from tests.factories.families import nik_number

TODAY = date(2026, 11, 25)
HEADS = {column: at for at, column in enumerate(lists.COLUMNS)}
GOOD = {"nik": "3604274101800001", "name": "Ibu Nur", "desa": "Ciomas", "size": 4}


def read(**cells):
    """Read a line that is good but for what is given."""
    row = [(GOOD | cells).get(column) for column in lists.COLUMNS]
    return lists.read_line(7, row, HEADS, TODAY)


def test_a_good_line_has_no_problem():
    entry = read()

    assert (entry.problems, entry.warnings) == ([], [])
    assert entry.said == GOOD


@pytest.mark.parametrize("column", ["nik", "name", "desa", "size"])
@pytest.mark.parametrize("cell", [None, "", "   "])
def test_what_every_family_needs_is_missed(column, cell):
    assert read(**{column: cell}).problems == [(column, "empty")]


@pytest.mark.parametrize(
    ("nik", "reason"),
    [
        ("360427410180000", "length"), ("36042741018000011", "length"), ("36O4274101800001", "not_digits"),
        ("3604277201800001", "birth"), ("3604273213800001", "birth"), ("3604273002800001", "birth"),
        ("3,60427E+15", "rounded"), ("3.60427410180000E+15", "rounded"), (3604274101800001.0, "rounded"),
        (3604274101800000, "rounded"), (Flaw.FORMULA, "formula"), (Flaw.MERGED, "merged"), (Flaw.BROKEN, "broken"),
        (True, "not_digits"),
    ],
)  # fmt: skip
def test_a_wrong_nik_is_named_with_its_reason(nik, reason):
    assert read(nik=nik).problems == [("nik", reason)]
    assert words.mark(("nik", reason)).startswith("NIK: ")


@pytest.mark.parametrize("nik", ["3604.2741.0180.0001", "'3604274101800001", " 3604 2741 0180 0001 "])
def test_a_nik_is_read_however_it_is_grouped(nik):
    assert read(nik=nik).said["nik"] == GOOD["nik"]


def test_a_leap_day_of_either_century_is_a_birthday():
    assert read(nik="3604272902000001").problems == []
    assert read(nik="3604272902010001").problems == [("nik", "birth")]


def test_a_serial_that_is_never_given_out_is_worth_a_look_and_no_refusal():
    entry = read(nik="3604274101800000")

    assert (entry.problems, entry.warnings) == ([], [("nik", "serial")])


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"size": "4"}, {"size": 4}), ({"size": 4.0}, {"size": 4}),
        ({"phone": 81290007001.0}, {"phone": "+6281290007001"}),
        ({"phone": "0812-9000-7001"}, {"phone": "+6281290007001"}),
        ({"head_sex": "Perempuan"}, {"head_sex": "f"}), ({"head_sex": "L"}, {"head_sex": "m"}),
        ({"wants_to_sell": "Ya", "phone": "081290007001"}, {"wants_to_sell": True}),
        ({"wants_to_sell": "-"}, {"wants_to_sell": False}),
        ({"program": "PKH", "started_on": "2021"}, {"program": "pkh", "started_on": date(2021, 1, 1)}),
        ({"program": "PENA", "started_on": date(2023, 5, 1)}, {"program": "other"}),
        ({"program": "PKH", "started_on": "1/3/2019", "ended_on": "30 Juni 2022", "exit_kind": "Mandiri"},
         {"ended_on": date(2022, 6, 30), "exit_kind": "self_reliant"}),
        ({"program": "PKH", "started_on": 43525.0, "monthly_aid": "Rp 250.000"}, {"monthly_aid": Rupiah(250_000)}),
        ({"desil": "2", "desil_as_of": "2026-09-01"}, {"desil": 2, "desil_as_of": date(2026, 9, 1)}),
        ({"name": "  SITI\u200b  AMINAH "}, {"name": "SITI AMINAH"}),
    ],
)  # fmt: skip
def test_cells_are_read_as_offices_write_them(cells, said):
    entry = read(**cells)

    assert entry.problems == []
    assert {name: entry.said[name] for name in said} == said


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"size": 0}, ("size", "range")), ({"size": 31}, ("size", "range")), ({"size": "banyak"}, ("size", "count")),
        ({"size": 2.5}, ("size", "count")), ({"phone": "0254-200000"}, ("phone", "phone")),
        ({"head_sex": "x"}, ("head_sex", "sex")), ({"wants_to_sell": "mungkin"}, ("wants_to_sell", "yes")),
        ({"name": "..."}, ("name", "letters")), ({"name": "a" * 121}, ("name", "long")),
        ({"program": "PKH"}, ("started_on", "empty")), ({"started_on": "2021"}, ("program", "empty")),
        ({"program": "PKH", "started_on": "26/11/2026"}, ("started_on", "future")),
        ({"program": "PKH", "started_on": "31/2/2021"}, ("started_on", "date")),
        ({"program": "PKH", "started_on": "besok"}, ("started_on", "date")),
        ({"program": "PKH", "started_on": "1/1/1945"}, ("started_on", "old")),
        ({"program": "PKH", "started_on": "2022", "ended_on": "2021"}, ("ended_on", "order")),
        ({"program": "PKH", "started_on": "2022", "exit_kind": "alamiah"}, ("ended_on", "empty")),
        ({"program": "PKH", "started_on": "2022", "exit_kind": "dipecat"}, ("exit_kind", "exit")),
        ({"program": "PKH", "started_on": "2022", "monthly_aid": "sedikit"}, ("monthly_aid", "money")),
        ({"program": "PKH", "started_on": "2022", "monthly_aid": -1}, ("monthly_aid", "money")),
        ({"program": "PKH", "started_on": "2022", "monthly_aid": float("inf")}, ("monthly_aid", "money")),
        ({"program": "PKH", "started_on": "2022", "monthly_aid": 1e300}, ("monthly_aid", "money")),
        ({"program": "PKH", "started_on": "2022", "monthly_aid": 10**19}, ("monthly_aid", "money")),
        ({"desil": 11, "desil_as_of": "2026"}, ("desil", "range")), ({"desil": 3}, ("desil_as_of", "empty")),
        ({"desil": 3, "desil_as_of": "1 Desember 2026"}, ("desil_as_of", "future")),
        ({"address": Flaw.MERGED}, ("address", "merged")), ({"size": Flaw.FORMULA}, ("size", "formula")),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_named_once(cells, problem):
    assert read(**cells).problems == [problem]
    assert str(words.PROBLEMS[problem[1]]) in words.mark(problem)


def test_somebody_who_wants_to_sell_and_has_no_number_is_worth_a_look():
    assert read(wants_to_sell="ya").warnings == [("phone", "no_phone")]


def compare(entries):
    """Meet all lines of a list, then judge each beside the others."""
    met = lists.Numbers()
    for entry in entries:
        met.meet(entry.line, [entry.said.get(column) for column in lists.NUMBERS], {"nik": 0, "kk": 1})
    for entry in entries:
        met.mark(entry)


def test_a_number_that_stands_in_two_lines_names_the_other_line():
    entries = [read(), read()]
    entries[1].line = 9

    compare(entries)

    assert [entry.problems for entry in entries] == [[("nik", "twice:9")], [("nik", "twice:7")]]


@pytest.mark.parametrize("column", ["nik", "kk"])
def test_a_column_that_a_spreadsheet_rounded_is_found_and_each_line_named(column):
    entries = [read(**{"nik": nik_number(number), column: nik_number(number)[:-4] + "1230"}) for number in range(6)]

    compare(entries)

    assert [entry.problems for entry in entries] == [[(column, "rounded")]] * 6


@pytest.mark.parametrize("kk", ["3,60427E+15", 3604270101190001.0, 3604270101190000])
def test_a_family_card_that_a_spreadsheet_rounded_is_named_too(kk):
    assert read(kk=kk).problems == [("kk", "rounded")]


def test_a_single_number_that_ends_in_zero_is_worth_a_look():
    entries = [read(nik=nik_number(number)[:-4] + ("1230" if number == 3 else "1231")) for number in range(6)]

    compare(entries)

    assert [entry.problems for entry in entries] == [[]] * 6
    assert [bool(entry.warnings) for entry in entries] == [False, False, False, True, False, False]


def test_titles_above_the_head_are_no_head():
    assert lists.find_heads(["DAFTAR KPM 2026", None, Flaw.MERGED]) is None
    assert lists.find_heads([1.0, "NIK", None]) is None
    assert lists.find_heads(["No. KK", "nik ", "NAMA", "Kelurahan"]) == {"kk": 0, "nik": 1, "name": 2, "desa": 3}
