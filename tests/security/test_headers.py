"""Every answer, the unhappy ones too, carries the headers that keep a browser on our side."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.core import cookies, guard
from app.core.db import db
from app.core.errors import DomainError, TooMany
from app.core.policy import public
from app.people.accounts import sessions
from tests.factories.people import sign_in
from tests.security import kept, walk
from tests.support.slices import slice_of

HEADERS = {
    "X-Content-Type-Options": r"nosniff",
    "Referrer-Policy": r"same-origin|no-referrer|strict-origin",
    "Permissions-Policy": r".*microphone=\(\).*",
    "Cross-Origin-Opener-Policy": r"same-origin",
    "Cross-Origin-Resource-Policy": r"same-origin",
    "X-Frame-Options": r"DENY",
}
DIRECTIVES = {
    "default-src": {"'none'", "'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'", "'self'"},
    "form-action": {"'self'"},
}
INLINE = re.compile(r"<[^>]*\s(?:on[a-z]+|style)\s*=|<style\b|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/)", re.I)
VIEWERS = (None, "seller", "curator")
# A page that knows who is looking, or shows what only a link opens, is kept by nobody.
PRIVATE = ("/jualan", "/dampingan", "/dinsos", "/saya", "/masuk", "/pesan", "/keranjang")
# No answer varies by who looks: files named by their contents, signs of life, addresses for machines.
MACHINES = ("/aset/", "/media/", "/healthz", "/readyz", "/robots.txt", "/sitemap.xml", "/.well-known/")
ERRORS = (
    ("/produk?q=%00", "GET", 400),
    ("/tidak/ada/di/sini", "GET", 404),
    ("/healthz", "POST", 405),
    ("/produk", "BREW", 405),
    ("/gagal/batas", "GET", 429),
    ("/gagal/kacau", "GET", 409),
    ("/gagal/rusak", "GET", 500),
    ("/gagal/putus", "GET", 503),
)


class Limited(TooMany):
    """Too many, for the test."""


class Away(OperationalError):
    """The database went away, for the test."""

    def __init__(self) -> None:
        super().__init__("SELECT 1", {}, Exception("gone"))


def lacking(answer) -> list[str]:
    """Name what an answer lacks."""
    headers = answer.headers
    found = [name for name, shape in HEADERS.items() if not re.fullmatch(shape, headers.get(name, ""))]
    policy = headers.get("Content-Security-Policy", "")
    given = {part.split()[0]: set(part.split()[1:]) for part in policy.split(";") if part.strip()}
    found += [f"CSP {name}" for name, allowed in DIRECTIVES.items() if not given.get(name) or given[name] - allowed]
    if "unsafe" in policy or "nonce" in policy or "*" in policy or "http:" in policy:
        found.append("CSP lets strangers in")
    if not headers.get("Cache-Control"):
        found.append("Cache-Control")
    if answer.mimetype == "text/html" and (inline := INLINE.search(answer.text)):
        found.append(f"inline: {inline[0][:60]}")
    return found


@pytest.fixture
def bent(another_app) -> Flask:
    """The application with a view for each way to fail."""
    app = another_app()
    failures = {"rusak": RuntimeError("boom"), "batas": Limited(minutes=5), "putus": Away(), "kacau": DomainError()}

    @public
    def fail(name: str) -> str:
        raise failures[name]

    app.add_url_rule("/gagal/<slug:name>", "fail", fail)
    app.add_url_rule("/isi", "isi", public(lambda: "terbaca"), methods=["POST"])
    return app


@pytest.mark.parametrize("who", slice_of(kept.VIEWERS, kept.NOBODY, "rival"))
def test_every_page_of_everybody_is_guarded(pages, who):
    wrong = [f"{page.path} ({page.status}): {each}" for page in pages(who) for each in lacking(page)]

    assert wrong == []


@pytest.mark.one_engine
@pytest.mark.parametrize("who", VIEWERS)
def test_every_error_is_guarded_and_calm(bent, world, who):
    client = bent.test_client()
    if who:
        sign_in(client, world.people[who])

    for path, method, status in ERRORS:
        answer = client.open(path, method=method)

        assert answer.status_code == status, path
        assert lacking(answer) == [], path
        assert "Traceback" not in answer.text
        said = answer.text.partition('class="empty-state"')[2].partition("</section>")[0]
        assert 'href="/produk"' in said and 'href="/bantuan"' in said, path
        assert status not in {429, 503} or int(answer.headers["Retry-After"]) > 0


@pytest.mark.one_engine
@pytest.mark.parametrize("who", VIEWERS)
def test_what_is_too_large_is_refused_guarded_and_calm(another_app, world, who):
    app = another_app(LAPAK_MAX_BODY="2000")
    client = app.test_client()
    if who:
        sign_in(client, world.people[who])

    answer = client.post("/keranjang", data={"varian": "1" * 70_000})

    assert answer.status_code == 413
    assert lacking(answer) == []


def test_a_page_for_other_people_s_work_is_guarded(app, world, browser):
    answer = browser(world.people["head"]).get("/dinsos/kurasi")

    assert answer.status_code == 403
    assert lacking(answer) == []


def test_without_the_database_every_page_stays_calm(another_app, environ, world):
    app = another_app()
    client = app.test_client()
    sign_in(client, world.people["seller"])
    with app.app_context():
        _cut(app)

        answer = client.get("/jualan")

    assert answer.status_code == 503
    assert lacking(answer) == []
    assert answer.headers["Retry-After"]


def _cut(app) -> None:
    """Take the database away: every connection fails from now on."""
    db.session.remove()

    def refuse(*_args: object, **_rest: object) -> None:
        raise Away

    db.engine.pool.connect = refuse


def kept_by_others(pages) -> list[str]:
    """Name the private pages that a browser could keep, or whoever stands between; a way to the door shows nothing."""
    return [
        f"{page.path}: {page.headers['Cache-Control']}"
        for page in pages
        if page.path.startswith(PRIVATE) and page.status == 200 and "no-store" not in page.headers["Cache-Control"]
    ]


@pytest.mark.parametrize("who", slice_of(kept.VIEWERS, kept.NOBODY, "rival"))
def test_private_pages_are_kept_by_nobody(pages, who):
    assert kept_by_others(pages(who)) == []


@pytest.mark.parametrize(
    "who", slice_of([who for who in kept.VIEWERS if who not in {kept.NOBODY, kept.BUYER}], "rival")
)
def test_nothing_that_knows_who_looks_is_for_everybody(pages, who):
    public = [page.path for page in pages(who) if "public" in page.headers["Cache-Control"]]

    assert [path for path in public if not path.startswith(MACHINES)] == []


def test_a_house_that_keeps_what_nobody_spoke_of_goes_red(app, world, monkeypatch):
    monkeypatch.setattr(guard, "unless_said", lambda: "private, no-cache")

    assert kept_by_others(kept.walked(app, world, "curator", {"curation.index", "desks.office"}))


def test_private_pages_that_may_be_kept_go_red(app, world, monkeypatch):
    monkeypatch.setattr(cookies, "NO_STORE", "private, no-cache")

    wrong = kept_by_others(kept.walked(app, world, "buyer", {"entrance.show", "orders.show"}))

    assert any(each.startswith("/masuk") for each in wrong)
    assert any(each.startswith("/pesanan/") for each in wrong)


def test_what_strangers_may_keep_varies_by_the_cookie_and_carries_nothing_of_anybody(app, world, browser):
    kept = []

    for stop in walk.stops(app, world.near, "GET"):
        answer = browser().get(stop.path)
        if stop.path.startswith(MACHINES) or "public" not in answer.headers["Cache-Control"]:
            continue
        kept.append(stop.path)
        assert "Cookie" in answer.vary, stop.path
        assert "Set-Cookie" not in answer.headers, stop.path
        assert "csrf_token" not in answer.text, stop.path

    assert kept


def test_buyers_links_are_kept_by_nobody(app, world, browser):
    for code, signature in world.signed.items():
        answer = browser().get(f"/pesanan/{code}?s={signature}")

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_signing_out_clears_what_the_browser_kept(app, world, browser):
    assert clears(browser(world.people["seller"]).post("/keluar"))


def clears(answer) -> bool:
    """Tell whether an answer has the browser throw away what it kept."""
    return answer.headers.get("Clear-Site-Data") == '"cache"'


def test_a_way_out_that_leaves_her_pages_goes_red(app, world, browser, monkeypatch):
    monkeypatch.setattr(sessions, "FAREWELL", {})

    assert not clears(browser(world.people["seller"]).post("/keluar"))


def test_strict_transport_only_behind_tls(another_app, app):
    plain, behind = another_app(), another_app(LAPAK_PROXIES="1")
    secure = {"X-Forwarded-Proto": "https"}

    assert "Strict-Transport-Security" not in plain.test_client().get("/healthz", headers=secure).headers
    assert "Strict-Transport-Security" not in behind.test_client().get("/healthz").headers
    assert (
        "max-age=31536000" in behind.test_client().get("/healthz", headers=secure).headers["Strict-Transport-Security"]
    )


def test_a_policy_that_lets_inline_scripts_in_goes_red(app, world, browser, monkeypatch):
    weaker = guard.CSP.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
    monkeypatch.setitem(guard.HEADERS, "Content-Security-Policy", weaker)

    assert lacking(browser().get("/healthz")) == ["CSP script-src", "CSP lets strangers in"]


@pytest.mark.one_engine
@pytest.mark.parametrize("name", sorted(guard.HEADERS))
def test_a_header_that_is_forgotten_goes_red(another_app, app, monkeypatch, name):
    made = another_app()
    made.test_client_class = None
    monkeypatch.delitem(guard.HEADERS, name)

    assert lacking(made.test_client().get("/healthz"))


@pytest.mark.parametrize("page", ['<p onclick="x()">', "<p style='a'>", "<style>", "<script>x</script>"])
def test_inline_code_goes_red(page):
    assert INLINE.search(page)


def _signed(world, path) -> str:
    """Add the signature to a buyer's link."""
    code = path.split("/")[2] if path.startswith("/pesanan/") else ""
    return f"{path}?s={world.signed[code]}" if code in world.signed else path
