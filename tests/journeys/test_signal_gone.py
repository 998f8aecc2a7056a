"""The signal goes between two pages: a calm page of ours stands there, in no way private, until it comes back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories.goods import make_product
from tests.factories.people import make_account
from tests.factories.trade import make_stall
from tests.journeys import steps

pytestmark = pytest.mark.journey

GONE = "Sinyal hilang"
KEPT = """caches.keys().then(async (names) => {
  const all = [];
  for (const name of names) for (const each of await (await caches.open(name)).keys())
    all.push(new URL(each.url).pathname);
  return all;
})"""


AWAKE = """navigator.serviceWorker.getRegistrations().then(
  (all) => all.filter((each) => each.active && each.active.state === "activated").length)"""


def ready(page: Page, workers: int = 1) -> None:
    """Wait until the phone can show that page alone; at a seller's desk there is the worker of the notebook too."""
    steps.arrives(page, lambda: page.evaluate(AWAKE) == workers)


@pytest.fixture
def umi(app):
    owner, shop = make_stall(name="Rengginang Bu Umi")
    make_product(shop, "Rengginang terasi", price=15_000, qty=20)
    return owner


def test_a_seller_rides_out_of_the_signal_and_back(umi, phone, eyes):
    eyes.watch(phone)
    steps.let_in(phone, umi)
    ready(phone, workers=2)
    phone.context.set_offline(True)

    phone.goto("/jualan/produk")
    steps.heading(phone, GONE)
    expect(phone.get_by_role("link", name="Coba lagi")).to_be_visible()
    expect(phone.get_by_role("link", name="Catat jualan tanpa sinyal")).to_be_visible()
    expect(phone.locator("body")).not_to_contain_text("Rengginang")
    eyes.look(phone, "s-sinyal-hilang")
    phone.get_by_role("link", name="Coba lagi").click()
    steps.heading(phone, GONE)
    phone.get_by_role("link", name="Catat jualan tanpa sinyal").click()
    steps.heading(phone, "Catat jualan")
    phone.goto("/jualan/produk")
    steps.heading(phone, GONE)

    phone.context.set_offline(False)
    steps.heading(phone, "Produk saya")
    expect(phone).to_have_url(re.compile("/jualan/produk$"))
    assert {each for each in phone.evaluate(KEPT) if not each.startswith("/aset/")} == {
        "/tanpa-sinyal", "/jualan/catat/tanpa-sinyal",
    }  # fmt: skip


def test_an_officer_finds_no_way_that_is_not_hers(phone, eyes):
    steps.let_in(phone, make_account("pendamping"))
    ready(phone)
    phone.context.set_offline(True)

    phone.goto("/dampingan")
    steps.heading(phone, GONE)
    expect(phone.get_by_role("link", name="Coba lagi")).to_be_visible()
    expect(phone.get_by_role("link", name="Catat jualan tanpa sinyal")).to_be_hidden()
    assert [each for each in phone.evaluate(KEPT) if not each.startswith("/aset/")] == ["/tanpa-sinyal"]


def test_who_has_something_in_the_cart_has_the_page_and_who_only_looks_pays_nothing(umi, phone):
    phone.goto("/produk")
    assert phone.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0

    phone.get_by_role("link", name="Rengginang terasi").first.click()
    steps.shown(phone.get_by_role("button", name="Masukkan keranjang")).click()
    phone.goto("/keranjang")
    ready(phone)
    phone.context.set_offline(True)
    phone.goto("/produk")
    steps.heading(phone, GONE)
