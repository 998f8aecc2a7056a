"""Who changes a record says which version was read: every form of every page is listed, none by hand.

A form that people fill in and that says no version stands in versions.csv, with the reason why nothing that somebody
else saved can be lost by it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from app.goods.shops import operations as shops
from tests.house import addresses
from tests.house.test_invariants import is_there
from tests.security import hostile, kept
from tests.security.dump import stored
from tests.security.test_hostile import forget_limits
from tests.security.world import World
from tests.support.clocks import TODAY

REASONS = Path(__file__).with_name("versions.csv")
UNTYPED = {"hidden", "submit", "button", "image", "reset"}
# A number of the record, or what stood there when it was read.
VERSIONS = {"versi", "versi-draf", "tadi", "terbaru"}
NEVER_SHOWN = "999983"
# One claim, found by its own number, is answered once; the version of its order serves the other acts of that form.
ONCE = {"payments.say"}
FITTING = {"berat": "200", "nomor": "1234567890", "kalimat": "Sedang libur"}
# What a form filled in by a machine does not reach: the test that sends a stale one there.
ELSEWHERE = {
    "payments.own_code": ("trade/payments/test_means.py", "test_an_older_version_is_refused_by_the_operation"),
    "payments.say": ("trade/payments/test_paying.py", "test_an_older_page_changes_nothing"),
    "products.add_choice": (
        "goods/products/test_choosing.py",
        "test_a_choice_made_on_an_old_page_is_refused_and_leaves_nothing",
    ),
    "products.ask_ambil": (
        "goods/products/test_filling.py",
        "test_where_it_can_be_had_is_not_overwritten_from_an_old_page",
    ),
    "products.cost": ("goods/products/test_costs.py", "test_an_old_tab_is_shown_what_is_there_and_loses_nothing"),
    "products.edit": ("goods/products/test_views.py", "test_a_stale_save_stands_beside_the_newer_one"),
    "reference.remove_word": (
        "goods/reference/test_words.py",
        "test_a_word_that_another_changed_meanwhile_is_shown_and_not_overwritten",
    ),
    "reference.word": (
        "goods/reference/test_words.py",
        "test_a_word_that_another_changed_meanwhile_is_shown_and_not_overwritten",
    ),
    "reviews.judge": ("trade/reviews/test_reviews.py", "test_what_is_doubtful_waits_for_a_curator"),
}
_like = hostile._like
GALLERY = "/_komponen"  # shows pieces of forms to developers; they go nowhere


@dataclass
class Asks:
    """One form: where it goes, what people fill in, and what it carries along."""

    action: str
    typed: set[str] = field(default_factory=set)
    carried: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page that change something."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__(convert_charrefs=True)
        self.found: list[Asks] = []
        self._open: Asks | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notice a form, or a field of the one that is open."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Asks(given.get("action", "")) if given.get("method", "").lower() == "post" else None
        elif self._open is not None and given.get("name") and tag in {"input", "select", "textarea"}:
            if given.get("type") in UNTYPED:
                self._open.carried[given["name"]] = given.get("value", "")
            else:
                self._open.typed.add(given["name"])

    def handle_endtag(self, tag: str) -> None:
        """Keep a form that ends."""
        if tag == "form" and self._open is not None:
            self.found.append(self._open)
            self._open = None


def endpoint_of(app: Flask, page: kept.Page, asks: Asks) -> str:
    """Name the view that a form goes to."""
    target = urlsplit(urljoin(f"http://localhost{page.path}", asks.action)).path
    try:
        return str(app.url_map.bind("localhost").match(target, "POST")[0])
    except HTTPException:
        return target


def seen_forms(app: Flask, pages: list[kept.Page]) -> list[tuple[str, Asks]]:
    """Return every form on these pages that somebody fills in."""
    found = []
    for page in pages:
        if page.status == 200 and page.mimetype == "text/html" and page.path != GALLERY:
            found += [(endpoint_of(app, page, asks), asks) for asks in Forms(page.text).found if asks.typed]
    return found


def without_version(forms: list[tuple[str, Asks]]) -> dict[str, set[str]]:
    """Return the views that are sent what people typed without the version they read, and which fields."""
    found: dict[str, set[str]] = defaultdict(set)
    for endpoint, asks in forms:
        if not VERSIONS & set(asks.carried):
            found[endpoint] |= asks.typed
    return dict(found)


def reasons() -> dict[str, str]:
    """Read why a view needs no version."""
    with REASONS.open(encoding="utf-8", newline="") as file:
        return {row["endpoint"]: row["reason"] for row in csv.DictReader(file)}


@pytest.fixture
def forms(app, pages):
    """Every form that anybody is shown."""
    return [each for who in kept.DOERS for each in seen_forms(app, pages(who))]


def test_every_form_says_the_version_that_was_read_or_why_it_needs_none(forms):
    bare, known = without_version(forms), reasons()

    assert sorted(set(bare) - set(known)) == [], {name: sorted(bare[name]) for name in sorted(set(bare) - set(known))}
    assert sorted(set(known) - set(bare)) == [], "these carry a version now, or are gone"
    assert all(len(reason) > 8 for reason in known.values())


def test_every_form_goes_to_a_view_of_the_access_file(forms):
    named = {row["endpoint"] for row in addresses.matrix() if "POST" in row["methods"]}

    assert {endpoint for endpoint, _asks in forms} <= named
    assert len(without_version(forms)) < len({endpoint for endpoint, _asks in forms})


def offered(app: Flask, page: kept.Page) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield view, address and fields of each form of a page that says a version."""
    if page.status != 200 or page.mimetype != "text/html" or page.path == GALLERY:
        return
    for action, method, fields in hostile.Forms(page.text).found:
        if method == "POST" and fields.get("versi", "").isdigit():
            address = urljoin(f"http://localhost{page.path}", action).removeprefix("http://localhost")
            yield endpoint_of(app, page, Asks(action)), address, fields


def sent_stale(
    app: Flask, world: World, pages: Callable[[str], list[kept.Page]], rooms: tuple[str, ...] = ("",)
) -> tuple[set[str], list[str], set[str]]:
    """Send every form, or those of some rooms, once, as it stands, with a version that no page ever showed.

    Returns the views that were asked, what went wrong, and the views that said that it was stale.
    """
    asked: dict[str, tuple[str, str, dict[str, str]]] = {}
    for who in kept.DOERS:
        for page in pages(who):
            for endpoint, address, fields in offered(app, page):
                if endpoint.startswith(rooms):
                    asked.setdefault(endpoint, (who, address, fields))
    wrong, told, before = [], set(), saved()
    for endpoint, (who, address, fields) in asked.items():
        forget_limits()
        answer = kept.browser(app, world, who).post(address, data=fields | {"versi": NEVER_SHOWN})
        after = saved()
        if answer.status_code == 409:
            told.add(endpoint)
        if answer.status_code >= 500 or (after != before and endpoint not in ONCE):
            wrong.append(
                f"{endpoint}: {answer.status}, {sorted(name for name in after if after[name] != before[name])}"
            )
        before = after
    return set(asked), wrong, told


def saved() -> dict[str, str]:
    """Everything stored but sessions, which carry what the next page says."""
    return {name: print_ for name, print_ in stored().items() if name != "web_session"}


def fitting(given: dict[str, str]) -> str:
    """Return what an empty field takes."""
    return TODAY.isoformat() if given.get("type") == "date" else FITTING.get(given.get("name", ""), _like(given))


def test_a_version_that_no_page_showed_stores_nothing_and_is_told(app, world, pages, monkeypatch):
    """Sent as it stands a form mostly gets as far as the version; filled in, the rest do."""
    told: set[str] = set()
    for fill in (lambda given: "", fitting):
        monkeypatch.setattr(hostile, "_like", fill)
        asked, wrong, said = sent_stale(app, world, pages)
        told |= said

        assert wrong == []

    assert sorted(asked - told) == sorted(ELSEWHERE)
    assert [test for file, test in ELSEWHERE.values() if not is_there((f"tests/{file}", test))] == []


def test_where_nobody_compares_versions_the_stale_save_is_stored(app, world, pages, monkeypatch):
    monkeypatch.setattr(shops, "move_on", lambda *_args, **_more: None)
    monkeypatch.setattr(hostile, "_like", lambda given: "")

    _asked, wrong, _told = sent_stale(app, world, pages, ("shops.", "fostering."))

    assert {each.partition(".")[0] for each in wrong} == {"shops", "fostering"}


def test_a_form_that_forgets_its_version_goes_red(app, pages):
    page = next(each for each in pages("curator") if each.path.endswith("/nama"))
    bent = kept.replace(page, data=page.data.replace(b'name="versi"', b'name="apa"'))

    assert "fostering.rename" not in without_version(seen_forms(app, [page]))
    assert without_version(seen_forms(app, [bent])) == {"fostering.rename": {"lapak"}}
