"""The indexes of the shelf that a large load puts up last.

Fed one card after the other they are written all over, again and again; made of a million cards at once, each takes
a second or two. What the load itself asks by (the shop of a card) stays up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

from sqlalchemy import Index, Table, inspect, select

from app.core import stamps
from app.core.db import db, transaction
from app.goods.shelf.changes import merge_index
from app.goods.shelf.filling import settle
from app.goods.shelf.models import ShelfItem

MANY: Final = 50_000
_SHELF: Final = cast("Table", ShelfItem.__table__)


@contextmanager
def up_last(*, many: bool) -> Iterator[None]:
    """Take the indexes down while many products come, and let shops take turns last; both are made whatever happens.

    A load that was killed leaves them down; the next one, of however many, puts them up.
    """
    if many:
        with transaction() as session:
            for index in needless(standing=True):
                index.drop(session.connection())
    try:
        yield
    finally:
        _put_up()


def _put_up() -> None:
    # The turns first: whoever is killed in between finds indexes missing, and both are made again.
    if needless(standing=False):
        with transaction(), stamps.once((_SHELF.name,)):
            settle(db.session.scalars(select(ShelfItem.shop_id).distinct()))
            merge_index()
    # One at a time: all in one transaction, they would stand twice on the disk until its end.
    for index in needless(standing=False):
        with transaction() as session:
            index.create(session.connection())


def needless(*, standing: bool) -> list[Index]:
    """Return the indexes that the load does without: those that stand, or those that do not."""
    there = {each["name"] for each in inspect(db.session.connection()).get_indexes(_SHELF.name)}
    found = [each for each in _SHELF.indexes if each.columns[0].name != "shop_id"]
    return sorted((each for each in found if (each.name in there) is standing), key=lambda each: str(each.name))
