"""The door: what every request and every answer must satisfy before a room sees it.

POSTs must come from our own pages (Origin, Sec-Fetch-Site, Referer); with a session they also carry its token.
Headers go on every answer, errors included.
"""

from __future__ import annotations

import gzip
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup

from app.core.errors import Unreadable
from app.core.i18n import _l
from app.core.vault import blind

# The field of a form, and the salt under which flask-wtf signs what stands in it.
TOKEN, SALT = "csrf_token", "wtf-csrf-token"
OWNER_CHARS, TOKEN_BYTES = 16, 20

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
COMPRESS_FROM = 1024
COMPRESSIBLE = ("text/html", "text/plain", "application/json", "application/xml", "image/svg+xml")
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

csrf = CSRFProtect()


class ForeignForm(Unreadable):
    """The form was sent from another site."""

    text = _l("Isian ini dikirim dari situs lain. Buka halaman kami, lalu ulangi.")


class HostileText(Unreadable):
    """The address carries signs that no page of ours writes."""


def csrf_field() -> Markup:
    """Print the hidden token; visitors without a session need none, so their pages stay cacheable."""
    if not session:
        return Markup("")
    return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN, generate_csrf())


def new_token(account_id: int) -> str:
    """Return what the forms of a session are signed with: a mark of whose they are, and what is its own."""
    return f"{blind(str(account_id), 'form-owner')[:OWNER_CHARS]}.{secrets.token_hex(TOKEN_BYTES)}"


def of_another() -> bool:
    """Tell whether the form that was sent was printed for another account than the one that is signed in."""
    theirs, mine = _owner(_printed()), _owner(session.get(TOKEN, ""))
    return bool(theirs) and theirs != mine


def _printed() -> str:
    """Return the token in the form that was sent; nothing is unpacked that we have not signed, whatever its size."""
    reader = URLSafeTimedSerializer(current_app.secret_key or "", salt=SALT)
    try:
        return str(reader.loads(request.form.get(TOKEN, "")))
    except BadData:
        return ""


def _owner(token: str) -> str:
    """Return whose a token is; none for one that was made before tokens said it."""
    owner, dot, _own = token.partition(".")
    return owner if dot else ""


def same_site() -> bool:
    """Tell whether an unsafe request comes from a page of this site."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None and fetch_site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    if origin is not None:
        return _host_of(origin) == request.host
    referer = request.headers.get("Referer")
    return referer is None or _host_of(referer) == request.host


def _host_of(address: str) -> str:
    """Return the host and port of an address, nothing when it cannot be read."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def check_request() -> None:
    """Refuse what does not come from our own pages."""
    g.request_id = secrets.token_hex(8)
    query = request.environ.get("QUERY_STRING", "")
    if "\x00" in request.path or "\x00" in query or "%00" in query:
        raise HostileText
    if request.method in SAFE:
        return
    if not same_site():
        raise ForeignForm
    if session:
        csrf.protect()


def finish(response: Response) -> Response:
    """Put the headers on, choose how long it may be kept, and squeeze text."""
    given = {name.lower() for name, _value in response.headers}
    response.headers.extend([header for header in HEADERS.items() if header[0].lower() not in given])
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = unless_said()
    return squeeze(response)


def unless_said() -> str:
    """Say how an answer may be kept that says nothing of it: with a session by nobody."""
    return "no-store" if session else "private, no-cache"


def squeeze(response: Response) -> Response:
    """Compress text for whoever accepts it."""
    kind = response.mimetype or ""
    if response.direct_passthrough or response.is_streamed or not kind.startswith(COMPRESSIBLE):
        return response
    vary = response.headers.get("Vary", "")
    if "Accept-Encoding" not in vary:
        response.headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
    wants = request.accept_encodings["gzip"] > 0
    if not wants or "Content-Encoding" in response.headers or response.status_code in {204, 304}:
        return response
    body = response.get_data()
    if len(body) >= COMPRESS_FROM:
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def init(app: Flask) -> None:
    """Stand at the door."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    csrf.init_app(app)
    app.before_request(check_request)
    app.after_request(finish)
    app.jinja_env.globals["csrf_field"] = csrf_field
