"""Planted values are looked for everywhere that somebody could read them; canaries.csv says who may meet which."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote

import pytest
import structlog
from flask import Response
from sqlalchemy import select

from app.core import books, jobs, logs, optional, sheets
from app.core.db import Base, db
from app.core.policy import public
from app.core.storage import private_store, public_store
from config import load_settings
from tests.factories.people import sign_in
from tests.security import kept, walk
from tests.security.world import CANARIES
from tests.support.paper import readable
from tests.support.slices import slice_of

ROWS = list(csv.DictReader(Path(__file__).with_name("canaries.csv").read_text(encoding="utf-8").splitlines()))
SEEN_BY = {row["canary"]: set(filter(None, row["seen_by"].split(";"))) for row in ROWS}
# Whole identity numbers stand on the paper that needs them, where each look is written down, and nowhere else.
ONLY_ON = {row["canary"]: set(row["only_on"].split(";")) for row in ROWS if row["only_on"]}
SEPARATORS = re.compile(r"[\s\-.()]+|%20|\+(?=\d)|&nbsp;|\u00a0")
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni")


def spellings(value: str) -> set[str]:
    """Return how a value may stand in a page, an address or a log."""
    found = {value, html.escape(value), quote(value), quote_plus(value), quote(value, safe="")}
    if value.startswith("+62"):
        found |= {value[1:], "0" + value[3:], value[3:]}
    if value.isupper() and value.isalnum():
        found |= {" ".join(value[at : at + 4] for at in range(0, len(value), 4)), value.lower()}
        found |= {"-".join(value[at : at + 4] for at in range(0, len(value), 4))}
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = date.fromisoformat(value)
        month = MONTHS[day.month - 1]
        found |= {f"{day.day} {month} {day.year}", f"{day.day} {month[:3]} {day.year}", f"{day:%d/%m/%Y}"}
    return found


WANTED = {name: {each: SEPARATORS.sub("", each) for each in spellings(value)} for name, value in CANARIES.items()}


def canaries_in(text: str) -> set[str]:
    """Name the canaries that stand in a text, however they are spelt."""
    closed = SEPARATORS.sub("", unquote(html.unescape(text)))
    return {
        name for name, wanted in WANTED.items() if any(each in text or bare in closed for each, bare in wanted.items())
    }


def leaks(page: kept.Page, who: str) -> list[str]:
    """Name what stands on a page and may not meet this viewer there."""
    at = kept.endpoint(page)
    found = canaries_in(page.everything)
    wrong = {name for name in found if who not in SEEN_BY[name] or at not in ONLY_ON.get(name, {at})}
    return [f"{name} on {page.path} as {who}" for name in sorted(wrong)]


@pytest.mark.parametrize("who", slice_of(kept.VIEWERS, kept.NOBODY, "rival"))
def test_each_canary_is_seen_only_by_whom_the_list_names(pages, who):
    found = [leak for page in pages(who) for leak in leaks(page, who)]
    met = {name for page in pages(who) for name in canaries_in(page.everything)}

    assert found == []
    assert met == {name for name, seen_by in SEEN_BY.items() if who in seen_by}


def test_the_list_names_every_canary():
    assert set(SEEN_BY) == set(CANARIES)
    assert set().union(*SEEN_BY.values()) <= set(kept.VIEWERS)


@pytest.mark.parametrize("who", slice_of(kept.VIEWERS, kept.NOBODY, "rival"))
def test_no_address_of_ours_carries_a_canary(pages, who):
    found = []
    for page in pages(who):
        links = re.findall(r'(?:href|action|src)="(/[^"]*)"', page.text)
        found += [f"{name} in {link} on {page.path}" for link in links for name in canaries_in(link)]
        found += [f"{name} in {page.path}" for name in canaries_in(page.path)]

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


@pytest.mark.drill
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


def workbook(words: str) -> bytes:
    return sheets.write_xlsx([sheets.Sheet("Satu", ["Nama"], [["aman"]]), sheets.Sheet("Dua", ["Isi"], [[words]])])


def numbers(words: str) -> bytes:
    """A number as a number, which no byte of the file spells."""
    return sheets.write_xlsx([sheets.Sheet("Angka", ["NIK"], [[int(words)]])])


def package(words: str) -> bytes:
    """A file in a package in a package."""
    packed = words.encode()
    for name in ("isi.txt", "dalam.zip"):
        with zipfile.ZipFile(buffer := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, packed)
        packed = buffer.getvalue()
    return packed


def named(words: str) -> bytes:
    """A package whose file is called so."""
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as archive:
        archive.writestr(f"{words}.txt", "isi")
    return buffer.getvalue()


def paper(words: str) -> bytes:
    drawn = optional.load("weasyprint").HTML(string=f"<title>Surat</title><p>{words}</p>")
    return bytes(drawn.write_pdf())


def titled(words: str) -> bytes:
    """A PDF that says it of itself, not on paper."""
    return bytes(optional.load("weasyprint").HTML(string=f"<title>{words}</title><p>Surat</p>").write_pdf())


HTML = "<!doctype html><html lang=id><title>x</title><h1>x</h1>{}</html>"
KINDS = {
    "page": ("seller_phone", lambda words: HTML.format(words).encode(), "text/html"),
    "mark": ("desil_day", lambda _words: HTML.format("29 Februari 2024").encode(), "text/html"),
    "feed": ("buyer_name", lambda words: f"BEGIN:VEVENT\r\nSUMMARY:{words}\r\nEND:VEVENT".encode(), "text/calendar"),
    "csv": ("family_nik", lambda words: sheets.write_csv(["NIK"], [[words]]), sheets.CSV),
    "workbook": ("family_name", workbook, sheets.XLSX),
    "number in a workbook": ("family_kk", numbers, sheets.XLSX),
    "package in a package": ("family_phone", package, "application/zip"),
    "name in a package": ("grant_thing", named, "application/zip"),
    "paper": ("family_address", paper, "application/pdf"),
    "title of a paper": ("visit_words", titled, "application/pdf"),
}
FEW = {"front.help_page", "front.about", "front.home"}
PACKED = [kind for kind, (*_rest, mimetype) in KINDS.items() if mimetype in {sheets.XLSX, "application/pdf"}]


@pytest.mark.parametrize("kind", KINDS)
def test_a_leak_of_any_kind_goes_red(app, world, monkeypatch, kind):
    name, pack, mimetype = KINDS[kind]
    leaked = pack(CANARIES[name])
    monkeypatch.setitem(app.view_functions, "front.help_page", lambda: Response(leaked, mimetype=mimetype))

    found = [leak for page in kept.walked(app, world, "nobody", FEW) for leak in leaks(page, "nobody")]

    assert found == [f"{name} on /bantuan as nobody"]


@pytest.mark.parametrize("kind", PACKED)
def test_bytes_alone_would_not_show_what_is_packed(kind):
    name, pack, _mimetype = KINDS[kind]
    leaked = pack(CANARIES[name])

    assert canaries_in(leaked.decode(errors="replace")) == set()
    assert name in canaries_in(readable(leaked))
