"""She takes her consent to publish back on her phone, sees that she is gone, and comes back when she likes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.core.db import transaction
from app.people.accounts import operations as accounts
from tests.factories.goods import make_product, make_shop
from tests.factories.people import make_account, make_device
from tests.journeys import steps

pytestmark = pytest.mark.journey

NUMBER = "0812 9000 1234"
KNOWN_PHONE = "the-phone-of-nur"


@pytest.fixture
def shop(app):
    owner = make_account(name="Nurhayati", phone="+6281290001234")
    make_device(owner, KNOWN_PHONE)
    shop = make_shop(owner, name="Telur Asin Bu Nur", slug="telur-asin-bu-nur")
    make_product(shop, "Telur asin asap", slug="telur-asin-asap")
    with transaction():
        accounts.record_consent(owner, accounts.PUBLISH, "2026-11", by=make_account("curator"))
    return shop


def is_public(buyer: Page) -> bool:
    """Look as a stranger does."""
    answer = buyer.goto("/lapak/telur-asin-bu-nur")
    assert answer is not None
    buyer.goto("/produk")
    listed = buyer.get_by_text("Telur asin asap").count() > 0
    assert listed is (answer.status == 200)
    return listed


def test_she_takes_her_consent_back_and_gives_it_again(shop, new_page, live_server, eyes, script):
    hers = new_page(360, 640, javascript=script, has_touch=True, is_mobile=True)
    buyer = new_page(1280, 800, javascript=script)
    eyes.watch(hers, buyer)
    hers.context.add_cookies([{"name": "hp", "value": KNOWN_PHONE, "url": live_server.url}])
    assert is_public(buyer)

    steps.enter_with_pin(hers, NUMBER)
    expect(hers).to_have_url(re.compile("/jualan$"))
    hers.goto("/saya")
    steps.follow(hers, "Baca atau tarik izin tampil")
    steps.heading(hers, "Izin tampil")
    expect(hers.locator("main")).to_contain_text("boleh ditarik kapan saja")
    eyes.look(hers, f"izin-diberi-{script}")
    steps.press(hers, "Tarik izin tampil")
    expect(hers.locator("main")).to_contain_text("Tampilkan lagi?")
    eyes.look(hers, f"izin-ditarik-{script}")
    assert not is_public(buyer)
    hers.goto("/jualan")
    expect(hers.locator("main")).to_contain_text("tidak tampil, karena izin ditarik")
    eyes.look(hers, f"meja-tanpa-izin-{script}")

    steps.follow(hers, "Tampilkan lagi")
    steps.press(hers, "Saya setuju, tampilkan lagi")
    expect(hers.locator("main")).to_contain_text("Tarik izin tampil")
    assert is_public(buyer)
