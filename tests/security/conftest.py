"""What the security tests share: a small market, and browsers signed in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.core.db import db
from tests.conftest import build as build_app
from tests.conftest import test_settings
from tests.factories.people import sign_in
from tests.security import kept
from tests.security import world as market
from tests.support.databases import Database
from tests.support.pages import PageClient


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let one process play whatever reads the kept walks of an engine, so that each viewer walks once."""
    if isinstance(item, pytest.Function) and "pages" in item.fixturenames:
        engine = item.callspec.params.get("engine_name", "")
        item.add_marker(pytest.mark.xdist_group(f"walks on {engine}"))


@pytest.fixture
def world(app: Flask, database: Database) -> market.World:
    """The small market, as it was built."""
    return kept.market(database)


@pytest.fixture
def pages(app: Flask, database: Database, world: market.World) -> Callable[[str], list[kept.Page]]:
    """Return what a viewer gets at every address; for tests that bend nothing."""
    return lambda who: kept.pages(app, database, world, who)


@pytest.fixture
def browser(app: Flask) -> Callable[..., PageClient]:
    """Make a browser: a visitor's, or one that somebody has signed in with."""

    def make(account: object = None, **options: object) -> PageClient:
        client = app.test_client(**options)
        assert isinstance(client, PageClient)
        if account is not None:
            sign_in(client, account)
        return client

    return make


@pytest.fixture
def another_app(app: Flask, database: Database, environ: dict[str, str]) -> Iterator[Callable[..., Flask]]:
    """Build a second application on the same database, with other settings or views that a test bends."""
    apps = []

    def make(**given: str) -> Flask:
        made = build_app(test_settings(environ | given, database.url))
        made.test_client_class = PageClient
        apps.append(made)
        return made

    yield make
    for made in apps:
        with made.app_context():
            db.session.remove()
            db.engine.dispose()
