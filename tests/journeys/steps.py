"""Steps that several journeys take, in the words that stand on the screen."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import zxingcpp
from flask import current_app
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.people.accounts.models import Account
from app.people.accounts.rules import home_of
from app.people.accounts.sessions import cookie_name
from tests.factories.people import PASSWORD, PIN, sign_in, totp
from tests.support.live import PATIENCE_MS

HOST = "127.0.0.1"


def press(page: Page, word: str, *, exact: bool = True, nth: int = 0) -> None:
    """Press the button with this word; where it brings another page, that is read to its end."""
    page.get_by_role("button", name=word, exact=exact).nth(nth).click()
    page.wait_for_load_state("domcontentloaded")


def follow(page: Page, word: str, *, exact: bool = True) -> None:
    """Follow the link with this word inside the page, and arrive."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.locator("main").get_by_role("link", name=word, exact=exact).first.click()


def shown(found: Locator) -> Locator:
    """Return the one of several that this width shows, once styles are read: before that all of them are seen."""
    found.first.wait_for(state="attached")
    found.page.wait_for_load_state("domcontentloaded")
    return found.locator("visible=true").first


def heading(page: Page, words: str) -> None:
    """See that the page is the one with this heading, and that all of it is there."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    page.wait_for_load_state("domcontentloaded")


def arrives(page: Page, what: Callable[[], bool]) -> None:
    """Wait until something is so that no page can be asked about."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not what():
        assert time.monotonic() < end, "it never came"
        page.wait_for_timeout(20)


def scanned(place: Locator) -> str:
    """Read the code that stands on the screen, as a camera in front of it would."""
    with Image.open(io.BytesIO(place.screenshot(caret="initial"))) as seen:
        found = zxingcpp.read_barcodes(seen.convert("L"))
    return found[0].text if found else ""


def sign_in_staff(page: Page, account: Account, *, steps: int = 0, password: str = PASSWORD) -> None:
    """Sign an officer in with password and six digits; `steps` is for a second time within half a minute."""
    page.goto("/masuk/petugas")
    page.get_by_label("Nama pengguna", exact=True).fill(account.username or "")
    page.get_by_label("Kata sandi", exact=True).fill(password)
    press(page, "Masuk")
    page.get_by_label("Kode 6 angka", exact=True).fill(totp(steps=steps))
    press(page, "Masuk")
    expect(page.get_by_role("button", name="Keluar", exact=True)).to_be_visible()


def let_in(page: Page, account: Account, way: str = "") -> None:
    """Put somebody past the door, before her own first page or another: who is about the door goes through it."""
    client = current_app.test_client()
    sign_in(client, account)
    cookie = client.get_cookie(cookie_name())
    assert cookie is not None
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": HOST, "path": "/"}])
    page.goto(way or home_of(account.role))


def show_card(page: Page, phone: str, code: str) -> None:
    """Type number and card at the seller's door."""
    page.goto("/masuk?cara=kartu")
    page.get_by_label("Nomor HP", exact=True).fill(phone)
    page.get_by_label("Kode kartu", exact=True).fill(code)
    press(page, "Masuk")


def choose_pin(page: Page, pin: str = PIN, *, whose: str = "HP sendiri") -> None:
    """After the card: whose phone it is, and a PIN twice."""
    page.get_by_label(whose).check()
    page.get_by_label("PIN", exact=True).fill(pin)
    page.get_by_label("PIN sekali lagi", exact=True).fill(pin)
    press(page, "Masuk")


def enter_with_pin(page: Page, phone: str, pin: str = PIN) -> None:
    """Type number and PIN on a phone that knows her."""
    page.goto("/masuk?cara=pin")
    page.get_by_label("Nomor HP", exact=True).fill(phone)
    page.get_by_label("PIN", exact=True).fill(pin)
    press(page, "Masuk")
