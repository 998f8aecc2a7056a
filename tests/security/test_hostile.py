"""Whatever is sent, nobody meets a broken page: an Indonesian sentence, nothing echoed raw, nothing stored in half."""

from __future__ import annotations

import inspect
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode

import pytest
from sqlalchemy import delete
from werkzeug.datastructures import MultiDict

import app as house
from app.core.db import db, transaction
from app.core.forms import Form, TextLine
from app.core.limits import LimitHit
from app.people.accounts import totp
from app.people.accounts.models import LoginCard
from app.people.entrance import pending
from app.people.entrance.pending import Pending
from tests.house import addresses
from tests.security import hostile, walk
from tests.support.paper import readable

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
        return TURN.get(role, 2), -len(offered.get(stop.rule.endpoint, {}))

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


@pytest.fixture
def offered(app, world, browser) -> dict[str, dict[str, str]]:
    """The fields of every form on every page of everybody, by the endpoint that it is sent to."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    files: dict[str, set[str]] = defaultdict(set)
    adapter = app.url_map.bind("localhost")
    for who in (None, "seller", "pendamping", "curator", "caseworker", "approver", "steward"):
        for stop in walk.stops(app, world.near, "GET"):
            client = browser(world.people[who] if who else None)
            half_way(client, world, stop.rule.endpoint)
            code = stop.path.split("/")[2] if stop.path.startswith("/pesanan/") else ""
            page = client.get(stop.path, query_string={"s": world.signed.get(code, "")} if code else None)
            if page.mimetype != "text/html":
                continue
            forms = hostile.Forms(page.get_data(as_text=True))
            for action, method, fields in forms.found:
                if method == "POST" and stop.rule.endpoint != "front.gallery":  # its samples lead nowhere
                    endpoint, _ = adapter.match((action or stop.path).partition("?")[0], "POST")
                    found[endpoint] |= fields
                    files[endpoint] |= forms.files
    app.extensions["hostile_files"] = files
    return found


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


def test_every_form_class_and_every_form_on_a_page_is_known(app, offered):
    sent = {rule.endpoint for rule in addresses.rules(app) if "POST" in addresses.methods(rule)}

    bare = {endpoint for endpoint in sent if endpoint not in offered and not named(app, endpoint)}

    assert bare == set()
    assert len(offered) > len(sent) * 2 // 3


def test_no_field_breaks_a_form(app, world, browser, offered):
    wrong = []
    for stop in sends(app, world, offered):
        forget_limits()
        row = walk.row_of(stop.rule.endpoint)
        good, person = offered.get(stop.rule.endpoint, {}), person_for(row, world)
        client = browser(person)
        for what, body in bodies(good, named(app, stop.rule.endpoint)):
            half_way(client, world, stop.rule.endpoint)
            answer = client.post(_signed(world, stop.path), data=body, content_type=FORM_TYPE)
            if answer.status_code == 401 or "Clear-Site-Data" in answer.headers:
                client = browser(person)
            wrong += check(answer, f"{stop.path} {what}")

    assert wrong == []


def bodies(good, names):
    """Yield what is sent to one address: everything hostile at once, and one thing beside what holds."""
    every = set(good) | names
    for title, value in hostile.VALUES.items():
        yield f"all {title}", urlencode([(name, value) for name in sorted(every)])
    for name in sorted(every):
        for title in hostile.SHARP:
            yield f"{name} {title}", urlencode(list((good | {name: hostile.VALUES[title]}).items()))
    yield "doubled", urlencode(list(hostile.doubled(good)))
    yield "nothing", ""
    yield "many", "&".join(f"f{number}=1" for number in range(400))


def test_no_kind_of_body_breaks_a_form(app, world, browser, offered):
    wrong, files = [], app.extensions["hostile_files"]
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
                data = MultiDict(offered[stop.rule.endpoint])
                data.setlist(name, [hostile.picture(file_name), hostile.picture("dua.jpg", b"")])
                answer = client.post(stop.path, data=data, content_type="multipart/form-data")
                wrong += check(answer, f"{stop.path} file {file_name[:30]!r}")
            answer = client.post(stop.path, data={name: "a text, no file"})
            wrong += check(answer, f"{stop.path} text for a file")

    assert wrong == []


def test_no_query_and_no_address_breaks_a_page(app, world, browser):
    wrong = []
    for stop in walk.stops(app, _first(world), "GET"):
        forget_limits()
        client = browser(person_for(walk.row_of(stop.rule.endpoint), world))
        half_way(client, world, stop.rule.endpoint)
        page = client.get(stop.path)
        # A form reads what was posted and never the question, so its fields go along with the others only.
        linked = hostile.linked_names(readable(page.get_data()))
        names = asked(app, stop.rule.endpoint) | linked | {"bahasa"}
        every = sorted(names | named(app, stop.rule.endpoint))
        for title, value in hostile.VALUES.items():
            query = urlencode([(name, value) for name in every] * 2)
            wrong += check(client.get(f"{stop.path}?{query}"), f"{stop.path} all {title}")
        for name in sorted(names):
            for title in hostile.SHARP:
                query = f"{name}={quote_plus(hostile.VALUES[title])}"
                wrong += check(client.get(f"{stop.path}?{query}"), f"{stop.path}?{name} {title}")
        wrong += check(client.get(f"{stop.path}?a[b][c]=1&&=&;%%%&{'x=1&' * 900}"), f"{stop.path} odd query")

    assert wrong == []


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


@pytest.mark.parametrize("method", ["BREW", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "CONNECT"])
def test_unknown_methods_are_refused_everywhere(app, world, browser, method):
    for who in (None, "seller"):
        client = browser(world.people[who] if who else None)
        for stop in walk.stops(app, _first(world), "GET"):
            answer = client.open(stop.path, method=method)

            assert answer.status_code in {400, 405}, f"{method} {stop.path}: {answer.status}"


def test_a_form_that_echoes_raw_goes_red(app, world, browser, offered, monkeypatch):
    raw = app.jinja_env.from_string("<!doctype html><title>x</title><h1>x</h1>{{ request.form['nama']|safe }}")
    monkeypatch.setitem(app.view_functions, "shops.ask", raw.render)

    with pytest.raises(AssertionError):
        test_no_field_breaks_a_form(app, world, browser, {"shops.ask": offered["shops.ask"]})


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
