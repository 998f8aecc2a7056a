"""What a screen reader says: each mistake with its field, what a card costs and where it is; and faults are heard.

That every page can be heard is asked by test_every_page.py, which opens them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route

from tests.factories.goods import make_product, make_shop
from tests.factories.people import sign_in
from tests.security import walk, world
from tests.security.test_hostile import TURN, forget_limits, half_way, person_for
from tests.support.reader import unheard
from tests.support.slices import slice_of

pytestmark = [pytest.mark.journey, pytest.mark.one_engine]

PARTS = 4
MISTAKES = "field__error"
FAULTS = {
    "document.querySelector('.search__button').replaceChildren()": "no name: button",
    "document.querySelector('main a').replaceChildren()": "no name: link",
    "document.querySelector('main').setAttribute('aria-labelledby', 'nowhere')": "aria-labelledby points at nothing",
    "document.querySelector('main').setAttribute('aria-describedby', 'nowhere')": "aria-describedby points at nothing",
    "document.querySelector('main').setAttribute('aria-controls', 'nowhere')": "aria-controls points at nothing",
    "document.querySelector('.skip-link').setAttribute('href', '#nowhere')": "a jump to nothing",
    "document.querySelector('h1').after(document.createElement('h1'))": "2 h1",
    "document.querySelector('h1').hidden = true": "0 h1",
    "document.querySelector('main').setAttribute('role', 'group')": "0 main",
    "document.querySelector('footer nav').removeAttribute('aria-label')": "not told apart: navigation",
    "document.querySelector('footer nav').setAttribute('aria-label', 'Utama')": "not told apart: navigation",
    "document.querySelector('main').append(document.createElement('img'))": "no alt",
    "document.querySelector('#nama').removeAttribute('aria-describedby')": "a mistake of no field",
    "document.querySelector('#nama').removeAttribute('aria-invalid')": "a field that is not said to be wrong",
}


@pytest.fixture
def mistaken(app, new_page, live_server, part) -> Iterator[tuple[str, Page]]:
    """Send every form of a part without a word in it; yield the address and the window that shows the mistakes."""
    market = world.build()
    subjects = {name: values[:1] for name, values in market.near.items()}
    window, role_of = new_page(javascript=False), {account.id: role for role, account in market.people.items()}
    shown = {"html": ""}
    window.route(live_server.url + "/kesalahan", lambda route: _show(route, shown["html"]))

    def person_of(stop: walk.Stop):
        return person_for(walk.row_of(stop.rule.endpoint), market)

    def turn(stop: walk.Stop) -> int:
        person = person_of(stop)
        return TURN.get(role_of[person.id] if person else "", 2)

    def walked() -> Iterator[tuple[str, Page]]:
        for stop in sorted(walk.stops(app, subjects, "POST"), key=turn)[part::PARTS]:
            forget_limits()
            person, client = person_of(stop), app.test_client()
            if person:
                sign_in(client, person)
            half_way(client, market, stop.rule.endpoint)
            answer = client.post(stop.path)
            if answer.mimetype == "text/html" and MISTAKES in answer.text:
                shown["html"] = answer.text
                window.goto("/kesalahan")
                yield stop.path, window

    return walked()


def _show(route: Route, html: str) -> None:
    route.fulfill(body=html, content_type="text/html; charset=utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("part", slice_of(range(PARTS), 0))
def test_every_mistake_is_told_with_its_field(mistaken):
    found, seen = [], 0
    for path, page in mistaken:
        seen += 1
        found += [f"{path}: {each}" for each in unheard(page)]

    assert seen >= 8
    assert not found, "\n".join(found)


@pytest.fixture
def form(app, new_page) -> Page:
    """A form of the public that came back with its mistakes."""
    page = new_page(javascript=False)
    page.goto("/ingin-jualan")
    page.locator("main form").first.evaluate("form => { form.noValidate = true; form.submit(); }")
    page.locator(f".{MISTAKES}").first.wait_for()
    assert unheard(page) == []
    return page


def test_each_fault_is_heard(form):
    kept = form.content()
    for fault, said in FAULTS.items():
        form.set_content(kept)
        form.evaluate(fault)

        assert any(each.startswith(said) or said in each for each in unheard(form)), fault


def test_a_card_says_what_it_is_what_it_costs_and_where(app, page):
    make_product(make_shop(name="Dapur Bu Nur"), "Telur asin masir", price=38_000, qty=3)
    page.goto("/produk")

    heard = page.locator("article.product-card").aria_snapshot()

    assert re.search(r'link "Telur asin masir".*Rp\s?38\.000.*Ciomas', heard, re.DOTALL), heard
    page.locator(".product-card__name").evaluate("name => name.parentElement.append(name)")
    turned = page.locator("article.product-card").aria_snapshot()
    assert not re.search(r'link "Telur asin masir".*Rp\s?38\.000.*Ciomas', turned, re.DOTALL), turned
    assert unheard(page) == []


def test_suggestions_are_a_list_that_the_field_names(app, page):
    make_product(make_shop(), "Telur asin masir")
    page.goto("/")
    page.get_by_role("combobox", name="Cari").fill("telu")
    page.get_by_role("option").first.wait_for()

    assert unheard(page) == []
