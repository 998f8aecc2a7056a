"""Walk 7: a seller prepares a product for the e-Katalog, the office returns, approves, signs, packs and follows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.core.db import db, transaction
from app.people.accounts.queries import get_account
from app.trade.ekatalog import queries
from tests.factories import ekatalog as made
from tests.factories import phone_photos
from tests.factories.people import make_account
from tests.journeys import steps

pytestmark = pytest.mark.journey


@pytest.fixture
def goods(app):
    """Nur's salted eggs, on sale."""
    return made.make_goods(make_account(name="Nurhayati"))


@pytest.fixture
def hers(plain_phone, goods, eyes):
    """Her phone without scripts, signed in."""
    eyes.watch(plain_phone)
    steps.let_in(plain_phone, goods.shop.owner)
    return plain_phone


def office(new_page, eyes, account, width=1280):
    """An officer's browser, signed in."""
    page = new_page(width, 800)
    eyes.watch(page)
    steps.let_in(page, account)
    return page


def photo(name="foto.jpg"):
    """A photo as a phone takes it."""
    return {"name": name, "mimeType": "image/webp", "buffer": phone_photos.phone_photo("WEBP")}


def save(page, word="Simpan"):
    """Send the question."""
    with page.expect_navigation():
        steps.press(page, word)


def mark_all(page, result="ok"):
    """Say the same of every item that is asked, once the page that asks is there."""
    expect(page.locator("select[name^=hasil-]").first).to_be_visible()
    for box in page.locator("select[name^=hasil-]").all():
        box.select_option(result)


def test_from_the_first_question_to_the_official_catalogue(hers, goods, new_page, eyes):
    curator = make_account("curator", username="yusuf", name="Yusuf Hidayat")
    approver = make_account("approver", username="endang", name="Endang Kusuma")
    number = made.fill(made.start(goods), without=("nib", "category", "capacity", "local", "photos")).submission.id

    steps.follow(hers, "Langkah usaha", exact=False)
    eyes.look(hers, "7-langkah-usaha")
    steps.follow(hers, "Telur asin bebek isi 5")
    expect(hers.locator("main")).to_contain_text("9 dari 14 siap")
    expect(hers.locator("main")).to_contain_text("Langkah berikutnya: Kategori e-Katalog")
    eyes.look(hers, "7-kesiapan")
    steps.follow(hers, "Isi sekarang")
    hers.get_by_label("Olahan telur", exact=False).check()
    eyes.look(hers, "7-kategori")
    save(hers)

    steps.follow(hers, "Isi sekarang")
    hers.get_by_label("Nomor", exact=True).fill("123")
    hers.get_by_label("Kode KBLI di NIB", exact=True).fill("10799")
    save(hers)
    expect(hers.locator("main")).to_contain_text("NIB ada 13 angka.")
    hers.get_by_label("Nomor", exact=True).fill("1234 5678 90123")
    hers.locator("input[type=file]").set_input_files(photo())
    eyes.look(hers, "7-nib")
    save(hers)

    for _each in range(3):
        hers.goto(f"/jualan/ekatalog/{number}/isi?butir=photos")
        hers.locator("input[type=file]").set_input_files(photo())
        save(hers, "Tambah foto")
    eyes.look(hers, "7-foto")
    hers.goto(f"/jualan/ekatalog/{number}/isi?butir=capacity")
    hers.get_by_label("Sanggup berapa seminggu").fill("40")
    save(hers)
    expect(hers.locator("main")).to_contain_text("mungkin terlalu banyak")
    steps.follow(hers, "Isi sekarang")
    hers.get_by_label("Barang ini saya buat sendiri di Indonesia.").check()
    save(hers)
    expect(hers.locator("main")).to_contain_text("14 dari 14 siap")
    save(hers, "Kirim ke dinas")
    expect(hers.locator("main")).to_contain_text("Menunggu diperiksa")

    desk = office(new_page, eyes, curator)
    desk.get_by_role("link", name="e-Katalog", exact=False).first.click()
    eyes.look(desk, "7-antrean")
    steps.follow(desk, "Telur asin bebek isi 5")
    steps.press(desk, "Mulai periksa")
    mark_all(desk)
    desk.locator("select[name=hasil-capacity]").select_option("wrong")
    desk.locator("input[name=catatan-capacity]").fill("Minggu terbaik baru 20. Tulis yang sanggup saja.")
    eyes.look(desk, "7-periksa")
    steps.press(desk, "Kembalikan")
    expect(desk.locator("main")).to_contain_text("Dikembalikan ke penjual.")

    hers.goto(f"/jualan/ekatalog/{number}")
    expect(hers.locator("main")).to_contain_text("Minggu terbaik baru 20. Tulis yang sanggup saja.")
    eyes.look(hers, "7-perlu-diperbaiki")
    expect(hers.locator("main a[href*='butir=lead']")).to_have_count(0)
    hers.locator("main a[href*='butir=capacity']").first.click()
    hers.get_by_label("Sanggup berapa seminggu").fill("16")
    save(hers)
    save(hers, "Kirim ke dinas")

    desk.goto(f"/dinsos/ekatalog/{number}")
    steps.press(desk, "Mulai periksa")
    mark_all(desk)
    steps.press(desk, "Setujui")
    expect(desk.locator("main")).to_contain_text("Menunggu tanda tangan kedua")
    expect(desk.get_by_role("button", name="Tanda tangani")).to_have_count(0)

    head = office(new_page, eyes, approver, 360)
    head.goto("/dinsos/ekatalog")
    steps.follow(head, "Telur asin bebek isi 5")
    eyes.look(head, "7-tanda-tangan")
    steps.press(head, "Tanda tangani")
    expect(head.locator("main")).to_contain_text("Paket yang dikunci")
    eyes.look(head, "7-paket")

    desk.goto(f"/dinsos/ekatalog/{number}")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Unduh paket").click()
    assert download.value.suggested_filename.endswith(".zip")
    desk.get_by_label("Tanggal", exact=True).fill(made.in_days(0).isoformat())
    desk.get_by_label("Siapa yang melihat").fill("Rudi, UKPBJ")
    desk.get_by_label("Nomor rujukan", exact=False).fill("UKPBJ-7")
    desk.locator("input[type=file]").set_input_files(photo("bukti.jpg"))
    eyes.look(desk, "7-luar")
    steps.press(desk, "Catat")
    expect(desk.locator("main")).to_contain_text("Sudah dikirim ke e-Katalog")
    desk.get_by_label("Sudah tampil").check()
    desk.get_by_label("Tanggal", exact=True).fill(made.in_days(0).isoformat())
    desk.get_by_label("Siapa yang melihat").fill("Rudi, UKPBJ")
    desk.get_by_label("Tanpa bukti").check()
    steps.press(desk, "Catat")
    expect(desk.locator("main")).to_contain_text("tanpa bukti")

    hers.goto(f"/jualan/ekatalog/{number}")
    expect(hers.locator("main")).to_contain_text("Tampil di e-Katalog")
    eyes.look(hers, "7-tampil")


def test_a_pendamping_helps_and_the_seller_sees_both_names(hers, goods, new_page, eyes):
    helper = make_account("pendamping", username="neng", name="Neng Rahma")
    field = office(new_page, eyes, helper, 360)
    field.goto("/dampingan/ekatalog")
    eyes.look(field, "7-dampingan")
    steps.press(field, "Mulai")
    expect(field.locator("main")).to_contain_text("Langkah berikutnya")
    number = int(field.url.rpartition("/")[2])
    db.session.rollback()
    made.fill(queries.get_case(number), get_account(helper.id))
    field.reload()
    save(field, "Kirim ke dinas")

    hers.goto(f"/jualan/ekatalog/{number}")
    expect(hers.locator("main")).to_contain_text("Neng Rahma · atas nama Nurhayati")
    with transaction():
        assert queries.get_case(number).submission.submitted_for_id == goods.shop.owner_id
