"""An office orders 120 boxes from two sellers; both bring them, and the papers of the treasurer say what is true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core import books
from app.core.clock import here
from app.core.db import db
from app.trade.orders.models import Order
from app.trade.sales.models import SaleRecord
from tests.factories.goods import make_product
from tests.factories.trade import make_stall
from tests.journeys import steps
from tests.support.paper import readable

pytestmark = pytest.mark.journey

ZONE = "Asia/Jakarta"
HALL = "Aula Kecamatan Ciruas"


@pytest.fixture
def kitchens(app):
    """Two sellers of snack boxes: one has 80, the other 60."""
    first, one = make_stall(name="Dapur Bu Sarmi", phone="+6281234500001")
    second, two = make_stall(name="Kue Neneng", phone="+6281234500002")
    boxes = make_product(one, "Snack box rapat", price=15_000, qty=80, unit="kotak", category="roti-bolu")
    make_product(two, "Kotak kue basah", price=16_000, qty=60, unit="kotak", category="roti-bolu")
    return boxes, {one.id: first, two.id: second}


def ask(page: Page, eyes, product) -> None:
    """From the product to the form of offices, and what is needed."""
    page.goto(f"/produk/{product.slug}")
    steps.follow(page, "Pesan untuk kantor")
    steps.heading(page, "Pesan untuk kantor")
    page.get_by_label("Snack box rapat").fill("120")
    page.get_by_label("Tanggal acara").fill((here(ZONE) + timedelta(days=7)).date().isoformat())
    page.get_by_label("Sudah harus ada jam").fill("09:00")
    page.get_by_label("Diantar ke mana").fill(HALL)
    page.get_by_label("Di kecamatan apa").select_option(label="Ciomas")
    page.get_by_label("Nama kantor atau sekolah").fill("Kecamatan Ciruas")
    page.get_by_label("Untuk acara apa").fill("Rapat koordinasi")
    page.get_by_label("Nama", exact=True).fill("Rini Astuti")
    eyes.look(page, "kantor-1-isian")
    steps.press(page, "Lihat pembagian")
    expect(page.get_by_text("Isi nomor WhatsApp").first).to_be_visible()
    eyes.look(page, "kantor-2-kurang")
    page.get_by_label("Nomor WhatsApp").fill("0857 1234 5678")
    steps.press(page, "Lihat pembagian")


def bring(new_page, eyes, script, seller, order) -> None:
    """The seller's side of one part: yes, packed, brought, paid."""
    desk = new_page(360, 640, javascript=script)
    eyes.watch(desk)
    steps.let_in(desk, seller, "/jualan/pesanan")
    expect(desk.get_by_role("article")).to_contain_text("paling lambat")
    eyes.look(desk, "kantor-5-meja")
    desk.get_by_role("link", name="×").click()
    steps.heading(desk, order.code)
    expect(desk.get_by_role("region", name="Pesanan kantor")).to_contain_text(HALL)
    eyes.look(desk, "kantor-6-pesanan-penjual")
    steps.press(desk, "Terima")
    steps.press(desk, "Siap diantar")
    expect(desk.get_by_role("heading", name=f"Antar ke {HALL}")).to_be_visible()
    steps.press(desk, "Uang diterima")
    expect(desk.get_by_text("Uang diterima dan tercatat.")).to_be_visible()
    desk.reload()
    expect(
        desk.get_by_role("region", name="Pesanan kantor").get_by_role("link", name="Kuitansi", exact=True)
    ).to_be_visible()
    eyes.look(desk, "kantor-7-selesai-penjual")


def read_papers(page: Page, live_server) -> dict[str, str]:
    """Download every paper that the office's page names; what each says, by its title and seller."""
    said = {}
    for part in page.get_by_role("region").filter(has=page.get_by_role("heading", name="Surat", exact=True)).all():
        shop = part.get_by_role("heading", level=2).inner_text()
        for link in part.get_by_role("link", name="PDF").all():
            answer = page.request.get(live_server.url + (link.get_attribute("href") or ""))
            assert answer.headers["content-type"] == "application/pdf"
            said[f"{link.inner_text().split(chr(10))[-1]} {shop}"] = " ".join(readable(answer.body()).split())
    return said


def test_an_office_orders_from_two_sellers_and_its_treasurer_has_the_papers(
    new_page, live_server, eyes, kitchens, script
):
    boxes, sellers = kitchens
    page = new_page(360, 640, javascript=script, has_touch=True, is_mobile=True)
    eyes.watch(page)
    ask(page, eyes, boxes)
    expect(page.get_by_role("heading", name="80 dari Dapur Bu Sarmi")).to_be_visible()
    expect(page.get_by_role("heading", name="40 dari Kue Neneng")).to_be_visible()
    expect(page.get_by_text("Semuanya Rp1.840.000")).to_be_visible()
    eyes.look(page, "kantor-3-pembagian")
    page.get_by_role("button", name="Pesan sekarang").dblclick()
    steps.heading(page, "Pesanan Kecamatan Ciruas")
    eyes.look(page, "kantor-4-terkirim")

    steps.follow(page, "Ubah kop surat")
    page.get_by_label("Kop surat").fill("PEMERINTAH KABUPATEN SERANG\nKECAMATAN CIRUAS\nJalan Raya Jakarta Km. 9")
    page.get_by_label("Bendahara").fill("Siti Aminah, NIP 198001012005012003")
    eyes.look(page, "kantor-8-kop")
    steps.press(page, "Simpan")
    expect(page.get_by_text("Kop surat tersimpan.")).to_be_visible()

    db.session.rollback()
    placed = db.session.scalars(select(Order).order_by(Order.id)).all()
    assert len(placed) == 2
    for order in placed:
        bring(new_page, eyes, script, sellers[order.seller_id], order)

    page.reload()
    expect(page.get_by_text("Selesai").first).to_be_visible()
    eyes.look(page, "kantor-9-surat")
    said = read_papers(page, live_server)
    assert len(said) == 8
    receipts = [text for name, text in said.items() if name.startswith("Kuitansi")]
    assert all("PEMERINTAH KABUPATEN SERANG" in text and "Siti Aminah" in text for text in receipts)
    assert any("Satu juta dua ratus ribu rupiah" in text and "Rp1.200.000" in text for text in receipts)
    assert any("Enam ratus empat puluh ribu rupiah" in text and "Rp640.000" in text for text in receipts)
    numbered = [text for text in said.values() if "001/" in text]
    assert len(numbered) == 8

    db.session.rollback()
    assert set(db.session.scalars(select(SaleRecord.channel))) == {"government"}
    assert [found for _name, found in books.verify() if found] == []
