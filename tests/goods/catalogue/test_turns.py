"""The order nobody asks for: shops take turns, begin elsewhere each day, and every card comes exactly once."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.core import clock
from app.core.db import db, transaction
from app.goods.catalogue import turns
from app.goods.categories.models import Category
from app.goods.shelf import listeners
from app.goods.shelf import operations as shelf
from app.goods.shelf import queries as kept
from app.goods.shelf.models import ShelfItem
from app.goods.shelf.rules import SLOTS, Card, slot
from app.kit.periods import WIB
from app.kit.rupiah import Rupiah
from tests.goods.catalogue.test_listing import CARD, MORE, WHERE, address, walk
from tests.support.pages import PageClient
from tests.support.queries import count_queries, plan_of

BIG, SMALL = 200, 30


@pytest.fixture
def one_big_shop(app: Flask) -> dict[int, int]:
    """One shop of 200 cards, newer than those of thirty shops with one card each. Returns card → shop."""
    leaves = list(db.session.scalars(select(Category.id).where(Category.parent_id.is_not(None)).order_by(Category.id)))
    first = clock.now() - timedelta(days=30)
    owners = {n: n if n <= SMALL else SMALL + 1 for n in range(1, SMALL + BIG + 1)}
    with transaction():
        shelf.put_all(
            Card(
                product_id=number, variant_id=number, slug=f"barang-{number}", name=f"Keripik {number}",
                price=Rupiah(1_000 * (number % 12 + 1)), unit="bungkus", category_id=leaves[number % 3],
                shop_id=shop, shop_slug=f"lapak-{shop}", shop_name=f"Lapak {shop}", regency_code="36.04",
                kecamatan_code=("36.04.13", "36.04.30")[shop % 2], published_at=first + timedelta(minutes=number),
            )
            for number, shop in owners.items()
        )  # fmt: skip
    return owners


def first_page(client: PageClient, path: str = "/produk") -> list[int]:
    return [int(number) for number in CARD.findall(client.get(path).text)]


def test_the_first_page_shows_many_shops_though_one_has_most_of_the_goods(
    client: PageClient, one_big_shop: dict[int, int]
) -> None:
    for path in ("/produk", "/kategori/makanan-ringan"):
        shops = Counter(one_big_shop[number] for number in first_page(client, path))
        assert len(shops) >= 20, path
        assert max(shops.values()) <= 2


def test_tomorrow_begins_elsewhere_and_today_begins_the_same(client: PageClient, one_big_shop: dict[int, int]) -> None:
    now, pages = WIB.local(clock.now()).replace(hour=9), []
    for days in range(7):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            morning = first_page(client)
        with time_machine.travel(now + timedelta(days=days, hours=12), tick=False):
            assert first_page(client) == morning
        pages.append(morning)
    assert len({page[0] for page in pages}) >= 5
    assert all(one[0] != other[0] for one, other in itertools.pairwise(pages))
    seen = Counter(one_big_shop[number] for page in pages for number in page)
    assert seen.keys() == set(one_big_shop.values()), "within a week every shop stood on the first page"


@pytest.mark.parametrize("start", [0, 1, SLOTS // 3, SLOTS - 1])
def test_every_card_comes_once_over_the_end_of_the_circle(
    client: PageClient, one_big_shop: dict[int, int], monkeypatch: pytest.MonkeyPatch, start: int
) -> None:
    monkeypatch.setattr(turns, "_A_DAY", 0 if start == 0 else turns._A_DAY)
    day = next(d for d in map(date.fromordinal, range(700_000, 800_000)) if abs(turns.start_of(None, d) - start) < 40)
    with time_machine.travel(clock.now().replace(year=day.year, month=day.month, day=day.day, hour=3), tick=False):
        found = walk(client, "/produk")
    assert len(found) == len(set(found)) == len(one_big_shop)
    newest = Counter(one_big_shop[number] for number in found[: SMALL + 1])
    assert set(newest.values()) == {1}, "first one of each shop"
    assert max(one_big_shop) in found[: SMALL + 1], "and of the big one the newest"
    assert found[SMALL + 1] == max(one_big_shop) - 1


def test_midnight_changes_nothing_for_somebody_on_the_way(client: PageClient, one_big_shop: dict[int, int]) -> None:
    evening = WIB.local(clock.now()).replace(hour=23, minute=59)
    with time_machine.travel(evening, tick=False):
        whole = walk(client, "/produk")
        html = client.get("/produk").text
    more = MORE.search(html)
    assert more
    with time_machine.travel(evening + timedelta(minutes=2), tick=False):
        rest = walk(client, more[1].replace("&amp;", "&"))
        assert first_page(client)[0] != whole[0]
    assert [int(number) for number in CARD.findall(html)] + rest == whole


def test_a_place_from_nowhere_ends_calmly(client: PageClient, one_big_shop: dict[int, int]) -> None:
    for place in ("g-5.3", "g999999999999999999.1", "g0.0", "g1.9223372036854775807"):
        assert client.get(f"/produk?setelah={place}").status_code == 200


def test_filters_walk_the_same_circle(client: PageClient, one_big_shop: dict[int, int]) -> None:
    items = list(db.session.scalars(select(ShelfItem)))
    start = turns.start_of(None, WIB.local(clock.now()).date())

    def place(item: ShelfItem) -> tuple[int, int, int]:
        return 2 * item.turn - (item.slot >= start), item.slot, item.product_id

    for codes, prices in itertools.product(WHERE, ("", "-5000")):
        here = [i for i in items if not codes or i.kecamatan_code in codes.split()]
        here = [i for i in here if not prices or i.price.amount <= 5_000]
        expected = [i.product_id for i in sorted(here, key=place)]
        assert walk(client, address("makanan-ringan", codes, prices, "")) == expected, (codes, prices)


def test_few_questions_each_through_an_index(app: Flask, client: PageClient, one_big_shop: dict[int, int]) -> None:
    deep = str(turns.place(SLOTS // 2, 1, SLOTS // 2 - 1, 10))
    for category, codes, prices, after in itertools.product(
        ("", "makanan-ringan", "keripik-kerupuk"), WHERE, ("", "-5000"), ("", f"setelah={deep}")
    ):
        path = f"{address(category, codes, prices, 'bergilir')}&{after}"
        with count_queries(app) as asked:
            client.get(path)
        assert len(asked) <= 6, path
        for statement, parameters in asked:
            if "FROM shelf_item" not in statement:
                continue
            plan = plan_of(statement, parameters)
            assert "SCAN shelf_item\n" not in plan + "\n", (statement, plan)
            assert "Seq Scan on shelf_item" not in plan, (statement, plan)
            if "count(" not in statement and "UNION ALL" not in statement:
                assert "TEMP B-TREE" not in plan and "Sort Key" not in plan, (statement, plan)


def test_turns_follow_whatever_happens_to_the_cards(app: Flask, one_big_shop: dict[int, int]) -> None:
    def early(shop: int) -> dict[int, int]:
        return {i.product_id: i.turn for i in db.session.scalars(select(ShelfItem).where(ShelfItem.shop_id == shop))
                if i.turn < 3}  # fmt: skip

    big, last = SMALL + 1, SMALL + BIG
    assert early(big) == {last: 1, last - 1: 2}
    with transaction():
        shelf.take_down(last)
    assert early(big) == {last - 1: 1, last - 2: 2}
    with transaction():
        card = shelf._card_of(shelf.rows_of(ShelfItem.product_id == 40)[0])
        shelf.put(Card(**{name: getattr(card, name) for name in shelf._CARD} | {"price": Rupiah(900)}))
    assert early(big) == {40: 1, last - 1: 2}, "what its seller changed is the newest"
    with transaction():
        shelf.hide_shop(big)
        shelf.show_shop(big)
        shelf.rename_shop(big, "lapak-lain", "Lapak lain")
        shelf.take_down(1)
        shelf.forget_shop(2)
    assert listeners.check() == []
    with transaction():
        db.session.execute(ShelfItem.__table__.update().values(turn=2))
    # A shop is counted by its first card, and by that alone.
    assert {each.table for each in listeners.check()} == {"shelf_item", "shelf_total"}
    with transaction():
        shelf.rebuild()
    assert kept.list_wrong_turns() == []


def test_neighbours_lie_far_apart_on_the_circle() -> None:
    near = [abs(slot(n) - slot(n + 1)) for n in range(1, 3_000)]
    assert min(near) > SLOTS // 3


def test_the_order_is_explained_where_it_is_chosen(client: PageClient, one_big_shop: dict[int, int]) -> None:
    html = client.get("/produk").text
    assert 'aria-current="true">Bergiliran</a>' in html
    assert 'href="/urutan-produk"' in html
    assert "Bergiliran" not in client.get("/produk?q=keripik").text
    told = client.get("/urutan-produk").text
    assert "satu produk dari setiap lapak" in told
    assert re.search(r'href="/urutan-produk"', client.get("/tentang").text)
