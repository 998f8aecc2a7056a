"""What a product costs its seller: kept for her alone, and beside it what others ask for the like."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import db
from app.core.errors import StaleVersion
from app.core.i18n import _l
from app.goods.products import queries
from app.goods.products.costs import FEWEST_SELLERS, Line
from app.goods.products.models import CostSheet, Product
from app.goods.shelf.models import ShelfItem
from app.kit.rupiah import Rupiah


class StaleSheet(StaleVersion):
    """The sheet was saved elsewhere since it was opened."""

    text = _l("Hitungan ini baru saja diubah dari tempat lain. Periksa dulu, lalu simpan lagi.")


def find_sheet(product_id: int) -> CostSheet | None:
    """Return the sheet of a product, or None."""
    return db.session.get(CostSheet, product_id)


def lines_of(sheet: CostSheet) -> list[Line]:
    """Return the costs that stand on a sheet."""
    return [Line(str(kind), str(name), Rupiah(int(amount))) for kind, name, amount in sheet.lines]


def save(product: Product, lines: Sequence[Line], makes: int, *, version: int) -> CostSheet:
    """Keep a sheet; the same sheet twice changes nothing.

    Raises:
        StaleSheet: it was saved elsewhere since it was opened with `version` (0: there was none).
    """
    queries.lock(product)
    sheet = db.session.get(CostSheet, product.id, populate_existing=True)
    rows: list[list[str | int]] = [[each.kind, each.name, each.amount.amount] for each in lines]
    if sheet is not None and (sheet.lines, sheet.makes) == (rows, makes):
        return sheet
    if (sheet.version if sheet else 0) != version:
        raise StaleSheet(product)
    if sheet is None:
        sheet = CostSheet(product_id=product.id, version=0)
        db.session.add(sheet)
    sheet.lines, sheet.makes, sheet.saved_at = rows, makes, now()
    sheet.version += 1
    db.session.flush()
    return sheet


def find_like_prices(category_id: int, unit: str, shop_id: int) -> tuple[Rupiah, Rupiah] | None:
    """Return the lowest and the highest price that others ask for one unit of a category.

    None below so many sellers: the price of a neighbour is nobody's range.
    """
    query = select(func.count(ShelfItem.shop_id.distinct()), func.min(ShelfItem.price), func.max(ShelfItem.price))
    query = query.where(ShelfItem.category_id == category_id, ShelfItem.shop_id != shop_id)
    sellers, least, most = db.session.execute(query.where(func.lower(ShelfItem.unit) == unit.lower())).one()
    return (least, most) if sellers >= FEWEST_SELLERS else None
