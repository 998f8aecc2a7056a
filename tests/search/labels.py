"""Labelled searches: what people type, which goods of a fixed catalogue answer it, and how well a list of finds does.

`goods.csv` is the catalogue, `queries.csv` the labels. What is looked for is written as marks joined by `;` (any) and
`+` (all): a pattern of keys (`keripik-pisang-*`), `#category`, `@kecamatan` or `%shop`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from app.goods.shelf.rules import Card
from app.kit.rupiah import Rupiah

HERE = Path(__file__).parent
BEST = 5


@dataclass(frozen=True)
class Ware:
    """One thing of the catalogue."""

    number: int
    key: str
    name: str
    category: str
    kecamatan: str
    shop: str
    words: str

    def answers(self, mark: str) -> bool:
        """Tell whether a mark of the labels means this thing."""
        kind, rest = mark[0], mark[1:]
        said = {"#": self.category, "@": self.kecamatan, "%": self.shop}
        return said[kind] == rest if kind in said else fnmatchcase(self.key, mark)


@dataclass(frozen=True)
class Query:
    """One search; `wanted` are the numbers of all that answer it, `part` is 2 when the search was never tuned to it."""

    typed: str
    wanted: frozenset[int]
    part: int


@dataclass(frozen=True)
class Score:
    """How well one search did: the share of what could stand among the first five; one over the first hit's place."""

    typed: str
    recall: float
    reciprocal: float


def wares() -> list[Ware]:
    """Read the catalogue."""
    return [
        Ware(number, row["kunci"], row["nama"], row["kategori"], row["kecamatan"], row["lapak"], row["kata"])
        for number, row in enumerate(_rows("goods.csv"), start=1)
    ]


def queries(goods: Sequence[Ware]) -> list[Query]:
    """Read the labels; a label that means nothing of the catalogue is a mistake."""
    found = []
    for row in _rows("queries.csv"):
        marks = [each.split("+") for each in row["dicari"].split(";")]
        wanted = {ware.number for ware in goods for each in marks if all(map(ware.answers, each))}
        assert wanted, row
        found.append(Query(row["ketikan"], frozenset(wanted), int(row["bagian"])))
    return found


def score(query: Query, found: Sequence[int]) -> Score:
    """Score the first finds of a search, best first."""
    best = found[:BEST]
    hits = [place for place, number in enumerate(best, start=1) if number in query.wanted]
    first = next((place for place, number in enumerate(found, start=1) if number in query.wanted), 0)
    return Score(query.typed, len(hits) / min(BEST, len(query.wanted)), 1 / first if first else 0.0)


def cards(goods: Sequence[Ware], category_ids: dict[str, int], first: datetime) -> list[Card]:
    """Return the catalogue as it stands on a shelf; each thing is an hour newer than the one before."""
    shops = {name: place for place, name in enumerate(dict.fromkeys(ware.shop for ware in goods), start=1)}
    return [
        Card(
            product_id=ware.number,
            variant_id=ware.number,
            slug=ware.key,
            name=ware.name,
            price=Rupiah(5_000 + 500 * (ware.number * 7 % 90)),
            unit="bungkus",
            category_id=category_ids[ware.category],
            shop_id=shops[ware.shop],
            shop_slug=f"lapak-{shops[ware.shop]}",
            shop_name=ware.shop,
            regency_code=ware.kecamatan[:5],
            kecamatan_code=ware.kecamatan,
            published_at=first + timedelta(hours=ware.number * 101 % len(goods)),
            words=ware.words,
        )
        for ware in goods
    ]


def mean(values: Sequence[float]) -> float:
    """Return the plain average."""
    return sum(values) / len(values)


def table(scores: Sequence[Score], of: Callable[[Score], bool]) -> str:
    """Say which searches do badly, worst first."""
    bad = sorted(filter(of, scores), key=lambda each: each.recall)
    return "\n".join(f"{each.recall:.2f} {each.reciprocal:.2f} {each.typed}" for each in bad)


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((HERE / name).read_text(encoding="utf-8").splitlines()))
