"""What a buyer sees and does behind her signed link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Response
from sqlalchemy import select
from werkzeug.http import parse_cookie

from app.core.clock import now
from app.core.db import db, transaction
from app.core.limits import LimitHit
from app.kit.rupiah import Rupiah
from app.trade.orders import links, operations, pocket, queries
from app.trade.orders.models import Order, OrderGroup
from app.trade.orders.pocket import JAR
from app.trade.sales import queries as sales
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import (
    PHONE,
    accepted_order,
    handed_order,
    make_stall,
    place_group,
    place_order,
    ready_order,
)
from tests.support.queries import count_queries


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi", phone="+6281234500001", pickup_hours="08.00–17.00")


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], "Telur asin masir", price=38_000, qty=20)


def url(order, step=""):
    return f"/pesanan/{order.code}{step}?s={links.link_signature(order.code)}"


def state(order):
    db.session.refresh(order)
    return order.state


def test_a_new_order_says_until_when_the_seller_answers(client, eggs):
    order = place_order(eggs, 2)

    page = client.get(url(order)).text

    assert "Menunggu jawaban penjual (paling lambat" in page
    assert "WIB" in page
    assert "Rp76.000" in page
    assert "Rumah Ibu, sebelah masjid" in page
    assert "08.00–17.00" in page
    assert "Batalkan pesanan" in page
    assert 'aria-current="step"' in page


def test_the_hand_over_code_is_shown_once_the_seller_has_said_yes(client, eggs, stall):
    waiting, ready = place_order(eggs), ready_order(eggs, stall[0])

    early, late = client.get(url(waiting)).text, client.get(url(ready)).text

    assert "Kode ambil" not in early
    assert f'<p class="code code--big">{links.handover_code(ready.code)}</p>' in late
    assert "<svg" in late
    assert "Siap diambil di Rumah Ibu, sebelah masjid sampai" in late


@pytest.mark.parametrize("signature", ["", "x", "a" * 16, "\u202e", "a" * 70_000, "'; --"])
@pytest.mark.parametrize("step", ["", "/struk"])
def test_a_wrong_signature_looks_like_an_unknown_order(client, eggs, step, signature):
    order = place_order(eggs)

    wrong = client.get(f"/pesanan/{order.code}{step}", query_string={"s": signature})
    unknown = client.get(f"/pesanan/2222222{step}", query_string={"s": signature})

    assert wrong.status_code == unknown.status_code == 404
    assert wrong.text.replace(order.code, "2222222") == unknown.text
    assert order.code not in wrong.text.replace(f"/pesanan/{order.code}", "")


@pytest.mark.parametrize("step", ["/batal", "/minta-batal", "/setuju", "/sudah-terima"])
def test_nothing_can_be_done_with_the_signature_of_another_order(client, eggs, step):
    mine, other = place_order(eggs), place_order(eggs)

    answer = client.post(f"/pesanan/{other.code}{step}", data={"s": links.link_signature(mine.code)})

    assert answer.status_code == 404
    assert state(other) == "placed"


def test_wrong_links_are_limited_and_right_ones_are_not(client, eggs):
    order = place_order(eggs)
    for _ in range(20):
        assert client.get(f"/pesanan/{order.code}?s=wrong").status_code == 404

    assert client.get(f"/pesanan/{order.code}?s=wrong").status_code == 429
    assert client.get("/pesan/selesai/nosuchtoken").status_code == 404  # counted on its own, and at the address
    assert client.get(url(order)).status_code == 200
    assert db.session.query(LimitHit).count() == 42  # each wrong one at its order and at its address
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert client.get(f"/pesanan/{order.code}?s=wrong").status_code == 404


def test_a_buyer_cancels_before_it_is_packed(client, eggs, stall):
    for order in (place_order(eggs, 3), offered(eggs, stall[0]), accepted_order(eggs, stall[0], 3)):
        form = re.search(r'<form[^>]*/batal".*?</form>', client.get(url(order)).text, re.DOTALL)[0]
        fields = dict(re.findall(r'name="(s|versi)" value="([^"]*)"', form))
        answer = client.post(f"/pesanan/{order.code}/batal", data={**fields, "alasan": "salah_pesan"})

        assert "Batalkan pesanan" in form
        assert answer.location == url(order)
        assert state(order) == "cancelled_buyer"
        assert "Tidak jadi (salah pesan)" in client.get(url(order)).text
        assert "Batalkan pesanan" not in client.get(url(order)).text


@pytest.mark.parametrize("reason", ["", "karena", "\x00", "x" * 70_000])
def test_a_strange_reason_still_cancels(client, eggs, reason):
    order = place_order(eggs)

    client.post(f"/pesanan/{order.code}/batal", data={"s": links.link_signature(order.code), "alasan": reason})

    assert state(order) == "cancelled_buyer"


def test_once_packed_the_buyer_asks_and_the_seller_decides(client, eggs, stall):
    order = ready_order(eggs, stall[0])
    data = {"s": links.link_signature(order.code)}
    page = client.get(url(order)).text
    assert "Minta batal ke penjual" in page and "Batalkan pesanan" not in page

    refused = client.post(f"/pesanan/{order.code}/batal", data=data)
    asked = client.post(f"/pesanan/{order.code}/minta-batal", data=data)

    assert refused.status_code == 409
    assert "Pesanan ini sudah siap diambil." in refused.text
    assert asked.status_code == 303
    assert state(order) == "ready"
    assert "Permintaan batal sudah sampai ke penjual" in client.get(url(order)).text


def test_a_page_that_is_older_than_the_order_says_how_it_stands(client, eggs, stall):
    order = place_order(eggs)
    shown = order.version
    with transaction():
        operations.accept(order, by=stall[0])

    answer = client.post(
        f"/pesanan/{order.code}/batal", data={"s": links.link_signature(order.code), "versi": str(shown)}
    )

    assert answer.status_code == 409
    assert "Pesanan ini sudah diterima penjual." in answer.text
    assert state(order) == "accepted"


@pytest.mark.parametrize("version", ["abc", "-1", "9" * 30, "\x00", "1.0"])
def test_a_version_of_ones_own_is_a_stale_page(client, eggs, version):
    order = place_order(eggs)

    answer = client.post(f"/pesanan/{order.code}/batal", data={"s": links.link_signature(order.code), "versi": version})

    assert answer.status_code == 409
    assert state(order) == "placed"


def offered(eggs, seller):
    order = place_order(eggs, 5)
    with transaction():
        line = queries.list_lines(order.id)[0]
        operations.offer_less(order, {line.id: 2}, by=seller)
    return order


def test_a_buyer_agrees_to_less(client, eggs, stall):
    order = offered(eggs, stall[0])
    page = client.get(url(order)).text

    client.post(f"/pesanan/{order.code}/setuju", data={"s": links.link_signature(order.code), "versi": order.version})

    assert "Penjual menawarkan jumlah/tanggal lain: setuju?" in page
    assert "(dipesan 5)" in page
    assert "Rp76.000" in page
    assert state(order) == "accepted"


def test_an_offer_whose_goods_were_sold_meanwhile_is_looked_at_again_before_it_is_agreed_to(client, eggs, stall):
    order = offered(eggs, stall[0])
    data = {"s": links.link_signature(order.code), "versi": order.version}
    with transaction():
        operations.make_room(variant_of(eggs).id, 20)

    answer = client.post(f"/pesanan/{order.code}/setuju", data=data)

    assert answer.status_code == 409
    assert "Ada yang berubah sejak halaman ini dibuka. Pesanan ini menunggu jawaban pembeli." in answer.text
    assert state(order) == "amended"
    assert client.post(f"/pesanan/{order.code}/setuju", data=data | {"versi": order.version}).status_code == 303
    assert state(order) == "accepted"


def test_a_buyer_declines_less(client, eggs, stall):
    order = offered(eggs, stall[0])
    page = client.get(url(order)).text
    assert 'href="#tidak-jadi"' in page and 'id="tidak-jadi"' in page

    client.post(f"/pesanan/{order.code}/batal", data={"s": links.link_signature(order.code)})

    assert state(order) == "cancelled_buyer"


@pytest.mark.parametrize(
    ("step", "make"),
    [
        ("/batal", lambda eggs, _seller: place_order(eggs)),
        ("/setuju", offered),
        ("/minta-batal", ready_order),
        ("/sudah-terima", handed_order),
    ],
)
def test_a_second_tap_is_no_trouble(client, eggs, stall, step, make):
    order = make(eggs, stall[0])
    data = {"s": links.link_signature(order.code), "versi": order.version}

    first, second = (client.post(f"/pesanan/{order.code}{step}", data=data) for _ in range(2))

    assert first.location == second.location == url(order)


def test_time_is_true_on_the_page_though_no_job_ran(client, eggs):
    order = place_order(eggs)

    with time_machine.travel(now() + timedelta(days=3)):
        page = client.get(url(order)).text
        late = client.post(f"/pesanan/{order.code}/batal", data={"s": links.link_signature(order.code)})

    assert "Penjual tidak menjawab; lihat penjual lain" in page
    assert "Batalkan pesanan" not in page
    assert late.status_code == 409
    assert state(order) == "placed"


def test_a_buyer_says_that_the_goods_came(client, eggs, stall):
    order = handed_order(eggs, stall[0])
    sale = sales.list_of_source("order", order.id)[0]
    assert sales.grade_of(sale.id) == "C"

    for _ in range(2):
        answer = client.post(f"/pesanan/{order.code}/sudah-terima", data={"s": links.link_signature(order.code)})

    assert answer.status_code == 303
    assert sales.grade_of(sale.id) == "A"


def test_the_receipt_is_for_paper(client, eggs, stall):
    order = handed_order(eggs, stall[0], 2)

    page = client.get(url(order, "/struk")).text

    assert re.findall(r'rel="stylesheet" href="/aset/(\w+)-', page) == ["lapak", "papers"]
    assert re.findall(r'rel="stylesheet" href="/aset/(\w+)-', client.get(url(order)).text) == ["lapak"]
    assert f"Struk {order.code}" in page
    assert "Rp76.000" in page
    assert "Selesai" in page


def test_each_seller_of_a_group_stands_apart(client, eggs):
    other = make_product(make_stall(name="Keripik Neneng")[1], "Keripik pedas", price=12_500)
    group = place_group((variant_of(eggs), 1), (variant_of(other), 2))
    mine, theirs = queries.list_of_group(group.id)

    page = client.get(url(mine)).text

    assert "Keripik" not in page
    assert theirs.code not in page
    both = client.get(f"/pesan/selesai/{group.token}").text
    assert mine.code in both
    assert theirs.code in both


@pytest.mark.parametrize("token", ["nosuchtoken", "0" * 40, "---"])
def test_an_unknown_group_is_a_calm_page(client, app, token):
    assert client.get(f"/pesan/selesai/{token}").status_code == 404


def test_a_buyer_whose_data_are_gone_still_has_her_order(client, eggs):
    order = place_order(eggs)
    with transaction():
        group = db.session.get(OrderGroup, order.group_id)
        group.buyer_name = group.buyer_phone = None

    assert client.get(url(order)).status_code == 200


def test_this_phone_lists_its_orders_with_one_question(app, client, eggs):
    orders = [place_order(eggs) for _ in range(5)]
    client.set_cookie("pesanan", JAR.sign([order.code for order in orders[:4]]))

    with count_queries(app) as asked:
        page = client.get("/pesanan").text

    assert all(url(order).replace("&", "&amp;") in page for order in orders[:4])
    assert orders[4].code not in page
    assert len([each for each, _given in asked if "order_line" in each]) == 1
    assert len([each for each, _given in asked if '"order"' in each]) == 1


@pytest.mark.parametrize("cookie", ["", "x", "W10.zzz", "a" * 3_900])
def test_a_list_that_somebody_touched_is_empty(client, eggs, cookie):
    place_order(eggs)
    client.set_cookie("pesanan", cookie)

    assert "Belum ada pesanan dari HP ini" in client.get("/pesanan").text


def test_a_phone_remembers_thirty_orders_the_newest_first(app, client, eggs):
    orders = [place_order(eggs) for _ in range(3)]
    thirty = [f"CODE{n:03d}" for n in range(30)]
    client.set_cookie("pesanan", JAR.sign([5, None, "<b>", *(each.code for each in orders), "CODE" * 20]))
    page = client.get("/pesanan").text

    assert re.findall(r'href="/pesanan/([0-9A-Z]+)\?s=', page) == [each.code for each in reversed(orders)]
    client.set_cookie("pesanan", JAR.sign([*thirty, orders[0].code]))
    assert orders[0].code not in client.get("/pesanan").text
    with app.test_request_context(headers={"Cookie": f"pesanan={JAR.sign(thirty)}"}):
        pocket.remember(response := Response(), ["NEWEST1"])
    kept = parse_cookie(response.headers["Set-Cookie"].partition(";")[0])["pesanan"]
    assert JAR.open(kept) == ["NEWEST1", *thirty[:29]]


def test_a_submit_that_is_sent_again_is_remembered_once(app):
    with app.test_request_context(headers={"Cookie": f"pesanan={JAR.sign(['FIRST12', 'OTHER34'])}"}):
        pocket.remember(response := Response(), ["OTHER34"])

    assert JAR.open(parse_cookie(response.headers["Set-Cookie"].partition(";")[0])["pesanan"]) == ["OTHER34", "FIRST12"]


def test_a_page_behind_a_link_is_kept_by_nobody(client, eggs):
    order = place_order(eggs)

    for address in (url(order), url(order, "/struk"), "/pesanan"):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "same-origin"


def test_the_buyers_page_does_not_repeat_her_number(client, eggs):
    order = place_order(eggs, phone=PHONE)

    page = client.get(url(order)).text

    assert PHONE.removeprefix("+62") not in page


def test_codes_may_be_typed_in_small_letters(client, eggs):
    order = place_order(eggs)

    assert client.get(f"/pesanan/{order.code.lower()}?s={links.link_signature(order.code).upper()}").status_code == 200


def test_the_total_of_a_group_is_the_sum_of_its_orders(client, eggs):
    other = make_product(make_stall()[1], "Keripik", price=12_500)
    group = place_group((variant_of(eggs), 2), (variant_of(other), 3))

    totals = db.session.scalars(select(Order.total).where(Order.group_id == group.id)).all()

    assert sum(total.amount for total in totals) == 113_500
    assert Rupiah(76_000) in totals
