"""What every journey watches while it walks."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from tests.conftest import ENGINES
from tests.support.live import FLAGS, PATIENCE_MS, LiveServer
from tests.support.pages import problems
from tools.system import quick_browser

SHOTS = "LAPAK_TEST_SHOTS"
# A form that comes back with its mistakes, a page that is not there: the journey asserts these itself.
ANSWERS = ("document",)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leave to CI, on the second engine, every journey but those of the main job with scripts."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    played = item.get_closest_marker("main_job") is not None and params.get("script") is not False
    if not played and params.get("engine_name") == ENGINES[1]:
        item.add_marker(pytest.mark.again)


class Eyes:
    """Sees what goes wrong on the pages it watches, and looks closely where it is told to."""

    def __init__(self, home: str) -> None:
        """Know which host is ours."""
        self.host = urlsplit(home).netloc
        self.complaints: list[str] = []
        self.seen = 0

    def watch(self, *pages: Page) -> None:
        """Note every error of a script, every answer that failed and every request to a stranger."""
        for page in pages:
            page.on("console", self._console)
            page.on("request", self._request)
            page.on("response", self._response)

    def look(self, page: Page, name: str) -> None:
        """Hold the page against the rules of the house, and see that it fits its window."""
        self.seen += 1
        # A click returns before the next page has come: what lies between two pages has no root element.
        page.wait_for_load_state()
        page.locator("h1").first.wait_for(state="attached")
        self.complaints += [f"{name}: {each}" for each in problems(page.content())]
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if width[0] > width[1]:
            self.complaints.append(f"{name}: {width[0]} px wide in a window of {width[1]}")
        if folder := os.environ.get(SHOTS):
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True, caret="initial")

    def _console(self, line: ConsoleMessage) -> None:
        # What the network refused is told by the answers themselves.
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {line.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.host:
            self.complaints.append(f"a request to a stranger: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type not in ANSWERS):
            self.complaints.append(f"{response.status} {response.url}")


@pytest.fixture
def eyes(live_server: LiveServer) -> Iterator[Eyes]:
    """Eyes on this server; whatever they saw go wrong fails the journey at its end."""
    eyes = Eyes(live_server.url)
    yield eyes
    assert not eyes.complaints, "\n".join(eyes.complaints)


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def script(request) -> bool:
    """A journey that is played with scripts, and once more without."""
    return bool(request.param)


@pytest.fixture
def thin(script, new_page, eyes) -> Page:
    """The cheap phone on slow 3G, with scripts and without."""
    page = new_page(360, 640, javascript=script, thin=True, has_touch=True, is_mobile=True)
    eyes.watch(page)
    return page


@pytest.fixture
def profile(tmp_path: Path, browser, live_server) -> Iterator[object]:
    """A browser whose profile outlives it: each call opens it anew, `kill` pulls the plug of the whole browser."""

    class Profile:
        folder = tmp_path / "profile"

        def open(self) -> Page:
            self.context: BrowserContext = browser.browser_type.launch_persistent_context(
                str(self.folder), executable_path=quick_browser(), args=FLAGS, base_url=live_server.url,
                viewport={"width": 360, "height": 640}, locale="id-ID", timezone_id="Asia/Jakarta",
            )  # fmt: skip
            self.context.set_default_timeout(PATIENCE_MS)
            return self.context.pages[0]

        def kill(self) -> None:
            mark = f"--user-data-dir={self.folder}".encode()
            killed = 0
            for each in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    if mark in each.read_bytes().split(b"\0"):
                        os.kill(int(each.parent.name), signal.SIGKILL)
                        killed += 1
            assert killed
            with suppress(Exception):
                self.context.close()

    mine = Profile()
    yield mine
    with suppress(Exception):
        mine.context.close()
