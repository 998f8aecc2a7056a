"""The texts that leave for WhatsApp name an order, things and sums: nobody who is not a party to the talk."""

from __future__ import annotations

from datetime import date, time, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from app.core.clock import now
from app.core.db import transaction
from app.kit.periods import WIB
from app.trade.orders import calls, homing, messages, operations, queries, rungs
from app.trade.orders.meeting import MOVED, Meeting, Need, Spot
from app.trade.orders.rungs import Wait
from app.trade.orders.waits import Call
from tests.factories.goods import make_product
from tests.factories.trade import (
    BUYER,
    DOOR,
    accepted_order,
    brought_order,
    handed_order,
    make_stall,
    place_order,
    ready_order,
)

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


def at_bazaar(eggs):
    opens = WIB.at(date(2027, 3, 6), time(8))
    hours = Meeting(7, "Alun-alun Ciruas", opens, opens + timedelta(hours=7))
    return place_order(eggs, at=Spot(7, date(2027, 3, 6)), meet=lambda _block, _spot: hours)


def lost_bazaar(eggs):
    order = at_bazaar(eggs)
    with transaction():
        homing.send_home(order, MOVED, queries.hours_of(order.regency_code), now())
    return order


def for_office(eggs):
    return place_order(eggs, need=Need("Aula Kecamatan", now() + timedelta(days=7)))


AT_HOME = "Rumah Ibu, sebelah masjid"
BROUGHT = "Kecamatan Ciomas"
SELLER_SAYS = {
    "at home": (place_order, "ready", f"sudah siap diambil di {AT_HOME}. Bawa kode ambil"),
    "at a bazaar": (at_bazaar, "ready", "sudah siap diambil di Alun-alun Ciruas."),
    "to a door": (brought_order, "ready", f"sudah siap, sebentar lagi saya antar ke {BROUGHT}."),
    "to an office": (for_office, "ready", "sudah siap, kami antar ke Aula Kecamatan."),
    "a bazaar that is lost": (lost_bazaar, "placed", f"tidak jadi diambil di bazar. Ambilnya di {AT_HOME}, ya."),
    "packed for a lost bazaar": (lost_bazaar, "ready", f"tidak jadi diambil di bazar. Ambilnya di {AT_HOME}, ya."),
    "a lost bazaar, over": (lost_bazaar, "handed_over", "Halo, ini tentang pesanan"),
}
BUYER_SAYS = {
    "at home": (place_order, ""),
    "at a bazaar": (at_bazaar, "Saya ambil di bazar: Sabtu 6 Maret 2027, 08.00–15.00 WIB."),
    "to a door": (brought_order, f"Tolong diantar ke {BROUGHT}."),
    "a bazaar that is lost": (lost_bazaar, ""),
}


@pytest.mark.parametrize(("make", "state", "said"), SELLER_SAYS.values(), ids=SELLER_SAYS)
def test_what_a_seller_writes_says_where_it_changes_hands(app, stall, eggs, make, state, said):
    order = make(eggs)
    for act in {"ready": ["accept", "mark_ready"], "handed_over": ["accept", "mark_ready", "hand_over"]}.get(state, []):
        with transaction():
            getattr(operations, act)(order, by=stall[0])
    with app.test_request_context():
        _number, text = read(messages.tell_buyer_url(queries.sheet(order), "+6281298765432"))

    assert said in text
    assert DOOR not in text


@pytest.mark.parametrize(("make", "said"), BUYER_SAYS.values(), ids=BUYER_SAYS)
def test_what_a_buyer_writes_says_where_it_changes_hands(app, stall, eggs, make, said):
    order = make(eggs)
    with transaction():
        stall[1].phone = "+6281311112222"
    with app.test_request_context():
        _number, text = read(messages.ask_seller_url(queries.sheet(order)))

    assert text.partition(f"/jualan/pesanan/{order.code}")[2].strip() == said


@pytest.mark.parametrize("why", [rungs.SILENT, rungs.AT_RISK, rungs.LATE, rungs.CLAIM, rungs.UNPAID, rungs.REFUND])
def test_what_a_pendamping_writes_tells_a_seller_nothing_of_her_buyer(app, stall, eggs, why):
    order = in_state("placed", eggs, stall[0])
    group, sheet = queries.get_group_of(order), queries.sheet(order)
    with app.test_request_context():
        number, text = read(calls.ask_url(Call(sheet, [Wait(why, order.created_at)], stall[0].phone)))

    assert number == stall[0].phone.removeprefix("+")
    assert order.code in text
    assert not [word for word in (BUYER, group.buyer_phone[3:], NOTE, str(order.total)) if word in text]
