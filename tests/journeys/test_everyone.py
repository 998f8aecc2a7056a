"""Walk 7: the fixed pages, one's own account, and a calm way on when something is not there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories.goods import make_shop
from tests.factories.people import PASSWORD, PIN, make_account, make_device
from tests.journeys import steps

pytestmark = pytest.mark.journey

NUMBER = "0812 9000 1234"
KNOWN_PHONE = "the-phone-of-nur"
OTHER_PIN = "739182"
OTHER_PASSWORD = "becak hijau menyanyi subuh"
MANY_BYTES = 32 * 1024 * 1024


@pytest.fixture
def nur(app):
    owner = make_account(name="Nurhayati", phone="+6281290001234")
    make_device(owner, KNOWN_PHONE)
    return make_shop(owner, name="Telur Asin Bu Nur")


@pytest.fixture
def two_phones(nur, new_page, live_server, eyes):
    """Two browsers of hers, both signed in."""
    phones = [new_page(360, 640, has_touch=True, is_mobile=True) for _ in range(2)]
    eyes.watch(*phones)
    for each in phones:
        each.context.add_cookies([{"name": "hp", "value": KNOWN_PHONE, "url": live_server.url}])
        steps.enter_with_pin(each, NUMBER)
        expect(each).to_have_url(re.compile("/jualan$"))
    return phones


def is_out(page):
    """This browser has to sign in again."""
    page.goto("/jualan")
    expect(page).to_have_url(re.compile("/masuk"))


def test_the_fixed_pages_name_the_office_and_how_to_reach_it(plain_phone, phone, eyes):
    eyes.watch(plain_phone, phone)
    for words, path in (
        ("Tentang", "/tentang"),
        ("Privasi", "/privasi"),
        ("Syarat", "/syarat"),
        ("Bantuan", "/bantuan"),
    ):
        plain_phone.goto("/")
        plain_phone.get_by_role("contentinfo").get_by_role("link", name=words, exact=False).first.click()
        expect(plain_phone).to_have_url(re.compile(path + "$"))
        main = plain_phone.locator("main")
        expect(main).to_contain_text("Dinas Sosial Kabupaten Serang")
        expect(main.locator("a[href^='tel:'], a[href^='mailto:']").first).to_be_visible()
        eyes.look(plain_phone, f"7{path.replace('/', '-')}")

    phone.goto("/tentang")
    phone.get_by_role("contentinfo").get_by_role("button", name="Gelap").click()
    expect(phone.locator("html")).to_have_attribute("data-tema", "gelap")
    eyes.look(phone, "7-tentang-gelap")


def test_a_seller_ends_another_session_and_then_all(two_phones, eyes):
    here, there = two_phones
    here.get_by_role("link", name="Saya", exact=True).click()
    steps.heading(here, "Akun saya")
    sessions = here.get_by_role("region", name="Sedang masuk di").get_by_role("listitem")
    expect(sessions).to_have_count(2)
    eyes.look(here, "7-saya")
    sessions.filter(has_not=here.get_by_text("ini", exact=True)).get_by_role("button", name="Keluarkan").click()
    expect(here.get_by_text("Sudah dikeluarkan dari perangkat itu.")).to_be_visible()
    expect(sessions).to_have_count(1)
    is_out(there)

    steps.enter_with_pin(there, NUMBER)
    expect(there).to_have_url(re.compile("/jualan$"))
    here.goto("/saya")
    steps.press(here, "Keluar dari semua perangkat")
    expect(here.get_by_text("Sudah keluar.")).to_be_visible()
    is_out(here)
    is_out(there)


def test_a_new_pin_puts_the_other_phone_out(two_phones, eyes):
    here, there = two_phones
    here.goto("/saya")
    steps.follow(here, "Ganti PIN")
    here.get_by_label("PIN sekarang", exact=True).fill("111222")
    here.get_by_label("PIN baru", exact=True).fill(OTHER_PIN)
    here.get_by_label("PIN baru sekali lagi", exact=True).fill(OTHER_PIN)
    steps.press(here, "Simpan")
    expect(here.get_by_role("alert")).to_contain_text("Belum cocok dengan yang dipakai sekarang.")
    eyes.look(here, "7-pin-salah")
    here.get_by_label("PIN sekarang", exact=True).fill(PIN)
    here.get_by_label("PIN baru", exact=True).fill(OTHER_PIN)
    here.get_by_label("PIN baru sekali lagi", exact=True).fill(OTHER_PIN)
    steps.press(here, "Simpan")
    expect(here.get_by_text("Tersimpan. Perangkat lain sudah dikeluarkan.")).to_be_visible()
    eyes.look(here, "7-pin-tersimpan")

    is_out(there)
    steps.enter_with_pin(there, NUMBER)
    expect(there.get_by_role("alert")).to_contain_text("Nomor HP atau PIN belum cocok.")
    steps.enter_with_pin(there, NUMBER, OTHER_PIN)
    expect(there).to_have_url(re.compile("/jualan$"))


def test_an_officer_changes_the_password(phone, new_page, app, eyes):
    steward = make_account("steward", username="sari")
    eyes.watch(phone)
    steps.sign_in_staff(phone, steward)
    phone.get_by_role("link", name="Saya", exact=True).click()
    steps.follow(phone, "Ganti kata sandi")
    phone.get_by_label("Kata sandi sekarang", exact=True).fill(PASSWORD)
    phone.get_by_label("Kata sandi baru", exact=True).fill("pendek")
    phone.get_by_label("Kata sandi baru sekali lagi", exact=True).fill("pendek")
    steps.press(phone, "Simpan")
    expect(phone.get_by_role("alert")).to_contain_text("Terlalu pendek.")
    eyes.look(phone, "7-sandi-pendek")
    phone.get_by_label("Kata sandi sekarang", exact=True).fill(PASSWORD)
    phone.get_by_label("Kata sandi baru", exact=True).fill(OTHER_PASSWORD)
    phone.get_by_label("Kata sandi baru sekali lagi", exact=True).fill(OTHER_PASSWORD)
    steps.press(phone, "Simpan")
    expect(phone.get_by_text("Tersimpan. Perangkat lain sudah dikeluarkan.")).to_be_visible()

    other = new_page(360, 640)
    eyes.watch(other)
    steps.sign_in_staff(other, steward, steps=1, password=OTHER_PASSWORD)
    other.goto("/saya")
    expect(other.get_by_role("region", name="Sedang masuk di").get_by_role("listitem")).to_have_count(2)


def test_every_refusal_is_calm_and_leads_on(new_page, app, eyes, script):
    visitor = new_page(360, 640, javascript=script)
    eyes.watch(visitor)
    for status, path, words in (
        (404, "/produk/tidak-ada-barang-ini", ""),
        (404, "/alamat-yang-salah", "Halaman ini tidak ada"),
        (405, "/tema", "Cara ini tidak dikenal"),
    ):
        answer = visitor.goto(path)
        assert answer is not None and answer.status == status
        steps.heading(visitor, words)
        eyes.look(visitor, f"7-{status}{path.replace('/', '-')}")
        visitor.locator("main").get_by_role("link", name="Lihat", exact=False).first.click()
        expect(visitor).to_have_url(re.compile("/produk"))


def test_what_belongs_to_others_or_weighs_too_much_is_refused_calmly(two_phones, tmp_path, eyes):
    phone, _other = two_phones
    answer = phone.goto("/dinsos/kurasi")
    assert answer is not None and answer.status == 403
    steps.heading(phone, "Bukan untuk akun ini")
    eyes.look(phone, "7-403")
    phone.locator("main").get_by_role("link", name="Bantuan", exact=True).click()
    steps.heading(phone, "Bantuan")

    phone.goto("/jualan/produk/baru")
    heavy = tmp_path / "foto.heic"
    heavy.write_bytes(bytes(MANY_BYTES))
    phone.get_by_label("Foto", exact=True).set_input_files(heavy)
    phone.get_by_label("Nama produk", exact=True).fill("Telur asin isi 5")
    steps.press(phone, "Jual sekarang")
    expect(phone.locator("body")).to_contain_text("paling besar 20 MB")
    eyes.look(phone, "7-413")
    phone.go_back()
    expect(phone.get_by_label("Nama produk", exact=True)).to_have_value("Telur asin isi 5")
