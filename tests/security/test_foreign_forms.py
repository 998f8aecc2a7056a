"""No other site sends our forms: token, origin, and nothing that a mere look would change."""

from __future__ import annotations

import base64
import re
import tracemalloc
import zlib
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from itsdangerous import URLSafeTimedSerializer

from app.core import guard, marks
from app.core.clock import now
from app.core.db import transaction
from app.people.accounts import sessions
from tests.factories.people import TOKEN_HEADER, sign_in, sign_out
from tests.house import addresses
from tests.security import walk
from tests.security.dump import stored
from tests.security.test_hostile import person_for
from tests.support.slices import slice_of

FOREIGN = (
    {"Origin": "https://jahat.test"},
    {"Origin": "null"},
    {"Origin": "http://localhost.jahat.test"},
    {"Origin": "http://localhost:8216"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Referer": "https://jahat.test/halaman"},
)
OWN = (
    {"Origin": "http://localhost"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    {"Referer": "http://localhost/produk"},
    {},
)
SECRET, NIK = "rahasia-492817", "3604125708900001"


def sends(app, world):
    """Yield every address that takes a POST, with what belongs to the seller."""
    return walk.stops(app, {name: values[:1] for name, values in world.near.items()}, "POST")


def signed_in_browsers(world, browser):
    """Return a browser per person, signed in before anything is counted."""
    return {account.id: browser(account) for account in world.people.values()}


def test_no_form_is_taken_without_the_token_of_the_session(app, world, browser):
    known, before, wrong = signed_in_browsers(world, browser), stored(), []
    typed = {
        "nama": "Ratna & <b>kawan</b>",
        "catatan": "dua kotak",
        "kata_sandi": SECRET,
        "pin": SECRET,
        "kode": SECRET,
    }

    for stop in sends(app, world):
        client = known[(person_for(walk.row_of(stop.rule.endpoint), world) or world.people["seller"]).id]
        for token in (None, "", "tebakan"):
            client.environ_base.pop(TOKEN_HEADER, None)
            page = client.post(stop.path, data=typed | ({} if token is None else {"csrf_token": token}))
            if page.status_code != 400 or "Kirim lagi" not in page.text:
                wrong.append(f"{stop.path}: {page.status}")
            if SECRET in page.text or "Ratna &amp; &lt;b&gt;" not in page.text or "dua kotak" not in page.text:
                wrong.append(f"{stop.path}: what was typed")

    assert wrong == []
    assert stored() == before


def test_the_token_of_somebody_else_is_no_token(app, world, browser):
    hers, his = browser(world.people["seller"]), browser(world.people["rival"])
    hers.environ_base[TOKEN_HEADER] = his.environ_base[TOKEN_HEADER]

    assert hers.post("/jualan/lapak/jeda").status_code == 400


def form_on(page) -> dict[str, str]:
    """Return what the calm page would send again."""
    section = page.text.partition('class="empty')[2].partition("</section>")[0]
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', section)}


def test_sending_again_from_the_calm_page_works(app, world, browser):
    client = browser(world.people["seller"])
    client.environ_base.pop(TOKEN_HEADER)
    fields = form_on(client.post("/jualan/lapak", data={"cerita": "Dibuat pagi hari", "versi": "1"}))
    answer = client.post("/jualan/lapak", data=fields)

    assert fields["cerita"] == "Dibuat pagi hari"
    assert answer.status_code == 303


def test_whoever_was_signed_out_by_time_signs_in_and_sends_what_was_typed(app, world, browser):
    client, typed = browser(world.people["seller"]), {"cerita": "Dibuat <b>pagi</b>", "versi": "1", "pin": SECRET}
    with time_machine.travel(now() + timedelta(days=15)):
        page = client.post("/jualan/lapak", data=typed)
        assert (page.status_code, 'href="/masuk"' in page.text) == (401, True)
        assert form_on(page) == {"cerita": typed["cerita"], "versi": "1"}

        sign_in(client, world.people["seller"])
        client.environ_base.pop(TOKEN_HEADER, None)
        known = client.post("/jualan/lapak", data=form_on(page))
        assert (known.status_code, form_on(known)["cerita"]) == (400, typed["cerita"])

        assert client.post("/jualan/lapak", data=form_on(known)).status_code == 303


@pytest.mark.parametrize("ended", [False, True])
def test_a_page_that_somebody_left_is_not_sent_by_whoever_signs_in_next(app, world, browser, ended):
    """One phone, two sellers: what the first had typed goes under her name or not at all, however often one taps."""
    client = browser(world.people["seller"])
    hers = {"cerita": "Dibuat <b>pagi</b>", "versi": "1", "nik": NIK, "pin": SECRET}
    left = hers | {guard.TOKEN: client.environ_base.pop(TOKEN_HEADER)}
    if ended:
        sign_out(client)
        page = client.post("/jualan/lapak", data=left)
        assert page.status_code == 401
        left = form_on(page)

    sign_in(client, world.people["rival"])
    client.environ_base.pop(TOKEN_HEADER)
    before = stored()
    for _tap in range(2):
        page = client.post("/jualan/lapak", data=left)
        left = form_on(page)
        assert (page.status_code, page.headers["Cache-Control"]) == (403, "private, no-store")
        assert "akun lain" in page.text and 'href="/keluar"' in page.text
        assert set(left) == {"cerita", "versi", guard.TOKEN} and NIK not in page.text and SECRET not in page.text
    assert stored() == before

    sign_in(client, world.people["seller"])
    client.environ_base.pop(TOKEN_HEADER)
    known = client.post("/jualan/lapak", data=left)
    assert (known.status_code, form_on(known)["cerita"]) == (400, hers["cerita"])
    assert client.post("/jualan/lapak", data=form_on(known)).status_code == 303


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_page_that_somebody_left_shows_no_number_of_a_person_in_any_field(app, world, browser, signed_in):
    """An officer looks a family up by its NIK in a field of another name, and numbers stand in what people tell."""
    client = browser(world.people["seller"])
    left = {guard.TOKEN: client.environ_base.pop(TOKEN_HEADER), "nomor": "3604 1257 0890 0001", "kosong": ""}
    sign_out(client)
    if signed_in:
        sign_in(client, world.people["rival"])
        client.environ_base.pop(TOKEN_HEADER)

    page = client.post("/jualan/lapak", data=left | {"cerita": f"Ibu ({NIK}), dua kotak", "telepon": "0812-3456-7890"})

    assert page.status_code == (403 if signed_in else 401)
    assert form_on(page) == {
        guard.TOKEN: left[guard.TOKEN],
        "kosong": "",
        "cerita": "Ibu (3604**********01), dua kotak",
        "telepon": "0812-3456-7890",
    }
    assert NIK not in page.text and left["nomor"] not in page.text


def test_a_token_that_we_have_not_signed_is_not_unpacked(app, world, browser):
    """A few signs can hold sixty megabytes; who may send them must not make the house hold them."""
    client = browser(world.people["seller"])
    client.environ_base.pop(TOKEN_HEADER)
    packed = base64.urlsafe_b64encode(zlib.compress(b'"' + b"a" * 60_000_000 + b'"', 9)).decode().rstrip("=")

    tracemalloc.start()
    try:
        page = client.post("/jualan/lapak", data={"cerita": "Dibuat pagi", guard.TOKEN: f".{packed}.x.y"})
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (page.status_code, form_on(page)["cerita"]) == (400, "Dibuat pagi")
    assert most < 20_000_000


@pytest.mark.parametrize("token", ["\x00", "é" * 9, ".", "..", "x" * 70_000])
def test_a_token_of_any_signs_is_answered_calmly(app, world, browser, token):
    client = browser(world.people["seller"])
    client.environ_base.pop(TOKEN_HEADER)

    assert client.post("/jualan/lapak", data={guard.TOKEN: token}).status_code == 400


def test_a_page_of_a_visitor_or_of_before_goes_with_whoever_signs_in(app, world, browser):
    client = browser(world.people["seller"])
    client.environ_base.pop(TOKEN_HEADER)
    old = URLSafeTimedSerializer(app.secret_key, salt=guard.SALT).dumps("a token that names nobody")

    for token in ({}, {guard.TOKEN: old}, {guard.TOKEN: "tebakan"}):
        assert client.post("/jualan/lapak", data={"cerita": "Dibuat pagi"} | token).status_code == 400


@pytest.mark.parametrize("who", [None, "dead"])
def test_no_form_behind_the_door_is_lost_when_the_session_is(app, world, browser, who):
    """Every form that asks for somebody signed in: nothing is stored, and what was typed stands on the calm page.

    No browser keeps that page, and no number of a person stands on it: others may use the same phone.
    """
    known = signed_in_browsers(world, browser)
    if who == "dead":
        with transaction():
            for account in world.people.values():
                sessions.end_all(account.id)
    before, wrong, seen = stored(), [], 0

    for stop in sends(app, world):
        row = walk.row_of(stop.rule.endpoint)
        person = person_for(row, world)
        if row["who"] == "anyone" or person is None:
            continue
        seen += 1
        typed = {"catatan": "dua kotak", "pin": SECRET, "nik": NIK, "kk": NIK}
        page = (known[person.id] if who else browser()).post(stop.path, data=typed)
        kept_nowhere = "no-store" in page.headers["Cache-Control"]
        if page.status_code != 401 or "dua kotak" not in page.text or SECRET in page.text or NIK in page.text:
            wrong.append(f"{stop.path}: {page.status}")
        elif not kept_nowhere:
            wrong.append(f"{stop.path}: {page.headers['Cache-Control']}")

    assert seen > 100
    assert wrong == []
    assert stored() == before


@pytest.mark.parametrize("headers", slice_of(FOREIGN, FOREIGN[0]), ids=str)
@pytest.mark.parametrize("signed_in", [True, False])
def test_no_form_comes_from_another_site(app, world, browser, headers, signed_in):
    known, before, wrong = signed_in_browsers(world, browser), stored(), []

    for stop in sends(app, world):
        person = person_for(walk.row_of(stop.rule.endpoint), world) or world.people["seller"]
        client = known[person.id] if signed_in else browser()
        page = client.post(stop.path, headers=headers, data={"varian": "1"})
        if page.status_code != 400 or "situs lain" not in page.text:
            wrong.append(f"{stop.path}: {page.status}")

    assert wrong == []
    assert stored() == before


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_our_own_pages_are_taken(app, browser, headers):
    assert browser().post("/tema", headers=headers, data={"tema": "gelap"}).status_code == 303


@pytest.mark.parametrize("who", slice_of((None, "seller", "rival", "pendamping", "curator", "head", "admin"), None))
def test_looking_changes_nothing(app, world, browser, who):
    client, before = browser(world.people[who] if who else None), stored(but_looks=True)

    for stop in walk.stops(app, world.near, "GET"):
        code = stop.path.split("/")[2] if stop.path.startswith("/pesanan/") else ""
        client.get(stop.path, query_string={"s": world.signed.get(code, "")} if code else None)
        client.head(stop.path)
        client.options(stop.path)

    assert stored(but_looks=True) == before


def test_no_view_that_changes_something_takes_a_get_alone(app):
    assert addresses.changing_gets(app) == []


@pytest.mark.drill
def test_a_guard_that_asks_for_no_token_goes_red(app, world, browser, monkeypatch):
    monkeypatch.setattr(guard.csrf, "protect", lambda: None)

    with pytest.raises(AssertionError):
        test_no_form_is_taken_without_the_token_of_the_session(app, world, browser)


@pytest.mark.drill
def test_a_guard_that_asks_not_whose_a_form_is_goes_red(app, world, browser, monkeypatch):
    monkeypatch.setattr(guard, "of_another", lambda: False)

    with pytest.raises(AssertionError):
        test_a_page_that_somebody_left_is_not_sent_by_whoever_signs_in_next(app, world, browser, ended=True)


@pytest.mark.drill
def test_a_guard_that_trusts_every_origin_goes_red(app, world, browser, monkeypatch):
    monkeypatch.setattr(guard, "same_site", lambda: True)

    with pytest.raises(AssertionError):
        test_no_form_comes_from_another_site(app, world, browser, FOREIGN[0], signed_in=True)


def test_a_look_that_writes_goes_red(app, world):
    before = stored()

    with transaction():
        marks.put("twin", "here")

    assert stored() != before
