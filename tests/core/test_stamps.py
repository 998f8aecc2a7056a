"""The stamp of what strangers see moves with every public row, in the transaction of the change, whatever writes."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import text, update

from app.core import stamps
from app.core.db import WRITE, db, transaction
from app.goods.products.models import Product
from app.goods.shops.models import Shop
from app.goods.stock import operations as stock
from tests.factories import goods, people, procurement, stalls
from tests.support.queries import count_queries

# What pages read beside PUBLIC: the index moves with the shelf that it lists; a round of the e-Katalog asks whether
# its seller's card is out, which no page of strangers says.
BESIDE = {"page_stamp", "search_product", "search_term", "login_card"}
READ = re.compile(r"\b(?:FROM|JOIN)\s+\"?([a-z_]+)\"?", re.I)
ALIASES = {"left", "lateral", "whole", "part"}


def version() -> int:
    db.session.rollback()
    return stamps.current().version


def test_it_moves_with_a_change_and_not_with_one_that_was_taken_back(app: Flask) -> None:
    shop = goods.make_shop()
    before = version()

    def half() -> None:
        with transaction() as session:
            session.execute(update(Shop).values(story="Baru"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert version() == before

    with transaction() as session:
        session.execute(update(Shop).where(Shop.id == shop.id).values(story="Baru"))
    assert version() > before


def test_many_rows_may_move_it_once_and_a_load_that_fails_leaves_the_triggers(app: Flask) -> None:
    shops = [goods.make_shop(), goods.make_shop()]
    before = version()
    with transaction() as session, stamps.once(["shop"]):
        for shop in shops:
            session.execute(update(Shop).where(Shop.id == shop.id).values(story="Baru"))
    assert version() == before + 1

    with pytest.raises(ZeroDivisionError), transaction(), stamps.once(["shop"]):
        raise ZeroDivisionError
    assert version() == before + 1
    for shop in shops:
        with transaction() as session:
            session.execute(update(Shop).where(Shop.id == shop.id).values(story="Lagi"))
    assert version() == before + 3


@pytest.mark.parametrize("table", stamps.PUBLIC)
def test_every_public_table_moves_it_whatever_program_writes(app: Flask, table: str) -> None:
    with db.engine.connect() as connection:
        known = "SELECT name FROM sqlite_master" if db.engine.name == "sqlite" else "SELECT tgname FROM pg_trigger"
        names = set(connection.execute(text(known)).scalars())
    assert {f"page_stamp_{table}_{change}" for change in ("insert", "update", "delete")} <= names


def test_a_hand_at_the_terminal_moves_it(app: Flask) -> None:
    goods.make_shop()
    before = version()
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        connection.execute(text("UPDATE shop SET name = 'Lain'"))
    assert version() > before


def test_a_table_that_was_copied_gets_its_triggers_again(app: Flask) -> None:
    name = "page_stamp_shop_update"
    goods.make_shop()
    with db.engine.connect().execution_options(**{WRITE: True}) as connection:
        with connection.begin():
            connection.execute(text(f"DROP TRIGGER {name}" + ("" if db.engine.name == "sqlite" else " ON shop")))
        before = version()
        with connection.begin():
            connection.execute(text("UPDATE shop SET name = 'Tanpa'"))
        assert version() == before, "without its trigger the stamp stands still: the twin"
        with connection.begin():
            stamps.install(connection)
        before = version()
        with connection.begin():
            connection.execute(text("UPDATE shop SET name = 'Dengan'"))
    assert version() > before


def test_stock_moves_it_only_when_a_list_would_look_different(app: Flask) -> None:
    variant = goods.variant_of(goods.make_product(goods.make_shop(), qty=5))
    seller = people.make_account()

    def moved(to: int) -> int:
        before = version()
        with transaction():
            stock.correct(variant.id, to, by=seller)
        return version() - before

    assert [moved(to) for to in (4, 1)] == [0, 0]
    assert moved(0) > 0
    assert moved(3) > 0
    before = version()
    with transaction():
        stock.stop_counting(variant.id)
    assert version() > before


def test_two_who_change_public_rows_at_once_both_move_it_and_nobody_waits_for_ever(app: Flask) -> None:
    shops = [goods.make_shop() for _ in range(2)]
    before, gate = version(), threading.Barrier(2)

    def write(first: int, second: int) -> None:
        with app.app_context():
            gate.wait()
            for _ in range(10):
                with transaction() as session:
                    for number in (first, second):
                        session.execute(update(Shop).where(Shop.id == number).values(story="x"))
            db.session.remove()

    # Each writes her own rows: only the stamp is shared.
    threads = [threading.Thread(target=write, args=(shop.id, shop.id)) for shop in shops]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert version() >= before + 20


def test_what_is_kept_is_worked_out_again_only_after_a_change(app: Flask, caching: None) -> None:
    shop, asked = goods.make_shop(), count(1)

    def look() -> int:
        return stamps.keep("try", "key", lambda: next(asked))

    assert [look(), look()] == [1, 1]
    with transaction() as session:
        session.execute(update(Shop).where(Shop.id == shop.id).values(story="Baru"))
        assert look() == 2, "inside a transaction nothing is kept"
        assert look() == 3
    assert [look(), look()] == [4, 4]


@pytest.fixture
def caching(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "lapak_settings", replace(app.extensions["lapak_settings"], cache=True))


def test_no_page_reads_a_table_that_does_not_move_it(app: Flask, get: Callable[[str], None]) -> None:
    """The pages are asked for in states that read more: with a bazaar, with the e-Katalog."""
    stand = stalls.make_stand(begun=False)
    submission = procurement.proved().submission
    product = db.session.get_one(Product, submission.product_id)
    shop = db.session.get_one(Shop, product.shop_id)
    with count_queries(app) as asked:
        for path in (
            "/", "/produk", "/produk?q=telur", "/produk?kategori=telur-asin&kecamatan=36.04.13&harga=-90000",
            "/lapak", "/lapak?kecamatan=36.04.13", f"/produk/{stand.product.slug}", f"/produk/{product.slug}",
            f"/lapak/{stand.shop.slug}", f"/lapak/{shop.slug}", "/kategori/telur-asin",
        ):  # fmt: skip
            get(path)
    read = {table.lower() for statement, _ in asked for table in READ.findall(statement)} - ALIASES
    tables = set(db.metadata.tables) | BESIDE
    strangers = (read & tables) - set(stamps.PUBLIC) - BESIDE
    assert not strangers, f"pages read {sorted(strangers)}: add them to stamps.PUBLIC"
    assert {"shop", "bazaar", "ekatalog_submission", "permit"} <= read


@pytest.fixture
def get(app: Flask) -> Callable[[str], None]:
    client = app.test_client()

    def fetch(path: str) -> None:
        assert client.get(path).status_code == 200, path

    return fetch
