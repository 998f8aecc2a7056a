"""The seller's order desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from app.core import papers
from app.core.clock import now
from app.core.db import db, transaction
from app.goods.stock.models import Stock
from app.kit.rupiah import Rupiah
from app.trade.orders import links, messages, operations, queries
from app.trade.orders.models import OrderGroup
from app.trade.orders.pages import list_tab
from app.trade.sales import queries as sales
from tests.factories.goods import make_product, variant_of
from tests.factories.people import make_account, sign_in
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

PAGES = ("", "/tidak-bisa", "/hanya-ada", "/serah", "/tidak-diambil", "/batal")
POSTS = ("/terima", "/tidak-bisa", "/hanya-ada", "/siap", "/serah", "/tidak-diambil", "/batal", "/ambil-stok")
HOSTILE = ["", "0", "-1", "1,5", "dua", "9" * 30, "\x00", "\u202e", "🥚", "=1+1", "9" * 70_000]


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], "Telur asin masir", price=38_000, qty=20)


@pytest.fixture
def seller(client, stall):
    sign_in(client, stall[0])
    return stall[0]


def at(order, step=""):
    return f"/jualan/pesanan/{order.code}{step}"


def state(order):
    db.session.refresh(order)
    return order.state


def stock_of(product):
    stock = db.session.get(Stock, variant_of(product).id)
    db.session.refresh(stock)
    return stock.on_hand, stock.reserved


def test_new_orders_come_first_with_what_can_be_said(client, seller, eggs):
    order = place_order(eggs, 2)

    page = client.get("/jualan/pesanan").text

    assert order.code in page
    assert "2 × Telur asin masir" in page
    assert "Rp76.000" in page
    assert "Pesanan baru: jawab sebelum" in page
    for word in ("Terima", "Tidak bisa", "Hanya ada …"):
        assert word in page


def test_what_she_must_answer_stands_above_what_she_answered_on_every_page(client, seller, eggs):
    waiting = [place_order(eggs, 2) for _ in range(2)]
    offered = [place_order(eggs, 2) for _ in range(3)]
    others = [accepted_order(eggs, seller), ready_order(eggs, seller), handed_order(eggs, seller)]
    for order in offered:
        with transaction():
            operations.offer_less(order, {queries.list_lines(order.id)[0].id: 1}, by=seller)
    expected = [each.code for each in [*reversed(waiting), *reversed(offered)]]

    page = client.get("/jualan/pesanan").text
    assert re.findall(r'<article.*?href="/jualan/pesanan/([0-9A-Z]{7})"', page, re.DOTALL) == expected
    assert not any(each.code in page for each in others)
    pages, last = [], 0
    while found := [each.order for each in list_tab(eggs.shop_id, "baru", last, 2)]:
        pages += [each.code for each in found]
        last = found[-1].id
    assert pages == expected


def test_each_order_on_the_desk_has_one_big_action(client, seller, eggs):
    made = {"baru": place_order, "disiapkan": accepted_order, "siap": ready_order}
    words = {"baru": "Terima", "disiapkan": "Siap diambil", "siap": "Serahkan barang"}
    for name, make in made.items():
        make(eggs, *([] if name == "baru" else [seller]))
        card = re.search(r"<article.*?</article>", client.get(f"/jualan/pesanan?daftar={name}").text, re.DOTALL)[0]
        buttons = re.findall(r'class="(button[^"]*)"[^>]*>(.*?)</', card, re.DOTALL)

        big = [re.sub("<.*?>", "", word).strip() for kind, word in buttons if kind == "button"]
        assert big == [words[name]]


def test_the_lists_hold_what_their_names_say_and_count_it(client, seller, eggs):
    orders = {
        "baru": place_order(eggs),
        "disiapkan": accepted_order(eggs, seller),
        "siap": ready_order(eggs, seller),
        "selesai": handed_order(eggs, seller),
    }

    for name, order in orders.items():
        page = client.get(f"/jualan/pesanan?daftar={name}").text
        assert order.code in page
        assert not any(other.code in page for key, other in orders.items() if key != name)
        assert re.findall(r'tabs__count">(\d+)<', page) == ["1", "1", "1"]


def test_what_time_has_ended_stands_among_the_finished(client, seller, eggs):
    order = place_order(eggs)

    with time_machine.travel(now() + timedelta(days=2)):
        sign_in(client, seller)
        fresh, done = (client.get(f"/jualan/pesanan?daftar={name}").text for name in ("baru", "selesai"))

    assert order.code not in fresh
    assert order.code in done
    assert "Terlewat, hubungi pendamping bila perlu" in done


@pytest.mark.parametrize(
    "query", ["daftar=lain", "sebelum=abc", "sebelum=" + "9" * 40, "daftar=%F0%9F%A5%9A", "sebelum=-1"]
)
def test_a_made_up_list_is_the_first_one(client, seller, query):
    assert client.get(f"/jualan/pesanan?{query}").status_code == 200


def test_long_lists_go_on_with_the_next_page(client, seller, eggs):
    orders = [place_order(eggs) for _ in range(20)]
    variant = variant_of(eggs)
    with transaction():
        db.session.get(Stock, variant.id).on_hand = 40
    last = place_order(eggs)

    first = client.get("/jualan/pesanan").text
    more = re.search(r'href="([^"]*sebelum=\d+)"', first)[1].replace("&amp;", "&")

    assert last.code in first
    assert orders[0].code not in first
    assert orders[0].code in client.get(more).text


def test_the_desk_asks_little(app, client, seller, eggs):
    for _ in range(8):
        place_order(eggs)
    client.get("/jualan/pesanan")

    with count_queries(app) as asked:
        client.get("/jualan/pesanan")

    assert len(asked) <= 12, asked


def test_an_order_is_found_by_its_code(client, seller, eggs):
    order = place_order(eggs)
    other = place_order(make_product(make_stall()[1], "Keripik"))

    assert client.get(f"/jualan/pesanan?cari={order.code.lower()}").location == at(order)
    for typed in (other.code, "ZZZZZZZ", "\x41" * 300, "🥚", "' OR 1=1"):
        answer = client.get("/jualan/pesanan", query_string={"cari": typed})
        assert answer.status_code == 200
        assert "Tidak ada pesanan dengan kode" in answer.text


def test_the_whole_way_to_money_in_hand(client, seller, eggs):
    order = place_order(eggs, 3)

    client.post(at(order, "/terima"), data={"versi": order.version})
    assert state(order) == "accepted"
    client.post(at(order, "/siap"), data={"versi": order.version})
    assert state(order) == "ready"
    answer = client.post(at(order, "/serah"), data={"versi": order.version, "kode": links.handover_code(order.code)})

    assert answer.location == at(order)
    assert state(order) == "handed_over"
    assert stock_of(eggs) == (17, 0)
    sale = sales.list_of_source("order", order.id)[0]
    assert (sale.qty, sale.amount, sales.grade_of(sale.id)) == (3, Rupiah(114_000), "A")
    page = client.get(at(order)).text
    assert "Selesai, tercatat Rp114.000" in page
    assert "Uang diterima dan tercatat." in page
    assert "Diserahkan, uang diterima" in page


def test_without_the_code_it_counts_less(client, seller, eggs):
    order = ready_order(eggs, seller)
    assert "bukti penjualannya kurang kuat" in client.get(at(order)).text

    client.post(at(order, "/serah"), data={"versi": order.version, "kode": ""})

    assert state(order) == "handed_over"
    assert sales.grade_of(sales.list_of_source("order", order.id)[0].id) == "C"


@pytest.mark.parametrize("code", ["0", "abcd", "99999", "\u202e1", "🥚", "x" * 70_000, "=1+1"])
def test_a_wrong_code_hands_nothing_over(client, seller, eggs, code):
    order = ready_order(eggs, seller)

    answer = client.post(at(order, "/serah"), data={"versi": order.version, "kode": code})

    assert answer.status_code == 422
    assert "field__error" in answer.text
    assert state(order) == "ready"


def test_codes_cannot_be_tried_for_ever_but_the_goods_still_change_hands(client, seller, eggs):
    order = ready_order(eggs, seller)
    right = links.handover_code(order.code)
    wrong = "0000" if right != "0000" else "1111"
    for _ in range(5):
        assert client.post(at(order, "/serah"), data={"kode": wrong}).status_code == 422

    locked = client.post(at(order, "/serah"), data={"kode": right})
    without = client.post(at(order, "/serah"), data={"kode": ""})

    assert locked.status_code == 429
    assert "Kode salah terlalu sering" in locked.text
    assert without.status_code == 303
    assert state(order) == "handed_over"


def test_the_scanned_code_is_filled_in_and_nothing_happens_yet(client, seller, eggs):
    order = ready_order(eggs, seller)
    with client.application.test_request_context():
        scanned = messages.hand_over_link(order.code)
        assert papers.code(scanned) in client.get(messages.buyer_url(order.code)).text

    page = client.get(scanned).text

    assert f'value="{links.handover_code(order.code)}"' in page
    assert state(order) == "ready"


def at_risk(eggs, seller):
    order = accepted_order(eggs, seller)
    with transaction():
        operations.make_room(variant_of(eggs).id, 20)
    return order


@pytest.mark.parametrize(
    ("step", "make", "says"),
    [
        ("/terima", lambda eggs, _seller: place_order(eggs), {}),
        ("/tidak-bisa", lambda eggs, _seller: place_order(eggs), {"alasan": "tutup"}),
        ("/hanya-ada", lambda eggs, _seller: place_order(eggs, 2), {"jumlah": "1"}),
        ("/siap", accepted_order, {}),
        ("/batal", accepted_order, {"alasan": "rusak", "stok": "tidak"}),
        ("/ambil-stok", at_risk, {}),
        ("/serah", ready_order, {}),
        ("/tidak-diambil", ready_order, {"stok": "tidak"}),
    ],
)
def test_a_second_tap_is_no_trouble(client, seller, eggs, step, make, says):
    order = make(eggs, seller)
    line = queries.list_lines(order.id)[0]
    data = {f"jumlah-{line.id}" if name == "jumlah" else name: each for name, each in says.items()}
    data["versi"] = order.version

    first = client.post(at(order, step), data=data)
    then, there = state(order), stock_of(eggs)
    second = client.post(at(order, step), data=data)

    assert first.location == second.location == at(order)
    assert (state(order), stock_of(eggs)) == (then, there)


def test_a_stale_page_says_how_it_stands_now(client, seller, eggs):
    order = place_order(eggs)
    shown = order.version
    with transaction():
        operations.cancel_by_buyer(order, "berubah_pikiran")

    answer = client.post(at(order, "/terima"), data={"versi": shown})

    assert answer.status_code == 409
    assert "Pesanan ini sudah dibatalkan pembeli." in answer.text
    assert "Dibatalkan (berubah pikiran)" in answer.text
    assert state(order) == "cancelled_buyer"


def test_a_page_from_before_the_buyer_paid_calls_nothing_off(client, seller, eggs):
    order = accepted_order(eggs, seller, method="qris_seller")
    shown = order.version
    with transaction():
        operations.claim_payment(order, order.total, key="paid-meanwhile")

    answer = client.post(at(order, "/batal"), data={"versi": shown, "alasan": "rusak", "stok": "ya"})

    assert answer.status_code == 409
    assert "Ada yang berubah sejak halaman ini dibuka. Pesanan ini sudah diterima penjual." in answer.text
    assert state(order) == "accepted"


def test_she_cannot_and_says_why(client, seller, eggs):
    order = place_order(eggs, 4)
    page = client.get(at(order, "/tidak-bisa")).text

    client.post(at(order, "/tidak-bisa"), data={"versi": order.version, "alasan": "tidak_sempat"})

    assert "Kenapa tidak bisa?" in page
    assert state(order) == "refused"
    assert stock_of(eggs) == (20, 0)
    assert "tidak sempat menyiapkan" in client.get(at(order)).text


@pytest.mark.parametrize("reason", HOSTILE)
def test_a_reason_off_the_list_comes_back(client, seller, eggs, reason):
    order = place_order(eggs)

    answer = client.post(at(order, "/tidak-bisa"), data={"versi": order.version, "alasan": reason})

    assert answer.status_code == 422
    assert "field__error" in answer.text
    assert state(order) == "placed"


def test_run_out_puts_the_stock_right(client, seller, eggs):
    order = place_order(eggs, 4)
    line = queries.list_lines(order.id)[0]

    client.post(at(order, "/tidak-bisa"), data={"versi": order.version, "alasan": "habis", f"sisa-{line.id}": "1"})

    assert state(order) == "refused"
    assert stock_of(eggs) == (1, 0)


@pytest.mark.parametrize("typed", ["-1", "1,5", "dua", "9" * 30, "🥚", "=1+1", "9" * 70_000])
def test_a_strange_count_of_what_is_left_comes_back_with_what_was_typed(client, seller, eggs, typed):
    order = place_order(eggs, 4)
    line = queries.list_lines(order.id)[0]

    answer = client.post(
        at(order, "/tidak-bisa"), data={"versi": order.version, "alasan": "habis", f"sisa-{line.id}": typed}
    )

    assert answer.status_code == 422
    assert "Isi dengan angka bulat, misalnya 2" in answer.text
    assert "checked" in answer.text
    assert (state(order), stock_of(eggs)) == ("placed", (20, 4))


def test_what_is_left_is_understood_as_people_write_it(client, seller, eggs):
    order = place_order(eggs, 4)
    line = queries.list_lines(order.id)[0]

    client.post(
        at(order, "/tidak-bisa"), data={"versi": order.version, "alasan": "habis", f"sisa-{line.id}": " 12 butir"}
    )

    assert (state(order), stock_of(eggs)) == ("refused", (12, 0))


def test_stock_that_others_were_promised_is_not_counted_away(client, seller, eggs):
    place_order(eggs, 6)
    order = place_order(eggs, 4)
    line = queries.list_lines(order.id)[0]

    answer = client.post(
        at(order, "/tidak-bisa"), data={"versi": order.version, "alasan": "habis", f"sisa-{line.id}": "2"}
    )

    assert answer.status_code == 409
    assert "Sebagian sudah dipesan pembeli" in answer.text
    assert state(order) == "placed"
    assert stock_of(eggs) == (20, 10)


def test_she_offers_what_she_has(client, seller, eggs):
    order = place_order(eggs, 5)
    line = queries.list_lines(order.id)[0]
    assert f'name="jumlah-{line.id}"' in client.get(at(order, "/hanya-ada")).text

    client.post(at(order, "/hanya-ada"), data={"versi": order.version, f"jumlah-{line.id}": "2"})

    assert state(order) == "amended"
    assert stock_of(eggs) == (20, 2)
    assert "Menunggu jawaban pembeli" in client.get(at(order)).text


@pytest.mark.parametrize("typed", [*HOSTILE, "6", "5"])
def test_a_strange_offer_comes_back_with_what_was_typed(client, seller, eggs, typed):
    order = place_order(eggs, 5)
    line = queries.list_lines(order.id)[0]

    answer = client.post(at(order, "/hanya-ada"), data={"versi": order.version, f"jumlah-{line.id}": typed})

    assert answer.status_code == 422
    assert "field__error" in answer.text or "Kurangi dulu jumlahnya" in answer.text
    assert state(order) == "placed"
    assert stock_of(eggs) == (20, 5)


def test_a_line_of_another_order_changes_nothing(client, seller, eggs):
    order, theirs = place_order(eggs, 5), place_order(make_product(make_stall()[1], "Keripik", qty=9), 4)
    mine, foreign = (queries.list_lines(each.id)[0] for each in (order, theirs))

    alone = client.post(at(order, "/hanya-ada"), data={"versi": order.version, f"jumlah-{foreign.id}": "1"})
    beside = client.post(
        at(order, "/hanya-ada"),
        data={"versi": order.version, f"jumlah-{foreign.id}": "1", f"jumlah-{mine.id}": "2"},
    )

    assert (alone.status_code, beside.status_code) == (422, 303)
    assert [(each.qty_agreed, each.qty_held) for each in queries.list_lines(theirs.id)] == [(4, 4)]
    assert state(theirs) == "placed"
    assert [each.qty_agreed for each in queries.list_lines(order.id)] == [2]


@pytest.mark.parametrize(("answer", "stock"), [("ya", (20, 0)), ("tidak", (17, 0))])
def test_nobody_came(client, seller, eggs, answer, stock):
    order = ready_order(eggs, seller, 3)

    empty = client.post(at(order, "/tidak-diambil"), data={"versi": order.version})
    client.post(at(order, "/tidak-diambil"), data={"versi": order.version, "stok": answer})

    assert empty.status_code == 422
    assert state(order) == "not_collected"
    assert stock_of(eggs) == stock
    assert sales.list_of_source("order", order.id) == []


@pytest.mark.parametrize(("answer", "stock"), [("ya", (20, 0)), ("tidak", (18, 0))])
def test_she_calls_off_what_was_packed(client, seller, eggs, answer, stock):
    order = ready_order(eggs, seller, 2)

    client.post(at(order, "/batal"), data={"versi": order.version, "alasan": "rusak", "stok": answer})

    assert state(order) == "cancelled_seller"
    assert stock_of(eggs) == stock


def test_the_buyers_wish_is_a_reason_only_when_there_is_one(client, seller, eggs):
    order = ready_order(eggs, seller)
    data = {"alasan": "permintaan_pembeli", "stok": "ya"}

    early = client.post(at(order, "/batal"), data=data)
    with transaction():
        operations.ask_cancel(order)
    assert "Pembeli minta batal." in client.get(at(order)).text
    client.post(at(order, "/batal"), data=data)

    assert early.status_code == 422
    assert state(order) == "cancelled_seller"


def test_each_page_fits_the_order_or_leads_back_to_it(client, seller, eggs):
    orders = [place_order(eggs), accepted_order(eggs, seller), ready_order(eggs, seller), handed_order(eggs, seller)]

    for order in orders:
        for step in PAGES:
            answer = client.get(at(order, step))
            assert answer.status_code == 200, step
            assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("step", POSTS)
def test_what_does_not_fit_is_refused_in_words(client, seller, eggs, step):
    order = handed_order(eggs, seller)
    data = {"alasan": "rusak", "stok": "ya", "versi": order.version}

    answer = client.post(at(order, step), data=data)

    assert answer.status_code in {303, 409, 422}
    assert state(order) == "handed_over"


def test_she_sees_the_buyer_and_the_note_until_they_are_erased(client, seller, eggs):
    order = place_order(eggs, note="Yang masir ya", phone=PHONE)
    page = client.get(at(order)).text
    with transaction():
        group = db.session.get(OrderGroup, order.group_id)
        group.buyer_name = group.buyer_phone = None

    erased = client.get(at(order)).text

    assert "Ratna Dewi" in page
    assert "Yang masir ya" in page
    assert f"https://wa.me/{PHONE[1:]}" in page
    assert f'href="tel:{PHONE}"' in page
    assert "sudah dihapus" in erased
    assert PHONE[1:] not in erased


def test_she_never_sees_the_code_or_the_key_of_the_buyer(client, seller, eggs):
    order = ready_order(eggs, seller)

    page = client.get(at(order)).text

    assert links.link_signature(order.code) not in page
    assert f">{links.handover_code(order.code)}<" not in page


def test_of_a_group_she_sees_her_part_alone(client, seller, eggs):
    other = make_product(make_stall(name="Keripik Neneng")[1], "Keripik pedas", price=12_500)
    group = place_group((variant_of(eggs), 1), (variant_of(other), 2))
    mine, theirs = queries.list_of_group(group.id)

    pages = client.get(at(mine)).text + client.get("/jualan/pesanan").text

    assert "Keripik" not in pages
    assert theirs.code not in pages
    assert group.token not in pages


@pytest.mark.parametrize("step", sorted({*PAGES, *POSTS}))
def test_anothers_order_is_as_missing_as_no_order(client, seller, step):
    order = place_order(make_product(make_stall()[1], "Keripik"))

    for method in (client.get, client.post):
        answers = [method(f"/jualan/pesanan/{code}{step}") for code in (order.code, "2222222")]
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].status_code in {404, 405}
    assert state(order) == "placed"


@pytest.mark.parametrize(
    "role", ["pendamping", "curator", "caseworker", "approver", "head", "steward", "admin", "partner"]
)
def test_other_roles_have_no_order_desk(client, eggs, role):
    order = place_order(eggs)
    sign_in(client, make_account(role))

    assert client.get(at(order)).status_code in {403, 404}
    assert client.post(at(order, "/terima")).status_code in {403, 404}
    assert client.get("/jualan/pesanan").status_code in {403, 404}
    assert state(order) == "placed"


def test_strangers_are_asked_to_sign_in(client, eggs):
    order = place_order(eggs)

    answer = client.get(at(order))

    assert answer.status_code == 303
    assert answer.location.startswith("/masuk?next=")
    assert client.post(at(order, "/terima")).status_code == 401


def test_an_order_at_risk_needs_its_goods_first(client, seller, eggs):
    order = accepted_order(eggs, seller, 5)
    variant = variant_of(eggs)
    with transaction():
        operations.make_room(variant.id, 20)

    page = client.get(at(order)).text
    refused = client.post(at(order, "/siap"))
    client.post(at(order, "/ambil-stok"))

    assert "Barangnya sudah terjual di tempat lain" in page
    assert 'href="/jualan/produk">Tambah stok' in page  # the way to what must come first
    assert f'action="{at(order, "/siap")}"' not in page  # what would be refused is not offered
    assert refused.status_code == 409
    db.session.refresh(order)
    assert not order.at_risk
    assert stock_of(eggs) == (20, 5)
    assert f'action="{at(order, "/siap")}"' in client.get(at(order)).text


def test_an_order_that_is_off_says_so_in_english(client, seller, eggs):
    order = accepted_order(eggs, seller)
    with transaction():
        operations.cancel_by_seller(order, "rusak", by=seller)
    client.set_cookie("bahasa", "en")

    pages = [client.get(path).text for path in (at(order), "/jualan/pesanan?daftar=selesai")]

    assert all("Called off" in page and "Never mind" not in page for page in pages)
