"""Every public page on the smallest phone: nothing beside the window, nothing too small for a thumb, nothing pale."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.core.clock import today
from app.core.db import transaction
from app.goods.shelf import operations as shelf
from app.kit.rupiah import Rupiah
from app.trade.cashbook import operations as cash
from tests.factories.goods import make_product, make_shop, variant_of
from tests.factories.people import make_account
from tests.factories.sales import make_sale
from tests.factories.tickets import make_ticket
from tests.factories.trade import make_stall, place_order
from tests.journeys import steps
from tests.support.fit import misfits

pytestmark = [pytest.mark.journey, pytest.mark.one_engine]

LONG = "Keripik singkong balado pedas manis renyah kemasan keluarga"
SMALLEST = (320, 568)
# Without motion nothing is half-way between light and dark when it is looked at.
PHONE = {"has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
PAGES = (
    "/",
    "/produk",
    "/produk?saring=1",
    "/produk?kategori=telur-asin&urut=termurah",
    "/produk?q=kripik+zzzz",
    "/lapak",
    "/pesanan",
    "/masuk",
    "/masuk?cara=pin",
    "/masuk/petugas",
    "/keluar",
    "/ingin-jualan",
    "/tentang",
    "/privasi",
    "/syarat",
    "/bantuan",
    "/tidak-ada",
)


@pytest.fixture
def market(app):
    shop = make_shop(name="Dapur Renyah Wijaya Kusuma Waringinkurung")
    return [make_product(shop, LONG, price=1_250_000), make_product(shop, "Telur asin")]


def by_day_and_night(page):
    """What does not fit the page that is open, in light and in dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{each} ({scheme})" for each in misfits(page)]
    return found


def test_every_public_page_fits_the_smallest_phone(new_page, market):
    page = new_page(*SMALLEST, **PHONE)
    goods = [f"/produk/{product.slug}" for product in market]

    found = {}
    for path in (*PAGES, *goods, f"/lapak/{market[0].shop.slug}"):
        page.goto(path)
        found[path] = by_day_and_night(page)

    assert not {path: each for path, each in found.items() if each}


def test_cart_checkout_and_order_fit_the_smallest_phone(new_page, market):
    page = new_page(*SMALLEST, **PHONE)
    for product in market:
        page.goto(f"/produk/{product.slug}")
        steps.press(page, "Masukkan keranjang")
    found = {"cart": by_day_and_night(page)}

    page.goto("/pesan")
    found["checkout"] = by_day_and_night(page)
    steps.press(page, "Pesan sekarang")
    found["mistakes"] = by_day_and_night(page)
    page.get_by_label("Nama", exact=True).fill("Siti Aminah")
    page.get_by_label("Nomor WhatsApp", exact=True).fill("081234567890")
    steps.press(page, "Pesan sekarang")
    steps.heading(page, "Pesanan terkirim")
    found["placed"] = by_day_and_night(page)
    steps.follow(page, "Lihat pesanan")
    found["order"] = by_day_and_night(page)

    assert not {name: each for name, each in found.items() if each}


TALL = """() => [...document.querySelectorAll(".filters small")]
    .filter(each => each.offsetHeight > 1.5 * parseFloat(getComputedStyle(each).lineHeight))
    .map(each => each.textContent)"""


@pytest.mark.parametrize(("size", "path"), [(SMALLEST, "/produk?saring=1"), ((1280, 800), "/produk")])
def test_a_count_stands_in_one_line_beside_a_long_filter(new_page, market, size, path):
    shop, day = market[0].shop, today("Asia/Jakarta") + timedelta(days=9)
    for number in range(110):
        make_product(shop, f"Keripik nomor {number}")
    with transaction():
        shelf.mark_shops("bazaar", {shop.id: (f"{day}/{day}", "bazar-sabtu")})
    page = new_page(*size)

    page.goto(path)

    expect(page.locator("label", has=page.locator("[name=bazar]"))).to_contain_text("112")
    assert page.evaluate(TALL) == []


@pytest.mark.parametrize(
    ("kind", "piece"),
    [
        ("wide", "const piece = document.createElement('div'); piece.style.width = '400px'; piece.textContent = 'x';"),
        (
            "small",
            "const piece = document.createElement('button'); piece.style.height = '20px'; piece.textContent = 'x';",
        ),
        ("pale", "const piece = document.createElement('p'); piece.style.color = '#9aa5a0'; piece.textContent = 'x';"),
    ],
)
def test_what_does_not_fit_is_seen(new_page, app, kind, piece):
    page = new_page(*SMALLEST)
    page.goto("/tentang")

    page.evaluate(f"() => {{ {piece} document.querySelector('main').append(piece); }}")

    assert [each.split(":")[0] for each in misfits(page)] == [kind]


def test_the_book_of_sales_and_the_news_of_a_busy_month_fit_the_smallest_phone(new_page):
    owner, shop = make_stall(name="Dapur Renyah Wijaya Kusuma Waringinkurung")
    officer, product = make_account("curator"), make_product(shop, LONG, price=1_250_000, qty=50)
    month = (today("Asia/Jakarta").replace(day=1) - timedelta(days=1)).replace(day=1)
    for day in range(0, 28, 2):
        make_sale(shop, sold_on=month + timedelta(days=day), variant_id=variant_of(product).id)
    make_sale(shop, amount=Rupiah(98_765_000), qty=1_250, grade="C", free_text=LONG, sold_on=month)
    place_order(product)
    make_ticket("Sudah tiga hari saya tunggu.")
    with transaction():
        cash.write_down(shop, "expense", Rupiah(40_000), month, "Telur bebek", key="a" * 16)

    found = {}
    for account, paths in (
        (officer, ("/dinsos/penjualan", "/dinsos/kabar", "/dinsos/aduan")),
        (owner, (
            f"/jualan/uang?bulan={month:%Y-%m}", f"/jualan/uang?minggu={month}",
            f"/jualan/buku-kas?bulan={month:%Y-%m}", "/jualan/keterangan", "/jualan/kabar", "/jualan/catat",
        )),
    ):  # fmt: skip
        page = new_page(*SMALLEST, **PHONE)
        steps.let_in(page, account)
        for path in paths:
            page.goto(path)
            assert page.locator("main :is(article, .list__row, .choice)").count(), path  # it is looked at full
            found[path] = by_day_and_night(page)

    assert not {path: each for path, each in found.items() if each}


def test_two_fields_beside_one_another_stand_level_when_one_is_wrong(new_page):
    owner, _shop = make_stall()
    page = new_page()
    steps.let_in(page, owner, "/jualan/produk/baru")
    page.locator("[name=harga]").fill("abc")
    page.locator("[name=satuan]").fill("pak")
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    steps.press(page, "Jual sekarang")

    expect(page.locator(".field--error [name=harga]")).to_be_visible()
    price, unit = (page.locator(f"[name={name}]").bounding_box()["y"] for name in ("harga", "satuan"))
    assert abs(price - unit) <= 1


# A slash is drawn by the style alone, so one of the same place and style is put beside it to be measured.
SLASHES = """(name) => [...document.querySelectorAll(".breadcrumbs li + li")].map((li) => {
    const words = li.querySelector("a") || li, range = document.createRange();
    words.textContent = name;
    range.selectNodeContents(words);
    const [line] = range.getClientRects();
    const slash = document.createElement("span");
    slash.textContent = "/";
    li.prepend(slash);
    return [Math.round(line.bottom - slash.getBoundingClientRect().bottom), range.getClientRects().length];
})"""


def test_a_slash_stays_with_the_first_line_of_a_long_name(new_page, app):
    product = make_product(make_shop())
    page = new_page(360, 640, **PHONE)
    page.goto(f"/produk/{product.slug}")

    measured = page.evaluate(SLASHES, LONG)

    assert min(lines for _off, lines in measured) > 1
    assert all(abs(off) <= 2 for off, _lines in measured), measured
