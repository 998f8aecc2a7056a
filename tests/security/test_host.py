"""Neither a forged host nor a crooked way back leads anybody off this site."""

from __future__ import annotations

import re

import pytest

from app.core import addresses as ways
from tests.factories.people import PIN, make_account, make_device
from tests.security import walk
from tests.support.paper import readable

ELSEWHERE = (
    "https://jahat.test/",
    "//jahat.test",
    "///jahat.test",
    "/\\jahat.test",
    "\\\\jahat.test",
    "/\t/jahat.test",
    "/\n/jahat.test",
    "javascript:alert(1)",
    "/ /jahat.test",
    "http:jahat.test",
    "jahat.test",
    "/@jahat.test:80//\\",
    " //jahat.test",
    "/" + "a" * 900,
)
FORGED = ({"Host": "jahat.test"}, {"X-Forwarded-Host": "jahat.test"}, {"Forwarded": "host=jahat.test"})


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_way_back_stays_here(app, browser, target):
    for field in ("kembali", "next"):
        answer = browser().post("/tema", data={"tema": "gelap", field: target})

        assert leads_home(answer.location)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_door_leads_in_and_not_away(app, browser, target):
    account = make_account()
    make_device(account)
    client = browser()
    client.set_cookie("hp", "a known phone")

    answer = client.post("/masuk", data={"telepon": account.phone, "pin": PIN, "next": target})

    assert answer.status_code == 303
    assert leads_home(answer.location)
    assert leads_home(client.get("/masuk", query_string={"next": target}).location)


def leads_home(location: str) -> bool:
    """Tell whether a browser stays on this site when it follows."""
    return re.match(r"/(?![/\\])[^\s\\]*$", location) is not None


def test_a_way_back_that_is_not_looked_at_goes_red(app, browser, monkeypatch):
    monkeypatch.setattr("app.site.front.views.safe_next", lambda target: target)

    with pytest.raises(AssertionError):
        test_the_way_back_stays_here(app, browser, "//jahat.test")


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_a_forged_host_stands_in_no_page(another_app, world, forged):
    app = another_app(LAPAK_PUBLIC_URL="https://lapak.contoh.go.id")
    asked = {"Host": "lapak.contoh.go.id"} | forged
    for stop in walk.stops(app, world.near, "GET"):
        answer = app.test_client().get(stop.path, headers=asked)

        assert "jahat.test" not in readable(answer.get_data()), stop.path
        assert "jahat.test" not in str(answer.headers), stop.path
        assert answer.status_code == 400 or "Host" not in forged, stop.path


def test_links_that_leave_the_site_carry_the_public_address(another_app, world):
    app = another_app(LAPAK_PUBLIC_URL="https://lapak.contoh.go.id")
    client = app.test_client()

    for path in ("/sitemap.xml", "/robots.txt", "/peta-situs/halaman", "/umpan/produk-baru", "/umpan/google"):
        page = client.get(path, headers={"Host": "127.0.0.1"}).text

        assert "https://lapak.contoh.go.id/" in page
        assert "http://127.0.0.1" not in page


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "lapak.contoh.go.id", "lapak.contoh.go.id:443"])
def test_the_own_hosts_are_answered(another_app, app, host):
    made = another_app(LAPAK_PUBLIC_URL="https://lapak.contoh.go.id")

    assert made.test_client().get("/healthz", headers={"Host": host}).status_code == 200


def test_a_house_without_trusted_hosts_goes_red(another_app, world):
    app = another_app(LAPAK_PUBLIC_URL="https://lapak.contoh.go.id")
    app.config["TRUSTED_HOSTS"] = None

    assert app.test_client().get("/", headers={"Host": "jahat.test"}).status_code == 200


def test_forwarded_headers_count_only_behind_the_proxy(another_app, app):
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "jahat.test", "X-Forwarded-Proto": "https"}
    seen = []

    for proxies in ("0", "1"):
        made = another_app(LAPAK_PROXIES=proxies)
        made.before_request(lambda: seen.append((ways.request.remote_addr, ways.request.host)))
        made.test_client().get("/healthz", headers=forged)

    assert seen == [("127.0.0.1", "localhost"), ("203.0.113.9", "jahat.test")]
