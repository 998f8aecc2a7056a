"""Walk 22: a cake that is made to order, from the seller's fees to the buyer's door, on small phones without script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.clock import here
from app.core.db import db
from app.goods.delivery import queries as delivery
from app.goods.stock.models import CapacityDay
from app.kit.rupiah import Rupiah
from app.people.places.rules import DEFAULTS
from app.trade.orders import links, queries
from app.trade.orders.making import first_day
from app.trade.orders.models import Order
from app.trade.sales import queries as sales
from tests.factories.goods import make_made_to_order, make_shop
from tests.factories.people import make_account
from tests.journeys import steps
from tests.journeys.conftest import Eyes

pytestmark = pytest.mark.journey

DOOR = "Kampung Baru RT 02 RW 05, pagar hijau"


@pytest.fixture
def neneng(app):
    """A seller who bakes to order, five cakes a day, two days ahead."""
    shop = make_shop(make_account(), name="Kue Ibu Neneng", pickup_place="Rumah Ibu, sebelah masjid")
    return shop, make_made_to_order(shop, lead_days=2, day_capacity=5, name="Kue bolu pandan", price=40_000)


@pytest.fixture
def desk(neneng, new_page, eyes: Eyes) -> Page:
    """Her desk."""
    page = new_page(360, 640, javascript=False)
    eyes.watch(page)
    steps.let_in(page, neneng[0].owner)
    return page


def order_of(shop) -> Order:
    db.session.rollback()
    return db.session.scalars(select(Order).where(Order.seller_id == shop.id)).one()


def set_fees(desk: Page, shop, eyes: Eyes) -> str:
    """Say where she goes and for how much; returns the name of the kecamatan next to hers."""
    near = delivery.list_places(shop)[1].name
    db.session.rollback()
    desk.goto("/jualan/lapak")
    eyes.look(desk, "antar-1-lapak")
    steps.follow(desk, "Atur antar barang")
    eyes.look(desk, "antar-2-kosong")
    desk.get_by_label(near).first.fill("7rb")
    desk.get_by_label("Belanja paling sedikit").fill("60.000")
    steps.press(desk, "Simpan")
    eyes.look(desk, "antar-3-tersimpan")
    return near


def buy(page: Page, product, near: str, eyes: Eyes) -> None:
    """Two cakes brought to a door, for the second day that is free."""
    page.goto(f"/produk/{product.slug}")
    steps.press(page, "Masukkan keranjang")
    expect(page.get_by_text("Kurang Rp20.000 lagi.")).to_be_visible()
    eyes.look(page, "antar-4-keranjang-kurang")
    page.get_by_role("spinbutton", name="Jumlah Kue bolu pandan").fill("2")
    page.get_by_role("button", name="Ubah Kue bolu pandan").click()
    page.locator(".only-phone").get_by_role("link", name="Lanjut pesan").click()
    page.get_by_label("Diantar ke").select_option(label=f"{near}: Rp7.000")
    page.get_by_label("Siap hari").select_option(index=1)
    eyes.look(page, "antar-5-pesan")
    steps.press(page, "Hitung ongkos")
    expect(page.get_by_text("Semuanya Rp87.000")).to_be_visible()
    page.get_by_label("Nama", exact=True).fill("Ratna Dewi")
    page.get_by_label("Nomor WhatsApp").fill("0812-9876-5432")
    steps.press(page, "Pesan sekarang")
    expect(page.get_by_text("Isi alamatnya").first).to_be_visible()
    page.get_by_label(re.compile("Alamat antar")).fill(DOOR)
    eyes.look(page, "antar-6-pesan-dihitung")
    steps.press(page, "Pesan sekarang")
    steps.heading(page, "Pesanan terkirim")
    eyes.look(page, "antar-7-terkirim")


def test_a_cake_made_to_order_comes_to_the_door(neneng, desk, new_page, eyes):
    shop, cake = neneng
    near = set_fees(desk, shop, eyes)
    buyer = new_page(360, 640, javascript=False)
    eyes.watch(buyer)
    buy(buyer, cake, near, eyes)
    order = order_of(shop)
    day = first_day(here("Asia/Jakarta"), DEFAULTS["clock.ready_hour"]) + timedelta(days=3)

    desk.goto("/jualan/pesanan")
    eyes.look(desk, "antar-8-pesanan-baru")
    steps.press(desk, "Terima")
    eyes.look(desk, "antar-9-diterima")
    expect(desk.get_by_text(DOOR)).to_be_visible()
    desk.goto("/jualan/pesanan?daftar=disiapkan")
    steps.follow(desk, "Daftar kemas per hari")
    eyes.look(desk, "antar-10-daftar-kemas")
    expect(desk.get_by_text(DOOR)).to_be_visible()
    steps.follow(desk, order.code)
    steps.press(desk, "Siap diantar")
    steps.follow(buyer, "Lihat pesanan")
    expect(buyer.get_by_text(f"Siap diantar ke Kecamatan {near}").first).to_be_visible()
    eyes.look(buyer, "antar-11-pembeli-siap")
    desk.get_by_label(re.compile("Kode pembeli")).fill(links.handover_code(order.code))
    steps.press(desk, "Uang diterima")
    eyes.look(desk, "antar-12-selesai")

    order = order_of(shop)
    assert (order.state, order.method, order.total) == ("handed_over", "cash_cod", Rupiah(87_000))
    assert [(each.amount, each.qty) for each in sales.list_of_source("order", order.id)] == [(Rupiah(80_000), 2)]
    assert queries.money_of(order, queries.list_lines(order.id)).status == "settled"
    assert db.session.execute(select(CapacityDay.day, CapacityDay.booked)).all() == [(day, 2)]
