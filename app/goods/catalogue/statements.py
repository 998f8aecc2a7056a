"""The questions of the shelf as statements: each is put together once for its shape, and asked with facts.

The index of the same name gives the order, so nothing long is sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    Date,
    Integer,
    Select,
    SmallInteger,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy import cast as cast_in_sql
from sqlalchemy.types import NullType

from app.core.db import BigId, UtcDateTime
from app.goods.catalogue import turns
from app.goods.categories.models import Category
from app.goods.products.models import Variant
from app.goods.shelf import rules as shelf
from app.goods.shelf.models import ShelfItem, ShelfMark
from app.goods.shops.models import Shop
from app.goods.stock.models import Stock

ITEM: Final = cast("Table", ShelfItem.__table__).c
STOCK: Final = cast("Table", Stock.__table__).c
_SHOP: Final = cast("Table", Shop.__table__).c
_MARKS: Final = cast("Table", ShelfMark.__table__)
_MARK: Final = _MARKS.c
_AT: Final = (_MARK.kind == shelf.BAZAAR, _MARK.key == bindparam("bazaar", type_=Text()))
_CATEGORY: Final = cast("Table", Category.__table__).alias("leaf")
_PARENT: Final = cast("Table", Category.__table__).alias("top")
_VARIANT: Final = cast("Table", Variant.__table__).alias("choice")
_LEFT: Final = cast("Table", Stock.__table__).alias("each")
# Of 25 stamps a page needs one, and hardly a card has a badge: both come as the engine has them.
_PLAIN: Final[Any] = NullType()
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
    ITEM.turn,
    ITEM.slot,
)
_ORDERED: Final = (ITEM.product_id, ITEM.stamp, ITEM.price, ITEM.turn, ITEM.slot)


KNOWN: Final = "known"


class Shape(NamedTuple):
    """What makes one query unlike another: column of the category, how many kecamatan, the order, how many cards."""

    column: str = ""
    kecamatan: int = 0
    prices: bool = False
    sort: str = "terbaru"
    after: bool = False
    marks: tuple[str, ...] = ()
    bazaar: bool = False
    driver: str = ""
    stretches: int = 0
    most: int = 0


def marked(marks: Sequence[str], *, bazaar: bool, leading: str = "") -> list[Any]:
    """Return the conditions of what is asked of the goods themselves; of two papers only the `leading` one's index.

    Where `KNOWN` cards lead, no index of a paper is asked for.
    """
    today = bindparam("today", type_=Date())
    papers = {"halal": ITEM.halal_until, "pirt": ITEM.pirt_until}
    beside = [mark for mark in marks if mark in papers and leading in (*papers, KNOWN) and mark != leading]
    parts: list[Any] = [
        (func.coalesce(papers[mark], null()) if mark in beside else papers[mark]) >= today
        for mark in marks
        if mark in papers
    ]
    if "ada" in marks:
        only = select(STOCK.on_hand - STOCK.reserved).where(STOCK.variant_id == ITEM.variant_id, STOCK.counted)
        one = only.correlate(ShelfItem.__table__).scalar_subquery()
        # Counted, not asked for with EXISTS: PostgreSQL would rather gather every shop that is away than look one up.
        away = (
            select(func.count())
            .where(
                _SHOP.id == ITEM.shop_id,
                _SHOP.closed_until >= today,
                func.coalesce(_SHOP.closed_from, today) <= today,
            )
            .correlate(ShelfItem.__table__)
            .scalar_subquery()
        )
        # Nearly every card has both. Asked as equal to 0, PostgreSQL would think it rare, gather all and sort them.
        parts += [case((ITEM.together, _FULLEST), else_=one) > 0, away < 1]
    if bazaar:
        parts += [ITEM.at_bazaars, ITEM.shop_id.in_(select(_MARK.shop_id).where(*_AT))]
    return parts


def _order(sort: str, of: Any = ITEM) -> tuple[Any, ...]:
    """Return what cards are ordered by, as columns of the shelf or of what was taken from it."""
    if sort == turns.NAME:
        stretch = 2 * of.turn - 2 + case((of.slot < bindparam("start", type_=Integer()), 1), else_=0)
        return (stretch, of.slot, of.product_id)
    first = of.stamp if sort == "terbaru" else of.price
    return (first, of.product_id) if sort == "termurah" else (first.desc(), of.product_id.desc())


def _shown(source: Any = None) -> Select[Any]:
    table = cast("Table", ShelfItem.__table__)
    joined = table.join(_CATEGORY, _CATEGORY.c.id == ITEM.category_id).join(
        _PARENT, _PARENT.c.id == ITEM.top_category_id
    )
    if source is not None:
        joined = joined.join(source, source.c.product_id == ITEM.product_id)
    return select(*_SHOWN).select_from(joined.outerjoin(Stock.__table__, STOCK.variant_id == ITEM.variant_id))


def _most(shape: Shape) -> Any:
    """Return how many cards, in figures: in the plan that PostgreSQL keeps, a number to come is a tenth of all."""
    return literal_column(str(shape.most))


def _after(sort: str) -> Any:
    """Return the condition of standing behind a place."""
    if sort == turns.NAME:
        names = ("stretch", "value", "number")
        return tuple_(*_order(sort)) > tuple_(*(bindparam(name, type_=BigInteger()) for name in names))
    newest = sort == "terbaru"
    place = tuple_(
        bindparam("value", type_=UtcDateTime() if newest else BigInteger()), bindparam("number", type_=BigInteger())
    )
    here = tuple_(ITEM.stamp if newest else type_coerce(ITEM.price, BigInteger), ITEM.product_id)
    return here > place if sort == "termurah" else here < place


@lru_cache(maxsize=256)
def page(shape: Shape) -> Select[Any]:
    """Build a query once per shape; the index of the same name gives the order, so nothing long is sorted."""
    parts: list[Any] = []
    if shape.column:
        column = ITEM.top_category_id if shape.column == "top" else ITEM.category_id
        # Where a rare paper leads, the index of its days does: that of a category would be walked from end to end.
        wanted = column + 0 if shape.driver in shelf.PAPERS else column
        parts.append(wanted == bindparam("category", type_=BigId))
    if shape.prices:
        # Walk in the wanted order and pass by other prices; the index of prices would make the engine sort.
        price: Any = type_coerce(ITEM.price, BigInteger)
        low, high = bindparam("low", type_=BigInteger()), bindparam("high", type_=BigInteger())
        # Said as one range, PostgreSQL would think it rare and gather all of them; many cards have a usual price.
        walked = shape.sort in ("terbaru", turns.NAME) and shape.driver != "prices"
        # A page that goes on begins at its place: given an end of the range too, SQLite would walk from that one.
        begun = shape.sort if shape.after and not shape.driver else ""
        parts.append((price + 0 if walked or begun == "termurah" else price) >= low)
        parts.append((price - 0 if walked or begun == "termahal" else price) <= high)
    parts += marked(shape.marks, bazaar=shape.bazaar, leading=shape.driver)
    if shape.driver:
        return _driven(shape, [*parts, *([_after(shape.sort)] if shape.after else [])])
    if shape.stretches:
        return _stretched(shape, parts)
    order = _order(shape.sort)
    behind = _walks(shape.sort) if shape.after else [[]]
    walks = [[*parts, *place, *each] for place in _places(shape) for each in behind]
    if len(walks) == 1:
        return _shown().where(*walks[0]).order_by(*order).limit(_most(shape))
    near = union_all(*(_ids(shape, walk, order) for walk in walks)).subquery("near")
    return _shown(near).order_by(*order).limit(_most(shape))


def _walks(sort: str) -> list[list[Any]]:
    """Return the ways to stand behind a place, each a walk that begins right there.

    Of a pair SQLite seeks the first alone: it would pass by all cards of one price, and there may be very many.
    """
    if sort not in ("termurah", "termahal"):
        return [[_after(sort)]]
    price: Any = type_coerce(ITEM.price, BigInteger)
    value, number = (bindparam(name, type_=BigInteger()) for name in ("value", "number"))
    if sort == "termurah":
        return [[price == value, ITEM.product_id > number], [price > value]]
    return [[price == value, ITEM.product_id < number], [price < value]]


def _places(shape: Shape) -> list[list[Any]]:
    """Return the places to look in: each kecamatan by itself, so that each comes from its own index."""
    return [[ITEM.kecamatan_code == bindparam(f"kecamatan{number}")] for number in range(shape.kecamatan)] or [[]]


def _driven(shape: Shape, parts: list[Any]) -> Select[Any]:
    """Gather the few cards of a bazaar, with a rare paper or of rare prices first, and put those in order."""
    if shape.kecamatan:
        here: Any = func.coalesce(ITEM.kecamatan_code, "") if shape.driver in shelf.PAPERS else ITEM.kecamatan_code
        parts.append(here.in_([bindparam(f"kecamatan{number}") for number in range(shape.kecamatan)]))
    query = select(*_ORDERED)
    if shape.driver == "bazaar":
        query = query.select_from(_MARKS.join(ShelfItem.__table__, ITEM.shop_id == _MARK.shop_id))
        parts += _AT
    few = query.where(*parts).cte("few").prefix_with("MATERIALIZED")
    first = select(few.c.product_id).order_by(*_order(shape.sort, few.c)).limit(_most(shape)).subquery("near")
    return _shown(first).order_by(*_order(shape.sort))


def _stretched(shape: Shape, parts: list[Any]) -> Select[Any]:
    """Walk along stretches of the circle: one comes as its index has it, of several few are put together."""
    order = (ITEM.slot, ITEM.product_id)
    walks = [(n, [*parts, *_on_stretch(n), *place]) for n in range(shape.stretches) for place in _places(shape)]
    if len(walks) == 1:
        return _shown().where(*walks[0][1]).order_by(*order).limit(_most(shape))
    each = [_ids(shape, walk, order, literal_column(str(n)).label("stretch")) for n, walk in walks]
    near = union_all(*each).subquery("near")
    return _shown(near).order_by(near.c.stretch, *order).limit(_most(shape))


def _on_stretch(n: int) -> list[Any]:
    """Return the conditions of one stretch."""
    behind = tuple_(bindparam(f"low{n}", type_=Integer()), bindparam(f"number{n}", type_=BigInteger()))
    return [
        ITEM.turn == bindparam(f"turn{n}", type_=SmallInteger()),
        tuple_(ITEM.slot, ITEM.product_id) > behind,
        ITEM.slot < bindparam(f"high{n}", type_=Integer()),
    ]


def _ids(shape: Shape, parts: list[Any], order: tuple[Any, ...], *more: Any) -> Select[Any]:
    """Return the first cards of one of several walks: few of each are put together."""
    query = select(ITEM.product_id).where(*parts).order_by(*order).limit(_most(shape)).subquery()
    return select(query.c.product_id, *more)


@lru_cache(maxsize=8)
def of_shop(shape: Shape) -> Select[Any]:
    """Return the question for the newest cards of a shop."""
    parts = [ITEM.shop_id == bindparam("shop", type_=BigId), *([_after("terbaru")] if shape.after else [])]
    return _shown().where(*parts).order_by(*_order("terbaru")).limit(_most(shape))


@lru_cache(maxsize=16)
def having_marks(marks: tuple[str, ...], *, bazaar: bool) -> Select[Any]:
    """Return the question which of some cards have what is asked."""
    some = ITEM.product_id.in_(bindparam("ids", expanding=True))
    return select(ITEM.product_id).where(some, *marked(marks, bazaar=bazaar))


@lru_cache(maxsize=16)
def conditions(marks: tuple[str, ...], *, bazaar: bool) -> tuple[Any, ...]:
    """Return what known cards must have, the same each time for the same marks."""
    return tuple(marked(marks, bazaar=bazaar, leading=KNOWN))


@lru_cache(maxsize=16)
def with_marks(marks: tuple[str, ...], *, bazaar: bool) -> Select[Any]:
    """Return the question for some cards, each with whether it has what is asked, as its last column."""
    has = case((and_(*marked(marks, bazaar=bazaar)), 1), else_=0).label("has")
    return BY_IDS.add_columns(has)


BY_IDS: Final = _shown().where(ITEM.product_id.in_(bindparam("ids", expanding=True)))
