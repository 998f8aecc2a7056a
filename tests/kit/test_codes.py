"""Codes that people type and signatures that machines carry."""

from __future__ import annotations

import hashlib
import hmac
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import codes

code = st.text(st.sampled_from(codes.ALPHABET), min_size=1, max_size=20)


def test_the_alphabet_has_no_look_alikes_and_no_vowels():
    assert not set(codes.ALPHABET) & set("01OILUAE")
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET)
    assert len(codes.ALPHABET) % 2 == 0


def test_a_card_code_cannot_be_guessed():
    assert codes.bits(codes.CARD_LENGTH) >= 60
    assert len({codes.new_card_code() for _ in range(2_000)}) == 2_000


def test_demo_data_gets_the_same_codes_each_time():
    assert codes.new_code(9, random.Random(7)) == codes.new_code(9, random.Random(7))


@given(code)
def test_a_printed_code_can_be_typed_in_any_way(original):
    printed = codes.grouped(original)

    for typed in (printed, printed.lower(), f" {printed} ", original.replace("", " "), printed.replace("-", "\u2013")):
        assert codes.normalise(typed) == original
    assert codes.normalise(original.replace("Q", "o").replace("V", "u")) == original


@given(st.text())
def test_normalising_any_text_is_calm(typed):
    once = codes.normalise(typed)

    assert codes.has_right_check(once) in (True, False)


def test_codes_are_grouped_for_print():
    assert codes.grouped("K7QF9X2MBCDFG") == "K7QF-9X2M-BCDF-G"


@given(st.randoms())
def test_the_check_sign_finds_each_wrong_sign(rng):
    good = codes.new_order_code(rng)
    place = rng.randrange(len(good))
    wrong = rng.choice([sign for sign in codes.ALPHABET if sign != good[place]])

    assert codes.has_right_check(good)
    assert not codes.has_right_check(good[:place] + wrong + good[place + 1 :])


def test_the_check_sign_finds_nearly_all_swaps():
    rng = random.Random(3)
    found = total = 0
    for _ in range(2_000):
        good = codes.new_order_code(rng)
        for place in range(len(good) - 1):
            swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
            if swapped != good:
                total += 1
                found += not codes.has_right_check(swapped)

    assert found / total > 0.99


@pytest.mark.parametrize("wrong", ["", "2", "K7QF9X!", "K7QF90O", "\ud800"])
def test_what_is_no_code_has_no_right_check(wrong):
    assert not codes.has_right_check(wrong)


def test_a_signature_is_the_head_of_hmac_sha256():
    digest = hmac.new(b"kunci", b"K7QF", hashlib.sha256).digest()
    signature = codes.signature(b"kunci", "K7QF")

    assert len(signature) == 16
    value = int.from_bytes(digest[:10], "big")
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    assert signature == "".join(letters[value >> shift & 31] for shift in range(75, -1, -5))


@given(st.text(), st.text())
def test_a_signature_fits_its_message_and_key_only(message, other):
    signature = codes.signature(b"kunci", message)

    assert codes.is_signed(b"kunci", message, signature.upper())
    assert not codes.is_signed(b"lain", message, signature)
    assert codes.is_signed(b"kunci", other, signature) == (message == other)


@pytest.mark.parametrize("given_", ["", "\ud800", "ſ" * 16, "a" * 70_000, "\0"])
def test_a_strange_signature_is_refused_calmly(given_):
    assert not codes.is_signed(b"kunci", "K7QF", given_)


@pytest.mark.parametrize(("key", "bits"), [(b"", 80), (b"k", 81), (b"k", 0), (b"k", 300)])
def test_a_signature_needs_a_key_and_a_fitting_length(key, bits):
    with pytest.raises(ValueError, match="signature"):
        codes.signature(key, "x", bits)
