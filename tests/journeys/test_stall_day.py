"""Walk 5: a helper with a pass sells, the seller hands the result in, an officer signs, the report stands."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.core import books
from app.core.db import db, transaction
from app.goods.products.models import Product
from app.kit.rupiah import Rupiah
from app.trade.sales import queries as book
from app.trade.stalls import passes, queries
from tests.factories import stalls
from tests.factories.goods import make_product, make_shop, reprice, revision_of
from tests.factories.people import make_account
from tests.journeys import steps

pytestmark = pytest.mark.journey


@pytest.fixture
def place(app):
    """A stall of today with eggs at 19.000 and crackers at 12.000."""
    shop = make_shop(make_account(name="Ida"), name="Dapur Bu Ida")
    make_product(shop, "Telur asin", qty=20, price=19_000)
    make_product(shop, "Keripik singkong", qty=20, price=12_000)
    return stalls.make_place(shop, make_account("curator"))


def put(page: Page, name: str, number: int) -> None:
    """So many of one kind into the basket."""
    page.get_by_label(name, exact=True).fill(str(number))


def taken(place) -> list[int]:
    db.session.rollback()
    return [each.amount.amount for each in book.list_of_source("bazaar", place.bazaar_id)]


def drop_the_reply(page: Page, why: str) -> None:
    """Let the next sale reach the server, and lose what it answers on the way back to the phone."""

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        route.fetch(max_redirects=0)
        route.abort(why)

    page.route("**/kasir/**", lose)


def find_again(page: Page) -> None:
    """The line is back."""
    page.unroute("**/kasir/**")


def wrong() -> list[str]:
    return [str(finding) for _, findings in books.verify() for finding in findings]


def test_a_helper_the_seller_and_two_officers_bring_a_day_into_the_book(place, new_page, eyes):
    officer, signer, seller, helper = new_page(), new_page(), new_page(360, 640), new_page(360, 640)
    eyes.watch(officer, signer, seller, helper)
    steps.let_in(officer, make_account("curator"), f"/dinsos/bazar/{place.bazaar_id}/hasil")
    officer.get_by_label("Nama pembantu", exact=True).fill("Relawan Budi")
    officer.get_by_label("Dapur Bu Ida", exact=True).check()
    steps.press(officer, "Buat kartu pembantu")
    steps.heading(officer, "Kartu pembantu")
    code = officer.locator(".code").inner_text()
    eyes.look(officer, "kartu-pembantu")

    helper.goto(f"/kasir?kode={code}")
    steps.press(helper, "Buka kasir")
    steps.follow(helper, "Buka kasir")
    put(helper, "Telur asin", 2)
    put(helper, "Keripik singkong", 1)
    expect(helper.locator("[data-sum]")).to_have_text("Rp50.000")
    eyes.look(helper, "kasir-pembantu")
    helper.get_by_role("button", name="Catat tunai").dblclick()
    expect(helper.get_by_text("Tercatat Rp50.000, tunai.")).to_be_visible()
    assert taken(place) == [38_000, 12_000]

    steps.let_in(seller, place.shop.owner, f"/jualan/bazar/lapak/{place.id}/kasir")
    put(seller, "Telur asin", 1)
    for product in db.session.scalars(select(Product)).all():
        reprice(product, revision_of(product).price + Rupiah(1_000))
    steps.press(seller, "Catat QRIS, lain")
    expect(seller.get_by_text("Telur asin sekarang Rp20.000. Yang tadi tetap tercatat Rp19.000")).to_be_visible()
    seller.get_by_role("button", name="Batalkan").first.click()
    expect(seller.get_by_text("Barangnya kembali ke lapak.")).to_be_visible()
    assert taken(place) == [38_000, 12_000, 19_000, -19_000]

    stalls.end_day(place.bazaar)
    seller.goto(f"/jualan/bazar/lapak/{place.id}/setor")
    seller.get_by_label("Uang tunai yang dihitung", exact=True).fill("50rb")
    steps.press(seller, "Setor hasil")
    expect(seller.get_by_text("Tulis alasannya, lalu setor lagi.")).to_be_visible()
    expect(seller.get_by_label("Uang tunai yang dihitung", exact=True)).to_have_value("50rb")
    seller.get_by_label("Alasan selisih").fill("Bawaan tidak dicatat")
    eyes.look(seller, "setor-hasil")
    steps.press(seller, "Setor hasil")
    expect(seller.get_by_text("Hasil bazar sudah disetor.")).to_be_visible()

    officer.goto(f"/hasil-bazar/{place.id}")
    steps.press(officer, "Benar, tanda tangani")
    steps.let_in(signer, make_account("approver"), f"/dinsos/bazar/{place.bazaar_id}/laporan")
    steps.press(signer, "Tanda tangani laporan")
    expect(signer.get_by_text("Sidik angka")).to_be_visible()
    eyes.look(signer, "laporan-bazar")

    db.session.rollback()
    report = queries.get_report(place.bazaar_id)
    assert (report.figures["total"], report.figures["grades"]) == (50_000, {"B": 50_000})
    expect(signer.get_by_text("Rp50.000").first).to_be_visible()
    helper.goto(f"/kasir/{place.id}")
    steps.heading(helper, "Halaman ini tidak ada")
    assert wrong() == []


def test_without_script_a_seller_copies_a_sheet_and_sells_all_the_same(place, plain_phone, eyes):
    seller = plain_phone
    eyes.watch(seller)
    steps.let_in(seller, place.shop.owner, f"/jualan/bazar/lapak/{place.id}/kasir")
    put(seller, "Keripik singkong", 3)
    eyes.look(seller, "kasir-tanpa-skrip")
    steps.press(seller, "Catat tunai")
    expect(seller.get_by_text("Tercatat Rp36.000, tunai.")).to_be_visible()

    seller.goto(f"/jualan/bazar/lapak/{place.id}/lembar")
    put(seller, "Telur asin", 4)
    seller.get_by_label("Uang tunai", exact=True).fill("76.000")
    steps.press(seller, "Simpan lembar")

    expect(seller.get_by_text("Lembar hitung tersimpan.")).to_be_visible()
    assert taken(place) == [36_000, 76_000]
    assert wrong() == []


@pytest.fixture
def helper(place, new_page):
    """A helper's phone with the till of the stall open, two packs of eggs in the basket."""
    with transaction():
        _found, code = passes.issue(place.bazaar, "Relawan Budi", [place.id], by=make_account("curator"))
    helper = new_page(360, 640, has_touch=True, is_mobile=True)
    helper.goto(f"/kasir?kode={code}")
    steps.press(helper, "Buka kasir")
    helper.goto(f"/kasir/{place.id}")
    put(helper, "Telur asin", 2)
    return helper


def test_a_reply_that_is_lost_on_the_way_leaves_one_sale_that_the_page_shows(place, helper):
    drop_the_reply(helper, "connectionreset")
    with helper.expect_event("requestfailed"):
        helper.get_by_role("button", name="Catat tunai").tap()
    assert taken(place) == [38_000]

    find_again(helper)
    helper.goto(f"/kasir/{place.id}")
    expect(helper.get_by_text("2 × Telur asin")).to_have_count(1)
    expect(helper.get_by_text("1 kali jualan")).to_be_visible()
    expect(helper.get_by_label("Telur asin", exact=True)).to_have_value("0")
    assert taken(place) == [38_000]
    assert wrong() == []


def test_a_sale_without_an_answer_may_be_tapped_again_and_is_still_one(place, helper):
    helper.clock.install()
    drop_the_reply(helper, "aborted")
    helper.get_by_role("button", name="Catat tunai").tap()
    expect(helper.get_by_role("button", name="Mencatat…")).to_be_disabled()
    assert taken(place) == [38_000]

    find_again(helper)
    helper.clock.run_for(6_000)
    again = helper.get_by_role("button", name="Catat tunai")
    expect(again).to_be_enabled()
    again.tap()

    expect(helper.get_by_text("Tercatat Rp38.000, tunai.")).to_be_visible()
    expect(helper.get_by_text("1 kali jualan")).to_be_visible()
    assert taken(place) == [38_000]
    assert wrong() == []


def test_sent_again_by_the_phone_itself_a_sale_is_one_and_the_page_says_so(place, helper):
    drop_the_reply(helper, "connectionreset")
    with helper.expect_event("requestfailed"):
        helper.get_by_role("button", name="Catat tunai").tap()

    find_again(helper)
    helper.reload()

    expect(helper.get_by_text("Tercatat Rp38.000, tunai.")).to_be_visible()
    expect(helper.get_by_text("2 × Telur asin")).to_have_count(1)
    assert taken(place) == [38_000]


def test_two_taps_of_a_seller_are_one_sale_with_script_and_without(place, new_page):
    for page, sums in ((new_page(360, 640), [19_000]), (new_page(360, 640, javascript=False), [19_000, 19_000])):
        steps.let_in(page, place.shop.owner, f"/jualan/bazar/lapak/{place.id}/kasir")
        put(page, "Telur asin", 1)
        page.get_by_role("button", name="Catat tunai").dblclick(no_wait_after=True)
        expect(page.get_by_text("Tercatat Rp19.000, tunai.")).to_be_visible()
        expect(page.get_by_text("1 × Telur asin")).to_have_count(len(sums))
        assert taken(place) == sums
