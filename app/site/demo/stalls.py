"""What the first bazaar sold: baskets of five stalls, results that were signed, and the report of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from app.core.db import db
from app.goods.stock import operations as stock
from app.goods.stock.rules import Cause
from app.kit.rupiah import ZERO, Rupiah
from app.people.accounts.models import Account
from app.site.demo.plan import Plan
from app.trade.bazaars.models import Application, Bazaar
from app.trade.sales import operations as book
from app.trade.sales.models import SaleRecord
from app.trade.stalls import operations, queries, reporting, rules
from app.trade.stalls.models import Report, Settlement, StallSale
from app.trade.stalls.operations import BAZAAR, Hand
from app.trade.stalls.queries import Good
from app.trade.stalls.rules import Line

GOODS, BASKETS, SPARE = 3, 9, 4


def load(plan: Plan, bazaar: Bazaar, applications: Sequence[Application], officers: tuple[Account, Account]) -> None:
    """Sell, settle and report a bazaar that is over; one officer signs the results, the other the report."""
    rng = random.Random(f"{plan.seed}-{bazaar.slug}")  # noqa: S311 - no secret, the same story each time
    for application in applications:
        _stall(application, bazaar, rng, officers[0])
    found = reporting.figures(bazaar)
    db.session.add(
        Report(
            bazaar_id=bazaar.id, figures=found, rule=rules.RULE, sha256=rules.seal(found, rules.RULE),
            signed_by_id=officers[1].id, signed_at=bazaar.ends_at + timedelta(days=6),
        )
    )  # fmt: skip
    db.session.flush()


def _stall(application: Application, bazaar: Bazaar, rng: random.Random, officer: Account) -> None:
    hand = Hand(application.shop.owner)
    goods = queries.list_goods(application)[:GOODS]
    baskets = [_basket(goods, rng) for _ in range(BASKETS)] if goods else []
    sold = {good.variant_id: sum(line.qty for each in baskets for line in each if line.variant_id == good.variant_id)
            for good in goods}  # fmt: skip
    _bring(application, {number: units + SPARE for number, units in sold.items()}, hand)
    sums = {"cash": ZERO, "other": ZERO}
    for place, lines in enumerate(baskets):
        method = "other" if place % 4 == 3 else "cash"
        at = bazaar.starts_at + timedelta(minutes=20 + 40 * place)
        sale = StallSale(
            key=f"demo-{application.id}-{place}", day=bazaar.days[0].day, way="till", method=method, at=at
        )  # fmt: skip
        sums[method] += operations.write(application, sale, lines, hand).total
    operations.bring_back(application, dict.fromkeys(sold, SPARE), {}, by=hand)
    _sign(application, sums, rng, officer)


def _basket(goods: Sequence[Good], rng: random.Random) -> list[Line]:
    chosen = rng.sample(goods, rng.randint(1, min(2, len(goods))))
    return [Line(good.variant_id, good.name, good.price, rng.randint(1, 3)) for good in chosen]


def _bring(application: Application, units: dict[int, int], hand: Hand) -> None:
    """Make what was taken along, and take it along; the shelf at home stays as it is today."""
    stock.move_all("restock", units, Cause(by_id=hand.actor.id, note="dibuat untuk bazar"))
    stock.move_all("to_event", units, Cause(BAZAAR, application.bazaar_id, hand.actor.id))
    for variant_id, taken in units.items():
        operations.pool_of(application, variant_id).taken = taken
        db.session.flush()


def _sign(application: Application, sums: dict[str, Rupiah], rng: random.Random, officer: Account) -> None:
    over = application.bazaar.ends_at
    db.session.add(
        Settlement(
            application_id=application.id, state="signed", cash=sums["cash"], other=sums["other"], choices={},
            new_buyers=rng.randint(2, 6), submitted_by_id=application.shop.owner_id, submitted_at=over,
            signed_by_id=officer.id, signed_at=over + timedelta(hours=2), version=2,
        )
    )  # fmt: skip
    db.session.flush()
    for _sale, line in queries.live_lines(application.id):
        record = db.session.get_one(SaleRecord, line.record_id)
        book.add_evidence(record, rules.EVIDENCE, rules.REASON, by_id=officer.id)
