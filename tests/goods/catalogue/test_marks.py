"""What is asked of the goods themselves: there today, with a verified paper, at a bazaar; and prices that are typed."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert, select

from app.core import clock
from app.core.db import db, transaction
from app.goods.catalogue import queries as reading
from app.goods.catalogue import turns
from app.goods.shelf import operations as shelf
from app.goods.shelf import queries as kept
from app.goods.shelf.models import ShelfItem
from app.goods.stock.models import Stock
from app.kit.periods import WIB
from tests.goods.catalogue.conftest import BEYOND
from tests.support.clocks import TODAY
from tests.support.pages import PageClient
from tests.support.queries import count_queries, plan_of

pytestmark = pytest.mark.usefixtures("noon")

CARD = re.compile(r'data-produk="(\d+)"')
MORE = re.compile(r'href="([^"]+)" rel="next"')
AT = "bazar-sabtu"


@pytest.fixture
def marked(app: Flask, shelf_of_90: list[int]) -> list[int]:
    """Of ninety: every second with halal, every third with a P-IRT of which half ended; two shops at a bazaar."""
    ended, coming = (TODAY - timedelta(days=1)).isoformat(), (TODAY + timedelta(days=9)).isoformat()
    with transaction() as session:
        session.execute(insert(Stock), [{"variant_id": n, "on_hand": n % 3, "reserved": 0} for n in shelf_of_90])
        cards = [shelf._card_of(row) for row in shelf.rows_of(ShelfItem.product_id > 0)]
        shelf.put_all(
            replace(
                card,
                badges=[["halal", "Halal", "", "ID1"]] * (card.product_id % 2 == 0)
                + [["pirt", "P-IRT", ended if card.product_id % 6 else coming, "P1"]] * (card.product_id % 3 == 0),
                at_bazaars=card.product_id % 7 != 0,
            )
            for card in cards
        )
        shelf.mark_shops("bazaar", dict.fromkeys((BEYOND + 1, BEYOND + 2), (f"{coming}/{coming}", AT)))
    return shelf_of_90


def has(number: int, mark: str) -> bool:
    return {
        "ada": number % 3 > 0,
        "halal": number % 2 == 0,
        "pirt": number % 6 == 0,
        "bazar": number % 5 + 1 in (1, 2) and number % 7 != 0,
    }[mark]


def walk(client: PageClient, path: str) -> list[int]:
    found: list[int] = []
    while path:
        html = client.get(path).text
        found += map(int, CARD.findall(html))
        more = MORE.search(html)
        path = more[1].replace("&amp;", "&") if more else ""
    return found


def held(marks: tuple[str, ...], sort: str, kecamatan: str) -> list[int]:
    items = [each for each in db.session.scalars(select(ShelfItem)) if all(has(each.product_id, m) for m in marks)]
    items = [each for each in items if not kecamatan or each.kecamatan_code in kecamatan.split()]
    start = turns.start_of(None, WIB.local(clock.now()).date())
    keys = {
        "terbaru": lambda i: (-i.stamp.timestamp(), -i.product_id),
        "termurah": lambda i: (i.price.amount, i.product_id),
        "bergilir": lambda i: (2 * i.turn - (i.slot >= start), i.slot, i.product_id),
    }
    return [each.product_id for each in sorted(items, key=keys[sort])]


def address(marks: tuple[str, ...], sort: str, kecamatan: str) -> str:
    parts = ["bazar=" + AT if mark == "bazar" else f"ciri={mark}" for mark in marks]
    return "/produk?" + "&".join([*parts, f"urut={sort}", *(f"kecamatan={code}" for code in kecamatan.split())])


SETS = [s for n in range(1, 4) for s in itertools.combinations(("ada", "halal", "pirt", "bazar"), n)]


ORDERS = (
    ("terbaru", ""), ("termurah", "36.04.13"), ("terbaru", "36.04.13 36.04.27"), ("bergilir", ""),
    ("bergilir", "36.04.13 36.04.27"),
)  # fmt: skip


@pytest.mark.parametrize("rare", [0, 2000])
def test_each_set_of_marks_walks_each_card_once(
    client: PageClient, marked: list[int], monkeypatch: pytest.MonkeyPatch, rare: int
) -> None:
    """Along the shelf, and with the rare paper leading the way."""
    monkeypatch.setattr(reading, "RARE", rare)
    for marks in SETS:
        for sort, kecamatan in ORDERS:
            asked = (marks, sort, kecamatan)
            assert walk(client, address(*asked)) == held(*asked), asked


def test_a_paper_counts_exactly_and_no_more_on_the_day_after_it_ends(client: PageClient, marked: list[int]) -> None:
    def shown(path: str) -> dict[str, str]:
        return dict(re.findall(r'name="ciri" value="(\w+)"[^>]*>[^<]*(?:<small>(\d+)</small>)?', client.get(path).text))

    assert shown("/produk") == {"ada": "60", "halal": "45", "pirt": "15"}
    assert ">15 produk<" in client.get("/produk?ciri=pirt").text
    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        assert shown("/produk") == {"ada": "60", "halal": "45"}
        assert CARD.findall(client.get("/produk?ciri=pirt").text) == []
        assert AT not in client.get("/produk").text, "that bazaar is over"
    assert kept.list_wrong_totals() == []
    with transaction():
        shelf.take_down(BEYOND + 6)
        shelf.rebuild()
    assert kept.list_wrong_totals() == []
    assert shown("/produk")["pirt"] == "14"


def test_a_bazaar_says_how_many_goods_can_be_had_there(client: PageClient, marked: list[int]) -> None:
    there = [number for number in marked if has(number, "bazar")]
    beside = re.compile(rf'name="bazar" value="{AT}"[^>]*>[^<]*<small>(\d+)</small>')
    assert beside.findall(client.get("/produk").text) == [str(len(there))]
    assert beside.findall(client.get("/produk?ciri=halal").text) == []
    assert f">{len(there)} produk<" in client.get(f"/produk?bazar={AT}").text
    with transaction():
        shelf.take_down(there[0])
    assert f">{len(there) - 1} produk<" in client.get(f"/produk?bazar={AT}").text


def test_of_many_bazaars_the_next_are_offered_and_a_shared_address_keeps_one_that_is_further_off(
    client: PageClient, marked: list[int]
) -> None:
    """One announced since comes before it: dropped in silence, the address would show all goods of the market."""
    sooner = [(TODAY + timedelta(days=days)).isoformat() for days in range(1, 5)]
    with transaction():
        marks = {BEYOND + 500 + place: (f"{day}/{day}", f"bazar-{place}") for place, day in enumerate(sooner)}
        shelf.mark_shops("bazaar", marks)
    there = [number for number in marked if has(number, "bazar")]

    page = client.get(f"/produk?bazar={AT}").text

    assert f">{len(there)} produk<" in page
    assert f'value="{AT}" checked' in page
    assert "chip--removable" in page
    assert client.get("/produk").text.count('name="bazar"') == 4
    assert AT not in client.get("/produk").text
    assert set(walk(client, f"/produk?q=lapak&bazar={AT}")) == set(there)


def test_marks_are_chips_that_come_off_and_the_address_is_whole(client: PageClient, marked: list[int]) -> None:
    html = client.get(f"/produk?ciri=halal&ciri=ada&bazar={AT}&q=").text
    chips = [chip.replace("&amp;", "&") for chip in re.findall(r'chip--removable" href="([^"]+)"', html)]
    assert chips == [
        f"/produk?ciri=halal&bazar={AT}", f"/produk?ciri=ada&bazar={AT}", "/produk?ciri=ada&ciri=halal",
    ]  # fmt: skip
    assert "Bisa diambil di bazar" in html
    assert client.get("/produk?ciri=lain&bazar=tidak-ada").text.count("chip--removable") == 0


def test_a_search_keeps_to_the_marks(client: PageClient, marked: list[int]) -> None:
    found = set(map(int, CARD.findall(client.get("/produk?q=telur&ciri=ada").text)))
    assert found
    assert all(has(number, "ada") and number % 4 == 0 for number in found)
    assert set(walk(client, f"/produk?q=telur&bazar={AT}")) == {
        number for number in marked if number % 4 == 0 and has(number, "bazar")
    }


def test_prices_can_be_typed_and_give_way_to_a_band_chosen_later(client: PageClient, shelf_of_90: list[int]) -> None:
    def prices(path: str) -> set[int]:
        return {int(each.replace(".", "")) for each in re.findall(r'price">Rp([\d.]+)', client.get(path).text)}

    assert prices("/produk?dari=10.000&sampai=Rp15.000") == {10_000, 15_000}
    typed = client.get("/produk?sampai=12000").text
    assert 'name="sampai" inputmode="numeric" maxlength="15" value="12000"' in typed
    assert max(prices("/produk?dari=20.000&sampai=1000&harga=-10000")) <= 20_000
    assert max(prices("/produk?dari=40000&sampai=&kini=40000-&harga=-10000")) <= 10_000
    assert prices("/produk?dari=x&sampai=") == prices("/produk")


def test_few_questions_each_through_an_index(
    app: Flask, client: PageClient, marked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for rare, marks in itertools.product((0, 2000), SETS):
        monkeypatch.setattr(reading, "RARE", rare)
        with count_queries(app) as asked:
            client.get(address(marks, "termurah", "36.04.13"))
        assert len(asked) <= 6, marks
        with count_queries(app) as also:
            client.get(address(marks, "bergilir", "36.04.13"))
        assert len(also) <= 6, marks
        asked += also
        for statement, parameters in asked:
            if "shelf_item" not in statement:
                continue
            plan = plan_of(statement, parameters)
            assert "SCAN shelf_item\n" not in plan + "\n", (statement, plan)
            assert "Seq Scan on shelf_item" not in plan, (statement, plan)
            assert "SCAN stock" not in plan, plan


def test_only_dated_papers_and_no_odd_day(marked: list[int]) -> None:
    days = set(db.session.scalars(select(ShelfItem.halal_until)))
    assert days == {None, date.max}
