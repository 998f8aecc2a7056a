"""Reading the shelf: one page of cards at a time, always through an index that gives the order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    Date,
    Select,
    Table,
    Text,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy import cast as cast_in_sql
from sqlalchemy.types import NullType

from app.core import clock
from app.core.db import BigId, UtcDateTime, db
from app.core.vault import settings
from app.goods.catalogue import rules
from app.goods.catalogue.badges import Badge, worded
from app.goods.catalogue.rules import Filters, Place
from app.goods.categories import rules as categories
from app.goods.categories.models import Category
from app.goods.products.models import Variant
from app.goods.shelf import rules as shelf
from app.goods.shelf.models import ShelfItem, ShelfMark
from app.goods.shops.models import Shop
from app.goods.stock.models import Stock
from app.kit.digits import grouped
from app.kit.periods import WIB

RARE: Final = 2_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ITEM: Final = cast("Table", ShelfItem.__table__).c
STOCK: Final = cast("Table", Stock.__table__).c
_SHOP: Final = cast("Table", Shop.__table__).c
_MARKS: Final = cast("Table", ShelfMark.__table__)
_MARK: Final = _MARKS.c
_CATEGORY: Final = cast("Table", Category.__table__).alias("leaf")
_PARENT: Final = cast("Table", Category.__table__).alias("top")
_VARIANT: Final = cast("Table", Variant.__table__).alias("choice")
_LEFT: Final = cast("Table", Stock.__table__).alias("each")
# Of 25 stamps a page needs one, and hardly a card has a badge: both come as the engine has them.
_PLAIN: Final[Any] = NullType()
_NO_BADGES: Final = (None, "[]", "null")
_FULLEST: Final = (
    select(func.max(_LEFT.c.on_hand - _LEFT.c.reserved))
    .join(_VARIANT, _VARIANT.c.id == _LEFT.c.variant_id)
    .where(_VARIANT.c.product_id == ITEM.product_id, _VARIANT.c.active)
    .correlate(ShelfItem.__table__)
    .scalar_subquery()
)
_SHOWN: Final = (
    ITEM.product_id,
    ITEM.slug,
    ITEM.name,
    type_coerce(ITEM.price, BigInteger).label("price"),
    ITEM.unit,
    ITEM.photo,
    cast_in_sql(ITEM.badges, Text).label("badges"),
    ITEM.kecamatan_name,
    ITEM.shop_name,
    type_coerce(ITEM.stamp, _PLAIN).label("stamp"),
    _CATEGORY.c.slug.label("leaf_slug"),
    _PARENT.c.slug.label("top_slug"),
    ITEM.spread,
    # Several choices that are all counted: the card is sold out when the fullest of them is.
    case((ITEM.together, _FULLEST), else_=case((STOCK.counted, STOCK.on_hand - STOCK.reserved))).label("left"),
)
_ORDERS: Final = {
    "terbaru": (ITEM.stamp.desc(), ITEM.product_id.desc()),
    "termurah": (ITEM.price, ITEM.product_id),
    "termahal": (ITEM.price.desc(), ITEM.product_id.desc()),
}


class Shape(NamedTuple):
    """What makes one query unlike another: the column of the category, how many kecamatan, the order."""

    column: str = ""
    kecamatan: int = 0
    prices: bool = False
    sort: str = "terbaru"
    after: bool = False
    marks: tuple[str, ...] = ()
    bazaar: bool = False
    driver: str = ""


class Tile:
    """A card, ready to be shown: what the macro product_card asks for, and where it stands in its order."""

    __slots__ = (
        "badges", "drawing", "id", "kecamatan", "name", "number", "photo", "price", "shop_name", "slug",
        "sold_out", "spread", "stamp", "tint", "unit",
    )  # fmt: skip

    def __init__(self, row: Sequence[Any], media_url: str, said: dict[str, list[Badge]]) -> None:
        """Take over one row of `_SHOWN`; `said` keeps the badges that this page has put into words already."""
        (
            self.id, self.slug, self.name, self.number, self.unit, stem, badges, self.kecamatan, self.shop_name,
            self.stamp, leaf, top, self.spread, left,
        ) = row  # fmt: skip
        self.price = f"Rp{grouped(self.number)}"
        if badges in _NO_BADGES:
            self.badges: list[Badge] = []
        elif (known := said.get(badges)) is not None:
            self.badges = known
        else:
            self.badges = said[badges] = _worded(badges)
        self.photo = shelf.picture(stem, media_url) if stem else None
        self.drawing, self.tint = categories.drawing_of(leaf, top)
        self.sold_out = left is not None and left <= 0

    def place(self, sort: str) -> Place:
        """Return the place after this card."""
        kind = rules.kind_of(sort)
        if sort == "terbaru":
            return Place(kind, (_moment(self.stamp) - EPOCH) // timedelta(microseconds=1), self.id)
        return Place(kind, self.number, self.id)


def _worded(kept: str) -> list[Badge]:
    """Return what badges say on the day of the market; only cards with badges ask."""
    day = WIB.local(clock.now()).date().isoformat()
    return worded(shelf.holding(json.loads(kept), day), day)


def _moment(stamp: datetime | str) -> datetime:
    """Read a moment as the engine has it: SQLite keeps text in UTC."""
    return datetime.fromisoformat(stamp).replace(tzinfo=UTC) if isinstance(stamp, str) else stamp


def list_tiles(
    filters: Filters,
    category: tuple[int, bool] | None,
    most: int = rules.PAGE,
    papers: Mapping[str, int] | None = None,
) -> list[Tile]:
    """Return a page of cards and one more, which tells that there are others.

    `category` is (id, whether it is an upper one); `papers` says how many cards have each paper, so that a rare one
    leads the way instead of being looked for along the whole shelf.
    """
    column = "" if category is None else "top" if category[1] else "leaf"
    rare = [each for each in filters.marks if papers and papers.get(each, RARE) < RARE]
    driver = "bazaar" if filters.bazaar else min(rare, key=lambda each: (papers or {})[each], default="")
    shape = Shape(
        column, len(filters.kecamatan), bool(filters.prices), filters.sort, filters.after is not None,
        filters.marks, bool(filters.bazaar), driver,
    )  # fmt: skip
    facts: dict[str, Any] = {"most": most + 1} | {f"kecamatan{n}": code for n, code in enumerate(filters.kecamatan)}
    if category:
        facts["category"] = category[0]
    if bounds := rules.bounds(filters.prices):
        facts["low"], facts["high"] = bounds
    if filters.after:
        facts["value"], facts["number"] = _value(filters.sort, filters.after.value), filters.after.number
    facts |= _mark_facts(filters)
    return _tiles(_page(shape), facts)


def list_by_ids(product_ids: Sequence[int]) -> list[Tile]:
    """Return these cards in this order."""
    if not product_ids:
        return []
    found = {tile.id: tile for tile in _tiles(_BY_IDS, {"ids": list(product_ids)})}
    return [found[number] for number in product_ids if number in found]


def list_of_shop(shop_id: int, after: Place | None = None, most: int = rules.PAGE) -> list[Tile]:
    """Return the newest cards of a shop, and one more."""
    facts: dict[str, Any] = {"shop": shop_id, "most": most + 1}
    if after:
        facts["value"], facts["number"] = _value("terbaru", after.value), after.number
    return _tiles(_of_shop(Shape(after=after is not None)), facts)


def count_between(filters: Filters, category: tuple[int, bool] | None) -> int:
    """Count cards in a range of prices or with marks, up to one more than is shown in figures."""
    parts = [*_where(category, filters), *_marked(filters.marks, bazaar=bool(filters.bazaar))]
    query: Any = select(literal_column("1")).select_from(ShelfItem.__table__).where(*parts)
    query = select(func.count()).select_from(query.limit(rules.MOST_COUNTED + 1).subquery())
    return int(db.session.connection().execute(query, _mark_facts(filters)).scalar_one())


def keep_marked(product_ids: Sequence[int], filters: Filters) -> set[int]:
    """Return which of these cards have everything that is asked of the goods themselves."""
    parts = (ITEM.product_id.in_(product_ids), *_marked(filters.marks, bazaar=bool(filters.bazaar)))
    return set(db.session.connection().execute(select(ITEM.product_id).where(*parts), _mark_facts(filters)).scalars())


def _mark_facts(filters: Filters) -> dict[str, Any]:
    day = WIB.local(clock.now()).date()
    facts: dict[str, Any] = {"today": day} if filters.marks else {}
    return facts | ({"bazaar": filters.bazaar} if filters.bazaar else {})


def _marked(marks: Sequence[str], *, bazaar: bool) -> list[Any]:
    """Return the conditions of what is asked of the goods themselves."""
    today = bindparam("today", type_=Date())
    papers = {"halal": ITEM.halal_until, "pirt": ITEM.pirt_until}
    parts: list[Any] = [papers[mark] >= today for mark in marks if mark in papers]
    if "ada" in marks:
        only = select(STOCK.on_hand - STOCK.reserved).where(STOCK.variant_id == ITEM.variant_id, STOCK.counted)
        one = only.correlate(ShelfItem.__table__).scalar_subquery()
        away = (
            exists()
            .where(
                _SHOP.id == ITEM.shop_id,
                _SHOP.closed_until >= today,
                func.coalesce(_SHOP.closed_from, today) <= today,
            )
            .correlate(ShelfItem.__table__)
        )
        parts += [case((ITEM.together, _FULLEST), else_=one) > 0, ~away]
    if bazaar:
        at = select(_MARK.shop_id).where(_MARK.kind == shelf.BAZAAR, _MARK.key == bindparam("bazaar", type_=Text()))
        parts += [ITEM.at_bazaars, ITEM.shop_id.in_(at)]
    return parts


def _where(category: tuple[int, bool] | None, filters: Filters) -> list[Any]:
    parts: list[Any] = []
    if category:
        parts.append((ITEM.top_category_id if category[1] else ITEM.category_id) == category[0])
    if filters.kecamatan:
        parts.append(ITEM.kecamatan_code.in_(filters.kecamatan))
    if bounds := rules.bounds(filters.prices):
        parts.append(type_coerce(ITEM.price, BigInteger).between(*bounds))
    return parts


def _value(sort: str, value: int) -> Any:
    if sort != "terbaru":
        return value
    try:
        return EPOCH + timedelta(microseconds=value)
    except OverflowError:
        return EPOCH


def _tiles(query: Select[Any], facts: dict[str, Any]) -> list[Tile]:
    media_url: str = settings().media_url
    said: dict[str, list[Badge]] = {}
    return [Tile(row, media_url, said) for row in db.session.connection().execute(query, facts).all()]


def _shown(source: Any = None) -> Select[Any]:
    table = cast("Table", ShelfItem.__table__)
    joined = table.join(_CATEGORY, _CATEGORY.c.id == ITEM.category_id).join(
        _PARENT, _PARENT.c.id == ITEM.top_category_id
    )
    if source is not None:
        joined = joined.join(source, source.c.product_id == ITEM.product_id)
    return select(*_SHOWN).select_from(joined.outerjoin(Stock.__table__, STOCK.variant_id == ITEM.variant_id))


def _after(sort: str) -> Any:
    """Return the condition of standing behind a place."""
    newest = sort == "terbaru"
    place = tuple_(
        bindparam("value", type_=UtcDateTime() if newest else BigInteger()), bindparam("number", type_=BigInteger())
    )
    here = tuple_(ITEM.stamp if newest else type_coerce(ITEM.price, BigInteger), ITEM.product_id)
    return here > place if sort == "termurah" else here < place


@lru_cache(maxsize=256)
def _page(shape: Shape) -> Select[Any]:
    """Build a query once per shape; the index of the same name gives the order, so nothing long is sorted."""
    parts: list[Any] = []
    if shape.column:
        column = ITEM.top_category_id if shape.column == "top" else ITEM.category_id
        parts.append(column == bindparam("category", type_=BigId))
    if shape.prices:
        # Walk in the wanted order and pass by other prices; the index of prices would make the engine sort.
        price: Any = type_coerce(ITEM.price, BigInteger)
        price = price + 0 if shape.sort == "terbaru" else price
        parts.append(price.between(bindparam("low", type_=BigInteger()), bindparam("high", type_=BigInteger())))
    if shape.after:
        parts.append(_after(shape.sort))
    parts += _marked(shape.marks, bazaar=shape.bazaar)
    order = _ORDERS[shape.sort]
    if shape.driver:
        return _driven(shape, parts, order)
    if shape.kecamatan < 2:
        if shape.kecamatan:
            parts.append(ITEM.kecamatan_code == bindparam("kecamatan0"))
        return _shown().where(*parts).order_by(*order).limit(bindparam("most"))
    each = [_of_kecamatan(parts, number, order) for number in range(shape.kecamatan)]
    return _shown(union_all(*each).subquery("near")).order_by(*order).limit(bindparam("most"))


def _driven(shape: Shape, parts: list[Any], order: tuple[Any, ...]) -> Select[Any]:
    """Gather the few cards of a bazaar or with a rare paper first, and put those in order."""
    if shape.kecamatan:
        parts.append(ITEM.kecamatan_code.in_([bindparam(f"kecamatan{number}") for number in range(shape.kecamatan)]))
    query = select(ITEM.product_id)
    if shape.driver == "bazaar":
        query = query.select_from(_MARKS.join(ShelfItem.__table__, ITEM.shop_id == _MARK.shop_id))
        parts += [_MARK.kind == shelf.BAZAAR, _MARK.key == bindparam("bazaar", type_=Text())]
    few = query.where(*parts).cte("few").prefix_with("MATERIALIZED")
    return _shown(few).order_by(*order).limit(bindparam("most"))


def _of_kecamatan(parts: list[Any], number: int, order: tuple[Any, ...]) -> Select[Any]:
    """Return the first cards of one of several kecamatan: each comes from its own index, and few are put together."""
    here = ITEM.kecamatan_code == bindparam(f"kecamatan{number}")
    query = select(ITEM.product_id).where(*parts, here).order_by(*order).limit(bindparam("most")).subquery()
    return select(query.c.product_id)


@lru_cache(maxsize=2)
def _of_shop(shape: Shape) -> Select[Any]:
    parts = [ITEM.shop_id == bindparam("shop", type_=BigId), *([_after("terbaru")] if shape.after else [])]
    return _shown().where(*parts).order_by(*_ORDERS["terbaru"]).limit(bindparam("most"))


_BY_IDS: Final = _shown().where(ITEM.product_id.in_(bindparam("ids", expanding=True)))
