"""Whatever is sent, nobody meets a broken page: an Indonesian sentence, nothing echoed raw, nothing stored in half."""

from __future__ import annotations

import inspect
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote, quote_plus, urlencode

import pytest
from flask import request
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

import app as house
from app.core.db import db, transaction
from app.core.forms import Form, TextLine
from app.core.limits import LimitHit
from app.people.accounts import totp
from app.people.accounts.models import LoginCard
from app.people.entrance import pending
from app.people.entrance.pending import Pending
from tests.house import addresses
from tests.security import hostile, kept, walk
from tests.support.paper import readable
from tests.support.slices import slice_of

ROOT = Path(house.__path__[0])
FORM_TYPE = "application/x-www-form-urlencoded"
# Who is sent first: what the office may do to a shop would shut the seller out of every address after it.
TURN = {"seller": 0, "": 1, "curator": 2, "pendamping": 3}
STEPS = {
    "entrance.bind": "phone",
    "entrance.choose": "choice",
    "entrance.second_factor": "code",
    "entrance.enrol": "enrol",
}


def person_for(row, world):
    """Return who may send this, the seller before the office; None is a visitor."""
    if row["who"] == "anyone":
        return None
    named = row["who"].split(";")
    who = "seller" if {"seller", "signed-in"} & set(named) else named[0]
    return world.people["pendamping" if "pendamping" in named and who != "seller" else who]


def sends(app, world, offered):
    """Return every address that takes a form: the seller's before those of who may end her shop, large forms first."""
    role_of = {account.id: role for role, account in world.people.items()}

    def turn(stop):
        person = person_for(walk.row_of(stop.rule.endpoint), world)
        role = role_of[person.id] if person else ""
        return TURN.get(role, 2), -len(offered.fields.get(stop.rule.endpoint, {}))

    return sorted(walk.stops(app, _first(world), "POST"), key=turn)


def half_way(client, world, endpoint) -> None:
    """Put a visitor on the doorstep that a page needs."""
    step = STEPS.get(endpoint)
    if step is None:
        return
    account = world.people["seller" if step in {"phone", "choice"} else "curator"]
    if step == "enrol":
        with transaction() as session:
            session.merge(account).totp_sealed = None
    card = db.session.scalars(db.select(LoginCard.id).where(LoginCard.account_id == world.people["seller"].id)).first()
    waiting = Pending(step, [account.id], pending.mark_of(account), sealed=totp.new_sealed(account), card_id=card or 0)
    client.set_cookie("pintu", pending._serializer().dumps(asdict(waiting)))


def forget_limits() -> None:
    """Let everybody try again, so that each value meets the whole path."""
    with transaction() as session:
        session.execute(delete(LimitHit))


def check(answer, what) -> list[str]:
    """Name what is wrong with an answer; the client has looked at the page itself already."""
    if answer.status_code >= 500:
        return [f"{what}: {answer.status}"]
    text = readable(answer.get_data())
    found = [f"{what}: echoed raw"] if hostile.MARK in text else []
    if answer.mimetype == "text/html" and not answer.location and "<h1" not in text:
        found.append(f"{what}: no sentence ({answer.status})")
    return found


@dataclass(frozen=True)
class Offered:
    """Fields of forms on pages, and which of them take files, by the endpoint that they are sent to."""

    fields: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    files: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@pytest.fixture
def offered(app, database, world, pages) -> Offered:
    """The fields of every form on every page of everybody."""
    found = kept.of(database).found
    if "forms" not in found:
        found["forms"] = read_forms(app, world, pages)
    return found["forms"]


def read_forms(app, world, pages) -> Offered:
    """Read the forms of every page; those behind a doorstep are asked for again."""
    found, adapter = Offered(), app.url_map.bind("localhost")
    for who in ("buyer", "seller", "pendamping", "curator", "caseworker", "approver", "steward"):
        for page in [*pages(who), *doorsteps(app, world)] if who == "buyer" else pages(who):
            if page.mimetype != "text/html" or kept.endpoint(page) == "front.gallery":  # its samples lead nowhere
                continue
            forms = hostile.Forms(page.text)
            for action, method, fields in forms.found:
                if method == "POST":
                    endpoint, _ = adapter.match((action or page.path).partition("?")[0], "POST")
                    found.fields[endpoint] |= fields
                    found.files[endpoint] |= forms.files
    return found


def doorsteps(app, world):
    """Yield the pages that open to those who came half the way."""
    for stop in walk.stops(app, world.near, "GET"):
        if stop.rule.endpoint in STEPS:
            client = kept.browser(app, world, kept.NOBODY)
            half_way(client, world, stop.rule.endpoint)
            answer = client.get(stop.path)
            yield kept.Page(
                stop.rule, stop.path, answer.status_code, answer.headers, answer.mimetype, answer.get_data()
            )


class Noted(ImmutableMultiDict):
    """What came with a request, and every name that the code asked it for."""

    asked: ClassVar[set[str]] = set()

    def __getitem__(self, name):
        """Note the name."""
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name) -> bool:
        """Note the name."""
        self.asked.add(name)
        return super().__contains__(name)

    def getlist(self, name, *kind, **rest):
        """Note the name."""
        self.asked.add(name)
        return super().getlist(name, *kind, **rest)

    @classmethod
    def since(cls) -> set[str]:
        """Return what was asked for since this was called last."""
        names = {name for name in cls.asked if isinstance(name, str)}
        cls.asked.clear()
        return names


@pytest.fixture
def noted(app, monkeypatch) -> type[Noted]:
    """Let the application note which names it asks a request for."""
    kind = type("Noting", (app.request_class,), {"parameter_storage_class": Noted})
    monkeypatch.setattr(app, "request_class", kind)
    Noted.since()
    return Noted


def asked(app, endpoint) -> set[str]:
    """Return the names that the views of an endpoint's room ask a request for."""
    return hostile.asked_names(Path(inspect.getmodule(inspect.unwrap(app.view_functions[endpoint])).__file__))


def named(app, endpoint) -> set[str]:
    """Return these names, and the fields of the forms that the room knows."""
    module = inspect.getmodule(inspect.unwrap(app.view_functions[endpoint]))
    names = asked(app, endpoint)
    for each in vars(module).values():
        if inspect.isclass(each) and issubclass(each, Form):
            unbound = [(name, getattr(each, name)) for name in dir(each) if hasattr(getattr(each, name), "field_class")]
            names |= {field.kwargs.get("name", name) for name, field in unbound}
    return names


@pytest.mark.drill
def test_every_form_class_and_every_form_on_a_page_is_known(app, offered):
    sent = {rule.endpoint for rule in addresses.rules(app) if "POST" in addresses.methods(rule)}

    bare = {endpoint for endpoint in sent if endpoint not in offered.fields and not named(app, endpoint)}

    assert bare == set()
    assert len(offered.fields) > len(sent) * 2 // 3


@pytest.mark.drill
def test_no_field_breaks_a_form(app, world, browser, offered, noted):
    wrong, tried = [], set()
    for stop in sends(app, world, offered):
        forget_limits()
        row = walk.row_of(stop.rule.endpoint)
        good, person = offered.fields.get(stop.rule.endpoint, {}), person_for(row, world)
        client = browser(person)
        noted.since()
        for what, body in bodies(good, named(app, stop.rule.endpoint), noted, tried):
            half_way(client, world, stop.rule.endpoint)
            answer = client.post(_signed(world, stop.path), data=body, content_type=FORM_TYPE)
            if answer.status_code == 401 or "Clear-Site-Data" in answer.headers:
                client = browser(person)
            wrong += check(answer, f"{stop.path} {what}")
        tried |= everywhere(browser(), noted)

    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_something_sharp_in_every_field_breaks_no_address(app, world, browser, method):
    """Each address once, with another sharp value in each of its fields: a slice of the walks that are drills."""
    wrong, clients = [], {}
    stops = sends(app, world, Offered()) if method == "POST" else walk.stops(app, _first(world), "GET")
    for turn, stop in enumerate(stops):
        forget_limits()
        person = person_for(walk.row_of(stop.rule.endpoint), world)
        client = clients.setdefault(person and person.id, browser(person))
        half_way(client, world, stop.rule.endpoint)
        sent = urlencode(sharpened(sorted(named(app, stop.rule.endpoint)), turn))
        given = {"data": sent, "content_type": FORM_TYPE} if method == "POST" else {"query_string": sent}
        answer = client.open(_signed(world, stop.path) if method == "POST" else stop.path, method=method, **given)
        if answer.status_code == 401 or "Clear-Site-Data" in answer.headers:
            del clients[person and person.id]
        wrong += check(answer, f"{method} {stop.path}")

    assert wrong == []


def sharpened(names, turn):
    """Give each name a sharp value, at each turn the next one."""
    return [(name, hostile.VALUES[hostile.SHARP[(turn + at) % len(hostile.SHARP)]]) for at, name in enumerate(names)]


def everywhere(client, noted) -> set[str]:
    """Return the names that the house asks every request for, whatever its address."""
    noted.since()
    client.post("/tidak-ada-di-sini")
    return noted.since()


def bodies(good, names, noted, tried=frozenset()):
    """Yield what is sent to one address: everything hostile at once, then one thing beside what holds.

    A name that the view was never seen to ask for cannot break it, nor one that was `tried` where every request is
    read; every other meets every sharp value.
    """
    every = sorted(set(good) | names)
    yield "nothing", ""
    for title, value in hostile.VALUES.items():
        yield f"all {title}", urlencode([(name, value) for name in every])
    yield "doubled", urlencode(list(hostile.doubled(good)))
    yield "many", "&".join(f"f{number}=1" for number in range(400))
    tried, known = set(tried) - set(good), set(good)
    while left := sorted((known := known | noted.since()) - tried):
        for name in left:
            for title in hostile.SHARP:
                yield f"{name} {title}", urlencode(list((good | {name: hostile.VALUES[title]}).items()))
        tried |= set(left)


@pytest.mark.drill
def test_no_kind_of_body_breaks_a_form(app, world, browser, offered):
    wrong, files = [], offered.files
    shapes = (
        ("application/json", b'{"a":[[[[[[[[{"nama":null}]]]]]]]]}'),
        ("application/json", b"[" * 5000),
        ("multipart/form-data", b"--x\r\nno boundary"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="nama"\r\n\r\n\x00\xff'),
        ("text/plain", b"\x00\xff"),
        ("\xff\x7f", b"nama=1"),
    )
    for stop in sends(app, world, offered):
        forget_limits()
        person = person_for(walk.row_of(stop.rule.endpoint), world)
        client = browser(person)
        for kind, body in shapes:
            answer = client.post(_signed(world, stop.path), data=body, content_type=kind)
            wrong += check(answer, f"{stop.path} as {kind}")
        for name in files.get(stop.rule.endpoint, ()):
            for file_name in hostile.FILE_NAMES:
                data = MultiDict(offered.fields[stop.rule.endpoint])
                data.setlist(name, [hostile.picture(file_name), hostile.picture("dua.jpg", b"")])
                answer = client.post(stop.path, data=data, content_type="multipart/form-data")
                wrong += check(answer, f"{stop.path} file {file_name[:30]!r}")
            answer = client.post(stop.path, data={name: "a text, no file"})
            wrong += check(answer, f"{stop.path} text for a file")

    assert wrong == []


@pytest.mark.drill
def test_no_query_and_no_address_breaks_a_page(app, world, browser, noted):
    wrong, clients, tried = [], {}, set()
    for stop in walk.stops(app, _first(world), "GET"):
        forget_limits()
        person = person_for(walk.row_of(stop.rule.endpoint), world)
        client = clients.setdefault(person and person.id, browser(person))
        half_way(client, world, stop.rule.endpoint)
        noted.since()
        linked = hostile.linked_names(readable(client.get(stop.path).get_data()))
        for what, query in questions(linked, named(app, stop.rule.endpoint), noted, tried):
            wrong += check(client.get(f"{stop.path}?{query}"), f"{stop.path} {what}")
        tried |= everywhere(browser(), noted)

    assert wrong == []


def questions(linked, names, noted, tried):
    """Yield what is asked of one address, as `bodies` does; a form reads what was posted and never the question."""
    for title, value in hostile.VALUES.items():
        yield f"all {title}", urlencode([(name, value) for name in sorted(linked | names)] * 2)
    yield "odd query", f"a[b][c]=1&&=&;%%%&{'x=1&' * 900}"
    tried, known = set(tried), set(linked) - set(tried)
    while left := sorted((known := known | noted.since()) - tried):
        for name in left:
            for title in hostile.SHARP:
                yield f"{name} {title}", f"{quote_plus(name)}={quote_plus(hostile.VALUES[title])}"
        tried |= set(left)


@pytest.mark.drill
def test_no_part_of_an_address_breaks_a_page(app, world, browser):
    wrong, clients = [], {}
    for rule in addresses.rules(app):
        if not rule.arguments:
            continue
        person = person_for(walk.row_of(rule.endpoint), world)
        client = clients.setdefault(person and person.id, browser(person))
        for value in hostile.PATHS:
            path = "/".join(value if "<" in part else part for part in rule.rule.split("/"))
            for method in addresses.methods(rule).split():
                wrong += check(client.open(path, method=method), f"{method} {path[:80]}")
        forget_limits()

    assert wrong == []


def test_no_header_and_no_cookie_breaks_a_page(app, world, browser):
    wrong = []
    for path, method in (
        ("/", "GET"),
        ("/produk", "GET"),
        ("/masuk", "POST"),
        ("/keranjang", "POST"),
        ("/tema", "POST"),
    ):
        for name, values in hostile.HEADERS.items():
            for value in values:
                answer = browser().open(path, method=method, headers={name: value})
                wrong += check(answer, f"{method} {path} {name}: {value[:20]!r}")
        for name in ("sesi", "hp", "pintu", "keranjang", "pesanan", "tema", "bahasa", "isi"):
            for title, value in hostile.VALUES.items():
                text = value.decode("latin-1") if isinstance(value, bytes) else quote(value[:3000], safe="%' ()*{}[]<>")
                answer = browser(use_cookies=False).open(path, method=method, headers={"Cookie": f"{name}={text}"})
                wrong += check(answer, f"{method} {path} cookie {name} {title}")

    assert wrong == []


@pytest.mark.parametrize("method", slice_of(("BREW", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "CONNECT"), "PUT"))
def test_unknown_methods_are_refused_everywhere(app, world, browser, method):
    for who in (None, "seller"):
        client = browser(world.people[who] if who else None)
        for stop in walk.stops(app, _first(world), "GET"):
            answer = client.open(stop.path, method=method)

            assert answer.status_code in {400, 405}, f"{method} {stop.path}: {answer.status}"


def test_a_form_that_echoes_raw_goes_red(app, world, monkeypatch):
    raw = app.jinja_env.from_string("<!doctype html><title>x</title><h1>x</h1>{{ request.form['nama']|safe }}")
    monkeypatch.setitem(app.view_functions, "shops.ask", raw.render)

    plain = FlaskClient(app, app.response_class)  # ours would stop at the page before this walk looks at it
    answer = plain.post("/ingin-jualan", data={"nama": hostile.VALUES["markup"]})

    assert check(answer, "shops.ask") == ["shops.ask: echoed raw"]


def test_a_name_that_only_the_code_knows_is_tried_like_any_other(app, another_app, world, noted, monkeypatch):
    asked = set()

    def ask() -> str:
        asked.update({request.form.get("tersembunyi", ""), request.form.get("lebih-dalam", "") or ""})
        return "<!doctype html><html lang=id><title>x</title><h1>x</h1></html>"

    monkeypatch.setitem(app.view_functions, "shops.ask", ask)
    noted.since()
    client = app.test_client()
    for _what, body in bodies({}, set(), noted):
        client.post("/ingin-jualan", data=body, content_type=FORM_TYPE)

    assert len(asked) > len(hostile.SHARP)


def test_a_field_that_keeps_a_nul_goes_red(app):
    assert "\x00" not in _read(app, hostile.NUL)
    assert "\x00" in hostile.NUL


def _read(app, value) -> str:
    class One(Form):
        nama = TextLine()

    with app.test_request_context(method="POST", data={"nama": value}):
        return One().nama.data


def _first(world) -> dict[str, list[str]]:
    return {name: values[:1] for name, values in world.near.items()}


def _signed(world, path) -> str:
    code = path.split("/")[2] if path.startswith("/pesanan/") else ""
    return f"{path}?s={world.signed[code]}" if code in world.signed else path
