"""PINs and passwords that neighbours try first."""

from __future__ import annotations

import random

import pytest

from app.kit import pins

WEAK = """000000 111111 999999 123456 234567 890123 654321 987654 210987 121212 696969 123123 112233 998877 111222
777888 123321 202620 202020 199019 202626 262026 192019 147258 159357 170845 789456 102030""".split()  # noqa: SIM905 - a table of numbers reads better without quotes
FAIR = ("482915", "739164", "280691", "903817", "561038", "240875")


@pytest.mark.parametrize("pin", WEAK)
def test_pins_that_everybody_tries_are_weak(pin):
    assert pins.weak_pin(pin)


@pytest.mark.parametrize("pin", FAIR)
def test_ordinary_pins_and_birthdays_are_not(pin):
    assert not pins.weak_pin(pin)


def test_a_part_of_her_own_number_is_no_secret():
    assert pins.weak_pin("748351", phone="+6281290748351")
    assert not pins.weak_pin("748351", phone="+6281290748357")


def test_few_pins_are_turned_away():
    every = (f"{number:06d}" for number in random.Random(1).sample(range(1_000_000), 20_000))

    assert sum(map(pins.weak_pin, every)) / 20_000 < 0.01


@pytest.mark.parametrize(
    ("text", "is_pin"),
    [("482915", True), ("4829155", False), ("48291a", False), ("", False), ("\u0664" * 6, False), ("48291\n", False)],
)
def test_a_pin_is_six_plain_digits(text, is_pin):
    assert pins.is_pin(text) is is_pin


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "short"),
        ("telurasin", "short"),
        ("Rahasia123!", "short"),
        ("kabupatenserang", "common"),
        ("KabupatenSerang2026", "common"),
        ("DinsosSerang123456", "common"),
        ("telurasin-telurasin", "common"),
        ("t3lur4s1n_c10m4s", "common"),
        ("pkh graduasi mandiri", "common"),
        ("Pendamping PKH 2026!", "common"),
        ("aaaaaaaaaaaaaaaaaa", "common"),
        ("123456789012345678", "common"),
        ("qwertyuiopasdfghjkl", "common"),
        ("Agustus17081945!!", "common"),
        ("x" * 129, "long"),
        ("perahu biru melompat pelan", None),
        ("gq7-Tanduk-vz93kw", None),
        ("kuda makan genteng basah", None),
    ],
)
def test_passwords_of_indonesian_words_are_weak(text, why):
    assert pins.weak_password(text) == why


def test_a_second_factor_allows_a_shorter_password():
    assert pins.weak_password("xk29-wqpz", least=8) is None
    assert pins.weak_password("telurasin", least=8) == "common"


def test_strange_text_is_judged_calmly():
    for text in ("\ud800" * 20, "\0" * 20, "\u0301" * 20, "🌶" * 20):
        assert pins.weak_password(text) in ("common", None)
