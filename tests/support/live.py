"""The market as people meet it: real server processes, and a real browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from app.core.db import db
from tests.support.databases import Database
from tests.support.serving import TEMPLATES
from tools.system import quick_browser

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
# A busy machine is slow for no fault of ours; only a page that never comes waits this long.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",  # letters as wide as with windows
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


# 400 kbit/s each way, and 400 ms until anything comes (spec/product.md, "Journeys").
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


class LiveServer:
    """The app behind gunicorn on a free port, with two processes unless told otherwise."""

    def __init__(self, environ: dict[str, str], log: Path, processes: int = 2) -> None:
        """Remember how to start; nothing runs yet."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LAPAK_")}
        self.environ = {**kept, TEMPLATES: os.environ["LAPAK_TEST_RUN"], **environ}
        self.log = log
        self.processes = processes
        self.process: subprocess.Popen[bytes] | None = None
        self.app: Flask | None = None
        self._generation = 0

    def stand(self, generation: int) -> None:
        """See that it runs, on the database of this generation: it starts again where an earlier one was taken away."""
        if generation != self._generation:
            self.stop()
        if self.process is None or self.process.poll() is not None:
            self.process = None
            self.start()
        self._generation = generation

    def start(self, application: str = "wsgi:app") -> None:
        """Start, and return once it answers; a drill may name an application that it broke on purpose."""
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            str(self.processes),
        ]
        command += ["--config", "python:tests.support.serving", "--preload", "--no-control-socket"]
        command += ["--graceful-timeout", "2", "--log-level", "warning", application]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(self.url + "/healthz", timeout=5):
                return
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
        self.stop()
        raise AssertionError("the server did not start:\n" + self.log.read_text(errors="replace"))

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Send a signal to the whole server (SIGKILL pulls the plug) and wait for its end."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command against the same database and return what it says.

        Where the application stands in this process already, the command runs here: another start costs seconds.
        """
        if self.app is not None:
            db.session.rollback()
            said = self.app.test_cli_runner().invoke(args=arguments)
            assert said.exit_code == 0, said.output
            return said.output
        command = [sys.executable, "-m", "flask", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run_jobs(self) -> None:
        """Do everything that is due."""
        self.flask("jobs", "run", "--once")


@pytest.fixture(scope="session")
def _kept_server(database: Database, environ: dict[str, str], run_folder: Path) -> Iterator[LiveServer]:
    """A server that stands between tests, because starting it costs more than most walks; without caches, it knows
    nothing but what the database holds. It ends when the engine changes."""
    server = LiveServer({**environ, "LAPAK_DATABASE_URL": database.url}, run_folder / f"{database.name}.log")
    yield server
    server.stop()
    database.served = None


@pytest.fixture
def live_server(app: Flask, database: Database, _kept_server: LiveServer) -> LiveServer:
    """A running server on the same clean database that `app` works on; one that a test has ended is started again."""
    _kept_server.app = app
    _kept_server.stand(database.renewed)
    database.served = _kept_server.stop
    return _kept_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without windows where there is one. A machine without one fails here, it skips nothing."""
    program = quick_browser()
    assert program, "No Chromium on this machine: python tools/system.py says how to get one."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[NewPage]:
    """Open pages, each in a browser of its own: `new_page(360, 640, javascript=False, color_scheme="dark")`.

    `thin` gives it the signal of a village, slow 3G. A script that fails, or one that the content policy stops, fails
    the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        width: int = 1280, height: int = 800, *, javascript: bool = True, thin: bool = False, **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            java_script_enabled=javascript,
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        if thin:
            context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_3G)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A browser window, 1280 wide."""
    return new_page()


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A cheap phone: 360 by 640, touch."""
    return new_page(360, 640, has_touch=True, is_mobile=True)


@pytest.fixture
def plain_phone(new_page: NewPage) -> Page:
    """The same phone with JavaScript off."""
    return new_page(360, 640, javascript=False, has_touch=True, is_mobile=True)
