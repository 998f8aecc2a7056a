"""The texts that leave for WhatsApp name an order, things and sums: nobody who is not a party to the talk."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from app.core.db import transaction
from app.trade.orders import calls, messages, operations, queries, rungs
from app.trade.orders.rungs import Wait
from app.trade.orders.waits import Call
from tests.factories.goods import make_product
from tests.factories.trade import BUYER, accepted_order, handed_order, make_stall, place_order, ready_order

NOTE = "Anak saya Dimas alergi kacang"
STATES = ("placed", "accepted", "ready", "handed_over", "cancelled_buyer")


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], "Telur asin", qty=20)


def in_state(state, eggs, seller):
    makers = {"accepted": accepted_order, "ready": ready_order, "handed_over": handed_order}
    order = makers[state](eggs, seller, 1) if state in makers else place_order(eggs)
    with transaction():
        queries.get_group_of(order).note = NOTE
        if state == "cancelled_buyer":
            operations.cancel_by_buyer(order, "salah_pesan")
    return order


def read(address):
    parts = urlsplit(address)
    return parts.path.strip("/"), parse_qs(parts.query)["text"][0]


@pytest.mark.parametrize("state", STATES)
def test_what_a_seller_writes_goes_to_her_buyer_and_names_nobody(app, stall, eggs, state):
    order = in_state(state, eggs, stall[0])
    group, sheet = queries.get_group_of(order), queries.sheet(order)
    with app.test_request_context():
        number, text = read(messages.tell_buyer_url(sheet, group.buyer_phone))

    assert sheet.state == state
    assert number == group.buyer_phone.removeprefix("+")
    assert order.code in text
    strangers = (BUYER, group.buyer_phone[3:], NOTE, "Dimas", stall[0].name, stall[0].phone[3:])
    assert not [word for word in strangers if word in text]


@pytest.mark.parametrize("state", STATES)
def test_what_a_buyer_writes_goes_to_the_seller_and_opens_no_signed_page(app, stall, eggs, state):
    order = in_state(state, eggs, stall[0])
    with transaction():
        stall[1].phone = "+6281311112222"
    group = queries.get_group_of(order)
    with app.test_request_context():
        number, text = read(messages.ask_seller_url(queries.sheet(order)))

    assert number == "6281311112222"
    assert f"/jualan/pesanan/{order.code}" in text
    assert "?s=" not in text
    assert not [word for word in (BUYER, group.buyer_phone[3:], NOTE, stall[0].name) if word in text]


@pytest.mark.parametrize("why", [rungs.SILENT, rungs.AT_RISK, rungs.LATE, rungs.CLAIM, rungs.UNPAID, rungs.REFUND])
def test_what_a_pendamping_writes_tells_a_seller_nothing_of_her_buyer(app, stall, eggs, why):
    order = in_state("placed", eggs, stall[0])
    group, sheet = queries.get_group_of(order), queries.sheet(order)
    with app.test_request_context():
        number, text = read(calls.ask_url(Call(sheet, [Wait(why, order.created_at)], stall[0].phone)))

    assert number == stall[0].phone.removeprefix("+")
    assert order.code in text
    assert not [word for word in (BUYER, group.buyer_phone[3:], NOTE, str(order.total)) if word in text]
