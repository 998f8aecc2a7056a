"""What buyers and sellers read of each state: the table of the specification, written out once more by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from app.core.db import transaction
from app.kit.periods import WIB
from app.trade.orders import labels, queries
from app.trade.orders.models import STATES
from tests.factories.goods import make_product
from tests.factories.trade import make_stall, place_order

ENDS = WIB.at(date(2026, 12, 5), time(14, 5))
WHEN = "Sabtu 5 Desember 2026, 14.05 WIB"
# Of an order of Rp38.000 that is fetched and paid then: what its buyer reads, and its seller. Source: spec/trade.md
SAID = {
    "placed": (f"Menunggu jawaban penjual (paling lambat {WHEN})", f"Pesanan baru: jawab sebelum {WHEN}"),
    "amended": ("Penjual menawarkan jumlah/tanggal lain: setuju?", "Menunggu jawaban pembeli"),
    "accepted": ("Diterima. Bayar saat ambil", "Siapkan pesanan"),
    "ready": (f"Siap diambil di Dapur Sarmi sampai {WHEN}", "Menunggu diambil"),
    "handed_over": ("Selesai", "Selesai, tercatat Rp38.000"),
    "refused": ("Tidak jadi (barang habis)", "Dibatalkan (barang habis)"),
    "cancelled_buyer": ("Tidak jadi (barang habis)", "Dibatalkan (barang habis)"),
    "cancelled_seller": ("Tidak jadi (barang habis)", "Dibatalkan (barang habis)"),
    "cancelled_admin": ("Tidak jadi (barang habis)", "Dibatalkan (barang habis)"),
    "expired_silent": (
        "Penjual tidak menjawab; lihat penjual lain",
        "Terlewat, hubungi pendamping bila perlu",
    ),
    "expired_unpaid": ("Waktu bayar habis; masih mau?", "Tidak dibayar, stok kembali"),
    "expired_amend": ("Waktu menjawab tawaran habis", "Pembeli tidak menjawab"),
    "not_collected": ("Tidak diambil", "Tidak diambil: kembali ke stok?"),
}


@pytest.fixture
def sheet(app):
    _owner, shop = make_stall(name="Telur Ibu Sarmi")
    order = place_order(make_product(shop, "Telur asin", price=19_000, qty=9), 2)
    with transaction():
        order.pickup_place = "Dapur Sarmi"
    return replace(queries.sheet(order), deadline=ENDS)


def test_every_state_is_said(app):
    assert set(SAID) == set(STATES)


@pytest.mark.parametrize("state", SAID)
def test_both_read_of_a_state_what_the_specification_says_and_never_its_code(app, sheet, state):
    told = replace(sheet, state=state)

    with app.test_request_context():
        assert (labels.for_buyer(told, "habis"), labels.for_seller(told, "habis")) == SAID[state]
