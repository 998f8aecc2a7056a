"""A seller puts her QRIS up; a buyer pays by it with the exact amount and sends her proof; the seller hands over."""

from __future__ import annotations

import io

import pytest
import segno
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.db import db, transaction
from app.kit import qris
from app.kit.rupiah import Rupiah
from app.people.accounts.models import WebSession
from app.trade.orders import queries
from app.trade.orders.models import Order
from app.trade.payments import rules
from tests.factories.goods import make_product
from tests.factories.payments import DEMO, make_means
from tests.factories.people import PIN
from tests.factories.trade import make_stall
from tests.journeys import steps


def screen() -> bytes:
    """A picture of a bank's app, as a phone takes it."""
    sent = io.BytesIO()
    Image.new("RGB", (720, 1280), "teal").save(sent, "JPEG")
    return sent.getvalue()


def sticker(*, wrong: bool = False) -> bytes:
    """The code that hangs at her stall, as a camera sees it, or one whose last sign was lost to dirt."""
    paper, drawn, sent = Image.new("RGB", (1200, 1600), "#d8d2c4"), io.BytesIO(), io.BytesIO()
    segno.make(DEMO[:-1] + "1" if wrong else DEMO, error="m").save(drawn, kind="png", scale=14, border=4)
    with Image.open(drawn) as code:
        paper.paste(code.convert("RGB").rotate(3, fillcolor="white"), (130, 320))
    paper.save(sent, "JPEG")
    return sent.getvalue()


def send_sticker(page: Page, photo: bytes) -> None:
    sent = {"name": "qris.jpg", "mimeType": "image/jpeg", "buffer": photo}
    page.get_by_label("Foto kode QRIS").set_input_files(sent)
    page.get_by_role("button", name="Lanjut", exact=True).click()


@pytest.mark.journey
@pytest.mark.drill  # on a thin line
def test_a_seller_puts_her_own_code_up_and_the_next_buyer_may_pay_by_it(new_page, eyes, script):
    seller, shop = make_stall(name="Telur Ibu Sarmi")
    eggs = make_product(shop, "Telur asin masir", price=38_000, qty=5)
    look = "light" if script else "dark"
    hers = new_page(360, 640, javascript=script, thin=True, color_scheme=look, has_touch=True, is_mobile=True)
    eyes.watch(hers)
    steps.let_in(hers, seller)
    with transaction():  # she came in a while ago
        for row in db.session.scalars(select(WebSession).where(WebSession.account_id == seller.id)):
            row.data = row.data | {"proved_at": 0}

    hers.goto("/saya")
    steps.follow(hers, "Cara dibayar")
    steps.follow(hers, "Pasang QRIS")
    send_sticker(hers, sticker(wrong=True))
    expect(hers.get_by_role("alert").first).to_be_visible()
    eyes.look(hers, f"qris-rusak-{look}")
    send_sticker(hers, sticker())
    steps.heading(hers, "Ini QRIS Anda?")
    expect(hers.get_by_role("heading", name="LAPAK CONTOH")).to_be_visible()
    tried = qris.with_amount(qris.parse_static(DEMO), rules.TEST_AMOUNT)
    assert steps.scanned(hers.get_by_role("img", name="Kode QRIS untuk mencoba")) == str(tried)
    eyes.look(hers, f"qris-periksa-{look}")
    for pin, heading in (("000000", "Ini QRIS Anda?"), (PIN, "Cara dibayar")):
        hers.get_by_label("PIN sekarang").fill(pin)
        hers.get_by_role("button", name="Ya, ini milik saya").click()
        steps.heading(hers, heading)
    expect(hers.get_by_text("QRIS terpasang.")).to_be_visible()
    eyes.look(hers, f"qris-terpasang-{look}")

    buyer = new_page(360, 640, javascript=script)
    buyer.goto(f"/produk/{eggs.slug}")
    steps.shown(buyer.get_by_role("button", name="Masukkan keranjang")).click()
    steps.shown(buyer.get_by_role("link", name="Lanjut pesan")).click()
    expect(buyer.get_by_label("QRIS penjual")).to_be_visible()


@pytest.mark.journey
def test_paid_by_qris_from_the_cart_to_the_goods(new_page, eyes, script):
    seller, shop = make_stall(name="Telur Ibu Sarmi", phone="+6281234500001")
    eggs = make_product(shop, "Telur asin masir", price=38_000, qty=5)
    make_means(seller, shop)
    buyer, desk = new_page(360, 640, javascript=script), new_page(360, 640, javascript=script)
    eyes.watch(buyer, desk)

    buyer.goto(f"/produk/{eggs.slug}")
    steps.shown(buyer.get_by_role("button", name="Masukkan keranjang")).click()
    expect(buyer.get_by_text("masuk keranjang.")).to_be_visible()
    steps.shown(buyer.get_by_role("link", name="Lanjut pesan")).click()
    buyer.get_by_label("QRIS penjual").check()
    buyer.get_by_label("Nama").fill("Ratna Dewi")
    buyer.get_by_label("Nomor WhatsApp").fill("0812 9876 5432")
    eyes.look(buyer, "bayar-pesan")
    buyer.get_by_role("button", name="Pesan sekarang").click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Pesanan terkirim")
    buyer.get_by_role("link", name="Lihat pesanan").click()
    expect(buyer.get_by_text("Jangan bayar dulu.")).to_be_visible()

    steps.let_in(desk, seller, "/jualan/pesanan")
    desk.get_by_role("button", name="Terima").click()
    expect(desk.get_by_text("Bisa ditandai siap setelah uangnya pas.")).to_be_visible()

    buyer.reload()
    expect(buyer.get_by_role("heading", name="Bayar Rp38.000")).to_be_visible()
    expect(buyer.get_by_role("img", name="Kode QRIS LAPAK CONTOH, Rp38.000")).to_be_visible()
    asked = qris.with_amount(qris.parse_static(DEMO), Rupiah(38_000))
    assert steps.scanned(buyer.get_by_role("img", name="Kode QRIS LAPAK CONTOH, Rp38.000")) == str(asked)
    with buyer.expect_download() as kept:
        buyer.get_by_role("link", name="Simpan gambar QRIS").click()
    assert kept.value.suggested_filename.endswith(".png")
    with Image.open(kept.value.path()) as picture:
        assert zxingcpp.read_barcodes(picture.convert("L"))[0].text == str(asked)
    eyes.look(buyer, "bayar-qris")
    sent = {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": screen()}
    buyer.get_by_label("Foto bukti bayar").set_input_files(sent)
    buyer.get_by_role("button", name="Saya sudah bayar").click()
    expect(buyer.get_by_text("Penjual sedang memeriksa uang Anda.")).to_be_visible()
    eyes.look(buyer, "bayar-menunggu")

    desk.reload()
    expect(desk.get_by_role("link", name="Lihat foto bukti")).to_be_visible()
    eyes.look(desk, "bayar-periksa")
    desk.get_by_role("button", name="Uang sudah masuk").click()
    expect(desk.get_by_text("Uang sudah masuk semua: Rp38.000.")).to_be_visible()
    desk.get_by_role("button", name="Siap diambil").click()
    expect(desk.get_by_text("Sudah dibayar. Tinggal serahkan barangnya.")).to_be_visible()
    buyer.reload()
    code = buyer.locator(".sheet .code").inner_text()
    desk.get_by_label("Kode pembeli").fill(code)
    desk.get_by_role("button", name="Barang diserahkan").click()
    expect(desk.get_by_role("heading", name="Selesai, tercatat Rp38.000")).to_be_visible()
    eyes.look(desk, "bayar-selesai")

    db.session.rollback()
    order = db.session.scalars(select(Order)).one()
    sheet = queries.sheet(order)
    assert (sheet.state, sheet.money.status) == ("handed_over", "settled")
