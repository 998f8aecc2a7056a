"""Rows of several tables in one question: none is multiplied by another's, none is lost, and each finds its owner."""

from __future__ import annotations

from collections import defaultdict

from app.core.db import db
from app.core.together import alongside
from app.trade.bazaars.models import Bazaar, BazaarDay, EventPool
from app.trade.bazaars.rules import Pool
from tests.factories import bazaars
from tests.support.queries import count_queries


def test_one_question_brings_the_rows_of_every_table_once(app):
    wide = bazaars.make_draft(many_days=3, pools=(Pool("total", 10), Pool("food", 4)))
    plain, other = bazaars.make_draft(), bazaars.make_draft()
    held = {each.id: [*each.days, *each.pools] for each in (wide, plain)}

    with count_queries(app) as asked:
        rows = db.session.execute(
            alongside(
                Bazaar,
                [wide.id, plain.id, 0],
                (BazaarDay, BazaarDay.bazaar_id == Bazaar.id),
                (EventPool, EventPool.bazaar_id == Bazaar.id),
            )
        ).all()

    found = defaultdict(list)
    for number, *parts in rows:
        found[number] += [each for each in parts if each is not None]
    assert len(asked) == 1
    assert {number: set(each) for number, each in found.items()} == {n: set(each) for n, each in held.items()}
    assert sum(map(len, found.values())) == sum(map(len, held.values()))
    assert [each for each in found[wide.id] if isinstance(each, BazaarDay)] == held[wide.id][:3]
    assert other.id not in found
