"""Walk 23: the whole way of a buyer, 360 px wide on slow 3G, with script and without.

Other walks look at each part closely; here one person goes from the first page to the last, and loses nothing.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core import books
from app.core.db import db, transaction
from app.goods.products.models import Product, Variant
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.trade.orders import operations as orders
from app.trade.orders import queries
from app.trade.orders.models import Order, OrderGroup
from app.trade.payments import money
from app.trade.sales import queries as sales
from tests.factories import phone_photos
from tests.factories.goods import make_product, reprice, variant_of
from tests.factories.payments import make_means
from tests.factories.stalls import make_stand
from tests.factories.trade import make_stall, place_order
from tests.journeys import steps
from tests.journeys.conftest import Eyes

pytestmark = [pytest.mark.journey, pytest.mark.drill]  # most of it is waiting for a thin line

NEXT_PRICE = Rupiah(13_000)
BUYER = "Ratna Dewi"
AT_THE_BAZAAR, AT_HOME = "Telur asin bebek", "Keripik pedas"


@pytest.fixture
def neneng(app):
    """She sells crisps and a cake at home, and is paid by QRIS."""
    owner, shop = make_stall(name="Keripik Neneng", phone="+6281234500002")
    make_means(owner, shop)
    return shop, make_product(shop, AT_HOME, price=12_500, qty=9), make_product(shop, "Bolu pisang", qty=2)


@pytest.fixture
def stand(app):
    """Salted eggs of another seller, who will stand at a bazaar."""
    return make_stand(begun=False)


def true_books() -> list[str]:
    db.session.rollback()
    return [str(each) for _name, found in books.verify() for each in found]


def hers(shop: Shop) -> Order:
    """The part of Ratna's purchase that this shop answers."""
    db.session.rollback()
    bought = select(Order).join(OrderGroup).where(OrderGroup.buyer_name == BUYER, Order.seller_id == shop.id)
    return db.session.scalars(bought).one()


def buy(page: Page) -> None:
    steps.shown(page.get_by_role("button", name="Masukkan keranjang")).click()
    expect(page.get_by_text("masuk keranjang.")).to_be_visible()


def fill_the_cart(page: Page, crisps: str, cake: str, eyes: Eyes) -> None:
    """A link that somebody sent, then what is found by its name and can be had at the bazaar, then one more cake."""
    page.goto(f"/produk/{crisps}")
    expect(page.locator("main")).to_contain_text("Rp12.500")
    buy(page)
    page.get_by_label("Cari", exact=True).first.fill("telor asin")
    page.get_by_label("Cari", exact=True).first.press("Enter")
    expect(page).to_have_url(re.compile("q="))
    expect(page.get_by_role("link", name=AT_THE_BAZAAR).first).to_be_visible()
    page.goto("/produk")
    page.get_by_role("link", name=re.compile("^Saring")).click()
    steps.heading(page, "Saring produk")
    form = page.locator("main form")
    form.get_by_label(re.compile("Bisa diambil di bazar")).check()
    form.get_by_role("button", name="Tampilkan").click()
    page.get_by_role("link", name=AT_THE_BAZAAR).first.click()
    steps.heading(page, AT_THE_BAZAAR)
    buy(page)
    page.goto(f"/produk/{cake}")
    buy(page)
    eyes.look(page, "j-keranjang")


def come_back_next_day(page: Page, crisps_id: int) -> None:
    """The crisps cost more by then: both prices are said, and one tap agrees."""
    reprice(db.session.get_one(Product, db.session.get_one(Variant, crisps_id).product_id), NEXT_PRICE)
    page.goto("/keranjang")
    expect(page.get_by_text(f"{AT_HOME}: Harga berubah dari Rp12.500 menjadi Rp13.000.")).to_be_visible()
    expect(page.get_by_role("link", name="Lanjut pesan")).to_have_count(0)
    steps.shown(page.get_by_role("button", name="Terima perubahan")).click()
    steps.shown(page.get_by_role("link", name="Lanjut pesan")).click()
    steps.heading(page, "Pesan")


def send(page: Page, cake: Product, eyes: Eyes) -> None:
    """Each part in its own way; the cake went meanwhile, is named, and the rest goes as it was chosen."""
    at_bazaar = page.get_by_role("group", name="Ambil di mana?").get_by_role("radio").last
    at_bazaar.check()
    page.get_by_label("QRIS penjual").check()
    page.get_by_label("Nama", exact=True).fill(BUYER)
    page.get_by_label("Nomor WhatsApp", exact=True).fill("0812 9876 5432")
    place_order(cake, 2, name="Budi Santoso")
    page.get_by_role("button", name="Pesan sekarang").click()
    expect(page.get_by_text("Bolu pisang: Sudah habis.")).to_be_visible()
    eyes.look(page, "j-habis")
    expect(page.get_by_label("Nama", exact=True)).to_have_value(BUYER)
    expect(page.get_by_label("QRIS penjual")).to_be_checked()
    expect(at_bazaar).to_be_checked()
    page.get_by_role("button", name="Pesan sekarang").dblclick()
    steps.heading(page, "Pesanan terkirim")
    eyes.look(page, "j-terkirim")


def pay(page: Page, shop: Shop, eyes: Eyes) -> None:
    """Her page asks for exactly what is due; she sends what her bank showed, and the seller finds the money."""
    with transaction():
        orders.accept(hers(shop), by=shop.owner)
    page.get_by_role("region", name="Keripik Neneng").get_by_role("link", name="Lihat pesanan").click()
    expect(page.get_by_role("heading", name="Bayar Rp13.000")).to_be_visible()
    eyes.look(page, "j-bayar")
    proof = {"name": "b.png", "mimeType": "image/png", "buffer": phone_photos.phone_photo("PNG", (320, 240))}
    page.get_by_label("Foto bukti bayar").set_input_files(proof)
    page.get_by_role("button", name="Saya sudah bayar").click()
    expect(page.get_by_text("Penjual sedang memeriksa uang Anda.")).to_be_visible()
    order = hers(shop)
    (claim,) = queries.list_entries(order.id)
    with transaction():
        money.answer(order, claim.id, NEXT_PRICE, by=shop.owner)
    with transaction():
        orders.mark_ready(hers(shop), by=shop.owner)


def collect(page: Page, shop: Shop, eyes: Eyes) -> None:
    """She shows her code, reads thanks, and finds where to complain and to praise."""
    page.reload()
    code = page.locator(".sheet .code").inner_text()
    eyes.look(page, "j-kode")
    with transaction():
        assert orders.hand_over(hers(shop), by=shop.owner, code=code)
    page.reload()
    expect(page.get_by_text("Terima kasih sudah membeli langsung dari pembuatnya.")).to_be_visible()
    eyes.look(page, "j-selesai")
    steps.follow(page, "Sampaikan keluhan")
    expect(page.get_by_label("Ceritakan singkat")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="Beri ulasan")).to_be_visible()


def be_forgotten(page: Page, other: Shop, eyes: Eyes) -> None:
    """What is still open keeps her; once it has ended she takes name and number away."""
    steps.follow(page, "Data saya di sini")
    expect(page.get_by_text("Masih ada yang belum selesai di pembelian ini.")).to_be_visible()
    with transaction():
        orders.refuse(hers(other), "tutup", by=other.owner)
    page.reload()
    page.get_by_label("Saya mengerti, ini tidak bisa dikembalikan").check()
    eyes.look(page, "j-hapus")
    steps.press(page, "Hapus data saya")
    expect(page.get_by_text("Nama, nomor HP, dan catatan sudah dihapus.")).to_be_visible()


def test_a_buyer_from_a_link_that_was_sent_to_thanks_and_being_forgotten(thin, neneng, stand, eyes):
    shop, crisps, cake = neneng
    fill_the_cart(thin, crisps.slug, cake.slug, eyes)
    come_back_next_day(thin, variant_of(crisps).id)
    send(thin, cake, eyes)
    bought = hers(shop)
    assert (bought.total, bought.method, bought.group_id) == (NEXT_PRICE, "qris_seller", hers(stand.shop).group_id)
    assert hers(stand.shop).bazaar_id == stand.bazaar.id
    number = bought.id
    pay(thin, shop, eyes)
    collect(thin, shop, eyes)
    be_forgotten(thin, stand.shop, eyes)

    db.session.rollback()
    order = queries.get_order(number)
    assert (queries.get_group_of(order).buyer_name, order.state, order.total) == (None, "handed_over", NEXT_PRICE)
    (sale,) = sales.list_of_source("order", number)
    assert (sale.amount, sales.grade_of(sale.id)) == (NEXT_PRICE, "A")
    assert true_books() == []
