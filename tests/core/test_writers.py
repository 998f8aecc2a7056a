"""How writers and readers share the database, and what goes wrong where one of the settings is off."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from app.core import db as core
from app.core import marks
from app.core.db import db, transaction

NAME, PATIENCE = "hitungan", 0.6


def on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def fresh() -> None:
    """Let every connection be opened anew."""
    db.session.remove()
    db.engine.dispose()


@pytest.fixture
def counted(app):
    """A number to count up, and nothing open."""
    with transaction():
        marks.put(NAME, "0")
    fresh()
    yield app
    fresh()


def beside(app, act: Callable[[], object]) -> tuple[ThreadPoolExecutor, Future[object]]:
    """Do something at the same time, on a connection of its own."""

    def run() -> object:
        with app.app_context():
            try:
                return act()
            finally:
                db.session.remove()

    pool = ThreadPoolExecutor(1)
    return pool, pool.submit(run)


def count_together(app) -> str | None:
    """Two writers read a number and write the next one; the second comes while the first has only read."""
    read = Event()

    def second() -> None:
        with transaction():
            known = int(marks.get(NAME) or 0)
            read.set()
            marks.put(NAME, str(known + 1))

    with transaction():
        known = int(marks.get(NAME) or 0)
        pool, done = beside(app, second)
        read.wait(PATIENCE)  # a writer that queues reads only afterwards
        marks.put(NAME, str(known + 1))
    with pool:
        done.result(10)
    db.session.rollback()
    return marks.get(NAME)


@pytest.fixture
def begun_plainly():
    """Let writers of SQLite begin as readers do."""

    def plain(connection) -> None:
        connection.exec_driver_sql("BEGIN")

    event.remove(Engine, "begin", core._begin)
    event.listen(Engine, "begin", plain)
    yield
    event.remove(Engine, "begin", plain)
    event.listen(Engine, "begin", core._begin)


def test_writers_queue_before_they_read(counted):
    if on_sqlite():
        assert count_together(counted) == "2"


def test_writers_that_begin_as_readers_fail_in_the_middle(counted, request):
    if not on_sqlite():
        return
    request.getfixturevalue("begun_plainly")

    with pytest.raises(OperationalError, match="locked"):
        count_together(counted)


def wait_for_the_other(app) -> str | None:
    """Write while somebody else holds the database for a moment."""

    def second() -> None:
        with transaction():
            marks.put(NAME, "kedua")

    with transaction():
        pool, done = beside(app, second)
        Event().wait(PATIENCE / 2)
        marks.put(NAME, "pertama")
    with pool:
        done.result(10)
    db.session.rollback()
    return marks.get(NAME)


def test_a_writer_waits_for_another(counted):
    if on_sqlite():
        assert wait_for_the_other(counted) == "kedua"


def test_without_patience_a_writer_is_sent_away(counted, monkeypatch):
    if not on_sqlite():
        return
    monkeypatch.setattr(core, "BUSY_TIMEOUT_MS", 0)
    fresh()

    with pytest.raises(OperationalError, match="locked"):
        wait_for_the_other(counted)


def write_under_a_reader() -> None:
    """Commit while somebody reads on."""
    with db.engine.connect() as reader:
        reader.execute(text("SELECT * FROM mark")).all()
        with transaction():
            marks.put(NAME, "tertulis")


def test_nobody_who_reads_stands_in_a_writers_way(counted):
    write_under_a_reader()

    assert marks.get(NAME) == "tertulis"


def spoilt(pragma: str) -> Callable[[object, object], None]:
    """Return a hook that opens connections of SQLite otherwise."""

    def spoil(connection, record) -> None:
        connection.execute(f"PRAGMA {pragma}")

    return spoil


@pytest.fixture
def otherwise(counted):
    """Open connections with another setting until the test ends."""
    hooks = []

    def put(*pragmas: str) -> None:
        for pragma in pragmas:
            hooks.append(spoilt(pragma))
            event.listen(Engine, "connect", hooks[-1])
        fresh()

    yield put
    for hook in hooks:
        event.remove(Engine, "connect", hook)
    fresh()
    with db.engine.connect():
        pass


def test_without_the_log_ahead_a_reader_stops_the_writer(otherwise):
    if not on_sqlite():
        return
    otherwise("busy_timeout=50", "journal_mode=DELETE")

    with pytest.raises(OperationalError, match="locked"):
        write_under_a_reader()


def reaches_the_disk() -> bool:
    """Tell whether a commit waits for the disk."""
    with db.engine.connect() as connection:
        if on_sqlite():
            return connection.execute(text("PRAGMA synchronous")).scalar() == 2
        return connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


def test_a_commit_waits_for_the_disk(counted):
    assert reaches_the_disk()


def test_a_moment_read_as_text_is_one_of_utc(counted):
    """On PostgreSQL the machine's zone would speak in it; SQLite keeps none."""
    if on_sqlite():
        assert db.session.scalar(text("SELECT strftime('%H', '2026-12-01 01:00:00')")) == "01"
        return
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT CAST(timestamptz '2026-12-01 08:00+07' AS text)")).scalar() == (
            "2026-12-01 01:00:00+00"
        )


def test_a_connection_that_does_not_wait_for_the_disk_goes_red(otherwise):
    if on_sqlite():
        otherwise("synchronous=NORMAL")
    else:
        hook = event.listens_for(db.engine, "connect")
        fresh()

        @hook
        def hurry(connection, record) -> None:
            connection.execute("SET synchronous_commit TO off")
            connection.commit()

    assert not reaches_the_disk()
    if not on_sqlite():
        event.remove(db.engine, "connect", hurry)
