"""Sixteen processes buy twenty hot products at one moment and a worker is killed half-way: the books are exact.

Source: spec/performance.md, budget 6. `make bench` plays the same on a market of the demo; here both engines stand.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys

import psutil
import pytest
from sqlalchemy import func, select

from app.core import books
from app.core.db import db
from app.goods.stock.models import Stock
from app.trade.orders.models import OrderGroup
from tests.factories.goods import make_product, variant_of
from tests.factories.trade import make_stall
from tests.support.live import ROOT

pytestmark = [pytest.mark.drill, pytest.mark.race]

PROCESSES, HOT, EACH, TRIES = 16, 20, 12, 20
BUYER = runpy.run_path(str(ROOT / "bench" / "stock.py"))["BUY"]


def count(what) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(what)) or 0


def test_sixteen_processes_share_twenty_hot_products_and_a_worker_is_killed(app, live_server, record_property):
    shops = [make_stall()[1] for _ in range(5)]
    goods = [variant_of(make_product(shops[each % 5], f"Barang {each}", qty=EACH)).id for each in range(HOT)]
    db.session.rollback()
    shoppers = [
        subprocess.Popen(
            [sys.executable, "-c", BUYER, str(live_server.port), str(seed), str(TRIES), json.dumps(goods)],
            stdout=subprocess.PIPE, text=True,
        )
        for seed in range(PROCESSES)
    ]  # fmt: skip
    while count(OrderGroup) < 10:
        assert any(each.poll() is None for each in shoppers), "nobody could buy"
    worker = psutil.Process(live_server.process.pid).children()[0]
    os.kill(worker.pid, signal.SIGKILL)
    told = [json.loads(each.communicate()[0]) for each in shoppers]

    yes, no, bad = (sum(each[answer] for each in told) for answer in ("yes", "no", "bad"))
    record_property("orders", yes)
    record_property("sold_out", no)
    record_property("cut_off", bad)
    # Whoever the killed worker was serving was told nothing; no more than it and the queue behind it could hold.
    assert bad <= PROCESSES
    assert yes <= count(OrderGroup) <= yes + bad
    assert no > 0
    held = select(Stock.reserved).where(Stock.variant_id.in_(goods)).order_by(Stock.variant_id)
    assert list(db.session.scalars(held)) == [EACH] * HOT  # all of it is promised, and no pack twice
    assert [str(each) for _name, found in books.verify() for each in found] == []
