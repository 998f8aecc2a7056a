"""The stamp of what strangers see: one row that the database itself moves with every change of a public table.

Not the program moves it: a bulk load, a hand at the terminal and the code of the release before would each forget once.
It moves in the transaction of the change, so whoever reads the stamp first and the rows after it holds nothing older
than the stamp says. On PostgreSQL it moves last, at the commit, so that writers hardly queue at its one row.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Final, NamedTuple, TypeVar

from flask import current_app, has_request_context
from sqlalchemy import BigInteger, Connection, Engine, Integer, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import STAMP, Base, db, writing
from app.core.vault import settings

Value = TypeVar("Value")

PLACE: Final = "lapak_kept"
MOST_KEPT: Final = 500
TABLE: Final = "page_stamp"
_ASK: Final = "SELECT version, moved_ms FROM page_stamp"
# Every table that a public page reads; tests/core/test_stamps.py asks the pages themselves and misses none.
PUBLIC: Final = (
    "bazaar", "bazaar_application", "bazaar_day", "bazaar_photo", "business_type", "category", "delivery_plan",
    "delivery_zone", "ekatalog_answer", "ekatalog_category", "ekatalog_category_check", "ekatalog_check",
    "ekatalog_kbli", "ekatalog_outside", "ekatalog_photo", "ekatalog_requirements", "ekatalog_submission", "mark",
    "market_word", "payment_means", "permit", "photo", "product", "region", "region_setting", "review",
    "review_sum", "revision", "revision_choice", "revision_photo", "shelf_count", "shelf_item", "shelf_mark",
    "shelf_total", "shop", "stock", "variant",
)  # fmt: skip
# Of stock a list says only whether something is left; how much, the page of the product asks for itself.
_LEFT: Final = "({0}.on_hand - {0}.reserved > 0)"
_STOCK: Final = f"({_LEFT.format('OLD')} <> {_LEFT.format('NEW')} OR OLD.counted <> NEW.counted)"
_MS: Final = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
}
_MOVE: Final = "UPDATE page_stamp SET version = version + 1, moved_ms = {}"
_FUNCTION: Final = f"""CREATE OR REPLACE FUNCTION page_stamp_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
{_MOVE.format(_MS["postgresql"])}, moved_in = txid_current() WHERE moved_in <> txid_current(); RETURN NULL; END $$"""


class PageStamp(Base):
    """The one row: how often it moved, when last (milliseconds of UTC), and in which transaction of PostgreSQL."""

    __tablename__ = TABLE

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger)
    moved_ms: Mapped[int] = mapped_column(BigInteger)
    moved_in: Mapped[int] = mapped_column(BigInteger)


class Stamp(NamedTuple):
    """What the row says."""

    version: int
    moved_ms: int


def current() -> Stamp:
    """Return the stamp, asked once a request and again after each transaction of it."""
    info = db.session().info
    found: Stamp | None = info.get(STAMP)
    if found is None:
        row = db.session.connection().exec_driver_sql(_ASK).one()
        found = Stamp(*row)
        if has_request_context():
            info[STAMP] = found
    return found


def read(engine: Engine) -> Stamp | None:
    """Return the stamp outside every request and session, as cheaply as it can be asked: past the words that the
    engine puts its errors into. None when the database does not answer.
    """
    try:
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(_ASK)
            row = cursor.fetchone()
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error):
        return None
    return Stamp(*row) if row else None


def keep(name: str, key: Hashable, make: Callable[[], Value]) -> Value:
    """Return what `make` works out of public rows, kept in this process until one of them changes.

    Inside a transaction it is worked out anew: what is not stored yet may never be.
    """
    if not settings().cache or writing():
        return make()
    stamp = current()
    shelf: dict[Hashable, tuple[Stamp, Any]] = current_app.extensions.setdefault(PLACE, {})
    kept = shelf.get((name, key))
    if kept is not None and kept[0] == stamp:
        value: Value = kept[1]
        return value
    value = make()
    if len(shelf) >= MOST_KEPT:
        shelf.clear()
    shelf[name, key] = (stamp, value)
    return value


def install(connection: Connection) -> None:
    """Make the triggers that are missing: new tables have none, and SQLite loses those of a table that it copies."""
    tables = set(inspect(connection).get_table_names())
    if TABLE not in tables:
        return
    sqlite = connection.dialect.name == "sqlite"
    known = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if sqlite else "SELECT tgname FROM pg_trigger"
    there = set(connection.execute(text(known)).scalars())
    missing = [each for table in PUBLIC if table in tables for each in _triggers(table, sqlite) if each[0] not in there]
    if not missing:
        return
    if not sqlite:
        connection.exec_driver_sql(_FUNCTION)
    for _name, statement in missing:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(_MOVE.format(_MS[connection.dialect.name]))


@contextmanager
def once(tables: Iterable[str]) -> Iterator[None]:
    """Let all that is written into these tables inside move the stamp a single time, within one open transaction.

    Moved for each of many thousand rows it would cost more than the rows. A transaction that fails leaves the triggers
    as they were.
    """
    connection = db.session.connection()
    sqlite = connection.dialect.name == "sqlite"
    quiet = [(table, *each) for table in tables for each in _triggers(table, sqlite)]
    for table, name, _ in quiet:
        connection.exec_driver_sql(f"DROP TRIGGER {name}" if sqlite else f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    yield
    for table, name, statement in quiet:
        connection.exec_driver_sql(statement if sqlite else f"ALTER TABLE {table} ENABLE TRIGGER {name}")
    connection.exec_driver_sql(_MOVE.format(_MS[connection.dialect.name]))


def _triggers(table: str, sqlite: bool) -> list[tuple[str, str]]:  # noqa: FBT001
    """Return (name, statement) for each kind of change."""
    made = []
    for change in ("INSERT", "UPDATE", "DELETE"):
        name = f"{TABLE}_{table}_{change.lower()}"
        when = f" WHEN {_STOCK}" if (table, change) == ("stock", "UPDATE") else ""
        if sqlite:
            body = f"BEGIN {_MOVE.format(_MS['sqlite'])}; END"
            made.append((name, f"CREATE TRIGGER {name} AFTER {change} ON {table}{when} {body}"))
        else:
            kind = f"CREATE CONSTRAINT TRIGGER {name} AFTER {change} ON {table}"
            late = f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW{when}"
            made.append((name, f"{kind} {late} EXECUTE FUNCTION page_stamp_move()"))
    return made
