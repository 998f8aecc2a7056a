"""A search weighs only the newest that answer; whoever goes on, or asks for what few have, still reaches the others."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.clock import now
from app.core.db import db, transaction
from app.goods.catalogue import queries as listed
from app.goods.catalogue import rules as shown
from app.goods.search import having, queries, rules, tongues
from app.goods.search.rules import Scope
from app.goods.shelf import operations as shelf
from app.goods.shelf.models import ShelfItem
from app.goods.shelf.newest import ages as marks_of
from app.goods.shelf.newest import cut, position
from app.goods.stock.models import Stock
from tests.support.pages import PageClient
from tests.support.queries import asked_cold, count_queries
from tools import kept

SAID = re.compile(r">([\d.]+\+?) produk<")
# So few rows would be read whole; so the engine shows what its index of words would do.
NO_OTHER_WAY = ("enable_seqscan = off", "enable_indexscan = off")


def asked_of_two_words(app: Flask) -> tuple[str, Any]:
    """What a search for two words asks of the index, as it is sent to the driver."""
    with count_queries(app) as asked:
        queries.find(rules.read("lapak telur"), Scope())
    return asked[0]


def keys_of_stretches(plan: Sequence[str]) -> list[tuple[int, int]]:
    """Of each key of the index that has to do with a stretch: of how many parts it is, and how many were joined."""
    keys = [line for line in plan if "Index Cond" in line and "age" in line]
    return [(line.count("document @@"), line.count("&&")) for line in keys]


def of_words_that_are_neither_rare_nor_common() -> None:
    """So many that neither are they gathered nor met on a walk along the newest."""
    with transaction() as session:
        session.execute(text("UPDATE search_term SET items = 9000"))
        session.execute(text("UPDATE shelf_total SET items = 10000000 WHERE kind = 'c'"))


def rebuilt() -> None:
    """Let the index know what was written on the cards by hand."""
    with transaction():
        shelf.rebuild()


def all_with_papers() -> None:
    with transaction() as session:
        session.execute(text("UPDATE shelf_item SET pirt_until = '2099-01-01'"))
    rebuilt()


def walked(client: PageClient, path: str) -> list[list[str]]:
    """The goods of each page of a list, from its first to its last."""
    pages = []
    while path:
        html = client.get(path).text
        pages.append(re.findall(r'data-produk="([^"]+)"', html))
        more = re.search(r'href="(/produk\?[^"]*setelah=[^"]+)"', html)
        path = more[1].replace("&amp;", "&") if more else ""
    return pages


@pytest.mark.parametrize("more", ["", "&urut=terbaru", "&urut=termurah"])
def test_more_than_are_weighed_are_counted_and_all_of_them_are_reached_once(
    app: Flask, client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    at_once = sorted(itertools.chain(*walked(client, f"/produk?q=lapak{more}")))
    monkeypatch.setattr(queries, "WEIGHED", 30)

    assert "90 produk" in client.get(f"/produk?q=lapak{more}").text
    pages = walked(client, f"/produk?q=lapak{more}")

    assert [len(page) for page in pages] == [24, 24, 24, 18]
    assert sorted(itertools.chain(*pages)) == at_once


def test_what_answers_best_of_the_newest_comes_first_and_the_older_behind_them(
    shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "WEIGHED", 30)
    found = queries.find(rules.read("lapak telur"), Scope(), far=True).ranked
    newest = queries.find(rules.read("lapak telur"), Scope()).ranked

    assert len(found) == len(newest) == 22
    found, newest = (queries.find(rules.read("lapak"), Scope(), far=far).ranked for far in (True, False))
    assert (len(found), len(newest)) == (90, 30)
    assert list(found[:30]) == list(newest)
    assert max(each.score for each in found[30:]) < min(each.score for each in newest)
    assert max(each.position for each in found[30:]) < min(each.position for each in newest)


def test_a_paper_that_only_older_goods_have_is_found_behind_the_newest(
    app: Flask, client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        for number in shelf_of_90[:5]:
            session.get_one(ShelfItem, number).pirt_until = date(2099, 1, 1)
    rebuilt()
    monkeypatch.setattr(queries, "WEIGHED", 30)

    page = client.get("/produk?q=lapak&ciri=pirt").text

    assert "5 produk" in page
    assert page.count("data-produk=") == 5


def test_of_finds_that_are_left_out_afterwards_no_number_is_said_that_nobody_knows(
    client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    all_with_papers()
    monkeypatch.setattr(queries, "WEIGHED", 30)

    page = client.get("/produk?q=lapak&ciri=pirt").text

    assert page.count("data-produk=") == 24
    assert SAID.findall(page) == []


def test_one_word_says_exactly_how_many_hold_it_and_several_say_no_number(
    client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SAID.findall(client.get("/produk?q=lapak+telur").text) == ["22"]
    monkeypatch.setattr(queries, "WEIGHED", 20)
    monkeypatch.setattr(queries, "MOST", 21)
    monkeypatch.setattr(shown, "MOST_COUNTED", 20)

    assert SAID.findall(client.get("/produk?q=lapak").text) == ["90"]
    assert SAID.findall(client.get("/produk?q=lapak+telur").text) == []
    assert SAID.findall(client.get("/produk?q=lapak+telur&urut=termurah").text) == ["20+"]


def test_of_many_finds_the_best_are_asked_for_a_mark_and_fill_the_first_page_and_all_are_reached_once(
    app: Flask, client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To ask four hundred costs more than to find them."""
    all_with_papers()
    at_once = walked(client, "/produk?q=lapak")
    monkeypatch.setattr(queries, "WEIGHED", 80)

    with count_queries(app) as asked:
        page = client.get("/produk?q=lapak&ciri=pirt").text

    assert SAID.findall(page) == []
    of_cards = [statement for statement, _ in asked if "FROM shelf_item JOIN" in statement]
    assert len(of_cards) == 1, "the cards come with their marks"
    assert "pirt_until" in of_cards[0]
    pages = walked(client, "/produk?q=lapak&ciri=pirt")
    assert pages[0] == at_once[0]
    assert sorted(itertools.chain(*pages)) == sorted(itertools.chain(*at_once))


def test_a_search_of_more_than_are_weighed_asks_within_its_budget_even_cold(
    app: Flask, client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    all_with_papers()
    monkeypatch.setattr(queries, "WEIGHED", 30)
    narrow = ("q=lapak&ciri=pirt&kategori=telur-asin", "q=lapka&harga=-90000", "q=lapka&ciri=pirt")
    for asked_for in ("q=lapak", "q=lapka", *narrow):
        asked = asked_cold(app, client, f"/produk?{asked_for}")
        assert len(asked) <= 6, "\n".join(asked)


def test_a_word_that_most_goods_hold_is_met_on_a_walk_and_its_index_left_alone(
    app: Flask, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All cards of a common word would be gathered, of a million several hundred thousand, to show the newest."""
    monkeypatch.setattr(queries, "WEIGHED", 30)
    if db.engine.name != "postgresql":
        return
    for typed, walks in (("lapak", True), ("lap", True), ("lapak 7", False)):
        with count_queries(app) as asked:
            queries.find(rules.read(typed), Scope())
        statement, parameters = asked[0]
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN ANALYZE {statement}", parameters).scalars().all()
        stretches = next(line for line in plan if "Nested Loop" in line)
        assert ("never executed" in stretches) is walks, "\n".join(plan)


def test_words_and_the_stretch_they_are_looked_for_in_are_two_keys_of_the_index(
    app: Flask, shelf_of_90: list[int]
) -> None:
    """Joined into one, every card of the rarest of them would be laid beside all the others, of whatever age."""
    if db.engine.name != "postgresql":
        return
    statement, parameters = asked_of_two_words(app)
    connection = db.session.connection()
    for setting in NO_OTHER_WAY:
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()

    assert keys_of_stretches(plan) == [(2, 0)], "\n".join(plan)


def test_the_words_that_a_beginning_may_go_on_to_are_a_key_of_their_own(app: Flask, shelf_of_90: list[int]) -> None:
    """Thirty words beside another in one key would each be laid beside it, card by card."""
    if db.engine.name != "postgresql":
        return
    with count_queries(app) as asked:
        found = queries.find(rules.read("lapak te"), Scope())
        alone = queries.find(rules.read("te"), Scope(kecamatan=("36.04.13", "36.04.27", "36.04.30")))
    assert len(found.ranked) == len(alone.ranked) == 22
    connection = db.session.connection()
    for setting in NO_OTHER_WAY:
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    for statement, parameters in asked[:2]:
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
        assert keys_of_stretches(plan) == [(3, 0)], "\n".join(plan)


def test_a_plan_kept_for_all_questions_looks_for_words_only_together_with_a_stretch(
    app: Flask, shelf_of_90: list[int]
) -> None:
    """PostgreSQL keeps one after ten of a kind, and may not gather every card of the words first."""
    if db.engine.name != "postgresql":
        return
    connection = db.session.connection()
    for setting in NO_OTHER_WAY:
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    plan = kept.explained(connection, *asked_of_two_words(app))

    assert keys_of_stretches(plan) == [(2, 0)], "\n".join(plan)
    assert sum("Index Cond" in line and "document" in line for line in plan) == 1, "\n".join(plan)
    assert not any("Seq Scan on search_product" in line for line in plan), "\n".join(plan)


def test_a_category_within_a_kecamatan_is_one_mark_of_the_index(shelf_of_90: list[int]) -> None:
    """Beside each other the two marks would be laid card by card, though few have both."""
    rows = db.session.scalars(select(ShelfItem).where(ShelfItem.product_id.in_(shelf_of_90))).all()
    pairs = {(each.category_id, each.kecamatan_code) for each in rows}
    leaves, places = ({pair[part] for pair in pairs} for part in (0, 1))

    for pair in itertools.product(leaves, places):
        scope = Scope(pair[0], (pair[1],))
        found = {each.product_id for each in queries.find(rules.read("lapak"), scope).ranked}
        assert found == {each.product_id for each in rows if (each.category_id, each.kecamatan_code) == pair}
        assert " AND (" not in tongues.in_fts5(rules.read("lapak"), scope).partition("facets")[2]
    both = queries.find(rules.read("lapak"), Scope(rows[0].top_category_id, tuple(sorted(places)[:2]))).ranked
    assert {each.product_id for each in both} == {
        each.product_id
        for each in rows
        if each.top_category_id == rows[0].top_category_id and each.kecamatan_code in sorted(places)[:2]
    }


@pytest.fixture
def of_two_papers(shelf_of_90: list[int]) -> list[int]:
    """Of ninety: some with halal, some of which ended, two thirds with a P-IRT; every fifth of which stock is counted
    is empty."""
    with transaction() as session:
        for number in shelf_of_90:
            card = session.get_one(ShelfItem, number)
            card.halal_until = date(2099, 1, 1) if number % 4 < 2 else date(2020, 1, 1) if number % 9 == 0 else None
            card.pirt_until = date(2099, 1, 1) if number % 3 else None
            session.add(Stock(variant_id=card.variant_id, on_hand=number % 5, reserved=0))
    rebuilt()
    return shelf_of_90


PLACES = (Scope(), Scope(kecamatan=("36.04.13", "36.04.27")), Scope(prices=(10_000, 40_000)))


@pytest.mark.parametrize("weighed", [200, 30])
@pytest.mark.parametrize("words", ["lapak", "telur lapak", "lapak te", "telur"])
@pytest.mark.parametrize("scope", PLACES)
def test_what_is_there_is_found_with_the_words_as_if_all_were_read_and_most_left_out(
    app: Flask, of_two_papers: list[int], monkeypatch: pytest.MonkeyPatch, weighed: int, words: str, scope: Scope
) -> None:
    monkeypatch.setattr(queries, "WEIGHED", weighed)
    filters = shown.Filters(q=words, marks=("ada", "halal"))
    question = rules.read(words)

    whole = queries.find(question, scope, far=True, marked=True)
    kept_ids = listed.keep_marked([each.product_id for each in whole.ranked], filters)
    newest = queries.find(question, scope, marked=True)
    found = having.find(newest, question, scope, *listed.having(filters))

    assert kept_ids
    assert len(kept_ids) < len(whole.ranked)
    assert list(found.ranked) == [each for each in whole.ranked if each.product_id in kept_ids]
    assert found.cut == whole.cut


@pytest.mark.parametrize("few", [False, True])
@pytest.mark.parametrize("words", ["lapak", "telur lapak", "lapak te", "telur"])
@pytest.mark.parametrize("papers", [("halal",), ("halal", "pirt"), ("pirt",)])
@pytest.mark.parametrize("place", PLACES)
def test_a_paper_is_a_mark_of_the_index_and_the_same_is_found_as_if_all_were_read_and_most_left_out(
    app: Flask, of_two_papers: list[int], words: str, papers: tuple[str, ...], place: Scope, few: bool
) -> None:
    question = rules.read(words)
    whole = queries.find(question, place).ranked
    days = {"halal": ShelfItem.halal_until, "pirt": ShelfItem.pirt_until}
    query = select(ShelfItem.product_id).where(*(days[each].is_not(None) for each in papers))
    held = set(db.session.scalars(query))

    found = queries.find(question, replace(place, papers=papers, few=few)).ranked

    assert found
    assert list(found) == [each for each in whole if each.product_id in held]


@pytest.mark.parametrize("few", [False, True])
def test_the_shops_of_a_bazaar_are_marks_of_the_index(app: Flask, shelf_of_90: list[int], few: bool) -> None:
    rows = db.session.execute(select(ShelfItem.product_id, ShelfItem.shop_id)).all()
    shops = tuple(sorted({row.shop_id for row in rows})[:2])

    found = queries.find(rules.read("lapak"), Scope(shops=shops, few=few)).ranked

    assert {each.product_id for each in found} == {row.product_id for row in rows if row.shop_id in shops}
    assert 0 < len(found) < 90


@pytest.mark.parametrize("asked_for", ["ciri=halal", "bazar=bazar-sabtu", "ciri=halal&bazar=bazar-sabtu"])
@pytest.mark.parametrize("more", ["", "&urut=termurah"])
def test_what_few_have_is_found_however_many_newer_goods_hold_the_words_and_costs_no_question_more(
    app: Flask, client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch, asked_for: str, more: str
) -> None:
    """Looked for among the newest alone, it would not be found in a large market though it stands there."""
    place = queries.find(rules.read("lapak"), Scope()).ranked
    oldest = min(place, key=lambda each: each.position).product_id
    with transaction() as session:
        card = session.get_one(ShelfItem, oldest)
        card.halal_until = date(2099, 1, 1)
        session.execute(text("UPDATE shelf_item SET at_bazaars = (product_id = :number)"), {"number": oldest})
        shelf.mark_shops("bazaar", {card.shop_id: ("2099-01-01/2099-01-01", "bazar-sabtu")})
    rebuilt()
    monkeypatch.setattr(queries, "WEIGHED", 20)
    monkeypatch.setattr(queries, "MOST", 21)
    with count_queries(app) as asked:
        page = client.get(f"/produk?q=lapak&{asked_for}{more}").text

    assert re.findall(r'data-produk="([^"]+)"', page) == [str(oldest)]
    assert SAID.findall(page) == ["1"]
    assert len(asked) <= 6
    beyond = client.get("/produk?q=lapak&ciri=pirt").text
    assert "Di luar saringan" in beyond
    assert beyond.count("data-produk=") == 24
    assert len(asked_cold(app, client, f"/produk?q=lapka&{asked_for}{more}")) <= 6


def test_what_few_are_is_gathered_and_the_stretches_of_the_index_left_alone(
    app: Flask, of_two_papers: list[int]
) -> None:
    """PostgreSQL would go from stretch to stretch, and none of them holds any."""
    if db.engine.name != "postgresql":
        return
    for few in (False, True):
        of_words_that_are_neither_rare_nor_common()
        with count_queries(app) as asked:
            queries.find(rules.read("lapak"), Scope(papers=("halal",), few=few))
        statement, parameters = asked[0]
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN ANALYZE {statement}", parameters).scalars().all()
        steps = next(line for line in plan if "Recursive Union" in line)
        assert (re.search(r"actual .*rows=1(\.00)? ", steps) is not None) is few, "\n".join(plan)


@pytest.mark.parametrize("often", [False, True])
def test_stretches_begin_at_the_newest_card_however_old_and_hardly_more_is_gathered_than_is_weighed(
    app: Flask, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch, often: bool
) -> None:
    """Cut from this moment, the first to hold any card would be as long as nobody brought one: here all of them."""
    monkeypatch.setattr(queries, "WEIGHED", 10)
    every = [each.position for each in queries.find(rules.read("lapak"), Scope(), far=True).ranked]
    of_words_that_are_neither_rare_nor_common()
    with count_queries(app) as asked:
        found = queries.find(rules.read("lapak"), Scope()).ranked
    assert {each.position for each in found} == set(sorted(every)[-10:])
    if db.engine.name != "postgresql":
        return
    connection = db.session.connection()
    how = "(ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF)"
    for setting in NO_OTHER_WAY:
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    if often:
        plan = kept.explained(connection, *asked[0], how)
    else:
        plan = list(connection.exec_driver_sql(f"EXPLAIN {how} {asked[0][0]}", asked[0][1]).scalars())

    held = next(place for place, line in enumerate(plan) if "Recheck Cond" in line and "age" in line)
    rows, loops = map(float, re.search(r"rows=([\d.]+) loops=(\d+)", plan[held - 1]).groups())  # type: ignore[union-attr]
    assert 10 <= round(rows * loops) < 20, "\n".join(plan)


@pytest.mark.parametrize("years", [0.01, 0.5, 6])
def test_whatever_the_age_of_cards_the_newest_that_answer_are_found_and_the_index_is_looked_into_once_for_each(
    app: Flask, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch, years: float
) -> None:
    """Some come together, some alone, and one long after all the others."""
    dice = random.Random(years)
    ages = [dice.random() ** 3 * years * 365 * 86_400 for _ in range(30)]
    with transaction() as session:
        cards = session.scalars(select(ShelfItem).where(ShelfItem.product_id.in_(shelf_of_90))).all()
        for place, each in enumerate(sorted(cards, key=lambda card: card.product_id)):
            each.stamp = now() - timedelta(seconds=0 if place == 7 else ages[place % 30] + 86_400)
    rebuilt()
    of_words_that_are_neither_rare_nor_common()
    places = sorted((position(each.stamp, each.product_id) for each in cards), reverse=True)
    for most in (5, 40, 200):
        monkeypatch.setattr(queries, "WEIGHED", most)
        found = queries.find(rules.read("lapak"), Scope()).ranked
        assert sorted((each.position for each in found), reverse=True) == places[:most]
    if db.engine.name != "postgresql":
        return
    rows = db.session.connection().execute(text(cut(str(places[0] + 1), "NULL"))).all()
    held = [[each for each in places if age.strip("'") in marks_of(each) and each < below] for age, below in rows]
    assert all(held)
    assert list(itertools.chain(*held)) == places
    assert rows[0].age.startswith("'@12n")
