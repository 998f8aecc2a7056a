"""Words of search, and the table of spellings."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import words
from app.kit.words import VARIANTS, Variants

TABLE = Path(words.__file__).parents[1] / "data" / "search" / "variants.csv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("telor asin", "Telur Asin Bebek, isi 5"),
        ("kripik pisang", "Keripik Pisang Cokelat"),
        ("kerpik coklat", "Keripik Pisang Cokelat"),
        ("krupuk", "Kerupuk Ikan Payus"),
        ("asesoris", "Aksesoris Rambut"),
        ("prodak", "PRODUK kami"),
        ("pisang sale", "Sale Pisang Ciomas"),
        ("renginang", "Rengginang Terasi"),
        ("jilbab", "Kerudung Instan"),
        ("anyaman bambu", "Kipas anyam bambu"),
        ("satai bandeng", "Sate Bandeng"),
        ("empek-empek", "Pempek Payus Beku"),
        ("frozen food", "Makanan Beku"),
        ("minum", "Minuman Serbuk"),
        ("jumat", "Kue Jum'at"),
        ("kemasan", "dikemas rapi"),
    ],
)
def test_what_is_asked_meets_what_is_named(asked, named):
    assert set(words.tokens(asked)) <= set(words.tokens(named))


@pytest.mark.parametrize("word", ["keripik", "emping", "rengginang", "bandeng", "melinjo", "bakakak", "kerupuk"])
def test_words_of_the_market_are_never_cut(word):
    assert words.stem(word) == word


def test_the_table_is_large_and_each_spelling_stands_once():
    assert sum(row["ejaan"] != row["baku"] for row in ROWS) >= 80
    assert len({row["ejaan"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["ejaan"])
def test_each_row_is_folded_short_and_final(row):
    assert words.split(row["ejaan"]) == row["ejaan"].split()
    assert 1 <= len(row["ejaan"].split()) <= 2
    meant = row["baku"].split()
    assert words.split(row["baku"]) == meant
    assert VARIANTS.unify(meant) == meant
    assert VARIANTS.unify(row["ejaan"].split()) == meant


def test_another_table_can_be_passed_in():
    table = Variants.parse("ejaan,baku\nsatu dua,tiga\nsatu,empat\n")

    assert words.spelled("Satu dua satu", table) == ["tiga", "empat"]


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_gives_the_same_plain_words_each_time(text):
    found = words.tokens(text)

    assert found == words.tokens(text)
    assert all(word and " " not in word for word in found)
    assert words.normalise(text) == " ".join(found)


def test_endless_text_and_endless_words_are_bounded():
    assert len(words.split("a " * 70_000)) == words.MOST_TOKENS
    assert max(map(len, words.split("x" * 70_000))) == 32


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("keripk", "keripik"),
        ("kripiks", "keripik"),
        ("bandneg", "bandeng"),
        ("emlping", "emping"),
        ("telut", "telur"),
        ("telur", "telur"),
        ("tlr", None),
        ("te", None),
        ("sepeda", None),
        ("", None),
    ],
)
def test_a_slip_of_the_thumb_is_forgiven(asked, meant):
    assert words.closest(asked, ["telur", "keripik", "bandeng", "emping", "kerupuk"]) == meant


def test_among_equals_the_more_frequent_word_wins():
    assert words.closest("tahi", ["tahu", "tali"]) == "tahu"
    assert words.closest("pasu", ["palu", "pasi"]) == "pasi"
