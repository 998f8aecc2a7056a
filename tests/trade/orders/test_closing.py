"""A seller who closes for some days reads which orders of hers fall inside them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from app.core import clock
from app.core.db import db, transaction
from app.trade.orders import operations
from tests.factories.goods import make_product
from tests.factories.people import sign_in
from tests.factories.trade import accepted_order, make_stall, place_order, ready_order

SENTENCE = "pesanan jatuh di hari tutup"


@pytest.fixture
def stall(app):
    """A seller and her shop."""
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def eggs(stall):
    """What she sells."""
    return make_product(stall[1], "Telur asin", qty=20)


def day(ahead):
    return (clock.today("Asia/Jakarta") + timedelta(days=ahead)).isoformat()


def close(client, first, last):
    """Close from a day to a day, and read the page that follows."""
    shown = re.search(r'id="versi-tutup" name="versi" type="hidden" value="(\d+)"', client.get("/jualan/lapak").text)
    versi = shown[1] if shown else "1"
    data = {"versi": versi, "mulai": day(first), "sampai": day(last), "kalimat": ""}
    answer = client.post("/jualan/lapak/tutup", data=data)
    return client.get(answer.location).text


def promise(order, days):
    """Promise an accepted order for so many days from now."""
    with transaction():
        order.promised_at = clock.now() + timedelta(days=days)
        order.ready_by = order.promised_at + timedelta(hours=24)


def test_an_order_that_was_taken_on_before_is_named_with_its_day(client, stall, eggs):
    inside, before, after = (accepted_order(eggs, stall[0]) for _ in range(3))
    for order, days in ((inside, 4), (before, 1), (after, 9)):
        promise(order, days)
    sign_in(client, stall[0])

    page = close(client, 3, 5)

    assert f"1 {SENTENCE}" in page
    assert f'href="/jualan/pesanan/{inside.code}"' in page
    assert before.code not in page
    assert after.code not in page


def test_what_lies_ready_may_be_fetched_inside_too(client, stall, eggs):
    order = ready_order(eggs, stall[0])
    sign_in(client, stall[0])

    assert "diambil paling lambat" in close(client, 0, 2)
    assert order.code in client.get("/jualan/lapak").text

    with transaction():
        operations.hand_over(order, by=stall[0])
    assert SENTENCE not in client.get("/jualan/lapak").text


def test_orders_of_others_and_those_not_taken_on_are_left_out(client, stall, eggs):
    other, theirs = make_stall(name="Lain")
    promise(accepted_order(make_product(theirs, "Keripik", qty=5), other), 4)
    place_order(eggs)
    sign_in(client, stall[0])

    assert SENTENCE not in close(client, 3, 5)


def test_after_the_pause_nothing_is_said(client, stall, eggs):
    promise(accepted_order(eggs, stall[0]), 4)
    sign_in(client, stall[0])
    assert SENTENCE in close(client, 3, 5)

    client.post("/jualan/lapak/buka")
    assert SENTENCE not in client.get("/jualan/lapak").text
    close(client, 3, 5)
    with time_machine.travel(clock.now() + timedelta(days=6)):
        db.session.expire_all()
        sign_in(client, stall[0])
        assert SENTENCE not in client.get("/jualan/lapak").text
