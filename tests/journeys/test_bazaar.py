"""Walk 4: a bazaar from the desk to the stalls, with two names, two reviewers and a line that serves itself."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from app.core.clock import today
from app.core.db import db
from app.trade.bazaars.models import Application, Bazaar
from app.trade.orders.models import Order
from tests.factories.goods import make_product, make_shop
from tests.factories.people import make_account
from tests.journeys.steps import follow, heading, let_in, press, shown
from tests.support import paper

pytestmark = pytest.mark.slow
NAME = "Bazar Halaman Dinsos"


def write_down(page):
    follow(page, "Bazar baru")
    day = today("Asia/Jakarta")
    page.get_by_label("Nama bazar").fill(NAME)
    page.get_by_label("Tempat", exact=True).fill("Halaman belakang kantor Dinsos")
    page.get_by_label("Nomor WhatsApp panitia").fill("081234567890")
    page.get_by_label("Jumlah lapak").fill("3")
    page.get_by_label("Peserta paling banyak").fill("9")
    page.get_by_label("Pendaftaran sampai").fill(str(day + timedelta(days=14)))
    press(page, "Simpan konsep")
    expect(page.get_by_text("Peserta paling banyak dua kali jumlah lapak.").first).to_be_visible()
    page.get_by_label("Peserta paling banyak").fill("1")
    page.get_by_text("Acara induk dan titik peta").click()
    page.get_by_label("Menumpang acara").fill("Donor darah PMI")
    page.get_by_label("Lintang").fill("-6.1201")
    page.get_by_label("Bujur").fill("106.1503")
    press(page, "Simpan konsep")
    press(page, "Minta buka pendaftaran")
    expect(page.get_by_text("Minta pendaftaran dibuka.").first).to_be_visible()


def sign(page):
    page.get_by_role("link", name="Bazar").first.click()
    press(page, "Tanda tangan")


def apply_alone(page):
    follow(page, "Bazar", exact=False)
    follow(page, NAME, exact=False)
    page.get_by_label("Barang yang dibawa").fill("Telur asin 60 butir")
    press(page, "Daftar ikut")
    heading(page, "Menunggu dinilai")


def apply_for(page, shop):
    page.get_by_label("Bazar", exact=True).select_option(label=NAME)
    page.get_by_label("Lapak", exact=True).select_option(label=f"{shop.name} · {shop.owner.name}")
    page.get_by_label("Barang yang dibawa").fill("Keripik 40 bungkus")
    press(page, "Daftar ikut")
    heading(page, "Menunggu dinilai")


def score(page, shop, best):
    page.goto("/dinsos/bazar")
    follow(page, NAME, exact=False)
    follow(page, shop.name)
    for group in page.locator("fieldset").all():
        choices = group.get_by_role("radio")
        choices.nth(choices.count() - 1 if best else 1).check()
    press(page, "Simpan nilai")


def invites(page, live_server, eyes):
    """What visitors find: the event that takes it along, its place on the map, its days for a calendar, a poster."""
    page.goto("/bazar")
    follow(page, NAME, exact=False)
    expect(page.get_by_text("Bersama Donor darah PMI")).to_be_visible()
    expect(page.get_by_role("img", name="Titik peta: -6.1201, 106.1503")).to_be_visible()
    assert page.get_by_role("link", name="Buka di aplikasi peta").get_attribute("href") == "geo:-6.1201,106.1503"
    eyes.look(page, "bazar-undangan")
    dates = page.request.get(page.get_by_role("link", name="Simpan ke kalender").get_attribute("href")).body()
    (event,) = Calendar.from_ical(dates).walk("VEVENT")
    assert (str(event["SUMMARY"]), event["GEO"].to_ical(), event["DTSTART"].dt.hour) == (NAME, "-6.1201;106.1503", 8)
    poster = page.request.get(page.get_by_role("link", name="Cetak poster").get_attribute("href")).body()
    assert paper.holds_qr(poster, live_server.url + urlsplit(page.url).path)
    assert "Bersama Donor darah PMI" in " ".join(paper.text_of(poster).split())


def order_ahead(page, name):
    """A buyer finds it among all goods, chooses the bazaar at the checkout, and reads where to go."""
    page.goto("/produk")
    expect(page.locator(".photo__badge").first).to_contain_text("Bazar")
    follow(page, name)
    expect(page.get_by_text("Bisa diambil di bazar").first).to_be_visible()
    shown(page.get_by_role("button", name="Masukkan keranjang")).click()
    page.goto("/pesan")
    page.get_by_role("radio", name=NAME).check()
    page.get_by_label("Nama", exact=True).fill("Ratna Dewi")
    page.get_by_label("Nomor WhatsApp").fill("081298765432")
    press(page, "Pesan sekarang")
    heading(page, "Pesanan terkirim")
    follow(page, "Lihat pesanan")
    expect(page.get_by_text("Lapak nomor 1")).to_be_visible()


def test_a_bazaar_from_the_desk_to_the_stalls(live_server, new_page, eyes):
    curators = [make_account("curator"), make_account("curator")]
    approver, pendamping = make_account("approver"), make_account("pendamping")
    mine, hers = make_shop(name="Telur Asin Bu Nur"), make_shop(name="Keripik Bu Sari")
    make_product(mine, name="Telur asin Bu Nur")
    make_product(hers, name="Keripik Bu Sari pedas")
    desk, second, boss, field, phone = (new_page() for _ in range(5))
    eyes.watch(desk, second, boss, field, phone)

    let_in(desk, curators[0], "/dinsos/bazar")
    write_down(desk)
    let_in(boss, approver)
    sign(boss)
    let_in(phone, mine.owner)
    apply_alone(phone)
    eyes.look(phone, "bazar-daftar")
    let_in(field, pendamping, "/dampingan/bazar/daftar")
    apply_for(field, hers)

    db.session.rollback()
    bazaar = db.session.query(Bazaar).one()
    desk.goto(f"/dinsos/bazar/{bazaar.id}")
    desk.get_by_text("Tutup pendaftaran sekarang").first.click()
    shown(desk.get_by_label("Alasan", exact=True)).fill("Pendaftar sudah cukup")
    press(desk, "Tutup pendaftaran sekarang")
    let_in(second, curators[1])
    for page in (desk, second):
        score(page, mine, best=True)
        score(page, hers, best=False)
    phone.reload()
    heading(phone, "Menunggu dinilai")
    desk.goto(f"/dinsos/bazar/{bazaar.id}")
    desk.get_by_text("Umumkan semua hasil").first.click()
    press(desk, "Umumkan semua hasil")
    eyes.look(desk, "bazar-diumumkan")

    field.reload()
    heading(field, "Cadangan nomor 2")
    expect(field.get_by_text("Yang masih penuh: Seluruh tempat.")).to_be_visible()
    phone.reload()
    heading(phone, "Dapat tempat")
    press(phone, "Tidak ikut")
    heading(phone, "Tawaran tidak diambil")
    field.reload()
    heading(field, "Dapat tempat")
    press(field, "Ya, ikut")
    heading(field, "Ikut bazar")
    eyes.look(field, "bazar-ikut")

    desk.reload()
    press(desk, "Isi lapak kosong")
    phone.goto("/bazar")
    follow(phone, NAME, exact=False)
    expect(phone.get_by_role("link", name=hers.name, exact=True)).to_be_visible()
    eyes.look(phone, "bazar-umum")
    db.session.rollback()
    assert db.session.query(Application).filter_by(shop_id=hers.id).one().state == "confirmed"

    buyer = new_page(360, 640)
    eyes.watch(buyer)
    invites(buyer, live_server, eyes)
    order_ahead(buyer, "Keripik Bu Sari pedas")
    eyes.look(buyer, "pesanan-di-bazar")
    db.session.rollback()
    order = db.session.query(Order).one()
    assert (order.bazaar_id, order.seller_id, order.meets) == (bazaar.id, hers.id, True)
    link = buyer.url
    desk.reload()
    desk.get_by_text("Batalkan bazar").first.click()
    shown(desk.get_by_label("Alasan", exact=True)).fill("Hujan lebat")
    press(desk, "Batalkan bazar")
    expect(desk.get_by_text("Tersimpan.").first).to_be_visible()
    buyer.goto(link)
    expect(buyer.get_by_text("Tidak jadi (bazarnya batal)").first).to_be_visible()
