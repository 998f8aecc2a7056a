"""Planted values are looked for everywhere that somebody could read them; canaries.csv says who may meet which."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote

import pytest
import structlog
from sqlalchemy import select

from app.core import books, jobs, logs
from app.core.db import Base, db
from app.core.policy import public
from app.core.storage import private_store, public_store
from config import load_settings
from tests.factories.people import sign_in
from tests.security import walk
from tests.security.world import CANARIES
from tests.support.paper import readable

ROWS = list(csv.DictReader(Path(__file__).with_name("canaries.csv").read_text(encoding="utf-8").splitlines()))
SEEN_BY = {row["canary"]: set(filter(None, row["seen_by"].split(";"))) for row in ROWS}
# Whole identity numbers stand on the paper that needs them, where each look is written down, and nowhere else.
ONLY_ON = {row["canary"]: set(row["only_on"].split(";")) for row in ROWS if row["only_on"]}
VIEWERS = (
    "nobody", "buyer", "seller", "rival", "seller_far", "pendamping", "pendamping_far", "curator", "curator_far",
    "caseworker", "approver", "head", "steward", "admin",
)  # fmt: skip
SEPARATORS = re.compile(r"[\s\-.()]+|%20|\+(?=\d)|&nbsp;|\u00a0")


def spellings(value: str) -> set[str]:
    """Return how a value may stand in a page, an address or a log."""
    found = {value, html.escape(value), quote(value), quote_plus(value), quote(value, safe="")}
    if value.startswith("+62"):
        found |= {value[1:], "0" + value[3:], value[3:]}
    if value.isupper() and value.isalnum():
        found |= {" ".join(value[at : at + 4] for at in range(0, len(value), 4)), value.lower()}
        found |= {"-".join(value[at : at + 4] for at in range(0, len(value), 4))}
    return found


def canaries_in(text: str) -> set[str]:
    """Name the canaries that stand in a text, however they are spelt."""
    closed = SEPARATORS.sub("", unquote(html.unescape(text)))
    found = set()
    for name, value in CANARIES.items():
        wanted = spellings(value)
        if any(each in text for each in wanted) or any(SEPARATORS.sub("", each) in closed for each in wanted):
            found.add(name)
    return found


def read_everything(app, world, browser, who):
    """Yield (address, everything that comes back) of every page for one viewer."""
    client = browser(world.people.get(who))
    for stop in walk.stops(app, world.near, "GET"):
        path = stop.path
        code = path.split("/")[2] if path.startswith("/pesanan/") else ""
        if who == "buyer" and code in world.signed:
            path = f"{path}?s={world.signed[code]}"
        if who != "buyer" and stop.rule.endpoint == "orders.placed":
            path = stop.missing  # the token of this address is the buyer's alone
        answer = client.get(path)
        yield path, f"{path}\n{answer.headers}\n{readable(answer.get_data())}"


@pytest.mark.parametrize("who", VIEWERS)
def test_each_canary_is_seen_only_by_whom_the_list_names(app, world, browser, who):
    leaks, met = [], set()

    for path, everything in read_everything(app, world, browser, who):
        found = canaries_in(everything)
        met |= found
        endpoint = app.url_map.bind("localhost").match(path.partition("?")[0])[0]
        wrong = {name for name in found if who not in SEEN_BY[name] or endpoint not in ONLY_ON.get(name, {endpoint})}
        leaks += [f"{name} on {path} as {who}" for name in sorted(wrong)]

    assert leaks == []
    assert met == {name for name, seen_by in SEEN_BY.items() if who in seen_by}


def test_the_list_names_every_canary():
    assert set(SEEN_BY) == set(CANARIES)
    assert set().union(*SEEN_BY.values()) <= set(VIEWERS)


def test_no_address_of_ours_carries_a_canary(app, world, browser):
    found = []
    for who in ("buyer", "seller", "pendamping", "curator", "caseworker"):
        for path, everything in read_everything(app, world, browser, who):
            links = re.findall(r'(?:href|action|src)="(/[^"]*)"', everything)
            found += [f"{name} in {link} on {path}" for link in links for name in canaries_in(link)]
            found += [f"{name} in {path}" for name in canaries_in(path)]

    assert found == []


def test_cookies_carry_no_canary(app, world, browser):
    client = browser(world.people["seller"])
    client.post("/masuk", data={"telepon": CANARIES["seller_phone"], "pin": CANARIES["pin"]})
    variant_id = db.session.scalars(db.select(Base.metadata.tables["variant"].c.id)).first()
    client.post("/keranjang", data={"varian": variant_id, "jumlah": "1"})

    assert [
        (cookie.key, canaries_in(cookie.value)) for cookie in client._cookies.values() if canaries_in(cookie.value)
    ] == []


def test_secrets_stand_nowhere_in_the_database(app, world):
    secret = {"pin", "password", "totp_secret", "card_code", "device_token"}
    secret |= {name for name in CANARIES if name.startswith("family_")}
    found = []
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            found += [f"{name} in {table.name}" for name in canaries_in(repr(tuple(row))) & secret]

    assert found == []


def test_files_carry_no_canary_in_their_names(app, world):
    names = [*public_store().list_names(), *private_store().list_names()]

    assert [name for name in names if canaries_in(name)] == []


@pytest.fixture
def written() -> io.StringIO:
    """What a real installation writes to its log, as it is written."""
    return io.StringIO()


def as_in_production(sink: io.StringIO) -> None:
    """Log as a real installation does, into a sink."""
    keys = "a:" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
    logs.init(
        load_settings(
            {
                "LAPAK_ENV": "production",
                "LAPAK_SECRET_KEY": "5d41402abc4b2a76b9719d911017c592",
                "LAPAK_FIELD_KEYS": keys,
                "LAPAK_DATABASE_URL": "sqlite://",
                "LAPAK_LOG_LEVEL": "DEBUG",
            }
        )
    )
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sink))


def as_in_tests(app) -> None:
    """Log as tests do again."""
    logs.init(app.extensions["lapak_settings"])


def exercise(bent, world) -> None:
    """Do all that is likely to end in a log: pages, wrong tries, failures, the worker, the books."""
    for who in (None, "seller", "pendamping", "curator", "caseworker"):
        client = bent.test_client()
        if who:
            sign_in(client, world.people[who])
        for stop in walk.stops(bent, world.near, "GET"):
            code = stop.path.split("/")[2] if stop.path.startswith("/pesanan/") else ""
            client.get(stop.path, query_string={"s": world.signed.get(code, "")} if code else None)
        typed = {"telepon": CANARIES["buyer_phone"], "nama": CANARIES["buyer_name"], "pin": CANARIES["pin"]}
        for path in ("/masuk", "/masuk/petugas", "/ingin-jualan", "/gagal/rusak", "/gagal/buku", "/pesan"):
            client.post(path, data=typed | {"kata_sandi": CANARIES["password"], "kode_kartu": CANARIES["card_code"]})
    jobs.run_clocks()
    jobs.run_due()
    list(books.verify())


def failing(another_app):
    """Build the application with views that fail with canaries in hand."""
    bent = another_app()

    @public
    def fail(name: str) -> str:
        phone, secret = CANARIES["buyer_phone"], CANARIES["pin"]
        if name == "buku":
            db.session.execute(db.text("SELECT :phone FROM no_such_table"), {"phone": phone})
        raise RuntimeError(f"{phone} {secret} {CANARIES['buyer_name']}")

    bent.add_url_rule("/gagal/<slug:name>", "fail", fail, methods=["POST"])
    return bent


def test_nothing_about_a_person_is_written_to_the_log(app, another_app, world, written):
    bent = failing(another_app)
    as_in_production(written)
    try:
        exercise(bent, world)
    finally:
        as_in_tests(app)

    text = written.getvalue()
    assert text.count('"event": "request_failed"') >= 4
    assert [line for line in text.splitlines() if canaries_in(line)] == []
    assert not [code for code, signature in world.signed.items() if signature in text]


def test_a_log_that_tells_messages_goes_red(app, another_app, world, written, monkeypatch):
    bent = failing(another_app)
    as_in_production(written)
    told = logs._told(with_message=True)
    structlog.configure(processors=[told, structlog.processors.JSONRenderer(ensure_ascii=False)])
    try:
        bent.test_client().post("/gagal/rusak")
    finally:
        as_in_tests(app)

    assert canaries_in(written.getvalue()) == {"buyer_phone", "pin", "buyer_name"}


@pytest.mark.parametrize(
    "text",
    ["0813-7000-0101", "wa.me/6281370000101", "+62 813 7000 0101", "%2B6281370000101", "0813 7000 0101"],
)
def test_the_scan_finds_a_number_however_it_is_written(text):
    assert canaries_in(f"<a>{text}</a>") == {"seller_phone"}


def test_a_page_that_shows_a_phone_goes_red(app, world, browser, monkeypatch):
    page = f"<!doctype html><html lang=id><title>x</title><h1>x</h1>{CANARIES['seller_phone']}</html>"
    monkeypatch.setitem(app.view_functions, "front.help_page", lambda: page)

    with pytest.raises(AssertionError, match="seller_phone on /bantuan as nobody"):
        test_each_canary_is_seen_only_by_whom_the_list_names(app, world, browser, "nobody")
