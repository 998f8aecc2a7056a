"""Every page of the house as a stranger to no screen: a small phone, large letters, the dark, paper, no script, by ear.

The other journeys walk; this one only looks, so one engine is enough, and no page is forgotten: it follows the map of
addresses that the security tests keep whole.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from app.people.accounts import sessions
from tests.factories.people import sign_in
from tests.security import walk, world
from tests.security.test_hostile import half_way, person_for
from tests.support.fit import misfits, too_wide
from tests.support.reader import unheard
from tests.support.slices import slice_of

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.one_engine]

SMALLEST = (320, 568)
PAPER = (718, 1000)  # A4 less its margins, at 96 dots per inch
GALLERY = "/_komponen"  # shows each state of each piece, hidden and disabled ones too; nobody's screen
USUAL = (360, 640)
PARTS, ALL = 12, 150  # every twelfth page in each part; one part belongs to `make test`, the others are drills
# Without motion nothing is half-way between light and dark when it is looked at.
PHONE = {"has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}


@pytest.fixture
def market(app) -> world.World:
    return world.build()


@pytest.fixture
def screens(app, market, new_page, live_server, part) -> Iterator[tuple[str, Page]]:
    """Open every page of a part once, as somebody who may, with scripts off; yield its address and the window."""
    subjects = {name: values[:1] for name, values in market.near.items()}
    windows: dict[int, tuple[Page, object]] = {}

    def walked() -> Iterator[tuple[str, Page]]:
        for stop in list(walk.stops(app, subjects, "GET"))[part::PARTS]:
            person = person_for(walk.row_of(stop.rule.endpoint), market)
            number = person.id if person else 0
            if number not in windows:
                window, client = new_page(*SMALLEST, javascript=False, **PHONE), app.test_client()
                if person:
                    sign_in(client, person)
                windows[number] = window, client
            window, client = windows[number]
            half_way(client, market, stop.rule.endpoint)
            answer = client.get(stop.path)
            if (
                stop.path == GALLERY
                or answer.status_code != 200
                or answer.mimetype != "text/html"
                or "<h1" not in answer.text
            ):
                continue
            for name in (sessions.cookie_name(), "pintu"):
                if cookie := client.get_cookie(name):
                    window.context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
            window.goto(stop.path)
            yield stop.path, window

    return walked()


@pytest.mark.parametrize("part", slice_of(range(PARTS), 0))
def test_no_page_is_too_wide_too_small_too_pale_or_unheard_anywhere(screens):
    found, seen = {}, 0
    for path, page in screens:
        seen += 1
        page.set_viewport_size({"width": SMALLEST[0], "height": SMALLEST[1]})
        page.emulate_media(color_scheme="light", media="screen")
        found[path, "light"] = misfits(page)
        found[path, "heard"] = unheard(page)
        page.emulate_media(color_scheme="dark")
        found[path, "dark"] = [each for each in misfits(page) if each.startswith("pale")]
        page.emulate_media(color_scheme="light", media="print")
        page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
        found[path, "paper"] = too_wide(page)
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1280, "height": 800})
        found[path, "heard at a desk"] = unheard(page)
        page.set_viewport_size({"width": 640, "height": 400})  # a desk of 1280 at twice the size
        found[path, "desk at 200 %"] = too_wide(page)
        page.set_viewport_size({"width": USUAL[0], "height": USUAL[1]})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found[path, "letters at 200 %"] = too_wide(page)

    assert seen > ALL // PARTS
    wrong = [f"{path} ({how}): {each}" for (path, how), all_of_it in found.items() for each in all_of_it]
    assert not wrong, "\n".join(wrong)
