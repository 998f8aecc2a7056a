"""Following every link, as somebody who only ever presses what stands on the screen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

MOST_OF_ONE_KIND = 12
DEFAULTS = {"q": "telur"}


class Ways(HTMLParser):
    """The addresses that a page offers: its links, and its forms that only ask."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._form: tuple[str, dict[str, str]] | None = None
        self.feed(html)
        self.close()

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notice a link, a form or a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.found.append(given["href"])
        elif tag == "form" and given.get("method", "get").lower() == "get":
            self._form = (given.get("action", ""), {})
        elif tag in {"input", "button"} and self._form and given.get("name"):
            unticked = given.get("type") in {"radio", "checkbox"} and "checked" not in given
            if not unticked:
                self._form[1].setdefault(given["name"], given.get("value") or DEFAULTS.get(given["name"], ""))

    def handle_endtag(self, tag: str) -> None:
        """A form that ends is sent as it stands."""
        if tag == "form" and self._form:
            action, fields = self._form
            self.found.append(f"{action}?{urlencode(fields)}" if fields else action)
            self._form = None


@dataclass
class Walk:
    """What somebody reached, and every link that led to a refusal."""

    reached: set[str] = field(default_factory=set)
    dead: list[str] = field(default_factory=list)


def walk(app: Flask, client: FlaskClient, home: str) -> Walk:
    """Follow everything from `home`; of each kind of page a few are enough."""
    done, waiting, seen = Walk(), [(home, "the start")], {home}
    kinds: Counter[str] = Counter()
    while waiting:
        address, source = waiting.pop(0)
        endpoint = _endpoint(app, address)
        kinds[endpoint] += 1
        if kinds[endpoint] > MOST_OF_ONE_KIND:
            continue
        answer = client.get(address)
        if answer.status_code >= 400:
            done.dead.append(f"{source} → {address}: {answer.status}")
            continue
        done.reached.add(endpoint)
        found = [answer.location] if answer.status_code in {301, 302, 303, 307, 308} else []
        if answer.mimetype == "text/html" and not found:
            found = Ways(answer.get_data(as_text=True)).found
        for each in found:
            target = _ours(urljoin(f"http://localhost{address}", each))
            if target and target not in seen:
                seen.add(target)
                waiting.append((target, address))
    return done


def _ours(address: str) -> str | None:
    """Return path and question of an address of ours, without its fragment."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or parts.netloc != "localhost":
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _endpoint(app: Flask, address: str) -> str:
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(address).path, "GET")[0])
    except RequestRedirect as redirect:
        return _endpoint(app, redirect.new_url)
    except HTTPException:
        return ""
