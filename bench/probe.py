"""What a page costs and what it asks, measured inside one process: run by `growth.py` with the environment of a size.

    python bench/probe.py '{"name": "/address", …}' REPEATS

Prints JSON: for each name its status, milliseconds of CPU of this process, and each statement with its time in the
engine. `{middle}`, `{product}` and so on in an address are filled in from the rows that are there.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flask import Flask
from sqlalchemy import event, text

from app.core.clock import today
from app.core.db import db
from app.goods.catalogue import turns
from app.goods.shelf.rules import SLOTS
from app.kit.periods import WIB
from tools import kept
from wsgi import app

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

Asked = list[tuple[str, Any]]
FRAMES = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
TIMES = 5
EXECUTED = re.compile(r"Execution Time: ([\d.]+) ms")
# Words by how many cards hold them: the commonest, and others at equal steps down to those that one card holds.
WORDS = 9


def facts() -> dict[str, Any]:
    """Return what stands in the addresses: a product, a shop, a kecamatan, words, and places in the middle of lists."""
    one = db.session.connection().execute
    count = one(text("SELECT count(*) FROM shelf_item")).scalar_one()
    half = text("SELECT {} FROM shelf_item ORDER BY {} LIMIT 1 OFFSET :half".format("slug, shop_slug", "product_id"))
    product, shop = one(half, {"half": count // 2}).one()
    price = one(text("SELECT price, product_id FROM shelf_item ORDER BY price, product_id LIMIT 1 OFFSET :half"),
                {"half": count // 2}).one()  # fmt: skip
    terms = one(text("SELECT term FROM search_term WHERE items > 0 ORDER BY items DESC, term")).scalars().all()
    words = [terms[int(place / (WORDS - 1) * (len(terms) - 1))] for place in range(WORDS)]
    start = turns.start_of(None, today(WIB.name))
    middle = turns.place(start, 3, (start + SLOTS // 2) % SLOTS, 0)
    return {
        "count": count, "product": product, "shop": shop, "middle": str(middle), "cheap": f"m{price[0]}.{price[1]}",
        "words": list(terms[:WORDS]) + words,
    }  # fmt: skip


def asked_by(application: Flask, path: str) -> tuple[int, Asked]:
    """Return the status of a page and the statements that it sent."""
    sent: Asked = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not statement.lstrip().upper().startswith(FRAMES):
            sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        status = application.test_client(use_cookies=False).get(path).status_code
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return status, sent


def engine_ms(statement: str, parameters: Any) -> float:
    """Return how long the engine takes for a statement and all its rows: the best of some.

    PostgreSQL may plan for the values or keep one plan for all of them; the slower of the two counts.
    """
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        return min(_sqlite_ms(connection, statement, parameters) for _ in range(TIMES))
    how = "(ANALYZE, TIMING OFF, SUMMARY ON)"
    planned = min(
        _told(connection.exec_driver_sql(f"EXPLAIN {how} {statement}", parameters).scalars()) for _ in range(TIMES)
    )
    return max(planned, min(_told(kept.explained(connection, statement, parameters, how)) for _ in range(TIMES)))


def _sqlite_ms(connection: Connection, statement: str, parameters: Any) -> float:
    cursor = connection.connection.cursor()
    began = time.thread_time()
    cursor.execute(statement, parameters)
    cursor.fetchall()
    return (time.thread_time() - began) * 1000


def _told(plan: Iterable[str]) -> float:
    return float(EXECUTED.search("\n".join(plan))[1])  # type: ignore[index]


def cpu_ms(application: Flask, path: str, repeats: int) -> float:
    """Return the CPU of one request in this process: the median of some."""
    client = application.test_client(use_cookies=False)
    client.get(path)
    spent = []
    for _ in range(repeats):
        began = time.process_time()
        client.get(path).get_data()
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent)


def main() -> None:
    """Measure every address that was asked for."""
    paths, repeats = json.loads(sys.argv[1]), int(sys.argv[2])
    found: dict[str, Any] = {}
    with app.app_context():
        known = facts()
        for number, word in enumerate(known["words"]):
            paths[f"word {number}: {word}"] = f"/produk?q={word}"
        for name, path in paths.items():
            address = path.format(**known)
            status, sent = asked_by(app, address)
            cpu = cpu_ms(app, address, repeats)
            times = [(engine_ms(*each), each[0]) for each in sent]
            db.session.rollback()
            found[name] = {"address": address, "status": status, "cpu_ms": cpu, "statements": times}
    print(json.dumps({"products": known["count"], "engine": db_name(), "pages": found}))


def db_name() -> str:
    """Return `sqlite` or `postgresql`."""
    return str(app.config["SQLALCHEMY_DATABASE_URI"]).split(":")[0].split("+")[0]


if __name__ == "__main__":
    main()
