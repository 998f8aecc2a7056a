"""The filters beside a list, with their counts from the kept table: one question, whatever the shelf holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from math import inf
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, column, text
from sqlalchemy.sql.selectable import TextualSelect

from app.core import clock, stamps
from app.core.db import db
from app.core.i18n import language
from app.goods.catalogue.rules import Filters
from app.goods.shelf.rules import BANDS, PAPERS, band_name
from app.kit.periods import WIB
from app.kit.words import Variants

_CATEGORIES: Final = (
    "SELECT 'c' AS kind, c.id AS id, c.parent_id AS parent, c.slug AS slug, c.{name} AS name,"
    " COALESCE(t.items, 0) AS items, c.position AS place FROM category c LEFT JOIN {counts}"
)
# Where no category is open a page shows the upper ones alone, each with all that stands below it.
_TOPS: Final = (
    "SELECT 'c' AS kind, c.id AS id, c.parent_id AS parent, c.slug AS slug, c.{name} AS name,"
    " COALESCE(part.items, 0) AS items, c.position AS place"
    " FROM category c LEFT JOIN ({counts}) part ON part.top = c.id"
    " WHERE c.parent_id IS NULL"
)
_KEPT_BELOW: Final = (
    "SELECT COALESCE(leaf.parent_id, leaf.id) AS top, SUM(t.items) AS items FROM category leaf JOIN shelf_total t"
    " ON t.kind = 'c' AND t.key = CAST(leaf.id AS VARCHAR(20)) GROUP BY COALESCE(leaf.parent_id, leaf.id)"
)
_WITHIN_BELOW: Final = (
    "SELECT top_category_id AS top, SUM(items) AS items FROM shelf_count WHERE kecamatan_code IN :codes"
    " GROUP BY top_category_id"
)
_KEPT: Final = "shelf_total t ON t.kind = 'c' AND t.key = CAST(c.id AS VARCHAR(20))"
_WITHIN: Final = (
    "(SELECT category_id, SUM(items) AS items FROM shelf_count WHERE kecamatan_code IN :codes GROUP BY category_id) t"
    " ON t.category_id = c.id"
)
_KECAMATAN: Final = (
    " UNION ALL SELECT 'k', 0, 0, r.code, r.name, t.items, 0 FROM shelf_total t JOIN region r ON r.code = t.key"
    " WHERE t.kind = 'k' AND t.items > 0"
)
_OF: Final = (
    " UNION ALL SELECT 'k', 0, 0, r.code, r.name, n.items, 0 FROM (SELECT kecamatan_code, SUM(items) AS items"
    " FROM shelf_count WHERE items > 0 AND (category_id = (SELECT id FROM category WHERE slug = :slug)"
    " OR top_category_id = (SELECT id FROM category WHERE slug = :slug)) GROUP BY kecamatan_code) n"
    " JOIN region r ON r.code = n.kecamatan_code"
)
_CHOSEN: Final = (
    " UNION ALL SELECT 'z', 0, 0, code, name, 0, 0 FROM region WHERE level = 'kecamatan' AND code IN :codes"
)
# What a card may have, by the letter under which its count is kept.
_MARKED: Final = {"a": "ada", "h": "halal", "p": "pirt"}
_MARKS: Final = (
    " UNION ALL SELECT 'm', 0, 0, kind, '', SUM(items), 0 FROM shelf_total"
    " WHERE kind IN ('h', 'p') AND key >= '{day}' AND items > 0 GROUP BY kind"
    " UNION ALL SELECT 'm', 0, 0, kind, '', SUM(items), 0 FROM shelf_total WHERE kind = 'a' AND NOT (key <> ''"
    " AND substr(key, 1, 8) <= '{compact}' AND substr(key, 10) >= '{compact}') GROUP BY kind"
    " UNION ALL SELECT 'r', 0, 0, key, '', items, 0 FROM shelf_total WHERE kind = 'r' AND items > 0"
    " UNION ALL SELECT 'b', {shop}, 0, m.key, m.word, SUM((SELECT count(*) FROM shelf_item i"
    " WHERE i.shop_id = m.shop_id AND i.at_bazaars)), 0"
    " FROM shelf_mark m WHERE m.kind = 'bazaar' GROUP BY m.key, m.word{each}"
)
_SPELLINGS: Final = " UNION ALL SELECT 's', 0, 0, word, meaning, 0, 0 FROM market_word WHERE kind = 'spelling'"
_CODES: Final[Any] = bindparam("codes", expanding=True)
_COLUMNS: Final[tuple[Any, ...]] = tuple(map(column, ("kind", "id", "parent", "slug", "name", "items", "place")))


class _Shape(NamedTuple):
    """What makes one question unlike another: the column of names, the day, and what else is asked for."""

    name: str
    day: str
    category: bool
    codes: bool
    spelled: bool
    stalls: bool


class Category:
    """A category as a filter. `items` counts what stands in it and below, in the chosen kecamatan."""

    __slots__ = ("children", "id", "items", "name", "parent", "slug")

    def __init__(self, number: int, parent: int | None, slug: str, name: str, items: int) -> None:
        """Take over one row; what stands below is added later."""
        self.id, self.parent, self.slug, self.name, self.items = number, parent, slug, name, items
        self.children: list[Category] = []


class Kecamatan:
    """A kecamatan as a filter."""

    __slots__ = ("code", "items", "name")

    def __init__(self, code: str, name: str, items: int) -> None:
        """Take over one row."""
        self.code, self.name, self.items = code, name, items


@dataclass(frozen=True, slots=True, eq=False)
class Facets:
    """All filters; those below an upper category only where a category is asked for.

    `tops` are the upper categories in order, `kecamatan` those that have something, by name. `marks` counts the cards
    that have each of them today, `prices` those in each range; `bazaars` maps those to come to their next day (ISO),
    `guests` counts what can be had there, and `stalls` names the shops. `spellings` and `stalls` are there where
    somebody searches with filters.
    """

    by_slug: dict[str, Category]
    by_id: dict[int, Category]
    tops: list[Category]
    kecamatan: list[Kecamatan]
    names: dict[str, str]
    marks: dict[str, int]
    prices: dict[str, int]
    bazaars: dict[str, str]
    guests: dict[str, int]
    stalls: dict[str, tuple[int, ...]]
    spellings: Variants | None = None

    def counted_alone(self, filters: Filters) -> int | None:
        """Return how many cards there are when only a paper, a range of prices or a bazaar is asked for, else None."""
        if filters.chosen != 1 or filters.q:
            return None
        if filters.prices and filters.prices in BANDS:
            return self.prices.get(band_name(filters.prices), 0)
        if filters.bazaar:
            return self.guests.get(filters.bazaar)
        return self.marks.get(filters.marks[0], 0) if filters.marks else None

    @property
    def there(self) -> float:
        """Return which part of the cards is there today; in chosen kecamatan it is rather too much."""
        return min(1.0, self.marks.get("ada", 0) / (self.total or 1))

    def fewest(self, filters: Filters) -> float:
        """Return how many cards have the rarest of the papers that are asked for, or stand at the bazaar."""
        asked = [self.papers.get(each, 0) for each in filters.marks if each in PAPERS]
        asked += [self.guests.get(filters.bazaar, 0)] if filters.bazaar else []
        return min(asked, default=inf)

    @property
    def papers(self) -> dict[str, int]:
        """Return how many cards have each paper today."""
        return {name: items for name, items in self.marks.items() if name in PAPERS}

    @property
    def total(self) -> int:
        """Return how many cards there are, in the chosen kecamatan."""
        return sum(top.items for top in self.tops)


def list_facets(
    category: str = "", codes: tuple[str, ...] = (), *, spelled: bool = False, stalls: bool = False
) -> Facets:
    """Return the filters: categories counted in the chosen kecamatan, kecamatan in the chosen category.

    With `spelled` the same question brings how people spell, which a search would ask for anyway; with `stalls` the
    shops that stand at each bazaar.
    """
    day = WIB.local(clock.now()).date().isoformat()
    key = (language(), day, category, codes, spelled, stalls)
    return stamps.keep("facets", key, partial(_ask, day, category, codes, spelled=spelled, stalls=stalls))


@lru_cache(maxsize=64)
def _statement(shape: _Shape) -> TextualSelect:
    """Return the question, once for each day and shape; the day is written into it, so that most ask without facts."""
    if shape.category:
        said = _CATEGORIES.format(name=shape.name, counts=_WITHIN if shape.codes else _KEPT)
    else:
        said = _TOPS.format(name=shape.name, counts=_WITHIN_BELOW if shape.codes else _KEPT_BELOW)
    said += (
        (_OF if shape.category else _KECAMATAN)
        + (_CHOSEN if shape.codes else "")
        + _MARKS.format(
            day=shape.day,
            compact=shape.day.replace("-", ""),
            shop="m.shop_id" if shape.stalls else "0",
            each=", m.shop_id" if shape.stalls else "",
        )
    )
    said += _SPELLINGS if shape.spelled else ""
    return text(said).bindparams(*([_CODES] if shape.codes else [])).columns(*_COLUMNS)


def _ask(day: str, category: str, codes: tuple[str, ...], *, spelled: bool, stalls: bool) -> Facets:
    name = "name_en" if language() == "en" else "name"
    statement = _statement(_Shape(name, day, bool(category), bool(codes), spelled, stalls))
    facts: dict[str, Any] = {"slug": category} if category else {}
    if codes:
        facts["codes"] = codes
    rows = db.session.connection().execute(statement, facts).all()
    made = _made((row for row in rows if row[0] != "s"), day)
    if not spelled:
        return made
    return replace(
        made, spellings=Variants.of((word, meaning) for kind, _id, _in, word, meaning, *_ in rows if kind == "s")
    )


def _made(rows: Iterable[Any], day: str) -> Facets:
    """Make the filters of what was just read."""
    categories: list[tuple[int, Category]] = []
    kecamatan: list[Kecamatan] = []
    names: dict[str, str] = {}
    marks: dict[str, int] = {}
    prices: dict[str, int] = {}
    bazaars: dict[str, str] = {}
    guests: dict[str, int] = {}
    stalls: dict[str, tuple[int, ...]] = {}
    for kind, number, parent, slug, name, items, place in rows:
        if kind == "c":
            categories.append((place, Category(number, parent, slug, name, int(items))))
            continue
        if kind == "m":
            marks[_MARKED[slug]] = int(items)
            continue
        if kind == "r":
            prices[slug] = int(items)
            continue
        if kind == "b":
            guests[slug] = guests.get(slug, 0) + int(items)
            stalls[slug] = (*stalls.get(slug, ()), number)
            first, _, last = name.partition("/")
            if last >= day:
                bazaars[slug] = max(first, day)
            continue
        names[slug] = name
        if kind == "k":
            kecamatan.append(Kecamatan(slug, name, int(items)))
    categories.sort(key=itemgetter(0))
    kecamatan.sort(key=attrgetter("name"))
    coming = dict(sorted(bazaars.items(), key=itemgetter(1)))
    tops, by_id = _grown([each for _, each in categories])
    by_slug = {each.slug: each for each in by_id.values()}
    return Facets(by_slug, by_id, tops, kecamatan, names, marks, prices, coming, guests, stalls)


def _grown(categories: list[Category]) -> tuple[list[Category], dict[int, Category]]:
    """Hang the children under their parents, add up, and return the upper ones and all by their numbers."""
    by_id = {each.id: each for each in categories}
    for each in categories:
        if each.parent is not None:
            parent = by_id[each.parent]
            parent.children.append(each)
            parent.items += each.items
    return [each for each in categories if each.parent is None], by_id
