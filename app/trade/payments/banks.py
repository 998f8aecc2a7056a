"""The banks into which a seller can be paid, as data: app/data/acuan/bank.csv."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data" / "acuan" / "bank.csv"


@cache
def names() -> dict[str, str]:
    """Return code → name, in the order in which people are asked."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {row["kode"]: row["nama"] for row in csv.DictReader(file)}


def name_of(code: str) -> str:
    """Return what a bank is called; a code that is no longer on the list stays as it is."""
    return names().get(code, code)
