"""Whoever saves data sees no picture, drawing or icon, and still finds, orders and answers: the words say it all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.db import db
from app.trade.orders.models import Order
from tests.factories.goods import make_product
from tests.factories.trade import make_stall
from tests.journeys import steps

pytestmark = pytest.mark.journey

PICTURES = re.compile(r"\.(svg|webp|jpe?g|png|ico)(\?|$)")


def bare(page: Page, kept_out: list[str]) -> Page:
    """Keep every picture out."""

    def refuse(route) -> None:
        kept_out.append(route.request.url)
        route.abort()

    page.route(PICTURES, refuse)
    return page


def test_a_buyer_orders_and_a_seller_answers_without_a_picture(new_page, eyes):
    owner, shop = make_stall(name="Telur Ibu Sarmi", phone="+6281234500001")
    make_product(shop, "Telur asin masir", price=38_000, qty=5)
    kept_out: list[str] = []
    hers, page = (bare(new_page(360, 640, has_touch=True, is_mobile=True), kept_out) for _each in range(2))
    eyes.watch(page, hers)

    page.goto("/produk")
    card = page.get_by_role("article").filter(has_text="Telur asin masir")
    assert " ".join(card.inner_text().split()) == "Telur asin masir Rp38.000 per pak Ciomas"
    eyes.look(page, "tanpa-gambar-daftar")
    card.get_by_role("link", name="Telur asin masir").click()
    steps.heading(page, "Telur asin masir")
    eyes.look(page, "tanpa-gambar-produk")
    page.get_by_label("Jumlah", exact=True).fill("2")
    steps.shown(page.get_by_role("button", name="Masukkan keranjang")).click()
    steps.shown(page.get_by_role("link", name="Lanjut pesan")).click()
    page.get_by_label("Nama", exact=True).fill("Ratna Dewi")
    page.get_by_label("Nomor WhatsApp", exact=True).fill("0812 9876 5432")
    steps.press(page, "Pesan sekarang")
    steps.heading(page, "Pesanan terkirim")

    steps.let_in(hers, owner)
    eyes.look(hers, "tanpa-gambar-jualan")
    hers.goto("/jualan/pesanan")
    hers.get_by_role("article").get_by_role("button", name="Terima").click()
    expect(hers.locator("main")).to_contain_text("Pesanan diterima.")
    db.session.rollback()
    assert db.session.scalars(select(Order)).one().state == "accepted"
    assert kept_out
