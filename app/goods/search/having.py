"""Asking the index together with the shelf: those of the newest that answer whose cards have what few have now.

Papers and the shops of a bazaar are marks of the index, and a scope. This is for what moves with each sale.

The same finds in the same order as if all of them were read and most left out; but what stands in the index of the
others is not read.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import BigInteger, Integer, Select, Table, column, select, table, text

from app.core.db import db
from app.goods.search import queries, rules
from app.goods.search.rules import Candidate, Found, Question, Scope
from app.goods.shelf.models import ShelfItem
from app.goods.shelf.newest import CARD

_ITEM: Final = cast("Table", ShelfItem.__table__)
_SAID: Final = ("product_id", "price", "title", "rest")
_NEWEST: Final = "SELECT rowid AS position FROM search_product WHERE search_product MATCH :match0 ORDER BY rowid DESC"


@lru_cache(maxsize=64)
def _asking(engine: str, most: int, conditions: tuple[Any, ...]) -> Select[Any]:
    """Return the question. On SQLite the number of a card is read from its place, and its words in the end."""
    sqlite = engine == "sqlite"
    newest = f"{_NEWEST} LIMIT {most}" if sqlite else queries.newest_that_answer(engine, most)
    head, names = ("", ()) if sqlite else (queries.HEADS[engine], _SAID)
    shown = ", ".join(("position", *names))
    # Counted where they stand: a window over them would cost as much as finding them.
    said = f"WITH newest AS MATERIALIZED ({head}{newest}) SELECT {shown}, (SELECT count(*) FROM newest) AS among FROM newest"  # noqa: S608, E501
    numbers = (column(name, BigInteger) for name in ("position", "among"))
    held: Any = text(said).columns(*numbers, *map(column, names)).subquery("held")
    number = held.c.position.op("&")(CARD) if sqlite else held.c.product_id
    cards = held.join(_ITEM, _ITEM.c.product_id == number)
    entry: Any = held
    if sqlite:
        entry = table("search_product", column("rowid", Integer), *map(column, _SAID))
        cards = cards.join(entry, entry.c.rowid == held.c.position)
    told = (entry.c[name] for name in _SAID)
    return select(held.c.position, *told, held.c.among).select_from(cards).where(*conditions)


def find(found: Found, question: Question, scope: Scope, conditions: tuple[Any, ...], facts: dict[str, Any]) -> Found:
    """Find further, after the newest that were `found`, and of all only what has something, in one question."""
    engine, asked = queries.facts_of(question, scope)
    rows = db.session.connection().execute(_asking(engine, queries.MOST, conditions), {**asked, **facts}).all()
    held = sorted((Candidate(*row[:5]) for row in rows), reverse=True)
    if scope.prices:
        ranked = rules.rank(question, held, scope.prices)
    else:
        oldest = min(each.position for each in found.ranked)
        newest, others = ([each for each in held if (each.position >= oldest) is early] for early in (True, False))
        ranked = [*rules.rank(question, newest), *rules.behind(rules.rank(question, others))]
    cut = bool(rows) and rows[0].among >= queries.MOST
    return replace(found, ranked=ranked, near=(), outside=() if ranked else found.ranked, cut=cut)
