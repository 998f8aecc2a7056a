"""Lighthouse's four scores and the layout shift of a page, with the system's Chromium and npm's Lighthouse.

The version stands in bench/lighthouse/package.json; npm puts it below .bench, and nothing else needs it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from serving import WORK

from tools.system import browser

HERE = Path(__file__).resolve().parent / "lighthouse"
PLACE = WORK / "lighthouse"
PROGRAM = PLACE / "node_modules" / ".bin" / "lighthouse"
LOCK = "package-lock.json"
PARTS = ("performance", "accessibility", "best-practices", "seo")
# The browser talks to this machine and to nobody else.
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run "
    "--host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'"
)
SECONDS = 180
CHANCES = 3  # a browser that was just ended may still hold what the next one asks for
Scores = dict[str, float]


def missing() -> str:
    """Install what is wanted; return why it cannot be, in a few words."""
    if browser() is None:
        return "no Chromium"
    if PROGRAM.exists() and (PLACE / LOCK).read_bytes() == (HERE / LOCK).read_bytes():
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "no npm"
    PLACE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", LOCK):
        shutil.copy(HERE / name, PLACE / name)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=PLACE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if done.returncode == 0 and PROGRAM.exists() else "npm could not install it"


def measure(url: str, rounds: int, headers: dict[str, str] | None = None, *, closed: bool = False) -> Scores:
    """Return the medians of a page: each of `PARTS` out of 100, and `cls`.

    A `closed` page tells search engines to stay away, as it must; it is not marked down for that.
    """
    seen = [_once(url, headers or {}, closed=closed) for _ in range(rounds)]
    return {name: statistics.median(each[name] for each in seen) for name in seen[0]}


def _once(url: str, headers: dict[str, str], *, closed: bool) -> Scores:
    with tempfile.TemporaryDirectory() as folder:
        given, told = Path(folder) / "headers.json", Path(folder) / "report.json"
        given.write_text(json.dumps(headers))
        command = [str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={told}", f"--chrome-flags={FLAGS}"]
        command += ["--skip-audits=is-crawlable"] if closed else []
        # A cookie is no leftover of an earlier visit: without this Lighthouse clears what the header brings.
        command += [f"--extra-headers={given}", "--disable-storage-reset"] if headers else []
        env = {**os.environ, "CHROME_PATH": browser() or "", "CI": "1"}
        for chance in range(CHANCES):
            done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False, timeout=SECONDS)
            if not done.returncode:
                break
            if chance == CHANCES - 1:
                raise SystemExit(f"Lighthouse on {url}: {done.stderr.decode(errors='replace')[-400:]}")
        report: dict[str, Any] = json.loads(told.read_text())
    if report.get("runtimeError"):
        raise SystemExit(f"Lighthouse on {url}: {report['runtimeError']['message']}")
    scores = {part: round(100 * (report["categories"][part]["score"] or 0)) for part in PARTS}
    return {**scores, "cls": report["audits"]["cumulative-layout-shift"]["numericValue"]}


def first_shop(base: str) -> str:
    """Return the address of a shop that is open."""
    with urllib.request.urlopen(f"{base}/lapak", timeout=10) as page:
        found = re.search(r'href="(/lapak/[a-z0-9-]+)"', page.read().decode())
    if found is None:
        raise SystemExit("no shop is open")
    return found[1]


def seller(env: dict[str, str]) -> dict[str, str]:
    """Return what signs the demonstration's first seller in."""
    told = subprocess.run(
        [sys.executable, "-m", "flask", "demo", "accounts", "--json"],
        cwd=HERE.parents[1], env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    account: dict[str, str] = next(each for each in json.loads(told.stdout) if each["role"] == "seller")
    return account


def seller_cookie(base: str, account: dict[str, str]) -> str:
    """Sign a demonstration's seller in with card and PIN; return the header that keeps her in."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser(), args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(base_url=base)
        page.goto("/masuk?cara=kartu")
        page.get_by_label("Nomor HP", exact=True).fill(account["phone"])
        page.get_by_label("Kode kartu", exact=True).fill(account["card_code"])
        page.get_by_role("button", name="Masuk", exact=True).first.click()
        page.get_by_label("HP sendiri").check()
        page.get_by_label("PIN", exact=True).fill(account["pin"])
        again = page.get_by_label("PIN sekali lagi", exact=True)
        if again.count():
            again.fill(account["pin"])
        page.get_by_role("button", name="Masuk", exact=True).first.click()
        page.wait_for_url("**/jualan")
        kept = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
        chromium.close()
    return kept
