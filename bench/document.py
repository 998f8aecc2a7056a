"""docs/benchmarks.md: what each part measured, with its own day and commit; a part that was not run keeps its rows."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from serving import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from serving import Figures

FILE = ROOT / "docs" / "benchmarks.md"
HEAD = """\
# Benchmarks

Written by `make bench`. A ratio is the product against the floor (`bench/floor`, a bare Flask app on as many rows),
measured in turn in the same run: CPU is milliseconds of server CPU per request, medians of some rounds. ▣ budgets bind:
`make bench` fails when one is missed. Web: 2 gunicorn processes; SQLite, synchronous=FULL.

Each part tells when, of which commit and on which machine it was measured; `python bench/run.py --only PART` measures
one alone and leaves the others as they stand. That it was measured beside other work stands in its line by hand. The
curve of growth is drawn to 100,000 products every time, and to a million with `--only growth --sizes 1000,1000000`.
"""
TABLE = ("| | Budget | What | Measured | Asked |", "|---|---|---|---|---|")


@dataclass
class Part:
    """What one part measured: its rows and notes as they stand in the document."""

    measured: str
    lines: list[str] = field(default_factory=list)


def written(figures: Figures, machine: str) -> Part:
    """Return what was measured just now, as it shall stand."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    rows = [
        f"| {row.mark} | {row.number}{' ▣' if row.binding else ''} | {row.what} | {row.measured} | {row.budget} |"
        for row in figures.rows
    ]
    table = [*TABLE, *rows, ""] if rows else []
    measured = f"Measured {datetime.now(UTC):%Y-%m-%d}, commit {commit or 'unknown'}, {machine}."
    return Part(measured, [*table, *figures.notes])


def read(text: str) -> dict[str, Part]:
    """Take a document apart.

    >>> told = merged("", {"stock": Part("Measured today.", ["- ten"])}, ["stock"])
    >>> read(told)
    {'stock': Part(measured='Measured today.', lines=['- ten'])}
    """
    found: dict[str, Part] = {}
    for section in text.split("\n## ")[1:]:
        name, _, rest = section.partition("\n")
        measured, *lines = rest.strip().splitlines() or [""]
        if measured.startswith("Measured "):
            found[name] = Part(measured, lines[1:] if lines[:1] == [""] else lines)
    return found


def merged(text: str, parts: dict[str, Part], order: Iterable[str]) -> str:
    """Put what was measured in place of what stood there, part after part.

    >>> old = merged("", {"stock": Part("Measured once.", ["- ten"]), "photo": Part("Measured once.")}, ["photo"])
    >>> new = read(merged(old, {"stock": Part("Measured again.", ["- nine"])}, ["stock", "photo"]))
    >>> list(new), new["stock"].lines, new["photo"].measured
    (['stock', 'photo'], ['- nine'], 'Measured once.')
    """
    held = read(text) | parts
    names = [*(name for name in order if name in held), *(name for name in held if name not in set(order))]
    sections = [f"## {name}\n\n" + "\n".join([held[name].measured, "", *held[name].lines]).rstrip() for name in names]
    return "\n\n".join([HEAD.rstrip(), *sections]) + "\n"
