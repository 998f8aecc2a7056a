"""Walk 2: a pendamping registers a seller on the doorstep, prints her card, and helps when something is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.db import db
from app.people.accounts.models import Account, Consent
from tests.factories.goods import make_shop
from tests.factories.people import DESA, PIN, make_account, make_card
from tests.journeys import steps
from tests.support import paper

pytestmark = [pytest.mark.journey, pytest.mark.main_job]

NUMBER = "0812-9000-1234"
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]")
WRONG_CARD = "Nomor HP atau kode kartu belum cocok. Kartu hilang? Hubungi pendamping."
WRONG_PIN = "Nomor HP atau PIN belum cocok."
OTHER_PIN = "739182"


@pytest.fixture
def dewi(app):
    return make_account("pendamping", username="dewi", name="Dewi Lestari")


def card_code(page: Page) -> str:
    """The code on the card that the page shows."""
    steps.heading(page, "Kartu masuk")
    return str(CODE.search(page.locator(".login-card").inner_text())[0])


def fill_seller(page: Page, name: str, shop: str) -> None:
    """Everything about a seller but her consent."""
    page.get_by_label("Nama", exact=True).fill(name)
    page.get_by_label("Nomor HP", exact=True).fill(NUMBER)
    page.get_by_label("Desa", exact=True).select_option(DESA)
    page.get_by_label("Jenis usaha", exact=True).select_option("warung-kelontong")
    page.get_by_label("Nama lapak", exact=True).fill(shop)


def test_a_seller_is_registered_on_the_doorstep_and_gets_her_card(new_page, live_server, dewi, eyes):
    phone = new_page(360, 640, has_touch=True, is_mobile=True, device_scale_factor=3)
    eyes.watch(phone)
    phone.goto("/masuk")
    eyes.look(phone, "2-masuk")
    steps.follow(phone, "Petugas")
    eyes.look(phone, "2-masuk-petugas")
    steps.sign_in_staff(phone, dewi)
    steps.heading(phone, "Hari ini")
    eyes.look(phone, "2-hari-ini")

    steps.follow(phone, "Daftarkan penjual", exact=False)
    fill_seller(phone, "Nurhayati", "Telur Asin Bu Nur")
    steps.press(phone, "Daftarkan")
    expect(phone.get_by_role("alert")).to_contain_text("Centang setelah penjual setuju.")
    expect(phone.get_by_label("Nama lapak", exact=True)).to_have_value("Telur Asin Bu Nur")
    eyes.look(phone, "2-daftarkan-belum-setuju")
    phone.get_by_label("Setuju tampil untuk umum").check()
    steps.press(phone, "Daftarkan")

    code = card_code(phone)
    expect(phone.locator(".login-card")).to_contain_text("Telur Asin Bu Nur")
    eyes.look(phone, "2-kartu")
    message = f"{live_server.url}/masuk?cara=kartu#kartu={code.replace('-', '')}"
    assert paper.shows_qr(phone.locator(".login-card__picture svg").screenshot(), message)
    pdf = phone.request.get(phone.get_by_role("link", name="Simpan PDF").get_attribute("href") or "").body()
    assert code in paper.text_of(pdf)
    assert "Telur Asin Bu Nur" in paper.text_of(pdf)
    assert paper.holds_qr(pdf, message)

    db.session.rollback()  # what was read before the walk is old
    account = db.session.scalars(select(Account).where(Account.name == "Nurhayati")).one()
    consent = db.session.scalars(select(Consent).where(Consent.account_id == account.id)).one()
    assert (consent.purpose, consent.wording_version) == ("publish", "2026-11")

    hers = new_page(360, 640, has_touch=True, is_mobile=True)
    eyes.watch(hers)
    hers.goto(message)
    expect(hers.get_by_label("Kode kartu", exact=True)).to_have_value(re.compile(code.replace("-", "-?")))
    hers.get_by_label("Nomor HP", exact=True).fill(NUMBER)
    steps.press(hers, "Masuk")
    steps.heading(hers, "Halo, Nurhayati")
    steps.choose_pin(hers)
    expect(hers).to_have_url(re.compile("/jualan$"))


@pytest.fixture
def nur(app):
    owner = make_account(name="Nurhayati", phone="+6281290001234")
    return make_shop(owner, name="Telur Asin Bu Nur")


def test_a_new_card_kills_the_old_one(phone, new_page, dewi, nur, eyes):
    old = make_card(nur.owner, by=dewi)
    hers = new_page(360, 640)
    eyes.watch(phone, hers)
    steps.sign_in_staff(phone, dewi)
    steps.follow(phone, "Penjual dampingan", exact=False)
    phone.get_by_label("Cari nama penjual atau lapak").fill("telur")
    phone.locator("main").get_by_role("button", name="Cari").click()
    eyes.look(phone, "2-penjual")
    steps.follow(phone, "Telur Asin Bu Nur")
    eyes.look(phone, "2-satu-penjual")
    steps.press(phone, "Kartu hilang: buat kartu baru")
    code = card_code(phone)

    steps.show_card(hers, NUMBER, old)
    expect(hers.get_by_role("alert")).to_contain_text(WRONG_CARD)
    said = hers.get_by_role("alert").inner_text()
    eyes.look(hers, "2-kartu-lama")
    steps.show_card(hers, NUMBER, "2222-3333-4444-5")
    assert hers.get_by_role("alert").inner_text() == said  # nobody learns that the old card was once right
    steps.show_card(hers, NUMBER, code)
    steps.heading(hers, "Halo, Nurhayati")
    hers.get_by_label("HP bersama").check()
    hers.get_by_label("PIN", exact=True).fill(PIN)
    steps.press(hers, "Masuk")
    expect(hers).to_have_url(re.compile("/jualan$"))


def test_a_lost_phone_a_changed_number_and_a_forgotten_pin(phone, new_page, dewi, nur, eyes):
    code = make_card(nur.owner, by=dewi)
    hers = new_page(360, 640)
    eyes.watch(phone, hers)
    steps.show_card(hers, NUMBER, code)
    hers.get_by_label("HP sendiri").check()
    hers.get_by_label("PIN", exact=True).fill(PIN)
    steps.press(hers, "Masuk")
    expect(hers).to_have_url(re.compile("/jualan$"))
    steps.sign_in_staff(phone, dewi)

    phone.goto(f"/dampingan/penjual/{nur.id}")
    steps.press(phone, "HP hilang: kunci semua HP, kartu baru")
    card_code(phone)
    hers.goto("/jualan")
    expect(hers).to_have_url(re.compile("/masuk"))
    steps.enter_with_pin(hers, NUMBER)
    expect(hers.get_by_role("alert")).to_contain_text(WRONG_PIN)

    phone.goto(f"/dampingan/penjual/{nur.id}")
    steps.follow(phone, "Ganti nomor HP")
    phone.get_by_label("Nomor HP", exact=True).fill("0813 7777 8888")
    eyes.look(phone, "2-ganti-nomor")
    steps.press(phone, "Ganti nomor")
    code = card_code(phone)
    steps.show_card(hers, NUMBER, code)
    expect(hers.get_by_role("alert")).to_contain_text(WRONG_CARD)

    phone.goto(f"/dampingan/penjual/{nur.id}")
    steps.press(phone, "Lupa PIN: hapus PIN, kartu baru")
    code = card_code(phone)
    steps.show_card(hers, "0813 7777 8888", code)
    steps.heading(hers, "Halo, Nurhayati")
    steps.choose_pin(hers, OTHER_PIN)
    expect(hers).to_have_url(re.compile("/jualan$"))
    eyes.look(hers, "2-jualan")


def test_a_wish_to_sell_lands_with_the_pendamping_of_the_desa(phone, plain_phone, dewi, eyes):
    eyes.watch(phone, plain_phone)
    plain_phone.goto("/")
    plain_phone.get_by_role("link", name="Ingin jualan", exact=True).first.click()
    steps.heading(plain_phone, "Ingin jualan")
    plain_phone.get_by_label("Nama", exact=True).fill("Rohimah")
    plain_phone.get_by_label("Nomor HP", exact=True).fill(NUMBER)
    steps.press(plain_phone, "Kirim")
    expect(plain_phone.get_by_role("alert")).to_contain_text("Pilih desa.")
    expect(plain_phone.get_by_label("Nama", exact=True)).to_have_value("Rohimah")
    plain_phone.get_by_label("Desa", exact=True).select_option(DESA)
    plain_phone.get_by_label("Barang yang dibuat").fill("Rengginang ketan")
    eyes.look(plain_phone, "2-ingin-jualan")
    steps.press(plain_phone, "Kirim")
    steps.heading(plain_phone, "Terima kasih")
    eyes.look(plain_phone, "2-terima-kasih")

    steps.sign_in_staff(phone, dewi)
    steps.follow(phone, "Ingin jualan", exact=False)
    expect(phone.locator("main")).to_contain_text("Rengginang ketan")
    eyes.look(phone, "2-permintaan")
    steps.follow(phone, "Daftarkan")
    expect(phone.get_by_label("Nama", exact=True)).to_have_value("Rohimah")
    expect(phone.get_by_label("Desa", exact=True)).to_have_value(DESA)
    eyes.look(phone, "2-daftarkan-dari-permintaan")
    phone.get_by_label("Jenis usaha", exact=True).select_option("warung-kelontong")
    phone.get_by_label("Nama lapak", exact=True).fill("Rengginang Bu Imah")
    phone.get_by_label("Setuju tampil untuk umum").check()
    steps.press(phone, "Daftarkan")
    card_code(phone)
    phone.goto("/dampingan/permintaan?lihat=dijawab")
    expect(phone.locator("main")).to_contain_text("Rohimah")
