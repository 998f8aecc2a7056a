"""Walk 24: the whole way of a seller, 360 px wide on slow 3G, with script and without.

From her printed card to who has looked at her data. What she does without any signal, and at a bazaar, has walks of
its own.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.core import books, jobs
from app.core.clock import today
from app.core.db import db, transaction
from app.goods.curation import operations as curation
from app.goods.products.models import Product
from app.kit.rupiah import Rupiah
from app.trade.orders import links
from app.trade.orders.models import Order
from app.trade.sales import queries as sales
from tests.factories import phone_photos
from tests.factories.goods import make_shop, revision_of
from tests.factories.people import make_account, make_card
from tests.factories.sales import make_sale
from tests.factories.trade import place_order
from tests.journeys import steps
from tests.journeys.conftest import Eyes
from tests.journeys.test_seller_goods import describe

pytestmark = [pytest.mark.journey, pytest.mark.drill]  # most of it is waiting for a thin line

NUMBER = "0812 9000 1234"
UNCLEAR = "Namanya belum jelas. Tulis barang dan isinya, misalnya Telur asin isi 5."
EGGS = "Telur asin isi 5"


@pytest.fixture
def nur(app):
    """A seller with her printed card, and what she sold last month."""
    owner = make_account(name="Nurhayati", phone="+6281290001234", pin=None)
    shop = make_shop(owner, name="Telur Asin Bu Nur")
    last_month = (today("Asia/Jakarta").replace(day=1) - timedelta(days=1)).replace(day=1)
    make_sale(shop, amount=Rupiah(120_000), sold_on=last_month)
    return owner, shop


def come_in(page: Page, card: str) -> None:
    """Number and card once, a PIN, and five ways on."""
    steps.show_card(page, NUMBER, card)
    steps.choose_pin(page)
    expect(page).to_have_url(re.compile("/jualan$"))
    ways = page.get_by_role("navigation", name="Pilihan").get_by_role("link")
    expect(ways).to_contain_text(["Pesanan baru", "Produk saya", "Catat jualan", "Bazar", "Bantuan"])


def offer(page: Page, eyes: Eyes) -> Product:
    """A new product in one screen; it comes back with a sentence, is mended, and sells."""
    steps.follow(page, "Jual produk baru", exact=False)
    photo = {"name": "telur.jpg", "mimeType": "image/jpeg", "buffer": phone_photos.phone_photo("JPEG", (640, 480))}
    page.get_by_label("Foto", exact=True).set_input_files(photo)
    describe(page, "Telur enak")
    steps.press(page, "Jual sekarang")
    expect(page.locator("main")).to_contain_text("Menunggu diperiksa")
    curator = make_account("curator")
    db.session.rollback()
    product = db.session.scalars(select(Product)).one()
    with transaction():
        curation.turn_down(revision_of(product, "waiting"), "kembalikan", "nama-kurang-jelas", "", by=curator)
    page.goto("/jualan")
    steps.follow(page, "Lihat dan perbaiki")
    expect(page.get_by_text(UNCLEAR)).to_be_visible()
    steps.follow(page, "Perbaiki")
    page.get_by_label("Nama produk", exact=True).fill(EGGS)
    eyes.look(page, "j-perbaiki")
    steps.press(page, "Simpan")
    expect(page.locator("main")).to_contain_text("Menunggu diperiksa")
    db.session.rollback()
    with transaction():
        curation.approve(revision_of(product, "waiting"), by=curator)
    jobs.run_due()
    return product


def answer(page: Page, eyes: Eyes, taken: str, offered: str, refused: str) -> None:
    """Three orders, three answers, each with its own big button."""
    page.goto("/jualan")
    page.get_by_role("navigation", name="Pilihan").get_by_role("link", name="Pesanan baru").click()
    expect(page.get_by_role("article")).to_have_count(3)
    eyes.look(page, "j-pesanan-baru")
    card(page, offered).get_by_role("link", name="Hanya ada").click()
    page.get_by_label(EGGS, exact=True).fill("1")
    steps.press(page, "Tawarkan")
    expect(page.get_by_text("Tawaran dikirim.")).to_be_visible()
    page.goto("/jualan/pesanan")
    card(page, refused).get_by_role("link", name="Tidak bisa").click()
    page.get_by_label("Tidak sempat menyiapkan").check()
    steps.press(page, "Tidak bisa")
    expect(page.get_by_text("Pembeli diberi tahu")).to_be_visible()
    page.goto("/jualan/pesanan")
    card(page, taken).get_by_role("button", name="Terima").click()
    expect(page.get_by_text("Pesanan diterima. Siapkan barangnya.")).to_be_visible()
    page.get_by_role("button", name="Siap diambil").click()
    page.get_by_label("Kode pembeli").fill(links.handover_code(taken))
    page.get_by_role("button", name="Uang diterima").dblclick()
    expect(page.get_by_text("Selesai, tercatat Rp50.000")).to_be_visible()
    eyes.look(page, "j-tercatat")


def card(page: Page, code: str) -> Locator:
    return page.get_by_role("article").filter(has_text=code)


def write_down(page: Page) -> None:
    """What she sold at home, with one tap more than needed."""
    page.goto("/jualan")
    steps.follow(page, "Catat jualan", exact=False)
    page.get_by_label("Barang lain").check()
    page.get_by_label("Nama barang").fill("Opak")
    page.get_by_label("Jumlah", exact=True).fill("5")
    page.get_by_label("Uang yang diterima").fill("25rb")
    page.get_by_role("button", name="Catat", exact=True).dblclick()
    expect(page.locator("main")).to_contain_text("Tercatat: Rp25.000.")


def read_and_show(page: Page, eyes: Eyes) -> None:
    """Her month, the paper for a bank, and who has looked at what is kept of her."""
    steps.follow(page, "Lihat uang masuk")
    expect(page.locator(".price--big")).to_have_text("Rp75.000")
    steps.follow(page, "Per bulan")
    steps.follow(page, "Surat keterangan penjualan")
    page.get_by_role("button", name="Buat surat").dblclick()
    steps.heading(page, "Surat Keterangan Penjualan")
    expect(page.locator("main")).to_contain_text("Rp120.000")
    eyes.look(page, "j-surat")
    pdf = page.request.get(f"{page.url.partition('?')[0].rstrip('/')}/surat.pdf")
    assert (pdf.status, pdf.body()[:5]) == (200, b"%PDF-")
    page.goto("/saya")
    steps.follow(page, "Data saya")
    expect(page.get_by_role("heading", name="Siapa melihat data saya")).to_be_visible()
    eyes.look(page, "j-data-saya")


def test_a_seller_from_her_card_to_who_has_looked_at_her_data(thin, nur, eyes):
    owner, shop = nur
    come_in(thin, make_card(owner))
    product = offer(thin, eyes)
    placed = [place_order(product, 2).code for _buyer in range(3)]
    answer(thin, eyes, *placed)
    write_down(thin)
    read_and_show(thin, eyes)

    db.session.rollback()
    states = {each.code: each.state for each in db.session.scalars(select(Order).where(Order.seller_id == shop.id))}
    assert states == dict(zip(placed, ("handed_over", "amended", "refused"), strict=True))
    this_day = today("Asia/Jakarta")
    assert sales.takings(shop.id, this_day, this_day) == Rupiah(75_000)
    assert [each for _name, found in books.verify() for each in found] == []
