"""Kept pages handed over at the door: the answer given before, byte for byte, before the application wakes.

Nothing is decided here. Only the application answers a request for the first time, with all its checks; the same
request of another stranger then gets the same answer for as long as the page is true (`core/pages.py`): its stamp is
read anew each time, and the words that move all day are changed where they stand. Whoever carries a cookie goes inside.
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
# From here on it tells what the reader has.
_HAS: Final = -2


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
        key = _key(self._app, environ)
        page = self._shelf.find(key)
        if page is not None and reader in page.ready and (true := self._true(key, page)) is not None:
            answer: Answer | None = true.ready.get(reader)
            if answer is not None:
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

    def _true(self, key: pages.Facts, page: pages.Page) -> pages.Page | None:
        """Return a page if it is still true, with the words that stand in it now; a database that does not answer is
        left to the application.
        """
        if self._engine is None:
            with self._app.app_context():
                self._engine = db.engine
        stamp, moment = stamps.read(self._engine), now()
        if stamp is None or int(moment.timestamp()) >= page.until:
            return None
        try:
            moving = self._moving(self._engine, page)
        except SQLAlchemyError:
            return None
        if page.facts != pages.facts(stamp, moment, moving):
            return None
        return page if page.words == moving.words else self._mended(key, page, moving.words)

    def _mended(self, key: pages.Facts, page: pages.Page, words: tuple[str, ...]) -> pages.Page:
        """Keep a page with other words, and what it answers to those who have none yet."""
        fresh = pages.mended(self._app, key, page, words)
        # A copy: another thread may keep an answer meanwhile.
        for reader, (status, headers, body) in page.ready.copy().items():
            ours = {page.plain: fresh.plain, page.squeezed: fresh.squeezed}.get(body) if body else None
            if ours and not any(reader[_HAS:]):
                said = {"ETag": f"W/{fresh.tag}", "Content-Length": str(len(ours))}
                fresh.ready[reader] = Answer(status, [(name, said.get(name, value)) for name, value in headers], ours)
        self._shelf.put(key, fresh)
        return fresh

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
