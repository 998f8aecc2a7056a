"""Walks B2 and B3: a family is helped with tools, which is proved on paper, and visited with its months filled in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.core.clock import today
from app.core.db import transaction
from app.growth.mentoring import rules
from app.kit.rupiah import Rupiah
from app.people.families import operations as families
from tests.factories import phone_photos
from tests.factories.capital import make_grant, make_proposal
from tests.factories.families import make_business, make_consent, make_enrollment, make_kpm
from tests.factories.goods import make_shop
from tests.factories.people import make_account
from tests.factories.sales import make_sale
from tests.journeys import steps

pytestmark = pytest.mark.journey


@pytest.fixture
def kpm(app):
    return make_kpm(name="Ibu Sarinah")


@pytest.fixture
def photo():
    return {"name": "foto.png", "mimeType": "image/png", "buffer": phone_photos.phone_photo("PNG", (640, 480))}


def day(offset=0):
    return (today("Asia/Jakarta") + timedelta(days=offset)).isoformat()


def test_a_mixer_is_given_tried_signed_for_and_shown_in_use(new_page, kpm, photo, eyes, script):
    make_proposal(kpm)
    page = new_page(360, 640, javascript=script)
    eyes.watch(page)
    steps.let_in(page, make_account("caseworker", username="ratna", name="Ratna"), "/dinsos/uep")
    eyes.look(page, "B2-uep")
    steps.follow(page, "Ibu Sarinah")
    steps.follow(page, "Catat hasil kunjungan")
    page.get_by_label("Sesuai usulan").check()
    page.get_by_label("Usaha berjalan sejak").fill("2022-03-01")
    page.get_by_label("Yang terlihat di tempat").fill("Oven ada, kue dijual tiap hari.")
    eyes.look(page, "B2-periksa")
    steps.press(page, "Simpan")
    steps.follow(page, "Catat bantuan")
    page.get_by_label("Sumber dana", exact=True).select_option("province")
    page.get_by_label("Barang", exact=True).check()
    page.get_by_label("Nilai bantuan").fill("700rb")
    page.get_by_label("Daftar barang").fill("Mixer; 1 buah; 650rb")
    steps.press(page, "Simpan")
    expect(page.get_by_role("alert")).to_contain_text("Samakan")
    page.get_by_label("Nilai bantuan").fill("650.000")
    steps.press(page, "Simpan")
    steps.heading(page, "Bantuan Ibu Sarinah")
    eyes.look(page, "B2-bantuan")

    steps.follow(page, "Catat serah terima")
    page.get_by_label("Nomor BAST").fill("460/12/BAST/2026")
    page.get_by_label("Tempat", exact=True).fill("Kantor desa")
    page.get_by_label("Jabatan").fill("Kepala seksi")
    page.get_by_label("Dua saksi").fill("Pak Lurah dan Bu Dewi")
    page.get_by_label("Dicoba, tidak berfungsi").check()
    steps.press(page, "Simpan")
    steps.heading(page, "Berita Acara Serah Terima")
    eyes.look(page, "B2-bast")
    page.goto(page.url.removesuffix("/bast"))
    page.get_by_label("BAST yang sudah ditandatangani").set_input_files(photo)
    steps.press(page, "Simpan BAST")
    expect(page.locator("main")).to_contain_text("Lihat BAST bertanda tangan")
    steps.follow(page, "Buat laporan penggunaan")
    page.get_by_label("Ya", exact=True).check()
    page.get_by_label("Keadaannya sekarang").fill("Mixer ditukar, dipakai tiap pagi.")
    steps.press(page, "Simpan")
    steps.heading(page, "Bantuan Ibu Sarinah")
    expect(page.locator("main")).to_contain_text("Dilaporkan")


def test_money_is_shown_by_its_receipts_what_is_late_stands_on_a_list_and_all_of_it_in_the_sums(
    new_page, kpm, photo, eyes
):
    given = make_grant(
        kpm, form="cash", value=Rupiah(800_000), handed_over=True,
        granted_on=today("Asia/Jakarta") - timedelta(days=60), due_report_on=today("Asia/Jakarta") - timedelta(days=3),
    )  # fmt: skip
    desk = new_page(1280, 800)
    eyes.watch(desk)
    steps.let_in(desk, make_account("caseworker", username="ratna", name="Ratna"), "/dinsos/uep")
    steps.follow(desk, "Terlambat", exact=False)
    expect(desk.locator("main")).to_contain_text("Laporan terlambat 3 hari")
    eyes.look(desk, "B2-terlambat")
    steps.follow(desk, "Ibu Sarinah")
    steps.follow(desk, "Buat laporan penggunaan")
    desk.get_by_label("Ya", exact=True).check()
    desk.get_by_label("Keadaannya sekarang").fill("Dibelikan tepung dan gula untuk kue.")
    steps.press(desk, "Simpan")
    expect(desk.get_by_role("alert")).to_contain_text("Bantuan uang perlu paling sedikit satu nota.")

    desk.goto(f"/dinsos/uep/{given.id}")
    desk.get_by_text("Tambah nota").click()
    desk.get_by_label("Dibelikan apa").fill("Tepung dan gula")
    desk.get_by_label("Jumlah di nota").fill("780rb")
    desk.get_by_label("Tanggal nota").fill(day())
    desk.get_by_label("Nota", exact=True).set_input_files(photo)
    steps.press(desk, "Simpan nota")
    expect(desk.get_by_role("listitem").filter(has_text="Tepung dan gula")).to_contain_text("Rp780.000")
    eyes.look(desk, "B2-nota")
    steps.follow(desk, "Buat laporan penggunaan")
    desk.get_by_label("Ya", exact=True).check()
    desk.get_by_label("Keadaannya sekarang").fill("Dibelikan tepung dan gula untuk kue.")
    steps.press(desk, "Simpan")
    steps.heading(desk, "Bantuan Ibu Sarinah")
    expect(desk.locator("main")).to_contain_text("Dilaporkan")
    desk.goto("/dinsos/uep?terlambat=1")
    expect(desk.get_by_text("Tidak ada yang terlambat.")).to_be_visible()
    desk.goto("/dinsos/uep")
    steps.follow(desk, "Rekap")
    for head in ("Menurut jenis usaha", "Menurut kecamatan", "Menurut sumber dana", "Menurut tahun"):
        expect(desk.get_by_role("heading", name=head)).to_be_visible()
    place = desk.get_by_role("row").filter(has=desk.get_by_role("rowheader", name="Ciomas"))
    for label, told in (("Bantuan", "1"), ("Nilai", "Rp800.000"), ("Sudah BAST", "1"), ("Sudah lapor", "1")):
        expect(place.locator(f'[data-label="{label}"]')).to_have_text(told)
    eyes.look(desk, "B2-rekap")


def test_a_visit_begins_with_what_the_book_knows(new_page, kpm, photo, eyes):
    months = rules.last_months(today("Asia/Jakarta"))
    shop = make_shop()
    make_business(kpm, shop)
    make_consent(kpm)
    make_enrollment(kpm, ended_on=today("Asia/Jakarta") - timedelta(days=35), exit_kind="self_reliant",
                    exit_date=today("Asia/Jakarta") - timedelta(days=35))  # fmt: skip
    make_sale(shop, amount=Rupiah(120_000), sold_on=months[-1] + timedelta(days=3))
    phone = new_page(360, 640, has_touch=True, is_mobile=True)
    eyes.watch(phone)
    steps.let_in(phone, make_account("pendamping", username="dewi", name="Dewi"), "/dampingan/keluarga")
    eyes.look(phone, "B3-keluarga")
    steps.follow(phone, "Ibu Sarinah")
    eyes.look(phone, "B3-halaman-keluarga")
    steps.follow(phone, "Catat kunjungan")
    eyes.look(phone, "B3-kunjungan")
    assert phone.locator(f'[name="bulan-{months[-1]:%Y-%m}"]').input_value() == "120.000"
    phone.get_by_label("Di rumah").check()
    phone.get_by_label("Kepala keluarga", exact=True).check()
    phone.get_by_label("Berjalan", exact=True).check()
    phone.get_by_label("Apa yang berubah?").fill("Ada pesanan dari kantor desa.")
    phone.get_by_label("Tempat jualan").check()
    phone.get_by_label("Foto usaha").set_input_files(photo)
    steps.press(phone, "Simpan kunjungan")
    expect(phone.get_by_text("Kunjungan tersimpan.")).to_be_visible()
    eyes.look(phone, "B3-kunjungan-tersimpan")

    phone.goto("/dampingan/keluarga")
    expect(phone.locator("main")).not_to_contain_text("Ibu Sarinah")


def lay_open(new_page, kpm):
    """Open the form of a visit while the book lies open: the phone, who holds it, the address, the last month."""
    months = rules.last_months(today("Asia/Jakarta"))
    shop, dewi = make_shop(), make_account("pendamping", username="dewi", name="Dewi")
    make_business(kpm, shop)
    make_consent(kpm)
    make_sale(shop, amount=Rupiah(77_000), sold_on=months[-1] + timedelta(days=3))
    phone = new_page(360, 640, has_touch=True, is_mobile=True)
    visit, figure = f"/dinsos/keluarga/{kpm.id}/kunjungan", phone.locator(f'[name="bulan-{months[-1]:%Y-%m}"]')
    steps.let_in(phone, dewi, visit)
    return phone, dewi, visit, figure


def test_a_phone_keeps_what_was_typed_and_no_figure_of_a_book_that_was_closed_meanwhile(new_page, kpm):
    phone, dewi, visit, figure = lay_open(new_page, kpm)
    expect(figure).to_have_value("77.000")
    phone.get_by_label("Apa yang berubah?").fill("Harga telur naik.")
    steps.arrives(phone, lambda: "telur" in str(phone.evaluate("JSON.stringify(localStorage)")))

    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=dewi)
    phone.goto(visit)

    expect(phone.get_by_label("Apa yang berubah?")).to_have_value("Harga telur naik.")
    expect(figure).to_have_value("")
    assert "77.000" not in phone.evaluate("JSON.stringify(localStorage)")


def test_words_about_a_family_stay_on_no_phone_that_their_writer_has_left(new_page, kpm):
    phone, _dewi, _visit, _figure = lay_open(new_page, kpm)
    phone.get_by_label("Apa yang berubah?").fill("Suaminya sakit.")
    steps.arrives(phone, lambda: "Suaminya" in str(phone.evaluate("JSON.stringify(localStorage)")))
    phone.evaluate("localStorage.setItem('draft:ingin-jualan', '[]')")
    leave = phone.get_by_role("button", name="Keluar")

    leave.first.click()
    expect(phone).to_have_url(re.compile("/keluar$"))
    expect(phone.get_by_text("1 isian kunjungan di HP ini belum terkirim, dan akan terhapus.")).to_be_visible()
    assert "Suaminya" in phone.evaluate("JSON.stringify(localStorage)")
    phone.locator("main").get_by_role("button", name="Keluar").click()

    expect(phone.get_by_text("Sudah keluar.")).to_be_visible()
    assert "Suaminya" not in phone.evaluate("JSON.stringify(localStorage)")
    assert phone.evaluate("localStorage.getItem('draft:ingin-jualan')") == "[]"


def test_every_way_out_takes_words_about_a_family_off_the_phone(new_page, kpm):
    phone, _dewi, _visit, _figure = lay_open(new_page, kpm)
    phone.get_by_label("Apa yang berubah?").fill("Suaminya sakit.")
    steps.arrives(phone, lambda: "Suaminya" in str(phone.evaluate("JSON.stringify(localStorage)")))

    phone.goto("/saya")
    expect(phone.get_by_text("1 isian kunjungan di HP ini belum terkirim, dan akan terhapus.")).to_be_visible()
    steps.press(phone, "Keluar dari semua perangkat")

    expect(phone.get_by_text("Sudah keluar.")).to_be_visible()
    assert "Suaminya" not in phone.evaluate("JSON.stringify(localStorage)")


def test_whoever_signs_in_next_finds_no_words_of_another_about_a_family(new_page, kpm):
    phone, dewi, visit, _figure = lay_open(new_page, kpm)
    phone.get_by_label("Apa yang berubah?").fill("Harga telur naik.")
    steps.arrives(phone, lambda: "telur" in str(phone.evaluate("JSON.stringify(localStorage)")))
    phone.evaluate(f"localStorage.setItem('draft:kunjungan-{kpm.id}-9{dewi.id}', 'Suaminya sakit.')")

    phone.goto(visit)

    expect(phone.get_by_label("Apa yang berubah?")).to_have_value("Harga telur naik.")
    assert "Suaminya" not in phone.evaluate("JSON.stringify(localStorage)")


def test_a_form_that_came_back_leaves_no_figure_of_the_book_in_the_phone(new_page, kpm):
    phone, dewi, visit, figure = lay_open(new_page, kpm)
    phone.get_by_label("Apa yang berubah?").fill("Harga telur naik.")
    steps.press(phone, "Simpan kunjungan")
    expect(phone.locator("form[data-returned]")).to_be_visible()
    expect(figure).to_have_value("77.000")
    figure.fill("78.500")
    phone.get_by_label("Apa yang berubah?").fill("Harga telur naik lagi.")

    steps.arrives(phone, lambda: "naik lagi" in str(phone.evaluate("JSON.stringify(localStorage)")))
    kept = phone.evaluate("JSON.stringify(localStorage)")
    assert "77.000" not in kept and "78.500" not in kept
    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=dewi)
    phone.goto(visit)

    expect(phone.get_by_label("Apa yang berubah?")).to_have_value("Harga telur naik lagi.")
    expect(figure).to_have_value("")
    figure.fill("60.000")
    steps.arrives(phone, lambda: "60.000" in str(phone.evaluate("JSON.stringify(localStorage)")))
