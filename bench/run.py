"""`make bench`: the product against the floor, in turn and in the same run; writes docs/benchmarks.md.

Machines differ, so a budget is a ratio against the floor (bench/floor, left as it is), a count, or bytes. Exits 1
when a budget marked ▣ in the table is missed.

    python bench/run.py [--rounds 3] [--secs 5] [--products 20000]
                        [--only catalogue,repeat,checkout,stock,weight,phone,lighthouse,photo,memory,growth]
                        [--sizes 1000,20000,1000000]
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

import measures  # noqa: E402
from serving import Figures  # noqa: E402

PARTS = {
    "catalogue": measures.catalogue,
    "repeat": measures.repeat,
    "checkout": measures.checkout,
    "queries": measures.queries,
    "stock": measures.stock,
    "weight": measures.weight,
    "phone": measures.phone,
    "lighthouse": measures.lighthouse,
    "photo": measures.photo,
    "memory": measures.memory,
    "growth": measures.growth,
}


def main() -> int:
    """Measure, write, and judge."""
    arguments = _arguments()
    figures = Figures(arguments.products, arguments.rounds, arguments.secs)
    figures.sizes = sorted(int(size) for size in arguments.sizes.split(","))
    wanted = arguments.only.split(",") if arguments.only else list(PARTS)
    for name in wanted:
        print(f"— {name}", flush=True)
        PARTS[name](figures)
    for row in figures.rows:
        print(f"{row.mark} {row.number:>3} {row.what:<58} {row.measured:<34} {row.budget}")
    if arguments.only:
        print("\n".join(figures.notes))
    else:
        (ROOT / "docs" / "benchmarks.md").write_text(_document(figures), encoding="utf-8")
    return 1 if any(row.binding and not row.met for row in figures.rows) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--secs", type=int, default=5)
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--sizes", default="1000,20000,1000000", help="products of the curve of growth")
    return parser.parse_args()


def _document(figures: Figures) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    head = [
        "# Benchmarks",
        "",
        "Written by `make bench`. A ratio is the product against the floor (`bench/floor`, a bare Flask app on as many",
        "rows), measured in turn in the same run: CPU is milliseconds of server CPU per request, medians of",
        f"{figures.rounds} rounds of {figures.secs} s each. ▣ budgets bind: `make bench` fails when one is missed.",
        "",
        f"- Day: {datetime.now(UTC):%Y-%m-%d}, commit {commit or 'unknown'}",
        f"- Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        f"- Products: {figures.products}; web: 2 gunicorn processes; SQLite, synchronous=FULL",
        "",
        "| | Budget | What | Measured | Asked |",
        "|---|---|---|---|---|",
    ]
    rows = [
        f"| {row.mark} | {row.number}{' ▣' if row.binding else ''} | {row.what} | {row.measured} | {row.budget} |"
        for row in figures.rows
    ]
    notes = ["", "## Details", "", *figures.notes]
    return "\n".join([*head, *rows, *notes]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
