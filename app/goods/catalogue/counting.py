"""How many cards of the shelf have what is asked, as one statement for each shape of the question."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, literal_column, select, type_coerce

from app.core.db import BigId
from app.goods.catalogue import statements
from app.goods.catalogue.statements import ITEM, Shape
from app.goods.shelf.models import ShelfItem


@lru_cache(maxsize=256)
def count(shape: Shape) -> Select[Any]:
    """Build the question how many there are, up to `most`.

    Where a rare paper leads there, no index of the place is asked for.
    """
    led, place = bool(shape.driver), list[Any]()
    if shape.column:
        column = ITEM.top_category_id if shape.column == "top" else ITEM.category_id
        place.append((column + 0 if led else column) == bindparam("category", type_=BigId))
    if shape.kecamatan:
        code: Any = func.coalesce(ITEM.kecamatan_code, "") if led else ITEM.kecamatan_code
        place.append(code.in_([bindparam(f"kecamatan{number}") for number in range(shape.kecamatan)]))
    if shape.prices:
        price: Any = type_coerce(ITEM.price, BigInteger)
        low, high = bindparam("low", type_=BigInteger()), bindparam("high", type_=BigInteger())
        place.append((price + 0 if led else price).between(low, high))
    marks = statements.marked(shape.marks, bazaar=shape.bazaar, leading=shape.driver)
    query: Any = select(literal_column("1")).select_from(ShelfItem.__table__).where(*place, *marks)
    return select(func.count()).select_from(query.limit(literal_column(str(shape.most))).subquery())
