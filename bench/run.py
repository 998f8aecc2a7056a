"""`make bench`: the product against the floor, in turn and in the same run; writes docs/benchmarks.md.

Machines differ, so a budget is a ratio against the floor (bench/floor, left as it is), a count, or bytes. Exits 1
when a budget marked ▣ is missed. What `--only` leaves out keeps its place in the document, with its day and commit.

    python bench/run.py [--rounds 3] [--secs 5] [--products 20000]
                        [--only catalogue,repeat,checkout,stock,weight,phone,lighthouse,photo,memory,start,growth]
                        [--sizes 1000,20000,100000]
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

import document  # noqa: E402
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
    "start": measures.start,
    "growth": measures.growth,
}


def main() -> int:
    """Measure, write, and judge."""
    arguments = _arguments()
    sizes = sorted(int(size) for size in arguments.sizes.split(","))
    parts: dict[str, document.Part] = {}
    missed = False
    for name in arguments.only.split(",") if arguments.only else PARTS:
        print(f"— {name}", flush=True)
        figures = Figures(arguments.products, arguments.rounds, arguments.secs, sizes=sizes)
        PARTS[name](figures)
        # A curve to a million takes long: one that ends sooner does not stand in its place.
        parts[f"{name} to {sizes[-1]}" if name == "growth" else name] = document.written(figures, _machine(figures))
        for row in figures.rows:
            print(f"{row.mark} {row.number:>3} {row.what:<58} {row.measured:<34} {row.budget}")
        missed |= any(row.binding and not row.met for row in figures.rows)
        held = document.FILE.read_text(encoding="utf-8") if document.FILE.exists() else ""
        document.FILE.write_text(document.merged(held, parts, PARTS), encoding="utf-8")
    return 1 if missed else 0


def _machine(figures: Figures) -> str:
    told = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return f"{told}, {figures.products} products, {figures.rounds} rounds of {figures.secs} s"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--secs", type=int, default=5)
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--sizes", default="1000,20000,100000", help="products of the curve of growth")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
