"""What is there today is counted exactly, whatever moves the stock, and on every day by itself."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text, update

from app import serve
from app.core import clock, jobs
from app.core.db import WRITE, db, transaction
from app.goods.catalogue import queries as reading
from app.goods.catalogue import statements
from app.goods.products.models import Product, Variant
from app.goods.shelf import listeners, operations, presence, queries
from app.goods.shelf.models import ShelfItem, ShelfThere
from app.goods.shops.models import Shop
from app.goods.stock import operations as stock
from app.goods.stock.rules import Cause
from app.kit.periods import WIB
from app.kit.rupiah import Rupiah
from tests.factories.goods import make_product, make_shop, variant_of
from tests.support.pages import PageClient

pytestmark = pytest.mark.usefixtures("noon")

SAID = re.compile(r">(\d[\d.]*\+?) produk<")


def day() -> Any:
    return WIB.local(clock.now()).date()


def counted_live() -> int:
    """What a walk along the whole shelf meets: what the list itself asks of each card."""
    met = select(func.count()).select_from(ShelfItem.__table__).where(*statements.marked(("ada",), bazaar=False))
    return int(db.session.execute(met, {"today": day()}).scalar_one())


def said(client: PageClient) -> int:
    found = SAID.search(client.get("/produk?ciri=ada").text)
    return int(found[1]) if found else 0


def make_pair(shop: Shop, first: int, second: int) -> tuple[Product, int, int]:
    """A product of two choices that are both counted; its card is empty once both are."""
    product = make_product(shop, qty=first)
    with transaction() as session:
        other = Variant(product_id=product.id, price=Rupiah(21_000), unit="pak", position=2)
        session.add(other)
        session.flush()
        stock.open_stock(other.id, second, by=None)
        (row,) = operations.rows_of(ShelfItem.product_id == product.id)
        operations.put(replace(operations._card_of(row), variant_id=0, together=True, spread=True))
    one, two = db.session.scalars(select(Variant.id).where(Variant.product_id == product.id).order_by(Variant.id))
    return product, one, two


def test_whatever_moves_the_stock_the_count_is_what_a_walk_along_the_shelf_would_meet(
    app: Flask, client: PageClient
) -> None:
    dice = random.Random(11)
    shops = [make_shop() for _ in range(3)]
    products = [make_product(shop, qty=dice.randrange(3)) for shop in shops for _ in range(4)]
    pairs = [make_pair(shop, dice.randrange(2), dice.randrange(2)) for shop in shops]
    stocks = [variant_of(each).id for each in products] + [number for _, *both in pairs for number in both]
    empty = (update(statements.Stock).values(on_hand=0), update(statements.Stock).values(on_hand=1))
    cards = {row["product_id"]: operations._card_of(row) for row in operations.rows_of(ShelfItem.product_id > 0)}

    def closed(shop: Shop, first: int | None, last: int | None) -> None:
        facts = [None if each is None else day() + timedelta(days=each) for each in (first, last)]
        db.session.execute(update(Shop).where(Shop.id == shop.id).values(closed_from=facts[0], closed_until=facts[1]))

    def choose(number: int, *, active: bool) -> None:
        db.session.execute(update(Variant).where(Variant.id == number).values(active=active))

    acts: list[Callable[[], object]] = [
        lambda: stock.correct(dice.choice(stocks), dice.randrange(3), by=system()),
        lambda: stock.correct(dice.choice(stocks), 0, by=system()),
        lambda: stock.stop_counting(dice.choice(stocks)),
        lambda: stock.count_again(dice.choice(stocks), dice.randrange(2), by=system()),
        lambda: operations.hide_shop(dice.choice(shops).id),
        lambda: operations.show_shop(dice.choice(shops).id),
        lambda: operations.take_down(dice.choice(list(cards))),
        lambda: operations.put(cards[dice.choice(list(cards))]),
        lambda: closed(dice.choice(shops), dice.choice((None, -1, 0, 2)), dice.choice((2, 4))),
        lambda: closed(dice.choice(shops), None, None),
        lambda: choose(dice.choice(stocks[-6:]), active=dice.random() < 0.5),
        lambda: db.session.execute(dice.choice(empty).where(statements.Stock.variant_id == dice.choice(stocks))),
    ]
    counts = set()
    for _step in range(60):
        with transaction():
            for _ in range(dice.choice((1, 1, 3))):
                dice.choice(acts)()
        assert presence.list_wrong() == []
        assert queries.list_wrong_totals() == []
        assert said(client) == counted_live()
        counts.add(counted_live())
    assert len(counts) > 4, "it moved at all"


def system() -> Any:
    return type("Nobody", (), {"id": 0})()


def test_a_shop_that_closes_for_days_leaves_the_count_on_them_and_comes_back_without_a_write(
    app: Flask, client: PageClient
) -> None:
    closing, open_one = make_shop(), make_shop()
    for shop in (closing, open_one):
        make_product(shop, qty=4)
    first, last = day() + timedelta(days=1), day() + timedelta(days=3)
    with transaction() as session:
        session.execute(update(Shop).where(Shop.id == closing.id).values(closed_from=first, closed_until=last))

    found = []
    for gone in range(5):
        with time_machine.travel(clock.now() + timedelta(days=gone), tick=False):
            assert said(client) == counted_live()
            found.append(said(client))

    assert found == [2, 1, 1, 1, 2]


def test_what_is_there_today_is_counted_to_the_end_however_many_there_are(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make_shop()
    for number in range(3):
        make_product(shop, f"Keripik {number}", qty=number)
    monkeypatch.setattr(reading, "WALKED", 1)

    page = client.get("/produk?ciri=ada").text

    assert ">2 produk<" in page
    assert re.search(r'value="ada"[^>]*>[^<]*<small>2</small>', client.get("/produk").text)


def test_two_who_take_the_last_of_two_choices_at_once_empty_the_card(app: Flask) -> None:
    """Neither sees what the other takes until it is done: only behind the stamp both are seen."""
    _product, one, two = make_pair(make_shop(), 1, 1)
    assert db.session.scalars(select(func.count()).select_from(ShelfThere)).one() == 1
    db.session.rollback()
    both, failed = threading.Barrier(2), list[BaseException]()

    def take(number: int) -> None:
        with app.app_context():
            try:
                with transaction():
                    stock.move(number, "waste", 1, Cause())
                    if db.engine.name == "postgresql":
                        both.wait(20)
            except BaseException as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take, args=(number,)) for number in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert db.session.scalars(select(func.count()).select_from(ShelfThere)).one() == 0
    assert listeners.check() == []


@pytest.mark.parametrize(
    "act",
    ["DELETE FROM shelf_there", "UPDATE shelf_there SET shop_id = 7",
     "UPDATE shelf_there SET away = '20200101/20990101'",
     "UPDATE shelf_total SET items = 9 WHERE kind = 'a'", "DELETE FROM shelf_total WHERE kind = 'a'",
     "INSERT INTO shelf_there (product_id, shop_id, away) VALUES (999999, 1, '')"],
)  # fmt: skip
def test_a_planted_count_is_found_and_set_right_in_the_night(app: Flask, client: PageClient, act: str) -> None:
    for number in range(2):
        make_product(make_shop(), qty=number + 1)
    assert listeners.check() == []
    with transaction() as session:
        session.execute(text(act))
    assert {each.table for each in listeners.check()} & {"shelf_there", "shelf_total"}

    with transaction():
        jobs._clocks["shelf.heal-nightly"].run()
    while jobs.run_due():
        pass

    assert listeners.check() == []
    assert said(client) == 2


def test_a_table_that_was_copied_gets_its_triggers_again(app: Flask) -> None:
    variant = variant_of(make_product(make_shop(), qty=1)).id
    name = "shelf_there_stock_update"
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        connection.execute(text(f"DROP TRIGGER {name}" + ("" if db.engine.name == "sqlite" else " ON stock")))
    with transaction():
        stock.correct(variant, 0, by=system())
    assert presence.list_wrong() != [], "without its trigger it stands still: the twin"
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        presence.install(connection)
    with transaction():
        stock.correct(variant, 1, by=system())
        stock.correct(variant, 0, by=system())
    assert presence.list_wrong() == []


def test_a_preparation_that_ended_before_its_triggers_came_is_completed_at_the_next_start(app: Flask) -> None:
    variant = variant_of(make_product(make_shop(), qty=1)).id
    names = {"shelf_there_stock_update", "page_stamp_stock_update"}
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}" + ("" if db.engine.name == "sqlite" else " ON stock")))

    serve.prepare_database()

    known = "SELECT name FROM sqlite_master" if db.engine.name == "sqlite" else "SELECT tgname FROM pg_trigger"
    assert names <= set(db.session.execute(text(known)).scalars())
    with transaction():
        stock.correct(variant, 0, by=system())
    assert presence.list_wrong() == []


def test_many_new_cards_at_once_are_counted_together(app: Flask, client: PageClient) -> None:
    """A large load keeps the triggers still, and looks at what it brought once all of it is there."""
    shop = make_shop()
    one = make_product(shop, qty=2)
    with transaction() as session:
        (row,) = operations.rows_of(ShelfItem.product_id == one.id)
        with presence.at_once():
            for number in range(1, 6):
                numbers = {"product_id": one.id + number, "variant_id": 900_000 + number, "slug": f"kartu-{number}"}
                left = {"variant": 900_000 + number, "left": number % 3}
                session.execute(
                    text(
                        "INSERT INTO stock (variant_id, on_hand, reserved, counted) VALUES (:variant, :left, 0, true)"
                    ),
                    left,
                )
                operations.put(replace(operations._card_of(row), **numbers))
            assert len(presence.differences()[1]) == 4
    assert presence.list_wrong() == []
    assert said(client) == counted_live() == 5
    with transaction():
        operations.take_down(one.id + 1)
    assert listeners.check() == []
    assert said(client) == 4
