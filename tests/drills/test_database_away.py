"""The database server ends under load and comes back: a calm 503 meanwhile, and nobody restarts a worker."""

from __future__ import annotations

import signal
import sys
import threading
import time
import urllib.error
import urllib.request

import psutil
import pytest

from app.core.db import db
from tests.conftest import build, prepare, test_settings
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import make_stall
from tests.support.live import START_SECONDS, LiveServer
from tests.support.postgres import OwnPostgres
from tests.support.shoppers import Shoppers, assert_nothing_lost

AWAY_SECONDS, BACK_SECONDS = 2, 10


@pytest.fixture
def own_postgres():
    """A server that no other test uses."""
    server = OwnPostgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def own_market(own_postgres, environ, tmp_path):
    """The market on that server."""
    settings = test_settings(environ, f"{own_postgres.address}/postgres")
    prepare(settings)
    with build(settings).app_context():
        server = LiveServer({**environ, "LAPAK_DATABASE_URL": settings.database_url}, tmp_path / "server.log")
        server.start()
        yield server
        server.stop()
        db.session.remove()
        db.engine.dispose()


def read(address: str) -> tuple[int, str | None, str]:
    """What a visitor gets: status, Retry-After, text."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status, answer.headers["Retry-After"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Retry-After"], error.read().decode()


def workers_of(market: LiveServer) -> set[int]:
    """Name the processes that answer, once all of them are there: the last one begins after the first answers."""
    assert market.process is not None
    ends = time.monotonic() + START_SECONDS
    while len(found := {each.pid for each in psutil.Process(market.process.pid).children()}) < market.processes:
        assert time.monotonic() < ends, found
        threading.Event().wait(0.05)
    return found


def fall_and_rise(market: LiveServer, server: OwnPostgres, number: int) -> tuple[float, Shoppers]:
    """Play it once; return how long after its return the first order went through."""
    variants = tuple(variant_of(make_product(make_stall()[1], qty=100_000)).id for _ in range(2))
    db.session.rollback()
    db.engine.dispose()
    workers = workers_of(market)
    with Shoppers(market.url, variants) as shoppers:
        shoppers.until(15)
        server.stop(number)
        assert read(market.url + "/healthz")[0] == 200
        assert read(market.url + "/readyz")[0] == 503
        for path in ("/produk?q=telur", "/keranjang", "/pesanan/AAA-BBB?s=x"):
            status, retry, text = read(market.url + path)
            assert (path, status) == (path, 503)
            assert retry
            assert "Sebentar, ya" in text
        threading.Event().wait(AWAY_SECONDS)
        server.start()
        returned = time.monotonic()
        shoppers.until(15)
        first = min(shoppers.successes_after(returned)) - returned
        shoppers.until(10)
    assert workers_of(market) == workers
    assert shoppers.unlawful == []
    assert shoppers.calm > 0
    assert_nothing_lost(shoppers)
    sys.stdout.write(
        f"{len(shoppers.acknowledged)} orders, {shoppers.calm} calm answers, first success after {first:.2f} s\n"
    )
    return first, shoppers


@pytest.mark.race
def test_a_database_that_falls_and_rises_costs_nothing_but_patience(own_postgres, own_market):
    first, _shoppers = fall_and_rise(own_market, own_postgres, signal.SIGQUIT)

    assert first < BACK_SECONDS


@pytest.mark.drill
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGQUIT, signal.SIGINT, signal.SIGKILL], ids=["fault", "restart", "killed"])
def test_every_way_a_database_ends(own_postgres, own_market, number):
    for _ in range(2):
        first, _shoppers = fall_and_rise(own_market, own_postgres, number)

        assert first < BACK_SECONDS
