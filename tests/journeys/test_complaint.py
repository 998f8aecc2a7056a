"""A buyer got broken goods and says so with a photo; the seller gives the money back; both read how it ended."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from app.core.db import db
from app.trade.orders import links, queries
from tests.factories.goods import make_product
from tests.factories.trade import handed_order, make_stall
from tests.journeys.steps import let_in


def broken() -> bytes:
    """A photo of what came."""
    sent = io.BytesIO()
    Image.new("RGB", (720, 720), "peru").save(sent, "JPEG")
    return sent.getvalue()


@pytest.mark.journey
def test_broken_goods_from_the_complaint_to_the_money(new_page, eyes, script):
    seller, shop = make_stall(name="Telur Ibu Sarmi", phone="+6281234500001")
    order = handed_order(make_product(shop, "Telur asin masir", price=38_000, qty=5), seller, 3, name="Ratna Dewi")
    number, code, signature = order.id, order.code, links.link_signature(order.code)
    buyer, desk = new_page(360, 640, javascript=script), new_page(360, 640, javascript=script)
    eyes.watch(buyer, desk)

    buyer.goto(f"/pesanan/{code}?s={signature}")
    eyes.look(buyer, "keluhan-jalan")
    buyer.get_by_role("link", name="Sampaikan keluhan").click()
    buyer.get_by_label("Rusak atau cacat").check()
    buyer.get_by_label("Telur asin masir", exact=True).fill("2")
    buyer.get_by_label("Ceritakan singkat").fill("Dua butir retak di dalam kotak.")
    buyer.get_by_label("Foto barangnya").set_input_files(
        {"name": "retak.jpg", "mimeType": "image/jpeg", "buffer": broken()}
    )
    eyes.look(buyer, "keluhan-isi")
    buyer.get_by_role("button", name="Kirim keluhan").click()
    expect(buyer.get_by_text("Keluhan terkirim. Penjual menjawab paling lambat")).to_be_visible()
    eyes.look(buyer, "keluhan-terkirim")

    let_in(desk, seller, "/jualan/kabar")
    desk.get_by_role("link", name=f"Pembeli mengeluh tentang pesanan {code}.").click()
    expect(desk.get_by_text("Dua butir retak di dalam kotak.")).to_be_visible()
    eyes.look(desk, "keluhan-pesanan-penjual")
    desk.get_by_role("link", name="Jawab keluhan").click()
    desk.get_by_label("Saya kembalikan uangnya").check()
    desk.get_by_label("Kalimat untuk pembeli").fill("Maaf ya, saya kembalikan.")
    eyes.look(desk, "keluhan-jawab")
    desk.get_by_role("button", name="Kirim jawaban").click()
    buyer.reload()
    expect(buyer.get_by_text("Penjual mau mengembalikan Rp76.000")).to_be_visible()

    desk.get_by_role("link", name="Catat sudah selesai").click()
    desk.get_by_label("Kembali, sudah rusak").check()
    eyes.look(desk, "keluhan-selesai")
    desk.get_by_role("button", name="Keluhan selesai").click()
    expect(desk.get_by_text("Uangnya lebih. Kembalikan Rp76.000")).to_be_visible()
    eyes.look(desk, "keluhan-uang")
    desk.get_by_role("button", name="Sudah saya kembalikan").click()
    buyer.reload()
    expect(buyer.get_by_text("Rp76.000 dikembalikan.", exact=True)).to_be_visible()
    eyes.look(buyer, "keluhan-akhir")

    db.session.rollback()
    sheet = queries.sheet(queries.get_order(number))
    assert (sheet.money.status, sheet.lines[0].qty_refunded, sheet.lines[0].qty_returned) == ("settled", 2, 2)
