"""Databases for tests: one per worker and engine, made once by the migrations and the reference data, then kept clean.

SQLite: a template file, copied over before a test, or poured into the file while a server holds it open. PostgreSQL: a
template database; between tests the rows of the tables that were empty in it are deleted, and the database is made
anew only when a test wrote to reference data.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import NullPool

CLEAN = """
CREATE FUNCTION test_clean() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE name text; filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    IF EXISTS (SELECT FROM test_touched) THEN RETURN false; END IF;
    FOR name IN SELECT t.name FROM test_loose t LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
    END LOOP;
    -- The stamp of public pages only ever moves on; what this deletes moves it too.
    UPDATE page_stamp SET version = version + 1;
    RETURN true;
END $$;
CREATE FUNCTION test_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO test_touched DEFAULT VALUES; RETURN NULL; END $$;
CREATE TABLE test_touched (at timestamptz DEFAULT now());
CREATE TABLE test_loose (name text);
DO $$
DECLARE name text; filled boolean;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'test\\_%'
        AND tablename <> 'page_stamp' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TRIGGER test_touch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I '
                'FOR EACH STATEMENT EXECUTE FUNCTION test_touch()', name);
        ELSE INSERT INTO test_loose VALUES (name);
        END IF;
    END LOOP;
END $$;
"""


@event.listens_for(Engine, "connect")
def _turn_round(connection: Any, record: Any) -> None:
    """Let SQLite answer a question without an order backwards: who asked for none may rely on none."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


class SqliteDatabase:
    """A file, and the template it is copied from."""

    name = "sqlite"

    def __init__(self, folder: Path, make: Callable[[str], None]) -> None:
        """Make the template with `make(url)`, which migrates and loads the reference data."""
        self.template = folder / "template.sqlite"
        self.file = folder / "test.sqlite"
        make(f"sqlite:///{self.template}")
        for leftover in (self.template.with_name(self.template.name + end) for end in ("-wal", "-shm")):
            assert not leftover.exists() or leftover.stat().st_size == 0 or leftover.name.endswith("-shm")
            leftover.unlink(missing_ok=True)
        self.url = f"sqlite:///{self.file}"
        self.renewed = 0
        self.served: Callable[[], None] | None = None  # ends the server that may have it open
        self.kept: set[str] = set()

    def clean(self, let_go: Callable[[], object]) -> None:
        """Put the template's state back after `let_go()`; only a server that `served` ends may have it open."""
        let_go()
        self._fill(self.template)

    def keep(self, name: str) -> None:
        """Remember under a name what stands in it now."""
        with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(self._kept(name))) as target:
            source.backup(target)
        self.kept.add(name)

    def put_back(self, name: str) -> None:
        """Let it hold again what `keep` remembered; only a server that `served` ends may have it open."""
        self._fill(self._kept(name))

    def _kept(self, name: str) -> Path:
        return self.file.with_name(f"kept-{name}.sqlite")

    def send_server_away(self) -> None:
        """End a server that may have it open: to clean it under its feet takes eight times as long."""
        if self.served:
            self.served()
            self.served = None

    def close(self) -> None:
        """Nothing is kept open."""

    def _fill(self, source: Path) -> None:
        """Copy a file over it; under an open server as one transaction, which that sees as any other.

        A server under whose feet the file is copied goes on reading a log that is no more.
        """
        if self.served:
            with closing(sqlite3.connect(source)) as pages, closing(sqlite3.connect(self.file)) as target:
                target.execute("PRAGMA synchronous=OFF")
                pages.backup(target)
            return
        for end in ("-wal", "-shm"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)
        shutil.copyfile(source, self.file)

    def empty(self, name: str) -> str:
        """Return the address of a new database without a table."""
        file = self.file.with_name(f"{name}.sqlite")
        for end in ("", "-wal", "-shm"):
            file.with_name(file.name + end).unlink(missing_ok=True)
        return f"sqlite:///{file}"


class PostgresDatabase:
    """A database on the run's server, and the template it came from."""

    name = "postgresql"

    def __init__(self, address: str, worker: str, make: Callable[[str], None]) -> None:
        """Make the template with `make(url)`, which migrates and loads the reference data."""
        self.address = address
        self.template, self.test = f"template_{worker}", f"test_{worker}"
        self.url = f"{address}/{self.test}"
        self._create(self.template)
        make(f"{address}/{self.template}")
        self._execute(self.template, CLEAN)
        self._create(self.test, self.template)
        self.renewed = 0  # how often every connection was cut because the database was made anew
        self.served: Callable[[], None] | None = None
        self.kept: set[str] = set()
        self._broom: Connection | None = None

    def clean(self, let_go: Callable[[], object]) -> None:
        """Delete what the last test left; start again from the template when it touched reference data.

        Connections live on from test to test, as they do in the market; `let_go()` closes them before the database
        is made anew.
        """
        if not self._swept():
            let_go()
            self.close()
            self._create(self.test, self.template)
            self.renewed += 1

    def keep(self, name: str) -> None:
        """Remember under a name what stands in it now; whoever has it open, as a server between tests, is cut off."""
        self.close()
        others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.test}'"
        self._execute("postgres", others)
        self._create(f"{self.test}_kept_{name}", self.test)
        self.kept.add(name)
        self.renewed += 1

    def put_back(self, name: str) -> None:
        """Let it hold again what `keep` remembered; whoever has it open is cut off."""
        self.close()
        self._create(self.test, f"{self.test}_kept_{name}")
        self.renewed += 1

    def send_server_away(self) -> None:
        """Let it stay: it costs nothing here."""

    def close(self) -> None:
        """Put the broom away."""
        if self._broom is not None:
            self._broom.close()
            self._broom = None

    def _swept(self) -> bool:
        """Sweep with a connection that is kept, since a new one costs more than the sweeping."""
        if self._broom is None:
            engine = create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
            self._broom = engine.connect()
        return bool(self._broom.execute(text("SELECT test_clean()")).scalar())

    def empty(self, name: str) -> str:
        """Return the address of a new database without a table."""
        name = f"{self.test}_{name}"
        self._create(name)
        return f"{self.address}/{name}"

    def _create(self, name: str, template: str = "template0") -> None:
        self._execute("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._execute("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')

    def _execute(self, database: str, statement: str) -> object:
        engine = create_engine(make_url(f"{self.address}/{database}"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None


Database = SqliteDatabase | PostgresDatabase
