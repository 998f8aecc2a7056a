"""Approving several at once: only what touches no claim, no photo, and no price by more than a fifth."""

from __future__ import annotations

import pytest

from app.core.db import transaction
from app.goods.curation import operations, queries
from app.kit.rupiah import Rupiah
from tests.factories.goods import category_id, make_photo, make_product, make_revision, make_shop, make_waiting_product
from tests.factories.people import make_account, sign_in
from tests.support.queries import count_queries

WAY = "/dinsos/kurasi/setujui-bersama"


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def curator(client, app):
    """An officer of the region, signed in."""
    account = make_account("curator")
    sign_in(client, account)
    return account


def changed(shop, name="Telur asin", **given):
    """A change of something on sale at Rp20.000."""
    return make_revision(make_product(shop, name, price=20_000), **given)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"unit": "bungkus"}, []),
        ({"price": Rupiah(24_000)}, []),
        ({"price": Rupiah(24_001)}, ["price"]),
        ({"price": Rupiah(15_999)}, ["price"]),
        ({"description": "Halal dan enak"}, ["claim"]),
        ({"description": "Bisa menyembuhkan"}, ["claim"]),
        ({"name": "Telur asin masir"}, []),
    ],
)
def test_what_must_be_looked_at_by_itself(shop, given, codes):
    assert queries.get_case(changed(shop, **given).id).hindrances == codes


def test_a_photo_a_category_and_a_new_product_are_always_looked_at(app, shop):
    with_photo = changed(shop, photo_id=make_photo(shop).id)
    moved = changed(shop, category_id=category_id("keripik-kerupuk"))

    assert queries.get_case(with_photo.id).hindrances == ["photo"]
    assert queries.get_case(moved.id).hindrances == ["claim"]
    make_waiting_product(shop)
    assert [each.hindrances for each in queries.list_waiting(scope=make_account("curator"))][-1] == ["new"]


def test_the_ticked_go_through_and_each_other_is_named_with_its_reason(client, curator, shop):
    plain, dear = changed(shop, "Telur asin", unit="kotak"), changed(shop, "Emping", price=Rupiah(90_000))
    page = client.get("/dinsos/kurasi").text
    assert f'value="{plain.id}" form="bersama"' in page
    assert f'value="{dear.id}" form="bersama"' not in page
    assert "Lihat sendiri: harga" in page

    answer = client.post(WAY, data={"revisi": [plain.id, dear.id, plain.id, "x", 999_999]})
    said = client.get(answer.location).text

    assert (plain.state, dear.state) == ("approved", "waiting")
    assert "1 perubahan disetujui" in said
    assert "Emping: Perubahan ini perlu dilihat satu per satu." in said


def test_own_far_and_answered_ones_are_left_alone(client, curator, shop):
    mine = changed(shop, unit="kotak", submitted_by_id=curator.id)
    owned = changed(make_shop(curator), unit="kotak")
    far = changed(make_shop(desa_code="36.01.01.2001"), unit="kotak")
    done = changed(shop, "Opak", unit="kotak")
    with transaction():
        operations.approve(done, by=make_account("curator"))

    said = client.get(client.post(WAY, data={"revisi": [mine.id, owned.id, far.id, done.id]}).location).text

    assert {each.state for each in (mine, owned, far)} == {"waiting"}
    assert "Opak: Produk ini sudah dijawab petugas lain." in said
    assert "Centang dulu" in client.get(client.post(WAY).location).text


def test_a_long_inbox_asks_no_more_than_a_short_one(app, client, curator, shop):
    changed(shop, unit="kotak")
    with count_queries(app) as few:
        client.get("/dinsos/kurasi")
    for number in range(9):
        changed(shop, f"Keripik nomor {number}", unit="kotak")
    with count_queries(app) as many:
        client.get("/dinsos/kurasi")

    assert len(many) == len(few), [statement for statement, _ in many]
