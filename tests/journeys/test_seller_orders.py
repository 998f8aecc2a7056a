"""Walk 6: a seller answers three orders in three ways, hands one over against the code, and her books agree."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core import outbox
from app.core.db import db, transaction
from app.goods.stock.models import Stock, StockMovement
from app.kit.rupiah import Rupiah
from app.trade.orders import operations, queries
from app.trade.orders.messages import buyer_url
from app.trade.orders.models import Order
from app.trade.sales import queries as sales
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import make_stall, place_order
from tests.journeys import steps

pytestmark = [pytest.mark.journey, pytest.mark.main_job]

TEN_AT_FIRST = 10


@pytest.fixture
def sarmi(app):
    """A seller with ten packs of eggs, and three people who ordered 3, 4 and 2 of them."""
    owner, shop = make_stall(name="Telur Ibu Sarmi", phone="+6281234500001")
    eggs = make_product(shop, "Telur asin masir", price=38_000, qty=TEN_AT_FIRST)
    three, four, two = (
        place_order(eggs, qty, name=name, phone=f"+62812987654{qty:02}")
        for qty, name in ((3, "Ratna Dewi"), (4, "Budi Santoso"), (2, "Citra Ayu"))
    )
    return owner, shop, eggs, three.code, four.code, two.code


def buyers_page(app, code: str) -> str:
    """The signed link that the buyer of an order keeps."""
    with app.test_request_context():
        return buyer_url(code)


def as_stored(code: str) -> Order:
    db.session.rollback()
    return db.session.scalars(select(Order).where(Order.code == code)).one()


def steps_of(code: str) -> list[tuple[str, str, str]]:
    return [(each.to_state, each.actor_kind, each.reason) for each in queries.list_events(as_stored(code).id)]


def newest_order() -> Order:
    db.session.rollback()
    return db.session.scalars(select(Order).order_by(Order.id.desc())).first()


def answer_all_and_read(sarmi) -> None:
    """Take her three orders on, and read all her news."""
    for code in sarmi[3:]:
        order = as_stored(code)
        with transaction():
            operations.accept(order, by=sarmi[0])
    with transaction():
        hers = ("shop", sarmi[1].id)
        outbox.see(hers, outbox.list_of(hers)[0].id)


def card(page: Page, code: str):
    return page.get_by_role("article").filter(has_text=code)


def movements(variant_id: int) -> list[tuple[str, int, int]]:
    query = select(StockMovement).where(StockMovement.variant_id == variant_id).order_by(StockMovement.id)
    return [(each.kind, each.on_hand_delta, each.reserved_delta) for each in db.session.scalars(query)]


def answer_three(page: Page, buyer: Page, app, eyes, codes: tuple[str, str, str]) -> None:
    """Take one on, offer less for another (her buyer agrees), and cannot do the third."""
    three, four, two = codes
    ways = page.get_by_role("navigation", name="Pilihan")
    expect(ways.get_by_role("link", name="Pesanan baru")).to_contain_text("3")
    ways.get_by_role("link", name="Pesanan baru").click()
    expect(page.get_by_role("article")).to_have_count(3)
    eyes.look(page, "6-pesanan")
    card(page, three).get_by_role("button", name="Terima").click()
    expect(page.get_by_text("Pesanan diterima. Siapkan barangnya.")).to_be_visible()
    eyes.look(page, "6-diterima")

    page.goto("/jualan/pesanan")
    card(page, four).get_by_role("link", name="Hanya ada").click()
    steps.heading(page, "Hanya ada")
    page.get_by_label("Telur asin masir", exact=True).fill("1")
    eyes.look(page, "6-hanya-ada")
    steps.press(page, "Tawarkan")
    expect(page.get_by_text("Tawaran dikirim. Tunggu jawaban pembeli.")).to_be_visible()
    buyer.goto(buyers_page(app, four))
    expect(buyer.get_by_role("heading", name="Penjual menawarkan jumlah/tanggal lain: setuju?")).to_be_visible()
    expect(buyer.get_by_text("(dipesan 4)").first).to_be_visible()
    eyes.look(buyer, "6-tawaran")
    steps.press(buyer, "Setuju")
    expect(buyer.get_by_role("heading", name="Diterima. Bayar saat ambil")).to_be_visible()

    page.goto("/jualan/pesanan")
    card(page, two).get_by_role("link", name="Tidak bisa").click()
    steps.press(page, "Tidak bisa")
    expect(page.get_by_role("alert").first).to_contain_text("Pilih salah satu.")
    page.get_by_label("Tidak sempat menyiapkan").check()
    eyes.look(page, "6-tidak-bisa")
    steps.press(page, "Tidak bisa")
    expect(page.get_by_text("Pembeli diberi tahu bahwa pesanan ini tidak bisa.")).to_be_visible()
    buyer.goto(buyers_page(app, two))
    expect(buyer.get_by_role("heading", name="Tidak jadi (tidak sempat menyiapkan)")).to_be_visible()


def hand_over(page: Page, buyer: Page, app, eyes, code: str) -> None:
    """Pack it, try a wrong code, then the right one from the buyer's own page."""
    page.goto("/jualan/pesanan?daftar=disiapkan")
    expect(page.get_by_role("article")).to_have_count(2)
    card(page, code).get_by_role("button", name="Siap diambil").click()
    expect(page.get_by_text("Pesanan siap diambil. Kabari pembelinya.")).to_be_visible()
    buyer.goto(buyers_page(app, code))
    expect(buyer.get_by_role("heading", name="Siap diambil di")).to_be_visible()
    digits = buyer.locator(".sheet .code").inner_text()
    eyes.look(buyer, "6-kode-ambil")
    wrong = f"{(int(digits) + 1) % 10_000:04}"
    page.get_by_label("Kode pembeli").fill(wrong)
    steps.press(page, "Uang diterima")
    expect(page.get_by_text("Kode ini bukan kode pembeli.").first).to_be_visible()
    assert as_stored(code).state == "ready"
    eyes.look(page, "6-kode-salah")
    page.goto(steps.scanned(buyer.get_by_role("img", name="Kode QR untuk dipindai penjual")))
    expect(page.get_by_label("Kode pembeli")).to_have_value(digits)
    page.get_by_role("button", name="Uang diterima").dblclick()
    expect(page.get_by_text("Selesai, tercatat Rp114.000")).to_be_visible()
    eyes.look(page, "6-selesai")
    buyer.reload()
    expect(buyer.get_by_role("heading", name="Selesai", exact=True)).to_be_visible()


def test_a_seller_answers_hands_over_and_finds_it_in_her_book(app, new_page, live_server, sarmi, eyes, script):
    owner, shop, eggs, three, four, two = sarmi
    variant_id, shop_id = variant_of(eggs).id, shop.id
    page = new_page(360, 640, javascript=script, has_touch=True, is_mobile=True)
    buyer = new_page(360, 640, javascript=script)
    eyes.watch(page, buyer)
    steps.let_in(page, owner)
    answer_three(page, buyer, app, eyes, (three, four, two))
    hand_over(page, buyer, app, eyes, three)

    order = as_stored(three)
    assert steps_of(three) == [
        ("placed", "buyer", ""), ("accepted", "seller", ""), ("ready", "seller", ""), ("handed_over", "seller", ""),
    ]  # fmt: skip
    assert steps_of(four) == [("placed", "buyer", ""), ("amended", "seller", ""), ("accepted", "buyer", "")]
    assert steps_of(two) == [("placed", "buyer", ""), ("refused", "seller", "tidak_sempat")]
    assert movements(variant_id) == [
        ("restock", 10, 0), ("reserve", 0, 3), ("reserve", 0, 4), ("reserve", 0, 2),
        ("release", 0, -3), ("release", 0, -2), ("sell", -3, -3),
    ]  # fmt: skip
    left = db.session.get(Stock, variant_id)
    assert (left.on_hand, left.reserved) == (7, 1)
    sold = sales.list_of_source("order", order.id)
    assert [(each.qty, each.amount, each.seller_id, each.channel) for each in sold] == [
        (3, Rupiah(114_000), shop_id, "online")
    ]
    assert sales.grade_of(sold[0].id) == "A"

    page.goto("/jualan/uang")
    expect(page.locator(".price--big")).to_have_text("Rp114.000")
    entry = page.get_by_role("article")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("3 × Telur asin masir")
    expect(entry).to_contain_text("Bukti kuat: kode pembeli cocok")
    eyes.look(page, "6-uang")
    assert "salah" not in live_server.flask("verify")


def test_her_numbers_stay_true_while_the_page_is_open(sarmi, phone):
    """Without loading again: the page asks every half minute and when it is looked at, and says that something came."""
    phone.clock.install()
    steps.let_in(phone, sarmi[0])
    look = """() => {
        document.dispatchEvent(new Event("visibilitychange"));
        return document.querySelector('.bottom-nav a[href="/jualan/pesanan"] .count')?.textContent === "4";
    }"""
    expect(phone.locator('.bottom-nav a[href="/jualan/pesanan"] .count')).to_have_text("3")
    expect(phone.locator("[data-live-news]")).to_be_hidden()
    place_order(sarmi[2], 1)
    phone.wait_for_function(look, polling=200)  # the script may still be on its way when she looks first

    expect(phone.locator('.tile[href="/jualan/pesanan"] .badge')).to_have_text("4")
    expect(phone.locator('a[href="/jualan/kabar"] .badge')).to_have_text("4")
    expect(phone.locator("[data-live-news]")).to_be_visible()
    with transaction():
        operations.accept(as_stored(sarmi[3]), by=sarmi[0])
    phone.clock.run_for(31_000)
    expect(phone.locator('.bottom-nav a[href="/jualan/pesanan"] .count')).to_have_text("3")
    phone.goto("/saya")
    expect(phone.get_by_role("button", name="Kabari di HP ini")).to_be_visible()


def test_numbers_that_fall_to_nothing_go_while_the_page_is_open(sarmi, phone):
    """All is answered and read on another phone: every mark goes, on her desk and on her list, and comes again."""
    phone.clock.install()
    owner, eggs = sarmi[0], sarmi[2]
    steps.let_in(phone, owner)
    marks = phone.locator(".bottom-nav .count, .tile .badge, a[href='/jualan/kabar'] .badge")
    expect(marks).to_have_count(3)
    phone.wait_for_load_state()  # its scripts have run

    answer_all_and_read(sarmi)
    phone.clock.run_for(31_000)

    expect(marks).to_have_count(0)
    expect(phone.locator("a[href='/jualan/kabar']")).to_have_text("Kabar")
    expect(phone.locator("[data-live-news]")).to_be_hidden()
    place_order(eggs, 1)
    phone.clock.run_for(31_000)
    expect(marks).to_have_text(["1", "1", "1"])
    expect(phone.locator("[data-live-news]")).to_be_visible()

    phone.goto("/jualan/pesanan")
    tabs = phone.locator(".tabs__count")
    expect(tabs).to_have_text(["1", "3", "0"])
    order = newest_order()
    with transaction():
        operations.refuse(order, "tutup", by=owner)
    phone.clock.run_for(31_000)
    expect(tabs).to_have_text(["0", "3", "0"])
    expect(phone.locator(".bottom-nav .count")).to_have_count(0)
