"""A visit by a phone: real Chromium, bytes as they crossed the wire, and what a slow line does to them."""

from __future__ import annotations

import shutil
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
CPU_SLOWER = 4
WATCH = """
window.__cls = 0; window.__fcp = 0;
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.__cls += e.value; })
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(list => {
  for (const e of list.getEntries()) if (e.name === 'first-contentful-paint') window.__fcp = e.startTime;
})
  .observe({type: 'paint', buffered: true});
"""
SEEN = """selector => new Promise(done => {
  const look = () => document.querySelector(selector)
    ? requestAnimationFrame(() => done(performance.now())) : setTimeout(look, 10);
  look();
})"""


def visit(url: str, *, throttle: bool, again: bool = False, wait_for: str = "body") -> dict[str, Any]:
    """Open a page at 360 px; return bytes sent, first content and `wait_for` in seconds, and layout shift."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 360, "height": 640}, device_scale_factor=2, is_mobile=True)
        context.add_init_script(WATCH)
        page = context.new_page()
        wire = context.new_cdp_session(page)
        got = _count(wire)
        if throttle:
            wire.send("Network.emulateNetworkConditions", SLOW_3G)
            wire.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
        if again:
            _open(page, url, "body")
            got["bytes"] = 0
        seen = _open(page, url, wait_for)
        found = {
            "bytes": got["bytes"],
            "seen": seen,
            "fcp": page.evaluate("window.__fcp") / 1000,
            "cls": page.evaluate("window.__cls"),
        }
        browser.close()
    return found


def _count(wire: CDPSession) -> dict[str, float]:
    got = {"bytes": 0.0}
    wire.send("Network.enable")

    def add(event: dict[str, Any]) -> None:
        got["bytes"] += event["encodedDataLength"]

    wire.on("Network.loadingFinished", add)
    return got


def _open(page: Page, url: str, wait_for: str) -> float:
    page.goto(url, wait_until="commit")
    seen = float(page.evaluate(SEEN, wait_for)) / 1000
    page.wait_for_load_state("networkidle")
    return seen
