"""`flask serve`: look before starting, bring the database up to date, then keep web and worker alive.

Whatever cannot work ends with one line that says what to do. Children belong to the supervisor: its end is theirs.
"""

from __future__ import annotations

import contextvars
import ctypes
import multiprocessing
import os
import signal
import socket
import sqlite3
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import click
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import ScriptInfo, pass_script_info, with_appcontext
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from app.core import jobs, warming
from app.core.db import db, transaction

HOST = "127.0.0.1"
WEB = {
    "workers": 2,
    # Threads only keep a slow phone, or photos that wait for each other, from holding a whole process; the work is
    # spread over processes. They begin as they are needed: fifty photos at once leave some for whoever looks.
    "worker_class": "gthread",
    "threads": 32,
    "graceful_timeout": 6,
    "loglevel": "warning",
    "preload_app": True,
    "control_socket_disable": True,
    # Forwarded headers count only from the proxies that LAPAK_PROXIES names; gunicorn itself believes none.
    "forwarded_allow_ips": "",
}
START_SECONDS = 30
END_SECONDS = 8
CALM_SECONDS = 1.0
CHECK_WHOLE_BELOW_BYTES = 64 * 1024 * 1024
PR_SET_PDEATHSIG = 1

FORK = multiprocessing.get_context("fork")
Child = multiprocessing.context.ForkProcess
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
    """Refuse an SQLite file that is broken, before anything writes to it."""
    file = _sqlite_file()
    if file is None or not file.exists():
        return
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
    try:
        with db.engine.connect() as connection:
            heads = set(MigrationContext.configure(connection).get_current_heads())
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise CannotStart(f"Basis data tidak menjawab ({reason}). / The database does not answer.") from None
    scripts = _scripts()
    if heads - {revision.revision for revision in scripts.walk_revisions()}:
        raise CannotStart(
            "Basis data ini dari versi yang lebih baru; perbarui programnya dulu. / "
            "This database is newer than the program; update the program first."
        )
    if heads != set(scripts.get_heads()):
        click.echo("Menyiapkan basis data … / Preparing the database …")
        upgrade()
    steps: FirstSteps = current_app.extensions.get("lapak_first_start", [])
    for label, step in steps:
        if not heads:
            click.echo(f"Mengisi {label} …")
        with transaction():  # a first start that is cut off leaves nothing half-filled
            step()


def _scripts() -> ScriptDirectory:
    folder = Path(current_app.root_path).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    return ScriptDirectory.from_config(config)


class Web(BaseApplication):
    """Gunicorn around the application that is already loaded here."""

    def __init__(self, app: Flask, port: int) -> None:
        """Remember what to serve and where."""
        self.app = app
        self.bind = f"{HOST}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its settings."""
        for name, value in (WEB | {"bind": self.bind}).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Hand gunicorn the application."""
        return self.app


class Household:
    """The supervisor and its two children, web and worker: forks of this process, so nothing is imported twice."""

    def __init__(self, app: Flask, port: int, greeting: list[str]) -> None:
        """Know what to serve, where, and what to say once it answers."""
        self.app = app
        self.port = port
        self.greeting = greeting
        self.told = threading.Event()
        self.children: dict[str, Child] = {}

    def keep(self) -> int:
        """Start both, bring back whoever dies, end both when told to stop; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.told.set())
        try:
            self._start("web")
            if not self._answers():
                return 0 if self.told.is_set() else 1
            self._start("worker")
            self._greet()
            while not self.told.wait(0.25):
                self._revive()
            return 0
        finally:
            _end(list(self.children.values()))

    def serve_pages(self) -> None:
        """Be the web."""
        Web(self.app, self.port).run()

    def do_jobs(self) -> None:
        """Be the worker."""
        with self.app.app_context():
            jobs.work()

    def _start(self, name: str) -> None:
        job, last_word = {"web": (self.serve_pages, signal.SIGQUIT), "worker": (self.do_jobs, signal.SIGTERM)}[name]
        child = FORK.Process(target=_live, args=(job, last_word), name=name)
        child.start()
        self.children[name] = child

    def _revive(self) -> None:
        for name, child in self.children.items():
            if not child.is_alive():
                click.echo(f"Lapak Mandiri: {name} berhenti, dimulai lagi. / has ended and starts again.", err=True)
                self.told.wait(CALM_SECONDS)  # what cannot start must not spin
                if not self.told.is_set():
                    self._start(name)

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        web = self.children["web"]
        while time.monotonic() < deadline and web.is_alive() and not self.told.is_set():
            with suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{self.port}/healthz", timeout=5):
                return True
            self.told.wait(0.05)
        if not self.told.is_set():
            click.echo("Lapak Mandiri: server web tidak bisa mulai. / The web server did not start.", err=True)
        return False

    def _greet(self) -> None:
        click.echo(f"\nLapak Mandiri siap di http://{HOST}:{self.port}  (Ctrl+C untuk berhenti / to stop)")
        for line in self.greeting:
            click.echo(line)
        sys.stdout.flush()


def _live(job: Callable[[], None], last_word: int) -> None:
    """Be a child: in a session of our own, so that Ctrl+C reaches us once and through the supervisor."""
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:  # Linux tells us when the supervisor is killed outright
        prctl(PR_SET_PDEATHSIG, last_word)
    # A fresh context: the supervisor's open application context must not become every request's.
    contextvars.Context().run(job)


def _end(children: list[Child]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + END_SECONDS
    for child in children:
        child.join(max(0.1, deadline - time.monotonic()))
        if child.is_alive() and child.pid:
            os.killpg(child.pid, signal.SIGKILL)
            child.join()
