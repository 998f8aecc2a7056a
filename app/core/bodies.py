"""Large bodies: taken in whole before anything is worked on, and then worked on a few at a time in each process.

Fifty photos at once would else be read, taken apart and stored side by side by as many threads; whoever then holds
the database waits for all of them, and pages with it. A phone on a slow line holds one thread and nothing else.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, Final

from flask import Flask

LARGE_BYTES: Final = 256 * 1024
AT_ONCE: Final = 2
_PART_BYTES: Final = 64 * 1024
Answer = Iterable[bytes]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Answer]


def init(app: Flask, most_bytes: int) -> None:
    """Put the line before the app; what is larger than it takes is left for it to refuse unread."""
    app.wsgi_app = Line(app.wsgi_app, most_bytes)  # type: ignore[method-assign]


class Line:
    """A door that lets only so many large bodies through at once, each after it has arrived."""

    def __init__(self, inside: Wsgi, most_bytes: int) -> None:
        """Stand before `inside`."""
        self.inside, self.most_bytes = inside, most_bytes
        self.places = threading.BoundedSemaphore(AT_ONCE)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Answer:
        """Answer a request."""
        length = environ.get("CONTENT_LENGTH") or ""
        if not (length.isascii() and length.isdigit() and LARGE_BYTES < int(length) <= self.most_bytes):
            return self.inside(environ, start_response)
        with tempfile.TemporaryFile() as body:
            _take_in(environ["wsgi.input"], body, int(length))
            with self.places:
                return self.inside(environ | {"wsgi.input": body}, start_response)


def _take_in(stream: BinaryIO, body: BinaryIO, length: int) -> None:
    """Copy what arrives; a phone that went away leaves less, and the app says so."""
    while length and (part := stream.read(min(length, _PART_BYTES))):
        body.write(part)
        length -= len(part)
    body.seek(0)
