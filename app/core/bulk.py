"""Many rows at once: past the words that a session has for each of them, and on PostgreSQL by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Column, Dialect, Table

from app.core.db import db, writing

Row = Mapping[str, Any]
# Fewer are inserted: a COPY costs two journeys to the server.
_MANY: Final = 100


def pour(table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that name the same columns, in the open transaction; what they leave out gets its default."""
    if not rows:
        return
    dialect = db.session.connection().dialect
    named = tuple(column.name for column in table.columns if column.name in rows[0])
    if len(named) < len(rows[0]):
        raise KeyError(*(rows[0].keys() - set(named)))
    written = [_writer(table, name, dialect) for name in named]
    defaults = [column for column in table.columns if column.name not in rows[0] and column.default is not None]
    plan = list(zip(named, written, strict=True))
    lines: Iterable[tuple[Any, ...]] = (
        tuple([row[name] if write is None else write(row[name]) for name, write in plan]) for row in rows
    )
    if defaults:
        given = tuple(_default(column, dialect) for column in defaults)
        lines = (line + given for line in lines)
    write_lines(table.name, (*named, *(column.name for column in defaults)), list(lines))


def write_lines(table: str, columns: Sequence[str], lines: Sequence[tuple[Any, ...]]) -> None:
    """Insert lines of plain values, as the driver takes them, in the open transaction."""
    if not writing():
        raise RuntimeError("a write outside transaction()")
    connection = db.session.connection()
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql" and len(lines) >= _MANY:
        cursor: Any = connection.connection.cursor()
        with closing(cursor), cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for line in lines:
                copy.write_row(line)
        return
    sign = "?" if connection.dialect.name == "sqlite" else "%s"
    signs = ", ".join([sign] * len(columns))
    # Names of our own tables; the values go beside the statement.
    connection.exec_driver_sql(f'INSERT INTO "{table}" ({names}) VALUES ({signs})', list(lines))  # noqa: S608


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
