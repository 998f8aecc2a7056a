"""Indexing anew what says a word that means something else from now on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import text

from app.core.db import db, dialect
from app.goods.shelf import queries, rules
from app.goods.shelf.models import ShelfItem
from app.goods.shelf.operations import note_change, parts_of, rows_of
from app.kit import words


@contextmanager
def respelling(said: str) -> Iterator[None]:
    """Let a spelling change inside: the cards that say it leave the index as they stood, and come back as it is then.

    Nobody else writes on the shelf meanwhile; begin with this, as with `regrouping`.
    """
    if dialect() == "postgresql":
        db.session.execute(text("LOCK TABLE shelf_item IN SHARE ROW EXCLUSIVE MODE"))
    parts = parts_of(saying(words.split(said)))
    for part in parts:
        note_change(rows_of(ShelfItem.product_id.in_(part)), [])
    yield
    db.session.flush()
    for part in parts:
        note_change([], rows_of(ShelfItem.product_id.in_(part)))


def saying(wanted: Sequence[str]) -> list[int]:
    """Return the cards that may say these words, as they are written: no others change with their meaning."""
    around = queries.surroundings(())
    indexed = {rules.plain(words.stem(word)) for word in around.spellings.unify(wanted)}
    found: list[int] = []
    for part in parts_of(queries.holding_all(sorted(indexed))):
        rows = rows_of(ShelfItem.product_id.in_(part))
        around = queries.surroundings(row["kecamatan_code"] for row in rows)
        for row in rows:
            near = around.words(row["category_id"], row["kecamatan_code"])
            said = words.fold(" ".join((row["name"], row["words"], row["shop_name"], *near)))
            if all(word in said for word in wanted):
                found.append(row["product_id"])
    return found
