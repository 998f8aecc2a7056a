"""Every page asks the database a few questions, and no more of them when there is more to show (budget 2).

The walk looks at each page twice, before and after neighbours moved in and her own shop went on. Pages that still ask
more than the budget stand in `over_budget.csv` with what they ask: that number may only fall.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.orm import lazyload

from app.core.clock import now
from tests.factories.people import sign_in
from tests.security import kept, walk, world
from tests.security.test_hostile import half_way
from tests.support.queries import count_queries

pytestmark = [pytest.mark.slow, pytest.mark.one_engine]

PUBLIC, DESK = 6, 12
FEW, MORE = 2, 3
OVER = Path(__file__).with_name("over_budget.csv")
Look = dict[tuple[str, str], int]


@pytest.fixture
def market(app, database) -> world.World:
    """A market in which every list has more than one row."""
    market = kept.market(database)
    world.grow(market, FEW)
    return market


def over_budget() -> dict[str, int]:
    with OVER.open(encoding="utf-8", newline="") as file:
        return {row["endpoint"]: int(row["most"]) for row in csv.DictReader(file)}


def roles_of(endpoint: str, market: world.World) -> Iterator[str]:
    """Whoever may open a page; nobody by the name of `anyone`."""
    named = walk.row_of(endpoint)["who"].split(";")
    if named == ["signed-in"]:
        named = ["seller"]
    yield from (role for role in named if role == "anyone" or role in market.people)


def look(app, market: world.World, only: str = "") -> Look:
    """Count what each page asks for each role, at the second sight: what is written once is written by then."""
    clients, found = {}, {}
    for stop in walk.stops(app, {name: values[:1] for name, values in market.near.items()}, "GET"):
        if only not in {"", stop.rule.endpoint}:
            continue
        for role in roles_of(stop.rule.endpoint, market):
            if role not in clients:
                clients[role] = app.test_client()
                if role != "anyone":
                    sign_in(clients[role], market.people[role])
            half_way(clients[role], market, stop.rule.endpoint)
            # The clock stands still: that somebody is still there is written once a minute, and belongs to no page.
            with time_machine.travel(now(), tick=False):
                clients[role].get(stop.path, query_string=signature(market, stop.path))
                with count_queries(app) as asked:
                    answer = clients[role].get(stop.path, query_string=signature(market, stop.path))
            if answer.status_code == 200:
                found[stop.rule.endpoint, role] = len(asked)
    return found


def signature(market: world.World, path: str) -> dict[str, str]:
    """Return what stands in the link of a page that a buyer opens by link."""
    signed = market.signed.get(path.split("/")[2], "") if path.startswith("/pesanan/") else ""
    return {"s": signed} if signed else {}


def grown(before: Look, after: Look) -> list[str]:
    """Name the pages that ask more when there is more to show."""
    return [
        f"{endpoint} for {role}: {before[endpoint, role]} with few rows, {count} with more"
        for (endpoint, role), count in after.items()
        if count > before[endpoint, role]
    ]


def dear(seen: Look, known: dict[str, int]) -> list[str]:
    """Name the pages that ask more than their budget, and those that no longer ask as much as is written of them."""
    most: dict[str, int] = {}
    for (endpoint, role), count in seen.items():
        if count > (PUBLIC if role == "anyone" else DESK):
            most[endpoint] = max(count, most.get(endpoint, 0))
    return [
        f"{endpoint}: {most.get(endpoint, 'within budget')}, over_budget.csv says {known.get(endpoint, 'nothing')}"
        for endpoint in sorted(most.keys() | known.keys())
        if most.get(endpoint) != known.get(endpoint)
    ]


@pytest.mark.drill
def test_no_page_asks_more_when_there_is_more_to_show_nor_more_than_its_budget(app, market):
    before = look(app, market)
    world.grow(market, MORE)
    after = look(app, market)

    assert len(after) > 350
    wrong = [*grown(before, after), *dear(after, over_budget())]
    assert not wrong, "\n".join(wrong)


def test_a_page_that_asks_once_a_row_is_named(app, market, monkeypatch):
    """Each bazaar of the calendar asking for its own days."""
    monkeypatch.setattr("app.trade.bazaars.queries.selectinload", lazyload)
    before = look(app, market, "bazaars.calendar")
    world.grow(market, MORE)

    assert len(grown(before, look(app, market, "bazaars.calendar"))) == 1


def test_a_page_over_its_budget_or_better_than_its_word_is_named():
    seen = {("a", "anyone"): 7, ("b", "seller"): 12, ("c", "seller"): 20, ("d", "curator"): 9}

    assert [each.split(":")[0] for each in dear(seen, {"c": 20, "d": 13})] == ["a", "d"]
    assert [each.split(":")[0] for each in dear(seen, {"a": 7, "c": 19})] == ["c"]
