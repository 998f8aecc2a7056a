"""In the cart: each seller's part at her own place, or on a day of a bazaar at which she stands."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.db import db, transaction
from app.goods.products.models import Product
from app.trade.bazaars import applying, pickups
from app.trade.orders.models import Order
from tests.factories import stalls
from tests.factories.goods import make_made_to_order, make_product, make_shop, make_zones, variant_of
from tests.factories.people import KECAMATAN
from tests.factories.trade import place_order
from tests.support.queries import count_queries
from tests.trade.carts.test_checkout import RATNA, fields, fill


@pytest.fixture
def stand(app):
    return stalls.make_stands(1, begun=False, many_days=2)[0]


@pytest.fixture
def plain(app):
    return variant_of(make_product(make_shop(name="Keripik Neneng"), "Keripik pedas", price=12_500, qty=9))


def name_of(stand):
    return f"ambil-{stand.shop.id}"


def choices(page, stand):
    """What can be chosen for a stall, and what is."""
    found = re.findall(rf'name="{name_of(stand)}" value="([^"]*)" form="pesan"( checked)?', page)
    return [value for value, _checked in found], [value for value, checked in found if checked]


def can_be_had(variant, **facts):
    with transaction() as session:
        product = session.get_one(Product, variant.product_id)
        for name, value in facts.items():
            setattr(product, name, value)


def orders():
    return {each.seller_id: each for each in db.session.scalars(select(Order))}


def test_only_a_seller_who_stands_there_offers_it(client, stand, plain):
    fill(client, (stand.variant, 2), (plain, 1))

    page = client.get("/pesan").text

    days = [str(each.spot) for each in pickups.coming()[stand.shop.id]]
    assert choices(page, stand) == (["", *days], [""])
    assert page.count("Ambil di mana?") == 1
    assert "Bisa diambil di bazar" in client.get("/keranjang").text


def test_what_is_made_to_order_offers_the_days_on_which_it_can_be_ready(client, app):
    stand = stalls.make_stands(1, begun=False, many_days=2, days_ahead=20)[0]
    first, second = (pickup.spot for pickup in pickups.coming()[stand.shop.id])
    cake = make_made_to_order(stand.shop, lead_days=0, day_capacity=5)
    place_order(cake, 4, day=first.day)
    fill(client, (variant_of(cake), 2))

    assert choices(client.get("/pesan").text, stand)[0] == ["", str(second)]


def test_what_is_had_at_the_bazaar_alone_offers_no_place_of_hers(client, stand, plain):
    can_be_had(stand.variant, pickup=False)
    fill(client, (stand.variant, 2), (plain, 1))

    page = client.get("/pesan").text

    days = [str(each.spot) for each in pickups.coming()[stand.shop.id]]
    assert choices(page, stand) == (days, days[:1])
    assert "Bisa didapat di mana?" in page and "Ambil di mana?" not in page


def test_what_she_brings_says_so_beside_the_days_of_a_bazaar(client, stand):
    make_zones(stand.shop, {}, other_km=6)
    fill(client, (stand.variant, 2))
    for pickup in (True, False):
        can_be_had(stand.variant, pickup=pickup)
        page = client.get("/pesan").text
        assert choices(page, stand)[1] == [""]
        assert "Diantar: Sampai 6 km dari lapak, janjian dengan penjual" in page
        assert ("Di lapak penjual" in page) is pickup


@pytest.mark.parametrize(
    ("had", "far", "told"),
    [
        ({}, None, "<dt>Ambil di</dt><dd>Warung Neneng</dd>"),
        ({"pickup": False}, 4, "<dt>Diantar</dt><dd>Sampai 4 km dari lapak, janjian dengan penjual</dd>"),
        ({"pickup": False}, None, "<dt>Ambil</dt><dd>Di bazar saja, janjian dengan penjual</dd>"),
        ({"pickup": False, "at_bazaars": False}, None, "<dt>Ambil</dt><dd>Janjian dengan penjual</dd>"),
    ],
)
def test_the_cart_says_where_it_can_be_had(client, plain, had, far, told):
    with transaction() as session:
        shop = session.get_one(Product, plain.product_id).shop
        shop.pickup_place = "Warung Neneng"
    make_zones(shop, {}, other_km=far)
    can_be_had(plain, **had)
    fill(client, (plain, 1))

    for address in ("/keranjang", "/pesan"):
        page = client.get(address).text
        assert told in page
        assert ("Warung Neneng" in page) is (not had)
        if address == "/keranjang":  # what is in it comes first
            assert page.index("Jumlah di lapak ini") < page.index(told)


def test_parts_that_are_had_in_different_ways_share_only_what_both_allow(client, plain):
    shop = plain.product_id
    with transaction() as session:
        other = session.get_one(Product, shop).shop
    near = variant_of(make_product(other, "Keripik manis"))
    make_zones(other, {KECAMATAN: 4_000}, other_km=9)
    can_be_had(plain, delivered=False)
    can_be_had(near, pickup=False)
    fill(client, (plain, 1), (near, 1))

    for address in ("/keranjang", "/pesan"):
        page = client.get(address).text
        assert "Keripik pedas tidak ikut diantar, jadi pesanan ini tidak diantar. Mau yang lain diantar?" in page
        assert "9 km" not in page and "Rp4.000" not in page and "<dt>Ambil di</dt>" not in page


def test_who_wants_nothing_that_goes_along_is_not_sent_to_order_it_apart(client, plain):
    with transaction() as session:
        make_zones(session.get_one(Product, plain.product_id).shop, {KECAMATAN: 4_000})
    can_be_had(plain, delivered=False)
    fill(client, (plain, 1))

    for address in ("/keranjang", "/pesan"):
        page = client.get(address).text
        assert "Keripik pedas tidak ikut diantar, jadi pesanan ini tidak diantar." in page
        assert "Pesan terpisah" not in page


def test_one_part_is_collected_at_the_bazaar_and_the_other_at_home(client, stand, plain):
    fill(client, (stand.variant, 2), (plain, 1))
    day = pickups.coming()[stand.shop.id][1]

    answer = client.post("/pesan", data={**fields(client.get("/pesan").text), **RATNA, name_of(stand): str(day.spot)})

    assert answer.status_code == 303
    placed = orders()
    assert (placed[stand.shop.id].meet_from, placed[stand.shop.id].bazaar_id) == (day.opens, stand.bazaar.id)
    other = next(each for shop_id, each in placed.items() if shop_id != stand.shop.id)
    assert (other.bazaar_id, other.meets) == (None, False)
    assert "08.00–15.00 WIB" in client.get(answer.location).text


def test_what_was_chosen_stays_when_the_form_comes_back(client, stand):
    fill(client, (stand.variant, 2))
    spot = str(stalls.spot(stand))

    page = client.post("/pesan", data={**fields(client.get("/pesan").text), "nama": "", name_of(stand): spot})

    assert page.status_code == 422
    assert choices(page.text, stand)[1] == [spot]


@pytest.mark.parametrize("what", ["gone", "late", "strange"])
def test_a_day_that_can_no_longer_be_chosen_is_said_and_nothing_is_ordered(client, stand, what):
    fill(client, (stand.variant, 2))
    sent = {**fields(client.get("/pesan").text), **RATNA, name_of(stand): str(stalls.spot(stand))}
    moment = pickups.coming()[stand.shop.id][0].until
    if what == "gone":
        with transaction():
            applying.withdraw(stand.application, by=stand.owner)
    if what == "strange":
        sent[name_of(stand)] = "besok pagi"

    with time_machine.travel(moment + timedelta(minutes=1) if what == "late" else moment - timedelta(days=1)):
        page = client.post("/pesan", data=sent)

        assert page.status_code == 409
        assert "Bazar itu sudah tidak bisa dipilih" in page.text
        assert 'value="Ratna Dewi"' in page.text
        assert choices(page.text, stand)[1] in ([""], [])
        assert orders() == {}
        again = client.post("/pesan", data={**fields(page.text), **RATNA})

    assert again.status_code == 303
    assert [each.meets for each in orders().values()] == [False]


def test_the_retry_after_a_lost_answer_is_the_same_order(client, stand):
    fill(client, (stand.variant, 2))
    sent = {**fields(client.get("/pesan").text), **RATNA, name_of(stand): str(stalls.spot(stand))}

    first, second = (client.post("/pesan", data=sent).location for _ in range(2))

    assert first == second
    assert len(orders()) == 1


def test_an_ordinary_submit_asks_nothing_about_bazaars(client, app, stand, plain):
    fill(client, (plain, 1))
    data = {**fields(client.get("/pesan").text), **RATNA}

    with count_queries(app) as asked:
        assert client.post("/pesan", data=data).status_code == 303

    assert not [statement for statement, _facts in asked if "bazaar_application" in statement]
