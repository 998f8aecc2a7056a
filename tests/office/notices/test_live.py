"""The numbers beside a seller's words stay true while the page is open, and stand in it without any script."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.core.db import db, transaction
from app.core.outbox import Message
from app.kit.periods import WIB
from app.trade.orders import operations, queries
from tests.factories.goods import make_product
from tests.factories.people import make_account, sign_in
from tests.factories.trade import accepted_order, make_stall, place_order, ready_order
from tests.support.queries import count_queries

COUNTS = "/jualan/hitungan"
NOON = WIB.at(date(2026, 12, 5), time(12))


@pytest.fixture
def stall(app):
    return make_stall()


@pytest.fixture
def hers(client, stall):
    sign_in(client, stall[0])
    return client


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], qty=20)


def counts(client) -> dict[str, int]:
    return client.get(COUNTS).json


def test_it_counts_what_her_pages_count(hers, stall, eggs):
    assert set(counts(hers).values()) == {0}
    place_order(eggs)
    place_order(eggs)
    accepted_order(eggs, stall[0])
    ready_order(eggs, stall[0])
    place_order(make_product(make_stall()[1]))

    assert counts(hers) == {"baru": 2, "disiapkan": 1, "siap": 1, "jawab": 2, "kabar": 4}
    page = hers.get("/jualan/pesanan").text
    assert '<span class="count">2</span>' in page
    assert page.count("tabs__count") >= 3
    assert "pages/live" in page or "live-" in page


def test_what_did_not_change_is_answered_with_nothing(hers, eggs):
    first = hers.get(COUNTS)
    same = hers.get(COUNTS, headers={"If-None-Match": first.headers["ETag"]})
    place_order(eggs)
    other = hers.get(COUNTS, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, same.status_code, same.data, other.status_code) == (200, 304, b"", 200)
    assert other.headers["ETag"] != first.headers["ETag"]
    for answer in (first, same, other):
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Cookie" in answer.headers["Vary"]


def test_it_asks_one_question_beside_who_she_is(app, hers, eggs):
    place_order(eggs)
    counts(hers)
    with count_queries(app) as asked:
        counts(hers)

    assert len([each for each, _given in asked if '"order"' in each]) == 1
    assert len(asked) <= 3, asked


def test_time_is_true_in_it_though_no_worker_runs(client, stall, eggs):
    with time_machine.travel(NOON, tick=False):
        place_order(eggs)
    with time_machine.travel(NOON + timedelta(hours=25), tick=False):
        sign_in(client, stall[0])
        assert counts(client)["jawab"] == 0


def test_an_answer_takes_it_away(hers, stall, eggs):
    order = place_order(eggs)
    assert counts(hers)["jawab"] == 1
    with transaction():
        operations.accept(order, by=stall[0])
    assert counts(hers)["jawab"] == 0


def test_a_shop_that_ended_counts_no_more(hers, stall, eggs):
    old = make_stall(owner_id=stall[0].id)[1]
    for _ in range(2):
        place_order(make_product(old))
    with transaction():
        old.state = "ended"
    place_order(eggs)

    assert counts(hers) == {"baru": 1, "disiapkan": 0, "siap": 0, "jawab": 1, "kabar": 1}


def test_what_waits_for_the_buyer_and_what_she_read_asks_nothing_of_her(hers, stall, eggs):
    order = place_order(eggs, 2)
    with transaction():
        operations.offer_less(order, {queries.list_lines(order.id)[0].id: 1}, by=stall[0])
    newest = db.session.scalar(select(func.max(Message.id)))
    hers.post("/jualan/kabar/dibaca", data={"sampai": newest})

    assert counts(hers) == {"baru": 1, "disiapkan": 0, "siap": 0, "jawab": 0, "kabar": 0}


@pytest.mark.parametrize("role", ["pendamping", "curator", "admin"])
def test_it_is_for_sellers(client, role):
    assert client.get(COUNTS).status_code in {303, 401}
    sign_in(client, make_account(role))

    assert client.get(COUNTS).status_code == 403
