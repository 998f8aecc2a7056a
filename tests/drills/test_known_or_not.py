"""Whether an account exists cannot be told by how long the door takes: measured through a real server.

Known and unknown are asked in turn, so that whatever else the machine does falls on both alike; the medians may
differ by 20 ms. The twins break the door the way people would, and the same measure must see it.
"""

from __future__ import annotations

import http.client
import statistics
import sys
import time
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import update

from app.core.db import db, transaction
from app.people.accounts import hashing
from app.people.accounts.models import Device
from config import Settings
from tests.factories.people import make_account, make_card, make_device
from tests.support.live import LiveServer

pytestmark = [pytest.mark.drill, pytest.mark.slow]

MOST_APART_MS = 20
ROUNDS = 60
PHONE, NOBODY = "081234567890", "089999999999"
TOKEN = "phone-of-the-drill"
# Far beyond the drill's own tries: what is measured is the door, not its limits.
OPEN = "sign-in:pin=100000/300,sign-in:password=100000/300,sign-in:card=100000/300"
# A quick machine hashes in less than may be seen from outside; the twins hash so often that any machine shows it.
TIMES = 8
# The doors as somebody in a hurry would write them.
LEAKY = f"""
from dataclasses import replace

from app.people.accounts import hashing
from app.people.entrance import queries
from wsgi import app

app.extensions["lapak_settings"] = replace(app.extensions["lapak_settings"], argon2_time_cost={TIMES})
whole, find_card = hashing._matches, queries.find_card

def hurried(stored, given):
    return stored is not None and whole(stored, given)

def thorough_for_some(phone, code):
    known = queries.db.session.scalar(queries.select(queries.Account).where(queries.Account.phone == phone))
    if known is not None:
        hashing.hash_password(code)
    return find_card(phone, code)

hashing._matches, queries.find_card = hurried, thorough_for_some
"""


@dataclass(frozen=True)
class Door:
    """Where one asks, and what a known and an unknown account would send; all of it wrong."""

    path: str
    known: dict[str, str]
    unknown: dict[str, str]


DOORS = {
    "PIN": Door("/masuk", {"telepon": PHONE, "pin": "739182"}, {"telepon": NOBODY, "pin": "739182"}),
    "card": Door(
        "/masuk",
        {"telepon": PHONE, "kode_kartu": "2222222222222"},
        {"telepon": NOBODY, "kode_kartu": "2222222222222"},
    ),
    "staff": Door(
        "/masuk/petugas",
        {"nama_pengguna": "rini.kurator", "kata_sandi": "bukan kata sandi"},
        {"nama_pengguna": "siapa.kurator", "kata_sandi": "bukan kata sandi"},
    ),
}


@pytest.fixture
def market(request, app, database, environ, tmp_path, monkeypatch):
    """One process, with the hashing of a real installation or of the twins, in what is stored too; not started."""
    seller = make_account(phone="+6281234567890")
    make_card(seller)
    make_device(seller, TOKEN)
    curator = make_account("curator", username="rini.kurator")
    times = getattr(request, "param", Settings.argon2_time_cost)
    slow = {"argon2_time_cost": times, "argon2_memory_kib": Settings.argon2_memory_kib}
    monkeypatch.setitem(app.extensions, "lapak_settings", replace(app.extensions["lapak_settings"], **slow))
    pin, password = hashing.hash_pin("593711"), hashing.hash_password("tidak akan ditebak")
    with transaction():
        seller.pin_hash, curator.password_hash = pin, password
    db.session.remove()
    db.engine.dispose()
    given = {**environ, "LAPAK_DATABASE_URL": database.url, "LAPAK_LIMITS": OPEN, "PYTHONPATH": str(tmp_path)}
    (tmp_path / "leaky.py").write_text(LEAKY)
    server = LiveServer(given, tmp_path / "server.log", processes=1)
    yield server
    server.stop()


def ask(url: str, door: Door, typed: dict[str, str], cookie: str) -> float:
    """Knock once and return how many milliseconds the answer took."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    began = time.perf_counter()
    connection.request("POST", door.path, urlencode(typed), headers)
    answer = connection.getresponse()
    answer.read()
    took = (time.perf_counter() - began) * 1000
    connection.close()
    assert answer.status == 422
    return took


def unlock() -> None:
    """Give her phone its five tries back: a locked one takes the way of the unknown, and would hide a difference."""
    with transaction():
        db.session.execute(update(Device).values(wrong_pins=0))


def apart(url: str, door: Door, cookie: str) -> float:
    """Return how far the medians of known and unknown lie apart, in milliseconds."""
    for typed in (door.known, door.unknown) * 3:
        ask(url, door, typed, cookie)
    known_ms, unknown_ms = [], []
    for _ in range(ROUNDS):
        unlock()
        known_ms.append(ask(url, door, door.known, cookie))
        unknown_ms.append(ask(url, door, door.unknown, cookie))
    known, unknown = statistics.median(known_ms), statistics.median(unknown_ms)
    sys.stdout.write(f"{door.path} known {known:.1f} ms, unknown {unknown:.1f} ms\n")
    return abs(known - unknown)


@pytest.mark.parametrize("phone", ["", f"hp={TOKEN}"], ids=["a strange phone", "her phone"])
@pytest.mark.parametrize("door", DOORS.values(), ids=list(DOORS))
def test_the_door_takes_as_long_for_whom_it_does_not_know(market, door, phone):
    market.start()

    assert apart(market.url, door, phone) <= MOST_APART_MS


@pytest.mark.parametrize(
    ("door", "phone"), [("PIN", f"hp={TOKEN}"), ("card", ""), ("staff", "")], ids=["PIN", "card", "staff"]
)
@pytest.mark.parametrize("market", [TIMES], indirect=True, ids=["slow"])
def test_twin_a_door_in_a_hurry_is_seen(market, door, phone):
    """Without the work that is done for nothing (card: with work for known numbers alone), the clock tells."""
    market.start("leaky:app")

    assert apart(market.url, DOORS[door], phone) > MOST_APART_MS
