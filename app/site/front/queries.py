"""What the home page shows, in few questions."""

from __future__ import annotations

from dataclasses import dataclass

from app.goods.catalogue import detail, facets, queries, rules
from app.goods.catalogue.detail import Sign
from app.goods.catalogue.queries import Tile
from app.goods.categories.rules import drawing_of

GOODS, STALLS, DOORS = 8, 3, 12


@dataclass(frozen=True)
class Door:
    """A round door to one category."""

    slug: str
    name: str
    drawing: str
    tint: str


@dataclass(frozen=True)
class HomePage:
    """The market at a glance."""

    tiles: list[Tile]
    more: bool
    stalls: list[Sign]
    doors: list[Door]
    total: int
    kecamatan: int


def home_page() -> HomePage:
    """Return the newest goods and shops, and the categories that hold something."""
    shown = facets.list_facets()
    tiles = queries.list_tiles(rules.Filters(), None, most=GOODS)
    doors = [Door(top.slug, top.name, *drawing_of(top.slug)) for top in shown.tops if top.items]
    return HomePage(
        tiles=tiles[:GOODS],
        more=len(tiles) > GOODS,
        stalls=detail.list_stalls()[:STALLS],
        doors=doors[:DOORS],
        total=shown.total,
        kecamatan=len(shown.kecamatan),
    )
