"""The main job with keys alone: sign in, sell, order, answer. Focus is always seen and goes where one reads."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from app.core.db import db
from app.goods.products.models import Product, Revision
from app.trade.orders.models import Order
from tests.factories.goods import make_product, picture_bytes
from tests.factories.people import KECAMATAN, PIN, make_account, make_card
from tests.factories.trade import make_stall
from tests.journeys import steps
from tests.support.live import PATIENCE_MS

pytestmark = pytest.mark.journey

MOST_STEPS = 90
PHOTO: FilePayload = {"name": "telur.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
# What has the focus, once letters have come and what moves is at rest: its name, and what is wrong with how it is seen.
# The page itself looks again and again, from frame to frame: how fast the machine is does not matter.
FOCUS = """async patience => {
 const look = () => {
  const node = document.activeElement;
  if (!node || node === document.body) return ["", ""];
  const label = node.labels && node.labels[0];
  const said = node.getAttribute("aria-label") || (label || node).innerText || node.value || "";
  const name = said.trim().split("\\n")[0];
  const lined = style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const framed = style => style.boxShadow !== "none" || lined(style);
  const near = [node, node.parentElement, label].filter(Boolean);
  if (!near.some(each => framed(getComputedStyle(each)))) return [name, "no frame"];
  const box = (label || node).getBoundingClientRect();
  const x = box.left + Math.min(box.width / 2, 40), y = box.top + box.height / 2;
  if (box.bottom < 0 || y > innerHeight) return [name, "outside the window"];
  const top = document.elementFromPoint(x, y);
  const own = top && [node, label].some(each => each && (each.contains(top) || top.contains(each)));
  return [name, !top || own ? "" : `under ${top.outerHTML.slice(0, 60)}`];
 };
 const end = performance.now() + patience;
 await document.fonts.ready;
 for (;;) {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const seen = look();
  if (!seen[1] || performance.now() > end) return seen;
 }
}"""


def focus(page: Page, patience: int = PATIENCE_MS) -> str:
    """Return the name of what has the focus, which must be seen."""
    name, wrong = page.evaluate(FOCUS, patience)
    assert not wrong, f"{page.url}: focus on “{name}” {wrong}"
    return str(name)


def reach(page: Page, name: str, patience: int = PATIENCE_MS) -> None:
    """Go on with the tabulator until something with this name has the focus."""
    met = []
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        met.append(focus(page, patience))
        if met[-1].startswith(name):
            return
    raise AssertionError(f"{page.url}: no “{name}” among {met}")


def type_into(page: Page, name: str, text: str) -> None:
    """Reach a field and type."""
    reach(page, name)
    page.keyboard.type(text)


def press(page: Page, name: str, key: str = "Enter") -> None:
    """Reach a control, press it, and arrive."""
    reach(page, name)
    with page.expect_navigation():
        page.keyboard.press(key)


def skip_to_the_words(page: Page) -> None:
    """The first stop of a page leads past its header."""
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    assert focus(page) == "Langsung ke isi"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.fixture
def market(app) -> tuple[str, str, Product]:
    """A seller with a card and no PIN yet, who has eggs on sale; the code of her card."""
    owner = make_account(name="Rohimah", phone="+6281290005678", pin=None)
    _owner, shop = make_stall(name="Telur Bu Imah", owner_id=owner.id)
    return owner.phone or "", make_card(owner), make_product(shop, "Telur asin masir", price=38_000, qty=10)


def come_in(page: Page, phone: str, code: str) -> None:
    """Number and card, whose phone it is, a PIN twice."""
    page.goto("/masuk?cara=kartu")
    skip_to_the_words(page)
    type_into(page, "Nomor HP", phone)
    type_into(page, "Kode kartu", code)
    press(page, "Masuk")
    steps.heading(page, "Halo, Rohimah")
    skip_to_the_words(page)
    reach(page, "HP sendiri")
    page.keyboard.press("Space")
    type_into(page, "PIN", PIN)
    type_into(page, "PIN sekali lagi", PIN)
    press(page, "Masuk")


def list_a_product(page: Page) -> None:
    """A photo, a name, a price, how many."""
    # Whoever begins to listen only now may press before the browser hands its window for files over.
    page.on("filechooser", lambda _chooser: None)
    page.goto("/jualan/produk/baru")
    skip_to_the_words(page)
    reach(page, "Ambil foto")
    with page.expect_file_chooser() as opened:
        page.keyboard.press("Enter")
    opened.value.set_files(PHOTO)
    page.locator("[data-preview] canvas").wait_for()
    type_into(page, "Nama produk", "Keripik pisang")
    type_into(page, "Harga", "12rb")
    type_into(page, "Satuan", "bungkus")
    type_into(page, "Jumlah", "7")
    press(page, "Jual sekarang")


def order(page: Page, product: Product) -> None:
    """Look at the eggs, put two into the cart, say who asks."""
    page.goto(f"/produk/{product.slug}")
    skip_to_the_words(page)
    reach(page, "Jumlah")
    page.keyboard.press("ArrowUp")
    press(page, "Masukkan keranjang")
    press(page, "Lanjut pesan")
    skip_to_the_words(page)
    type_into(page, "Nama", "Ratna Dewi")
    type_into(page, "Nomor WhatsApp", "0812 9876 5432")
    press(page, "Pesan sekarang")
    steps.heading(page, "Pesanan terkirim")


@pytest.mark.parametrize("size", [(1280, 700), (360, 640)], ids=["desk", "phone"])
def test_a_seller_and_a_buyer_do_all_of_it_with_keys(new_page, market, eyes, size):
    phone, code, eggs = market
    hers, buyers = new_page(*size), new_page(*size)
    eyes.watch(hers, buyers)
    come_in(hers, phone, code)
    list_a_product(hers)
    db.session.rollback()
    assert db.session.scalars(select(Revision.name).order_by(Revision.id.desc()).limit(1)).one() == "Keripik pisang"

    order(buyers, eggs)
    hers.goto("/jualan/pesanan")
    skip_to_the_words(hers)
    press(hers, "Terima")
    db.session.rollback()
    [placed] = db.session.scalars(select(Order))
    assert placed.state == "accepted"


@pytest.mark.one_engine
@pytest.mark.parametrize("size", [(1280, 700), (360, 640)], ids=["desk", "phone"])
@pytest.mark.parametrize("at", ["Ambil dari galeri", "Nama produk"])
def test_a_photo_that_appears_pushes_the_focus_out_of_nobodys_sight(new_page, market, size, at):
    page = new_page(*size)
    steps.let_in(page, market[-1].shop.owner, "/jualan/produk/baru")
    reach(page, at)

    page.locator("#foto").set_input_files(PHOTO)

    page.locator("[data-preview] canvas").wait_for()
    assert focus(page) == at


@pytest.mark.one_engine
def test_a_focus_that_nobody_sees_is_named(new_page, app):
    page = new_page(360, 640)
    page.goto("/masuk")
    page.evaluate(
        "for (const each of document.querySelectorAll('a')) each.style.cssText = 'outline:none;box-shadow:none'"
    )

    with pytest.raises(AssertionError, match="no frame"):
        reach(page, "Kode kartu", patience=300)


@pytest.mark.parametrize("size", [(360, 640), (1280, 800)], ids=["phone", "desk"])
def test_the_map_of_shops_is_walked_and_opened_with_keys(new_page, market, eyes, size):
    page = new_page(*size)
    eyes.watch(page)
    page.goto("/lapak")
    skip_to_the_words(page)

    reach(page, "Ciomas: 1 lapak")
    eyes.look(page, f"papan-tik-peta-{size[0]}")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page).to_have_url(f"/lapak?kecamatan={KECAMATAN}")
    expect(page.locator("svg.map a[aria-current=true]")).to_have_attribute("aria-label", "Ciomas: 1 lapak")
    expect(page.locator("main")).to_contain_text("Telur Bu Imah")
