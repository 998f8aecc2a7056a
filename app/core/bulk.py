"""Many rows at once: past the words that a session has for each of them, and on PostgreSQL by COPY."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Dialect, Table

from app.core.db import db, writing

Row = Mapping[str, Any]
# Fewer are inserted: a COPY costs two journeys to the server.
_MANY: Final = 100


class Lines(NamedTuple):
    """Rows of a table as the driver takes them."""

    table: str
    columns: tuple[str, ...]
    values: list[tuple[Any, ...]]


def pour(table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that name the same columns, in the open transaction; what they leave out gets its default."""
    write_lines(*lines(table, rows, db.session.connection().dialect))


def lines(table: Table, rows: Sequence[Row], dialect: Dialect) -> Lines:
    """Bring rows that name the same columns into the form that the driver takes; needs no database."""
    if not rows:
        return Lines(table.name, (), [])
    named = tuple(column.name for column in table.columns if column.name in rows[0])
    if len(named) < len(rows[0]):
        raise KeyError(*(rows[0].keys() - set(named)))
    defaults = [column for column in table.columns if column.name not in rows[0] and column.default is not None]
    given = tuple(_default(column, dialect) for column in defaults)
    written = [_column([row[name] for row in rows], _writer(table, name, dialect)) for name in named]
    values = list(zip(*written, *([each] * len(rows) for each in given), strict=True))
    return Lines(table.name, (*named, *(column.name for column in defaults)), values)


def _column(values: list[Any], write: Callable[[Any], Any] | None) -> list[Any]:
    return values if write is None else list(map(write, values))


def write_lines(table: str, columns: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """Insert lines of plain values, as the driver takes them, in the open transaction."""
    if not writing():
        raise RuntimeError("a write outside transaction()")
    if not values:
        return
    connection = db.session.connection()
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql" and len(values) >= _MANY:
        cursor: Any = connection.connection.cursor()
        with closing(cursor), cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for line in values:
                copy.write_row(line)
        return
    sign = "?" if connection.dialect.name == "sqlite" else "%s"
    signs = ", ".join([sign] * len(columns))
    # Names of our own tables; the values go beside the statement.
    connection.exec_driver_sql(f'INSERT INTO "{table}" ({names}) VALUES ({signs})', list(values))  # noqa: S608


@lru_cache(maxsize=1_000)
def _writer(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what brings a value into the form that the driver takes, None when it is that already."""
    kind = table.columns[name].type
    write: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return write


def _default(column: Column[Any], dialect: Dialect) -> Any:
    default: Any = column.default
    value = default.arg(None) if default.is_callable else default.arg
    write = _writer(column.table, column.name, dialect)
    return value if write is None else write(value)
