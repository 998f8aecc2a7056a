"""Approving several at once: only what touches no claim, no photo, and no price by more than a fifth."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from app.core.db import db, transaction
from app.goods.curation import operations, queries
from app.goods.products import choosing
from app.goods.products.models import Revision, RevisionPhoto
from app.goods.products.rules import Terms, Way
from app.kit.rupiah import Rupiah
from tests.factories.goods import (
    category_id,
    make_photo,
    make_product,
    make_revision,
    make_shop,
    make_waiting_product,
    revision_of,
)
from tests.factories.people import make_account, sign_in
from tests.support.queries import count_queries

WAY = "/dinsos/kurasi/setujui-bersama"
TEN = Terms("Isi 10", Rupiah(36_000), "pak", 700)
COUNTED = Way("counted", quantity=4)


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


def two_choices(shop):
    """Something on sale in two sizes, the second at Rp36.000."""
    product = make_product(shop, "Telur asin", price=20_000)
    with transaction():
        second = choosing.add(product, TEN, COUNTED, first="Isi 5", version=product.version, by=shop.owner)
    with transaction():
        operations.approve(revision_of(product, "waiting"), by=make_account("curator"))
    return product, second


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
        ({"name": "Telur asin isi 4"}, ["price"]),
        ({"unit": "butir"}, ["price"]),
        ({"unit": "pak 250 g"}, ["price"]),
        ({"ingredients": "telur bebek, garam"}, []),
        ({"origin": "gelatin sapi"}, ["claim"]),
        ({"origin": ""}, ["claim"]),
        ({"allergens": ["egg"]}, ["claim"]),
        ({"warnings": []}, ["claim"]),
        ({"storage": "frozen"}, ["claim"]),
        ({"shelf_life_days": 3}, ["claim"]),
    ],
)
def test_what_must_be_looked_at_by_itself(shop, given, codes):
    revision = make_revision(make_product(shop, "Telur asin", price=20_000), **given)

    assert queries.get_case(revision.id).hindrances == codes


@pytest.mark.parametrize(
    ("given", "codes"),
    [({}, []), ({"storage": "cool"}, ["claim"]), ({"shelf_life_days": 60}, ["claim"])],
)
def test_where_and_how_long_it_keeps_is_looked_at_by_itself_also_where_no_paper_cares(shop, given, codes):
    keeps = {"storage": "room", "shelf_life_days": 30}
    revision = changed(shop, "Keripik pisang", **(keeps | given))
    with transaction() as session:
        session.execute(update(Revision).where(Revision.state == "approved").values(**keeps))

    assert queries.get_case(revision.id).hindrances == codes


@pytest.mark.parametrize(
    ("now", "far", "said"),
    [(24_000, False, "+20%"), (24_020, True, "+20,1%"), (16_000, False, "−20%"), (15_980, True, "−20,1%")],
)
def test_twenty_per_cent_exactly_goes_with_others_and_a_tenth_more_does_not(client, curator, shop, now, far, said):
    revision = changed(shop, price=Rupiah(now))

    assert queries.get_case(revision.id).hindrances == (["price"] if far else [])
    assert said in client.get(f"/dinsos/kurasi/{revision.id}").text
    client.post(WAY, data={"revisi": [revision.id]})
    assert revision.state == ("waiting" if far else "approved")


@pytest.mark.parametrize(
    ("grams", "far", "said"),
    [
        (600, False, "−16,7% per 100 g"),
        (417, False, "+20% per 100 g"),
        (416, True, "+20,2% per 100 g"),
        (None, True, "(dihapus)"),
    ],
)
def test_less_in_the_bag_for_the_same_money_is_a_change_of_price(client, curator, shop, grams, far, said):
    product = make_product(shop, price=20_000)
    with transaction():
        revision_of(product).net_weight_g = 500
    revision = make_revision(product, net_weight_g=grams)

    assert queries.get_case(revision.id).hindrances == (["price"] if far else [])
    assert said in client.get(f"/dinsos/kurasi/{revision.id}").text
    client.post(WAY, data={"revisi": [revision.id]})
    assert revision.state == ("waiting" if far else "approved")


@pytest.mark.parametrize(
    ("now", "far", "said"),
    [(43_200, False, "+20%"), (43_236, True, "+20,1%"), (28_800, False, "−20%"), (28_764, True, "−20,1%")],
)
def test_the_price_of_each_choice_counts_and_is_shown_like_that_of_the_product(client, curator, shop, now, far, said):
    product, second = two_choices(shop)
    with transaction():
        terms = Terms("Isi 10", Rupiah(now), "pak", 700)
        revision = choosing.reword(product, second, terms, version=product.version, by=shop.owner)

    assert queries.get_case(revision.id).hindrances == (["price"] if far else [])
    assert said in client.get(f"/dinsos/kurasi/{revision.id}").text
    client.post(WAY, data={"revisi": [revision.id]})
    assert db.session.get_one(Revision, revision.id).state == ("waiting" if far else "approved")


def test_the_weight_of_each_choice_counts_like_that_of_the_product(client, curator, shop):
    product, second = two_choices(shop)
    with transaction():
        terms = Terms("Isi 10", TEN.price, "pak", 560)
        revision = choosing.reword(product, second, terms, version=product.version, by=shop.owner)

    assert queries.get_case(revision.id).hindrances == ["price"]
    assert "+25% per 100 g" in client.get(f"/dinsos/kurasi/{revision.id}").text


@pytest.mark.parametrize("given", [{"label": "Isi 8"}, {"unit": "lusin"}])
def test_another_number_or_measure_for_the_same_money_is_a_change_of_price(shop, given):
    """Ten eggs that become eight would go through unseen: neither price nor weight moved."""
    product, second = two_choices(shop)
    with transaction():
        terms = replace(TEN, **given)
        revision = choosing.reword(product, second, terms, version=product.version, by=shop.owner)

    assert queries.get_case(revision.id).hindrances == ["price"]


def test_a_choice_that_is_new_or_claims_something_is_looked_at_by_itself(shop):
    product, second = two_choices(shop)
    with transaction():
        terms = Terms("Isi 10 herbal", Rupiah(36_000), "pak", 700)
        revision = choosing.reword(product, second, terms, version=product.version, by=shop.owner)
    fresh = make_product(shop, "Emping")
    with transaction():
        choosing.add(fresh, TEN, COUNTED, first="Kecil", version=fresh.version, by=shop.owner)

    assert queries.get_case(revision.id).hindrances == ["claim"]
    assert queries.get_case(revision_of(fresh, "waiting").id).hindrances == ["price"]


def test_what_is_said_beside_photos_and_units_may_claim_something_too(shop):
    for given in ({"photo_alt": "Telur halal"}, {"unit": "botol herbal"}):
        assert queries.get_case(changed(shop, **given).id).hindrances == ["claim"]


def test_further_photos_stand_in_two_columns_and_a_new_one_is_marked(client, curator, shop):
    old, new = make_photo(shop), make_photo(shop)
    product = make_product(shop)
    before = revision_of(product)
    revision = make_revision(product)
    with transaction() as session:
        session.add(RevisionPhoto(revision_id=before.id, position=1, photo_id=old.id, alt="Dari dekat"))
        session.add(RevisionPhoto(revision_id=revision.id, position=1, photo_id=old.id, alt="Dari dekat"))
        session.add(RevisionPhoto(revision_id=revision.id, position=2, photo_id=new.id, alt="Kotaknya"))

    page = client.get(f"/dinsos/kurasi/{revision.id}").text

    assert page.count(old.stem + "-") >= 2 * page.count(new.stem + "-") > 0
    assert page.count("foto baru") == 1
    assert queries.get_case(revision.id).hindrances == ["photo"]


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
