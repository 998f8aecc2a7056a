"""Kept pages handed over at the door: the answer given before, byte for byte, before the application wakes.

Nothing is decided here. Only the application answers a request for the first time, with all its checks; the same
request of another stranger then gets the same answer for as long as the page is true (`core/pages.py`): its stamp is
read anew each time. Whoever carries a cookie goes inside.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.core import logs, pages, stamps
from app.core.clock import now
from app.core.db import db

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Environ = dict[str, Any]

MOST_READERS: Final = 8
LONGEST: Final = 120
# What an answer may rest on beside the page itself.
_ASKED: Final = (
    "wsgi.url_scheme", "SCRIPT_NAME", "HTTP_HOST", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
)  # fmt: skip


class Answer(NamedTuple):
    """What a reader of one kind got; the body is the page's own."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Doorway:
    """Stands before the application."""

    def __init__(self, app: Flask, inside: WSGIApplication) -> None:
        """Remember the way in."""
        self._app, self._inside = app, inside
        self._engine: Engine | None = None

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """Hand a kept answer over, or let the request in and keep what may be handed over next time."""
        reader = tuple(environ.get(name, "") for name in _ASKED)
        if not self._opens(environ, reader):
            return self._inside(environ, start)
        began = time.perf_counter()
        page = self._shelf.find(_key(self._app, environ))
        if page is not None and (answer := page.ready.get(reader)) is not None and self._holds(page):
            logs.request("GET", environ["PATH_INFO"], int(answer.status[:3]), began)
            start(answer.status, list(answer.headers))
            return [answer.body]
        return self._ask(environ, start, reader)

    @property
    def _shelf(self) -> pages.Shelf:
        shelf: pages.Shelf = self._app.extensions["lapak_pages"]
        return shelf

    def _opens(self, environ: Environ, reader: tuple[Any, ...]) -> bool:
        """Tell whether this may be a stranger's plain request."""
        return (
            environ["REQUEST_METHOD"] == "GET"
            and "HTTP_COOKIE" not in environ
            and self._app.extensions["lapak_settings"].cache
            and environ.get("PATH_INFO", "").isascii()
            and max(map(len, reader)) <= LONGEST
        )

    def _holds(self, page: pages.Page) -> bool:
        """Tell whether a page is still true; a database that does not answer is left to the application."""
        if self._engine is None:
            with self._app.app_context():
                self._engine = db.engine
        stamp, moment = stamps.read(self._engine), now()
        if stamp is None or int(moment.timestamp()) >= page.until:
            return False
        try:
            moving = self._moving(self._engine, page)
        except SQLAlchemyError:
            return False
        return (page.facts, page.words) == (pages.facts(stamp, moment, moving.shape), moving.words)

    def _moving(self, engine: Engine, page: pages.Page) -> pages.Moving:
        if page.also is None:
            return pages.STILL
        with engine.connect() as connection:
            return page.also(connection)

    def _ask(self, environ: Environ, start: StartResponse, reader: tuple[Any, ...]) -> Iterable[bytes]:
        said: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said[:] = (status, headers)
            return start(status, headers, *error)

        found = self._inside(environ, note)
        page: pages.Page | None = environ.get(pages.SHOWN)
        if page is None or page.since != page.moved or any(name == "Set-Cookie" for name, _value in said[1]):
            return found
        body = b"".join(found)
        close = getattr(found, "close", None)
        if close is not None:
            close()
        if len(page.ready) < MOST_READERS:
            page.ready[reader] = Answer(said[0], said[1], body)
        return [body]


def _key(app: Flask, environ: Environ) -> pages.Facts:
    host = app.extensions["lapak_settings"].public_url or f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST')}/"
    saves = environ.get("HTTP_SAVE_DATA", "").lower() == "on"
    return (host, environ["PATH_INFO"], environ.get("QUERY_STRING", "").encode("latin-1"), "", "", saves)


def init(app: Flask) -> None:
    """Stand at the door."""
    app.wsgi_app = Doorway(app, app.wsgi_app)  # type: ignore[assignment, method-assign]
