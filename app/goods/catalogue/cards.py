"""Cards by the dozen: the macro product_card is made once for each kind of card, and then filled like a form."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from markupsafe import Markup

from app.goods.catalogue.moulds import NEXT, escaped, kept, macro, mould
from app.goods.catalogue.queries import Tile


class _Blank(NamedTuple):
    """A card whose words are gaps."""

    id: str
    slug: str
    name: str
    price: str
    unit: str
    kecamatan: str
    shop_name: str
    small: str
    drawing: str
    tint: str
    badges: list[tuple[str, str]]
    sold_out: bool
    spread: bool


def cards(tiles: Iterable[Tile], heading: str = "h3", eager: int = 0) -> Markup:
    """Return the cards as they stand in a grid; the pictures of the first `eager` are fetched at once."""
    moulds, made = kept(), []
    for place, tile in enumerate(tiles):
        small, badge = tile.small, tile.badges[0][1] if tile.badges and not tile.sold_out else ""
        shape = (heading, place >= eager, bool(small), tile.drawing, tile.tint, bool(badge), tile.sold_out,
                 bool(tile.unit), bool(tile.spread))  # fmt: skip
        piece = moulds.get(shape) or mould(moulds, shape, partial(_blank, *shape))
        words: list[Any] = [tile.id]
        if small:
            words.append(small)
        if badge:
            words.append(escaped(badge))
        words += (tile.slug, escaped(tile.name), tile.price)
        if tile.unit:
            words.append(escaped(tile.unit))
        words.append(escaped(tile.kecamatan))
        made.append(piece % tuple(words))
    # Each gap was filled with escaped words, and the moulds come from the template.
    return Markup("\n".join(made))  # noqa: S704


def _blank(heading: str, lazy: bool, has_photo: bool, drawing: str, tint: str, *rest: Any) -> str:  # noqa: FBT001
    """Render the macro with gaps for words."""
    has_badge, sold_out, has_unit, spread = rest
    blank = _Blank(
        id=NEXT,
        slug=NEXT,
        name=NEXT,
        price=NEXT,
        unit=NEXT if has_unit else "",
        kecamatan=NEXT,
        shop_name="",
        small=NEXT if has_photo else "",
        drawing=drawing,
        tint=tint,
        badges=[("", NEXT)] if has_badge else [],
        sold_out=sold_out,
        spread=spread,
    )
    return str(macro("components/product_card.html", "product_card")(blank, heading, lazy))
