"""Questions about lists of goods: what a shop has, line by line, and what waits for its seller."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.sheets import Cell
from app.goods.products.models import Product
from app.goods.products.queries import PAGE, Held, Item, list_items
from app.goods.products.rules import way_of
from app.goods.spreadsheets import answers
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
            answers.said_codes(answers.ALLERGENS, said.allergens),
            answers.NOTHING if said.origin == "" else said.origin,
            answers.said_codes(answers.WARNINGS, said.warnings),
            said.shelf_life_days,
            answers.said_code(answers.STORAGE, said.storage),
            *_sold_so(item.held[0]),
            *_had(item.product),
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
                *("",) * 7,
                *_sold_so(kept),
                *("",) * 3,
            ]


def _sold_so(held: Held) -> list[Cell]:
    """Say how a choice is sold: the way, after how many days, how many a day."""
    way = way_of(held.variant)
    if way.mode != "made_to_order":
        return [answers.WAYS[way.mode][0], None, None]
    return [answers.WAYS[way.mode][0], way.lead_days, way.day_capacity or answers.FREE]


def _had(product: Product) -> list[Cell]:
    """Say where a product can be had."""
    words = {True: answers.YES, False: answers.NO}
    return [words[product.pickup], words[product.delivered], words[product.at_bazaars]]
