"""What every test may ask for. A test that touches the database runs once on SQLite and once on PostgreSQL.

`pytest --engine sqlite` halves the wait at the desk; `make test` takes both. Marked `again` is what PostgreSQL
seldom answers otherwise than SQLite, and costs minutes: pages that are asked for without a browser, long looks, and
every journey but those of the main job with scripts. `make test` leaves that to CI.
"""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from _pytest.nodeid import coerce_node_id
from flask import Flask
from flask_migrate import upgrade
from flask_wtf import csrf
from hypothesis import HealthCheck, settings
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from jinja2 import FileSystemBytecodeCache

from app.core.db import db, transaction
from config import Settings, load_settings
from tests.support import clocks
from tests.support.databases import Database, PostgresDatabase, SqliteDatabase
from tests.support.pages import PageClient
from tools import testdb

ENGINES = ("sqlite", "postgresql")
RUN = "LAPAK_TEST_RUN"
MEMORY, ROOM = "/dev/shm", 6 << 30
# Looking for circles after every 700 things that are made takes a twentieth of a run, and finds next to none.
THINGS = 50_000
LONG = ("journey", "slow", "race", "drill")
PAGES = {"client", "world", "browser"}  # who asks for pages has one of these; with a real browser, also a live server
_databases: dict[str, Database] = {}
_apps: dict[str, Flask] = {}

# Timings never decide a test: a busy machine is no reason for hypothesis to fail.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

pytest_plugins = ("tests.support.live",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a developer test on one engine."""
    parser.addoption("--engine", choices=(*ENGINES, "both"), default="both", help="database to test on")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all processes of this run share, and look less often for what hangs in circles."""
    gc.set_threshold(THINGS, 10, 10)
    if RUN not in os.environ:
        _work_in_memory()
        os.environ[RUN] = tempfile.mkdtemp(prefix="lapak-test-")
        os.environ[RUN + "_OWNER"] = str(os.getpid())


def _work_in_memory() -> None:
    """Put what is temporary where no commit waits for a disk, when there is room and nobody named another place."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"], tempfile.tempdir = MEMORY, None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind: no server, no file."""
    if os.environ.get(RUN + "_OWNER") == str(os.getpid()):
        folder = Path(os.environ.pop(RUN))
        testdb.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever needs a database on each engine."""
    if "engine_name" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--engine")
        engines = ENGINES if chosen == "both" else (chosen,)
        # What only looks at pages, papers or pictures asks each engine the same; which one is no matter.
        if metafunc.definition.get_closest_marker("one_engine"):
            engines = ENGINES[:1]
        again = pytest.param(ENGINES[1], marks=pytest.mark.again)
        known = _seldom_differs(metafunc)
        params = [again if known and each == ENGINES[1] else each for each in engines]
        metafunc.parametrize("engine_name", params, indirect=True, scope="session")


def _seldom_differs(metafunc: pytest.Metafunc) -> bool:
    """Tell whether a test asks for pages without a browser, or looks long at all of them."""
    asked = PAGES & set(metafunc.fixturenames)
    long = metafunc.definition.get_closest_marker("slow") is not None
    return "live_server" not in metafunc.fixturenames and (long or bool(asked))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long on each engine, so that no process waits for another at the end."""

    def turn(item: pytest.Item) -> tuple[bool, bool]:
        engine = item.callspec.params.get("engine_name") if hasattr(item, "callspec") else None
        return engine == "postgresql", not any(item.get_closest_marker(each) for each in LONG)

    items.sort(key=turn)
    if config.getoption("loadgroup", default=False):
        # xdist 3.8 writes the group where pytest 9.2 does not read it any more.
        for item in items:
            if group := item.get_closest_marker("xdist_group"):
                item._id = coerce_node_id(f"{item.nodeid}@{group.args[0]}")


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_two_tokens_of_one_second() -> Iterator[None]:
    """Sign each form in a second of its own: who compares pages with their tokens fails always, not once a year."""
    seconds = itertools.cycle(range(1, 30))

    class Signer(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - next(seconds)

    class Serializer(URLSafeTimedSerializer):
        default_signer = Signer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csrf, "URLSafeTimedSerializer", Serializer)
        yield


@pytest.fixture(scope="session")
def worker() -> str:
    """Name this test process among its siblings."""
    return os.environ.get("PYTEST_XDIST_WORKER", "gw")


@pytest.fixture(scope="session")
def run_folder(worker: str) -> Path:
    """A folder for this test process, gone after the run."""
    folder = Path(os.environ[RUN]) / worker
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`."""
    return str(request.param)


@pytest.fixture(scope="session")
def environ(run_folder: Path) -> dict[str, str]:
    """The `LAPAK_*` environment of every app in this run; `LAPAK_DATABASE_URL` is missing."""
    return {
        "LAPAK_ENV": "test",
        "LAPAK_VAR_DIR": str(run_folder / "var"),
        "LAPAK_SECRET_KEY": "only-for-tests-" * 4,
        "LAPAK_CACHE": "off",
        "LAPAK_SMTP_URL": "smtp://127.0.0.1:9",  # nobody listens there
        "LAPAK_MAIL_FROM": "lapak@contoh.go.id",
        "LAPAK_LOG_LEVEL": "WARNING",
    }


@pytest.fixture(scope="session")
def database(engine_name: str, run_folder: Path, worker: str, environ: dict[str, str]) -> Database:
    """The database of this process on this engine, migrated and with reference data."""
    if engine_name not in _databases:

        def make(url: str) -> None:
            prepare(test_settings(environ, url))

        if engine_name == "sqlite":
            _databases[engine_name] = SqliteDatabase(run_folder, make)
        else:
            address = testdb.ensure(Path(os.environ[RUN]), int(os.environ[RUN + "_OWNER"]))
            _databases[engine_name] = PostgresDatabase(address, worker, make)
    return _databases[engine_name]


def test_settings(environ: dict[str, str], url: str) -> Settings:
    """Settings for an app on `url`; hashing is cheap because nothing here is worth stealing."""
    settings = load_settings({**environ, "LAPAK_DATABASE_URL": url})
    return replace(settings, argon2_time_cost=1, argon2_memory_kib=8)


test_settings.__test__ = False  # type: ignore[attr-defined]


def prepare(settings: Settings) -> None:
    """Migrate a new database and load the reference data."""
    app = build(settings)
    with app.app_context():
        try:
            upgrade()
            for _label, step in app.extensions["lapak_first_start"]:
                if step.__module__.startswith("app.site."):
                    continue  # the demonstration's own data are for its own tests
                with transaction():
                    step()
        finally:
            db.session.remove()
            db.engine.dispose()


def build(settings: Settings) -> Flask:
    """Build the application; tests of plain values never wait for it, and a template is compiled once in a run."""
    from app.factory import create_app

    app = create_app(settings)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(os.environ[RUN])
    return app


@pytest.fixture(scope="session")
def fresh_app(environ: dict[str, str]) -> Callable[[], Flask]:
    """Build an application that never meets a database: for laws that read the address map, and may bend it."""
    return lambda: build(test_settings(environ, "sqlite://"))


@pytest.fixture(scope="session")
def _shared_app(engine_name: str, database: Database, environ: dict[str, str]) -> Iterator[Flask]:
    if engine_name not in _apps:
        app = build(test_settings(environ, database.url))
        app.testing = True
        app.test_client_class = PageClient
        _apps[engine_name] = app
        gc.freeze()  # what stays to the end need not be looked through again and again
    app = _apps[engine_name]
    yield app
    with app.app_context():
        db.engine.dispose()
    database.close()


@pytest.fixture
def app(_shared_app: Flask, database: Database, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a clean database, with its context open for the test to work in."""
    if "live_server" not in request.fixturenames:
        database.send_server_away()
    with _shared_app.app_context():
        database.clean(db.engine.dispose)
        clocks.rewind()
        # What the audit log wrote down of the database before this one.
        shutil.rmtree(_shared_app.extensions["lapak_settings"].private_dir / "audit", ignore_errors=True)
        yield _shared_app
        db.session.remove()


@pytest.fixture
def noon() -> Iterator[None]:
    """Noon of the day on which this process began, for tests that reckon from it."""
    with clocks.noon():
        yield


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without scripts that fails the test at the first unlawful page."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client
