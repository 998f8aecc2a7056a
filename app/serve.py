"""`flask serve`: look before starting, bring the database up to date, then let the household live.

Whatever cannot work ends with one line that says what to do.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import ScriptInfo, pass_script_info, with_appcontext
from flask_migrate import upgrade
from sqlalchemy import inspect, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from app.core import stamps, warming
from app.core.db import bare_transaction, db, transaction
from app.goods.shelf import presence
from app.household import HOST, Household

CHECK_WHOLE_BELOW_BYTES = 64 * 1024 * 1024

FirstSteps = list[tuple[str, Callable[[], object]]]


class CannotStart(click.ClickException):
    """One line for the person at the terminal: what is wrong and what to do."""

    exit_code = 3  # as wsgi.py ends: whoever restarts servers need not try again, a person must do something

    def show(self, file: object = None) -> None:
        """Print the line alone."""
        click.echo(f"Lapak Mandiri: {self.message}", err=True)


def register(app: Flask) -> None:
    """Add the command. The factory lists what a first start needs in `app.extensions["lapak_first_start"]`, as
    (label, callable) that do nothing the second time, and may put a callable that returns the lines of the greeting
    in `app.extensions["lapak_greeting"]`."""
    app.cli.add_command(serve)


@click.command()
@pass_script_info
@with_appcontext
def serve(info: ScriptInfo) -> None:
    """Prepare the database, then serve the market and do its jobs until told to stop."""
    port = _port()
    check_port(port)
    check_folders()
    check_database_file()
    prepare_database()
    greeting: list[str] = current_app.extensions.get("lapak_greeting", list)()
    app = info.load_app()
    warming.warm(app, f"http://{HOST}:{port}")
    sys.exit(Household(app, port, greeting).keep())


def _port() -> int:
    value = os.environ.get("PORT", "8000")
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise CannotStart(f"PORT={value} bukan nomor port. / is not a port number.")
    return int(value)


def check_port(port: int) -> None:
    """Refuse a port that somebody else listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise CannotStart(
                f"Port {port} sedang dipakai program lain; coba PORT={port + 10} make run. / This port is taken."
            ) from None


def check_folders() -> None:
    """Refuse folders that cannot be written: the database's (SQLite) and those of pictures."""
    settings = current_app.extensions["lapak_settings"]
    folders = [settings.media_dir, settings.private_dir]
    file = _sqlite_file()
    if file:
        folders.insert(0, file.parent)
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise CannotStart(
                f"Folder {folder} tidak bisa ditulis ({error.strerror}). / This folder cannot be written."
            ) from None


def _sqlite_file() -> Path | None:
    url = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database))


def check_database_file() -> None:
    """Refuse an SQLite file that is broken or not ours to write, before anything writes to it."""
    file = _sqlite_file()
    if file is None or not file.exists():
        return
    if not os.access(file, os.R_OK | os.W_OK):
        raise CannotStart(
            f"Berkas basis data {file} tidak bisa dibaca dan ditulis; ubah izinnya. / "
            "The database file cannot be read and written; change its permissions."
        )
    try:
        with closing(sqlite3.connect(file, timeout=5)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if file.stat().st_size < CHECK_WHOLE_BELOW_BYTES:
                verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                if verdict != "ok":
                    raise sqlite3.DatabaseError(verdict)
    except sqlite3.Error as error:
        reason = str(error).splitlines()[0]
        raise CannotStart(
            f"Berkas basis data {file} rusak ({reason}); pulihkan dari cadangan atau pindahkan. / "
            "The database file is broken; restore a backup or move it away."
        ) from None


def prepare_database() -> None:
    """Bring the tables to this code's version and do what a first start needs."""
    with _one_line(DBAPIError, "Basis data tidak menjawab", "The database does not answer."):
        heads = _heads()
    scripts = _scripts()
    if heads - {revision.revision for revision in scripts.walk_revisions()}:
        raise CannotStart(
            "Basis data ini dari versi yang lebih baru; perbarui programnya dulu. / "
            "This database is newer than the program; update the program first."
        )
    with _one_line(OperationalError, "Basis data tidak bisa disiapkan", "The database could not be prepared."):
        if heads != set(scripts.get_heads()):
            click.echo("Menyiapkan basis data … / Preparing the database …")
            upgrade()
        else:
            _complete()
        _fill(new=not heads)


@contextmanager
def _one_line(problem: type[DBAPIError], said: str, english: str) -> Iterator[None]:
    """Make what the database says (it is away, its disk is full) one line with the reason."""
    try:
        yield
    except problem as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise CannotStart(f"{said} ({reason}). / {english}") from None


def _heads() -> set[str]:
    """Return the version that the database is at: none when it is new."""
    with db.engine.connect() as connection:
        heads = set(MigrationContext.configure(connection).get_current_heads())
        if not heads and set(inspect(connection).get_table_names()) & set(db.metadata.tables):
            raise CannotStart(
                "Basis data ini berisi tabel yang tidak dibuat program ini; pilih yang kosong. / "
                "This database holds tables that this program did not make; choose an empty one."
            )
    return heads


def _complete() -> None:
    """Make the triggers that are missing: they come after the tables, and a preparation may end between the two."""
    with bare_transaction() as connection:
        stamps.install(connection)
        presence.install(connection)


def _fill(*, new: bool) -> None:
    steps: FirstSteps = current_app.extensions.get("lapak_first_start", [])
    for label, step in steps:
        if new:
            click.echo(f"Mengisi {label} …")
        with transaction():  # a first start that is cut off leaves nothing half-filled
            step()


def _scripts() -> ScriptDirectory:
    folder = Path(current_app.root_path).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    return ScriptDirectory.from_config(config)
