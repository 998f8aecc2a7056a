"""A tap that came too late: the same again is no trouble, something else is named and changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from app.core.clock import here
from app.core.db import db, transaction
from app.core.i18n import tanggal
from app.goods.stock.models import Stock
from app.trade.orders import links, operations, queries
from app.trade.sales import queries as sales
from tests.factories.goods import make_made_to_order, make_product, variant_of
from tests.factories.people import make_account, sign_in
from tests.factories.trade import accepted_order, make_stall, place_group, place_order, ready_order
from tests.support.together import at_once
from tests.trade.orders.test_desk import at

NOT_TAKEN = "Yang sudah tercatat lebih dulu: %s. Yang dikirim kali ini tidak tercatat: %s."


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], "Telur asin", price=38_000, qty=20)


@pytest.fixture
def seller(client, stall):
    sign_in(client, stall[0])
    return stall[0]


def facts(order):
    """Return all of an order that an act could change."""
    db.session.refresh(order)
    lines = [(each.qty_agreed, each.qty_held, each.booked_on) for each in queries.list_lines(order.id)]
    stock = [(each.on_hand, each.reserved) for each in db.session.query(Stock).order_by(Stock.variant_id)]
    return order.state, order.version, order.promised_at, lines, stock, len(queries.list_events(order.id))


def two_taps(client, order, step, first, second):
    """Send two answers from one page; return the second answer and whether it left all as it was."""
    shown = order.version
    assert client.post(at(order, step), data={"versi": shown} | first).location == at(order)
    stands = facts(order)
    answer = client.post(at(order, step), data={"versi": shown} | second)
    return answer, facts(order) == stands


@pytest.mark.parametrize(
    ("step", "make", "first", "second", "stands", "said"),
    [
        ("/tidak-bisa", lambda eggs, _: place_order(eggs, 3), {"alasan": "tutup"}, {"alasan": "tidak_sempat"},
         "lapak sedang tutup", "tidak sempat menyiapkan"),
        ("/batal", accepted_order, {"alasan": "rusak", "stok": "ya"}, {"alasan": "tidak_sempat", "stok": "ya"},
         "barang rusak, kembali ke stok", "tidak sempat menyiapkan, kembali ke stok"),
        ("/batal", ready_order, {"alasan": "rusak", "stok": "tidak"}, {"alasan": "rusak", "stok": "ya"},
         "barang rusak, sudah rusak atau basi", "barang rusak, kembali ke stok"),
        ("/tidak-diambil", ready_order, {"stok": "ya"}, {"stok": "tidak"},
         "kembali ke stok", "sudah rusak atau basi"),
        ("/tidak-diambil", ready_order, {"stok": "tidak"}, {"stok": "ya"},
         "sudah rusak atau basi", "kembali ke stok"),
    ],
)  # fmt: skip
def test_another_answer_from_an_old_page_is_named_and_changes_nothing(
    client, seller, eggs, step, make, first, second, stands, said
):
    order = make(eggs, seller)

    answer, untouched = two_taps(client, order, step, first, second)

    assert answer.status_code == 409
    assert NOT_TAKEN % (stands, said) in answer.text
    assert untouched


def test_another_offer_from_an_old_page_is_named_and_changes_nothing(client, seller, eggs, stall):
    group = place_group((variant_of(eggs), 5), (variant_of(make_product(stall[1], "Keripik", qty=9)), 2))
    order = queries.list_of_group(group.id)[0]
    one, two = sorted(queries.list_lines(order.id), key=lambda line: line.name, reverse=True)

    answer, untouched = two_taps(
        client, order, "/hanya-ada", {f"jumlah-{one.id}": "2"}, {f"jumlah-{one.id}": "3", f"jumlah-{two.id}": "1"}
    )

    assert (answer.status_code, untouched) == (409, True)
    assert NOT_TAKEN % ("2 × Telur asin, 2 × Keripik", "3 × Telur asin, 1 × Keripik") in answer.text


@pytest.mark.parametrize("turned", [False, True])
def test_an_offer_that_differs_in_its_day_alone_is_named(client, seller, stall, turned):
    order = place_order(make_made_to_order(stall[1], name="Kue", lead_days=1, day_capacity=9), 4)
    line = queries.list_lines(order.id)[0]
    day = here("Asia/Jakarta").date() + timedelta(days=5)
    offers = [{f"jumlah-{line.id}": "2"}, {f"jumlah-{line.id}": "2", "hari": day.isoformat()}]
    words = ["2 × Kue, harinya tetap", f"2 × Kue, siap {tanggal(day)}"]
    if turned:
        offers.reverse()
        words.reverse()

    answer, untouched = two_taps(client, order, "/hanya-ada", *offers)
    again = client.post(at(order, "/hanya-ada"), data={"versi": "1"} | offers[0])

    assert (answer.status_code, untouched) == (409, True)
    assert NOT_TAKEN % tuple(words) in answer.text
    assert again.location == at(order)
    assert ("hari lain" in client.get(at(order)).text) == turned


def test_another_count_of_what_is_left_is_named_and_the_same_one_is_not(client, seller, eggs):
    order = place_order(eggs, 4)
    left = f"sisa-{queries.list_lines(order.id)[0].id}"

    answer, untouched = two_taps(
        client, order, "/tidak-bisa", {"alasan": "habis", left: "3"}, {"alasan": "habis", left: "1"}
    )
    again = client.post(at(order, "/tidak-bisa"), data={"versi": "1", "alasan": "habis", left: "3"})

    assert (answer.status_code, untouched) == (409, True)
    assert NOT_TAKEN % ("barang habis, 3 × Telur asin", "barang habis, 1 × Telur asin") in answer.text
    assert again.location == at(order)


def test_a_code_that_came_after_a_hand_over_without_one_is_named(client, seller, eggs):
    order = ready_order(eggs, seller)
    code = links.handover_code(order.code)

    answer, untouched = two_taps(client, order, "/serah", {"kode": ""}, {"kode": code})

    assert (answer.status_code, untouched) == (409, True)
    assert NOT_TAKEN % ("diserahkan tanpa kode pembeli", f"kode {code}") in answer.text
    assert sales.grade_of(sales.list_of_source("order", order.id)[0].id) == "C"


def test_a_code_sent_twice_is_one_hand_over(client, seller, eggs):
    order = ready_order(eggs, seller)
    code = links.handover_code(order.code)

    answer, untouched = two_taps(client, order, "/serah", {"kode": code}, {"kode": code})

    assert (answer.location, untouched) == (at(order), True)


def test_a_code_sent_twice_from_her_own_number_is_one_hand_over(client, seller, eggs):
    order = ready_order(eggs, seller, phone=seller.phone)
    code = links.handover_code(order.code)

    answer, untouched = two_taps(client, order, "/serah", {"kode": code}, {"kode": code})

    assert (answer.location, untouched) == (at(order), True)
    assert sales.grade_of(sales.list_of_source("order", order.id)[0].id) == "D"


def test_yes_to_all_of_it_is_not_what_a_buyer_agreed_to(client, seller, eggs):
    order = place_order(eggs, 5)
    shown = order.version
    with transaction():
        operations.offer_less(order, {queries.list_lines(order.id)[0].id: 2}, by=seller)
    with transaction():
        operations.agree(order)

    answer = client.post(at(order, "/terima"), data={"versi": shown})

    assert answer.status_code == 409
    assert "Ada yang berubah sejak halaman ini dibuka." in answer.text


@pytest.mark.parametrize("written", [True, False])
def test_what_time_has_ended_is_not_what_she_says_of_it(client, stall, eggs, written):
    order = ready_order(eggs, stall[0], 3)
    with time_machine.travel(order.collect_by + timedelta(hours=1), tick=False):
        if written:
            with transaction():
                operations.expire_due()
        sign_in(client, stall[0])
        answer = client.post(at(order, "/tidak-diambil"), data={"versi": "3", "stok": "tidak"})

    assert answer.status_code == 409
    assert "Waktu mengambil pesanan ini sudah habis." in answer.text
    assert "/kembali-ke-stok" in answer.text


@pytest.mark.parametrize(("first", "second"), [("ya", "tidak"), ("tidak", "ya")])
def test_another_word_about_what_was_left_is_named(client, stall, eggs, first, second):
    order = ready_order(eggs, stall[0], 3)
    with transaction():
        operations.cancel_by_admin(order, "pesanan_palsu", by=make_account("curator"))
    sign_in(client, stall[0])
    words = {"ya": "kembali ke stok", "tidak": "sudah rusak atau basi"}

    answer, untouched = two_taps(client, order, "/kembali-ke-stok", {"stok": first}, {"stok": second})

    assert (answer.location, untouched) == (at(order), True)
    assert NOT_TAKEN % (words[first], words[second]) in client.get(at(order)).text


def test_a_buyer_reads_which_of_two_reasons_stands(client, eggs):
    order = place_order(eggs, 3)
    sent = {"s": links.link_signature(order.code), "versi": order.version}

    first = client.post(f"/pesanan/{order.code}/batal", data=sent | {"alasan": "salah_pesan"})
    other = client.post(f"/pesanan/{order.code}/batal", data=sent | {"alasan": "terlalu_lama"})

    assert first.status_code == 303
    assert other.status_code == 409
    assert NOT_TAKEN % ("salah pesan", "terlalu lama menunggu") in other.text


@pytest.mark.race
def test_of_two_offers_at_once_one_stands_and_the_other_is_named(app, stall, eggs):
    order = place_order(eggs, 9)
    line, shown, url = queries.list_lines(order.id)[0].id, order.version, at(order, "/hanya-ada")
    phones = [app.test_client() for _ in range(6)]
    for each in phones:
        sign_in(each, stall[0])

    def offer(place):
        sent = {"versi": shown, f"jumlah-{line}": str(2 + place % 2)}
        return lambda: str(phones[place].post(url, data=sent).status_code)

    answers = at_once(app, [offer(place) for place in range(6)])

    # Three say the same as whoever was first, three something else.
    assert Counter(answers) == {"303": 3, "409": 3}
    assert len(queries.list_events(order.id)) == 2
    assert queries.list_lines(order.id)[0].qty_agreed in {2, 3}


@pytest.mark.race
@pytest.mark.parametrize(
    ("step", "make", "says"),
    [
        ("/tidak-bisa", lambda eggs, _: place_order(eggs, 3), [{"alasan": "tutup"}, {"alasan": "tidak_sempat"}]),
        ("/tidak-diambil", ready_order, [{"stok": "ya"}, {"stok": "tidak"}]),
        ("/batal", ready_order, [{"alasan": "rusak", "stok": "ya"}, {"alasan": "habis", "stok": "tidak"}]),
    ],
)
def test_of_two_answers_at_once_one_stands_and_the_other_is_named(app, stall, eggs, step, make, says):
    order = make(eggs, stall[0])
    shown, url, before = order.version, at(order, step), len(queries.list_events(order.id))
    phones = [app.test_client() for _ in range(4)]
    for each in phones:
        sign_in(each, stall[0])

    def act(place):
        sent = {"versi": shown} | says[place % 2]
        return lambda: str(phones[place].post(url, data=sent).status_code)

    answers = at_once(app, [act(place) for place in range(4)])

    assert Counter(answers) == {"303": 2, "409": 2}
    assert len(queries.list_events(order.id)) == before + 1
