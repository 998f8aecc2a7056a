"""Stock moves only within its bounds, and every move is written down."""

from __future__ import annotations

import pytest

from app.core.db import transaction
from app.goods.stock import operations, queries
from app.goods.stock.operations import Promised, SoldOut, WrongCount
from tests.factories.people import make_account


@pytest.fixture
def by(app):
    return make_account("seller")


@pytest.fixture
def eggs(by) -> int:
    with transaction():
        return operations.open_stock(101, 10, by=by).variant_id


@pytest.fixture
def chips(by) -> int:
    with transaction():
        return operations.open_stock(102, 3, by=by).variant_id


def sums(variant_id: int) -> tuple[int, int]:
    held = queries.get_stock(variant_id)
    return held.on_hand, held.reserved


def moves(variant_id: int) -> list[tuple[str, int, int]]:
    return [
        (each.kind, each.on_hand_delta, each.reserved_delta) for each in reversed(queries.list_movements(variant_id))
    ]


def test_a_life_of_a_pack(eggs, by):
    with transaction():
        operations.reserve({eggs: 4}, source=("order", 1))
        operations.release(eggs, 1, source=("order", 1))
        operations.sell(eggs, 3, source=("order", 1))
        operations.return_in(eggs, 1, source=("order", 1))
        operations.waste(eggs, 1, by=by)
        operations.restock(eggs, 5, by=by)
        operations.correct(eggs, 10, by=by, note="dihitung lagi")

    assert sums(eggs) == (10, 0)
    assert moves(eggs) == [
        ("restock", 10, 0),
        ("reserve", 0, 4),
        ("release", 0, -1),
        ("sell", -3, -3),
        ("return_in", 1, 0),
        ("waste", -1, 0),
        ("restock", 5, 0),
        ("correction", -2, 0),
    ]
    newest = queries.list_movements(eggs)[0]
    assert (newest.actor_id, newest.note) == (by.id, "dihitung lagi")


def test_a_promise_holds_everything_or_nothing(eggs, chips):
    with pytest.raises(SoldOut) as refusal, transaction():
        operations.reserve({chips: 4, eggs: 11, 999: 1}, source=("order", 1))

    assert refusal.value.short == {eggs: 10, chips: 3, 999: 0}
    assert (sums(eggs), sums(chips)) == ((10, 0), (3, 0))


def test_nothing_is_kept_even_when_the_refusal_is_caught_inside(eggs, chips):
    with transaction():
        with pytest.raises(SoldOut) as refusal:
            operations.reserve({eggs: 2, chips: 4}, source=("order", 1))
        operations.reserve({chips: 3}, source=("order", 2))

    assert refusal.value.short == {chips: 3}
    assert (sums(eggs), sums(chips)) == ((10, 0), (3, 3))


def test_what_was_promised_cannot_be_counted_away(eggs, by):
    with transaction():
        operations.reserve({eggs: 6}, source=("order", 1))

    for act in (lambda: operations.correct(eggs, 5, by=by), lambda: operations.waste(eggs, 5, by=by)):
        with pytest.raises(Promised), transaction():
            act()

    with transaction():
        operations.correct(eggs, 6, by=by)
    assert sums(eggs) == (6, 6)


def test_more_than_was_promised_is_neither_released_nor_sold(eggs):
    with transaction():
        operations.reserve({eggs: 2}, source=("order", 1))

    for act in (operations.release, operations.sell):
        with pytest.raises(Promised), transaction():
            act(eggs, 3, source=("order", 1))

    assert sums(eggs) == (10, 2)


@pytest.mark.parametrize("qty", [0, -1])
def test_a_change_of_nothing_is_refused(eggs, by, qty):
    for act in (operations.restock, operations.waste):
        with pytest.raises(WrongCount), transaction():
            act(eggs, qty, by=by)
    with pytest.raises(WrongCount), transaction():
        operations.correct(eggs, -1, by=by)


def test_counting_the_same_again_writes_nothing(eggs, by):
    with transaction():
        operations.correct(eggs, 10, by=by)

    assert len(moves(eggs)) == 1


def test_only_counted_variants_have_an_answer(eggs):
    assert queries.available([eggs, 999]) == {eggs: 10}


def test_stock_moves_only_inside_a_transaction(eggs):
    with pytest.raises(RuntimeError):
        operations.reserve({eggs: 1}, source=("order", 1))
