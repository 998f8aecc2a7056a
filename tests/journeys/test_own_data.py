"""She reads what is kept about her and asks to be forgotten; the steward proposes, an approver decides."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.core.db import transaction
from app.people.families import operations as families
from tests.factories.families import make_business, make_kpm
from tests.factories.goods import make_product, make_shop
from tests.factories.people import make_account
from tests.journeys import steps

pytestmark = pytest.mark.journey


@pytest.fixture
def shop(app):
    shop = make_shop(make_account(name="Nurhayati"), name="Telur Asin Bu Nur", slug="telur-asin-bu-nur")
    make_product(shop, "Telur asin asap", slug="telur-asin-asap")
    kpm = make_kpm(name="Keluarga Nurhayati", address="Kampung Baru RT 2")
    make_business(kpm, shop)
    with transaction():
        families.note_look(kpm, "nik", "verify", by=make_account("pendamping", name="Pak Deden"))
    return shop


@pytest.fixture
def office(app):
    return make_account("steward"), make_account("approver")


def reads_and_asks(hers: Page, eyes, name: str) -> None:
    steps.follow(hers, "Data saya")
    steps.heading(hers, "Data saya")
    for word in ("Pak Deden", "Membuka NIK", "Mencocokkan data"):
        expect(hers.locator("main")).to_contain_text(word)
    eyes.look(hers, f"data-saya-{name}")
    for chapter, word in (("Keluarga", "Kampung Baru RT 2"), ("Produk", "Telur asin asap")):
        steps.follow(hers, chapter)
        steps.heading(hers, chapter)
        expect(hers.locator("main")).to_contain_text(word)
        eyes.look(hers, f"data-saya-{chapter.lower()}-{name}")
        steps.follow(hers, "Data saya")
    steps.follow(hers, "Minta dihapus")
    hers.get_by_label("Juga nama, NIK, dan alamat keluarga saya").check()
    hers.get_by_label("Saya mengerti, ini tidak bisa dikembalikan").check()
    eyes.look(hers, f"minta-dihapus-{name}")
    steps.press(hers, "Kirim permintaan")
    expect(hers.locator("main")).to_contain_text("Menunggu")


def proposes(office: Page, eyes, name: str) -> None:
    eyes.look(office, f"permintaan-data-{name}")
    office.get_by_role("link", name=re.compile("Penghapusan data")).click()
    expect(office.locator("main")).not_to_contain_text("Keluarga Nurhayati")
    office.get_by_label("Alasan").fill("Ia berhenti jualan dan memintanya sendiri.")
    eyes.look(office, f"usulkan-{name}")
    steps.press(office, "Usulkan")
    expect(office.locator("main")).to_contain_text("Menunggu persetujuan kedua")


def decides(office: Page, eyes, name: str) -> None:
    office.get_by_role("link", name=re.compile("Penghapusan data")).click()
    expect(office.locator("main")).to_contain_text("Tidak bisa dikembalikan.")
    eyes.look(office, f"putusan-{name}")
    office.get_by_label("Sudah dibaca, dan boleh dihapus selamanya").check()
    steps.press(office, "Hapus selamanya")
    expect(office.locator("main")).to_contain_text("Akun terhapus")
    eyes.look(office, f"terhapus-{name}")


def test_she_reads_her_data_and_is_forgotten_by_two_people(shop, office, new_page, eyes, script):
    hers = new_page(360, 640, javascript=script, has_touch=True, is_mobile=True)
    steward, approver = new_page(1280, 800, javascript=script), new_page(1280, 800, javascript=script)
    eyes.watch(hers, steward, approver)

    steps.let_in(hers, shop.owner, "/saya")
    reads_and_asks(hers, eyes, str(script))
    steps.let_in(steward, office[0], "/dinsos/permintaan-data")
    proposes(steward, eyes, str(script))
    steps.let_in(approver, office[1], "/dinsos/permintaan-data")
    decides(approver, eyes, str(script))

    answer = steward.goto("/lapak/telur-asin-bu-nur")
    assert answer is not None
    assert answer.status == 404
    hers.goto("/jualan")
    expect(hers).to_have_url(re.compile("/masuk"))
