"""Asking for rows of several tables at once: one statement instead of one for each table, or one word in a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    cast,
    func,
    inspect,
    literal_column,
    select,
    true,
    union_all,
)

from app.core.db import Base, db
from app.kit.signs import FACT

Part = tuple[type[Base], ColumnElement[bool]]
Rows = dict[type[Base], list[Any]]


def alongside(kind: Any, ids: Iterable[int], *parts: Part) -> Select[Any]:
    """Ask for the rows of several tables that belong to some of a kind, each with the condition that they belong by.

    Every row holds the number of its owner, one row of one table and None for the others, so that the tables never
    multiply each other; a table that has nothing for an owner gives a row of None alone. Those of each table come in
    the order of their ids.
    """
    numbers = (select(literal_column(str(number), Integer).label("number")) for number in range(len(parts)))
    part = union_all(*numbers).subquery("part")
    query = select(kind.id, *(table for table, _belongs in parts)).select_from(kind).join(part, true())
    for number, (table, belongs) in enumerate(parts):
        query = query.outerjoin(table, and_(part.c.number == number, belongs))
    keys = ((table, str(column.key)) for table, _belongs in parts for column in inspect(table).mapper.primary_key)
    return query.where(kind.id.in_(ids)).order_by(*(getattr(table, key) for table, key in keys))


def gather(kind: Any, ids: Iterable[int], *parts: Part) -> dict[int, Rows]:
    """Return these rows by owner and table; a table that has nothing for an owner holds an empty list."""
    found: dict[int, Rows] = defaultdict(lambda: {table: [] for table, _belongs in parts})
    for number, *rows in db.session.execute(alongside(kind, ids, *parts)):
        for row in filter(None, rows):
            found[number][type(row)].append(row)
    return found


def told(*facts: Any) -> ColumnElement[str]:
    """Put the facts of a row into one word, in their order; what is not known is empty."""
    words: list[Any] = [func.coalesce(cast(each, Text), "") for each in facts]
    return reduce(lambda before, fact: before + FACT + fact, words)
