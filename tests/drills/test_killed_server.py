"""kill -9 of the server while buyers order: what was acknowledged stands, nothing is half-made, and it comes back."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable

import pytest

from app.core.db import db
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import make_stall
from tests.support.served import Served
from tests.support.shoppers import Shoppers, assert_nothing_lost

BACK_SECONDS = 5


def goods() -> tuple[int, ...]:
    """Plenty of two sellers' things."""
    variants = tuple(variant_of(make_product(make_stall()[1], qty=100_000)).id for _ in range(2))
    db.session.rollback()
    return variants


def play(url: str, variants: tuple[int, ...], kill: Callable[[], None], kills: int, between: int) -> list[float]:
    """Pull the plug so many times; return how long each time nobody could order."""
    gaps = []
    with Shoppers(url, variants) as shoppers:
        for _ in range(kills):
            shoppers.until(between)
            began = time.monotonic()
            kill()
            shoppers.until(between)
            gaps.append(shoppers.silence_since(began))
    assert shoppers.unlawful == []
    assert_nothing_lost(shoppers)
    sys.stdout.write(f"{len(shoppers.acknowledged)} orders, gaps {[round(each, 2) for each in gaps]} s\n")
    return gaps


@pytest.mark.race
def test_no_acknowledged_order_is_lost_when_the_server_is_killed(app, live_server):
    def kill() -> None:
        live_server.stop(signal.SIGKILL)
        live_server.start()

    play(live_server.url, goods(), kill, kills=1, between=10)


@pytest.mark.drill
@pytest.mark.slow
def test_twelve_kills_under_load(app, database, environ, tmp_path):
    variants = goods()
    db.engine.dispose()
    served = Served({**environ, "LAPAK_DATABASE_URL": database.url}, tmp_path / "serve.log")
    served.start()
    try:
        gaps = play(served.url, variants, served.kill_web, kills=12, between=25)
    finally:
        served.stop()

    assert max(gaps) < BACK_SECONDS
