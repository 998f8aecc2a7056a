"""Walk 9: the head reads the month, taps a kecamatan and a figure, prints, and takes the report along."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.core.clock import today
from tests.factories.growth import make_sale
from tests.factories.people import make_account
from tests.factories.trade import make_stall
from tests.journeys import steps

pytestmark = pytest.mark.journey

FIRST = today("Asia/Jakarta").replace(day=1)
PLACES = {"36.04.27": 7, "36.04.13": 6, "36.04.30": 5, "36.04.12": 2}


@pytest.fixture
def month(app):
    """Shops in four kecamatan, two of them small, and what they sold."""
    for place, many in PLACES.items():
        for _ in range(many):
            shop = make_stall(kecamatan_code=place, desa_code=f"{place}.2001")[1]
            make_sale(shop, FIRST, 250_000, channel="online")
            make_sale(shop, FIRST - timedelta(days=9), 100_000, channel="manual", grade="D")


@pytest.fixture
def head(app):
    return make_account("head", username="kepala", name="Hendra Wijaya")


def test_the_head_reads_the_month_on_a_phone_and_on_a_desk(new_page, head, month, eyes):
    phone = new_page(360, 640, has_touch=True, is_mobile=True)
    eyes.watch(phone)
    steps.let_in(phone, head)
    steps.follow(phone, "Ringkasan bulan ini", exact=False)
    steps.heading(phone, "Ringkasan")
    expect(phone.get_by_role("heading", name="Uang masuk 2,5 kali", exact=False)).to_be_visible()
    expect(phone.get_by_role("img", name="Wilayah dengan lapak terbanyak: Ciomas 7", exact=False)).to_be_visible()
    eyes.look(phone, "ringkasan-hp")
    phone.locator("main").get_by_role("link", name=re.compile("^Uang masuk penjual")).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Uang masuk penjual")
    for word in ("TAKINGS", "Rumus", "Masa", "Sumber", "Dihitung"):
        expect(phone.locator("main")).to_contain_text(word)
    eyes.look(phone, "ringkasan-arti")

    desk = new_page(1280, 800)
    eyes.watch(desk)
    steps.let_in(desk, head, "/dinsos/ringkasan")
    area = desk.get_by_role("link", name="Tirtayasa: 6 lapak, Rp1.500.000", exact=True)
    area.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status").filter(has_text="Tirtayasa: 6 lapak")).to_be_visible()
    # Two shops of Pontang are closed, and Anyar with them: the rest would be theirs.
    for name in ("Pontang", "Anyar"):
        expect(desk.get_by_role("row", name=re.compile(name))).to_contain_text("ditutup")
    eyes.look(desk, "ringkasan-meja")

    desk.get_by_label("Bulan", exact=True).select_option(index=1)
    steps.press(desk, "Tampilkan")
    expect(desk.get_by_role("heading", name="Lapak menjual di 4 dari 29 kecamatan", exact=False)).to_be_visible()
    steps.press(desk, "Laporan PDF")
    steps.heading(desk, "Ringkasan")
    expect(desk.get_by_role("main")).to_contain_text("disiapkan")
    desk.goto("/dinsos/ringkasan/cetak")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Ringkasan")
    eyes.look(desk, "ringkasan-cetak")
