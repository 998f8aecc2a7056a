"""A worker that dies between an effect and its mark leaves neither; the effect comes once, poison comes to rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.core import books, jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.jobs import LEASE, MOST_ATTEMPTS, Job
from app.goods.stock import operations as stock
from app.goods.stock.models import Stock, StockMovement
from app.people.accounts.models import Account
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import make_stall
from tests.support.live import ROOT

DIES = """
import threading
from config import load_settings
from app.factory import create_app
from app.core import jobs
from app.core.db import db
from app.goods.stock import operations as stock
from app.people.accounts.models import Account

def restock(payload):
    stock.restock(payload["variant"], payload["qty"], by=db.session.get(Account, payload["by"]))
    db.session.flush()
    print("between", flush=True)
    threading.Event().wait(60)

jobs.handler("drill-restock")(restock)
with create_app(load_settings()).app_context():
    jobs.run_due()
"""


@pytest.fixture
def asked(app):
    """A job that will add five packs to ten."""
    owner, shop = make_stall()
    variant = variant_of(make_product(shop, qty=10)).id
    with transaction():
        jobs.enqueue("drill-restock", {"variant": variant, "qty": 5, "by": owner.id}, key="drill")
    db.session.rollback()
    return variant


@pytest.fixture
def handlers(monkeypatch):
    """Handlers of this test only."""
    own = dict(jobs._handlers)
    monkeypatch.setattr(jobs, "_handlers", own)
    return own


def restock(payload) -> None:
    stock.restock(payload["variant"], payload["qty"], by=db.session.get(Account, payload["by"]))


def there(variant: int) -> int:
    db.session.rollback()
    return db.session.scalar(select(Stock.on_hand).where(Stock.variant_id == variant)) or 0


def waiting() -> Job | None:
    db.session.rollback()
    return db.session.scalars(select(Job).where(Job.kind.like("drill-%"))).one_or_none()


def die_between(environ, url: str) -> None:
    """Let a worker do the effect, and kill it before it could say so."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LAPAK_")}
    child = subprocess.Popen(
        [sys.executable, "-c", DIES],
        cwd=ROOT,
        env={**plain, **environ, "LAPAK_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "between\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()


def test_a_worker_killed_between_effect_and_mark_does_it_exactly_once(asked, database, environ, handlers):
    handlers["drill-restock"] = restock
    db.engine.dispose()
    die_between(environ, database.url)
    assert there(asked) == 10
    assert waiting().attempts == 1
    jobs.run_due()
    assert there(asked) == 10  # leased: another worker might still be at it

    with time_machine.travel(now() + LEASE + timedelta(seconds=1)):
        jobs.run_due()
        jobs.run_due()

    assert there(asked) == 15
    assert waiting() is None
    moved = select(func.count()).select_from(StockMovement).where(StockMovement.variant_id == asked)
    assert db.session.scalar(moved.where(StockMovement.kind == "restock")) == 2  # its opening, and this
    assert [str(finding) for _name, found in books.verify() for finding in found] == []


def test_poison_is_parked_after_five_tries_and_leaves_no_effect(asked, handlers):
    tries = []

    def poison(payload) -> None:
        restock(payload)
        tries.append(now())
        raise ValueError("bad to the bone")

    handlers["drill-restock"] = poison
    for round_ in range(2 * MOST_ATTEMPTS):
        with time_machine.travel(now() + timedelta(hours=round_)):
            jobs.run_due()

    assert len(tries) == MOST_ATTEMPTS == 5
    parked = waiting()
    assert (parked.parked, parked.attempts, parked.last_error) == (True, 5, "ValueError")
    assert there(asked) == 10


def test_a_job_that_kills_its_worker_is_parked_too(asked, handlers):
    for round_ in range(MOST_ATTEMPTS):
        with time_machine.travel(now() + timedelta(hours=round_)):
            jobs._claim()  # the worker has it, and is gone
    handlers["drill-restock"] = restock

    with time_machine.travel(now() + timedelta(days=1)):
        jobs.run_due()

    assert waiting().parked
    assert there(asked) == 10
