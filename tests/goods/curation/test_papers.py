"""Which papers a product needs: by its category, its name, how it keeps, and what her business is."""

from __future__ import annotations

import pytest

from app.core.db import transaction
from app.goods.curation.papers import advise
from app.goods.permits import operations
from tests.factories.ekatalog import master, paper
from tests.factories.goods import make_product, make_shop, make_waiting_product, revision_of
from tests.factories.people import make_account, sign_in
from tests.support.queries import count_queries


@pytest.mark.parametrize(
    ("name", "category", "given", "kinds", "why"),
    [
        ("Keripik singkong", "keripik-kerupuk", {}, ["nib", "pirt", "halal"], ""),
        ("Nugget ayam", "olahan-daging", {"storage": "frozen"}, ["nib", "halal", "bpom"], "beku"),
        ("Susu kambing bubuk", "minuman-serbuk", {}, ["nib", "halal", "bpom"], "Susu"),
        ("Bandeng presto", "olahan-ikan", {}, ["nib", "halal", "bpom"], "disterilkan"),
        ("Bolu pandan", "roti-bolu", {"shelf_life_days": 3}, ["nib", "halal"], "tidak perlu P-IRT"),
        ("Bolu pandan", "roti-bolu", {"shelf_life_days": 7}, ["nib", "pirt", "halal"], ""),
        ("Kastengel keju", "kue-kering", {}, ["nib", "pirt", "halal"], ""),
        ("Stik renyah rasa keju", "keripik-kerupuk", {}, ["nib", "pirt", "halal"], ""),
        ("Kerupuk kaleng", "keripik-kerupuk", {}, ["nib", "pirt", "halal"], ""),
        ("Kastengel keju", "kue-kering", {"storage": "frozen"}, ["nib", "halal", "bpom"], "beku"),
        ("Sarden kaleng", "olahan-ikan", {}, ["nib", "halal", "bpom"], "kaleng"),
        ("Keju susu kambing", "lauk-olahan", {}, ["nib", "halal", "bpom"], "Susu"),
        ("Kue kering ibu hamil", "kue-kering", {}, ["nib", "halal", "bpom"], "diet khusus"),
        ("Tepung terigu", "tepung-bahan", {}, ["nib", "halal", "bpom"], "wajib SNI"),
        ("Kacang goreng minyak kelapa", "kacang-biji", {}, ["nib", "pirt", "halal"], ""),
        ("Tas motif susu", "tas-dompet", {}, ["nib"], ""),
        ("Sabun cuci", "kebersihan", {}, ["nib"], ""),
    ],
)
def test_what_a_product_needs_and_why_it_may_not_be_pirt(app, name, category, given, kinds, why):
    shop = make_shop()
    revision = revision_of(make_product(shop, name, category=category))
    with transaction():
        for field, value in given.items():
            setattr(revision, field, value)

    advice = advise(revision, shop)

    assert [kind for kind, _standing in advice.needs] == kinds
    assert why in advice.why_not
    assert bool(why) == bool(advice.why_not)


def test_a_kitchen_of_meals_is_asked_for_its_hygiene(app):
    shop = make_shop(business_type_slug="warung-nasi")
    meal, bag = make_product(shop, "Nasi uduk", category="nasi-lauk"), make_product(shop, "Tas", category="tas-dompet")

    assert [kind for kind, _standing in advise(revision_of(meal), shop).needs] == ["nib", "halal", "slhs"]
    assert [kind for kind, _standing in advise(revision_of(bag), shop).needs] == ["nib"]


def test_her_page_and_the_curators_say_how_hers_stand(client, app):
    shop = make_shop()
    product = make_waiting_product(shop, "Keripik", category="keripik-kerupuk")
    with transaction():
        permit = operations.enter(shop, paper("pirt"), master(), by=shop.owner)
    curator = make_account("curator")
    with transaction():
        operations.verify(permit, by=curator)

    sign_in(client, shop.owner)
    hers = client.get(f"/jualan/produk/{product.id}").text
    sign_in(client, curator)
    theirs = client.get(f"/dinsos/kurasi/{revision_of(product, 'waiting').id}").text

    assert 'href="/jualan/surat/isi?surat=halal"' in hers
    for page in (hers, theirs):
        part = page.split('id="perlu-surat"')[1].split("</section>")[0]
        assert (part.count("Diperiksa petugas"), part.count("Belum ada")) == (1, 2)
    assert "/jualan/surat" not in theirs


def test_soap_is_told_of_the_permit_that_this_house_keeps_no_photo_of(client, app):
    shop = make_shop()
    soap, bag = (
        make_product(shop, "Sabun cuci", category="kebersihan"),
        make_product(shop, "Tas", category="tas-dompet"),
    )

    sign_in(client, shop.owner)
    assert "perlu izin edar PKRT dari Kemenkes" in client.get(f"/jualan/produk/{soap.id}").text
    assert "PKRT" not in client.get(f"/jualan/produk/{bag.id}").text


def test_her_page_asks_for_the_words_about_pirt_once(client, app):
    """Papers, label and gaps rest on them; a page of a product is near its budget."""
    shop = make_shop()
    product = make_product(shop, "Keripik", category="keripik-kerupuk")
    sign_in(client, shop.owner)

    with count_queries(app) as asked:
        assert client.get(f"/jualan/produk/{product.id}").status_code == 200

    assert len([statement for statement, _facts in asked if "market_word" in statement]) == 1
