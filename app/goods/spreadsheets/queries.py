"""Questions about lists of goods: what a shop has, line by line, and what waits for its seller."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.sheets import Cell
from app.goods.products.queries import PAGE, Item, list_items
from app.goods.spreadsheets.models import GoodsList


def get_list(list_id: int) -> GoodsList:
    """Return a list that somebody uploaded.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(GoodsList, list_id)
    if found is None:
        raise NotFound(list_id)
    return found


def list_waiting(shop_id: int, limit: int = 5) -> list[GoodsList]:
    """Return the lists of a shop that wait for her yes, the newest first."""
    mine = (GoodsList.shop_id == shop_id, GoodsList.state == "staged", GoodsList.expires_at > now())
    return list(db.session.scalars(select(GoodsList).where(*mine).order_by(GoodsList.id.desc()).limit(limit)))


def each_item(shop_id: int) -> Iterator[Item]:
    """Yield everything that a shop has, newest first, page by page."""
    after: int | None = None
    while True:
        items = list_items(shop_id, after)
        yield from items[:PAGE]
        if len(items) <= PAGE:
            return
        after = items[PAGE - 1].product.id


def export_rows(shop_id: int) -> Iterator[list[Cell]]:
    """Yield a line for each product as its seller last worded it, and one for each further choice below it.

    What comes back unchanged changes nothing.
    """
    for item in each_item(shop_id):
        said = item.newest
        yield [
            item.product.slug,
            said.name,
            said.label,
            said.price,
            said.unit,
            said.category.name,
            said.net_weight_g,
            item.on_hand if item.held[0].counted else None,
            said.description,
            said.ingredients,
        ]
        held = {each.variant.id: each for each in item.held}
        for choice in said.choices:
            kept = held[choice.variant_id]
            count = kept.on_hand if kept.counted else None
            yield [
                item.product.slug,
                "",
                choice.label,
                choice.price,
                choice.unit,
                "",
                choice.net_weight_g,
                count,
                "",
                "",
            ]
