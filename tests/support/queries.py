"""Counting what a page asks of the database, and reading how the engine means to answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event, text

from app.core import stamps
from app.core.db import db
from app.goods.search import queries as search
from tests.support.pages import PageClient
from tools import kept

# A lock stands where SQLite says BEGIN IMMEDIATE: it queues, it asks nothing.
FRAMES = ("SELECT PG_ADVISORY_XACT_LOCK", "BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


@contextmanager
def count_queries(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """Collect (statement, parameters) of every question asked inside; what only frames a transaction is left out."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if not statement.lstrip().upper().startswith(FRAMES):
            asked.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def asked_cold(app: Flask, client: PageClient, path: str) -> list[str]:
    """Return what a page asks when this process has kept nothing of what pages share."""
    client.get("/produk")
    app.extensions.pop(stamps.PLACE, None)
    search._vocabulary.clear()
    with count_queries(app) as asked:
        assert client.get(path).status_code == 200
    return [statement for statement, _facts in asked]


def plan_of(statement: str, parameters: Any, *, ordered: bool = True) -> str:
    """Return the engine's plan for a statement as it was sent to the driver; PostgreSQL's kept one stands below it.

    Unless it shall come `ordered` from an index, what several places of one hold may be gathered first.
    """
    sqlite = db.engine.dialect.name == "sqlite"
    connection = db.session.connection()
    if not sqlite:
        # So few rows are cheapest read whole and sorted; asked this way, the engine shows whether an index would do.
        for way in ("seqscan", *(("bitmapscan", "sort") if ordered else ())):
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
    rows = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{statement}", parameters).all()
    lines = [str(row[-1]) for row in rows]
    return "\n".join(lines if sqlite else [*lines, *kept.explained(connection, statement, parameters)])


def tidied(table: str) -> None:
    """Let PostgreSQL look at a table and put away the rows of earlier tests: it does both by itself at some moment."""
    if db.engine.dialect.name == "postgresql":
        db.session.rollback()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {table}")


def work_of(statement: str, parameters: Any) -> int:
    """Return what the engine does for a statement: steps of SQLite's machine, or pages that PostgreSQL looks into."""
    connection = db.session.connection()
    connection.execute(text("ANALYZE shelf_item"))
    if db.engine.dialect.name == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        steps: list[int] = []
        raw.set_progress_handler(lambda: steps.append(1), 1)
        try:
            raw.execute(statement, parameters).fetchall()
        finally:
            raw.set_progress_handler(None, 0)
        return len(steps)
    explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
    told = connection.exec_driver_sql(explain, parameters).scalar_one()
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
