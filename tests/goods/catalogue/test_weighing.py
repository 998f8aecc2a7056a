"""A search weighs only the newest that answer; whoever goes on, or asks for what few have, still reaches the others."""

from __future__ import annotations

import itertools
import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.db import transaction
from app.goods.search import queries, rules
from app.goods.search.rules import Scope
from app.goods.shelf.models import ShelfItem
from tests.support.pages import PageClient
from tests.support.queries import asked_cold


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
    monkeypatch.setattr(queries, "WEIGHED", 30)

    page = client.get("/produk?q=lapak&ciri=pirt").text

    assert "5 produk" in page
    assert page.count("data-produk=") == 5


def test_of_finds_that_are_left_out_afterwards_as_many_are_said_as_there_are_at_least(
    client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        session.execute(text("UPDATE shelf_item SET pirt_until = '2099-01-01'"))
    monkeypatch.setattr(queries, "WEIGHED", 30)

    assert "30+ produk" in client.get("/produk?q=lapak&ciri=pirt").text


def test_a_search_of_more_than_are_weighed_asks_within_its_budget_even_cold(
    app: Flask, client: PageClient, shelf_of_90: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "WEIGHED", 30)
    for asked_for in ("q=lapak", "q=lapka", "q=lapak&ciri=pirt&kategori=telur-asin", "q=lapka&harga=-90000"):
        asked = asked_cold(app, client, f"/produk?{asked_for}")
        assert len(asked) <= 6, "\n".join(asked)
