"""Walks 5 and 6: a stranger orders from two sellers, one hands over against the code, the money is in the book."""

from __future__ import annotations

import re
import signal

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.core.db import db
from app.kit.rupiah import Rupiah
from app.trade.orders.models import Order
from app.trade.sales import queries as sales
from tests.factories.goods import make_product
from tests.factories.trade import make_stall
from tests.journeys import steps


@pytest.mark.journey
@pytest.mark.main_job
def test_from_a_cart_over_two_sellers_to_a_sale_in_the_book(new_page, script):
    seller, shop = make_stall(name="Telur Ibu Sarmi", phone="+6281234500001")
    eggs = make_product(shop, "Telur asin masir", price=38_000, qty=5)
    chips = make_product(make_stall(name="Keripik Neneng")[1], "Keripik pedas", price=12_500, qty=9)
    buyer = new_page(360, 640, javascript=script)

    for product in (eggs, chips):
        buyer.goto(f"/produk/{product.slug}")
        steps.shown(buyer.get_by_role("button", name="Masukkan keranjang")).click()
        expect(buyer.get_by_text("masuk keranjang.")).to_be_visible()
    steps.shown(buyer.get_by_role("link", name="Lanjut pesan")).click()
    buyer.get_by_label("Nama").fill("Ratna Dewi")
    buyer.get_by_label("Nomor WhatsApp").fill("0812 9876 5432")
    buyer.get_by_role("button", name="Pesan sekarang").dblclick()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Pesanan terkirim")
    db.session.rollback()
    assert len(db.session.scalars(select(Order)).all()) == 2
    order = db.session.scalars(select(Order).where(Order.seller_id == shop.id)).one()
    expect(buyer.get_by_text(order.code, exact=True)).to_be_visible()
    expect(buyer.get_by_role("link", name="WhatsApp penjual")).to_have_attribute("href", re.compile(order.code))

    desk = new_page(360, 640, javascript=script)
    steps.let_in(desk, seller, "/jualan/pesanan")
    desk.get_by_role("button", name="Terima").click()
    desk.get_by_role("button", name="Siap diambil").click()
    expect(desk.get_by_label("Kode pembeli")).to_be_visible()  # a click returns before the answer has come

    buyer.goto("/pesanan")
    buyer.get_by_role("link", name="Telur asin masir").click()
    expect(buyer.get_by_role("heading", name="Siap diambil di")).to_be_visible()
    code = buyer.locator(".sheet .code").inner_text()

    desk.get_by_label("Kode pembeli").fill(code)
    desk.get_by_role("button", name="Uang diterima").click()
    expect(desk.get_by_text("Uang diterima dan tercatat.")).to_be_visible()
    desk.goto("/jualan/uang")
    expect(desk.get_by_text("Rp38.000").first).to_be_visible()
    expect(desk.get_by_text("Bukti kuat: kode pembeli cocok")).to_be_visible()

    db.session.rollback()
    sale = sales.list_of_source("order", order.id)[0]
    assert (sale.amount, sales.grade_of(sale.id)) == (Rupiah(38_000), "A")


@pytest.mark.journey
def test_a_cart_is_still_there_after_phone_and_server_were_off(new_page, live_server):
    eggs = make_product(make_stall(name="Telur Ibu Sarmi")[1], "Telur asin masir", price=38_000, qty=5)
    phones = {}
    for script in (True, False):
        buyer = new_page(360, 640, javascript=script)
        buyer.goto(f"/produk/{eggs.slug}")
        steps.shown(buyer.get_by_role("button", name="Masukkan keranjang")).click()
        expect(buyer.get_by_text("masuk keranjang.")).to_be_visible()
        kept = buyer.context.storage_state()
        # A browser that is closed keeps these.
        kept["cookies"] = [each for each in kept["cookies"] if each["expires"] > 0]
        phones[script] = kept

    live_server.stop(signal.SIGKILL)
    live_server.start()
    for script, kept in phones.items():
        again = new_page(360, 640, javascript=script, storage_state=kept)
        again.goto("/keranjang")
        expect(again.get_by_role("link", name="Telur asin masir")).to_be_visible()
        steps.shown(again.get_by_role("link", name="Lanjut pesan")).click()
        expect(again.get_by_text("Semuanya Rp38.000")).to_be_visible()
