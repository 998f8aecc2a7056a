"""Many cards that come at once stand as if each had been put there alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.clock import now
from app.core.db import db, transaction
from app.goods.shelf import filling, listeners, operations, queries
from app.goods.shelf.models import ShelfCount, ShelfItem, ShelfTotal
from app.goods.shelf.rules import Card
from app.kit.rupiah import Rupiah
from tests.goods.shelf.test_operations import KECAMATAN, card, leaves


def many() -> list[Card]:
    """Cards of three shops in three kecamatan; two of each price, one of them halal, the fifth older than all."""
    return [
        card(n, shop_id=n % 3 + 1, kecamatan_code=KECAMATAN[n % 3], category_id=leaves()[n % 2], price=Rupiah(n // 2),
             badges=[["halal", "Halal", "", "ID1"]] if n % 2 else [], words=f"bahan {n}",
             published_at=now() - timedelta(days=400 if n == 5 else n))
        for n in range(1, 13)
    ]  # fmt: skip


def fill(cards: list[Card]) -> None:
    """Put cards there as a load does."""
    around = queries.surroundings(KECAMATAN)
    ready = filling.ready(cards, around, queries.list_marks(), now(), db.engine.dialect)
    with transaction():
        filling.fill(ready)
        filling.settle({card.shop_id for card in cards})


def standing() -> dict[str, list[Any]]:
    """All that the shelf, its counts and its index hold."""
    entries = "SELECT title, rest, facets, product_id, price FROM search_product ORDER BY product_id"
    terms = "SELECT stem, term, items FROM search_term WHERE items > 0 ORDER BY stem"
    tables: list[Any] = [each.__table__ for each in (ShelfItem, ShelfCount, ShelfTotal)]
    found = {each.name: list(db.session.execute(select(each).order_by(*each.primary_key))) for each in tables}
    return found | {asked: list(db.session.execute(text(asked))) for asked in (entries, terms)}


def empty() -> None:
    """Take everything down again."""
    with transaction() as session:
        for table in ("shelf_item", "shelf_count", "shelf_total", "search_product", "search_term"):
            session.execute(text(f"DELETE FROM {table}"))


@pytest.fixture
def marked(app: Flask) -> None:
    """The first shop goes to a bazaar."""
    with transaction():
        operations.mark_shops("bazaar", {1: ("2026-12-05/2026-12-05", "bazar-ciomas")})


def test_cards_filled_in_stand_as_those_put_one_by_one(marked: None) -> None:
    cards = many()
    with transaction():
        operations.put_all(cards)
    alone = standing()
    empty()

    fill(cards)

    assert standing() == alone
    assert len(alone["shelf_item"]) == len(cards)
    assert listeners.check() == []


def test_new_cards_take_the_turns_of_those_that_stood_there(app: Flask) -> None:
    cards = many()
    fill(cards[3:])
    fill(cards[:3])

    assert listeners.check() == []
    turns = {card.product_id: card.turn for card in db.session.scalars(select(ShelfItem))}
    assert [turns[n] for n in (1, 4, 7, 10)] == [1, 2, 3, 3]


def test_no_cards_fill_nothing_in(app: Flask) -> None:
    fill([])
    assert standing()["shelf_item"] == []
