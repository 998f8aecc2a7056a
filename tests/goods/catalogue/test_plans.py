"""How the engines mean to answer the public pages of goods: nothing that grows is read from end to end.

Source: spec/performance.md, budget 4. A walk along an index that gives the order, cut off by a limit, reads a page; the
tables of `BOUNDED` hold what the office keeps, some dozens of rows in a million products as in none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.clock import now
from app.core.db import db, transaction
from app.goods.catalogue import queries, rules
from app.goods.categories.models import Category
from app.goods.shelf import filling
from app.goods.shelf import operations as shelf
from app.goods.shelf import queries as cards
from app.goods.shelf.models import ShelfItem
from app.goods.shelf.rules import Card
from app.kit.rupiah import Rupiah
from tests.factories.goods import make_photo, make_product, make_shop
from tests.support.pages import PageClient
from tests.support.queries import count_queries, plan_of, tidied, work_of

BOUNDED = {
    "bazaar", "bazaar_day", "business_type", "category", "leaf", "top", "c", "mark", "page_stamp", "region", "r",
    "region_alias", "region_setting", "shelf_count", "shelf_total", "t", "search_product",
}  # fmt: skip
# What a common table expression, a subquery or a list of values made: as many rows as were put into it.
MADE = re.compile(r"^\(?(subquery|union|anon|near|few|whole|part|said|n$|CONSTANT|\d+-)", re.IGNORECASE)
SCAN = re.compile(r"SCAN (\(?[\w-]+)( USING (?:COVERING )?INDEX \w+)?|(?:Seq Scan|Parallel Seq Scan) on (\w+)")
PATHS = (
    "/",
    "/produk",
    "/produk?urut=terbaru",
    "/produk?urut=termahal&setelah=h19000.99999999",
    "/produk?urut=termurah&setelah=m19000.1&kecamatan=36.04.13&harga=10000-90000",
    "/produk?kategori=makanan-ringan",
    "/produk?kategori=keripik-kerupuk&kecamatan=36.04.13&urut=termurah",
    "/produk?kecamatan=36.04.13&kecamatan=36.04.30&harga=10000-25000",
    "/produk?ciri=ada&ciri=halal",
    "/produk?ciri=pirt&kategori=keripik-kerupuk",
    "/produk?q=telor+asin",
    "/produk?q=telr+asn",
    "/produk?q=qqzzxx",
    "/produk?q=telur&kategori=keripik-kerupuk&kecamatan=36.04.13&ciri=ada",
    "/produk?saring=1",
    "/kategori/makanan-ringan",
    "/lapak",
    "/lapak?kecamatan=36.04.13",
    "/lapak?q=lapak",
    "/saran?q=tel",
    "/saran?q=telur+as",
    "/saran?q=telrr",
    "/produk/{product}",
    "/lapak/{shop}",
    "/produk/tidak-ada",
)


@pytest.fixture
def goods(app: Flask, shelf_of_90: list[int]) -> dict[str, str]:
    """A product that can be bought among ninety cards; its address and its shop's."""
    shop = make_shop()
    product = make_product(shop, "Telur asin bebek", photo=make_photo(shop))
    return {"product": product.slug, "shop": shop.slug}


def read_whole(statement: str, plan: str) -> list[str]:
    """Return the tables that a plan reads from end to end."""
    found = []
    for line in plan.splitlines():
        for name, index, other in SCAN.findall(line):
            table = name or other
            walks = "LIMIT" in statement.upper() and (bool(index) or "FOR ORDER BY" not in plan)
            if table not in BOUNDED and not walks and not MADE.match(table):
                found.append(line.strip())
    return found


@pytest.mark.parametrize("path", PATHS)
def test_no_public_page_of_goods_reads_a_table_that_grows_from_end_to_end(
    app: Flask, client: PageClient, goods: dict[str, str], path: str
) -> None:
    with count_queries(app) as asked:
        client.get(path.format(**goods))
    assert asked or path.startswith("/saran")

    whole = {statement: read_whole(statement, plan_of(statement, parameters)) for statement, parameters in asked}

    assert {statement: lines for statement, lines in whole.items() if lines} == {}


def test_a_question_without_an_index_is_seen(app: Flask, goods: dict[str, str]) -> None:
    statement = "SELECT count(*) FROM shelf_item WHERE unit = 'bungkus'"

    assert read_whole(statement, plan_of(statement, ()))


@pytest.mark.parametrize("more", ["", "&kategori=keripik-kerupuk", "&kecamatan=36.04.13", "&urut=terbaru"])
def test_prices_that_few_cards_have_and_papers_that_none_has_lead_the_way(
    app: Flask, client: PageClient, goods: dict[str, str], more: str
) -> None:
    for asked_for in ("harga=58000-58001", "ciri=halal"):
        with count_queries(app) as asked:
            assert client.get(f"/produk?{asked_for}{more}").status_code == 200
        first = next(each for each in asked if "shelf_item.slug" in each[0])
        assert "WITH few AS MATERIALIZED" in first[0]
        assert read_whole(*first[:1], plan_of(*first)) == []


def test_a_rare_paper_leads_past_the_index_of_a_place(app: Flask, client: PageClient, goods: dict[str, str]) -> None:
    with count_queries(app) as asked:
        client.get("/produk?ciri=halal&ciri=ada&kategori=keripik-kerupuk&kecamatan=36.04.13")

    for statement, parameters in asked:
        if "halal_until >=" in statement and db.engine.name == "sqlite":
            assert "ix_shelf_halal (halal_until>?)" in plan_of(statement, parameters)


def test_of_two_papers_the_rarer_one_leads(app: Flask, client: PageClient, goods: dict[str, str]) -> None:
    """P-IRT stands on every second card of a large market, halal on none."""
    with transaction() as session:
        session.execute(text("UPDATE shelf_item SET pirt_until = '2099-01-01'"))
        session.execute(text("INSERT INTO shelf_total (kind, key, items) VALUES ('p', '2099-01-01', 900)"))
    with count_queries(app) as asked:
        client.get("/produk?ciri=pirt&ciri=halal&ciri=ada")

    papers = [plan_of(*each) for each in asked if "halal_until" in each[0]]
    assert len(papers) == 2
    assert all("ix_shelf_pirt" not in plan for plan in papers)
    assert all("ix_shelf_halal" in plan for plan in papers)


def test_what_cannot_be_counted_soon_is_not_counted_and_no_number_said(
    app: Flask, client: PageClient, goods: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make_shop()
    for number in range(3):
        make_product(shop, f"Keripik {number}")
    address = "/produk?ciri=ada&harga=-900000"
    whole = client.get(address).text
    monkeypatch.setattr(queries, "WALKED", 10)
    with count_queries(app) as asked:
        part = client.get(address).text

    assert ">4 produk<" in whole
    assert not re.search(r">[\d.+]+ produk<", part)
    assert not [statement for statement, _ in asked if statement.startswith("SELECT count(*) AS count_1")]
    assert part.count("Keripik 2") == whole.count("Keripik 2") > 0
    monkeypatch.undo()
    monkeypatch.setattr(rules, "MOST_COUNTED", 3)
    assert ">3+ produk<" in client.get(address).text


def test_of_what_many_may_have_those_of_a_place_are_counted(
    client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        badges = [["pirt", "P-IRT", "", "P1"]]
        shelf.put_all([replace(card_of(number), badges=badges) for number in shelf_of_90])
    monkeypatch.setattr(queries, "WALKED", 80)
    for place, told in (("", []), ("&kecamatan=36.04.13", ["30"])):
        page = client.get(f"/produk?ciri=pirt&harga=-900000{place}").text

        assert re.findall(r">([\d.+]+) produk<", page) == told


def test_a_range_of_rare_prices_shows_what_lies_in_it_newest_first(client: PageClient, shelf_of_90: list[int]) -> None:
    with transaction():
        shelf.put_all([replace(card_of(number), price=Rupiah(777_000)) for number in shelf_of_90[:3]])

    page = client.get("/produk?harga=700000-&urut=terbaru").text

    assert page.count("Rp777.000") == 3


@pytest.mark.parametrize(
    "place", ["", "&kategori=telur-asin", "&kecamatan=36.04.13&kecamatan=36.04.30", "&harga=10000-90000"]
)
@pytest.mark.parametrize(("order", "first"), [("termurah&setelah=m", 20_000), ("termahal&setelah=h", 40_000)])
def test_a_page_costs_the_same_wherever_it_begins_among_the_cards_of_one_price(
    app: Flask, client: PageClient, goods: dict[str, str], shelf_of_90: list[int], place: str, order: str, first: int
) -> None:
    """Many cards have a usual price; SQLite passed by all before the place, of a range by those of every price."""
    leaf = db.session.scalars(select(Category.id).where(Category.slug == "telur-asin")).one()
    one = replace(card_of(shelf_of_90[0]), category_id=leaf, kecamatan_code="36.04.13")
    numbers, usual = range(10_000, 13_000), (20_000, 30_000, 40_000)
    put_many(replace(one, product_id=n, slug=f"kartu-{n}", shop_id=n, price=Rupiah(usual[n % 3])) for n in numbers)
    tidied("shelf_item")
    work = []
    for price, number in ((first, numbers[0] if first < usual[1] else numbers[-1]), (usual[1], numbers[1_500])):
        with count_queries(app) as asked:
            assert client.get(f"/produk?urut={order}{price}.{number}{place}").text.count("data-produk=") == 24
        work.append(work_of(*next(each for each in asked if "shelf_item.slug" in each[0])))
        db.session.rollback()

    assert work[1] < 2 * work[0]


@pytest.mark.parametrize("asked_for", ["ciri=ada", "harga=10000-25000", "harga=10000-25000&urut=terbaru"])
def test_what_many_cards_have_is_met_on_the_way_and_not_gathered(
    app: Flask, client: PageClient, goods: dict[str, str], shelf_of_90: list[int], asked_for: str
) -> None:
    one = card_of(shelf_of_90[0])
    put_many(
        replace(one, product_id=n, slug=f"kartu-{n}", shop_id=n, price=Rupiah(5_000 + n % 50 * 1_000))
        for n in range(10_000, 13_000)
    )
    with count_queries(app) as asked:
        client.get(f"/produk?{asked_for}")
    statement, parameters = next(each for each in asked if "shelf_item.slug" in each[0])

    connection = db.session.connection()
    connection.execute(text("ANALYZE shelf_item"))
    explain = "EXPLAIN QUERY PLAN" if db.engine.name == "sqlite" else "EXPLAIN"
    plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
    db.session.rollback()

    assert re.search("ix_shelf_turn|ix_shelf_new", plan)
    assert not re.search("Sort|TEMP B-TREE", plan)


def put_many(wanted: Iterable[Card]) -> None:
    """Put very many new cards on the shelf."""
    many = list(wanted)
    around = cards.surroundings({card.kecamatan_code for card in many})
    with transaction():
        filling.fill(filling.ready(many, around, {}, now(), db.engine.dialect))
        filling.settle(card.shop_id for card in many)


def card_of(number: int) -> Card:
    """The card of a product as it stands."""
    row = db.session.get_one(ShelfItem, number)
    return Card(**{each.name: getattr(row, each.name) for each in fields(Card)})


def test_no_question_of_a_page_is_planned_anew_each_time_for_what_it_is_given(
    app: Flask, client: PageClient, goods: dict[str, str]
) -> None:
    with count_queries(app) as asked:
        for path in 3 * PATHS:
            client.get(path.format(**goods))
    # Beside an index of one state, SQLite plans anew for each state that is given and not said.
    of_reviews = [statement for statement, _facts in asked if "review.state" in statement]
    assert of_reviews
    assert all("review.state = 'shown'" in each for each in of_reviews)
    assert planned_anew() == []


def planned_anew() -> list[str]:
    """Return what SQLite planned more than once in two times it was asked, where it was built to tell."""
    if db.engine.dialect.name != "sqlite":
        return []
    if "ENABLE_STMTVTAB" not in db.session.scalars(text("SELECT compile_options FROM pragma_compile_options")).all():
        return []
    return list(db.session.scalars(text("SELECT sql FROM sqlite_stmt WHERE run > 2 AND reprep > run / 2")))
