"""The database: typed base, column kinds, and the only place that commits.

Reading happens in a plain transaction that the request opens by itself. Writing happens inside `transaction()`:
any open read ends, the write begins (IMMEDIATE on SQLite, so that two writers queue instead of failing half-way),
loaded objects are forgotten so that the subject is read again under the lock, and events go out after the commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy import session as sessions
from sqlalchemy import BigInteger, DateTime, Engine, Integer, MetaData, TypeDecorator, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, SessionTransaction, mapped_column

from app.core import events
from app.core.clock import now
from app.kit.rupiah import Rupiah

WRITE = "lapak_write"
STAMP = "lapak_stamp"  # what this request knows of the stamp of public pages (core/stamps.py)
NEWEST_ACT = "lapak_newest_act"  # the last link of the chain that this transaction made itself (core/audit.py)
BUSY_TIMEOUT_MS = 5000


class Base(DeclarativeBase):
    """Parent of every table; constraints get predictable names so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class OneEngine(sessions.Session):
    """A session that works out once what never changes in it: its engine, and the connection of each transaction."""

    _engine: Engine | None = None
    _held: tuple[SessionTransaction, Connection] | None = None

    def get_bind(self, *_mapper: Any, **_more: Any) -> Engine:
        """Return the engine; there is one."""
        if self._engine is None:
            self._engine = self._db.engine
        return self._engine

    def connection(
        self, bind_arguments: Any | None = None, execution_options: Mapping[str, Any] | None = None
    ) -> Connection:
        """Return the connection of the transaction, asked of the machinery below once in each.

        Of a savepoint too: the database hears of it only when its connection is asked for.
        """
        opened, held = self._opened(), self._held
        if held is not None and held[0] is opened and opened.is_active and not (bind_arguments or execution_options):
            return held[1]
        found = super().connection(bind_arguments, execution_options)
        self._held = (cast("SessionTransaction", self._opened()), found)
        return found

    def _opened(self) -> SessionTransaction | None:
        return self.get_nested_transaction() or self.get_transaction()

    def close(self) -> None:
        """End the transaction, and let go of it: it knows this session, and both would wait to be collected."""
        self._held = None
        super().close()


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": OneEngine})

BigId = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Refuses naive values, returns aware ones in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps text without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class RupiahColumn(TypeDecorator[Rupiah]):
    """Whole rupiah in a big integer."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Rupiah | None, dialect: Dialect) -> int | None:
        """Unwrap; a bare number is a mistake."""
        if value is None:
            return None
        if not isinstance(value, Rupiah):
            raise TypeError("money is Rupiah")
        return value.amount

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Rupiah | None:
        """Wrap. Sums come back as Decimal from PostgreSQL."""
        return None if value is None else Rupiah(int(value))


def pk() -> Mapped[int]:
    """Return the usual primary key column."""
    return mapped_column(BigId, primary_key=True)


def stamped() -> Mapped[datetime]:
    """Return a column that holds the moment of the insert."""
    return mapped_column(UtcDateTime, default=now, nullable=False)


def versioned() -> Mapped[int]:
    """Return a counter that moves with every change people make; a stale form is noticed by it."""
    return mapped_column(Integer, default=1, nullable=False)


def writing() -> bool:
    """Tell whether a transaction() is open."""
    return bool(db.session().info.get("writing"))


@contextmanager
def transaction() -> Iterator[Session]:
    """Make one change whole: all of it is stored, or nothing.

    A transaction() inside another joins it. Events emitted inside are delivered after the commit.
    """
    session: Session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    session.info["writing"] = True
    session.info.pop(STAMP, None)
    try:
        session.connection(execution_options={WRITE: True})
        yield session
        session.commit()
        happened = events.take(session.info)
    except BaseException:
        events.take(session.info)
        session.rollback()
        raise
    finally:
        session.info["writing"] = False
        session.info.pop(STAMP, None)
        session.info.pop(NEWEST_ACT, None)
    events.deliver(happened)


@contextmanager
def bare_transaction() -> Iterator[Connection]:
    """Make one change whole on a connection of its own, for what is prepared before any session: tables, triggers."""
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        yield connection


def advisory_lock(key: int) -> None:
    """Queue behind others that hold the same key until this transaction ends; SQLite writers queue already."""
    connection = db.session().connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (key,))


def dialect() -> str:
    """Return `sqlite` or `postgresql`."""
    return db.session().get_bind().dialect.name


def init(app: Flask, url: str) -> None:
    """Attach the database to the app."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    # Runs before the session is removed, whose own rollback would turn a finished answer into a bare 500.
    app.teardown_appcontext(lambda _error: release())


def release() -> None:
    """End what is still open, also on a connection that died: nothing is left for a later rollback to fail at."""
    session: Session = db.session()
    try:
        session.close()
    except SQLAlchemyError:
        session.invalidate()


def engine_options(url: str) -> dict[str, Any]:
    """Return how each engine is opened."""
    # Errors of the database are logged; what people typed must not stand in them.
    quiet = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return quiet | {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}}
    return quiet | {"pool_size": 5, "max_overflow": 5, "connect_args": {"connect_timeout": 5}}


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, record: Any) -> None:
    """Open a connection as we need it: a commit reaches the disk, and the driver of SQLite leaves BEGIN to us."""
    if not isinstance(connection, sqlite3.Connection):
        connection.execute("SET synchronous_commit TO on")
        connection.execute("SET TIME ZONE 'UTC'")  # a moment that is read as text is one of UTC on every machine
        connection.execute("SET jit TO off")  # compiling a question takes longer than any of ours takes to answer
        connection.commit()
        return
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted or written over leaves no trace in the file
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        # 1 MB in each connection: the system keeps the file for all of them. More, or a map, made no page quicker.
        "cache_size=-1000",
        "temp_store=MEMORY",
        "wal_autocheckpoint=4000",  # 16 MB: a page that changes again and again is carried into the file once
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Say BEGIN ourselves: a writer takes its place in the queue at once, never in the middle."""
    if connection.dialect.name != "sqlite":
        return
    if connection.get_execution_options().get(WRITE):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # Every page begins with this one; it takes no lock, so there is no error for the engine to put into its words.
        connection.connection.cursor().execute("BEGIN")


@event.listens_for(Session, "before_flush")
def _only_in_transaction(session: Session, context: Any, instances: Any) -> None:
    if not session.info.get("writing"):
        raise RuntimeError("a write outside transaction()")


@event.listens_for(Session, "do_orm_execute")
def _only_reads_outside(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get("writing"):
        raise RuntimeError("a write outside transaction()")
