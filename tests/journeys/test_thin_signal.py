"""The buyer's and the seller's way on slow 3G, 360 px wide, with scripts and without: slower, and nothing else."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from app.core import books
from app.core.db import db, transaction
from app.goods.products.models import Product
from app.kit.rupiah import Rupiah
from app.trade.orders import links, queries
from app.trade.orders import operations as orders
from app.trade.orders.models import Order
from app.trade.payments import queries as payments
from app.trade.sales import queries as sales
from tests.factories.goods import make_product
from tests.factories.payments import make_means
from tests.factories.people import make_device
from tests.factories.trade import accepted_order, make_stall, place_order
from tests.journeys import steps
from tests.journeys.test_seller_goods import describe

pytestmark = [pytest.mark.journey, pytest.mark.drill]  # most of it is waiting for a thin line

HERS = "the-phone-of-sarmi"
# What a photo may weigh when it leaves the phone: a fifth of a minute at this signal.
MOST_SENT = 600_000


@pytest.fixture
def sarmi(app):
    owner, shop = make_stall(name="Telur Ibu Sarmi", phone="+6281234500001")
    make_means(owner, shop)
    make_device(owner, HERS)
    return owner, shop


def come_home(page: Page, url: str, phone: str) -> Page:
    page.context.add_cookies([{"name": "hp", "value": HERS, "url": url}])
    steps.enter_with_pin(page, phone)
    expect(page).to_have_url(re.compile("/jualan$"))
    return page


def true_books() -> list[str]:
    db.session.rollback()
    return [str(each) for _name, found in books.verify() for each in found]


def test_a_buyer_orders_once_though_she_tapped_twice_and_is_told_not_to_pay_yet(thin, sarmi, eyes):
    eggs = make_product(sarmi[1], "Telur asin masir", price=38_000, qty=5)
    make_product(make_stall(name="Keripik Neneng")[1], "Keripik pedas", price=12_500, qty=9)
    thin.goto("/produk?q=telor+asin")
    thin.get_by_role("link", name="Telur asin masir").first.click()
    steps.heading(thin, "Telur asin masir")
    steps.shown(thin.get_by_role("button", name="Masukkan keranjang")).click()
    expect(thin.get_by_text("masuk keranjang.")).to_be_visible()
    steps.shown(thin.get_by_role("link", name="Lanjut pesan")).click()
    thin.get_by_label("Nama").fill("Ratna Dewi")
    thin.get_by_label("Nomor WhatsApp").fill("0812 9876 5432")
    thin.get_by_label("QRIS").check()
    thin.get_by_role("button", name="Pesan sekarang").dblclick()
    steps.heading(thin, "Pesanan terkirim")

    db.session.rollback()
    order = db.session.scalars(select(Order)).one()
    assert (order.seller_id, order.method) == (eggs.shop_id, "qris_seller")
    expect(thin.get_by_text(order.code, exact=True)).to_be_visible()
    eyes.look(thin, "t-terkirim")
    thin.goto("/pesanan")
    thin.get_by_role("link", name="Telur asin masir").click()
    expect(thin.get_by_text("Jangan bayar dulu.")).to_be_visible()
    eyes.look(thin, "t-pesanan")
    assert true_books() == []


def test_a_buyer_agrees_to_less_and_a_proof_whose_answer_was_lost_is_one_proof(thin, sarmi, eyes, tmp_path):
    owner, shop = sarmi
    order = place_order(make_product(shop, "Telur asin masir", price=38_000, qty=5), 3, method="qris_seller")
    line = queries.list_lines(order.id)[0]
    with transaction():
        orders.offer_less(order, {line.id: 2}, by=owner)
    hers = f"/pesanan/{order.code}?s={links.link_signature(order.code)}"
    thin.goto(hers)
    thin.get_by_role("button", name="Setuju").dblclick()
    expect(thin.get_by_role("heading", name="Bayar Rp76.000")).to_be_visible()

    proof = tmp_path / "bukti.jpg"
    Image.new("RGB", (1080, 1920), "teal").save(proof, "JPEG")
    lost = lose_the_answer(thin, "**/bayar")
    thin.get_by_label("Foto bukti bayar").set_input_files(proof)
    said = thin.get_by_role("button", name="Saya sudah bayar")
    with thin.expect_response("**/bayar"):
        said.click(no_wait_after=True)
    assert len(lost) == 1
    # With scripts the button rests until the page is read anew; without, nothing keeps her from pressing again.
    if said.count():
        said.click()
    else:
        thin.reload()
    expect(thin.get_by_text("Penjual sedang memeriksa uang Anda.")).to_be_visible()
    eyes.look(thin, "t-bukti")
    db.session.rollback()
    (entry,) = queries.list_entries(order.id)
    assert (entry.kind, entry.state, entry.amount) == ("payment", "claimed", Rupiah(76_000))
    assert len(payments.proofs_of(order.id)) == 1
    assert true_books() == []


def lose_the_answer(page: Page, address: str) -> list[str]:
    """Let a form arrive and lose what comes back, once; returns what was lost."""
    lost: list[str] = []

    def answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        route.fetch(max_redirects=0)
        lost.append(route.request.url)
        # Nothing to show: the browser stays where it is, as it does when nothing came.
        route.fulfill(status=204)

    page.route(address, answer)
    return lost


def test_a_seller_answers_an_order_and_finds_it_in_her_month(thin, sarmi, eyes, live_server):
    owner, shop = sarmi
    order = accepted_order(make_product(shop, "Telur asin masir", price=38_000, qty=5), owner, 2)
    come_home(thin, live_server.url, owner.phone)
    thin.goto(f"/jualan/pesanan/{order.code}")
    thin.get_by_role("button", name="Siap diambil").click()
    expect(thin.get_by_label("Kode pembeli")).to_be_visible()
    thin.get_by_role("button", name="Uang diterima").dblclick()
    expect(thin.get_by_role("link", name="Lihat uang masuk")).to_be_visible()
    thin.goto("/jualan/uang")
    expect(thin.locator(".price--big")).to_have_text("Rp76.000")
    eyes.look(thin, "t-uang")

    db.session.rollback()
    assert queries.get_order(order.id).state == "handed_over"
    assert len(sales.list_of_source("order", order.id)) == 1
    assert true_books() == []


def test_a_photo_of_nine_megabytes_shrinks_on_the_phone_and_is_sent_once(new_page, sarmi, eyes, live_server, tmp_path):
    phone = new_page(360, 640, thin=True, has_touch=True, is_mobile=True)
    eyes.watch(phone)
    picture = big_photo(tmp_path)
    sent: list[int] = []
    phone.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))
    come_home(phone, live_server.url, sarmi[0].phone)
    steps.follow(phone, "Jual produk baru", exact=False)
    phone.get_by_label("Foto", exact=True).set_input_files(picture)
    expect(phone.locator("#foto-say")).to_contain_text("Foto dikecilkan dari")
    describe(phone)
    steps.press(phone, "Jual sekarang")

    expect(phone.locator("main")).to_contain_text("Menunggu diperiksa")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Product)) == 1
    assert picture.stat().st_size > 9_000_000
    assert 0 < max(sent) < MOST_SENT


def big_photo(folder: Path) -> Path:
    """A photo as a camera takes it: much detail, nine megabytes."""
    file = folder / "kamera.jpg"
    rough = Image.frombytes("RGB", (1400, 1050), os.urandom(1400 * 1050 * 3))
    rough.resize((4000, 3000), Image.Resampling.BICUBIC).save(file, "JPEG", quality=97)
    return file
