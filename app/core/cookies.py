"""Signed cookies: what a visitor's own phone remembers, readable by us alone if nobody touched it.

Visitors have no session. A cookie that was changed, cut or signed under another key counts as no cookie at all.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Response, make_response, request
from itsdangerous import BadData, Serializer, URLSafeSerializer
from itsdangerous.encoding import base64_encode
from werkzeug.wrappers import Response as BaseResponse

from app.core.vault import settings

LONGEST = 4000
SHORT = 200
NO_STORE = "no-store"
DAY = 86_400


def named(name: str) -> str:
    """Return how a cookie is called here: behind TLS the prefix binds it to this very host, whoever plants another."""
    return f"__Host-{name}" if settings().secure_cookies else name


def remember(response: BaseResponse, name: str, value: str, seconds: int) -> None:
    """Let a phone keep a value for so long, out of reach of scripts and of other hosts."""
    response.set_cookie(
        named(name), value, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=settings().secure_cookies
    )


def forget(response: BaseResponse, name: str) -> None:
    """Let a phone forget it."""
    response.delete_cookie(named(name), path="/", httponly=True, samesite="Lax", secure=settings().secure_cookies)


def kept(name: str) -> str:
    """Return what this phone keeps under a name, empty when nothing."""
    jar, name = request.cookies, named(name)
    # `get` would raise and catch an error for each that is missing, as nearly all are.
    return jar[name] if name in jar else ""  # noqa: SIM401


class _Signed(URLSafeSerializer):
    """Squeezes only what is long: for a few signs that costs as much as all the rest and saves nothing."""

    def dump_payload(self, obj: Any) -> bytes:
        """Return the value as the text that is signed."""
        plain = Serializer.dump_payload(self, obj)
        return base64_encode(plain) if len(plain) < SHORT else super().dump_payload(obj)


@cache
def _serializer(key: bytes, name: str) -> URLSafeSerializer:
    return _Signed(key, salt=name)


class SignedCookie:
    """One named cookie under a key of its own; its value is plain JSON and holds no name and no phone number."""

    def __init__(self, name: str, purpose: str, days: int) -> None:
        """Name it; `purpose` chooses the key, `days` how long a phone keeps it."""
        self.name = name
        self.purpose = purpose
        self.days = days

    def _serializer(self) -> URLSafeSerializer:
        return _serializer(settings().derive(self.purpose), self.name)

    def sign(self, value: Any) -> str:
        """Return the value as signed text, for a hidden field that must come back unchanged."""
        return self._serializer().dumps(value)

    def open(self, text: str) -> Any:
        """Return what was signed, or None."""
        try:
            return self._serializer().loads(text) if 0 < len(text) <= LONGEST else None
        except (BadData, ValueError, RecursionError):
            return None

    def read(self) -> Any:
        """Return what this phone remembers, or None."""
        return self.open(kept(self.name))

    def write(self, response: BaseResponse, value: Any) -> None:
        """Let the phone remember a value."""
        remember(response, self.name, self.sign(value), self.days * DAY)

    def drop(self, response: BaseResponse) -> None:
        """Let the phone forget."""
        forget(response, self.name)


def private_file(data: bytes | str, kind: str, name: str) -> Response:
    """Answer with a file to be saved, which nobody on the way may keep; `name` holds nothing personal."""
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = NO_STORE
    return response


def private_page(page: str, status: int = 200) -> Response:
    """Answer with a page that nobody but this phone may keep, and that no search engine may list."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = NO_STORE
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Cookie")
    return response
