"""At checkout: what a seller brings, its fee counted before it is ordered, and every change of it said first."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.core.db import db, transaction
from app.goods.products.models import Product
from app.kit.rupiah import Rupiah
from app.trade.orders.models import Order, OrderGroup
from app.trade.payments import operations as payments
from tests.factories.goods import make_product, make_shop, make_zones, variant_of
from tests.factories.payments import make_means
from tests.factories.people import KECAMATAN
from tests.factories.trade import make_stall
from tests.support.queries import count_queries
from tests.trade.carts.test_checkout import RATNA, fields, fill

FAR = "36.04.12"
ADDRESS = "Kampung Baru RT 02 RW 05, pagar hijau"


@pytest.fixture
def shop(app):
    return make_shop(name="Telur Ibu Sarmi")


@pytest.fixture
def eggs(shop):
    return variant_of(make_product(shop, "Telur asin", price=38_000, qty=20))


@pytest.fixture
def zones(shop):
    return make_zones(shop, {KECAMATAN: 3_000, FAR: 8_000})


def orders():
    return db.session.scalars(select(Order).order_by(Order.id)).all()


class Page:
    """The page before the order, as a buyer without script fills it in."""

    def __init__(self, client, shop):
        self.client, self.name = client, shop.id
        self.text = client.get("/pesan").text

    @property
    def counted(self):
        found = re.search(rf'name="terhitung-{self.name}" value="([^"]*)"', self.text)
        return {f"terhitung-{self.name}": found[1]} if found else {}

    def send(self, to=None, **typed):
        chosen = re.search(rf'name="antar-{self.name}".*?<option value="([^"]*)" selected', self.text, re.DOTALL)
        value = to if to is not None else chosen[1] if chosen else ""
        facts = {f"antar-{self.name}": value, "alamat": ADDRESS}
        answer = self.client.post("/pesan", data=fields(self.text) | RATNA | self.counted | facts | typed)
        self.text, self.status = answer.text, answer.status_code
        return answer


def test_nobody_who_brings_nothing_is_asked_for_an_address(client, eggs):
    fill(client, (eggs, 1))

    page = client.get("/pesan").text

    assert "Diantar ke" not in page
    assert "Alamat antar" not in page


def test_the_fee_is_counted_first_and_then_ordered(client, shop, eggs, zones):
    fill(client, (eggs, 2))
    page = Page(client, shop)

    page.send(zones[FAR].seen, hitung="1", nama="", telepon="", alamat="")
    counted = page.text
    answer = page.send()

    assert "Ongkos antar ke" in counted
    assert "Rp84.000" in counted
    assert "field__error" not in counted
    assert answer.status_code == 303
    order = orders()[0]
    assert (order.subtotal, order.delivery, order.total) == (Rupiah(76_000), Rupiah(8_000), Rupiah(84_000))
    assert (order.method, order.to_kecamatan, order.to_address) == ("cash_cod", FAR, ADDRESS)
    placed = client.get(answer.location).text
    assert f"Kecamatan {zones[FAR].name}" in placed
    assert "Rp8.000" in placed
    assert ADDRESS not in placed


def test_what_was_not_counted_yet_is_counted_and_nothing_ordered(client, shop, eggs, zones):
    fill(client, (eggs, 1))
    page = Page(client, shop)

    page.send(zones[FAR].seen)

    assert page.status == 422
    assert "Ongkos antar sudah dihitung" in page.text
    assert "Rp46.000" in page.text
    assert ADDRESS in page.text
    assert orders() == []
    assert page.send().status_code == 303


def test_without_an_address_nothing_is_brought(client, shop, eggs, zones):
    fill(client, (eggs, 1))
    page = Page(client, shop)
    page.send(zones[FAR].seen, hitung="1")

    for typed in ("", "   ", "12345", "\u200b"):
        assert page.send(alamat=typed).status_code == 422
        assert "Isi alamatnya" in page.text
    assert "Terlalu panjang" in page.send(alamat="a" * 301).text
    assert orders() == []


def test_a_new_fee_is_said_with_the_old_one_before_it_is_ordered(client, shop, eggs, zones):
    fill(client, (eggs, 1))
    page = Page(client, shop)
    page.send(zones[FAR].seen, hitung="1")
    make_zones(shop, {FAR: 9_500})

    page.send()

    assert page.status == 409
    assert "berubah dari Rp8.000 menjadi Rp9.500" in page.text
    assert "Rp47.500" in page.text
    assert ADDRESS in page.text
    assert orders() == []
    assert page.send().status_code == 303
    assert orders()[0].total == Rupiah(47_500)


def test_a_zone_that_is_gone_is_said_and_the_rest_kept(client, shop, eggs, zones):
    fill(client, (eggs, 1))
    page = Page(client, shop)
    page.send(zones[FAR].seen, hitung="1")
    make_zones(shop, {KECAMATAN: 3_000})

    page.send()

    assert page.status == 409
    assert f"tidak mengantar ke {zones[FAR].name} lagi" in page.text
    assert "Rp38.000" in page.text
    assert (orders(), "Ratna Dewi" in page.text) == ([], True)


@pytest.mark.parametrize("forged", ["36.04.12:0", "36.04.12", "36.99.99:0", "x:1", ":", "36.04.12:-8000", "9" * 70_000])
def test_a_forged_fee_or_zone_orders_nothing(client, shop, eggs, zones, forged):
    fill(client, (eggs, 1))
    page = Page(client, shop)

    answer = page.send(forged, **{f"terhitung-{shop.id}": forged[:40]})

    assert answer.status_code in {303, 409}
    assert all((each.delivery, each.to_kecamatan) == (Rupiah(0), None) for each in orders())
    assert len(orders()) == (answer.status_code == 303)


def test_beyond_the_radius_money_comes_first_or_nobody_comes(client, shop, eggs):
    make_zones(shop, {KECAMATAN: 3_000, FAR: 8_000}, cod_km=1)
    fill(client, (eggs, 1))
    without = Page(client, shop).text
    make_means(shop.owner, shop)

    page = Page(client, shop)
    page.send(f"{FAR}:8000", hitung="1")

    assert f'value="{FAR}:8000"' not in without
    assert f'name="bayar-{shop.id}" value="cash_pickup"' not in page.text
    assert "(bayar dulu)" in page.text
    assert page.send(**{f"bayar-{shop.id}": "cash_pickup"}).status_code == 409
    assert "Ke kecamatan itu dibayar dulu" in page.text
    assert page.send(**{f"bayar-{shop.id}": "qris_seller"}).status_code == 303
    assert [each.method for each in orders()] == ["qris_seller"]


def test_goods_that_do_not_go_along_are_not_brought(client, shop, eggs, zones):
    fill(client, (eggs, 1))
    page = Page(client, shop)
    page.send(zones[FAR].seen, hitung="1")
    with transaction() as session:
        session.get_one(Product, eggs.product_id).delivered = False

    page.send()

    assert page.status == 409
    assert "Penjual tidak mengantar ini ke sana" in page.text
    assert orders() == []


def test_goods_that_are_only_brought_want_a_door(client, shop, eggs, zones):
    with transaction() as session:
        session.get_one(Product, eggs.product_id).pickup = False
    fill(client, (eggs, 1))
    page = Page(client, shop)

    assert page.send("").status_code == 409
    assert "Pilih dulu kecamatannya" in page.text
    page.send(zones[FAR].seen, hitung="1")
    assert page.send().status_code == 303


def test_goods_that_are_only_brought_where_nobody_can_pay_first_are_arranged(client, shop, eggs):
    make_zones(shop, {KECAMATAN: 3_000, FAR: 8_000}, cod_km=0)
    with transaction() as session:
        session.get_one(Product, eggs.product_id).pickup = False
    fill(client, (eggs, 1))
    page = Page(client, shop)

    for read in (client.get("/keranjang").text, page.text):
        assert "<dt>Ambil</dt><dd>Di bazar saja, janjian dengan penjual</dd>" in read
    assert "Diantar ke" not in page.text
    assert page.send("").status_code == 303
    assert [(each.method, each.to_kecamatan) for each in orders()] == [("cash_pickup", None)]


def test_goods_that_are_only_brought_where_money_comes_first_want_a_door_and_money(client, shop, eggs):
    make_zones(shop, {FAR: 8_000}, cod_km=0)
    make_means(shop.owner, shop)
    with transaction() as session:
        session.get_one(Product, eggs.product_id).pickup = False
    fill(client, (eggs, 1))
    page = Page(client, shop)

    assert page.send("").status_code == 409
    assert "Pilih dulu kecamatannya" in page.text and f'value="{FAR}:8000"' in page.text
    page.send(f"{FAR}:8000", hitung="1")
    assert page.send(**{f"bayar-{shop.id}": "qris_seller"}).status_code == 303


def test_no_kecamatan_is_asked_for_where_none_can_be_chosen_any_more(client, shop, eggs):
    make_zones(shop, {FAR: 8_000}, cod_km=0)
    make_means(shop.owner, shop)
    with transaction() as session:
        session.get_one(Product, eggs.product_id).pickup = False
    fill(client, (eggs, 1))
    page = Page(client, shop)
    page.send(f"{FAR}:8000", hitung="1")
    with transaction():
        for kind in ("qris", "transfer"):
            payments.switch(shop, kind, on=False, version=1, by=shop.owner)

    page.send(**{f"bayar-{shop.id}": "qris_seller"})

    assert (page.status, orders()) == (409, [])
    assert "lagi." in page.text and "janjian dengan penjual" in page.text
    assert f'name="antar-{shop.id}"' not in page.text and "Pilih dulu kecamatannya" not in page.text
    assert page.send("").status_code == 303
    assert [(each.method, each.to_kecamatan, each.delivery) for each in orders()] == [("cash_pickup", None, Rupiah(0))]


def test_less_than_the_smallest_order_is_said_in_the_cart_and_at_the_submit(client, shop, eggs):
    make_zones(shop, {}, least=50_000)
    fill(client, (eggs, 1))

    cart = client.get("/keranjang").text
    fill(client, (eggs, 1))
    page = Page(client, shop)
    make_zones(shop, {}, least=100_000)
    page.send()

    assert "mulai Rp50.000. Kurang Rp12.000 lagi." in cart
    assert client.get("/pesan").status_code == 303
    assert (page.status, orders()) == (409, [])
    assert "menerima pesanan mulai Rp100.000. Kurang Rp24.000 lagi." in page.text

    make_zones(shop, {}, least=76_000)
    enough = Page(client, shop)
    assert "Kurang Rp" not in enough.text
    enough.send()

    assert (enough.status, len(orders())) == (303, 1)


def test_every_page_says_the_same_of_bringing_and_of_what_it_costs(client, shop, eggs, zones):
    make_zones(shop, {KECAMATAN: 3_000, FAR: 8_000}, least=20_000, cod_km=1, other_km=12)
    make_means(shop.owner, shop)
    slug = db.session.get_one(Product, eggs.product_id).slug
    fill(client, (eggs, 1))
    near, far = zones[KECAMATAN].name, zones[FAR].name

    pages = [client.get(address).text for address in (f"/produk/{slug}", f"/lapak/{shop.slug}", "/keranjang", "/pesan")]

    for page in pages:
        assert f"Rp3.000 ke {near}; Rp8.000 ke {far}" in page
        assert "<dt>Diantar ke tempat lain</dt><dd>Sampai 12 km dari lapak, janjian dengan penjual</dd>" in page
        assert f"Bayar saat barang datang. Ke {far} bayar dulu" in page
    assert [re.search(r"[Mm]ulai Rp20\.000", page) is not None for page in pages] == [True, True, True, False]


def test_where_money_must_come_first_nobody_without_a_way_to_take_it_is_said_to_go(client, shop, eggs, zones):
    make_zones(shop, {KECAMATAN: 3_000, FAR: 8_000}, cod_km=1)
    slug = db.session.get_one(Product, eggs.product_id).slug
    fill(client, (eggs, 1))

    for address in (f"/produk/{slug}", f"/lapak/{shop.slug}", "/keranjang", "/pesan"):
        page = client.get(address).text
        assert "Rp3.000 ke" in page
        assert zones[FAR].name not in page


def test_two_sellers_each_in_her_own_way(client, shop, eggs, zones):
    crisps = variant_of(make_product(make_stall(name="Keripik Neneng")[1], "Keripik", price=12_500, qty=9))
    fill(client, (eggs, 1), (crisps, 2))
    page = Page(client, shop)
    counted = page.send(zones[KECAMATAN].seen, hitung="1").text
    page.send()

    kept = {each.seller_id == shop.id: (each.total, each.method, each.to_address) for each in orders()}
    assert kept == {True: (Rupiah(41_000), "cash_cod", ADDRESS), False: (Rupiah(25_000), "cash_pickup", "")}
    assert "Semuanya Rp66.000" in counted


def test_the_same_form_twice_is_one_order_and_another_door_is_refused(client, shop, eggs, zones):
    fill(client, (eggs, 1))
    page = Page(client, shop)
    page.send(zones[FAR].seen, hitung="1")
    facts = fields(page.text) | RATNA | page.counted | {f"antar-{shop.id}": zones[FAR].seen, "alamat": ADDRESS}

    first, again = client.post("/pesan", data=facts), client.post("/pesan", data=facts)
    other = client.post("/pesan", data=facts | {"alamat": "Jalan lain 3"})

    assert first.location == again.location
    assert other.status_code == 409
    assert len(db.session.scalars(select(OrderGroup)).all()) == 1


def test_a_plain_order_asks_nothing_about_delivery(app, client, eggs):
    fill(client, (eggs, 1))
    sent = fields(client.get("/pesan").text) | RATNA

    with count_queries(app) as asked:
        client.post("/pesan", data=sent)

    assert len(asked) == 10, asked
    assert not [statement for statement, _ in asked if "delivery_zone" in statement]
