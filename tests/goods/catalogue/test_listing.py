"""The list: every filter with every order walks each card exactly once, in few questions and through an index."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import clock
from app.core.db import db, transaction
from app.goods.catalogue import rules, turns
from app.goods.categories.models import Category
from app.goods.shelf import operations as shelf
from app.goods.shelf import queries as kept
from app.goods.shelf.models import ShelfItem
from app.goods.shelf.rules import BANDS
from app.kit.periods import WIB
from app.kit.rupiah import Rupiah
from tests.factories import goods
from tests.support.pages import PageClient
from tests.support.queries import count_queries, plan_of

CARD = re.compile(r'data-produk="(\d+)"')
MORE = re.compile(r'href="([^"]+)" rel="next"')
SORTS = ("", "terbaru", "termurah", "termahal")
WHERE = ("", "36.04.13", "36.04.13 36.04.30")
PRICES = ("", "10000-25000", "-10000", "50000-")


def walk(client: PageClient, path: str) -> list[int]:
    """Follow "Tampilkan lagi" to the end."""
    found: list[int] = []
    for _page in range(12):
        html = client.get(path).get_data(as_text=True)
        found += map(int, CARD.findall(html))
        more = MORE.search(html)
        if more is None:
            return found
        path = more[1].replace("&amp;", "&")
    raise AssertionError("the list has no end")


def held(category: str, codes: str, prices: str, sort: str) -> list[int]:
    """What the list must show, reckoned the slow way."""
    known = {each.id: each for each in db.session.scalars(select(Category))}
    items = list(db.session.scalars(select(ShelfItem)))
    if category:
        items = [i for i in items if category in (known[i.category_id].slug, known[i.top_category_id].slug)]
    if codes:
        items = [i for i in items if i.kecamatan_code in codes.split()]
    if prices:
        low, high = prices.split("-")
        items = [i for i in items if int(low or 0) <= i.price.amount <= int(high or 10**12)]
    keys = {
        "terbaru": lambda i: (-i.stamp.timestamp(), -i.product_id),
        "termurah": lambda i: (i.price.amount, i.product_id),
        "termahal": lambda i: (-i.price.amount, -i.product_id),
    }
    start = turns.start_of(None, WIB.local(clock.now()).date())
    in_turn = lambda i: (2 * i.turn - (i.slot >= start), i.slot, i.product_id)  # noqa: E731 - a key beside its sisters
    return [i.product_id for i in sorted(items, key=keys.get(sort, in_turn))]


def address(category: str, codes: str, prices: str, sort: str) -> str:
    parts = [f"kategori={category}"] * bool(category) + [f"kecamatan={code}" for code in codes.split()]
    parts += [f"harga={prices}"] * bool(prices) + [f"urut={sort}"] * bool(sort)
    return "/produk?" + "&".join(parts)


@pytest.mark.parametrize("category", ["", "makanan-ringan", "keripik-kerupuk"])
def test_filters_orders_and_pages_show_each_card_once(
    client: PageClient, shelf_of_90: list[int], category: str
) -> None:
    for codes, prices, sort in itertools.product(WHERE, PRICES, SORTS):
        asked = (category, codes, prices, sort)
        assert walk(client, address(*asked)) == held(*asked), asked


@pytest.mark.parametrize("sort", SORTS[1:])
def test_what_leaves_the_shelf_meanwhile_makes_nobody_miss_a_card(
    client: PageClient, shelf_of_90: list[int], sort: str
) -> None:
    """A next page goes on from the last card, not from a number of cards. Where shops take turns, the next of a shop
    takes the place of the one that left, and may stand before it."""
    whole, html = walk(client, f"/produk?urut={sort}"), client.get(f"/produk?urut={sort}").text
    first = list(map(int, CARD.findall(html)))
    with transaction():
        for number in first[:3]:
            shelf.take_down(number)

    more = MORE.search(html)
    assert more
    assert first + walk(client, more[1].replace("&amp;", "&")) == whole


def test_a_category_page_walks_the_same(client: PageClient, shelf_of_90: list[int]) -> None:
    assert walk(client, "/kategori/makanan-ringan") == held("makanan-ringan", "", "", "")
    assert client.get("/kategori/tidak-ada").status_code == 404


@pytest.mark.parametrize("sort", ["relevan", "terbaru", "termurah", "termahal"])
def test_a_search_walks_each_find_once(client: PageClient, shelf_of_90: list[int], sort: str) -> None:
    found = walk(client, f"/produk?q=telor&urut={sort}")
    expected = [number for number in shelf_of_90 if number % 4 == 0]
    assert sorted(found) == expected
    narrow = walk(client, f"/produk?q=telor&urut={sort}&kecamatan=36.04.13&harga=10000-30000")
    assert set(narrow) == set(held("", "36.04.13", "10000-30000", "")) & set(expected)


def test_counts_beside_the_filters_are_exact(client: PageClient, shelf_of_90: list[int]) -> None:
    html = client.get("/produk?kecamatan=36.04.13").get_data(as_text=True)

    shown = dict(re.findall(r'name="kategori" value="([a-z-]+)"[^>]*>[^<]*<small>(\d+)</small>', html))
    assert shown
    assert all(int(count) == len(held(slug, "36.04.13", "", "")) for slug, count in shown.items())
    assert ">0 produk" not in html
    assert f"{len(held('', '36.04.13', '', ''))} produk" in html


def test_each_range_of_prices_says_how_many_it_has(client: PageClient, shelf_of_90: list[int]) -> None:
    beside = re.compile(r'name="harga" value="([\d-]+)"[^>]*>[^<]*(?:<small>(\d+)</small>)?')

    def shown(path: str) -> dict[str, str]:
        return dict(beside.findall(client.get(path).text))

    for path in ("/produk", "/produk?harga=10000-25000"):
        found = shown(path)
        assert len(found) == len(BANDS)
        assert {band: int(count) for band, count in found.items()} == {
            band: len(held("", "", band, "")) for band in found
        }
    assert set(shown("/produk?kecamatan=36.04.13").values()) == {""}, "several filters are not counted together"
    with transaction():
        card = shelf._card_of(shelf.rows_of(ShelfItem.product_id == shelf_of_90[0])[0])
        shelf.put(replace(card, price=Rupiah(25_000)))
        shelf.take_down(shelf_of_90[1])
    assert shown("/produk")["10000-25000"] == str(len(held("", "", "10000-25000", "")))
    assert shown("/produk")["25000-50000"] == str(len(held("", "", "25000-50000", "")))
    assert kept.list_wrong_totals() == []


def test_a_page_asks_at_most_six_questions_however_much_there_is(
    app: Flask, client: PageClient, shelf_of_90: list[int]
) -> None:
    paths = [
        "/produk",
        "/produk?saring=1",
        "/produk?kategori=makanan-ringan&kecamatan=36.04.13&kecamatan=36.04.30&harga=10000-25000&urut=termurah",
        "/produk?q=telor+asin",
        "/produk?q=telur+qqzz",
        "/produk?q=qqzzxx",
        "/produk?q=telur&kategori=keripik-kerupuk",
        "/produk?q=telur&harga=900000-",
        "/produk?q=qqzzxx&kategori=keripik-kerupuk",
        "/produk?q=telur&ciri=halal",
        "/kategori/makanan-ringan",
        "/lapak",
    ]
    for path in paths:
        with count_queries(app) as asked:
            client.get(path)
        assert 1 <= len(asked) <= 6, (path, [statement for statement, _ in asked])


def test_only_a_search_asks_how_words_are_spelt(app: Flask, client: PageClient, shelf_of_90: list[int]) -> None:
    for path, searches in (("/produk", False), (address("telur-asin", "36.04.13", "", "termurah"), False),
                           ("/produk?q=telor", True)):  # fmt: skip
        with count_queries(app) as asked:
            client.get(path)
        assert any("market_word" in statement for statement, _ in asked) is searches, path


def test_a_count_is_exact_for_one_filter_and_stops_far_away_for_several(
    client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_COUNTED", 5)
    assert ">90 produk<" in client.get("/produk").text
    some = len(held("", "", "10000-25000", ""))
    assert f">{some} produk<" in client.get("/produk?harga=10000-25000").text
    assert ">5+ produk<" in client.get("/produk?harga=10000-25000&kecamatan=36.04.13&kecamatan=36.04.30").text


def test_every_filter_and_order_has_its_index(app: Flask, client: PageClient, shelf_of_90: list[int]) -> None:
    for category, codes, prices, sort in itertools.product(
        ("", "makanan-ringan", "keripik-kerupuk"), WHERE, ("", "10000-25000"), SORTS[1:]
    ):
        with count_queries(app) as asked:
            client.get(address(category, codes, prices, sort))
        for statement, parameters in asked:
            if "FROM shelf_item" not in statement:
                continue
            plan = plan_of(statement, parameters)
            assert "SCAN shelf_item\n" not in plan + "\n", (statement, plan)
            assert "Seq Scan on shelf_item" not in plan, (statement, plan)
            if "count(" not in statement and " " not in codes:
                assert "TEMP B-TREE" not in plan, (statement, plan)
                assert "Sort Key" not in plan, (statement, plan)


def test_an_empty_shelf_says_so_and_a_filter_without_goods_offers_a_way_back(client: PageClient) -> None:
    assert "Belum ada produk" in client.get("/produk").get_data(as_text=True)
    html = client.get("/produk?kecamatan=36.04.05").get_data(as_text=True)
    assert "Hapus saringan" in html
    assert "Kramatwatu" in html


def shown(html: str) -> tuple[list[int], list[str]]:
    """The cards of a page, and the addresses that its chips and its one button lead to."""
    ways = re.findall(r'(?:chip--removable|button--action)" href="([^"]+)"', html)
    return list(map(int, CARD.findall(html))), [each.replace("&amp;", "&") for each in ways]


@pytest.mark.parametrize(
    ("filters", "chips"),
    [
        ("kategori=telur-asin", ["/produk?q=sate+bandeng"]),
        ("kecamatan=36.04.05", ["/produk?q=sate+bandeng"]),
        ("harga=900000-", ["/produk?q=sate+bandeng"]),
        ("ciri=halal", ["/produk?q=sate+bandeng"]),
        (
            "kategori=telur-asin&kecamatan=36.04.13&harga=900000-",
            [
                "/produk?q=sate+bandeng&kecamatan=36.04.13&harga=900000-",
                "/produk?q=sate+bandeng&kategori=telur-asin&harga=900000-",
                "/produk?q=sate+bandeng&kategori=telur-asin&kecamatan=36.04.13",
            ],
        ),
    ],
)
def test_a_search_that_filters_leave_empty_shows_what_there_is_without_them(
    client: PageClient, shelf_of_90: list[int], filters: str, chips: list[str]
) -> None:
    fish = {number for number in shelf_of_90 if number % 4 == 2}

    html = client.get(f"/produk?q=sate+bandeng&{filters}").text

    cards, ways = shown(html)
    assert "Dengan saringan ini tidak ada “sate bandeng”. Yang di bawah ini di luar saringan." in html
    assert ">Di luar saringan</h2>" in html
    assert cards and set(cards) <= fish
    assert ways == [*chips, "/produk?q=sate+bandeng"]
    assert ">Tidak ada “" not in html


def test_it_says_what_it_understood_and_what_is_only_near(client: PageClient, shelf_of_90: list[int]) -> None:
    mended = client.get("/produk?q=bandneg&kategori=telur-asin").text
    assert "<strong>bandeng</strong>" in mended and "di luar saringan" in mended

    near = client.get("/produk?q=bandeng+qqzzxx&kecamatan=36.04.05").text
    assert "tidak ada yang mirip “bandeng qqzzxx”. Di luar saringan ini yang paling mirip, untuk bandeng." in near
    assert shown(near)[0]

    within = client.get("/produk?q=telur+qqzzxx&kecamatan=36.04.13").text
    assert "Dengan saringan ini tidak ada yang persis “telur qqzzxx”" in within
    assert '<a href="/produk?q=telur+qqzzxx">Cari tanpa saringan</a>' in within
    assert "Tidak ada yang persis “telur qqzzxx”" in client.get("/produk?q=telur+qqzzxx").text


@pytest.mark.parametrize("filters", ["kategori=telur-asin", "kecamatan=36.04.13", "harga=900000-", "ciri=halal", ""])
@pytest.mark.parametrize("words", ["qqzzxx", "!!!"])
def test_what_nobody_sells_is_said_so_beside_the_newest(
    client: PageClient, shelf_of_90: list[int], filters: str, words: str
) -> None:
    html = client.get(f"/produk?q={words}&{filters}").text

    assert f"Tidak ada “{words}”" in html
    assert len(shown(html)[0]) == rules.PAGE
    assert 'href="/produk">Lihat semua produk</a>' in html
    assert ("chip--removable" in html) is bool(filters)


def test_unreadable_words_beside_a_bazaar_that_nobody_knows_are_answered(client: PageClient) -> None:
    assert client.get("/produk?q=!!!&bazar=tidak-ada").status_code == 200


def test_the_end_of_a_list_leads_back_to_its_start(client: PageClient, shelf_of_90: list[int]) -> None:
    for end in ("urut=terbaru&setelah=b1.1", f"setelah={turns.place(5, 3, 4, 1 << 62)}"):
        html = client.get(f"/produk?{end}").get_data(as_text=True)
        assert "Sudah sampai ujung" in html


def test_chosen_filters_are_chips_that_come_off(client: PageClient, shelf_of_90: list[int]) -> None:
    html = client.get("/produk?kategori=makanan-ringan&kecamatan=36.04.13&harga=10000-25000").get_data(as_text=True)

    chips = re.findall(r'chip--removable" href="([^"]+)"', html)
    assert [chip.replace("&amp;", "&") for chip in chips] == [
        "/produk?kecamatan=36.04.13&harga=10000-25000",
        "/produk?kategori=makanan-ringan&harga=10000-25000",
        "/produk?kategori=makanan-ringan&kecamatan=36.04.13",
    ]


def test_the_page_of_filters_is_a_plain_form(client: PageClient, shelf_of_90: list[int]) -> None:
    html = client.get("/produk?saring=1&kecamatan=36.04.13&q=telur").get_data(as_text=True)

    assert "<h1>Saring produk</h1>" in html
    assert 'name="kecamatan" value="36.04.13" checked' in html
    assert 'type="hidden" name="q" value="telur"' in html


def test_what_leaves_the_shelf_leaves_the_next_page_too(client: PageClient, shelf_of_90: list[int]) -> None:
    before = client.get("/produk").get_data(as_text=True)
    with transaction():
        for number in shelf_of_90[-3:]:
            shelf.take_down(number)
    after = client.get("/produk").get_data(as_text=True)

    assert ">90 produk<" in before
    assert ">87 produk<" in after
    counted = r'name="(?:kategori|kecamatan)" value="[^"]+"[^>]*>[^<]*<small>(\d+)</small>'
    assert sum(map(int, re.findall(counted, after))) == 2 * 87
    assert not {str(number) for number in shelf_of_90[-3:]} & set(CARD.findall(after))


def test_of_equal_finds_those_that_are_there_come_before_those_that_are_sold_out(client: PageClient) -> None:
    shop = goods.make_shop()
    told = {"A": ("Telur asin", 5), "B": ("Telur asin", 0), "C": ("Telur asin", 3), "D": ("Kerupuk telur asin", 9)}
    made = {letter: goods.make_product(shop, name, qty=qty).id for letter, (name, qty) in told.items()}
    letters = {number: letter for letter, number in made.items()}

    found = ["".join(letters[number] for number in walk(client, f"/produk?q=telor+asin&urut={sort}")) for sort in SORTS]

    # By how well they answer, what is sold out stands last of its equals; whoever asks for an order of hers has it.
    assert found[0] == "CABD"
    assert found[1] == "DCBA"
