"""What a buyer sees when nothing came of an order: the same kind of goods from other sellers, never an empty page."""

from __future__ import annotations

from flask import render_template
from sqlalchemy import literal, select, union_all

from app.core.db import db
from app.core.panels import fill
from app.goods.catalogue import queries as catalogue
from app.goods.catalogue.queries import Tile
from app.goods.products.models import Product, Revision
from app.goods.shelf.models import ShelfItem
from app.trade.orders.queries import Sheet

SHOWN, LOOKED_AT = 4, 8
NOTHING_CAME = frozenset({"expired_silent", "refused", "cancelled_seller"})


@fill("order.buyer", order=40)
def elsewhere(*, sheet: Sheet) -> str:
    """Show goods of others when the seller did not answer or could not."""
    if sheet.state not in NOTHING_CAME or not sheet.lines:
        return ""
    return render_template("trade/orders/_elsewhere.html", tiles=list_elsewhere(sheet))


def list_elsewhere(sheet: Sheet) -> list[Tile]:
    """Return up to four cards of other sellers: the same kind here, the same kind, anything here, anything."""
    item = ShelfItem
    kind = select(Revision.category_id).join(Product, Product.approved_revision_id == Revision.id)
    kind = kind.where(Product.id == sheet.lines[0].product_id)
    alike, here = item.category_id == kind.scalar_subquery(), item.kecamatan_code == sheet.shop.kecamatan_code
    steps = [
        select(item.product_id, literal(step).label("step"))
        .where(item.shop_id != sheet.shop.id, *wanted)
        .order_by(item.stamp.desc(), item.product_id.desc())
        .limit(LOOKED_AT)
        .subquery()
        for step, wanted in enumerate(((alike, here), (alike,), (here,), ()))
    ]
    found = union_all(*(select(each.c.product_id, each.c.step) for each in steps))
    rows = sorted(db.session.execute(found).all(), key=lambda row: row.step)
    ids = list(dict.fromkeys(row.product_id for row in rows))
    return [tile for tile in catalogue.list_by_ids(ids) if not tile.sold_out][:SHOWN]
