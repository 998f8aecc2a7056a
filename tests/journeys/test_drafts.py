"""What is half filled in when the browser is closed is there again when she comes back; what was sent is forgotten."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.core.db import db
from app.goods.products import queries
from app.goods.products.models import Product
from tests.factories import phone_photos
from tests.factories.goods import make_product, make_shop
from tests.factories.people import DESA, make_account, make_device
from tests.journeys import steps

pytestmark = pytest.mark.journey

KNOWN_PHONE = "the-phone-of-imas"
BACK = "Isian yang tadi sudah dikembalikan."
PHOTO = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": phone_photos.phone_jpeg()}


@pytest.fixture
def imas(app):
    """A seller whose phone is known, with eggs on sale."""
    shop = make_shop(make_account(name="Imas", phone="+6281290004321"), name="Dapur Imas")
    make_device(shop.owner, KNOWN_PHONE)
    return shop


@pytest.fixture
def eggs(imas):
    """Her product of which little is said yet."""
    return make_product(imas, "Telur asin")


@pytest.fixture
def come_back(imas, profile, live_server, eyes):
    """Close the browser, if one is open, and open it anew; she stays signed in."""
    opened: list[Page] = []

    def again() -> Page:
        if opened:
            profile.context.close()
        page = profile.open()
        eyes.watch(page)
        if not opened:
            page.context.add_cookies([{"name": "hp", "value": KNOWN_PHONE, "url": live_server.url}])
            steps.enter_with_pin(page, imas.owner.phone)
            expect(page).to_have_url(re.compile("/jualan$"))
        opened.append(page)
        return page

    return again


def stored(product: Product) -> str:
    """What the newest wording says of what is inside."""
    db.session.rollback()
    return queries.newest_revision(db.session.get_one(Product, product.id)).ingredients


def test_a_new_product_that_nobody_finished_comes_back_after_the_browser_was_closed(come_back, eyes):
    page = come_back()
    page.goto("/jualan/produk/baru")
    page.get_by_label("Nama produk", exact=True).fill("Rengginang terasi isi 10")
    page.get_by_label("Harga", exact=True).fill("lima belas rb")
    page.get_by_label("Satuan", exact=True).press_sequentially("bung")
    page.get_by_label("Satuan", exact=True).blur()

    page = come_back()
    page.goto("/jualan/produk/baru")

    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Nama produk", exact=True)).to_have_value("Rengginang terasi isi 10")
    expect(page.get_by_label("Harga", exact=True)).to_have_value("lima belas rb")
    expect(page.get_by_label("Satuan", exact=True)).to_have_value("bung")
    eyes.look(page, "draf-kembali")
    page.get_by_label("Satuan", exact=True).fill("bungkus")
    page.get_by_label("Harga", exact=True).fill("15rb")
    page.get_by_label("Jumlah", exact=True).fill("8")
    page.get_by_label("Ambil dari galeri").set_input_files(PHOTO)
    steps.press(page, "Jual sekarang")
    steps.heading(page, "Rengginang terasi isi 10")

    page = come_back()
    page.goto("/jualan/produk/baru")
    expect(page.get_by_label("Nama produk", exact=True)).to_have_value("")
    expect(page.get_by_text(BACK)).to_be_hidden()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Product)) == 1


def test_a_question_half_answered_comes_back_after_the_browser_was_closed(come_back, eggs, eyes):
    way = f"/jualan/produk/{eggs.id}/isi/bahan"
    page = come_back()
    page.goto(way)
    page.get_by_label("Bahan", exact=False).first.fill("telur bebek, garam, abu go")
    page.get_by_label("Bahan", exact=False).first.blur()
    page.goto(f"/jualan/produk/{eggs.id}/isi/alergi")
    page.get_by_label("telur", exact=True).check()

    page = come_back()
    page.goto(f"/jualan/produk/{eggs.id}/isi/alergi")
    expect(page.get_by_label("telur", exact=True)).to_be_checked()
    page.goto(way)
    expect(page.get_by_text(BACK)).to_be_visible()
    asked = page.get_by_label("Bahan", exact=False).first
    expect(asked).to_have_value("telur bebek, garam, abu go")
    eyes.look(page, "draf-pertanyaan-kembali")
    assert stored(eggs) == "", "nothing is sent before she says so"
    asked.fill("telur bebek, garam, abu gosok")
    steps.press(page, "Simpan")
    expect(page.get_by_text("Tersimpan.")).to_be_visible()
    assert stored(eggs) == "telur bebek, garam, abu gosok"

    page = come_back()
    page.goto(way)
    expect(page.get_by_text(BACK)).to_be_hidden()
    expect(page.get_by_label("Bahan", exact=False).first).to_have_value("telur bebek, garam, abu gosok")


def test_a_draft_kept_on_the_server_goes_on_with_its_photo_after_the_browser_was_closed(come_back, eyes):
    page = come_back()
    page.goto("/jualan/produk/baru")
    page.get_by_label("Ambil dari galeri").set_input_files(PHOTO)
    page.get_by_label("Nama produk", exact=True).fill("Emping melinjo")
    steps.press(page, "Simpan draf")
    steps.heading(page, "Produk saya")

    page = come_back()
    page.goto("/jualan/produk")
    eyes.look(page, "draf-di-daftar")
    steps.follow(page, "Emping melinjo", exact=False)
    expect(page.get_by_label("Nama produk", exact=True)).to_have_value("Emping melinjo")
    expect(page.get_by_alt_text("Foto sekarang").first).to_be_visible()
    page.get_by_label("Harga", exact=True).fill("20rb")
    page.get_by_label("Satuan", exact=True).fill("kg")
    page.get_by_label("Jumlah", exact=True).fill("3")
    steps.press(page, "Jual sekarang")
    steps.heading(page, "Emping melinjo")
    page.goto("/jualan/produk")
    expect(page.get_by_text("Draf", exact=False)).to_have_count(0)


def test_a_wish_that_was_sent_is_not_read_by_the_next_who_asks_on_that_phone(app, new_page):
    phone = new_page(360, 640)
    phone.goto("/ingin-jualan")
    for label, said in (("Nama", "Rohimah"), ("Nomor HP", "0812 9000 1234"), ("Barang yang dibuat", "Rengginang")):
        phone.get_by_label(label, exact=True).fill(said)
    steps.arrives(phone, lambda: "Rengginang" in str(phone.evaluate("JSON.stringify(localStorage)")))
    assert "9000" not in phone.evaluate("JSON.stringify(localStorage)"), "her number, before it was sent"
    phone.get_by_label("Desa", exact=True).select_option(DESA)
    steps.press(phone, "Kirim")
    steps.heading(phone, "Terima kasih")

    phone.goto("/ingin-jualan")

    expect(phone.get_by_label("Nama", exact=True)).to_have_value("")
    assert "Rohimah" not in str(phone.evaluate("JSON.stringify(localStorage)"))
