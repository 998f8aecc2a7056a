"""Goods of a large demonstration are made by other processes, the same goods in the same order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import books
from app.core.db import db
from app.goods.shelf.models import ShelfItem
from app.site.demo import batches, commands, operations, stocking
from app.site.demo.pictures import Picture, stem
from app.site.demo.plan import Plan, _stood, samples

PLAN = Plan.of(date(2026, 11, 20), 36, 40, 12, 0, 0)


def drawn(wanted: Any) -> dict[str, Picture]:
    """Name pictures without drawing any."""
    return {key: Picture(stem(PLAN.seed, key)) for key, _, _ in wanted}


def load(plan: Plan) -> None:
    """Load as the command does, all but the pictures."""
    operations.load(plan, drawn, commands._hashes(plan))


def test_batches_made_elsewhere_are_those_made_here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    load(Plan.of(PLAN.today, PLAN.seed, 0, 12, 0, 0))
    monkeypatch.setattr(stocking, "AT_ONCE", 9)
    shops, around, office = stocking.queries.list_shops(), stocking.queries.surroundings(), stocking.queries.office()
    market = stocking._market(PLAN, shops, around, office)
    tasks = list(stocking._tasks(PLAN, 0, stocking.Pictures(PLAN, drawn, shops), len))

    here = list(batches.made(market, tasks, many=False))

    assert [len(batch.lines[0].values) for batch in here] == [9, 9, 9, 9, 4]
    if db.engine.dialect.name == "sqlite":  # the driver of PostgreSQL wraps JSON into objects that equal nothing
        assert list(batches.made(market, tasks, many=True)) == here


def test_a_large_load_is_lawful_in_every_book(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stocking, "MANY", 1)
    monkeypatch.setattr(stocking, "AT_ONCE", 15)

    load(PLAN)

    assert [str(finding) for _, found in books.verify() for finding in found] == []
    cards = select(ShelfItem.product_id, ShelfItem.turn, ShelfItem.name).order_by(ShelfItem.product_id)
    large = db.session.execute(cards).all()
    assert {turn for _, turn, _ in large} == {1, 2, 3}
    assert len({name for _, _, name in large}) == len(large)


def test_goods_come_in_the_order_of_time_as_in_a_market_and_after_their_shop() -> None:
    """So the newest stand beside each other in the table and in its index, which is what a search there costs."""
    plan = Plan.of(PLAN.today, PLAN.seed, 4_000, None, None, None)
    numbers = range(len(samples()), plan.products)
    days = [plan.days_of(index) for index in numbers]
    came = [plan.came(index, 400) for index in numbers]

    assert came == sorted(came)
    assert days == sorted(days, reverse=True)
    assert round(days[len(days) // 2]) == 75
    assert plan.moment - timedelta(days=302) < came[0]
    assert plan.moment - timedelta(days=2) < came[-1] <= plan.moment
    opened = [_stood(plan.seed, plan.shop_of(index)) for index in numbers]
    assert sum(stood > ago for stood, ago in zip(opened, days, strict=True)) > len(days) * 0.98
