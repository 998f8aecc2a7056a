"""A buyer says what she thinks of goods she got; a curator looks first, the seller answers, strangers read it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.core.db import db
from app.trade.orders import links
from app.trade.reviews.models import Review
from tests.factories.goods import make_product
from tests.factories.people import make_account
from tests.factories.trade import handed_order, make_stall
from tests.journeys.steps import follow, heading, let_in, press

WORDS = "Masir dan gurih. Pesan lagi ke 0812 3456 7890."


@pytest.mark.journey
def test_a_review_from_the_signed_link_to_strangers(new_page, eyes, script):
    seller, shop = make_stall(name="Telur Ibu Sarmi")
    eggs = make_product(shop, "Telur asin masir", price=38_000, qty=9)
    slug = eggs.slug
    order = handed_order(eggs, seller, 2, name="Ratna Dewi")
    link = f"/pesanan/{order.code}?s={links.link_signature(order.code)}"
    buyer, stranger, curator, maker = (new_page(360, 640, javascript=script) for _ in range(4))
    eyes.watch(buyer, stranger, curator, maker)

    buyer.goto(link)
    follow(buyer, "Beri ulasan")
    heading(buyer, "Ulasan Anda")
    press(buyer, "Kirim ulasan")
    expect(buyer.get_by_text("Pilih salah satu.").first).to_be_visible()
    buyer.get_by_label("5 bintang, bagus sekali").check()
    buyer.get_by_label("Kata singkat").fill(WORDS)
    eyes.look(buyer, "ulasan-isi")
    press(buyer, "Kirim ulasan")
    expect(buyer.get_by_text("Petugas memeriksa ulasan ini dulu.")).to_be_visible()
    eyes.look(buyer, "ulasan-ditahan")
    stranger.goto(f"/produk/{slug}")
    expect(stranger.get_by_text("Masir dan gurih.")).to_have_count(0)

    let_in(curator, make_account("curator"), "/dinsos/ulasan")
    expect(curator.get_by_text("Ada nomor atau alamat").first).to_be_visible()
    eyes.look(curator, "ulasan-meja")
    press(curator, "Tampilkan")
    expect(curator.get_by_text("Ulasan ditampilkan.")).to_be_visible()

    let_in(maker, seller, "/jualan/lapak")
    follow(maker, "Ulasan pembeli")
    eyes.look(maker, "ulasan-penjual")
    follow(maker, "Jawab")
    maker.get_by_label("Jawaban").fill("Terima kasih, Bu. Ditunggu lagi.")
    press(maker, "Kirim jawaban")
    expect(maker.get_by_text("Jawaban tampil di bawah ulasan.")).to_be_visible()

    stranger.goto(f"/produk/{slug}")
    expect(stranger.get_by_text("Masir dan gurih.")).to_be_visible()
    expect(stranger.get_by_text("Terima kasih, Bu. Ditunggu lagi.")).to_be_visible()
    expect(stranger.get_by_text("Ratna")).to_have_count(0)
    eyes.look(stranger, "ulasan-produk")
    follow(stranger, "Laporkan ulasan")
    press(stranger, "Laporkan")
    heading(stranger, "Laporan sudah kami terima")
    stranger.goto(f"/produk/{slug}/ulasan")
    eyes.look(stranger, "ulasan-semua")

    db.session.rollback()
    kept = db.session.scalars(select(Review)).one()
    assert (kept.state, kept.cleared, kept.stars) == ("shown", True, 5)
