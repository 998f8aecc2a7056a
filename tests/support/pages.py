"""What every page must satisfy, checked on each one that a test fetches.

`problems(html, resolves)` names what is wrong in words; `PageClient` asks it about every answer and fails the test.
A page that was read before is not read again: the verdict follows from its text and from the address map alone.
"""

from __future__ import annotations

import contextvars
import hashlib
import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from app.core.db import db

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
DATA_SCRIPTS = {"application/ld+json", "application/json"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\{|\}\}|\{%|LazyString|<app\.")
ENGLISH = re.compile(
    r"This field is required|Not a valid|Invalid input|must be at (least|most)|\bCSRF\b|Internal Server Error|Not Found"
)
HEADERS = {
    "Content-Security-Policy": ("script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"),
    "X-Content-Type-Options": ("nosniff",),
    "Referrer-Policy": ("",),
    "Permissions-Policy": ("",),
    "Cross-Origin-Opener-Policy": ("same-origin",),
    "Cross-Origin-Resource-Policy": ("",),
}

# All that differs between two looks at the same page; letters, digits and dots can break no rule.
TOKEN = re.compile(r'(name="csrf_token" value=")[\w.-]+(")')


# Links of a head that only name an address; no browser fetches it.
NAMED = {"canonical", "alternate"}

Resolves = Callable[[str, str], bool]


def without_tokens(html: str) -> str:
    """Return a page as it reads at every look."""
    return TOKEN.sub(r"\1\2", html)


class Page(HTMLParser):
    """One page, read once; `problems` fills while reading."""

    def __init__(self, html: str, resolves: Resolves | None = None) -> None:
        """Read the page; `resolves(method, path)` tells whether an address of ours exists."""
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.headings: list[str] = []
        self.title: str | None = None
        self.text = ""
        self._resolves = resolves or (lambda method, path: True)
        self._open: list[str] = []
        self._fields: list[tuple[str, dict[str, str], bool]] = []
        self._label_for: set[str] = set()
        self._ids: list[str] = []
        self.feed(html)
        self.close()
        self._judge(html)

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: nobody asks where a fault stands, and every page is read."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notice one element."""
        given = {name: value or "" for name, value in attrs}
        self._attributes(tag, given)
        if tag == "h1":
            self.headings.append("")
        if tag == "title" and "svg" not in self._open:
            self.title = ""
        if tag == "label" and "for" in given:
            self._label_for.add(given["for"])
        if tag in {"input", "select", "textarea"} and given.get("type", "text") not in UNLABELLED:
            self._fields.append((tag, given, "label" in self._open))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notice `<use/>` and the like."""
        self._attributes(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        elif tag not in VOID:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        """Collect what a reader sees."""
        if "script" in self._open or "style" in self._open:
            return
        if self.title is not None and "title" in self._open and "svg" not in self._open:
            self.title += data
        elif "head" not in self._open:
            self.text += data
        if "h1" in self._open and "svg" not in self._open:
            self.headings[-1] += data

    def _attributes(self, tag: str, given: dict[str, str]) -> None:
        if "style" in given:
            self.problems.append(f"<{tag} style=…> is inline style")
        self.problems += [f"<{tag} {name}=…> is inline script" for name in given if name.startswith("on")]
        if tag == "style":
            self.problems.append("<style> is inline style")
        if tag == "script" and "src" not in given and given.get("type", "") not in DATA_SCRIPTS:
            self.problems.append("<script> without src is inline script")
        if tag == "img" and "alt" not in given:
            self.problems.append(f"<img src={given.get('src')}> has no alt")
        if tag == "html" and not given.get("lang"):
            self.problems.append("<html> has no lang")
        if "id" in given:
            self._ids.append(given["id"])
        self._addresses(tag, given)

    def _addresses(self, tag: str, given: dict[str, str]) -> None:
        method = given.get("method", "get").upper() if tag == "form" else "GET"
        for name in ("href", "src", "action"):
            address = given.get(name, "")
            parts = urlsplit(address)
            if not address or parts.scheme or parts.netloc or not parts.path.startswith("/"):
                if parts.scheme == "javascript":
                    self.problems.append(f"<{tag} {name}={address}> runs script")
                elif tag in {"script", "link", "img", "source"} and parts.netloc and given.get("rel") not in NAMED:
                    self.problems.append(f"<{tag} {name}={address}> fetches from strangers")
                continue
            if not self._resolves(method, parts.path):
                self.problems.append(f"<{tag} {name}={address}> leads nowhere ({method})")

    def _judge(self, html: str) -> None:
        if len(self.headings) != 1:
            self.problems.append(f"{len(self.headings)} h1 instead of one")
        heading, title = (_plain(self.headings[0]) if self.headings else ""), _plain(self.title or "")
        if not heading or not title.startswith(heading):
            self.problems.append(f"title “{title}” does not begin with the h1 “{heading}”")
        for tag, given, inside in self._fields:
            if not (
                inside
                or given.get("id", "") in self._label_for
                or given.get("aria-label")
                or given.get("aria-labelledby")
            ):
                self.problems.append(f"<{tag} name={given.get('name')}> has no label")
        self.problems += [
            f"id={each} stands twice" for each in sorted({i for i in self._ids if self._ids.count(i) > 1})
        ]
        for pattern, name in ((PLACEHOLDER, "a raw placeholder"), (ENGLISH, "untranslated words")):
            if found := pattern.search(self.text + (self.title or "")):
                self.problems.append(f"{name}: {found[0]}")
        if not html.lstrip().lower().startswith("<!doctype html>"):
            self.problems.append("no doctype")


def problems(html: str, resolves: Resolves | None = None) -> list[str]:
    """Name everything that is wrong with a page; an empty list is a good page."""
    return Page(html, resolves).problems


def header_problems(headers: Any) -> list[str]:
    """Name the security headers that an answer lacks."""
    return [
        f"{name} is {headers.get(name)!r}"
        for name, parts in HEADERS.items()
        if headers.get(name) is None or not all(part in headers[name] for part in parts)
    ]


def words_of(html: str) -> str:
    """Return what a page, or a piece of it, says, as it is read: without tags, one gap between words."""
    return _plain(unescape(re.sub(r"<[^>]+>", " ", html)))


def _plain(text: str) -> str:
    return " ".join(text.split())


class Verdicts:
    """What is known about the pages and addresses of one application, as long as its address map stays as it is."""

    def __init__(self, app: Flask) -> None:
        """Know nothing yet."""
        self._map = app.url_map
        self._rules = 0
        self._of_page: dict[bytes, list[str]] = {}
        self._of_address: dict[tuple[str, str], bool] = {}

    def of_page(self, html: str) -> list[str]:
        """Name everything that is wrong with a page."""
        self._forget_an_older_map()
        key = hashlib.sha256(without_tokens(html).encode(errors="surrogatepass")).digest()
        if key not in self._of_page:
            self._of_page[key] = problems(html, self.resolves)
        return self._of_page[key]

    def resolves(self, method: str, path: str) -> bool:
        """Tell whether the address map knows this path."""
        if (method, path) not in self._of_address:
            self._of_address[method, path] = self._match(method, path)
        return self._of_address[method, path]

    def _match(self, method: str, path: str) -> bool:
        try:
            self._map.bind("localhost").match(path, method)
        except RequestRedirect:
            return True
        except (NotFound, MethodNotAllowed):
            return False
        except HTTPException:
            return True
        return True

    def _forget_an_older_map(self) -> None:
        rules = sum(map(len, self._map._rules_by_endpoint.values()))  # `_rules` makes a list of them at each look
        if rules != self._rules:
            self._rules = rules
            self._of_page.clear()
            self._of_address.clear()


_verdicts: WeakKeyDictionary[Flask, Verdicts] = WeakKeyDictionary()


class PageClient(FlaskClient):
    """A browser without scripts: keeps cookies, and fails the test at the first page that breaks a house rule.

    Each request runs in a context of its own, so that nothing of the test leaks into it, as on a real server; what the
    test has loaded is forgotten afterwards and read again.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and look at what comes back."""
        db.session.rollback()
        kwargs.setdefault("buffered", True)  # what is written piece by piece is read while its request lasts
        answer: TestResponse = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.rollback()
        found = header_problems(answer.headers)
        if answer.mimetype == "text/html" and answer.data:
            found = [*found, *self.verdicts.of_page(answer.get_data(as_text=True))]
        assert not found, f"{answer.request.method} {answer.request.path} ({answer.status_code}):\n  " + "\n  ".join(
            found
        )
        return answer

    @property
    def verdicts(self) -> Verdicts:
        """What was found out about this application's pages."""
        return _verdicts.setdefault(self.application, Verdicts(self.application))
