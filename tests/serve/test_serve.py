"""`flask serve` greets a newcomer, and says in one line what cannot work."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from app import serve

ROOT = Path(__file__).resolve().parents[2]
READY = "siap di"
SECONDS = 120


class Market:
    """`flask serve` on a port and a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.log = folder / "serve.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def file(self) -> Path:
        """Where its database lies."""
        return self.var / "lapak.sqlite"

    def start(self, *, first: Callable[[], None] | None = None, **environ: str) -> str:
        """Start, with something to do `first` in its process, and wait until it is ready or has ended; what it said."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LAPAK_")}
        environ = {**kept, "PORT": str(self.port), "LAPAK_VAR_DIR": str(self.var), "LAPAK_ENV": "development"} | environ
        with self.log.open("w") as log:
            out = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            command = [sys.executable, "-m", "flask", "serve"]
            out |= {"start_new_session": True, "preexec_fn": first}
            self.process = subprocess.Popen(command, cwd=ROOT, env=environ, **out)
        deadline = time.monotonic() + SECONDS
        while READY not in self.said() and time.monotonic() < deadline:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
                break
        return self.said()

    def said(self) -> str:
        """Return everything it printed so far."""
        return self.log.read_text()

    def children(self) -> list[psutil.Process]:
        """Return web and worker."""
        return psutil.Process(self.process.pid).children()

    def alive(self) -> int:
        """Ask for the heartbeat; return the status."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
            return answer.status

    def stop(self, number: int = signal.SIGTERM) -> int | None:
        """Send a signal and return the exit code."""
        if self.process is None:
            return None
        self.process.send_signal(number)
        return self.process.wait(15)

    def end(self) -> None:
        """End what still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def counts(self) -> dict[str, int]:
        """Count the rows of every table."""
        with closing(sqlite3.connect(self.file)) as connection:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            kept = [name for name in names if not name.startswith(("sqlite_", "search_"))]
            return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in kept}


@dataclass
class FirstStart:
    """What the first start of a market said and did, and the folder that it left behind."""

    market: Market
    said: str
    status: int
    code: int | None

    def copy_to(self, market: Market) -> None:
        """Let another market go on from there."""
        shutil.copytree(self.market.var, market.var)


@pytest.fixture
def market(tmp_path):
    """A market that has not been started; whatever it started is ended."""
    market = Market(tmp_path)
    yield market
    market.end()


@pytest.fixture(scope="module")
def first_start(tmp_path_factory):
    """One first start for all who ask what follows it: drawing a whole market takes half a minute."""
    market = Market(tmp_path_factory.mktemp("first"))
    try:
        said = market.start()
        return FirstStart(market, said, market.alive(), market.stop())
    finally:
        market.end()


@pytest.fixture
def filled_market(first_start, market):
    """A market of its own that had its first start."""
    first_start.copy_to(market)
    return market


def lines(text: str) -> list[str]:
    """The lines a person reads."""
    return [line for line in text.splitlines() if line.strip()]


@pytest.mark.slow
@pytest.mark.xdist_group("demonstration")
def test_the_first_start_fills_the_market_and_the_second_changes_nothing(first_start, filled_market):
    market = filled_market
    assert f"http://127.0.0.1:{first_start.market.port}" in first_start.said
    assert first_start.status == 200
    assert first_start.code == 0
    count = first_start.market.counts()
    assert count["product"] > 0

    second = market.start()
    before, ready, _after = second.partition(READY)
    assert ready
    # What the processes share was asked for before they began.
    assert re.search(r"path=/produk/[\w-]+ .*status=200", before)
    assert market.stop() == 0

    again = market.counts()
    # The worker goes on with jobs and clocks; what people see must not grow.
    assert {name: n for name, n in again.items() if name != "job"} == {n: c for n, c in count.items() if n != "job"}
    assert oct((first_start.market.var / "secret.key").stat().st_mode)[-3:] == "600"


def counted(url):
    """How many rows stand in every table of a database that is served."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name not in {"job", "page_stamp"}]
        return {name: connection.execute(text(f'SELECT COUNT(*) FROM "{name}"')).scalar() for name in names}


@pytest.mark.slow
@pytest.mark.xdist_group("demonstration")
def test_a_postgresql_of_ones_own_is_filled_once_too(market, database):
    if database.name == "sqlite":
        return  # its own test stands above
    url = database.empty("first_start")
    named = {"LAPAK_DATABASE_URL": url.replace("+psycopg", "")}

    first = market.start(**named)
    assert READY in first
    assert (market.alive(), market.stop()) == (200, 0)
    count = counted(url)
    second = market.start(**named)

    assert READY in second
    assert (market.alive(), market.stop()) == (200, 0)
    assert count["product"] > 0
    assert counted(url) == count
    assert not market.file.exists()


@pytest.mark.slow
@pytest.mark.xdist_group("demonstration")
def test_it_ends_with_its_children_and_revives_them_while_it_lives(filled_market):
    market = filled_market
    market.start()
    worker = max(market.children(), key=lambda child: child.pid)

    worker.kill()
    deadline = time.monotonic() + 60
    while "dimulai lagi" not in market.said() or len(market.children()) < 2:
        assert time.monotonic() < deadline
        with suppress(subprocess.TimeoutExpired):
            market.process.wait(0.05)

    children = market.children()
    started = time.monotonic()
    assert market.stop() == 0
    assert time.monotonic() - started < 10
    _gone, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []


@pytest.mark.slow
@pytest.mark.xdist_group("demonstration")
def test_children_do_not_outlive_a_killed_supervisor(filled_market):
    market = filled_market
    market.start()
    children = market.children()

    market.stop(signal.SIGKILL)

    _gone, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []


def test_a_taken_port_is_said_in_one_line(market):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", market.port))
        taken.listen()

        said = lines(market.start())

    assert len(said) == 1
    assert f"Port {market.port} sedang dipakai" in said[0]
    assert market.process.returncode == 3  # gunicorn would not try again


def test_who_names_no_port_finds_it_at_8000_on_this_machine_alone(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)

    assert (serve.HOST, serve._port()) == ("127.0.0.1", 8000)


def test_a_port_that_is_no_number_is_said_in_one_line(market):
    said = lines(market.start(PORT="delapan"))

    assert len(said) == 1
    assert "PORT=delapan" in said[0]


def test_a_folder_that_cannot_be_written_is_said_in_one_line(market):
    said = lines(market.start(LAPAK_VAR_DIR="/proc/lapak"))

    assert len(said) == 1
    assert "/proc/lapak" in said[0]
    assert market.process.returncode == 3  # gunicorn would not try again


@pytest.mark.parametrize("name", ["LAPAK_MEDIA_DIR", "LAPAK_PRIVATE_DIR"])
def test_a_picture_folder_that_cannot_be_written_is_said_in_one_line(market, name):
    said = lines(market.start(**{name: "/proc/media"}))

    assert len(said) == 1
    assert "/proc/media" in said[0]
    assert "tidak bisa ditulis" in said[0]


@pytest.mark.parametrize("content", [b"this is no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_broken_database_file_is_said_in_one_line(market, content):
    market.var.mkdir()
    market.file.write_bytes(content)

    said = lines(market.start())

    assert len(said) == 1
    assert "rusak" in said[0]
    assert market.file.read_bytes() == content


def test_a_database_file_with_one_page_scrambled_is_said_in_one_line(market):
    """It opens and counts its tables; only whoever looks at every page sees it."""
    market.var.mkdir()
    with closing(sqlite3.connect(market.file)) as connection:
        connection.execute("CREATE TABLE kept (x)")
        connection.executemany("INSERT INTO kept VALUES (?)", [("telur asin" * 40,)] * 400)
        connection.commit()
        page = connection.execute("PRAGMA page_size").fetchone()[0]
    whole = bytearray(market.file.read_bytes())
    whole[9 * page : 10 * page] = b"\xff" * page
    market.file.write_bytes(whole)

    said = lines(market.start())

    assert len(said) == 1
    assert "rusak" in said[0]
    assert market.file.read_bytes() == whole


def as_anybody() -> None:
    """Give up what root may: to read and write whatever the file says. Whoever is not root never could."""
    prctl, drop_from_bound = ctypes.CDLL(None).prctl, 24
    for power in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        prctl(drop_from_bound, power, 0, 0, 0)


@pytest.mark.parametrize("mode", [0o444, 0o000])
def test_a_database_file_that_cannot_be_written_is_said_in_one_line(market, mode):
    market.var.mkdir()
    with closing(sqlite3.connect(market.file)) as connection:
        connection.execute("CREATE TABLE kept (x)")
    market.file.chmod(mode)

    said = lines(market.start(first=as_anybody))

    assert len(said) == 1
    assert "tidak bisa dibaca dan ditulis; ubah izinnya" in said[0]


def test_a_secret_that_cannot_be_read_is_said_in_one_line(market):
    market.var.mkdir()
    (market.var / "secret.key").write_text("5" * 64)
    (market.var / "secret.key").chmod(0)

    said = lines(market.start(first=as_anybody))

    assert len(said) == 1
    assert "secret.key cannot be read" in said[0]


@pytest.mark.parametrize("found", ["", "5" * 31])
def test_a_secret_cut_short_is_no_secret(market, found):
    """A full disk leaves an empty file behind; its contents would be known to everybody."""
    market.var.mkdir()
    (market.var / "secret.key").write_text(found)

    said = lines(market.start())

    assert len(said) == 1
    assert "secret.key is cut short" in said[0]
    assert (market.var / "secret.key").read_text() == found


def test_a_database_of_another_program_is_said_in_one_line_and_stays_as_it_was(market):
    market.var.mkdir()
    with closing(sqlite3.connect(market.file)) as connection:
        connection.execute("CREATE TABLE shop (name TEXT)")
        connection.execute("INSERT INTO shop VALUES ('Toko Sebelah')")
        connection.commit()

    said = lines(market.start())

    assert len(said) == 1
    assert "tabel yang tidak dibuat program ini" in said[0]
    with closing(sqlite3.connect(market.file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("shop",)]


def test_a_database_that_can_grow_no_more_is_said_in_one_line(market):
    market.var.mkdir()

    said = lines(market.start(first=as_on_a_full_disk))

    assert len(said) == 2, said
    assert "Menyiapkan basis data" in said[0]
    assert "Basis data tidak bisa disiapkan (" in said[1]


def as_on_a_full_disk() -> None:
    """Let no file grow beyond a hundred kilobytes, and say so instead of ending."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_a_database_newer_than_the_code_is_said_in_one_line(market):
    market.var.mkdir()
    with closing(sqlite3.connect(market.file)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.commit()

    said = lines(market.start())

    assert len(said) == 1
    assert "versi yang lebih baru" in said[0]


def test_a_database_server_that_does_not_answer_is_said_in_one_line(market):
    said = lines(market.start(LAPAK_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none"))

    assert len(said) == 1
    assert "tidak menjawab" in said[0]


def test_production_without_a_secret_is_refused_in_one_line(market):
    said = lines(market.start(LAPAK_ENV="production"))

    assert len(said) == 1
    assert "LAPAK_SECRET_KEY" in said[0]
    assert market.process.returncode == 3  # gunicorn would not try again


def test_an_old_python_gets_a_sentence(tmp_path, monkeypatch):
    source = (ROOT / "tools" / "run.py").read_text()
    compile(source, "run.py", "exec", dont_inherit=True, flags=0x400, _feature_version=6)  # parses on 3.6
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "version_info", (3, 6, 9, "final", 0))

    with pytest.raises(SystemExit, match=re.escape("perlu Python 3.11 atau lebih baru; ini 3.6.")):
        exec(compile(source, "run.py", "exec"), {"__name__": "__main__"})
