"""Walk 6 of the mission: she writes down what she sold at home, mends a mistake, and shows a bank what it comes to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core import books
from app.core.clock import today
from app.core.db import db
from app.kit import codes
from app.kit.rupiah import Rupiah
from app.trade.notebook.models import SalesStatement
from app.trade.sales.models import SaleRecord
from tests.factories.goods import make_product
from tests.factories.sales import make_sale
from tests.factories.trade import make_stall
from tests.journeys import steps
from tests.support import paper

pytestmark = pytest.mark.journey

ZONE = "Asia/Jakarta"


@pytest.fixture
def umi(app):
    """A seller with one product and some sales of last month, which no week of this month reaches."""
    owner, shop = make_stall(name="Rengginang Bu Umi")
    make_product(shop, "Rengginang terasi", price=15_000, qty=20)
    last_month = (today(ZONE).replace(day=1) - timedelta(days=1)).replace(day=1)
    for amount, grade in ((120_000, "D"), (80_000, "C")):
        make_sale(shop, amount=Rupiah(amount), grade=grade, sold_on=last_month)
    return owner, shop


@pytest.fixture
def hers(script, new_page, umi, eyes) -> Page:
    """Her page at her desk."""
    page: Page = new_page(360, 640, javascript=script, has_touch=True, is_mobile=True)
    eyes.watch(page)
    steps.let_in(page, umi[0])
    return page


@pytest.fixture
def stranger(page, eyes) -> Page:
    """Somebody at a bank, at a screen of her own."""
    eyes.watch(page)
    return page


def write_down(page: Page, what: str, *, name: str = "", quantity: str = "1", money: str = "") -> None:
    """Write one sale down."""
    page.goto("/jualan/catat")
    page.get_by_label(what).check()
    if name:
        page.get_by_label("Nama barang").fill(name)
    page.get_by_label("Jumlah", exact=True).fill(quantity)
    page.get_by_label("Uang yang diterima").fill(money)


def notes() -> list[tuple[str, int, int]]:
    """What stands in the book of today: words, units, rupiah."""
    db.session.rollback()
    query = select(SaleRecord).where(SaleRecord.source_type == "notebook").order_by(SaleRecord.id)
    return [(each.free_text, each.qty, each.amount.amount) for each in db.session.scalars(query)]


def test_from_a_sale_at_home_to_a_paper_for_the_bank(hers, stranger, umi, eyes, live_server):
    steps.follow(hers, "Catat jualan", exact=False)
    write_down(hers, "Rengginang terasi", quantity="2")
    eyes.look(hers, "n-catat")
    hers.get_by_role("button", name="Catat", exact=True).dblclick()
    expect(hers.locator("main")).to_contain_text("Tercatat: Rp30.000.")
    assert notes() == [("", 2, 30_000)]

    write_down(hers, "Barang lain", name="Opak", quantity="5", money="250rb")
    steps.press(hers, "Catat")
    expect(hers.locator("main")).to_contain_text("Tercatat: Rp250.000.")
    steps.follow(hers, "Lihat uang masuk")
    expect(hers.locator(".price--big")).to_have_text("Rp280.000")
    eyes.look(hers, "n-minggu")
    steps.follow(hers, "Per bulan")
    expect(hers.locator(".price--big")).to_have_text("Rp280.000")
    expect(hers.locator("main")).to_contain_text("Bulan ini belum selesai.")
    expect(hers.locator("main")).to_contain_text("Jualan di rumah")
    eyes.look(hers, "n-bulan")

    hers.goto("/jualan/catat")
    hers.get_by_role("article").filter(has_text="Opak").get_by_role("button", name="Batalkan catatan").click()
    expect(hers.locator("main")).to_contain_text("Catatan dibatalkan.")
    assert notes() == [("", 2, 30_000), ("Opak", 5, 250_000), ("Opak", -5, -250_000)]
    hers.goto("/jualan/uang?bulan=")
    expect(hers.locator(".price--big")).to_have_text("Rp30.000")

    steps.follow(hers, "Buku kas")
    expect(hers.locator(".price--big")).to_have_text("Rp30.000")
    steps.follow(hers, "Uang keluar")
    eyes.look(hers, "n-uang-keluar")
    hers.get_by_label("Berapa uangnya?").fill("12rb")
    hers.get_by_label("Untuk apa?").fill("Minyak goreng")
    hers.get_by_role("button", name="Catat", exact=True).dblclick()
    expect(hers.locator("main")).to_contain_text("Tercatat: Rp12.000.")
    expect(hers.locator(".price--big")).to_have_text("Rp18.000")
    eyes.look(hers, "n-buku-kas")
    hers.goto("/jualan/buku-kas/cetak")
    expect(hers.locator("main")).to_contain_text("Minyak goreng")
    eyes.look(hers, "n-buku-kas-cetak")
    hers.goto("/jualan/uang?bulan=")

    steps.follow(hers, "Surat keterangan penjualan")
    expect(hers.locator(".price--big")).to_have_text("Rp200.000")
    eyes.look(hers, "n-keterangan")
    hers.get_by_role("button", name="Buat surat").dblclick()
    steps.heading(hers, "Surat Keterangan Penjualan")
    eyes.look(hers, "n-surat")
    db.session.rollback()
    [statement] = db.session.scalars(select(SalesStatement))
    expect(hers.locator("main")).to_contain_text(codes.grouped(statement.code))
    address = f"{live_server.url}/keterangan/{statement.code}"
    pdf = hers.request.get(f"/jualan/keterangan/{statement.code}/surat.pdf").body()
    assert paper.holds_qr(pdf, address)

    stranger.goto(address)
    steps.heading(stranger, "Surat ini tercatat di sini")
    expect(stranger.locator(".price--big")).to_have_text("Rp200.000")
    for secret in (umi[0].name, umi[1].name, umi[1].slug):
        assert secret not in stranger.content()
    eyes.look(stranger, "n-cocok")
    stranger.goto(address[:-3] + "222")
    steps.heading(stranger, "Halaman ini tidak ada")
    assert [each for _name, found in books.verify() for each in found] == []


def test_a_sale_written_after_the_paper_and_one_taken_back_leave_it_alone(hers, umi):
    hers.goto("/jualan/keterangan?lama=6")
    hers.get_by_role("button", name="Buat surat").click()
    steps.heading(hers, "Surat Keterangan Penjualan")
    kept = hers.url
    make_sale(umi[1], amount=Rupiah(999_000), sold_on=today(ZONE).replace(day=1) - timedelta(days=1))
    hers.goto(kept)

    expect(hers.locator("main")).to_contain_text("Rp200.000")
    expect(hers.locator("main")).not_to_contain_text("Rp999.000")


def test_more_sold_than_was_counted_is_said_and_stands_in_the_book(hers, umi):
    write_down(hers, "Rengginang terasi", quantity="25")
    hers.get_by_role("button", name="Catat", exact=True).click()

    expect(hers.locator("main")).to_contain_text("Stok Rengginang terasi di sini kurang dari yang dicatat.")
    expect(hers.locator("main")).to_contain_text("Tercatat: Rp375.000.")
    assert notes() == [("", 25, 375_000)]
    hers.reload()
    expect(hers.locator("main")).not_to_contain_text("Hitung lagi stoknya")
