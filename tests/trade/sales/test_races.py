"""Many hands in one book at one moment: each line stands once, no unit comes back twice, and the sums are exact."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.core import books
from app.core.clock import today
from app.core.db import db, transaction
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.trade.cashbook import operations as cash
from app.trade.cashbook.models import CashEntry
from app.trade.notebook import operations as notebook
from app.trade.notebook.rules import Note
from app.trade.sales import operations, queries
from app.trade.sales.models import SaleRecord
from app.trade.sales.rules import PARTS, Sale
from tests.factories.people import REGENCY
from tests.factories.sales import make_sale
from tests.factories.trade import make_stall
from tests.support.together import at_once

pytestmark = pytest.mark.race


@pytest.fixture
def day(app) -> date:
    return today("Asia/Jakarta")


def wrong() -> list[str]:
    db.session.rollback()
    return [str(each) for _name, found in books.verify() for each in found]


def count(table) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def writing(act: Callable[[], object]) -> Callable[[], None]:
    """Do it in a transaction of its own."""

    def done() -> None:
        with transaction():
            act()

    return done


def sale(shop_id: int, key: str, day: date, amount: int = 10_000) -> Sale:
    facts = {"channel": "manual", "grade": "D", "reason": "catatan sendiri", "source": ("notebook", None)}
    return Sale(key=key, shop_id=shop_id, regency_code=REGENCY, qty=2, amount=Rupiah(amount), sold_on=day, **facts)


def test_whoever_takes_back_at_once_takes_back_no_more_than_there_is(app, day):
    owner, shop = make_stall()
    sold, owner_id = make_sale(shop, qty=5, amount=Rupiah(50_000)).id, owner.id

    def back(key: str) -> object:
        line = db.session.get_one(SaleRecord, sold)
        return operations.reverse(line, 2, by=db.session.get_one(Account, owner_id), key=key)

    told = at_once(app, [writing(lambda key=f"balik-{each}": back(key)) for each in range(8)])

    assert Counter(told) == {"ya": 2, "TooMuchBack": 6}
    assert queries.left_of(db.session.get_one(SaleRecord, sold)) == (1, Rupiah(10_000))
    assert wrong() == []


def test_books_of_one_shop_and_of_shops_beside_it_are_written_at_once_and_every_sum_is_exact(app, day):
    shops = [make_stall()[1].id for _ in range(3)]
    days = [day, day - timedelta(days=40)]
    acts = [
        writing(lambda n=n: operations.record([sale(shops[n % 3], f"kunci-{n}", days[n % 2], 1_000 + n)], by_id=1))
        for n in range(24)
    ]

    assert at_once(app, acts) == ["ya"] * 24

    assert count(SaleRecord) == 24
    for which, shop_id in enumerate(shops):
        wanted = sum(1_000 + n for n in range(24) if n % 3 == which)
        assert queries.takings(shop_id, days[1], day) == Rupiah(wanted)
    assert len({each % PARTS for each in shops}) == 3  # they stand in parts of their own and wait for nobody
    assert wrong() == []


def test_the_same_sale_from_many_hands_is_one_line_and_nobody_meets_an_error(app, day):
    shop_id = make_stall()[1].id

    told = at_once(app, [writing(lambda: operations.record([sale(shop_id, "kunci", day)], by_id=1))] * 8)

    assert (told, count(SaleRecord)) == (["ya"] * 8, 1)
    assert wrong() == []


def test_evidence_and_a_line_against_it_at_once_leave_the_sums_exact(app, day):
    owner, shop = make_stall()
    lines, owner_id = [make_sale(shop, qty=3, amount=Rupiah(30_000)).id for _ in range(4)], owner.id

    def back(line: int) -> object:
        by = db.session.get_one(Account, owner_id)
        return operations.reverse(db.session.get_one(SaleRecord, line), 1, by=by, key=f"balik-{line}")

    def regrade(line: int) -> object:
        return operations.add_evidence(db.session.get_one(SaleRecord, line), "B", "dicocokkan", by_id=1)

    acts = [writing(lambda act=act, line=line: act(line)) for line in lines for act in (back, regrade)]

    assert at_once(app, acts) == ["ya"] * 8
    assert wrong() == []


def test_one_batch_from_many_hands_in_any_order_is_written_once(app, day):
    owner, shop = make_stall()
    shop_id, owner_id = shop.id, owner.id
    notes = [
        Note(key=f"catatan-{each:04}", qty=1, amount=Rupiah(5_000 + each), sold_on=day, free_text="Opak")
        for each in range(12)
    ]

    def send(seed: int) -> None:
        kept = random.Random(seed).sample(notes, len(notes))
        with transaction():
            shop, by = db.session.get_one(Shop, shop_id), db.session.get_one(Account, owner_id)
            refused, _short = notebook.write_many(shop, kept, by=by)
        assert refused == {}

    assert at_once(app, [lambda seed=seed: send(seed) for seed in range(6)]) == ["ya"] * 6

    assert count(SaleRecord) == 12
    assert queries.takings(shop_id, day, day) == Rupiah(sum(5_000 + each for each in range(12)))
    assert wrong() == []


def test_two_taps_in_the_cash_book_at_once_are_one_entry_and_one_line_against_it(app, day):
    shop_id = make_stall()[1].id

    def write() -> object:
        shop = db.session.get_one(Shop, shop_id)
        return cash.write_down(shop, "expense", Rupiah(5_000), day, "Gas", key="a" * 16)

    assert at_once(app, [writing(write)] * 6) == ["ya"] * 6
    assert count(CashEntry) == 1
    entry_id = db.session.scalars(select(CashEntry.id)).one()
    assert at_once(app, [writing(lambda: cash.take_back(db.session.get_one(CashEntry, entry_id)))] * 6) == ["ya"] * 6

    assert count(CashEntry) == 2
    assert wrong() == []
