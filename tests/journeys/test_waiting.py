"""Where the signal is thin, the page that goes stays, dimmed under a bar; where it is not, nothing flickers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.factories.goods import make_product
from tests.factories.trade import make_stall
from tests.journeys import steps

pytestmark = [pytest.mark.journey, pytest.mark.one_engine]

TAP = "node => node.click()"  # a tap of the browser's own would wait for the page that is held back
# A page that goes cannot be asked; it writes down for the next one what it showed, and how long after the tap.
WATCH = """() => {
  let tapped = 0;
  addEventListener("click", () => { tapped = performance.now(); }, true);
  new MutationObserver(() => {
    const bar = document.querySelector(".loading");
    if (!bar || sessionStorage.bar) return;
    const box = bar.getBoundingClientRect();
    const dimmed = getComputedStyle(document.querySelector("main[aria-busy=true]") || document.body).opacity < 1;
    sessionStorage.bar = JSON.stringify([performance.now() - tapped >= 399, box.top === 0 && box.height > 2, dimmed]);
    console.info("bar");
  }).observe(document.documentElement, {childList: true, subtree: true, attributes: true});
}"""


@pytest.fixture
def page(new_page, app) -> Page:
    """A phone at the home page."""
    make_product(make_stall()[1], "Telur asin masir")
    page = new_page(360, 640, has_touch=True, is_mobile=True)
    page.goto("/")
    return page


def slow(page: Page, address: str) -> None:
    """Let the network keep what is asked for under an address until the bar is there, and the page write it down."""

    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))

    def keep(route: Route) -> None:
        steps.arrives(page, lambda: "bar" in said)
        route.continue_()

    page.route(address, keep)
    page.evaluate(WATCH)


def told(page: Page) -> list[bool]:
    """What the page before wrote down: not too early, in its place, the words dimmed; nothing when no bar came."""
    found: list[bool] = page.evaluate("JSON.parse(sessionStorage.bar || '[]')")
    return found


def test_a_page_that_takes_its_time_says_so_and_the_next_one_is_clear(page, eyes):
    eyes.watch(page)
    slow(page, "**/lapak")
    page.get_by_role("contentinfo").get_by_role("link", name="Semua lapak").evaluate(TAP)

    page.wait_for_url("**/lapak")
    assert told(page) == [True, True, True]
    expect(page.locator(".loading")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("main")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator(".loading")).to_have_count(0)


def test_a_form_that_takes_its_time_says_so(page, eyes):
    page.goto("/masuk?cara=pin")
    eyes.watch(page)
    page.get_by_label("Nomor HP", exact=True).fill("0812 9000 1234")
    page.get_by_label("PIN", exact=True).fill("730591")
    slow(page, "**/masuk")
    page.get_by_role("button", name="Masuk", exact=True).evaluate(TAP)

    expect(page.get_by_role("alert").first).to_be_visible()
    assert told(page) == [True, True, True]
    steps.heading(page, "Masuk")


@pytest.mark.parametrize("address", ["#isi", "/bazar.ics"])
def test_what_leaves_the_page_in_its_place_shows_no_bar(page, address):
    page.route("**/*.ics", lambda route: route.abort("aborted"))
    page.evaluate(
        "address => document.querySelector('main').insertAdjacentHTML('afterbegin', `<a href='${address}'>Coba</a>`)",
        address,
    )
    page.clock.install()
    page.get_by_role("link", name="Coba").evaluate(TAP)
    page.clock.run_for(900)

    assert page.locator(".loading").count() == 0  # asked once: a bar that is there goes by itself later
