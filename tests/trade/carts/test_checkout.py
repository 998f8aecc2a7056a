"""From a cart to orders: one submit, an order per seller, exactly once."""

from __future__ import annotations

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import func, select

from app.core.db import db, transaction
from app.goods.products.models import Product, Variant
from app.goods.stock.models import Stock
from app.kit.rupiah import Rupiah
from app.trade.carts.basket import JAR, SHOWN
from app.trade.orders.models import Order, OrderGroup, OrderLine
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import make_stall
from tests.support.pages import words_of
from tests.support.queries import count_queries

RATNA = {"nama": "Ratna Dewi", "telepon": "0812-9876-5432"}
HOSTILE_NAMES = {
    "": "Isi nama",
    "   ": "Isi nama",
    "\x00\u200b\u202e": "Isi nama",
    "🥚🥚": "Isi nama dengan huruf",
    "12345": "Isi nama dengan huruf",
    "a" * 121: "Terlalu panjang",
    "a" * 200: "Terlalu panjang",
    "a" * 70_000: "Terlalu panjang",
}
HOSTILE_PHONES = {
    "": "Isi nomor WhatsApp",
    "abc": "Nomor HP belum benar",
    "0812": "Nomor HP belum benar",
    "0254-200123": "Nomor HP belum benar",
    "+1 202 555 0101": "Nomor HP belum benar",
    "9" * 70_000: "Nomor HP belum benar",
    "<script>": "Nomor HP belum benar",
    "=081234567890": "Nomor HP belum benar",
}


@pytest.fixture
def eggs(app):
    return variant_of(make_product(make_stall(name="Telur Ibu Sarmi")[1], "Telur asin masir", price=38_000, qty=5))


@pytest.fixture
def chips(app):
    return variant_of(make_product(make_stall(name="Keripik Neneng")[1], "Keripik pedas", price=12_500, qty=9))


def fill(client, *wanted):
    for variant, qty in wanted:
        client.post("/keranjang", data={"varian": variant.id, "jumlah": qty})


def fields(page):
    """The hidden fields of the checkout page."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("kunci", "isi")}


def counts():
    return tuple(db.session.scalar(select(func.count()).select_from(model)) for model in (OrderGroup, Order, OrderLine))


def free(variant):
    stock = db.session.get(Stock, variant.id)
    db.session.refresh(stock)
    return stock.on_hand - stock.reserved


def shop_of(variant):
    return db.session.get_one(Product, variant.product_id).shop_id


def set_price(variant, amount):
    with transaction():
        db.session.get(Variant, variant.id).price = Rupiah(amount)


def test_a_cart_over_two_sellers_becomes_an_order_each(client, eggs, chips):
    fill(client, (eggs, 2), (chips, 3))
    page = client.get("/pesan")

    answer = client.post("/pesan", data={**fields(page.text), **RATNA, "catatan": "Yang masir ya"})

    assert "Rp113.500" in page.text
    assert answer.status_code == 303
    assert re.fullmatch(r"/pesan/selesai/[0-9A-Za-z]{16,}", answer.location)
    assert counts() == (1, 2, 2)
    group = db.session.scalars(select(OrderGroup)).one()
    assert (group.buyer_name, group.buyer_phone, group.note) == ("Ratna Dewi", "+6281298765432", "Yang masir ya")
    assert (free(eggs), free(chips)) == (3, 6)
    done = client.get(answer.location).text
    for order in db.session.scalars(select(Order)):
        assert order.code in done
        assert f"/pesanan/{order.code}?s=" in done
    assert "WIB" in done
    assert "2 × Telur asin masir Rp76.000" in words_of(done)
    assert "3 × Keripik pedas Rp37.500" in words_of(done)
    assert client.get_cookie("keranjang") is None
    mine = client.get("/pesanan").text
    assert "Telur asin masir" in mine
    assert "Keripik pedas" in mine


def test_the_whatsapp_text_names_the_order_and_gives_no_key_away(client, app):
    stall = make_stall(name="Telur Ibu Sarmi", phone="+6281234500001")[1]
    fill(client, (variant_of(make_product(stall, "Telur asin", price=10_000)), 2))
    answer = client.post("/pesan", data={**fields(client.get("/pesan").text), **RATNA})
    page = client.get(answer.location).text
    order = db.session.scalars(select(Order)).one()

    address = re.search(r'href="(https://wa\.me/6281234500001\?text=[^"]*)"', page)[1]

    assert f"Kode%20{order.code}%3A" in address
    assert "Rp20.000" in address
    assert "Telur%20asin" in address
    assert "%3Fs%3D" not in address
    assert "81298765432" not in address


def test_a_double_tap_makes_one_order(client, eggs):
    fill(client, (eggs, 2))
    data = {**fields(client.get("/pesan").text), **RATNA}

    first, second, third = (client.post("/pesan", data=data) for _ in range(3))

    assert first.location == second.location == third.location
    assert counts() == (1, 1, 1)
    assert free(eggs) == 3


def test_a_retry_finds_its_answer_though_the_last_piece_was_its_own(client, eggs):
    fill(client, (eggs, 5))
    data = {**fields(client.get("/pesan").text), **RATNA}
    first = client.post("/pesan", data=data)

    assert free(eggs) == 0
    assert client.post("/pesan", data=data).location == first.location


def test_a_script_that_sends_the_key_and_the_buyer_alone_gets_the_same_answer_twice(client, eggs):
    fill(client, (eggs, 2))
    data = {"kunci": "a-key-of-a-script", **RATNA}

    first = client.post("/pesan", data=data)
    second = client.post("/pesan", data=data)

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert counts() == (1, 1, 1)


def test_the_answer_that_was_lost_is_given_again_while_the_cart_is_still_there(client, eggs):
    fill(client, (eggs, 2))
    cart = client.get_cookie("keranjang").value
    data = {"kunci": "a-key-of-a-script", **RATNA}
    first = client.post("/pesan", data=data)
    client.set_cookie("keranjang", cart)

    assert client.post("/pesan", data=data).location == first.location
    assert counts() == (1, 1, 1)


def test_a_key_does_not_serve_for_other_contents(client, eggs, chips):
    fill(client, (eggs, 1))
    data = {"kunci": "a-key-of-a-script", **RATNA}
    client.post("/pesan", data=data)
    fill(client, (chips, 1))

    other_cart = client.post("/pesan", data=data)
    client.delete_cookie("keranjang")
    other_buyer = client.post("/pesan", data={**data, "nama": "Orang Lain"})

    assert (other_cart.status_code, other_buyer.status_code) == (409, 409)
    assert "sudah terkirim" in other_buyer.text
    assert counts() == (1, 1, 1)


def test_a_stranger_cannot_fish_for_orders_with_a_guessed_key(client, app):
    answer = client.post("/pesan", data={"kunci": "a-key-of-a-script", **RATNA})

    assert (answer.status_code, answer.location) == (303, "/keranjang")


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "x" * 70_000, "\x00" * 20, "\u202e" * 20])
def test_a_form_without_a_usable_key_comes_back_with_a_new_one(client, eggs, key):
    fill(client, (eggs, 1))

    answer = client.post("/pesan", data={"kunci": key, **RATNA})

    assert answer.status_code == 422
    assert "tekan Pesan sekarang" in answer.text
    assert 'value="Ratna Dewi"' in answer.text
    assert counts() == (0, 0, 0)
    assert client.post("/pesan", data={**fields(answer.text), **RATNA}).status_code == 303


@pytest.mark.parametrize(("name", "sentence"), HOSTILE_NAMES.items(), ids=lambda text: ascii(text)[:12])
def test_a_strange_name_gets_a_sentence_and_nothing_typed_is_lost(client, eggs, name, sentence):
    fill(client, (eggs, 1))
    sent = {**fields(client.get("/pesan").text), **RATNA, "nama": name, "catatan": "Yang masir ya"}

    answer = client.post("/pesan", data=sent)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "0812-9876-5432" in answer.text
    assert "Yang masir ya" in answer.text
    assert fields(answer.text) == {"kunci": sent["kunci"], "isi": sent["isi"]}
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize(("number", "sentence"), HOSTILE_PHONES.items(), ids=lambda text: ascii(text)[:12])
def test_a_strange_number_gets_a_sentence_and_the_name_stays(client, eggs, number, sentence):
    fill(client, (eggs, 1))

    answer = client.post("/pesan", data={**fields(client.get("/pesan").text), **RATNA, "telepon": number})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Ratna Dewi"' in answer.text
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize(
    "name", ["Siti", "O’Neill", "Siti 🥚", "Ny. =HYPERLINK(1)", "علي", "<b>Budi</b>", "Budi\u202edi", "a" * 120]
)
def test_a_name_of_letters_is_a_name(client, eggs, name):
    fill(client, (eggs, 1))

    answer = client.post("/pesan", data={**fields(client.get("/pesan").text), **RATNA, "nama": name})

    assert answer.status_code == 303
    assert "<b>Budi" not in client.get(answer.location).text


@pytest.mark.parametrize(
    "typed",
    ["081298765432", "0812-9876-5432", "+62 812 9876 5432", "62812.9876.5432", "(0812) 9876 5432", "812 9876 5432",
     "WA: 0812 9876 5432", "https://wa.me/6281298765432", "٠٨١٢٩٨٧٦٥٤٣٢"],
)  # fmt: skip
def test_a_number_is_understood_as_people_write_it(client, eggs, typed):
    fill(client, (eggs, 1))

    answer = client.post("/pesan", data={**fields(client.get("/pesan").text), **RATNA, "telepon": typed})

    assert answer.status_code == 303
    assert db.session.scalars(select(OrderGroup.buyer_phone)).one() == "+6281298765432"


def test_a_line_under_another_seller_s_name_buys_nothing(client, eggs, chips):
    client.set_cookie("keranjang", JAR.sign([[eggs.id, 1, 38_000, shop_of(chips)]]))
    page = client.get("/pesan")

    answer = client.post("/pesan", data={"kunci": "a-key-of-a-script", **RATNA})

    assert (page.status_code, answer.status_code) == (200, 409)
    assert "Keripik Neneng" not in page.text
    assert counts() == (0, 0, 0)


def test_a_note_that_is_too_long_comes_back(client, eggs):
    fill(client, (eggs, 1))

    answer = client.post("/pesan", data={**fields(client.get("/pesan").text), **RATNA, "catatan": "x" * 301})

    assert answer.status_code == 422
    assert "Paling banyak 300 huruf" in answer.text


def test_a_price_that_moved_in_between_is_named_and_nothing_is_stored(client, eggs, chips):
    fill(client, (eggs, 2), (chips, 1))
    data = {**fields(client.get("/pesan").text), **RATNA}
    set_price(eggs, 40_000)

    answer = client.post("/pesan", data=data)

    assert answer.status_code == 409
    assert "Telur asin masir: Harga berubah dari Rp38.000 menjadi Rp40.000." in answer.text
    assert 'value="Ratna Dewi"' in answer.text
    assert counts() == (0, 0, 0)
    again = client.post("/pesan", data={**fields(answer.text), **RATNA})
    assert again.status_code == 303
    assert db.session.scalars(select(Order.total).order_by(Order.total.desc())).first() == Rupiah(80_000)


def test_a_line_that_ran_out_is_named_and_one_tap_sends_the_rest(client, eggs, chips):
    fill(client, (eggs, 2), (chips, 1))
    data = {**fields(client.get("/pesan").text), **RATNA}
    with transaction():
        db.session.get(Stock, eggs.id).on_hand = 0

    answer = client.post("/pesan", data=data)
    again = client.post("/pesan", data={**fields(answer.text), **RATNA})

    assert answer.status_code == 409
    assert "Telur asin masir: Sudah habis." in answer.text
    assert again.status_code == 303
    assert counts() == (1, 1, 1)
    assert db.session.scalars(select(OrderLine.variant_id)).one() == chips.id


def test_when_all_of_it_ran_out_the_page_shows_the_way_on(client, eggs):
    fill(client, (eggs, 2))
    data = {**fields(client.get("/pesan").text), **RATNA}
    with transaction():
        db.session.get(Stock, eggs.id).on_hand = 0

    answer = client.post("/pesan", data=data)

    assert answer.status_code == 409
    assert "Lihat produk lain" in answer.text
    assert "Pesan sekarang" not in answer.text.replace("tekan Pesan sekarang", "")
    assert 'value="Ratna Dewi"' in answer.text


@pytest.mark.parametrize("price", [1, 37_999, 10**12])
def test_a_price_of_ones_own_buys_nothing(client, eggs, price):
    """Even with our key in hand the price that counts is the market's."""
    client.set_cookie("keranjang", JAR.sign([[eggs.id, 2, price, shop_of(eggs)]]))

    answer = client.post("/pesan", data={"kunci": "a-key-of-a-script", **RATNA})

    assert answer.status_code == 409
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize("shown", ["", "x", "W10.zzz", "a" * 5_000])
def test_contents_that_somebody_touched_are_not_read(client, eggs, shown):
    fill(client, (eggs, 2))
    key = fields(client.get("/pesan").text)["kunci"]

    answer = client.post("/pesan", data={"kunci": key, "isi": shown, **RATNA})

    assert answer.status_code == 303
    assert db.session.scalars(select(Order.total)).one() == Rupiah(76_000)


@pytest.mark.parametrize("jar", [SHOWN, JAR], ids=["another-page", "another-cookie"])
def test_contents_under_the_signature_of_others_are_not_read(client, eggs, jar):
    fill(client, (eggs, 2))
    page = fields(client.get("/pesan").text)
    mine = jar.sign([[eggs.id, 2, 1, shop_of(eggs)]])
    forged = mine if jar is JAR else mine.rpartition(".")[0] + "." + page["isi"].rpartition(".")[2]

    answer = client.post("/pesan", data={"kunci": page["kunci"], "isi": forged, **RATNA})

    assert answer.status_code == 303
    assert db.session.scalars(select(Order.total)).one() == Rupiah(76_000)


def test_a_cart_cookie_does_not_pass_for_what_a_page_showed(client, eggs):
    fill(client, (eggs, 2))
    cart = client.get_cookie("keranjang").value

    assert SHOWN.open(cart) is None
    assert JAR.open(SHOWN.sign([[eggs.id, 1, 1, 1]])) is None


def test_an_empty_cart_leads_back_to_the_market(client, app):
    assert client.get("/pesan").location == "/keranjang"
    assert client.post("/pesan", data=RATNA).location == "/keranjang"


def test_an_order_from_another_site_is_refused(client, eggs):
    fill(client, (eggs, 1))
    data = {**fields(client.get("/pesan").text), **RATNA}

    answer = client.post("/pesan", data=data, headers={"Origin": "https://lain.example"})

    assert answer.status_code == 400
    assert counts() == (0, 0, 0)


def test_what_was_ordered_keeps_its_price(client, eggs):
    fill(client, (eggs, 1))
    client.post("/pesan", data={**fields(client.get("/pesan").text), **RATNA})

    set_price(eggs, 99_000)

    assert db.session.scalars(select(Order.total)).one() == Rupiah(38_000)


def test_no_page_of_an_order_carries_the_buyer_in_its_address(client, eggs):
    fill(client, (eggs, 1))
    answer = client.post("/pesan", data={**fields(client.get("/pesan").text), **RATNA})
    page = client.get(answer.location)

    for address in re.findall(r'(?:href|action)="([^"]+)"', page.text):
        assert "Ratna" not in address
        assert "98765432" not in address
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    for name in ("pesanan", "keranjang"):
        cookie = client.get_cookie(name)
        assert cookie is None or "Ratna" not in cookie.value


def test_the_checkout_page_asks_little(app, client, eggs, chips):
    fill(client, (eggs, 1), (chips, 1))

    with count_queries(app) as asked:
        client.get("/pesan")

    assert len(asked) <= 6, asked


def send(url, data, cookie):
    """One POST on a connection of its own, as another tap would be."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"keranjang={cookie}", "Origin": url}
    connection.request("POST", "/pesan", urlencode(data), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheader("Location")


@pytest.mark.race
def test_sixteen_taps_at_once_make_one_order(app, live_server, eggs, chips):
    cookie = JAR.sign([[eggs.id, 2, 38_000, shop_of(eggs)], [chips.id, 1, 12_500, shop_of(chips)]])
    data = {"kunci": "sixteen-taps-at-once", **RATNA}

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: send(live_server.url, data, cookie), range(16)))

    assert {status for status, _ in answers} == {303}
    assert len({location for _, location in answers}) == 1
    db.session.rollback()
    assert counts() == (1, 2, 2)
    assert (free(eggs), free(chips)) == (3, 8)
