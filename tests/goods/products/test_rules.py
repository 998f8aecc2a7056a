"""Words that products may not hold, and where a name belongs."""

from __future__ import annotations

import pytest

from app.goods.categories.claims import medical_claims
from app.goods.products import queries, rules


@pytest.mark.parametrize(
    "text",
    [
        "Madu yang mengobati batuk",
        "OBAT kuat",
        "Teh anti kanker",
        "anti-diabetes alami",
        "Penyembuh luka",
        "Obat nyamuk dan obat batuk",
    ],
)
def test_a_promise_to_cure_is_found_in_any_dress(text):
    assert medical_claims(text)


@pytest.mark.parametrize(
    "text",
    [
        "Telur asin",
        "Keripik sehat",
        "Bobat manis",
        "",
        "Kain anti kusut",
        "Obat nyamuk bakar",
        "Kotak obat anyaman",
        "Depan toko obat Sehat",
    ],
)
def test_ordinary_goods_promise_nothing(text):
    assert medical_claims(text) == []


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Telor asin isi 5", "telur-asin"),
        ("Kripik pisang", "keripik-kerupuk"),
        ("emping mlinjo", "emping-ceplis"),
        ("Gula aren cetak", "gula-madu"),
        ("Bubur sumsum", "bubur-kolak"),
    ],
)
def test_a_name_is_put_where_it_belongs(app, name, slug):
    assert rules.guess_category(name, queries._vocabulary()) == slug


def test_a_name_that_says_nothing_is_not_guessed(app):
    assert rules.guess_category("Xyzzy plugh", queries._vocabulary()) is None


def test_a_creation_key_is_bound_to_its_shop_and_fits_its_column():
    assert rules.own_key(1, "same") != rules.own_key(2, "same")
    assert len(rules.own_key(10**17, "k" * 500)) == 64
