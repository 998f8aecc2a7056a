"""Random lives of money: whatever people say in whatever order, nothing is lost and every end can be reached.

Each number in a comment is an invariant of spec/trade.md.
"""

from __future__ import annotations

import random
from datetime import date, time, timedelta

import pytest
import time_machine

from app.core import books
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.goods.stock.models import Stock
from app.kit.periods import WIB
from app.kit.rupiah import ZERO, Rupiah
from app.trade.orders import operations, queries, rules
from app.trade.orders.models import Order
from app.trade.orders.rules import Entry
from app.trade.payments import money, telling
from tests.factories.goods import make_product, variant_of
from tests.factories.payments import make_means
from tests.factories.trade import make_stall, place_order

STEPS, LIVES = 14, 12
BOOKS = ("stok", "pesanan", "uang", "penjualan", "penjualan pesanan", "cara bayar")
ACTS = ("claim", "claim", "answer", "answer", "other", "receive", "tunai", "minta", "back", "wait", "work")
MOVES = ("mark_ready", "hand_over", "cancel_by_buyer", "cancel_by_seller", "not_collected")
STATUSES = {"none", "claimed", "partial", "settled", "over", "refund_check", "refund_due", "refunded"}


class Life:
    """One order that must be paid ahead, and everybody who speaks of its money."""

    def __init__(self, seed: int, traveller) -> None:
        self.chance, self.traveller = random.Random(seed), traveller
        self.seller, shop = make_stall()
        make_means(self.seller, shop)
        self.product = make_product(shop, qty=4, price=10_000)
        method = self.chance.choice(rules.PREPAY)
        self.order = place_order(self.product, 2, method=method)
        self.final: dict[int, tuple[str, int]] = {}
        self.seen: set[str] = set()
        self.act("accept")

    def amount(self) -> Rupiah:
        rest = self.sheet().money.rest
        choice = self.chance.choice([rest, rest, rest - Rupiah(3_000), rest + Rupiah(2_000), Rupiah(1)])
        return choice if choice.amount > 0 else Rupiah(5_000)

    def sheet(self):
        db.session.expire_all()
        return queries.sheet(db.session.get_one(Order, self.order.id))

    def act(self, what: str) -> None:
        order, key = db.session.get_one(Order, self.order.id), f"{self.chance.getrandbits(40):x}".rjust(9, "0")
        by, amount, version = self.seller, self.amount(), order.version
        claims = [each.id for each in queries.list_entries(order.id) if each.state == "claimed"]
        entry = claims[0] if claims else 0
        told = db.session.get_one(Order, order.id).total
        acts = {
            "accept": lambda: operations.accept(order, by=by),
            "claim": lambda: money.claim(order, amount, None, key=key),
            "answer": lambda: money.answer(order, entry, self.chance.choice([told, None]), by=by),
            "other": lambda: money.answer(order, entry, amount, by=by),
            "receive": lambda: money.receive(order, amount, key=key, version=version, by=by),
            "tunai": lambda: money.go_on(order, in_cash=True, version=version, by=by),
            "minta": lambda: money.go_on(order, in_cash=False, version=version, by=by),
            "back": lambda: money.give_back(order, self.back() or amount, key=key, version=version, by=by),
            "mark_ready": lambda: operations.mark_ready(order, by=by),
            "hand_over": lambda: operations.hand_over(order, by=by),
            "cancel_by_buyer": lambda: operations.cancel_by_buyer(order, "salah_pesan"),
            "cancel_by_seller": lambda: operations.cancel_by_seller(order, "rusak", by=by),
            "not_collected": lambda: operations.not_collected(order, by=by, back_to_stock=True),
            "work": operations.expire_due,
        }
        if what == "wait":
            self.traveller.shift(timedelta(hours=self.chance.choice([2, 13, 30, 80])))
            return
        before = self.sheet().money.paid
        try:
            with transaction():
                acts[what]()
        except DomainError:
            db.session.rollback()
            assert self.sheet().money.paid == before  # what was refused has changed nothing

    def back(self) -> Rupiah:
        return telling.back_due(self.sheet())

    def look(self) -> None:
        sheet = self.sheet()
        entries = [Entry(each.kind, each.state, each.amount) for each in sheet.entries]
        assert sheet.money.paid == rules.paid(entries)  # 8
        assert sheet.money.status in STATUSES
        assert sheet.money.paid >= ZERO
        for each in sheet.entries:
            if each.state != "claimed":
                kept = self.final.setdefault(each.id, (each.state, each.amount.amount))
                assert kept == (each.state, each.amount.amount)  # 8
        stock = db.session.get_one(Stock, variant_of(self.product).id)
        assert 0 <= stock.reserved <= stock.on_hand  # 18
        if sheet.order.state == "ready" and sheet.order.method in rules.PREPAY:
            assert sheet.money.rest <= ZERO
        settled = rules.is_settled(sheet.state, sheet.money.status)
        waits = rules.deadline(sheet.order) is not None or rules.ask_people(sheet.state, sheet.money.status)
        assert settled or waits or sheet.state in rules.OPEN or sheet.money.status == "partial"  # 21
        assert telling.to_seller(sheet)
        self.seen.add(sheet.money.status)

    def end(self) -> None:
        """From wherever it stands, people can bring goods and money to an end that agrees."""
        for _ in range(6):
            sheet = self.sheet()
            if rules.is_settled(sheet.state, sheet.money.status):
                return
            order, by = sheet.order, self.seller
            with transaction():
                operations.expire_due()
            for each in [each for each in sheet.entries if each.state == "claimed"]:
                with transaction():
                    money.answer(order, each.id, None, by=by)
            if (back := self.back()).amount > 0:
                with transaction():
                    money.give_back(order, back, key=f"ending-{back.amount}", version=order.version, by=by)
            if self.sheet().state in ("accepted", "ready"):
                with transaction():
                    operations.cancel_by_seller(order, "rusak", by=by)
        sheet = self.sheet()
        assert rules.is_settled(sheet.state, sheet.money.status), (sheet.state, sheet.money.status)  # 18, 21


@pytest.mark.parametrize("seed", range(LIVES))
def test_money_is_never_lost_whatever_people_say(app, seed):
    with time_machine.travel(WIB.at(date(2026, 12, 5), time(12)), tick=False) as traveller:
        life = Life(seed, traveller)
        for _ in range(STEPS):
            life.act(life.chance.choice(ACTS if life.chance.random() < 0.75 else MOVES))
            life.look()
        life.end()
        assert [str(each) for name in BOOKS for each in books._checks[name]()] == []
