"""Her phone is told while nothing of the market is open: a few words, and a tap that leads to her own page.

A browser without a window shows no notices, so the last step, the phone's own, is noted where the worker asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Worker

from app.core import jobs
from app.core.db import db, transaction
from app.office.notices import operations
from tests.factories.goods import make_product
from tests.factories.trade import BUYER, make_stall, place_order
from tests.journeys import steps
from tests.office.notices.test_push import Browser, Service, serving

pytestmark = [pytest.mark.journey, pytest.mark.one_engine]

# What the worker asks of the phone is written down instead of done.
NOTED = """() => {
  self.asked = [];
  self.registration.showNotification = (title, more) => { self.asked.push([title, more.body, more.data]); };
  self.clients.openWindow = (address) => { self.asked.push(address); };
}"""
PUSHED = "(said) => { self.dispatchEvent(new PushEvent('push', said === null ? {} : { data: said })); }"
TAPPED = """(where) => {
  const event = new ExtendableEvent("notificationclick");
  event.notification = { data: where, close() { self.asked.push("closed"); } };
  self.dispatchEvent(event);
}"""


@pytest.fixture
def service(app) -> Iterator[Service]:
    with serving(app) as server:
        yield server


def worker_of(page: Page) -> Worker:
    """Let the worker of her phone stand, as her pages do."""
    page.goto("/masuk")
    page.evaluate("navigator.serviceWorker.register('/sw.js', { scope: '/jualan/catat' }).then(() => null)")
    steps.arrives(page, lambda: bool(page.context.service_workers))
    worker = page.context.service_workers[0]
    worker.evaluate(NOTED)
    return worker


def test_what_the_market_sends_is_what_the_phone_shows_and_where_it_leads(phone, service):
    owner, shop = make_stall(name="Telur Ibu Sarmi")
    browser, worker = Browser(), worker_of(phone)
    given = browser.form(service.origin + "/hp")
    with transaction():
        operations.keep_phone(owner, given["alamat"], given["kunci"], given["rahasia"])
    order = place_order(make_product(shop))
    with transaction():
        operations.carry()
    jobs.run_due()
    db.session.rollback()
    [(_path, _headers, body)] = service.came

    worker.evaluate(PUSHED, json.dumps(browser.open(body)))
    steps.arrives(phone, lambda: bool(worker.evaluate("self.asked")))
    [(title, words, where)] = worker.evaluate("self.asked")
    assert (title, words, where) == ("Lapak Mandiri", "Ada pesanan baru. Buka Lapak Mandiri.", "/jualan/kabar")
    assert not any(secret in title + words + where for secret in (BUYER, order.code, owner.name, shop.name))

    worker.evaluate(TAPPED, where)
    assert worker.evaluate("self.asked.slice(1)") == ["closed", "/jualan/kabar"]


def test_whatever_comes_the_phone_says_something_that_leads_somewhere(phone):
    worker = worker_of(phone)
    for said in (None, "", "{", "[]", "null", '{"lain": 1}'):
        worker.evaluate("self.asked.length = 0")
        worker.evaluate(PUSHED, said)

        steps.arrives(phone, lambda: bool(worker.evaluate("self.asked")))
        assert worker.evaluate("self.asked") == [["Lapak Mandiri", "Ada kabar. Buka Lapak Mandiri.", "/jualan/kabar"]]
