"""What buyers read about bringing: short where few are reached, a count where many are, and never more than holds."""

from __future__ import annotations

import pytest

from app.goods.delivery import words
from app.goods.delivery.rules import NOTHING, Terms, Zone
from app.kit.rupiah import Rupiah

HOME, NEAR = Zone("1", "Ciruas", Rupiah(0), True), Zone("2", "Walantaka", Rupiah(5_000), True)
FAR, FARTHER = Zone("3", "Pontang", Rupiah(5_000), False), Zone("4", "Tirtayasa", Rupiah(9_000), False)
MANY = tuple(Zone(str(number), f"Desa {number}", Rupiah(1_000 * number), True) for number in range(1, 9))
FREE = tuple(Zone(str(number), f"Desa {number}", Rupiah(0), True) for number in range(8))


@pytest.fixture(autouse=True)
def request_of(app):
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        ((), ""),
        ((HOME,), "Gratis ke Ciruas"),
        ((HOME, NEAR, FAR), "Gratis ke Ciruas; Rp5.000 ke Walantaka, Pontang"),
        (MANY, "Ke 8 kecamatan, Rp1.000 sampai Rp8.000"),
        ((HOME, *MANY), "Ke 9 kecamatan: ada yang gratis, paling mahal Rp8.000"),
        (FREE, "Gratis ke 8 kecamatan"),
        ((NEAR,) * 7, "Rp5.000 ke 7 kecamatan"),
    ],
)
def test_fees_are_named_while_they_are_few(zones, said):
    assert words.said_where(Terms(zones)) == said


def test_a_page_of_the_shop_names_all():
    said = words.said_where(Terms(MANY), most=len(MANY))

    assert said.startswith("Rp1.000 ke Desa 1; Rp2.000 ke Desa 2") and said.endswith("Desa 8")


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        ((), ""),
        ((HOME, NEAR), "Bayar saat barang datang"),
        ((FAR,), "Bayar dulu"),
        ((HOME, NEAR, FAR), "Bayar saat barang datang. Ke Pontang bayar dulu"),
        ((HOME, FAR, FARTHER), "Ke Ciruas bayar saat barang datang. Selain itu bayar dulu"),
    ],
)
def test_where_money_may_come_with_the_goods_is_said_the_short_way(zones, said):
    assert words.said_paid(zones) == said


def test_who_takes_no_money_ahead_reaches_only_where_cash_comes_with_the_goods():
    terms = Terms((HOME, FAR), other_km=9, least=Rupiah(20_000))

    assert terms.paid_by(ahead=False).zones == (HOME,)
    assert terms.paid_by(ahead=True) == terms
    assert [said for _name, said in words.facts(terms.without_ways())] == ["", "", "", "Mulai Rp20.000"]
    assert [said for _name, said in words.facts(NOTHING)] == ["", "", "", ""]
