"""Cards on the shelf: the counts and the index follow every change, also when two people change at once."""

from __future__ import annotations

import random
import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.clock import now
from app.core.db import db, transaction
from app.core.jobs import run_due
from app.goods.catalogue import detail
from app.goods.categories.models import Category
from app.goods.shelf import listeners, operations, queries
from app.goods.shelf.models import ShelfCount, ShelfItem
from app.goods.shelf.rules import Card
from app.kit.rupiah import Rupiah
from tests.support.queries import count_queries

KECAMATAN = ("36.04.13", "36.04.27", "36.04.30")


def leaves() -> list[int]:
    return list(db.session.scalars(select(Category.id).where(Category.parent_id.is_not(None)).order_by(Category.id)))


def card(number: int = 1, **given: Any) -> Card:
    facts: dict[str, Any] = {
        "product_id": number,
        "variant_id": number,
        "slug": f"telur-asin-{number}",
        "name": "Telur asin bebek",
        "price": Rupiah(19_000),
        "unit": "pak",
        "category_id": leaves()[0],
        "shop_id": 1,
        "shop_slug": "lapak-muara",
        "shop_name": "Lapak Muara",
        "regency_code": "36.04",
        "kecamatan_code": KECAMATAN[0],
        "published_at": now(),
    }
    return Card(**facts | given)


def test_what_stands_around_cards_is_asked_once_also_where_one_moves(app):
    put(card(kecamatan_code=KECAMATAN[0]))
    moved = [card(kecamatan_code=KECAMATAN[1]), card(2)]

    with transaction(), count_queries(app) as asked:
        operations.put_all(moved)

    for table in ("category", "region_alias", "market_word"):
        assert sum(f"FROM {table}" in statement for statement, _facts in asked) == 1, table


def counted() -> dict[tuple[int, str], int]:
    return {
        (row.category_id, row.kecamatan_code): row.items for row in db.session.scalars(select(ShelfCount)) if row.items
    }


def put(*cards: Card) -> None:
    with transaction():
        operations.put_all(cards)


def test_a_card_takes_its_place_with_what_surrounds_it(app: Flask) -> None:
    put(card(7, photo="ab/cd/ef", badges=[["success", "Halal"]]))

    item = queries.find_item(7)
    assert item is not None
    assert (item.kecamatan_name, item.version, item.badges) == ("Tirtayasa", 1, [["success", "Halal"]])
    assert item.top_category_id == db.session.get_one(Category, item.category_id).parent_id
    assert counted() == {(item.category_id, KECAMATAN[0]): 1}
    assert listeners.check() == []


def test_a_changed_price_moves_the_card_and_a_new_badge_does_not(app: Flask) -> None:
    put(card(7))
    first = queries.find_item(7)
    assert first is not None
    stamp = first.stamp

    put(card(7, badges=[["success", "Halal"]]))
    badge = queries.find_item(7)
    assert badge is not None and (badge.stamp, badge.version) == (stamp, 2)

    put(card(7, price=Rupiah(20_000)))
    db.session.expire_all()
    dearer = queries.find_item(7)
    assert dearer is not None and dearer.stamp > stamp and dearer.version == 3
    assert listeners.check() == []


def test_taking_down_twice_counts_once(app: Flask) -> None:
    put(card(7), card(8))
    for _again in range(2):
        with transaction():
            operations.take_down(7)

    assert list(counted().values()) == [1]
    assert listeners.check() == []


def test_a_shop_that_is_away_leaves_no_trace_and_comes_back_whole(app: Flask) -> None:
    put(card(1), card(2), card(3, shop_id=2, shop_slug="lain", shop_name="Lain"))
    with transaction():
        operations.hide_shop(1)
        operations.hide_shop(1)
        operations.put(card(4))
        operations.take_down(2)
        operations.rename_shop(1, "lapak-hulu", "Lapak Hulu")

    assert [row.product_id for row in db.session.scalars(select(ShelfItem))] == [3]
    assert listeners.check() == []

    with transaction():
        operations.show_shop(1)
    assert {row.product_id: row.shop_slug for row in db.session.scalars(select(ShelfItem))} == {
        1: "lapak-hulu",
        3: "lain",
        4: "lapak-hulu",
    }
    assert listeners.check() == []


def test_a_moved_shop_takes_its_counts_along(app: Flask) -> None:
    put(card(1), card(2))
    with transaction():
        operations.move_shop(1, "36.04", KECAMATAN[2])

    assert {code: items for (_category, code), items in counted().items()} == {KECAMATAN[2]: 2}
    assert listeners.check() == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_stay_exact_whatever_happens(app: Flask, seed: int) -> None:
    dice = random.Random(seed)
    there, categories = set[int](), leaves()[:4]
    for _step in range(40):
        number = dice.randrange(1, 9)
        with transaction():
            if dice.random() < 0.65:
                place = {"category_id": dice.choice(categories), "kecamatan_code": dice.choice(KECAMATAN)}
                operations.put(card(number, price=Rupiah(dice.randrange(1, 99)), **place))
                there.add(number)
            else:
                operations.take_down(number)
                there.discard(number)

    assert sum(counted().values()) == len(there)
    assert listeners.check() == []
    rows = db.session.execute(text("SELECT stem, items FROM search_term"))
    words = Counter({row.stem: row.items for row in rows})
    assert words["telur"] == len(there)


def test_people_who_change_at_once_keep_the_counts_exact(app: Flask, engine_name: str) -> None:
    place = {"category_id": leaves()[0]}
    failed: list[BaseException] = []
    ready = threading.Barrier(6)

    def work(seed: int) -> None:
        dice = random.Random(seed)
        ready.wait()
        with app.app_context():
            try:
                for _step in range(12):
                    number = dice.randrange(1, 5)
                    with transaction():
                        if dice.random() < 0.6:
                            operations.put(made[number, dice.choice(KECAMATAN)])
                        else:
                            operations.take_down(number)
            except BaseException as error:
                failed.append(error)
            finally:
                db.session.remove()

    made = {
        (number, code): card(number, kecamatan_code=code, shop_id=number % 2, **place)
        for number in range(1, 5)
        for code in KECAMATAN
    }
    db.session.rollback()
    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert listeners.check() == []


def test_the_index_is_made_anew_by_a_job(app: Flask) -> None:
    put(card(1), card(2, name="Keripik pisang"))
    with transaction() as session:
        session.execute(text("DELETE FROM search_product"))
        session.execute(text("UPDATE shelf_count SET items = 5"))
        session.execute(
            text(
                "INSERT INTO job (kind, payload, run_at, attempts, parked)"
                " VALUES ('shelf.rebuild', '{}', CURRENT_TIMESTAMP, 0, FALSE)"
            )
        )
    assert listeners.check() != []

    run_due()
    assert listeners.check() == []


@pytest.mark.parametrize("lost", [" s7", " halal", " w360413"])
def test_a_mark_that_the_index_lost_is_named(app: Flask, lost: str) -> None:
    """Filters beside words ask the index alone: the card would be missing among them, and nobody would see why."""
    halal = [["halal", "Halal", "2099-01-01", "ID1"]]
    put(card(1, shop_id=7, kecamatan_code="36.04.13", badges=halal), card(2, name="Keripik pisang"))
    assert listeners.check() == []
    with transaction() as session:
        gone = "UPDATE search_product SET facets = replace(facets, :lost, '') WHERE product_id = 1"
        session.execute(text(gone), {"lost": lost})

    assert [(each.table, each.row) for each in listeners.check()] == [("search_product", 1)]


def test_the_shops_of_each_kecamatan_are_kept_as_they_come_move_and_go(app: Flask) -> None:
    def shops() -> dict[str, int]:
        return {code: items for code, items in detail.count_stalls().items() if items}

    put(card(1), card(2), card(3, shop_id=2), card(4, shop_id=3, kecamatan_code=KECAMATAN[1]))
    assert shops() == {KECAMATAN[0]: 2, KECAMATAN[1]: 1}

    with transaction():
        operations.take_down(1)
        operations.hide_shop(2)
    assert shops() == {KECAMATAN[0]: 1, KECAMATAN[1]: 1}
    with transaction():
        operations.move_shop(1, "36.04", KECAMATAN[2])
        operations.show_shop(2)
        operations.take_down(4)
    assert shops() == {KECAMATAN[0]: 1, KECAMATAN[2]: 1}
    put(card(2, shop_id=2))  # a thing changes hands, and its shop has nothing left
    assert shops() == {KECAMATAN[0]: 1}
    assert listeners.check() == []

    with transaction() as session:
        session.execute(text("UPDATE shelf_total SET items = 7 WHERE kind = 's'"))
    assert {finding.table for finding in listeners.check()} == {"shelf_total"}
    with transaction():
        operations.rebuild()
    assert listeners.check() == []
