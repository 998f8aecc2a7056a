"""A buyer pays by QRIS with the exact amount and sends her proof; the seller finds the money, packs and hands over."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from app.core.db import db
from app.kit import qris
from app.kit.rupiah import Rupiah
from app.people.accounts import sessions
from app.trade.orders import queries
from app.trade.orders.models import Order
from tests.factories.goods import make_product
from tests.factories.payments import DEMO, make_means
from tests.factories.people import sign_in
from tests.factories.trade import make_stall
from tests.journeys import steps


def screen() -> bytes:
    """A picture of a bank's app, as a phone takes it."""
    sent = io.BytesIO()
    Image.new("RGB", (720, 1280), "teal").save(sent, "JPEG")
    return sent.getvalue()


@pytest.mark.journey
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_paid_by_qris_from_the_cart_to_the_goods(app, new_page, live_server, eyes, javascript):
    seller, shop = make_stall(name="Telur Ibu Sarmi", phone="+6281234500001")
    eggs = make_product(shop, "Telur asin masir", price=38_000, qty=5)
    make_means(seller, shop)
    browser = app.test_client()
    sign_in(browser, seller)
    buyer, desk = new_page(360, 640, javascript=javascript), new_page(360, 640, javascript=javascript)
    eyes.watch(buyer, desk)
    cookie = browser.get_cookie(sessions.cookie_name())
    desk.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

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

    desk.goto("/jualan/pesanan")
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
