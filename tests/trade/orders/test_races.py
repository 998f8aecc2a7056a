"""Many at once, with real threads on real connections, and a process that dies half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import bindparam, event, func, select, text, update

from app.core import books
from app.core.clock import here
from app.core.db import db, transaction
from app.goods.stock import operations as stock
from app.goods.stock.models import CapacityDay, Stock, StockMovement
from app.people.accounts.models import Account
from app.trade.orders import operations, queries
from app.trade.orders.models import Order, OrderGroup
from tests.factories.goods import make_made_to_order, make_product, variant_of
from tests.factories.trade import checkout, make_stall, place_group, place_order
from tests.support.together import at_once

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.race


def submitting(submit) -> Callable[[], None]:
    def act() -> None:
        with transaction():
            operations.place(submit)

    return act


def wrong_rows() -> list[str]:
    return [str(finding) for _, findings in books.verify() for finding in findings]


def reserved(variant) -> int:
    return db.session.scalar(select(Stock.reserved).where(Stock.variant_id == variant.id))


def test_sixty_four_buyers_share_ten_packs(app):
    eggs = variant_of(make_product(make_stall()[1], qty=10))

    answers = at_once(app, [submitting(checkout((eggs, 1))) for _ in range(64)])

    assert Counter(answers) == {"ya": 10, "LinesChanged": 54}
    assert (reserved(eggs), db.session.scalar(select(func.count()).select_from(OrderGroup))) == (10, 10)
    assert wrong_rows() == []


def test_a_day_of_five_is_promised_to_five(app):
    shop = make_stall()[1]
    cake = variant_of(make_made_to_order(shop, lead_days=1, day_capacity=5))
    day = here("Asia/Jakarta").date() + timedelta(days=4)

    answers = at_once(app, [submitting(checkout((cake, 1), day=day)) for _ in range(16)])

    assert Counter(answers) == {"ya": 5, "LinesChanged": 11}
    assert db.session.get_one(CapacityDay, (cake.id, day)).booked == 5
    assert wrong_rows() == []


def test_two_sellers_cakes_in_crossing_baskets_never_wait_for_each_other(app):
    cakes = [variant_of(make_made_to_order(make_stall()[1], lead_days=1, day_capacity=6)) for _ in range(2)]
    baskets = [cakes, cakes[::-1]] * 6

    answers = at_once(app, [submitting(checkout(*((cake, 1) for cake in basket))) for basket in baskets])

    assert set(answers) <= {"ya", "LinesChanged"}
    assert wrong_rows() == []


def test_a_day_given_back_twice_at_once_is_free_once(app):
    owner, shop = make_stall()
    order = place_order(make_made_to_order(shop, lead_days=1, day_capacity=5), 4)
    order_id, owner_id = order.id, owner.id
    db.session.rollback()

    def refuse():
        with transaction():
            by = db.session.get_one(Account, owner_id)
            operations.refuse(queries.get_order(order_id), "tidak_sempat", by=by)

    def cancel():
        with transaction():
            operations.cancel_by_buyer(queries.get_order(order_id), "salah_pesan")

    answers = at_once(app, [refuse, cancel] * 3)

    assert Counter(answers) == {"ya": 1, "NotNow": 5}
    assert db.session.scalars(select(CapacityDay.booked)).all() == [0]
    assert wrong_rows() == []


@contextmanager
def without_check(engine_name: str) -> Iterator[None]:
    """Take the database's own last guard away for a while."""
    db.session.rollback()
    if engine_name == "sqlite":
        db.engine.dispose()

        def open_eyed(connection, _record) -> None:
            connection.execute("PRAGMA ignore_check_constraints=ON")

        event.listen(db.engine, "connect", open_eyed)
        yield
        event.remove(db.engine, "connect", open_eyed)
        db.session.rollback()
        db.engine.dispose()
        return
    with transaction():
        found = text("SELECT conname FROM pg_constraint WHERE conname LIKE 'ck_stock%covered'")
        name = db.session.scalar(found)
        db.session.execute(text(f"ALTER TABLE stock DROP CONSTRAINT {name}"))
    yield
    db.session.rollback()
    with transaction():
        db.session.execute(text("UPDATE stock SET reserved = 0"))
    with transaction():  # what the change sets off at its commit is done first
        db.session.execute(text(f"ALTER TABLE stock ADD CONSTRAINT {name} CHECK (reserved <= on_hand)"))


def unguarded(monkeypatch) -> None:
    table = stock._stock
    naive = update(table).where(table.c.variant_id == bindparam("variant"))
    monkeypatch.setattr(stock, "_HOLD", naive.values(reserved=table.c.reserved + bindparam("qty")))


def test_twin_without_its_condition_the_update_oversells(app, engine_name, monkeypatch):
    eggs = variant_of(make_product(make_stall()[1], qty=10))
    unguarded(monkeypatch)

    with without_check(engine_name):
        answers = at_once(app, [submitting(checkout((eggs, 1))) for _ in range(16)])

        assert Counter(answers) == {"ya": 16}
        assert reserved(eggs) == 16
        assert any(row.startswith("stock ") for row in wrong_rows())


def test_twin_without_its_condition_the_database_still_refuses(app, monkeypatch):
    eggs = variant_of(make_product(make_stall()[1], qty=10))
    unguarded(monkeypatch)

    answers = at_once(app, [submitting(checkout((eggs, 1))) for _ in range(16)])

    assert Counter(answers) == {"ya": 10, "IntegrityError": 6}
    assert reserved(eggs) == 10


def crossing(app) -> list[str]:
    first, second = (variant_of(make_product(make_stall()[1], qty=400)) for _ in range(2))
    submits = [
        checkout((first, 1), (second, 1)) if turn % 2 else checkout((second, 1), (first, 1)) for turn in range(40)
    ]
    answers: list[str] = []
    for round_ in range(2):
        answers += at_once(app, [submitting(submit) for submit in submits[round_ * 20 : round_ * 20 + 20]])
    return answers


def test_crossing_baskets_never_wait_for_each_other(app):
    assert Counter(crossing(app)) == {"ya": 40}
    assert wrong_rows() == []


def test_twin_baskets_in_any_order_do_wait_for_each_other(app, engine_name, monkeypatch):
    first, second = (variant_of(make_product(make_stall()[1], qty=4)) for _ in range(2))
    turns, meet = count(), threading.Barrier(2)

    def crossed(variants: Iterable[int]) -> Iterator[int]:
        one, other = sorted(variants, reverse=bool(next(turns) % 2))
        yield one
        with suppress(threading.BrokenBarrierError):
            meet.wait(timeout=0.5 if engine_name == "sqlite" else 20)
        yield other

    monkeypatch.setattr(stock, "sorted", crossed, raising=False)
    answers = at_once(app, [submitting(checkout((first, 1), (second, 1))) for _ in range(2)])

    # SQLite has one writer at a time, so nobody can wait for the other.
    lost = 1 if engine_name == "postgresql" else 0
    assert Counter(answers)["OperationalError"] == lost


def test_one_form_sent_many_times_at_once_makes_one_order(app):
    eggs = variant_of(make_product(make_stall()[1], qty=10))
    submit = checkout((eggs, 2))

    def act() -> str:
        with transaction():
            return operations.place(submit).token

    answers = at_once(app, [act] * 12)

    assert len(set(answers)) == 1
    assert len(answers[0]) == 40
    assert (reserved(eggs), db.session.scalar(select(func.count()).select_from(Order))) == (2, 1)


def test_accept_and_cancel_have_one_winner_and_a_clear_loser(app):
    seller, shop = make_stall()
    eggs = make_product(shop, qty=100)
    for _ in range(6):
        order = place_order(eggs)
        number, shown, seller_id = order.id, order.version, seller.id

        def accept(number=number, shown=shown, seller_id=seller_id) -> None:
            by = db.session.get(type(seller), seller_id)
            with transaction():
                operations.accept(queries.get_order(number), by=by, version=shown)

        def cancel(number=number, shown=shown) -> None:
            with transaction():
                operations.cancel_by_buyer(queries.get_order(number), "salah_pesan", version=shown)

        answers = at_once(app, [accept, cancel, cancel, accept])

        assert Counter(answers) == {"ya": 1, "Overtaken": 3}
        assert len(queries.list_events(number)) == 2
    assert wrong_rows() == []


def test_time_and_seller_do_not_both_end_an_order(app):
    eggs = make_product(make_stall()[1], qty=100)
    orders = [place_order(eggs, 3) for _ in range(5)]
    with transaction():
        db.session.execute(update(Order).values(accept_by=orders[0].created_at))

    def expire() -> None:
        with transaction():
            operations.expire_due()

    answers = at_once(app, [expire, expire, submitting(checkout((variant_of(eggs), 90))), expire])

    assert Counter(answers) == {"ya": 4}
    assert {order.state for order in orders} == {"expired_silent"}
    assert db.session.scalar(select(func.count()).where(StockMovement.kind == "release")) == 5
    assert wrong_rows() == []


DIES = """
import sys, threading
from config import load_settings
from app.factory import create_app
from app.core.db import transaction
from app.kit.rupiah import Rupiah
from app.trade.orders import operations, placing
from app.trade.orders.rules import Block, Checkout, Wanted

shop, variant, price, half = (int(each) for each in sys.argv[1:])
done = placing._write_lines

def hang(*given):
    if half:
        done(*given)
    print("half-way", flush=True)
    threading.Event().wait(60)

placing._write_lines = hang
with create_app(load_settings()).app_context(), transaction():
    lines = (Wanted(variant, 3, Rupiah(price)),)
    operations.place(Checkout("dies", "Ratna", "+6281298765432", "", (Block(shop, lines),)))
"""


@pytest.mark.parametrize("half", [0, 1])
def test_a_process_killed_in_the_middle_leaves_nothing_half_made(app, database, environ, half):
    eggs = make_product(make_stall()[1], qty=10)
    variant = variant_of(eggs)
    facts = [eggs.shop_id, variant.id, variant.price.amount, half]
    db.session.rollback()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LAPAK_")}
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(DIES), *map(str, facts)],
        cwd=ROOT,
        env={**plain, **environ, "LAPAK_DATABASE_URL": database.url},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "half-way\n"

    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()

    assert db.session.scalar(select(func.count()).select_from(OrderGroup)) == 0
    assert reserved(variant) == 0
    group = place_group((variant, 3), key="dies")
    assert len(queries.list_of_group(group.id)) == 1
    assert wrong_rows() == []
