"""Many who bring, sell, close and answer at the same moment: nobody waits in a circle, and the counts stay right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import update

from app.core.clock import today
from app.core.db import db, transaction
from app.goods.curation import operations as curation
from app.goods.products.models import Revision
from app.goods.shelf import listeners, operations
from app.goods.shelf.models import ShelfItem
from app.goods.shops import operations as shop_room
from app.goods.shops.models import Shop
from app.goods.stock import operations as stock
from app.goods.stock.queries import get_stock
from app.goods.stock.rules import Cause
from app.people.accounts.models import Account
from app.trade.orders import operations as orders
from tests.factories.goods import make_product, make_revision, make_shop, variant_of
from tests.factories.people import make_account
from tests.factories.trade import checkout
from tests.support.together import at_once


@pytest.mark.race
def test_whoever_empties_answers_closes_and_puts_at_once_waits_in_no_circle(app: Flask) -> None:
    curator, shops = make_account("curator").id, [make_shop(), make_shop()]
    goods = [make_product(shop, f"Telur {place}", qty=1) for place, shop in enumerate(shops)]
    variants = [variant_of(each) for each in goods]
    cards = [operations._card_of(row) for row in operations.rows_of(ShelfItem.product_id > 0)]

    def within(act: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with transaction():
                act()

        return run

    def answer(number: int) -> None:
        curation.approve(db.session.get_one(Revision, number), by=db.session.get_one(Account, curator))

    def close(number: int) -> None:
        shop, until = db.session.get_one(Shop, number), today("Asia/Jakarta") + timedelta(days=2)
        shop_room.close_for_days(shop, until, "", by=shop.owner)

    came = []
    for _round in range(4):
        waiting = [make_revision(each, description="Masir").id for each in goods]
        submits = [checkout(*((variants[place], 1) for place in order)) for order in ((0, 1), (1, 0), (1, 0))]
        acts = [
            *(within(partial(orders.place, each, None)) for each in submits),
            *(within(partial(answer, each)) for each in waiting),
            *(within(partial(close, shop.id)) for shop in shops),
            within(partial(operations.put_all, cards[::-1])),
            within(partial(stock.move, variants[0].id, "restock", 1, Cause())),
        ]
        came += at_once(app, acts)
        assert set(came) <= {"ya", "SoldOut", "LinesChanged"}, came
        assert listeners.check() == []
        with transaction() as session:
            session.execute(update(Shop).values(closed_from=None, closed_until=None))
            for each, shop in zip(variants, shops, strict=True):
                stock.correct(each.id, get_stock(each.id).on_hand - stock.free(each.id) + 1, by=shop.owner)

    assert came.count("ya") > 4
