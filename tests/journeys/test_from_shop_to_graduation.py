"""Walk 3: a shop becomes a family's, its consent is written down, it is visited, and it leaves by its own letter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core.clock import now, today
from app.core.db import db
from app.growth.businesses import queries as businesses
from app.growth.graduation import queries
from app.growth.mentoring import rules
from app.kit.rupiah import Rupiah
from app.people.families.queries import list_looks, may_use
from tests.factories import phone_photos
from tests.factories.families import make_enrollment, make_kpm
from tests.factories.goods import make_shop
from tests.factories.people import make_account
from tests.factories.sales import make_sale
from tests.journeys import steps

pytestmark = pytest.mark.journey

NIK = "3604274101800000"
SOLD = "120.000"


@pytest.fixture
def kpm(app):
    kpm = make_kpm(name="Ibu Sarinah", nik=NIK)
    make_enrollment(kpm)
    return kpm


@pytest.fixture
def shop(app):
    """A shop of her village that sold something last month."""
    shop = make_shop(name="Emping Bu Sarinah")
    make_sale(shop, amount=Rupiah(120_000), sold_on=last_month() + timedelta(days=3))
    return shop


def last_month():
    return rules.last_months(today("Asia/Jakarta"))[-1]


def filled_in(page: Page) -> str:
    return page.locator(f'[name="bulan-{last_month():%Y-%m}"]').input_value()


def links_the_shop(page: Page, eyes) -> None:
    steps.follow(page, "Hubungkan lapak")
    page.get_by_label("Lapak", exact=True).select_option(label="Emping Bu Sarinah")
    steps.press(page, "Simpan")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Sejak kapan").fill((today("Asia/Jakarta") - timedelta(days=400)).isoformat())
    page.get_by_label("Modal dari mana").select_option("aid_savings")
    eyes.look(page, "3-hubungkan-lapak")
    steps.press(page, "Simpan")
    expect(page.get_by_text("Usaha tercatat.")).to_be_visible()
    expect(page.get_by_role("link", name="Emping Bu Sarinah")).to_be_visible()


def writes_consents_down(page: Page, eyes) -> None:
    """One purpose on paper, one by word of mouth, which needs a witness; one of them is taken back."""
    page.get_by_label("Untuk apa").select_option("graduation_monitoring")
    page.get_by_label("Surat bertanda tangan").check()
    steps.press(page, "Simpan")
    expect(page.get_by_text("Persetujuan tercatat.")).to_be_visible()
    page.get_by_label("Untuk apa").select_option("publicity")
    page.get_by_label("Lisan, ada saksi").check()
    steps.press(page, "Simpan")
    expect(page.get_by_role("alert")).to_contain_text("Tulis nama saksinya.")
    page.get_by_label("Nama saksi").fill("Bu RT")
    steps.press(page, "Simpan")
    expect(page.get_by_role("button", name="Cabut", exact=True)).to_have_count(2)
    eyes.look(page, "3-persetujuan")
    page.locator("li", has_text="Cerita dan foto").get_by_role("button", name="Cabut").click()
    expect(page.get_by_text("Persetujuan dicabut")).to_be_visible()
    expect(page.get_by_role("button", name="Cabut", exact=True)).to_have_count(1)


def visits(page: Page, eyes) -> None:
    page.get_by_label("Di rumah").check()
    page.get_by_label("Kepala keluarga", exact=True).check()
    page.get_by_label("Berjalan", exact=True).check()
    page.get_by_label("Apa yang berubah?").fill("Ibu Sarinah ingin lepas dari bantuan.")
    steps.press(page, "Simpan kunjungan")
    expect(page.get_by_text("Kunjungan tersimpan.")).to_be_visible()


def states_the_graduation(page: Page, eyes) -> str:
    """Write it down, read the letter, and bring the signed one in, which lay on its side."""
    steps.follow(page, "Catat graduasi")
    page.get_by_label("Graduasi mandiri").check()
    page.get_by_label("Ikut program sejak tahun").fill("2021")
    steps.press(page, "Simpan dan buat surat")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Alasan keluarga").fill("Usaha emping sudah jalan dan cukup untuk sekolah anak.")
    eyes.look(page, "3-catat-graduasi")
    steps.press(page, "Simpan dan buat surat")
    steps.heading(page, "Graduasi Ibu Sarinah")
    here = page.url
    steps.follow(page, "Surat pernyataan")
    for words in (NIK, "sejak 2021", "Usaha emping sudah jalan"):
        expect(page.locator(".letter")).to_contain_text(words)
    eyes.look(page, "3-surat")
    assert page.request.get(f"{here}/surat.pdf").body()[:5] == b"%PDF-"
    page.goto(here)
    photo = {"name": "surat.png", "mimeType": "image/png", "buffer": phone_photos.phone_photo("PNG", (480, 640))}
    page.get_by_label("Surat yang sudah ditandatangani").set_input_files(photo)
    steps.press(page, "Simpan surat")
    expect(page.get_by_text("Surat bertanda tangan tersimpan.")).to_be_visible()
    steps.press(page, "Putar")
    expect(page.get_by_role("link", name="Lihat surat bertanda tangan")).to_be_visible()
    # Who wrote it down does not acknowledge it.
    expect(page.get_by_role("button", name="Sahkan atas nama saya")).to_have_count(0)
    expect(page.get_by_text("Disahkan petugas lain")).to_be_visible()
    eyes.look(page, "3-graduasi-belum-disahkan")
    return here


def acknowledges(page: Page, eyes) -> None:
    page.goto("/dinsos/graduasi")
    expect(page.get_by_text("Belum ada graduasi yang disahkan.")).to_be_visible()
    steps.follow(page, "Ibu Sarinah")
    steps.press(page, "Sahkan atas nama saya")
    expect(page.get_by_text("Graduasi disahkan atas nama Anda.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Lina Marlina")
    eyes.look(page, "3-graduasi-disahkan")
    page.goto("/dinsos/graduasi")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=str(today("Asia/Jakarta").year)))
    expect(row.locator('[data-label="Graduasi mandiri"]')).to_have_text("1")
    expect(row.locator('[data-label="Graduasi alamiah"]')).to_have_text("0")
    eyes.look(page, "3-graduasi-per-tahun")


def test_a_shop_becomes_a_familys_and_the_family_leaves_by_its_own_letter(new_page, kpm, shop, eyes):
    phone, desk = new_page(360, 640, has_touch=True, is_mobile=True), new_page(1280, 800)
    eyes.watch(phone, desk)
    family = f"/dinsos/keluarga/{kpm.id}"
    steps.let_in(phone, make_account("pendamping", username="dewi", name="Dewi Lestari"), family)
    links_the_shop(phone, eyes)
    phone.goto(f"{family}/kunjungan")
    assert not filled_in(phone)  # its sales are nobody's until the family agrees
    phone.goto(family)
    steps.follow(phone, "Catat persetujuan")
    writes_consents_down(phone, eyes)
    phone.goto(f"{family}/kunjungan")
    assert filled_in(phone) == SOLD
    visits(phone, eyes)
    phone.goto(family)
    states_the_graduation(phone, eyes)

    steps.let_in(desk, make_account("caseworker", username="lina", name="Lina Marlina"))
    acknowledges(desk, eyes)
    phone.reload()
    expect(phone.locator("main")).to_contain_text("Disahkan")
    expect(phone.get_by_role("button", name="Putar")).to_have_count(0)

    db.session.rollback()
    assert [row.shop_id for row in businesses.list_businesses(kpm.id)] == [shop.id]
    assert may_use(kpm.id, "graduation_monitoring", now())
    assert not may_use(kpm.id, "publicity", now())
    assert queries.find_case(kpm.id).status == "observing"
    assert {look.purpose for look in list_looks(kpm.id) if look.what == "nik"} == {"letter"}
