"""Who changes a record says which version was read: every form of every page is listed, none by hand.

A form that people fill in and that says no version stands in versions.csv, with the reason why nothing that somebody
else saved can be lost by it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.house import addresses
from tests.security import kept

REASONS = Path(__file__).with_name("versions.csv")
UNTYPED = {"hidden", "submit", "button", "image", "reset"}
# A number of the record, or what stood there when it was read.
VERSIONS = {"versi", "versi-draf", "tadi", "terbaru"}
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
    return [each for who in kept.VIEWERS for each in seen_forms(app, pages(who))]


def test_every_form_says_the_version_that_was_read_or_why_it_needs_none(forms):
    bare, known = without_version(forms), reasons()

    assert sorted(set(bare) - set(known)) == [], {name: sorted(bare[name]) for name in sorted(set(bare) - set(known))}
    assert sorted(set(known) - set(bare)) == [], "these carry a version now, or are gone"
    assert all(len(reason) > 8 for reason in known.values())


def test_every_form_goes_to_a_view_of_the_access_file(forms):
    named = {row["endpoint"] for row in addresses.matrix() if "POST" in row["methods"]}

    assert {endpoint for endpoint, _asks in forms} <= named
    assert len(without_version(forms)) < len({endpoint for endpoint, _asks in forms})


def test_a_form_that_forgets_its_version_goes_red(app, pages):
    page = next(each for each in pages("curator") if each.path.endswith("/nama"))
    bent = kept.replace(page, data=page.data.replace(b'name="versi"', b'name="apa"'))

    assert "fostering.rename" not in without_version(seen_forms(app, [page]))
    assert without_version(seen_forms(app, [bent])) == {"fostering.rename": {"lapak"}}
