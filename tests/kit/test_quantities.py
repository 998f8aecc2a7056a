"""Counts and weights, as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import quantities
from app.kit.quantities import UnreadableQuantity


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("0", 0),
        ("007", 7),
        ("1.000", 1000),
        ("1 000", 1000),
        ("12 bungkus", 12),
        ("12bks.", 12),
        ("12,0", 12),
        ("2rb", 2000),
        ("\uff11\uff12", 12),
    ],
)
def test_counts_are_read(typed, pieces):
    assert quantities.parse_count(typed) == pieces


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("banyak", "not_a_number"),
        ("12 13", "not_a_number"),
        ("12 bungkus besar", "not_a_number"),
        ("1e3", "not_a_number"),
        ("9" * 70_000, "not_a_number"),
        ("1,5", "fraction"),
        ("-3", "negative"),
        ("2 lusin", "ambiguous"),
        ("99999999999999999999", "too_many"),
        ("1000001", "too_many"),
    ],
)
def test_other_counts_are_refused_with_their_reason(typed, code):
    with pytest.raises(UnreadableQuantity) as caught:
        quantities.parse_count(typed)

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("250", 250),
        ("250 g", 250),
        ("250gr", 250),
        ("1 kg", 1000),
        ("1,5 kg", 1500),
        ("0.25kg", 250),
        ("1/2 kg", 500),
        ("\u00bd kilo", 500),
        ("2,5 ons", 250),
        ("1.500", 1500),
        ("1.500 g", 1500),
    ],
)
def test_weights_are_read(typed, grams):
    assert quantities.parse_grams(typed) == grams


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("berat", "not_a_number"),
        ("1/0 kg", "not_a_number"),
        ("1.500 kg", "ambiguous"),
        ("1/3 kg", "fraction"),
        ("-1 kg", "negative"),
        ("2000 kg", "too_many"),
    ],
)
def test_other_weights_are_refused_with_their_reason(typed, code):
    with pytest.raises(UnreadableQuantity) as caught:
        quantities.parse_grams(typed)

    assert caught.value.code == code


@given(st.integers(min_value=0, max_value=quantities.MOST_PIECES))
def test_a_shown_count_can_be_typed_again(pieces):
    assert quantities.parse_count(quantities.show_count(pieces)) == pieces


@given(st.integers(min_value=0, max_value=quantities.MOST_GRAMS).filter(lambda g: g < 1000 or g % 10 == 0))
def test_a_shown_weight_can_be_typed_again(grams):
    shown = quantities.show_grams(grams)

    if not shown.startswith("1.000"):
        assert quantities.parse_grams(shown) == grams


@given(st.text(max_size=80))
def test_any_text_gives_a_quantity_or_a_refusal(typed):
    for parse in (quantities.parse_count, quantities.parse_grams):
        try:
            assert parse(typed) >= 0
        except UnreadableQuantity:
            continue


def test_weights_are_shown_as_on_a_packet():
    shown = [quantities.show_grams(g) for g in (0, 250, 999, 1000, 1500, 1250, 1005, 1_000_000)]

    assert shown == ["0 g", "250 g", "999 g", "1 kg", "1,5 kg", "1,25 kg", "1,005 kg", "1.000 kg"]
