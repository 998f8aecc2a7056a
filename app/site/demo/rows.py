"""Writing plain rows with ids that are known beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from sqlalchemy import Table, insert

from app.core.db import Base, db
from app.site.demo import queries
from app.site.demo.goods import Row


def table(name: str) -> Table:
    """Return a table by its name."""
    return Base.metadata.tables[name]


def write(name: str, rows: Iterable[Row]) -> None:
    """Insert rows, if there are any."""
    filled = list(rows)
    if filled:
        db.session.connection().execute(insert(table(name)), filled)


def ids(name: str) -> Iterator[int]:
    """Give out the free ids of a table, one after the other."""
    return count(queries.last_id(table(name)) + 1)
