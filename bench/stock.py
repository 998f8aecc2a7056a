"""Sixteen buyers' processes on twenty hot products, one of them killed half-way; then every book is recomputed.

Also the small questions that other measurements ask of the product's own database.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROCESSES, HOT, EACH, PER_PROCESS = 16, 20, 12, 20

SETUP = """
from app.factory import create_app
from config import load_settings
app = create_app(load_settings())
"""
FOR_SALE = (
    SETUP
    + """
import json
from sqlalchemy import text
from app.core.db import db
with app.app_context():
    rows = db.session.execute(text(
        "select s.slug, s.variant_id from shelf_item s join stock k on k.variant_id = s.variant_id "
        "join shop h on h.id = s.shop_id where h.closed_until is null "
        "order by k.on_hand - k.reserved desc, s.product_id limit 400")).all()
print(json.dumps([[r[0] for r in rows], [r[1] for r in rows]]))
"""
)
COUNT = (
    SETUP
    + """
import json, sys
from sqlalchemy import event, Engine
seen = []
event.listen(Engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
found = {}
client = app.test_client()
for path in json.loads(sys.argv[1]):
    client.get(path)
    seen.clear()
    assert client.get(path).status_code == 200, path
    found[path] = len([s for s in seen if not s.startswith("BEGIN")])
print(json.dumps(found))
"""
)
FILL = (
    SETUP
    + """
import json, sys
from sqlalchemy import select, text
from app.core.db import db, transaction
from app.goods.stock import operations
from app.people.accounts.models import Account
most = int(sys.argv[1])
with app.app_context():
    hot = text("select variant_id from shelf_item order by product_id limit :n")
    ids = [r[0] for r in db.session.execute(hot, {"n": int(sys.argv[2])})]
    with transaction():
        curator = db.session.scalars(select(Account).where(Account.role == "curator").limit(1)).one()
        for i in ids:
            held = db.session.execute(text("select reserved from stock where variant_id = :v"), {"v": i}).scalar()
            operations.correct(i, held + most, by=curator, note="uji")
print(json.dumps(ids))
"""
)
BUY = """
import random, sys, http.client, json
from urllib.parse import urlencode
port, seed, tries, ids = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])
rnd = random.Random(seed)
told = {"yes": 0, "no": 0, "bad": 0}
def call(path, form, cookie):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    if cookie: head["Cookie"] = cookie
    c.request("POST", path, urlencode(form), head)
    r = c.getresponse(); r.read()
    jar = [v.split(";")[0] for k, v in r.getheaders() if k.lower() == "set-cookie"]
    return r.status, r.getheader("Location") or "", jar[0] if jar else cookie
def order():
    cookie, key = "", "%032x" % rnd.getrandbits(128)
    for v in rnd.sample(ids, 2):
        _, _, cookie = call("/keranjang", {"varian": v, "jumlah": 1}, cookie)
    phone = f"0812{rnd.randrange(10**7, 10**8)}"
    status, place, _ = call("/pesan", {"kunci": key, "nama": "Uji", "telepon": phone}, cookie)
    return "yes" if status == 303 and "/selesai/" in place else "no" if status in (303, 409, 200, 422) else "bad"
for n in range(tries):
    try:
        told[order()] += 1
    except (OSError, http.client.HTTPException):
        told["bad"] += 1  # its worker was the one that was killed
print(json.dumps(told))
"""


def _python(script: str, env: dict[str, str], *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def for_sale(env: dict[str, str]) -> tuple[list[str], list[int]]:
    """Return slugs and variant ids of goods with plenty in stock."""
    slugs, variants = _python(FOR_SALE, env)
    return slugs, variants


def count_queries(env: dict[str, str], paths: list[str]) -> dict[str, int]:
    """Return how many statements each page sends once warm."""
    found: dict[str, int] = _python(COUNT, env, json.dumps(paths))
    return found


def hammer(port: int = 8110) -> dict[str, Any]:
    """Fill a small market, let sixteen processes buy at once over HTTP, kill one worker, recompute the books."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "LAPAK_VAR_DIR": folder, "LAPAK_LOG_LEVEL": "ERROR", "LAPAK_SECRET_KEY": "bench" * 8}
        flask = [sys.executable, "-m", "flask"]
        subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=env, check=True)
        subprocess.run(
            [*flask, "demo", "load", "--products", "60", "--shops", "12", "--orders", "0"],
            cwd=ROOT,
            env=env,
            check=True,
        )
        ids = _python(FILL, env, str(EACH), str(HOT))
        web = [
            sys.executable,
            "-m",
            "gunicorn",
            "-w",
            "2",
            "-b",
            f"127.0.0.1:{port}",
            "--log-level",
            "error",
            "wsgi:app",
        ]
        server = subprocess.Popen(web, cwd=ROOT, env=env, start_new_session=True)
        try:
            time.sleep(4)
            told = _buy(port, ids, server.pid)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)
        verified = subprocess.run([*flask, "verify"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    sold_out = sum(row["no"] for row in told)
    return {
        "orders": sum(row["yes"] for row in told),
        "sold_out": sold_out,
        "unanswered": sum(row["bad"] for row in told),
        "exact": verified.returncode == 0,
        "verify": verified.stdout + verified.stderr,
    }


def _buy(port: int, ids: list[int], server: int) -> list[dict[str, int]]:
    buyers = [
        subprocess.Popen(
            [sys.executable, "-c", BUY, str(port), str(number), str(PER_PROCESS), json.dumps(ids)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    time.sleep(1.5)
    workers = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(server)], capture_output=True, text=True, check=True
    ).stdout.split()
    if workers:
        os.kill(int(workers[0]), signal.SIGKILL)  # gunicorn starts another; what was half-way must not count
    told = []
    for buyer in buyers:
        out, _ = buyer.communicate(timeout=300)
        lines = out.strip().splitlines()
        told.append(json.loads(lines[-1]) if lines else {"yes": 0, "no": 0, "bad": 1})
    return told
