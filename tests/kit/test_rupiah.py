"""Money, as people type it and as it stands on a price."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.rupiah import MOST, ZERO, Rupiah, UnreadableRupiah

amounts = st.integers(min_value=-MOST, max_value=MOST).map(Rupiah)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12000", 12_000),
        ("12.000", 12_000),
        ("12,000", 12_000),
        ("12 000", 12_000),
        ("Rp12000", 12_000),
        ("Rp. 12.000,-", 12_000),
        ("rp 12.000.-", 12_000),
        ("IDR 12.000", 12_000),
        ("Rp 25.000,00", 25_000),
        ("25,000.00", 25_000),
        ("25000,0", 25_000),
        ("25rb", 25_000),
        ("25 rb", 25_000),
        ("25 ribu", 25_000),
        ("25k", 25_000),
        ("2,5rb", 2_500),
        ("12rb500", 12_500),
        ("1,5jt", 1_500_000),
        ("1.5 juta", 1_500_000),
        ("1jt250rb", 1_250_000),
        ("1 juta 250 ribu", 1_250_000),
        ("1jt 250rb 500", 1_250_500),
        ("1m", 1_000_000_000),
        ("25.000 rupiah", 25_000),
        ("\uff11\uff12\uff0e\uff10\uff10\uff10", 12_000),
        ("\u0661\u0662\u0660\u0660\u0660", 12_000),
        ("Rp\u00a025.000", 25_000),
        ("0012", 12),
        ("0", 0),
        ("1.000.000.000.000", MOST),
    ],
)
def test_prices_are_read_in_any_form_people_type(typed, amount):
    assert Rupiah.parse(typed) == Rupiah(amount)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("  \u3000", "empty"),
        ("murah", "not_a_number"),
        ("Rp", "not_a_number"),
        ("12rb5", "not_a_number"),
        ("500rb1jt", "not_a_number"),
        ("12.00.000", "not_a_number"),
        ("1.0000", "not_a_number"),
        ("12.000 25.000", "not_a_number"),
        ("12000 25000", "not_a_number"),
        ("1e5", "not_a_number"),
        ("0x10", "not_a_number"),
        ("\u00bd", "not_a_number"),
        ("12\u00b2", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("9" * 70_000, "not_a_number"),
        ("12.000,50", "fraction"),
        ("12,5", "fraction"),
        ("1,2345rb", "fraction"),
        ("-5000", "negative"),
        ("Rp -5.000", "negative"),
        ("-Rp5.000", "negative"),
        ("\u22125.000", "negative"),
        ("1.000.000.000.001", "too_much"),
        ("99999999999999999999", "too_much"),
        ("5000m", "too_much"),
        ("1.500jt", "ambiguous"),
    ],
)
def test_what_is_no_price_is_refused_with_its_reason(typed, code):
    with pytest.raises(UnreadableRupiah) as caught:
        Rupiah.parse(typed)

    assert caught.value.code == code


@given(st.text(max_size=80))
def test_any_text_gives_a_price_or_a_refusal(typed):
    try:
        assert 0 <= Rupiah.parse(typed).amount <= MOST
    except UnreadableRupiah:
        return


@given(st.integers(min_value=0, max_value=MOST))
def test_what_is_shown_can_be_typed_again(amount):
    assert Rupiah.parse(str(Rupiah(amount))) == Rupiah(amount)
    assert Rupiah.parse(str(amount)) == Rupiah(amount)


@given(amounts, amounts, st.integers(min_value=-1000, max_value=1000))
def test_money_adds_up(one, other, times):
    assert (one + other) - other == one
    assert one * times == times * one == Rupiah(one.amount * times)
    assert one + -one == ZERO
    assert abs(-one) == abs(one) >= ZERO
    assert (one < other) == (one.amount < other.amount)
    assert bool(one) == (one != ZERO)
    assert Rupiah.total([one, other]) == one + other


@pytest.mark.parametrize(("amount", "shown"), [(0, "Rp0"), (38_000, "Rp38.000"), (-5_000, "\u2212Rp5.000")])
def test_money_is_shown_with_dots(amount, shown):
    assert str(Rupiah(amount)) == shown


@pytest.mark.parametrize("wrong", [1.0, True, "5", None])
def test_money_is_whole_and_nothing_else(wrong):
    with pytest.raises(TypeError):
        Rupiah(wrong)
    with pytest.raises(TypeError):
        Rupiah(1) + wrong
    with pytest.raises(TypeError):
        Rupiah(1) * wrong


def test_money_cannot_be_changed():
    with pytest.raises(AttributeError):
        Rupiah(1).amount = 2
