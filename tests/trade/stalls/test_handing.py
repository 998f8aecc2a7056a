"""Orders collected at a stall: what to pack, handing over on the spot, and how it enters the book."""

from __future__ import annotations

import pytest

from app.core import books
from app.core.db import transaction
from app.trade.bazaars import applying
from app.trade.orders import links
from app.trade.orders import operations as orders
from app.trade.sales import queries as book
from tests.factories import stalls
from tests.factories.people import make_account, sign_in


@pytest.fixture
def stand(app):
    return stalls.make_stand(begun=False)


@pytest.fixture
def at_home(stand, client):
    sign_in(client, stand.owner)
    return client


def here(stand):
    return f"/jualan/bazar/lapak/{stand.application.id}/pesanan"


def hand(client, order, **given):
    return client.post(f"/jualan/bazar/pesanan/{order.code}/serah", data={"versi": order.version} | given)


def booked(order):
    lines = book.list_of_source("order", order.id)
    return [(each.channel, each.qty, each.amount.amount, book.grade_of(each.id)) for each in lines]


def wrong():
    return [str(finding) for _, findings in books.verify() for finding in findings]


def test_the_page_says_what_to_pack_and_who_comes(stand, at_home):
    first, second = stalls.order_for(stand, 2, name="Ratna Dewi"), stalls.order_for(stand, 3, state="accepted")
    assert f"/jualan/pesanan/{second.code}/siap" in at_home.get(here(stand)).text
    stalls.begin_day(stand.bazaar)

    page = at_home.get(here(stand)).text

    assert '<span>Telur asin bebek</span><b class="number">5</b>' in page
    assert "Ratna Dewi" in page
    assert f"/jualan/pesanan/{first.code}/terima" in page
    assert f"/jualan/bazar/pesanan/{second.code}/serah" in page
    assert f"/jualan/bazar/pesanan/{first.code}/serah" not in page


@pytest.mark.parametrize("state", ["accepted", "ready"])
def test_what_is_handed_over_at_the_stall_is_a_sale_of_the_order(stand, at_home, state):
    order = stalls.order_for(stand, 2, state=state)
    stalls.begin_day(stand.bazaar)

    answer = hand(at_home, order, kode=links.handover_code(order.code))

    assert (answer.status_code, answer.location) == (303, here(stand))
    assert booked(order) == [("online", 2, 38_000, "A")]
    assert book.list_of_source("bazaar", stand.bazaar.id) == []
    assert "1 pesanan sudah diserahkan" in at_home.get(here(stand)).text
    assert wrong() == []


def test_a_double_tap_hands_over_once(stand, at_home):
    order = stalls.order_for(stand, 2, state="ready")
    version = order.version

    answers = [hand(at_home, order, versi=version).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert booked(order) == [("online", 2, 38_000, "C")]


def test_a_wrong_code_is_said_beside_its_own_field_and_nothing_is_handed_over(stand, at_home):
    order, other = stalls.order_for(stand, state="accepted"), stalls.order_for(stand, state="ready")

    page = hand(at_home, order, kode="0000")

    assert page.status_code == 422
    assert f'id="kode-{order.code}-error-1"' in page.text
    assert f'id="kode-{other.code}-error-1"' not in page.text
    assert (order.state, booked(order)) == ("ready", [])


def test_an_order_that_was_not_taken_on_is_not_handed_over(stand, at_home):
    order = stalls.order_for(stand)

    page = hand(at_home, order)

    assert page.status_code == 409
    assert "masih menunggu jawaban penjual" in page.text
    assert booked(order) == []


def test_goods_that_were_sold_at_the_till_meanwhile_are_said(stand, at_home):
    order = stalls.order_for(stand, 15, state="accepted")
    stalls.begin_day(stand.bazaar)
    stalls.sell(stand, 10)

    page = hand(at_home, order)

    assert page.status_code == 409
    assert "sudah terjual di tempat lain" in page.text


def test_an_order_for_her_own_place_is_no_matter_of_the_stall(stand, at_home):
    order = stalls.trade.ready_order(stand.product, stand.owner)

    assert order.code not in at_home.get(here(stand)).text
    assert hand(at_home, order).status_code == 404


def test_nobody_else_sees_or_hands_over(stand, client):
    order = stalls.order_for(stand, state="ready")
    for actor in (make_account("seller"), make_account("curator"), make_account("pendamping")):
        sign_in(client, actor)
        assert client.get(here(stand)).status_code in {403, 404}
        assert hand(client, order).status_code in {403, 404}
    assert booked(order) == []


def test_buyer_and_seller_read_place_day_and_number_of_the_stall(stand, at_home, app):
    order = stalls.order_for(stand, state="ready")
    buyer = app.test_client()
    link = f"/pesanan/{order.code}?s={links.link_signature(order.code)}"

    page = buyer.get(link).text

    assert "Siap diambil di bazar:" in page
    assert "08.00–15.00 WIB" in page
    assert "Lapak nomor 1" in page
    assert f"/bazar/{stand.bazaar.slug}" in page
    assert "08.00–15.00 WIB" in buyer.get(link.replace("?", "/struk?")).text
    hers = at_home.get(f"/jualan/pesanan/{order.code}").text
    assert "08.00–15.00 WIB" in hers
    assert here(stand) in hers
    assert "ambil di bazar" in at_home.get("/jualan/pesanan?daftar=siap").text


def test_when_the_stall_is_given_up_both_read_where_it_is_now(stand, at_home, app):
    order = stalls.order_for(stand, state="accepted")
    with transaction():
        stand.shop.pickup_place = "Rumah Bu Ida"
        applying.withdraw(stand.application, by=stand.owner)

    page = app.test_client().get(f"/pesanan/{order.code}?s={links.link_signature(order.code)}").text
    hers = at_home.get(f"/jualan/pesanan/{order.code}").text

    assert "Penjual tidak jadi ikut bazar" in page
    assert "Rumah Bu Ida" in page
    assert "Lapak nomor" not in page
    assert "Kabari pembelinya." in hers
    assert "tidak%20jadi%20diambil%20di%20bazar" in hers
    assert "1 pesanan sekarang diambil di lapak Anda" in at_home.get("/jualan/bazar").text
    with transaction():
        orders.mark_ready(order, by=stand.owner)
    assert wrong() == []
