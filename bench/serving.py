"""Starting the floor and the product on the same number of rows, and keeping what was measured."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = ROOT / ".bench"
APP_PORT, FLOOR_PORT = 8108, 8109
UP_SECONDS = 60


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    number: str
    what: str
    measured: str
    budget: str
    met: bool
    binding: bool = True

    @property
    def mark(self) -> str:
        """Return the verdict in one sign."""
        return "✓" if self.met else "✗"


@dataclass
class Figures:
    """What was asked for and what was found."""

    products: int
    rounds: int
    secs: int
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=lambda: [1_000, 20_000, 100_000])

    def add(self, number: str, what: str, measured: str, budget: str, *, met: bool, binding: bool = True) -> None:
        """Keep one line."""
        self.rows.append(Row(number, what, measured, budget, met, binding))


def environment(figures: Figures, **more: str) -> dict[str, str]:
    """Return the environment of the product under test."""
    folder = WORK / f"app-{figures.products}"
    return {
        **os.environ,
        "LAPAK_VAR_DIR": str(folder),
        "LAPAK_LOG_LEVEL": "ERROR",
        "LAPAK_SECRET_KEY": "bench" * 8,
        **more,
    }


def shape() -> str:
    """Name the shape of the database: its newest migration."""
    return max(each.name for each in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def fill_app(figures: Figures) -> None:
    """Load the product's rows once per size, and anew when the database has another shape than the day before."""
    env = environment(figures)
    folder = Path(env["LAPAK_VAR_DIR"])
    done = folder / "loaded"
    if done.exists() and done.read_text(encoding="utf-8") == shape():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    flask = [sys.executable, "-m", "flask"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=env, check=True)
    shops = max(10, figures.products // 20)
    load = [
        *flask,
        "demo",
        "load",
        "--products",
        str(figures.products),
        "--shops",
        str(shops),
        "--orders",
        "500",
        "--seed",
        "7",
    ]
    started = time.perf_counter()
    subprocess.run(load, cwd=ROOT, env=env, check=True)
    figures.notes.append(f"- `flask demo load --products {figures.products}`: {time.perf_counter() - started:.0f} s")
    done.write_text(shape(), encoding="utf-8")


def fill_floor(figures: Figures) -> Path:
    """Make the floor's rows once per size."""
    data, database = WORK / f"data-{figures.products}", WORK / f"floor-{figures.products}.sqlite"
    if not database.exists():
        WORK.mkdir(exist_ok=True)
        seed = [
            sys.executable,
            HERE / "seed_data.py",
            "--products",
            str(figures.products),
            "--orders",
            "500",
            "--out",
            data,
        ]
        subprocess.run([str(part) for part in seed], check=True)
        subprocess.run([sys.executable, str(HERE / "floor" / "build_db.py"), str(data), str(database)], check=True)
    return database


@contextmanager
def server(command: list[str], folder: Path, env: dict[str, str], url: str) -> Iterator[int]:
    """Run a server in its own process group; yield its pid once it answers."""
    log = (WORK / "server.log").open("a")
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(url, process)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + UP_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the server ended with {process.returncode}, see {WORK / 'server.log'}")
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"no answer from {url}")


def floor_server(figures: Figures) -> tuple[list[str], Path, dict[str, str], str]:
    """Return how the floor is started."""
    env = {**os.environ, "FLOOR": "catalog", "FLOOR_DB": str(fill_floor(figures)), "FLOOR_SYNC": "FULL"}
    base = f"http://127.0.0.1:{FLOOR_PORT}"
    return _gunicorn(FLOOR_PORT, "app:app"), HERE / "floor", env, base


def app_server(figures: Figures, **more: str) -> tuple[list[str], Path, dict[str, str], str]:
    """Return how the product is started."""
    fill_app(figures)
    base = f"http://127.0.0.1:{APP_PORT}"
    return _gunicorn(APP_PORT, "wsgi:app"), ROOT, environment(figures, **more), base


def _gunicorn(port: int, target: str) -> list[str]:
    return [sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "error", target]
