"""Many rows at once arrive as the session would have written them, on both engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError

from app.core import bulk
from app.core.clock import now
from app.core.db import db, transaction
from app.goods.shelf.models import ShelfItem, ShelfPaused
from app.goods.stock.models import Stock, StockMovement
from app.kit.rupiah import Rupiah
from tests.factories.goods import make_product, make_shop

ITEM = cast("Table", ShelfItem.__table__)
PAUSED = cast("Table", ShelfPaused.__table__)


def cards(many: int, first: int = 1_000) -> list[dict[str, Any]]:
    """Cards that say a little of everything."""
    make_product(make_shop(), "Telur asin")
    row = dict(db.session.execute(select(ITEM)).mappings().one())
    return [
        row | {"product_id": first + n, "slug": f"kartu-{first + n}", "price": Rupiah(n), "stamp": now(),
               "name": "Tab\\there, \\\\N and\\nlines 'quoted'", "halal_until": now().date() if n % 2 else None,
               "badges": [["halal", "Halal", "", "ID1"]]}
        for n in range(many)
    ]  # fmt: skip


@pytest.mark.parametrize("many", [3, 150])
def test_poured_rows_are_those_that_the_session_writes(app: Flask, many: int) -> None:
    rows = cards(many)
    with transaction() as session:
        session.execute(insert(ITEM), rows)
        written = session.execute(select(ITEM).where(ITEM.c.product_id >= 1_000).order_by(ITEM.c.product_id)).all()
        session.execute(ITEM.delete().where(ITEM.c.product_id >= 1_000))

    with transaction():
        bulk.pour(ITEM, rows)

    poured = db.session.execute(select(ITEM).where(ITEM.c.product_id >= 1_000).order_by(ITEM.c.product_id)).all()
    assert poured == written


def test_what_a_row_leaves_out_gets_its_default(app: Flask) -> None:
    table = cast("Table", StockMovement.__table__)
    make_product(make_shop(), "Telur asin")
    variant_id = db.session.scalar(select(Stock.variant_id))
    with transaction():
        bulk.pour(table, [{"variant_id": variant_id, "kind": "waste", "on_hand_delta": -1}])

    row = db.session.execute(select(table).where(table.c.kind == "waste")).mappings().one()
    assert (row["reserved_delta"], row["source_type"], row["source_id"], row["actor_id"]) == (0, "", None, 0)
    assert now() - row["at"] < timedelta(minutes=5)


def test_a_name_that_no_column_has_and_a_row_that_stands_already_are_refused(app: Flask) -> None:
    waiting = {"product_id": 1, "shop_id": 2, "card": {}}
    with pytest.raises(KeyError, match="colour"), transaction():
        bulk.pour(PAUSED, [waiting | {"colour": "red"}])
    with pytest.raises(IntegrityError), transaction():
        bulk.pour(PAUSED, [waiting, waiting])
    assert db.session.scalar(select(PAUSED.c.product_id)) is None


def test_nothing_is_poured_outside_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="outside"):
        bulk.pour(PAUSED, [{"product_id": 1, "shop_id": 2, "card": {}}])
