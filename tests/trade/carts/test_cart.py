"""The cart page and what people do there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from app.core.clock import now, today
from app.core.db import db, transaction
from app.goods.products.models import Product, Variant
from app.goods.shops.models import Shop
from app.goods.stock.models import Stock
from app.kit.rupiah import Rupiah
from app.people.places.operations import set_setting
from app.trade.carts.basket import JAR
from tests.factories.goods import make_made_to_order, make_product, variant_of
from tests.factories.trade import make_stall, place_group
from tests.support.queries import count_queries, plan_of

HOSTILE = {
    "": "Bagian ini perlu diisi.",
    "0": "Isi paling sedikit 1.",
    "-1": "angka bulat",
    "1,5": "angka bulat",
    "1.5": "angka bulat",
    "½": "angka bulat",
    "1e3": "angka bulat",
    "dua": "angka bulat",
    "99999999999999999999": "angka bulat",
    "\x00": "perlu diisi",
    "\u202e\u200b": "perlu diisi",
    "\u202eaud": "angka bulat",
    "2 lusin": "angka bulat",
    "🥚": "angka bulat",
    "=1+1": "angka bulat",
    "<script>": "angka bulat",
    "9" * 70_000: "angka bulat",
}


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def egg(stall):
    return variant_of(make_product(stall[1], "Telur asin masir", price=38_000, qty=5))


def add(client, variant_id, qty=1, **headers):
    return client.post("/keranjang", data={"varian": variant_id, "jumlah": qty}, headers=headers)


def lines(client):
    """What the cookie of this phone says: variant, quantity and price of each line."""
    return [row[:3] for row in kept(client)]


def kept(client):
    cookie = client.get_cookie("keranjang")
    return [] if cookie is None else JAR.open(cookie.value)


def change(model, row_id, **facts):
    with transaction():
        row = db.session.get(model, row_id)
        for name, value in facts.items():
            setattr(row, name, value)


def test_a_stranger_fills_a_cart_without_an_account(client, egg):
    answer = add(client, egg.id, 2)

    assert (answer.status_code, answer.location) == (303, f"/keranjang?masuk={egg.id}")
    assert kept(client) == [[egg.id, 2, 38_000, db.session.get_one(Product, egg.product_id).shop_id]]
    page = client.get(answer.location).text
    assert "Telur asin masir masuk keranjang." in page
    assert "Rp76.000" in page


def test_adding_again_adds_up(client, egg):
    add(client, egg.id, 2)
    add(client, egg.id, 1)

    assert lines(client) == [[egg.id, 3, 38_000]]


def test_one_is_added_when_the_form_does_not_say(client, egg):
    client.post("/keranjang", data={"varian": egg.id})

    assert lines(client) == [[egg.id, 1, 38_000]]


def test_more_than_there_is_becomes_what_there_is_and_says_so(client, egg):
    answer = add(client, egg.id, 12)

    assert lines(client) == [[egg.id, 5, 38_000]]
    assert "stok hanya 5, jadi jumlahnya 5" in client.get(answer.location).text


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda text: ascii(text)[:12])
def test_a_strange_quantity_gets_a_sentence_beside_the_field(client, egg, typed):
    answer = add(client, egg.id, typed)

    assert answer.status_code == 422
    assert HOSTILE[typed] in answer.text
    assert 'name="jumlah"' in answer.text
    assert lines(client) == []


@pytest.mark.parametrize(
    "variant", ["", "0", "-1", "999999999", "99999999999999999999", "abc", "1.5", "\x00", "²", "9" * 70_000]
)
def test_a_thing_that_is_not_there_gets_a_calm_page(client, app, variant):
    answer = add(client, variant)

    assert answer.status_code == 404
    assert "Produk ini sudah tidak dijual." in answer.text


def test_doubled_fields_do_not_add_up(client, egg):
    client.post("/keranjang", data={"varian": [egg.id, "8"], "jumlah": ["2", "3"]})

    assert lines(client) == [[egg.id, 2, 38_000]]


def test_a_form_from_another_site_is_refused(client, egg):
    assert add(client, egg.id, Origin="https://lain.example").status_code == 400
    assert add(client, egg.id, **{"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert lines(client) == []


def test_looking_changes_nothing(client, egg):
    client.get(f"/keranjang?varian={egg.id}&jumlah=3&masuk={egg.id}&dibatasi={egg.id}&dibuang={egg.id}")

    assert client.get_cookie("keranjang") is None
    assert client.get("/keranjang/terima").status_code == 405


@pytest.mark.parametrize(
    "query", ["masuk=abc", "dibatasi=-1", "dibuang=999&jumlah=9", "dibuang=%F0%9F%A5%9A", "masuk=" + "9" * 300]
)
def test_a_made_up_address_shows_the_cart(client, app, query):
    assert client.get(f"/keranjang?{query}").status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "W10.zzz", "." * 50, "a" * 3_900, "[[1,1,1]]"])
def test_a_cookie_that_somebody_touched_is_an_empty_cart(client, app, cookie):
    client.set_cookie("keranjang", cookie)

    answer = client.get("/keranjang")

    assert answer.status_code == 200
    assert "Keranjang masih kosong" in answer.text


def test_a_changed_cookie_is_an_empty_cart(client, egg):
    add(client, egg.id, 2)
    value = client.get_cookie("keranjang").value
    client.set_cookie("keranjang", ("A" if value[0] != "A" else "B") + value[1:])

    assert "Keranjang masih kosong" in client.get("/keranjang").text


def test_the_cookie_outlives_the_browser_and_is_not_for_scripts(client, egg):
    cookie = add(client, egg.id).headers["Set-Cookie"]

    assert "Max-Age=5184000" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_forty_kinds_fit_into_one_cookie(client, stall):
    for number in range(41):
        answer = add(client, variant_of(make_product(stall[1], f"Telur {number}", price=999_999_999)).id)

    assert len(lines(client)) == 40
    assert len(client.get_cookie("keranjang").value) < 3_500
    assert answer.status_code == 409
    assert "Keranjang sudah penuh" in answer.text


def test_a_quantity_can_be_changed(client, egg):
    add(client, egg.id, 1)

    answer = client.post("/keranjang/ubah", data={"varian": egg.id, "jumlah": 4})

    assert answer.status_code == 303
    assert lines(client) == [[egg.id, 4, 38_000]]


@pytest.mark.parametrize("typed", [typed for typed in HOSTILE if typed != "0"], ids=lambda text: ascii(text)[:12])
def test_a_strange_change_keeps_the_line_and_says_why(client, egg, typed):
    add(client, egg.id, 2)

    answer = client.post("/keranjang/ubah", data={"varian": egg.id, "jumlah": typed})

    assert answer.status_code == 422
    assert HOSTILE[typed] in answer.text
    assert lines(client) == [[egg.id, 2, 38_000]]


def test_changing_what_is_not_in_the_cart_changes_nothing(client, egg):
    assert client.post("/keranjang/ubah", data={"varian": egg.id, "jumlah": 4}).status_code == 303
    assert lines(client) == []


def test_what_was_taken_out_can_be_put_back(client, egg):
    add(client, egg.id, 3)

    answer = client.post("/keranjang/ubah", data={"varian": egg.id, "jumlah": 0})
    page = client.get(answer.location).text

    assert lines(client) == []
    assert "Telur asin masir dikeluarkan." in page
    assert f"/keranjang/kembalikan?varian={egg.id}&amp;jumlah=3" in page
    client.post(f"/keranjang/kembalikan?varian={egg.id}&jumlah=3")
    assert lines(client) == [[egg.id, 3, 38_000]]


def test_a_new_price_is_shown_and_agreed_to_with_one_tap(client, egg):
    add(client, egg.id, 2)
    change(Variant, egg.id, price=Rupiah(40_000))

    page = client.get("/keranjang").text

    assert "Harga berubah dari Rp38.000 menjadi Rp40.000." in page
    assert "Lanjut pesan" not in page
    assert client.get("/pesan").location == "/keranjang"
    client.post("/keranjang/terima")
    assert lines(client) == [[egg.id, 2, 40_000]]
    assert "Lanjut pesan" in client.get("/keranjang").text


@pytest.mark.parametrize(
    ("model", "facts", "sentence", "left"),
    [
        (Stock, {"on_hand": 2}, "Tinggal 2, jadi jumlahnya 2 (tadi 4).", 2),
        (Stock, {"on_hand": 0}, "Sudah habis.", 0),
        (Product, {"state": "withdrawn"}, "Sudah tidak dijual.", 0),
        (Product, {"state": "paused"}, "Sudah tidak dijual.", 0),
        (Shop, {"state": "paused"}, "Lapak ini sedang tutup.", 0),
        (
            Shop,
            {"closed_until": today("Asia/Jakarta") + timedelta(days=2), "closed_note": "Lebaran dulu."},
            "Lebaran dulu.",
            0,
        ),
    ],
)
def test_each_change_is_named_line_by_line(client, stall, egg, model, facts, sentence, left):
    other = variant_of(make_product(make_stall()[1], "Keripik pedas"))
    add(client, egg.id, 4)
    add(client, other.id, 1)
    row = {Stock: egg.id, Product: egg.product_id, Shop: stall[1].id}[model]
    change(model, row, **facts)

    page = client.get("/keranjang").text
    client.post("/keranjang/terima")

    assert sentence in page
    assert "Telur asin masir:" in page
    expected = [[egg.id, left, 38_000]] if left else []
    assert lines(client) == [*expected, [other.id, 1, 19_000]]


def test_a_shop_that_closed_until_yesterday_is_open(client, stall, egg):
    change(Shop, stall[1].id, closed_until=today("Asia/Jakarta") - timedelta(days=1))

    assert add(client, egg.id).status_code == 303


def test_what_time_has_freed_can_be_had_though_no_job_ran(client, stall, egg):
    place_group((egg, 5))
    assert add(client, egg.id).status_code == 409

    with time_machine.travel(now() + timedelta(days=2)):
        add(client, egg.id, 4)
        page = client.get("/pesan")
        data = {name: re.search(rf'name="{name}" value="([^"]*)"', page.text)[1] for name in ("kunci", "isi")}
        answer = client.post("/pesan", data={**data, "nama": "Ratna", "telepon": "081298765432"})

    assert answer.location.startswith("/pesan/selesai/")


@pytest.mark.parametrize(
    ("model", "facts", "sentence"),
    [
        (Stock, {"on_hand": 0}, "sudah habis"),
        (Product, {"state": "paused"}, "sedang tidak dijual"),
        (Shop, {"state": "paused"}, "sedang tutup"),
    ],
)
def test_what_cannot_be_had_does_not_go_in(client, stall, egg, model, facts, sentence):
    change(model, {Stock: egg.id, Product: egg.product_id, Shop: stall[1].id}[model], **facts)

    answer = add(client, egg.id)

    assert answer.status_code == 409
    assert sentence in answer.text
    assert lines(client) == []


def test_the_cart_asks_little_and_its_count_asks_nothing(app, client, stall):
    for number in range(6):
        add(client, variant_of(make_product(make_stall()[1], f"Telur {number}")).id)

    with count_queries(app) as asked:
        client.get("/keranjang")
    assert len(asked) <= 6, asked

    with count_queries(app) as asked_with:
        client.get("/tentang")
    client.delete_cookie("keranjang")
    with count_queries(app) as asked_without:
        client.get("/tentang")
    assert len(asked_with) == len(asked_without)


def test_the_cart_is_nobody_elses(client, egg):
    add(client, egg.id)

    answer = client.get("/keranjang")

    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


@pytest.fixture
def cake(stall):
    """Made to order, five a day for two days, three of the first are promised."""
    variant = variant_of(make_made_to_order(stall[1], lead_days=1, day_capacity=5, price=20_000))
    with transaction():
        set_setting(stall[1].regency_code, "orders.days_ahead", 2)
    place_group((variant, 3))
    return variant


def test_of_goods_made_to_order_the_cart_takes_what_the_best_day_takes(client, cake):
    add(client, cake.id, 1)
    assert "Sehari paling banyak 5" in client.get("/keranjang").text

    page = client.get(add(client, cake.id, 9).location).text

    assert "sehari hanya bisa dibuat 5, jadi jumlahnya 5." in page
    assert lines(client) == [[cake.id, 5, 20_000]]


def test_days_that_filled_up_meanwhile_are_said_and_are_no_lack_of_stock(client, cake):
    add(client, cake.id, 4)
    place_group((cake, 2))
    place_group((cake, 2))
    assert "Sehari hanya bisa dibuat 3, jadi jumlahnya 3 (tadi 4)." in client.get("/keranjang").text
    place_group((cake, 3))

    page = client.get("/keranjang").text
    assert "Semua hari sudah penuh." in page
    assert "Sudah habis" not in page
    assert "semua hari sudah penuh" in add(client, cake.id, 1).text

    with time_machine.travel(now() + timedelta(days=1)):
        assert "Sehari paling banyak 5" in client.get("/keranjang").text


@pytest.mark.one_engine  # PostgreSQL goes by its statistics, which so few rows do not make
def test_what_sold_a_thousand_times_costs_no_more_to_look_at(app, client, egg):
    """The cart's question goes from the few orders that are overdue to their lines, never through all a thing sold."""
    with count_queries(app) as asked:
        client.post("/keranjang", data={"varian": egg.id, "jumlah": 1})

    plan = plan_of(*next(each for each in asked if "qty_held" in each[0]))

    assert "order_line" in plan
    assert "ix_order_line_variant_id" not in plan
