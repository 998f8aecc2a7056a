"""The filters beside a list, with their counts from the kept table: one question, whatever the shelf holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any, Final

from sqlalchemy import bindparam, text

from app.core import stamps
from app.core.db import db
from app.core.i18n import language

_CATEGORIES: Final = (
    "SELECT 'c' AS kind, c.id AS id, c.parent_id AS parent, c.slug AS slug, c.{name} AS name,"
    " COALESCE(t.items, 0) AS items, c.position AS place FROM category c LEFT JOIN {counts}"
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
_CODES: Final[Any] = bindparam("codes", expanding=True)
_STATEMENTS: Final = {
    (name, with_category, with_codes): text(
        _CATEGORIES.format(name=name, counts=_WITHIN if with_codes else _KEPT)
        + (_OF if with_category else _KECAMATAN)
        + (_CHOSEN if with_codes else "")
    ).bindparams(*([_CODES] if with_codes else []))
    for name in ("name", "name_en")
    for with_category in (False, True)
    for with_codes in (False, True)
}


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
    """All filters. `tops` are the upper categories in order, `kecamatan` those that have something, by name."""

    by_slug: dict[str, Category]
    by_id: dict[int, Category]
    tops: list[Category]
    kecamatan: list[Kecamatan]
    names: dict[str, str]

    @property
    def total(self) -> int:
        """Return how many cards there are, in the chosen kecamatan."""
        return sum(top.items for top in self.tops)


def list_facets(category: str = "", codes: tuple[str, ...] = ()) -> Facets:
    """Return the filters: categories counted in the chosen kecamatan, kecamatan in the chosen category."""
    return stamps.keep("facets", (language(), category, codes), partial(_ask, category, codes))


def _ask(category: str, codes: tuple[str, ...]) -> Facets:
    statement = _STATEMENTS["name_en" if language() == "en" else "name", bool(category), bool(codes)]
    facts: dict[str, Any] = {"slug": category} if category else {}
    if codes:
        facts["codes"] = codes
    connection = db.session.connection()
    # Without filters, as most pages are, there is nothing to bind and nothing to convert.
    rows = connection.execute(statement, facts).all() if facts else connection.exec_driver_sql(statement.text).all()
    return _made(rows)


def _made(rows: Iterable[Any]) -> Facets:
    """Make the filters of what was just read."""
    categories: list[tuple[int, Category]] = []
    kecamatan: list[Kecamatan] = []
    names: dict[str, str] = {}
    for kind, number, parent, slug, name, items, place in rows:
        if kind == "c":
            categories.append((place, Category(number, parent, slug, name, int(items))))
            continue
        names[slug] = name
        if kind == "k":
            kecamatan.append(Kecamatan(slug, name, int(items)))
    categories.sort(key=itemgetter(0))
    kecamatan.sort(key=attrgetter("name"))
    return _grown([each for _, each in categories], kecamatan, names)


def _grown(categories: list[Category], kecamatan: list[Kecamatan], names: dict[str, str]) -> Facets:
    """Hang the children under their parents and add up."""
    by_id = {each.id: each for each in categories}
    for each in categories:
        if each.parent is not None:
            parent = by_id[each.parent]
            parent.children.append(each)
            parent.items += each.items
    tops = [each for each in categories if each.parent is None]
    return Facets({each.slug: each for each in categories}, by_id, tops, kecamatan, names)
