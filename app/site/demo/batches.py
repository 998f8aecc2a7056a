"""Making goods for the demonstration in batches, ready for the driver: by other processes when there are many.

The words and numbers of a product take longer than writing them; a database file has one writer. So each core makes
goods, a few batches ahead, and this process writes them in their order.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import Dialect, create_engine

from app.core import bulk
from app.goods.shelf import filling
from app.goods.shelf.filling import Filling, Marks
from app.goods.shelf.queries import Surroundings
from app.goods.shelf.rules import Card
from app.site.demo import goods
from app.site.demo.goods import Goods, Ids, ShopFacts
from app.site.demo.plan import Plan, samples
from app.site.demo.rows import table

_MOST_PROCESSES: Final = 4
_AHEAD: Final = 2
_TABLES: Final = ("product", "variant", "revision", "decision", "stock")


@dataclass(frozen=True, slots=True)
class Market:
    """What there is before the goods: the shops in order, ids of categories by slug, what stands around cards."""

    plan: Plan
    shops: list[ShopFacts]
    categories: dict[str, int]
    curator_id: int
    around: Surroundings
    marks: Marks
    moment: datetime
    driver: str


@dataclass(frozen=True, slots=True)
class Task:
    """The goods of a batch: their numbers, the ids of the first, and (id, stem) of each photo by its key."""

    numbers: range
    first: Ids
    photos: dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Goods ready to be written; `away` are the cards of shops that are not open, `shop_ids` all other shops."""

    lines: list[bulk.Lines]
    filling: Filling
    away: list[Card]
    shop_ids: set[int]


_held: list[Market] = []


def made(market: Market, tasks: Iterable[Task], *, many: bool) -> Iterator[Batch]:
    """Make each batch, in order; of many, few are in memory at a time."""
    if not many:
        yield from (make(market, task) for task in tasks)
        return
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES)
    waiting: deque[Future[Batch]] = deque()
    # Fresh processes, not copies: a copy would hold the database connection of this one.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_learn, initargs=(market,)) as pool:
        for task in tasks:
            waiting.append(pool.submit(_make, task))
            if len(waiting) >= processes + _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _learn(market: Market) -> None:
    """Keep the market in a process that makes goods: it is the same for all batches."""
    _held.append(market)


def _make(task: Task) -> Batch:
    return make(_held[0], task)


def key(plan: Plan, index: int) -> str:
    """Name the picture of a product: its own in a small demonstration, a shared one in a large."""
    sample = samples()[plan.sample_of(index)]
    if plan.own_pictures:
        return sample.slug if index < len(samples()) else f"{sample.slug}-{index}"
    return f"{sample.category}-{plan.sample_of(index) % 2}"


def make(market: Market, task: Task) -> Batch:
    """Make the goods of a batch."""
    plan, shops, kind = market.plan, market.shops, _dialect(market.driver)
    rows: list[Goods] = []
    shown: list[Card] = []
    away: list[Card] = []
    for offset, index in enumerate(task.numbers):
        shop = shops[plan.shop_of(index) % len(shops)]
        ids = Ids(*(first + offset for first in (task.first.product, task.first.variant, task.first.revision)))
        category = market.categories[samples()[plan.sample_of(index)].category]
        each = goods.product(plan, index, shop, ids, category, task.photos[key(plan, index)], market.curator_id)
        rows.append(each)
        (shown if shop.open else away).append(each.card)
    lines = [bulk.lines(table(name), [getattr(each, name) for each in rows], kind) for name in _TABLES]
    moved = [each.movement for each in rows if each.movement]
    lines.append(bulk.lines(table("stock_movement"), moved, kind))
    filled = filling.ready(shown, market.around, market.marks, market.moment, kind)
    return Batch(lines, filled, away, {card.shop_id for card in shown})


@cache
def _dialect(driver: str) -> Dialect:
    return create_engine(f"{driver}://").dialect
