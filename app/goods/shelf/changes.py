"""What moves along with cards that come and go: the counts beside the filters, the index of search, the vocabulary.

`told` reads no database, so that another process may tell what a million new cards change; `write` makes it so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import TextClause, text

from app.core import bulk
from app.core.db import db, dialect
from app.goods.shelf import newest, rules
from app.goods.shelf.queries import Surroundings
from app.kit.words import Variants


def _adding(table: str, key: str, kinds: dict[str, str]) -> dict[str, TextClause]:
    """Return how rows are added to those that are kept: PostgreSQL takes them all at once, each column as a list."""
    names = ", ".join(kinds)
    signs = ", ".join(f":{name}" for name in kinds)
    lists = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in kinds.items())
    rows = {"sqlite": f"VALUES ({signs})", "postgresql": f"SELECT * FROM unnest({lists})"}  # noqa: S608 - names of this file
    sums = f" ON CONFLICT ({key}) DO UPDATE SET items = {table}.items + excluded.items"
    return {engine: text(f"INSERT INTO {table} ({names}) {said}{sums}") for engine, said in rows.items()}


_PLACE: Final = {"category_id": "bigint", "kecamatan_code": "text", "top_category_id": "bigint", "items": "bigint"}
_TOTAL: Final = {"kind": "text", "key": "text", "items": "bigint"}
_TERM: Final = {"stem": "text", "term": "text", "items": "bigint"}
_ADDING: Final = {
    "shelf_count": (tuple(_PLACE), _adding("shelf_count", "category_id, kecamatan_code", _PLACE)),
    "shelf_total": (tuple(_TOTAL), _adding("shelf_total", "kind, key", _TOTAL)),
    "search_term": (tuple(_TERM), _adding("search_term", "stem", _TERM)),
}
_ENTRY: Final = {
    "sqlite": ("title", "rest", "facets", "product_id", "price", "rowid"),
    "postgresql": ("title", "rest", "facets", "product_id", "price", "document", "position"),
}
_FORGET: Final = {
    "sqlite": text("DELETE FROM search_product WHERE rowid = :position"),
    "postgresql": text("DELETE FROM search_product WHERE position = :position"),
}
_reading: list[rules.Reading] = []
Row = dict[str, Any]


@dataclass(slots=True)
class Change:
    """By how much counts and vocabulary move; what leaves the index and what enters it, as the driver takes it."""

    counts: Counter[tuple[int, str]] = field(default_factory=Counter)
    tops: dict[int, int] = field(default_factory=dict)
    totals: Counter[tuple[str, str]] = field(default_factory=Counter)
    terms: Counter[str] = field(default_factory=Counter)
    known: dict[str, str] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)


def told(before: Iterable[Row], after: Iterable[Row], around: Surroundings, engine: str) -> Change:
    """Tell what moves when cards stand as `after` which stood as `before`."""
    change, reading = Change(), _read_in(around.spellings)
    for row in before:
        _count(change, row, -1)
        change.terms.subtract(_document(row, around, reading, change.known).lexemes)
        change.gone.append(_position(row))
    for row in after:
        _count(change, row, 1)
        document = _document(row, around, reading, change.known)
        change.terms.update(document.lexemes)
        change.entries.append(_entry(row, document, engine))
    return change


def write(change: Change) -> None:
    """Make a change so."""
    _move("shelf_count", {(*place, change.tops[place[0]]): n for place, n in change.counts.items()})
    _move("shelf_total", change.totals)
    if change.gone:
        db.session.execute(_FORGET[dialect()], [{"position": each} for each in change.gone])
    if change.entries:
        # In the order of their places: SQLite writes its index out whenever one comes that lies before the last.
        change.entries.sort(key=itemgetter(-1))
        bulk.write_lines("search_product", _ENTRY[dialect()], change.entries)
    _move("search_term", {(stem, change.known.get(stem, stem)): n for stem, n in change.terms.items()})


def merge_index() -> None:
    """Make the index of SQLite one piece, into which every search looks once.

    What was deleted is only marked in it until then; merged, it holds nothing but what stands on the shelf.
    """
    if dialect() == "sqlite":
        db.session.execute(text("INSERT INTO search_product (search_product) VALUES ('optimize')"))


def _move(table: str, changes: Mapping[tuple[Any, ...], int]) -> None:
    """Add to what is kept, in the order of its keys, in which everybody waits for everybody else."""
    names, adding = _ADDING[table]
    moved = [(*key, delta) for key, delta in sorted(changes.items()) if delta]
    if not moved:
        return
    if dialect() == "sqlite":
        db.session.execute(adding["sqlite"], [dict(zip(names, row, strict=True)) for row in moved])
    else:
        columns = map(list, zip(*moved, strict=True))
        db.session.execute(adding["postgresql"], dict(zip(names, columns, strict=True)))


def _count(change: Change, row: Row, delta: int) -> None:
    counts, totals = change.counts, change.totals
    counts[row["category_id"], row["kecamatan_code"]] += delta
    change.tops[row["category_id"]] = row["top_category_id"]
    totals["c", str(row["category_id"])] += delta
    totals["k", row["kecamatan_code"]] += delta
    for band in rules.bands(row["price"].amount):
        totals["r", band] += delta
    for kind in rules.PAPERS:
        if day := row[f"{kind}_until"]:
            totals[kind[0], day.isoformat()] += delta


def _read_in(spellings: Variants) -> rules.Reading:
    """Return what reads in these spellings: the same as the last time, while nobody changed any."""
    if not _reading or _reading[0].spellings != spellings:
        _reading[:] = [rules.Reading(spellings)]
    return _reading[0]


def _document(row: Row, around: Surroundings, reading: rules.Reading, known: dict[str, str]) -> rules.Document:
    near = [row["words"], row["shop_name"], *around.words(row["category_id"], row["kecamatan_code"])]
    for said in (row["name"], *near):
        known.update(reading.said(said))
    categories = (row["category_id"], row["top_category_id"])
    own = rules.own_facets(row["shop_id"], row["halal_until"], row["pirt_until"])
    return reading.document(row["name"], near, categories, row["kecamatan_code"], own)


def _position(row: Row) -> int:
    return newest.position(row["stamp"], row["product_id"])


def _entry(row: Row, document: rules.Document, engine: str) -> tuple[Any, ...]:
    entry = (document.title, document.rest, document.facets, row["product_id"], row["price"].amount)
    place = _position(row)
    if engine == "sqlite":
        return (*entry, place)
    return (*entry, " ".join([document.vector, *(f"'{age}'" for age in newest.ages(place))]), place)
