"""Walk 5: a stranger without an account finds, orders from two sellers with one tap, and thinks again."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.core.db import db
from app.core.i18n import waktu
from app.goods.shops.models import Shop
from app.goods.stock.models import Stock
from app.trade.orders import queries
from app.trade.orders.models import Order, OrderGroup
from tests.factories.goods import make_product, variant_of
from tests.factories.people import OTHER_DESA
from tests.factories.trade import make_stall
from tests.journeys import steps

pytestmark = [pytest.mark.journey, pytest.mark.main_job]

CRISPS, ON_ONE_PAGE = 26, 24
OTHER_KECAMATAN = OTHER_DESA[:8]
NO_SIGNAL = "Tidak ada sinyal."
BUYER, NUMBER = "Ratna Dewi", "0812 9876 5432"


@pytest.fixture
def market(app):
    """Two kecamatan: eggs in one, more crisps than a page holds in the other."""
    eggs = make_stall(name="Telur Ibu Sarmi", phone="+6281234500001")[1]
    crisps = make_stall(
        name="Keripik Neneng",
        phone="+6281234500002",
        desa_code=OTHER_DESA,
        kecamatan_code=OTHER_KECAMATAN,
    )[1]
    salted = make_product(eggs, "Telur asin masir", price=38_000, qty=5)
    make_product(eggs, "Bolu pisang", price=30_000, category="roti-bolu")
    made = [
        make_product(crisps, f"Keripik singkong nomor {n}", price=10_000 + 100 * n, qty=9, category="keripik-kerupuk")
        for n in range(1, CRISPS + 1)
    ]
    make_product(crisps, "Keripik istimewa", price=90_000, category="keripik-kerupuk")
    return salted, made[0]


def shown(page: Page) -> list[str]:
    """The names on the product cards, in their order, once the page has been read to its end."""
    page.wait_for_load_state("domcontentloaded")
    return page.locator("[data-produk] a").all_inner_texts()


def buy(page: Page) -> None:
    steps.shown(page.get_by_role("button", name="Masukkan keranjang")).click()
    expect(page.get_by_text("masuk keranjang.")).to_be_visible()


def fill_in(page: Page) -> None:
    page.get_by_label("Nama", exact=True).fill(BUYER)
    page.get_by_label("Nomor WhatsApp", exact=True).fill(NUMBER)


def count(table: type[Order] | type[OrderGroup]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def order_of(shop_name: str) -> Order:
    db.session.rollback()
    return db.session.scalars(select(Order).join(Shop, Shop.id == Order.seller_id).where(Shop.name == shop_name)).one()


def look_around(page: Page, eyes) -> None:
    """Home, list, category, filter, sort, next page, search: nothing is ever blank."""
    page.goto("/")
    eyes.look(page, "5-depan")
    steps.follow(page, "Lihat produk")
    steps.heading(page, "Semua produk")
    assert len(shown(page)) == ON_ONE_PAGE
    page.get_by_role("navigation", name="Jenis", exact=True).get_by_role("link", name="Makanan Ringan").click()
    steps.heading(page, "Makanan Ringan")
    assert not any("Telur" in name for name in shown(page))

    page.get_by_role("link", name=re.compile("^Saring")).click()
    steps.heading(page, "Saring produk")
    form = page.locator("main form")
    form.locator(f"input[name='kecamatan'][value='{OTHER_KECAMATAN}']").check()
    form.locator("input[name='harga'][value='10000-25000']").check()
    eyes.look(page, "5-saring")
    form.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_role("status")).to_contain_text(f"{CRISPS} produk")
    steps.follow(page, "Termurah")
    first = shown(page)
    assert [name.split("nomor ")[1].split()[0] for name in first[:3]] == ["1", "2", "3"]
    eyes.look(page, "5-tersaring")
    steps.follow(page, "Tampilkan lagi")
    second = shown(page)
    assert len(second) == CRISPS - ON_ONE_PAGE
    assert not set(first) & set(second)

    search(page, "telor asin")
    expect(page.get_by_text("Telur asin masir").first).to_be_visible()
    eyes.look(page, "5-telor-asin")
    search(page, "qzxv jjkw 777")
    expect(page.get_by_text("Tidak ada “qzxv jjkw 777”.")).to_be_visible()
    assert shown(page)
    eyes.look(page, "5-tidak-ada")


def search(page: Page, words: str) -> None:
    page.get_by_label("Cari", exact=True).first.fill(words)
    page.get_by_label("Cari", exact=True).first.press("Enter")
    expect(page).to_have_url(re.compile("q="))


def fill_the_cart(page: Page, salted, crisps, eyes) -> None:
    """Both sellers' goods, the eggs twice."""
    search(page, "telor asin")
    page.get_by_role("link", name="Telur asin masir").first.click()
    steps.heading(page, "Telur asin masir")
    expect(page.locator("main")).to_contain_text("Sisa 5")
    eyes.look(page, "5-produk")
    page.get_by_label("Jumlah", exact=True).fill("2")
    buy(page)
    page.goto(f"/produk/{crisps.slug}")
    buy(page)
    totals = page.locator(".facts--sum .facts__total").filter(has_text=re.compile("^Rp"))
    expect(totals).to_have_text(["Rp76.000", "Rp10.100", "Rp86.100"])
    eyes.look(page, "5-keranjang")
    steps.shown(page.get_by_role("link", name="Lanjut pesan")).click()


def lose_the_signal(page: Page, eyes) -> None:
    """Between two bars: nothing leaves the phone, nothing typed is lost, and the page says so until it is over."""
    page.context.set_offline(True)
    steps.press(page, "Pesan sekarang")
    expect(page.get_by_text(NO_SIGNAL)).to_be_in_viewport()
    expect(page.get_by_label("Nama", exact=True)).to_have_value(BUYER)
    expect(page.get_by_role("button", name="Pesan sekarang")).to_be_enabled()
    eyes.look(page, "5-tanpa-sinyal")
    assert count(OrderGroup) == 0
    page.context.set_offline(False)
    expect(page.get_by_text(NO_SIGNAL)).to_be_hidden()


def read_the_codes(page: Page, eyes) -> None:
    """One part per seller: code, deadline in the buyer's time, and a WhatsApp text that holds the code."""
    steps.heading(page, "Pesanan terkirim")
    for shop_name, number in (("Telur Ibu Sarmi", "6281234500001"), ("Keripik Neneng", "6281234500002")):
        order = order_of(shop_name)
        part = page.get_by_role("region", name=shop_name)
        expect(part.get_by_text(order.code, exact=True)).to_be_visible()
        ends = waktu(queries.sheet(order).deadline)
        assert ends.endswith("WIB")
        expect(part).to_contain_text(f"paling lambat {ends}")
        address = urlsplit(part.get_by_role("link", name="WhatsApp penjual").get_attribute("href") or "")
        assert (address.netloc, address.path) == ("wa.me", f"/{number}")
        assert f"Kode {order.code}:" in parse_qs(address.query)["text"][0]
    eyes.look(page, "5-terkirim")


def test_a_stranger_finds_orders_from_two_sellers_and_calls_one_off(new_page, market, eyes, script):
    salted, crisps = market
    page = new_page(360, 640, javascript=script, has_touch=True, is_mobile=True)
    eyes.watch(page)
    look_around(page, eyes)
    fill_the_cart(page, salted, crisps, eyes)
    eyes.look(page, "5-pesan")
    fill_in(page)
    if script:
        lose_the_signal(page, eyes)
    page.get_by_role("button", name="Pesan sekarang").dblclick()
    read_the_codes(page, eyes)

    page.reload()
    steps.heading(page, "Pesanan terkirim")
    page.go_back()
    if page.get_by_role("button", name="Pesan sekarang").count():
        fill_in(page)
        steps.press(page, "Pesan sekarang")
        steps.heading(page, "Pesanan terkirim")
    assert (count(OrderGroup), count(Order)) == (1, 2)

    page.goto("/pesanan")
    steps.heading(page, "Pesanan di HP ini")
    expect(page.get_by_role("article")).to_have_count(2)
    eyes.look(page, "5-di-hp-ini")
    steps.follow(page, "Telur asin masir")
    order = order_of("Telur Ibu Sarmi")
    expect(page).to_have_url(re.compile(rf"/pesanan/{order.code}\?s=.+"))
    eyes.look(page, "5-pesanan")
    signed = page.url
    page.get_by_label("Alasan", exact=True).select_option("salah_pesan")
    steps.press(page, "Batalkan pesanan")
    expect(page.get_by_text("Tidak jadi (salah pesan)")).to_be_visible()
    eyes.look(page, "5-batal")
    assert order_of("Telur Ibu Sarmi").state == "cancelled_buyer"
    assert order_of("Keripik Neneng").state == "placed"
    held = select(Stock.reserved).where(Stock.variant_id == variant_of(salted).id)
    assert db.session.scalar(held) == 0

    stranger = new_page(360, 640, javascript=script)
    assert stranger.goto(signed).status == 200
    last = unquote(signed)[-1]
    for wrong in (signed.split("?")[0], unquote(signed)[:-1] + ("x" if last != "x" else "y")):
        assert stranger.goto(wrong).status == 404
    stranger.goto("/pesanan")
    expect(stranger.get_by_text("Belum ada pesanan dari HP ini.")).to_be_visible()


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/produk/{goods}", "Masukkan keranjang"),
        ("/produk/{goods}", "Simpan dulu"),
        ("/produk/{goods}/laporkan", "Kirim laporan"),
        ("/ingin-jualan", "Kirim"),
        ("/masuk", "Masuk"),
        ("/masuk/petugas", "Masuk"),
        ("/produk?saring=1", "Tampilkan"),
        ("/tidak-ada", "Cari"),
    ],
)
def test_without_a_signal_every_public_form_says_so_and_stays(new_page, eyes, path, word):
    eggs = make_product(make_stall()[1], qty=5)
    page = new_page(360, 640, has_touch=True, is_mobile=True)
    page.goto(path.format(goods=eggs.slug))
    came = page.url
    eyes.watch(page)
    page.context.set_offline(True)

    for _tap in range(2):
        steps.shown(page.get_by_role("button", name=word, exact=True)).click()
        expect(page.get_by_text(NO_SIGNAL)).to_be_in_viewport()
        expect(page).to_have_url(came)

    eyes.look(page, f"5-tanpa-sinyal-{word.split()[0]}")
    page.context.set_offline(False)
    expect(page.get_by_text(NO_SIGNAL)).to_be_hidden()
    with page.expect_navigation():
        steps.shown(page.get_by_role("button", name=word, exact=True)).click()
