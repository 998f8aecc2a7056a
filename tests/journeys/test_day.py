"""One day, entered through the screens into an emptied market: every figure shown is what a hand reckons.

Telur asin isi 5    Rp25.000   12 packs     Keripik singkong   Rp8.500   20 packs
Ratna   3 telur + 2 keripik   75.000 + 17.000 = 92.000   handed over with her code
Budi    2 telur               50.000                     handed over without a code
Citra   4 keripik             34.000                     called off by herself
All ordered: 5 telur, 6 keripik. Left: 12 − 5 = 7 and 20 − 2 = 18. Money: 92.000 + 50.000 = 142.000.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import func, select

from app.core.db import db
from app.goods.products.models import Product
from app.goods.shops.models import Shop
from app.trade.orders.models import Order
from tests.factories.goods import picture_bytes
from tests.factories.people import DESA, make_account
from tests.journeys import steps
from tests.support.live import LiveServer

pytestmark = [pytest.mark.journey, pytest.mark.slow]

CARD = re.compile(r"[2-9A-Z]{4}(?:-[2-9A-Z]{1,4})+")
HER_NUMBER = "0812 9000 1234"
EGGS, CRISPS = "Telur asin isi 5", "Keripik singkong"


@pytest.fixture
def emptied(app, database, environ, tmp_path):
    """A demonstration was here; nothing of it is left, and two officers begin their day."""
    demonstration = LiveServer({**environ, "LAPAK_DATABASE_URL": database.url}, tmp_path / "demo.log")
    demonstration.flask("demo", "load", "--products", "12", "--shops", "4", "--orders", "9", "--sales", "6")
    assert all(db.session.scalar(select(func.count()).select_from(each)) for each in (Shop, Product, Order))
    db.session.remove()
    db.engine.dispose()
    database.clean(db.engine.dispose)
    assert [db.session.scalar(select(func.count()).select_from(each)) for each in (Shop, Product, Order)] == [0, 0, 0]
    officers = make_account("pendamping", name="Dewi"), make_account("curator", name="Hendra")
    db.session.rollback()
    return officers


@dataclass
class Counter:
    """The pages on which figures stand; `reads` compares what a person sees with what a hand reckons."""

    seller: Page
    office: Page
    stranger: Page

    def home(self, *, new: int, going: int, products: int, week: str) -> None:
        """Her desk: five ways with their counts."""
        self.seller.goto("/jualan")
        ways = self.seller.get_by_role("navigation", name="Pilihan").get_by_role("link")
        orders = ways.filter(has_text="Pesanan baru")
        expect(orders).to_contain_text(f"{going} sedang disiapkan")
        expect(orders.locator(".badge")).to_have_text([str(new)] if new else [])
        expect(ways.filter(has_text="Produk saya")).to_contain_text(f"{products} produk")
        expect(ways).to_contain_text(["Pesanan baru", "Produk saya", "Catat jualan", "Bazar", "Bantuan"])
        expect(ways).to_have_count(5)
        expect(self.seller.get_by_role("link", name="Uang masuk", exact=True)).to_be_visible()
        expect(self.seller.locator(".price--big")).to_have_text(week)
        said = f"Ada {new} pesanan baru." if new else f"Ada {going} pesanan untuk disiapkan."
        expect(self.seller.get_by_role("heading", level=1)).to_contain_text(
            said if new or going else "Belum ada pesanan baru."
        )

    def tabs(self, new: int, going: int, ready: int, done: int) -> None:
        """Her order lists: the counts on the tabs, and the cards under each."""
        lists = (("baru", "Baru", new), ("disiapkan", "Disiapkan", going), ("siap", "Siap", ready))
        for name, word, number in lists:
            self.seller.goto(f"/jualan/pesanan?daftar={name}")
            expect(self.seller.get_by_role("article")).to_have_count(number)
            tabs = self.seller.get_by_role("navigation", name="Daftar pesanan")
            expect(tabs.get_by_role("link", name=f"{word} {number}", exact=True)).to_be_visible()
        self.seller.goto("/jualan/pesanan?daftar=selesai")
        expect(self.seller.get_by_role("article")).to_have_count(done)

    def stock(self, name: str, there: int, promised: int) -> None:
        """Her goods: how many are there, how many are promised."""
        self.seller.goto("/jualan/produk")
        row = self.seller.get_by_role("article").filter(has_text=name)
        expect(row.get_by_label("Stok", exact=True)).to_have_value(str(there))
        expect(row.get_by_text("sudah dipesan")).to_have_text([f"{promised} sudah dipesan"] if promised else [])

    def left(self, name: str, words: str) -> None:
        """The product as a stranger sees it."""
        self.stranger.goto("/produk")
        steps.follow(self.stranger, name)
        expect(self.stranger.locator(".badge").first).to_have_text(words)

    def desk_of_the_office(self, *, waiting: int, shops: int, goods: int, orders: int, takings: str) -> None:
        """The office's month."""
        self.office.goto("/dinsos")
        expect(self.office.get_by_role("link", name="Periksa produk")).to_contain_text(f"{waiting} menunggu jawaban")
        reckoned = {"Lapak buka": shops, "Produk tampil": goods, "Pesanan masuk": orders, "Uang masuk penjual": takings}
        for label, value in reckoned.items():
            expect(self.office.locator(".stat").filter(has_text=label).locator(".stat__value")).to_have_text(str(value))

    def catalogue(self, number: int) -> None:
        """How many goods a stranger is told there are, and how many he sees."""
        self.stranger.goto("/")
        expect(self.stranger.get_by_text(f"{number} produk dari 1 kecamatan")).to_be_visible()
        expect(self.stranger.locator("[data-produk]")).to_have_count(number)
        self.stranger.goto("/produk")
        expect(self.stranger.get_by_role("status")).to_have_text(f"{number} produk")
        expect(self.stranger.locator("[data-produk]")).to_have_count(number)


def register(page: Page) -> str:
    """The pendamping registers her; returns the code on her card."""
    steps.follow(page, "Daftarkan penjual", exact=False)
    page.get_by_label("Nama", exact=True).fill("Nurhayati")
    page.get_by_label("Nomor HP", exact=True).fill(HER_NUMBER)
    page.get_by_label("Desa", exact=True).select_option(DESA)
    page.get_by_label("Jenis usaha", exact=True).select_option("warung-kelontong")
    page.get_by_label("Nama lapak", exact=True).fill("Telur Asin Bu Nur")
    page.get_by_label("Setuju tampil untuk umum").check()
    steps.press(page, "Daftarkan")
    found = CARD.search(page.locator(".login-card").inner_text())
    assert found
    return found[0]


def offer(page: Page, name: str, price: str, quantity: str) -> None:
    """She puts one thing up for sale."""
    page.goto("/jualan/produk/baru")
    photo: FilePayload = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    page.get_by_label("Foto", exact=True).set_input_files(photo)
    page.get_by_label("Nama produk", exact=True).fill(name)
    page.get_by_label("Harga", exact=True).fill(price)
    page.get_by_label("Satuan", exact=True).fill("pak")
    page.get_by_label("Jumlah", exact=True).fill(quantity)
    steps.press(page, "Jual sekarang")
    expect(page.locator("main")).to_contain_text("Menunggu diperiksa")


def approve_everything(page: Page, number: int) -> None:
    """The curator says yes to all that wait."""
    for _ in range(number):
        page.goto("/dinsos/kurasi")
        page.locator("main table a").first.click()
        steps.press(page, "Setujui")
    page.goto("/dinsos/kurasi")
    expect(page.get_by_text("Tidak ada yang menunggu.")).to_be_visible()


def order(page: Page, name: str, number: str, lines: list[tuple[str, int]], total: str) -> str:
    """Somebody orders; the cart's total is reckoned on the way. Returns the signed address of the order."""
    for product, quantity in lines:
        page.goto("/produk")
        steps.follow(page, product)
        page.get_by_label("Jumlah", exact=True).fill(str(quantity))
        steps.shown(page.get_by_role("button", name="Masukkan keranjang")).click()
        expect(page.get_by_text("masuk keranjang.")).to_be_visible()
    expect(page.locator(".facts__total").last).to_have_text(total)
    steps.shown(page.get_by_role("link", name="Lanjut pesan")).click()
    expect(page.get_by_text(f"Bayar tunai saat ambil: {total}.")).to_be_visible()
    page.get_by_label("Nama", exact=True).fill(name)
    page.get_by_label("Nomor WhatsApp", exact=True).fill(number)
    steps.press(page, "Pesan sekarang")
    steps.heading(page, "Pesanan terkirim")
    expect(page.locator("dd.facts__total")).to_have_text(total)
    steps.follow(page, "Lihat pesanan")
    expect(page).to_have_url(re.compile("/pesanan/.+s="))
    return page.url


def hand_over(seller: Page, buyer: Page, address: str, *, with_code: bool, amount: str) -> None:
    """Accept, pack, hand over, with the buyer's code or without."""
    code = address.split("/pesanan/")[1].split("?")[0]
    seller.goto(f"/jualan/pesanan/{code}")
    steps.press(seller, "Terima")
    steps.press(seller, "Siap diambil")
    expect(seller.get_by_text(f"Terima dulu uangnya: {amount}.")).to_be_visible()
    if with_code:
        buyer.goto(address)
        seller.get_by_label("Kode pembeli").fill(buyer.locator(".sheet .code").inner_text())
    steps.press(seller, "Uang diterima")
    expect(seller.get_by_text(f"Selesai, tercatat {amount}")).to_be_visible()


def test_one_day_and_every_figure_of_it(emptied, live_server, new_page, eyes):
    dewi, hendra = emptied
    seller, buyer = (new_page(360, 640, has_touch=True, is_mobile=True) for _ in range(2))
    office, field, stranger = new_page(), new_page(), new_page()
    eyes.watch(seller, buyer, office, field, stranger)
    shown = Counter(seller, office, stranger)

    steps.sign_in_staff(field, dewi)
    card = register(field)
    steps.show_card(seller, HER_NUMBER, card)
    steps.choose_pin(seller)
    expect(seller).to_have_url(re.compile("/jualan$"))
    shown.home(new=0, going=0, products=0, week="Rp0")
    offer(seller, EGGS, "25rb", "12")
    offer(seller, CRISPS, "8.500", "20")
    live_server.run_jobs()
    steps.sign_in_staff(office, hendra)
    shown.desk_of_the_office(waiting=2, shops=1, goods=0, orders=0, takings="Rp0")
    approve_everything(office, 2)
    shown.desk_of_the_office(waiting=0, shops=1, goods=2, orders=0, takings="Rp0")
    shown.catalogue(2)
    shown.left(EGGS, "Ada 12")
    shown.left(CRISPS, "Ada 20")

    ratna = order(buyer, "Ratna", "0812 1111 1111", [(EGGS, 3), (CRISPS, 2)], "Rp92.000")
    budi = order(buyer, "Budi", "0812 2222 2222", [(EGGS, 2)], "Rp50.000")
    citra = order(buyer, "Citra", "0812 3333 3333", [(CRISPS, 4)], "Rp34.000")
    shown.home(new=3, going=0, products=2, week="Rp0")
    shown.tabs(3, 0, 0, 0)
    shown.stock(EGGS, 12, 5)
    shown.stock(CRISPS, 20, 6)
    shown.left(EGGS, "Ada 7")
    shown.left(CRISPS, "Ada 14")
    shown.desk_of_the_office(waiting=0, shops=1, goods=2, orders=3, takings="Rp0")

    buyer.goto(citra)
    steps.press(buyer, "Batalkan pesanan")
    expect(buyer.get_by_text("Tidak jadi (berubah pikiran)")).to_be_visible()
    shown.home(new=2, going=0, products=2, week="Rp0")
    shown.tabs(2, 0, 0, 1)
    shown.stock(CRISPS, 20, 2)
    shown.left(CRISPS, "Ada 18")

    hand_over(seller, buyer, ratna, with_code=True, amount="Rp92.000")
    shown.home(new=1, going=0, products=2, week="Rp92.000")
    shown.tabs(1, 0, 0, 2)
    shown.stock(EGGS, 9, 2)
    hand_over(seller, buyer, budi, with_code=False, amount="Rp50.000")
    shown.home(new=0, going=0, products=2, week="Rp142.000")
    shown.tabs(0, 0, 0, 3)
    shown.stock(EGGS, 7, 0)
    shown.stock(CRISPS, 18, 0)
    shown.left(EGGS, "Ada 7")
    shown.left(CRISPS, "Ada 18")
    shown.catalogue(2)
    shown.desk_of_the_office(waiting=0, shops=1, goods=2, orders=3, takings="Rp142.000")

    seller.goto("/jualan/uang")
    expect(seller.locator(".price--big")).to_have_text("Rp142.000")
    expect(seller.get_by_role("img", name="Uang masuk per hari")).to_contain_text("142")
    lines = seller.get_by_role("article")
    expect(lines).to_have_count(3)
    for words, amount, evidence in (
        (f"3 × {EGGS}", "Rp75.000", "kode pembeli cocok"),
        (f"2 × {CRISPS}", "Rp17.000", "kode pembeli cocok"),
        (f"2 × {EGGS}", "Rp50.000", "tanpa kode pembeli"),
    ):
        line = lines.filter(has_text=words)
        expect(line).to_contain_text(amount)
        expect(line).to_contain_text(evidence)
    eyes.look(seller, "hari-uang")
    buyer.goto("/pesanan")
    expect(buyer.get_by_role("article").locator("b")).to_have_text(["Rp34.000", "Rp50.000", "Rp92.000"])
    field.goto("/dampingan")
    expect(field.get_by_role("link", name="Penjual dampingan")).to_contain_text("1 penjual")
    said = live_server.flask("verify")
    assert "salah" not in said
    assert "penjualan: benar" in said
