"""Where a seller brings her goods: said by herself, nearest first, nothing until she says so."""

from __future__ import annotations

import pytest

from app.core.db import db, transaction
from app.core.errors import StaleVersion
from app.goods.delivery import operations, queries
from app.goods.delivery.models import DeliveryPlan
from app.kit.rupiah import Rupiah
from tests.factories.goods import make_shop
from tests.factories.people import KECAMATAN, make_account, sign_in

FAR_AWAY = "32.01.01"


@pytest.fixture
def shop(app):
    return make_shop(make_account())


@pytest.fixture
def inside(client, shop):
    sign_in(client, shop.owner)
    return client


def neighbour(shop):
    return queries.list_places(shop)[1]


def fees(shop):
    return {code: zone.fee for code, zone in queries.zones_of([shop.id]).get(shop.id, {}).items()}


def save(client, **typed):
    return client.post("/jualan/antar", data={"versi": "0", "minimum": "", "cod": ""} | typed)


def test_nothing_is_brought_until_she_says_so(inside, shop):
    assert "Belum mengantar. Pembeli mengambil sendiri." in inside.get("/jualan/lapak").text
    assert "Belum mengantar. Isi ongkos" in inside.get("/jualan/antar").text
    assert fees(shop) == {}


def test_her_own_kecamatan_stands_first_and_those_far_away_nowhere(shop):
    places = queries.list_places(shop)

    assert (places[0].code, places[0].km) == (KECAMATAN, 0)
    assert [each.km for each in places] == sorted(each.km for each in places)
    assert not [each for each in places if each.code.startswith("36.04") is False and each.km > 20]


def test_what_she_says_is_kept_and_shown_again(inside, shop):
    near = neighbour(shop)

    save(inside, **{f"ongkos-{KECAMATAN}": "0", f"ongkos-{near.code}": "5rb", "minimum": "20.000", "cod": "7"})

    page = inside.get("/jualan/antar").text
    assert fees(shop) == {KECAMATAN: Rupiah(0), near.code: Rupiah(5_000)}
    assert 'value="5.000"' in page
    assert 'value="20.000"' in page
    assert "Gratis ke Ciomas; Rp5.000 ke" in inside.get("/jualan/lapak").text


def test_cash_comes_with_the_goods_only_so_far(shop):
    near = neighbour(shop)
    with transaction():
        zones = {KECAMATAN: Rupiah(0), near.code: Rupiah(5_000)}
        operations.set_plan(shop, least=None, cod_km=1, other_km=None, fees=zones, version=0, by=shop.owner)

    found = queries.zones_of([shop.id])[shop.id]

    assert near.km > 1
    assert (found[KECAMATAN].cod, found[near.code].cod) == (True, False)


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("ongkos", "gratis", "Isi dengan angka, misalnya 5000"),
        ("ongkos", "-5", "Isi dengan angka, misalnya 5000"),
        ("ongkos", "900000", "Paling banyak Rp200.000"),
        ("ongkos", "9" * 70_000, "Isi dengan angka, misalnya 5000"),
        ("minimum", "0", "Isi antara Rp1 dan Rp1.000.000"),
        ("minimum", "<script>", "Isi uangnya dengan angka"),
        ("cod", "101", "Isi antara 0 dan 100"),
        ("cod", "jauh", "Isi dengan angka bulat"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_kept(inside, shop, field, typed, says):
    name = f"ongkos-{KECAMATAN}" if field == "ongkos" else field
    answer = save(inside, **{name: typed, f"ongkos-{neighbour(shop).code}": "4.000"})

    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="4.000"' in answer.text
    assert fees(shop) == {}


def test_an_older_page_does_not_overwrite_a_newer_one(inside, shop):
    save(inside, **{f"ongkos-{KECAMATAN}": "3.000"})

    answer = save(inside, **{f"ongkos-{KECAMATAN}": "9.000"})
    again = save(inside, **{f"ongkos-{KECAMATAN}": "9.000", "versi": "1"})

    assert (answer.status_code, again.status_code) == (409, 303)
    assert 'value="9.000"' in answer.text
    assert fees(shop) == {KECAMATAN: Rupiah(9_000)}


def test_an_older_page_reads_what_is_stored_now_beside_what_was_typed(inside, shop):
    near = neighbour(shop)
    save(inside, **{f"ongkos-{KECAMATAN}": "3.000", f"ongkos-{near.code}": "5.000", "minimum": "20.000", "lain": "12"})

    answer = save(inside, **{f"ongkos-{KECAMATAN}": "9.000"})
    stored = answer.text.partition("Yang tersimpan sekarang")[2].partition("<form")[0]

    assert f"Rp3.000 ke Ciomas; Rp5.000 ke {near.name}" in stored
    assert "Sampai 12 km dari lapak" in stored and "Mulai Rp20.000" in stored
    assert "Yang tersimpan sekarang" not in save(inside, minimum="x").text


def test_an_older_page_reads_that_nothing_is_brought_any_more(inside, shop):
    save(inside)

    answer = save(inside, **{f"ongkos-{KECAMATAN}": "9.000"})

    assert "Belum mengantar. Pembeli mengambil sendiri." in answer.text.partition("Yang tersimpan sekarang")[2]


def test_a_kecamatan_that_is_not_on_the_list_is_refused(shop):
    with pytest.raises(operations.TooFar), transaction():
        operations.set_plan(
            shop, least=None, cod_km=None, other_km=None, fees={FAR_AWAY: Rupiah(1)}, version=0, by=shop.owner
        )

    assert db.session.get(DeliveryPlan, shop.id) is None


def test_two_pages_at_once_keep_one(shop):
    with transaction():
        operations.set_plan(shop, least=Rupiah(5_000), cod_km=None, other_km=None, fees={}, version=0, by=shop.owner)
    with pytest.raises(StaleVersion), transaction():
        operations.set_plan(shop, least=None, cod_km=None, other_km=None, fees={}, version=0, by=shop.owner)

    assert queries.find_plan(shop.id).least == Rupiah(5_000)
