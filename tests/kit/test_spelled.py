"""Numbers in words: every irregular form by name, and every number back again by a reader that counts another way."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kit.spelled import MOST, spelled

NAMED = {
    0: "nol",
    1: "satu",
    10: "sepuluh",
    11: "sebelas",
    12: "dua belas",
    19: "sembilan belas",
    20: "dua puluh",
    21: "dua puluh satu",
    100: "seratus",
    101: "seratus satu",
    111: "seratus sebelas",
    200: "dua ratus",
    999: "sembilan ratus sembilan puluh sembilan",
    1_000: "seribu",
    1_001: "seribu satu",
    1_100: "seribu seratus",
    2_000: "dua ribu",
    10_000: "sepuluh ribu",
    11_000: "sebelas ribu",
    21_000: "dua puluh satu ribu",
    100_000: "seratus ribu",
    101_000: "seratus satu ribu",
    1_000_000: "satu juta",
    1_001_000: "satu juta seribu",
    2_280_000: "dua juta dua ratus delapan puluh ribu",
    1_000_000_000: "satu miliar",
    1_000_000_000_000: "satu triliun",
    1_001_001_001_001: "satu triliun satu miliar satu juta seribu satu",
}
ONES = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
LARGE = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12, "kuadriliun": 10**15}
WHOLE = {"sepuluh": 10, "sebelas": 11, "seratus": 100}


def read(words: str) -> int:
    """Read words from left to right, as somebody with a pencil would."""
    total = group = 0
    for word in words.split():
        if word == "seribu":
            total += 1_000
        elif word in LARGE:
            total, group = total + group * LARGE[word], 0
        elif word in WHOLE:
            group += WHOLE[word]
        elif word == "belas":
            group += 10
        elif word in {"puluh", "ratus"}:
            last = group % 10
            group += last * ({"puluh": 10, "ratus": 100}[word] - 1)
        else:
            group += ONES.index(word)
    return total + group


@pytest.mark.parametrize(("number", "words"), NAMED.items())
def test_each_irregular_form_is_the_one_that_people_say(number, words):
    assert spelled(number) == words


@given(st.integers(0, MOST) | st.integers(0, 10**4) | st.integers(10**12, 10**15))
@example(MOST)
def test_what_is_spelled_reads_as_the_same_number(number):
    assert read(spelled(number)) == number
    assert "  " not in spelled(number)
    assert "satu ratus" not in spelled(number)
    assert "satu belas" not in spelled(number)
    assert "satu puluh" not in spelled(number)


def test_all_numbers_of_a_market_have_words_of_their_own():
    said = [spelled(number) for number in range(20_000)]

    assert len(set(said)) == len(said)
    assert [read(each) for each in said] == list(range(20_000))


@pytest.mark.parametrize("number", [-1, MOST + 1])
def test_a_number_without_a_name_is_refused(number):
    with pytest.raises(ValueError, match=str(number)):
        spelled(number)
