"""The office ends an order; and the goods that nobody fetched."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine

from app.core import books
from app.core.clock import now
from app.core.db import db, transaction
from app.kit.periods import WIB
from app.people.accounts.models import ROLES
from app.people.places import operations as places
from app.trade.orders import messages, operations
from tests.factories.goods import make_product
from tests.factories.people import make_account, sign_in
from tests.factories.trade import BUYER, accepted_order, handed_order, make_stall, place_order, ready_order
from tests.support.log import did, log
from tests.support.pages import PageClient
from tests.trade.orders.test_desk import at, state, stock_of

SENTENCE = "Penjual sedang sakit, maaf."


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], "Telur asin masir", price=38_000, qty=20)


@pytest.fixture
def curator(client):
    sign_in(client, account := make_account("curator"))
    return account


def desk(order):
    return f"/dinsos/pesanan/{order.code}"


def end(client, order, reason="penjual_diam", sentence=SENTENCE, **given):
    return client.post(desk(order), data={"versi": order.version, "alasan": reason, "kalimat": sentence, **given})


@pytest.mark.parametrize("begun", ["placed", "accepted", "ready"])
def test_the_office_ends_an_order_and_both_read_why(app, client, curator, stall, eggs, begun):
    make = {"placed": lambda: place_order(eggs, 3)}
    make |= {"accepted": lambda: accepted_order(eggs, stall[0], 3), "ready": lambda: ready_order(eggs, stall[0], 3)}
    order = make[begun]()
    assert BUYER not in client.get(desk(order)).text

    assert end(client, order).location == desk(order)

    assert state(order) == "cancelled_admin"
    assert stock_of(eggs) == (20, 0)
    with app.test_request_context():
        link = messages.buyer_url(order.code)
    buyer, owner = PageClient(app), PageClient(app)
    sign_in(owner, stall[0])
    for page in (buyer.get(link).text, owner.get(at(order)).text, client.get(desk(order)).text):
        assert "penjual tidak bisa dihubungi" in page
        assert SENTENCE in page
    assert "dibatalkan petugas dinas" in buyer.get(link).text
    assert log("order.ended") == [did(curator, order, reason="penjual_diam")]


def test_the_reason_comes_from_the_list_and_another_one_needs_words(client, curator, eggs):
    order = place_order(eggs)

    answers = [end(client, order, reason, words) for reason, words in [("", ""), ("iseng", "x"), ("lainnya", "")]]
    long = end(client, order, "lainnya", "y" * 201)

    assert [each.status_code for each in [*answers, long]] == [422] * 4
    assert "Tulis alasannya dalam satu kalimat." in answers[2].text
    assert "y" * 201 in long.text
    assert state(order) == "placed"
    assert end(client, order, "lainnya").status_code == 303


def test_a_stale_page_keeps_what_was_typed_and_ends_nothing(client, curator, stall, eggs):
    order = place_order(eggs)
    shown = order.version
    with transaction():
        operations.accept(order, by=stall[0])

    answer = end(client, order, versi=shown)

    assert answer.status_code == 409
    assert SENTENCE in answer.text
    assert state(order) == "accepted"
    assert f'name="versi" value="{order.version}"' in answer.text


def test_what_is_over_is_ended_by_nobody_again(client, curator, stall, eggs):
    order = handed_order(eggs, stall[0])

    answer = end(client, order)

    assert answer.status_code == 409
    assert state(order) == "handed_over"
    assert 'name="alasan"' not in client.get(desk(order)).text


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"curator"}))
def test_other_roles_end_nothing(client, eggs, role):
    order = place_order(eggs)
    sign_in(client, make_account(role))

    assert client.get(desk(order)).status_code == 404
    assert end(client, order).status_code == 404
    assert client.get("/dinsos/pesanan").status_code == 403
    assert state(order) == "placed"


def test_a_curator_of_another_kabupaten_finds_nothing(client, stall, eggs):
    order = place_order(eggs)
    sign_in(client, make_account("curator", region_code="36.01"))

    assert client.get(f"/dinsos/pesanan?cari={order.code}").status_code == 200
    assert stall[1].name not in client.get(f"/dinsos/pesanan?lapak={stall[1].id}").text
    assert end(client, order).status_code == 404


def test_an_order_is_found_by_its_code_its_shop_or_its_silence(client, curator, stall, eggs):
    early = place_order(eggs)
    assert client.get(f"/dinsos/pesanan?cari={early.code.lower()}").location == desk(early)
    assert desk(early) not in client.get("/dinsos/pesanan").text
    assert f"/dinsos/pesanan?lapak={stall[1].id}" in client.get(f"/dampingan/penjual/{stall[1].id}").text
    assert desk(early) in client.get(f"/dinsos/pesanan?lapak={stall[1].id}").text

    make_account("pendamping")  # silence is the office's too, whoever helps
    with time_machine.travel(now() + timedelta(hours=23), tick=False):  # beyond any night
        sign_in(client, curator)
        assert desk(early) in client.get("/dinsos/pesanan").text


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize(("answer", "stock"), [("ya", (20, 0)), ("tidak", (17, 0))])
def test_after_time_the_seller_says_whether_the_goods_can_be_sold(client, stall, eggs, answer, stock, written):
    order = ready_order(eggs, stall[0], 3)
    with time_machine.travel(order.collect_by + timedelta(hours=1), tick=False):
        if written:
            with transaction():
                operations.expire_due()
        sign_in(client, stall[0])
        page = client.get(at(order)).text
        assert "Tidak diambil: kembali ke stok?" in page
        assert "/kembali-ke-stok" in page

        given = {"versi": order.version, "stok": answer}
        first = client.post(at(order, "/kembali-ke-stok"), data=given)
        again = client.post(at(order, "/kembali-ke-stok"), data=given)

        assert [first.status_code, again.status_code] == [303, 303]
        assert (state(order), stock_of(eggs)) == ("not_collected", stock)
        assert "/kembali-ke-stok" not in client.get(at(order)).text
    assert [str(each) for name in ("stok", "pesanan") for each in books._checks[name]()] == []


@pytest.mark.parametrize("given", [{}, {"stok": ""}, {"stok": "mungkin"}])
def test_without_an_answer_the_question_stands(client, stall, eggs, given):
    order = ready_order(eggs, stall[0], 3)
    with transaction():
        operations.cancel_by_admin(order, "pesanan_palsu", by=make_account("curator"))
    sign_in(client, stall[0])

    answer = client.post(at(order, "/kembali-ke-stok"), data=given)

    assert answer.location == at(order)
    assert "Pilih ya atau tidak." in (page := client.get(at(order)).text)
    assert "/kembali-ke-stok" in page
    assert stock_of(eggs) == (20, 0)


def test_what_spoiled_and_was_promised_again_puts_the_newest_at_risk(client, stall, eggs):
    order = ready_order(eggs, stall[0], 18)
    with transaction():
        operations.cancel_by_admin(order, "pesanan_palsu", by=make_account("curator"))
    others = [place_order(eggs, 1), place_order(eggs, 2)]
    sign_in(client, stall[0])

    client.post(at(order, "/kembali-ke-stok"), data={"versi": order.version, "stok": "tidak"})

    for each in others:
        db.session.refresh(each)
    assert [each.at_risk for each in others] == [False, True]
    assert stock_of(eggs) == (2, 1)
    assert "sudah dipesan orang lain" in client.get(at(order)).text
    assert [str(each) for name in ("stok", "pesanan") for each in books._checks[name]()] == []


def test_nothing_is_asked_of_what_is_going_or_was_never_packed(client, stall, eggs):
    open_one, never = ready_order(eggs, stall[0], 2), accepted_order(eggs, stall[0], 2)
    with transaction():
        operations.cancel_by_admin(never, "pesanan_palsu", by=make_account("curator"))
    sign_in(client, stall[0])

    for order in (open_one, never):
        assert "/kembali-ke-stok" not in client.get(at(order)).text
        client.post(at(order, "/kembali-ke-stok"), data={"stok": "tidak"})

    assert stock_of(eggs) == (20, 2)
    assert state(open_one) == "ready"


def test_a_kabupaten_says_after_how_long_silence_climbs(client, curator, eggs):
    noon = WIB.at(date(2026, 12, 5), time(12))  # in the evening the night would hold the clock
    with time_machine.travel(noon, tick=False):
        order = place_order(eggs)
        with transaction():
            places.set_setting("36.04", "clock.silent_hours", 2)

    with time_machine.travel(noon + timedelta(hours=3), tick=False):
        sign_in(client, curator)
        assert desk(order) in client.get("/dinsos/pesanan").text
        sign_in(client, make_account("pendamping"))
        assert "Telur Ibu Sarmi" in client.get("/dampingan").text
