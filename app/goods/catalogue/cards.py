"""Cards by the dozen: the macro product_card is made once for each kind of card, and then filled like a form."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from markupsafe import Markup

from app.goods.catalogue.moulds import escaped, gap, kept, macro, mould
from app.goods.catalogue.queries import Tile


class _Thumb(NamedTuple):
    small: str
    width: int
    height: int


class _Blank(NamedTuple):
    """A card whose words are gaps."""

    id: str
    slug: str
    name: str
    price: str
    unit: str
    kecamatan: str
    shop_name: str
    photo: _Thumb | None
    drawing: str
    tint: str
    badges: list[tuple[str, str]]
    sold_out: bool
    spread: bool


def cards(tiles: Iterable[Tile], heading: str = "h3", eager: int = 0) -> Markup:
    """Return the cards as they stand in a grid; the pictures of the first `eager` are fetched at once."""
    moulds, made = kept(), []
    for place, tile in enumerate(tiles):
        photo, badges = tile.photo, tile.badges
        shape = (heading, place >= eager, photo is not None, tile.drawing, tile.tint, bool(badges), tile.sold_out,
                 bool(tile.unit), bool(tile.spread))  # fmt: skip
        words = {
            "id": tile.id,
            "slug": tile.slug,
            "name": escaped(tile.name),
            "price": tile.price,
            "unit": escaped(tile.unit),
            "kecamatan": escaped(tile.kecamatan),
            "small": photo.small if photo else "",
            "badge": escaped(badges[0][1]) if badges else "",
        }
        made.append(mould(moulds, shape, partial(_blank, *shape)) % words)
    # Each gap was filled with escaped words, and the moulds come from the template.
    return Markup("\n".join(made))  # noqa: S704


def _blank(heading: str, lazy: bool, has_photo: bool, drawing: str, tint: str, *rest: Any) -> str:  # noqa: FBT001
    """Render the macro with gaps for words."""
    has_badge, sold_out, has_unit, spread = rest
    blank = _Blank(
        id=gap("id"),
        slug=gap("slug"),
        name=gap("name"),
        price=gap("price"),
        unit=gap("unit") if has_unit else "",
        kecamatan=gap("kecamatan"),
        shop_name="",
        photo=_Thumb(gap("small"), 320, 320) if has_photo else None,
        drawing=drawing,
        tint=tint,
        badges=[("", gap("badge"))] if has_badge else [],
        sold_out=sold_out,
        spread=spread,
    )
    return str(macro("components/product_card.html", "product_card")(blank, heading, lazy))
