"""What a web process holds after some thousand requests, and how soon a cold start answers, as `flask serve` runs."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import load
import psutil
from serving import ROOT, environment, server

if TYPE_CHECKING:
    import subprocess

    from serving import Figures

PORT: Final = 8112
KINDS: Final = (
    "/", "/produk", "/produk?urut=termurah", "/produk?kategori=telur-asin", "/produk?kecamatan=36.04.13", "/lapak",
    "/produk?q=telur+asin", "/produk?q=kerpik+pisnag", "/saran?q=ker",
)  # fmt: skip


def run(figures: Figures, slugs: list[str]) -> dict[str, Any]:
    """Return seconds to the first answer, MiB (PSS) of each web process at rest and after work, and the requests."""
    base = f"http://127.0.0.1:{PORT}"
    env = environment(figures, PORT=str(PORT))
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
    began = time.perf_counter()
    with server(command, ROOT, env, base + "/healthz") as pid:
        start = time.perf_counter() - began
        rest = [pss(each) for each in web(pid)]
        urls = [{"name": "pages", "path": "{w:" + "|".join(_within(slugs)) + "}"}]
        done = 0
        for path in KINDS:
            done += _asked(load.run({"urls": [{"name": "pages", "path": path}]}, base, [4], 2, verbose=False))
        done += _asked(load.run({"urls": urls}, base, [4], 10, verbose=False))
        return {"start": start, "rest": rest, "after": [pss(each) for each in web(pid)], "requests": done}


def web(supervisor: int) -> list[int]:
    """Return the processes that answer: the children of the web that `flask serve` keeps; its other child does jobs."""
    return [worker.pid for child in psutil.Process(supervisor).children() for worker in child.children()]


def pss(pid: int) -> float:
    """Return what a process holds, with its part of what it shares, in MiB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def watched(process: subprocess.Popen[bytes]) -> tuple[int, float, float]:
    """Wait for a process; return its status, the seconds of CPU of it and its children, and MiB they held at most.

    Pages of a database file that are only mapped do not count: the system gives them up when it needs them.
    """
    most = 0.0
    while True:
        done, status, used = os.wait4(process.pid, os.WNOHANG)
        if done:
            return status, used.ru_utime + used.ru_stime, most
        with suppress(psutil.NoSuchProcess):
            told = psutil.Process(process.pid)
            most = max(most, sum(_own(each.pid) for each in (told, *told.children(recursive=True))))
        time.sleep(0.1)


def _own(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _within(slugs: list[str]) -> list[str]:
    return [f"/produk/{slug}" for slug in slugs]


def _asked(found: dict[str, Any]) -> int:
    return sum(int(row.get("n", 0)) for row in found["rows"])
