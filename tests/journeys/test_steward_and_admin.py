"""Walk 10: the steward reads who did and saw what, and answers about data; the administrator meets no family."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from app.core import jobs
from app.core.db import db, transaction
from app.people.accounts.models import Account
from app.people.families import operations as families
from app.people.places.queries import settings_of
from tests.factories.families import make_business, make_kpm
from tests.factories.goods import make_product, make_shop
from tests.factories.people import DESA, REGENCY, make_account
from tests.journeys import steps
from tests.support import paper

pytestmark = pytest.mark.journey

NIK = "3604154512790000"


@pytest.fixture
def seller(app):
    return make_account(name="Nurhayati", phone="+6281290001234")


@pytest.fixture
def kpm(seller):
    """A family whose NIK somebody opened, and the shop that it runs."""
    shop = make_shop(seller, name="Telur Asin Bu Nur")
    make_product(shop, "Telur asin asap")
    kpm = make_kpm(name="Keluarga Nurhayati", nik=NIK, address="Kampung Baru RT 2")
    make_business(kpm, shop)
    with transaction():
        families.note_look(kpm, "nik", "verify", by=make_account("pendamping", name="Pak Deden"))
    return kpm


def makes_an_account(page: Page, eyes) -> None:
    """Somebody new: a task, a kabupaten, a village; the first password stands there once."""
    steps.shown(page.get_by_role("link", name="Akun")).click()
    steps.follow(page, "Akun baru")
    page.get_by_label("Nama", exact=True).fill("Siti Aminah")
    page.get_by_label("Nama pengguna", exact=True).fill("siti.aminah")
    page.get_by_label("Tugas", exact=True).select_option("pendamping")
    page.get_by_label("Wilayah kerja").select_option(REGENCY)
    steps.press(page, "Buat akun")
    expect(page.get_by_role("alert")).to_contain_text("Pilih paling sedikit satu desa.")
    page.locator("summary", has_text="Ciomas").click()
    page.locator(f'input[name=wilayah][value="{DESA}"]').check()
    eyes.look(page, "10-akun-baru")
    steps.press(page, "Buat akun")
    steps.heading(page, "Siti Aminah")
    expect(page.locator("main")).to_contain_text("Sampaikan langsung kepada orangnya.")
    eyes.look(page, "10-akun")


def changes_a_setting(page: Page, visitor: Page, eyes) -> None:
    """What the office is called by is read by everybody at once."""
    page.goto("/dinsos/pengaturan")
    steps.follow(page, "Ubah Dinas")
    page.get_by_label("Telepon", exact=True).fill("nanti")
    steps.press(page, "Simpan")
    expect(page.get_by_role("alert")).to_contain_text("Nomor telepon belum benar")
    page.get_by_label("Telepon", exact=True).fill("0254-282828")
    page.get_by_label("Jam buka").fill("Senin sampai Jumat, 8.00 sampai 14.00")
    eyes.look(page, "10-pengaturan-dinas")
    steps.press(page, "Simpan")
    expect(page.get_by_text("Pengaturan disimpan.")).to_be_visible()
    eyes.look(page, "10-pengaturan")
    visitor.goto("/bantuan")
    expect(visitor.locator("main")).to_contain_text("Senin sampai Jumat, 8.00 sampai 14.00")


def meets_no_family(page: Page, kpm) -> None:
    """Where families are listed is not her room; one of them is to her like one that is not there."""
    rooms = ("/dinsos/keluarga", "/dinsos/uep", "/dinsos/graduasi", "/dinsos/akses", "/dinsos/catatan")
    told = {"/dinsos/keluarga/999999": 404, f"/dinsos/keluarga/{kpm.id}": 404} | dict.fromkeys(rooms, 403)
    for way, status in told.items():
        answer = page.goto(way)
        assert answer is not None
        assert (answer.status, "Nurhayati" in page.content()) == (status, False), way


def reads_the_logs(page: Page, kpm, eyes) -> None:
    steps.shown(page.get_by_role("link", name="Catatan")).click()
    page.get_by_label("Perbuatan", exact=True).select_option("account.registered")
    steps.press(page, "Cari")
    expect(page.locator("main")).to_contain_text("Akun dibuat")
    expect(page.locator("main")).to_contain_text("Pak Admin")
    eyes.look(page, "10-catatan")
    page.goto("/dinsos/akses")
    page.get_by_label("Nomor keluarga").fill(kpm.pseudonym)
    steps.press(page, "Cari")
    for words in ("Membuka NIK", kpm.pseudonym, "Pak Deden", "Mencocokkan data"):
        expect(page.locator("main")).to_contain_text(words)
    assert not re.search(rf"{NIK}|Nurhayati", page.content())
    eyes.look(page, "10-akses")


def asks(hers: Page, word: str, said: str = "") -> None:
    hers.goto("/saya/data")
    steps.follow(hers, word)
    if said:
        hers.get_by_label("Apa yang perlu dibetulkan?").fill(said)
    steps.press(hers, "Kirim permintaan")
    expect(hers.get_by_text("Permintaan dicatat.")).to_be_visible()


def answers(page: Page, eyes) -> None:
    """Open the copy, and set right what she says is wrong."""
    page.goto("/dinsos/permintaan-data")
    page.get_by_role("link", name=re.compile("Salinan")).click()
    steps.press(page, "Siap diambil")
    expect(page.get_by_text("Salinan dibuka.")).to_be_visible()
    eyes.look(page, "10-salinan-dibuka")
    page.goto("/dinsos/permintaan-data")
    page.get_by_role("link", name=re.compile("Perbaikan")).click()
    expect(page.locator("main")).to_contain_text("RT saya 3, bukan 2.")
    page.get_by_label("Teruskan kepada").select_option("caseworker")
    steps.press(page, "Teruskan")
    expect(page.get_by_text("Permintaan diteruskan.")).to_be_visible()
    page.get_by_label("Jawaban").fill("Sudah dibetulkan: RT 3.")
    steps.press(page, "Selesai")
    expect(page.get_by_text("Permintaan dijawab.")).to_be_visible()


def fetches(hers: Page, button: str) -> bytes:
    """Her own copy, as she takes it from her phone."""
    hers.goto("/saya/data")
    steps.press(hers, button)
    expect(hers.locator("main")).to_contain_text("Sedang disiapkan")
    db.session.rollback()
    jobs.run_due()
    hers.reload()
    way = hers.get_by_role("link", name="Unduh", exact=True).get_attribute("href") or ""
    return hers.request.get(way).body()


def test_the_office_answers_for_its_data_and_its_administrator_meets_no_family(new_page, seller, kpm, eyes):
    admin, steward, visitor = new_page(1280, 800), new_page(1280, 800), new_page(360, 640)
    hers = new_page(360, 640, has_touch=True, is_mobile=True)
    eyes.watch(admin, steward, visitor, hers)
    steps.let_in(admin, make_account("admin", username="admin", name="Pak Admin"))
    makes_an_account(admin, eyes)
    changes_a_setting(admin, visitor, eyes)
    meets_no_family(admin, kpm)
    db.session.rollback()
    made = db.session.query(Account).filter_by(username="siti.aminah").one()
    assert (made.role, made.region_code, made.areas) == ("pendamping", REGENCY, [DESA])
    assert settings_of(REGENCY).get("office.phone") == "+62254282828"

    steps.let_in(hers, seller)
    asks(hers, "Minta salinan")
    asks(hers, "Minta dibetulkan", "RT saya 3, bukan 2.")
    steps.let_in(steward, make_account("steward", username="steward", name="Bu Steward"))
    reads_the_logs(steward, kpm, eyes)
    answers(steward, eyes)

    told = json.loads(fetches(hers, "Ambil untuk komputer (JSON)"))
    assert told["account"][0]["phone"] == "+6281290001234"
    assert told["family"][0]["address"] == "Kampung Baru RT 2"
    words = paper.text_of(fetches(hers, "Ambil untuk dibaca (PDF)"))
    assert "Telur Asin Bu Nur" in words
    assert NIK not in words + json.dumps(told)
    hers.goto("/saya/data")
    expect(hers.locator("main")).to_contain_text("Sudah dibetulkan: RT 3.")
    eyes.look(hers, "10-data-saya-dijawab")
