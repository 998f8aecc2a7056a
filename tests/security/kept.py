"""What is made once for all security tests of a process and engine: the small market, and a walk of each viewer.

The market takes seconds to build, and a viewer's walk through every page as long again. Both are kept: the market is
put back before each test as it was, row for row and file for file, and a walk may be read by every test that only
looks. A test that bends the house walks by itself.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.routing import Rule

from app.core.db import db
from app.core.storage import private_store, public_store
from app.people.accounts.models import Account
from tests.factories.people import sign_in
from tests.security import walk, world
from tests.security.world import World
from tests.support.databases import Database
from tests.support.pages import PageClient
from tests.support.paper import readable

# Clocks of the market run on: after this it is built anew.
FRESH = timedelta(minutes=30).total_seconds()
MARKET = "market"
NOBODY, BUYER = "nobody", "buyer"
VIEWERS = (
    NOBODY, BUYER, "seller", "rival", "seller_far", "pendamping", "pendamping_far", "curator", "curator_far",
    "caseworker", "approver", "head", "steward", "admin", "partner",
)  # fmt: skip

# Whoever sees the same from afar, or only reads, is shown no form that none of these is shown (test_buttons.py).
DOERS = tuple(who for who in VIEWERS if not who.endswith("_far") and who not in {"head", "partner"})


@dataclass(frozen=True)
class Page:
    """What one viewer got at one address, and all of it that a person could read."""

    rule: Rule
    path: str
    status: int
    headers: Headers
    mimetype: str
    data: bytes

    @property
    def text(self) -> str:
        """The page as it came."""
        return self.data.decode("utf-8", "replace")

    @property
    def everything(self) -> str:
        """Address, headers, and the contents with whatever is packed in them."""
        return f"{self.path}\n{self.headers}\n{readable(self.data)}"


@dataclass
class Kept:
    """The market of one database, with what was seen of it."""

    world: World
    people: dict[str, int]
    files: list[tuple[Any, str, bytes]]
    built: float
    walks: dict[str, list[Page]] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)


_kept: dict[str, Kept] = {}


def market(database: Database) -> World:
    """Return the market as it was built, in a database that holds nothing else."""
    kept = _kept.get(database.url)
    if kept is None or monotonic() - kept.built > FRESH:
        return _build(database).world
    _let_go()
    database.put_back(MARKET)
    for store, name, data in kept.files:
        if not store.has(name):
            store.put(name, data)
    people = {who: db.session.get_one(Account, number) for who, number in kept.people.items()}
    return replace(kept.world, people=people)


def of(database: Database) -> Kept:
    """Return what is kept of a database's market."""
    return _kept[database.url]


def _build(database: Database) -> Kept:
    before = set(_files())
    built = world.build()
    made = [(store, name) for store, name in _files() if (store, name) not in before]
    kept = Kept(
        built,
        {who: account.id for who, account in built.people.items()},
        [(store, name, store.read(name)) for store, name in made],
        monotonic(),
    )
    _let_go()
    database.keep(MARKET)
    _kept[database.url] = kept
    return kept


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def _files() -> Iterator[tuple[Any, str]]:
    for store in (public_store(), private_store()):
        yield from ((store, name) for name in store.list_names())


def pages(app: Flask, database: Database, world: World, who: str) -> list[Page]:
    """Return every page as one viewer gets it; walked once, so only for tests that bend nothing."""
    walks = of(database).walks
    if who not in walks:
        walks[who] = list(walked(app, world, who))
    return walks[who]


def walked(app: Flask, world: World, who: str, only: Container[str] | None = None) -> Iterator[Page]:
    """Walk through every page as one viewer, or through those of some views; a stranger brings no cookie along."""
    client = browser(app, world, who)
    for stop in walk.stops(app, world.near, "GET"):
        if only is not None and stop.rule.endpoint not in only:
            continue
        path = address(world, stop, who)
        if who == NOBODY:
            client = browser(app, world, who)
        answer = client.get(path)
        yield Page(stop.rule, path, answer.status_code, answer.headers, answer.mimetype, answer.get_data())


def browser(app: Flask, world: World, who: str) -> PageClient:
    """Return a browser that this viewer has signed in with."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    if who in world.people:
        sign_in(client, world.people[who])
    return client


def address(world: World, stop: walk.Stop, who: str) -> str:
    """Return where a viewer goes: the buyer has the links of her orders, and they are hers alone."""
    code = stop.path.split("/")[2] if stop.path.startswith("/pesanan/") else ""
    if who == BUYER and code in world.signed:
        return f"{stop.path}?s={world.signed[code]}"
    if who != BUYER and stop.rule.endpoint == "orders.placed":
        return stop.missing
    return stop.path


def endpoint(page: Page) -> str:
    """Name the view of a page."""
    return str(page.rule.endpoint)


def plain(path: str) -> str:
    """Return an address without what it asks."""
    return urlsplit(path).path
