"""Questions about the shelf."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, select, text, true, tuple_

from app.core import stamps
from app.core.db import db, dialect
from app.core.vault import settings
from app.goods.categories.models import Category
from app.goods.categories.queries import words_of
from app.goods.shelf import presence, rules
from app.goods.shelf.models import EARLY, ShelfCount, ShelfItem, ShelfMark, ShelfTotal
from app.kit.words import Variants
from app.people.places import queries as places

_HOLDING: Final = {
    "sqlite": text("SELECT product_id FROM search_product WHERE search_product MATCH :asked ORDER BY product_id"),
    "postgresql": text(
        "SELECT product_id FROM search_product WHERE document @@ CAST(:asked AS tsquery) ORDER BY product_id"
    ),
}


@dataclass(frozen=True)
class Surroundings:
    """What stands around cards: the categories, the kecamatan they lie in with the names people use, the spellings."""

    parents: dict[int, int | None]
    category_names: dict[int, str]
    names: dict[str, str]
    aliases: dict[str, str]
    spellings: Variants
    near: dict[tuple[int, str], list[str]] = field(default_factory=dict, compare=False)

    def top(self, category_id: int) -> int:
        """Return the category on the upper level."""
        return self.parents[category_id] or category_id

    def words(self, category_id: int, kecamatan_code: str) -> list[str]:
        """Return the words that a card is found by because of where it stands: worked out once for each place."""
        place = (category_id, kecamatan_code)
        if place not in self.near:
            also = [alias for alias, code in self.aliases.items() if code == kecamatan_code]
            names = (self.category_names[category_id], self.category_names[self.top(category_id)])
            self.near[place] = [*names, self.names[kecamatan_code], *also]
        return self.near[place]


def surroundings(kecamatan_codes: Iterable[str]) -> Surroundings:
    """Read what stands around cards of these kecamatan."""
    rows = db.session.execute(select(Category.id, Category.parent_id, Category.name)).all()
    return Surroundings(
        {number: parent for number, parent, _name in rows},
        {number: name for number, _parent, name in rows},
        places.names_of(set(kecamatan_codes)),
        places.list_aliases(),
        spellings(),
    )


def spellings() -> Variants:
    """Return what people write and what it means, as curators keep it."""
    return stamps.keep("spellings", "all", lambda: _variants(*words_of("spelling").items()))


@lru_cache(maxsize=2)
def _variants(*rows: tuple[str, str]) -> Variants:
    """Part the words from the phrases; curators change them seldom, and every card that is put is read in them."""
    return Variants.of(rows)


def holding_all(roots: Sequence[str]) -> list[int]:
    """Return the products whose entry in the index holds every one of these roots, by their number."""
    quoted = [f'"{root}"' if dialect() == "sqlite" else f"'{root}'" for root in roots]
    asked = f"{{title rest}} : ({' AND '.join(quoted)})" if dialect() == "sqlite" else " & ".join(quoted)
    return list(db.session.connection().execute(_HOLDING[dialect()], {"asked": asked}).scalars()) if roots else []


def find_item(product_id: int) -> ShelfItem | None:
    """Return the card of a product, None when it is not on the shelf."""
    return db.session.get(ShelfItem, product_id)


def marks_of(shop_ids: Iterable[int]) -> dict[int, list[list[str]]]:
    """Return what is said on all cards of each of these shops, as badges."""
    found: dict[int, list[list[str]]] = {shop_id: [] for shop_id in shop_ids}
    return found | _marks(ShelfMark.shop_id.in_(found))


def list_marks() -> dict[int, list[list[str]]]:
    """Return what is said on all cards of every shop of which something is said."""
    return _marks(true())


def _marks(condition: ColumnElement[bool]) -> dict[int, list[list[str]]]:
    found: dict[int, list[list[str]]] = defaultdict(list)
    query = select(ShelfMark.shop_id, ShelfMark.kind, ShelfMark.word).where(condition).order_by(ShelfMark.kind)
    for shop_id, kind, word in db.session.execute(query):
        found[shop_id].append([kind, word])
    return dict(found)


def turns_of(shop_ids: Iterable[int]) -> dict[int, int]:
    """Map the newest cards of these shops to the turn that is theirs: two seeks a shop, however much it sells."""
    wanted = [int(shop_id) for shop_id in shop_ids]
    if not wanted:
        return {}
    row = (
        "(SELECT product_id FROM shelf_item i WHERE i.shop_id = s.id ORDER BY i.stamp DESC, i.product_id DESC{}) AS {}"
    )
    columns = ", ".join(row.format(f" LIMIT 1 OFFSET {turn - 1}", f"t{turn}") for turn in range(1, rules.TURNS))
    shops = ", ".join(f"({shop_id})" for shop_id in wanted)
    query = text(f"WITH s(id) AS (VALUES {shops}) SELECT {columns} FROM s")  # noqa: S608 - numbers of our own
    found = db.session.execute(query).all()
    return {number: turn for numbers in found for turn, number in enumerate(numbers, 1) if number is not None}


def early_of(shop_ids: Collection[int]) -> dict[int, int]:
    """Map the cards of these shops that have one of the first turns to it."""
    query = select(ShelfItem.product_id, ShelfItem.turn).where(ShelfItem.shop_id.in_(shop_ids), text(EARLY))
    return {row.product_id: row.turn for row in db.session.execute(query)}


def first_of(shop_ids: Collection[int]) -> set[tuple[int, str]]:
    """Return the card of each of these shops that has the first turn, and its kecamatan."""
    query = select(ShelfItem.product_id, ShelfItem.kecamatan_code)
    found = db.session.execute(query.where(ShelfItem.shop_id.in_(shop_ids), text(EARLY), ShelfItem.turn == 1))
    return {(row.product_id, row.kecamatan_code) for row in found}


def picture(stem: str) -> rules.Picture | None:
    """Return the addresses of a photo, None when there is only a drawing."""
    return rules.picture(stem, settings().media_url) if stem else None


# By shop and then by name: how people look through a booklet.
_BOOKED: Final = (ShelfItem.shop_name, ShelfItem.shop_id, ShelfItem.name, ShelfItem.product_id)


def list_chosen(chosen: ColumnElement[bool], after: tuple[Any, ...] | None, most: int) -> Sequence[Any]:
    """Return the next cards of a booklet, only what is printed of them."""
    columns = (ShelfItem.price, ShelfItem.unit, ShelfItem.spread, ShelfItem.photo, ShelfItem.slug)
    query = select(*_BOOKED, *columns).where(chosen).order_by(*_BOOKED).limit(most)
    found: Sequence[Any] = db.session.execute(query.where(tuple_(*_BOOKED) > after) if after else query).all()
    return found


def place_of(row: Row[Any]) -> tuple[Any, ...]:
    """Return the place after a card in its booklet."""
    return tuple(row[: len(_BOOKED)])


def skip_chosen(chosen: ColumnElement[bool], skipped: int) -> tuple[Any, ...] | None:
    """Return the place after so many cards of a booklet; None for its beginning."""
    if not skipped:
        return None
    last = select(*_BOOKED).where(chosen).order_by(*_BOOKED).offset(skipped - 1).limit(1)
    row = db.session.execute(last).one_or_none()
    return tuple(row) if row else None


def count_chosen(chosen: ColumnElement[bool]) -> int:
    """Count the cards of a booklet."""
    return db.session.scalar(select(func.count()).select_from(ShelfItem).where(chosen)) or 0


def items_by_kecamatan(areas: Iterable[str]) -> dict[str, int]:
    """Map each kecamatan of these areas that sells something to how many cards it has, from the kept counts."""
    total = func.sum(ShelfCount.items)
    query = select(ShelfCount.kecamatan_code, total).where(places.inside(ShelfCount.kecamatan_code, areas))
    found = db.session.execute(query.group_by(ShelfCount.kecamatan_code).having(total > 0))
    return {row[0]: int(row[1]) for row in found}


def list_kecamatan() -> list[str]:
    """Return the kecamatan that have or had cards, by their code."""
    query = select(ShelfTotal.key).where(ShelfTotal.kind == "k").order_by(ShelfTotal.key)
    return list(db.session.scalars(query))


def list_wrong_counts() -> list[tuple[int, str, int, int]]:
    """Return (category, kecamatan, kept, held) wherever the kept count is not what the shelf holds."""
    kept = {
        (row.category_id, row.kecamatan_code): row.items
        for row in db.session.execute(select(ShelfCount.category_id, ShelfCount.kecamatan_code, ShelfCount.items))
    }
    columns = (ShelfItem.category_id, ShelfItem.kecamatan_code)
    held = {
        (row.category_id, row.kecamatan_code): row.held
        for row in db.session.execute(select(*columns, func.count().label("held")).group_by(*columns))
    }
    places = sorted(kept.keys() | held.keys())
    return [
        (*place, kept.get(place, 0), held.get(place, 0)) for place in places if kept.get(place, 0) != held.get(place, 0)
    ]


def list_wrong_totals() -> list[tuple[str, str, int, int]]:
    """Return (kind, key, kept, held) wherever a kept total is not what the shelf holds."""
    kept = {(row.kind, row.key): row.items for row in db.session.scalars(select(ShelfTotal))}
    held: dict[tuple[str, str], int] = {}
    for kind, column in (("c", ShelfItem.category_id), ("k", ShelfItem.kecamatan_code)):
        for key, items in db.session.execute(select(column, func.count()).group_by(column)).all():
            held[kind, str(key)] = items
    shops = select(ShelfItem.kecamatan_code, func.count()).where(ShelfItem.turn == 1)
    for key, items in db.session.execute(shops.group_by(ShelfItem.kecamatan_code)).all():
        held["s", key] = items
    for kind, day in (("h", ShelfItem.halal_until), ("p", ShelfItem.pirt_until)):
        for key, items in db.session.execute(select(day, func.count()).where(day.is_not(None)).group_by(day)).all():
            held[kind, str(key)] = items
    for price, items in db.session.execute(select(ShelfItem.price, func.count()).group_by(ShelfItem.price)).all():
        for band in rules.bands(price.amount):
            held["r", band] = held.get(("r", band), 0) + items
    for _kind, key, items in db.session.execute(text(presence.COUNTED)).all():
        held["a", key] = items
    places = sorted(kept.keys() | held.keys())
    return [
        (*place, kept.get(place, 0), held.get(place, 0)) for place in places if kept.get(place, 0) != held.get(place, 0)
    ]


def list_wrong_turns() -> list[tuple[int, int, int]]:
    """Return (product, kept, due) wherever a card has another turn than its age in its shop gives it."""
    order = (ShelfItem.stamp.desc(), ShelfItem.product_id.desc())
    place = func.row_number().over(partition_by=ShelfItem.shop_id, order_by=order)
    query = select(ShelfItem.product_id, ShelfItem.turn, place.label("place"))
    due = [(row.product_id, row.turn, min(row.place, rules.TURNS)) for row in db.session.execute(query)]
    return [each for each in due if each[1] != each[2]]


def list_wrong_index() -> list[int]:
    """Return the products that stand on the shelf and not in the index, or the other way round, or otherwise there."""
    # Of a million only a number each is held, not their marks.
    few = {"yield_per": 10_000}
    entries = db.session.execute(text("SELECT product_id, price, facets FROM search_product"), execution_options=few)
    indexed: dict[int, int] = {row.product_id: hash((row.price, row.facets)) for row in entries}
    place = (ShelfItem.category_id, ShelfItem.top_category_id, ShelfItem.kecamatan_code)
    own = (ShelfItem.shop_id, ShelfItem.halal_until, ShelfItem.pirt_until)
    rows = db.session.execute(select(ShelfItem.product_id, ShelfItem.price, *place, *own), execution_options=few)
    held = {
        number: hash((price.amount, rules.facets_of((leaf, top), code, rules.own_facets(shop, halal, pirt))))
        for number, price, leaf, top, code, shop, halal, pirt in rows
    }
    return sorted(number for number in indexed.keys() | held.keys() if indexed.get(number) != held.get(number))
