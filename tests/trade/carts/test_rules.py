"""The cart as plain values."""

from __future__ import annotations

import doctest

import pytest

from app.kit.rupiah import Rupiah
from app.trade.carts import rules
from app.trade.carts.rules import Line, Offer, Stall, check, pack, put, unpack

OPEN = Stall(1, "telur", "Telur", "", "", is_open=True)


def offer(**given):
    facts = {
        "variant_id": 7, "product_slug": "telur", "name": "Telur", "unit": "butir", "price": Rupiah(4_000),
        "available": 3, "on_sale": True, "stall": OPEN,
    }  # fmt: skip
    return Offer(**(facts | given))


def test_the_examples_hold():
    assert doctest.testmod(rules).failed == 0


def test_a_cart_survives_its_cookie():
    cart = (Line(7, 2, Rupiah(38_000), 3), Line(9, 999, Rupiah(1), 4))

    assert unpack(pack(cart)) == cart


@pytest.mark.parametrize(
    "row",
    [
        [0, 1, 1, 3], [-1, 1, 1, 3], [1, 0, 1, 3], [1, -2, 1, 3], [1, 1, 0, 3], [1, 1.5, 1, 3], [True, 1, 1, 3],
        [1, 1000, 1, 3], [10**19, 1, 1, 3], [1, 1, 10**13, 3], [1, 1, 1, 0], [1, 1, 1, 10**19], [1, 1, 1],
        [1, 1, 1, 1, 1], "1111", None, {"a": 1}, ["1", "1", "1", "1"],
    ],
)  # fmt: skip
def test_what_no_cart_of_ours_holds_is_left_out(row):
    assert unpack([row, [5, 1, 1, 3]]) == (Line(5, 1, Rupiah(1), 3),)


def test_a_cart_holds_forty_kinds_of_things():
    full = unpack([[n, 1, 1, 3] for n in range(1, 60)])

    assert len(full) == rules.MOST_LINES
    assert rules.is_full(full, 1000)
    assert not rules.is_full(full, 1)


def test_putting_nothing_takes_a_line_out():
    cart = put((Line(7, 2, Rupiah(5), 3),), Line(7, 0, Rupiah(5), 3))

    assert cart == ()


@pytest.mark.parametrize(
    ("given", "change", "qty"),
    [
        ({}, "", 2),
        ({"available": None}, "", 2),
        ({"available": 1}, "fewer", 1),
        ({"available": 0}, "sold_out", 0),
        ({"available": -1}, "sold_out", 0),
        ({"on_sale": False}, "gone", 0),
        ({"price": Rupiah(5_000)}, "price", 2),
        ({"stall": Stall(1, "a", "A", "", "", is_open=False)}, "closed", 0),
    ],
)
def test_each_change_has_its_name(given, change, qty):
    checked = check(Line(7, 2, Rupiah(4_000), 1), offer(**given))

    assert (checked.change, checked.qty) == (change, qty)


def test_a_line_may_be_fewer_and_dearer_at_once():
    checked = check(Line(7, 5, Rupiah(4_000), 1), offer(price=Rupiah(4_500)))

    assert (checked.change, checked.qty, checked.total) == ("fewer", 3, Rupiah(13_500))
    assert checked.accepted == Line(7, 3, Rupiah(4_500), 1)
