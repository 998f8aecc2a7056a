"""Walk 4: a curator answers what waits, a seller mends what came back, and buyers see what was approved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories import phone_photos
from tests.factories.goods import make_product, make_shop, make_waiting_product
from tests.factories.people import make_account
from tests.journeys import steps

pytestmark = [pytest.mark.journey, pytest.mark.main_job]

UNCLEAR = "Namanya belum jelas. Tulis barang dan isinya, misalnya Telur asin isi 5."


@pytest.fixture
def nur(app):
    return make_shop(make_account(name="Nurhayati"), name="Telur Asin Bu Nur")


@pytest.fixture
def curator(app):
    return make_account("curator", username="yusuf", name="Yusuf Hidayat")


@pytest.fixture
def hers(phone, nur, eyes):
    """Her phone, signed in."""
    eyes.watch(phone)
    steps.let_in(phone, nur.owner)
    return phone


@pytest.fixture
def office(new_page, curator, eyes):
    """The curator's own phone, signed in."""
    page = new_page(360, 640, has_touch=True, is_mobile=True)
    eyes.watch(page)
    steps.let_in(page, curator)
    return page


def key(page, letter):
    """Press a key once the page listens."""
    page.wait_for_load_state("load")
    page.keyboard.press(letter)


def test_a_returned_product_is_mended_and_approved(hers, office, plain_phone, eyes):
    eyes.watch(plain_phone)
    hers.goto("/jualan/produk/baru")
    photo = {"name": "telur.webp", "mimeType": "image/webp", "buffer": phone_photos.phone_photo("WEBP")}
    hers.get_by_label("Foto", exact=True).set_input_files(photo)
    hers.get_by_label("Nama produk", exact=True).fill("Telur enak")
    hers.get_by_label("Harga", exact=True).fill("25rb")
    hers.get_by_label("Satuan", exact=True).fill("pak")
    hers.get_by_label("Jumlah", exact=True).fill("12")
    steps.press(hers, "Jual sekarang")
    steps.heading(hers, "Telur enak")

    steps.follow(office, "Periksa produk", exact=False)
    eyes.look(office, "4-kurasi")
    steps.follow(office, "Telur enak", exact=False)
    eyes.look(office, "4-periksa")
    steps.press(office, "Kembalikan")
    expect(office.get_by_role("alert")).to_be_visible()
    office.get_by_label(UNCLEAR).check()
    eyes.look(office, "4-alasan")
    steps.press(office, "Kembalikan")
    expect(office.get_by_text("Dikembalikan: Telur enak")).to_be_visible()
    eyes.look(office, "4-kosong")

    hers.goto("/jualan")
    expect(hers.locator("main")).to_contain_text("1 produk perlu diperbaiki.")
    steps.follow(hers, "Lihat dan perbaiki")
    expect(hers.get_by_text(f"Perlu diperbaiki: {UNCLEAR}")).to_be_visible()
    eyes.look(hers, "4-perlu-diperbaiki")
    steps.follow(hers, "Perbaiki")
    expect(hers).to_have_url(re.compile("#nama$"))
    expect(hers.get_by_label("Nama produk", exact=True)).to_be_in_viewport()
    assert hers.locator(":target").get_attribute("name") == "nama"
    eyes.look(hers, "4-perbaiki")
    hers.get_by_label("Nama produk", exact=True).fill("Telur asin isi 5")
    steps.press(hers, "Simpan")
    expect(hers.locator("main")).to_contain_text("Menunggu diperiksa")

    office.goto("/dinsos/kurasi")
    steps.follow(office, "Telur asin isi 5", exact=False)
    steps.press(office, "Setujui")
    expect(office.get_by_text("Disetujui: Telur asin isi 5")).to_be_visible()

    plain_phone.goto("/produk")
    plain_phone.get_by_role("link", name="Telur asin isi 5", exact=False).first.click()
    expect(plain_phone.locator("main")).to_contain_text("Rp25.000")
    expect(plain_phone.locator("main")).to_contain_text("Telur Asin Bu Nur")
    eyes.look(plain_phone, "4-produk")


def test_a_new_price_waits_while_the_old_one_sells(hers, office, nur, plain_phone, eyes):
    product = make_product(nur, "Telur asin isi 5", price=25_000)
    eyes.watch(plain_phone)
    hers.goto(f"/jualan/produk/{product.id}")
    steps.follow(hers, "Ubah")
    photo = {"name": "telur.webp", "mimeType": "image/webp", "buffer": phone_photos.phone_photo("WEBP")}
    hers.get_by_label("Foto", exact=True).set_input_files(photo)
    hers.get_by_label("Harga", exact=True).fill("27.500")
    steps.press(hers, "Simpan")
    expect(hers.get_by_text("Perubahan menunggu diperiksa. Yang lama tetap dijual.")).to_be_visible()
    eyes.look(hers, "4-perubahan-menunggu")
    plain_phone.goto(f"/produk/{product.slug}")
    expect(plain_phone.locator("main")).to_contain_text("Rp25.000")
    expect(plain_phone.get_by_role("button", name="Masukkan keranjang").first).to_be_enabled()

    office.goto("/dinsos/kurasi")
    steps.follow(office, "Telur asin isi 5", exact=False)
    expect(office.locator("main")).to_contain_text("Dijual sekarang")
    expect(office.locator("main")).to_contain_text("Rp27.500 berubah +10%")
    eyes.look(office, "4-perubahan")
    steps.press(office, "Setujui")
    expect(office.get_by_text("Disetujui: Telur asin isi 5")).to_be_visible()

    plain_phone.reload()  # a browser may keep a public page for half a minute
    expect(plain_phone.locator("main")).to_contain_text("Rp27.500")
    hers.goto(f"/jualan/produk/{product.id}")
    expect(hers.get_by_text("Perubahan menunggu diperiksa.")).to_have_count(0)


def test_the_inbox_is_answered_from_the_keyboard(page, curator, nur, eyes):
    for name in ("Keripik singkong", "Keripik pisang", "Keripik talas"):
        make_waiting_product(nur, name)
    eyes.watch(page)
    steps.let_in(page, curator, "/dinsos/kurasi")
    steps.follow(page, "Keripik singkong", exact=False)
    key(page, "j")
    steps.heading(page, "Keripik pisang")
    key(page, "j")
    steps.heading(page, "Keripik talas")
    key(page, "k")
    steps.heading(page, "Keripik pisang")
    eyes.look(page, "4-papan-tik")
    key(page, "p")
    expect(page.locator("input[type=radio]").first).to_be_focused()
    key(page, "t")

    expect(page.get_by_text("Disetujui: Keripik pisang")).to_be_visible()
    steps.heading(page, "Keripik talas")


def test_a_product_is_taken_off_the_market_and_put_back(office, nur, plain_phone, eyes):
    product = make_product(nur, "Telur asin isi 5")
    eyes.watch(plain_phone)
    office.goto("/dinsos/kurasi/tampil")
    steps.follow(office, "Telur asin isi 5", exact=False)
    office.get_by_label("Harganya tampak keliru.", exact=False).check()
    eyes.look(office, "4-tarik")
    steps.press(office, "Tarik produk")
    expect(office.get_by_text("Produk ini ditarik")).to_be_visible()
    plain_phone.goto(f"/produk/{product.slug}")
    expect(plain_phone.get_by_role("button", name="Masukkan keranjang")).to_have_count(0)
    eyes.look(plain_phone, "4-tidak-dijual-lagi")

    steps.press(office, "Tampilkan lagi")
    expect(office.get_by_text("Telur asin isi 5 tampil lagi.")).to_be_visible()
    plain_phone.reload()
    expect(plain_phone.get_by_role("button", name="Masukkan keranjang").first).to_be_visible()
