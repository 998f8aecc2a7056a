"""Booklets: everything on sale in a shop or a kecamatan on A4, with picture, price, code and how to order.

They show what stands on the shelf, nothing else. A volume is drawn a few sheets at a time, so that thousands of goods
take no more memory than a hundred.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from markupsafe import Markup

from app.core import clock, papers
from app.core.vault import settings
from app.goods.photos.queries import thumb_of
from app.goods.prints import rules
from app.goods.shelf import queries as shelf
from app.goods.shelf.models import ShelfItem
from app.kit import phone
from app.people.files.operations import counted
from app.people.places.queries import names_of, settings_of

ON_A_SHEET: Final = 12
SHEETS_AT_ONCE: Final = 8
# A hundred leaves: more than that nobody staples.
VOLUME: Final = 1_000
TITLE: Final = (178.0, (40, 32, 26, 20))


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first leaf says: whose goods, where, how to reach them; `chosen` picks the goods."""

    name: str
    place: str
    address: str
    items: int
    chosen: Any
    zone: str
    number: str = ""
    pickup: str = ""
    one_shop: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the goods; `picture` is empty without a photo."""

    name: str
    price: str
    unit: str
    more: bool
    shop: str
    picture: str
    code: Markup


def volumes(items: int) -> int:
    """Return how many booklets hold so many goods.

    >>> volumes(0), volumes(1_000), volumes(1_001)
    (0, 1, 2)
    """
    return -(-items // VOLUME)


def of_shop(shop: Any, origin: str) -> Cover:
    """Return the cover of a shop's booklet."""
    here = settings_of(shop.regency_code)
    place = f"{names_of({shop.kecamatan_code})[shop.kecamatan_code]}, {here.region_name}"
    chosen = ShelfItem.shop_id == shop.id
    return Cover(
        name=shop.name, place=place, address=f"{origin}/lapak/{shop.slug}", chosen=chosen,
        zone=here.zone, items=shelf.count_chosen(chosen), number=phone.show(shop.phone) if shop.phone else "",
        pickup=" · ".join(filter(None, (shop.pickup_place, shop.pickup_hours))),
    )  # fmt: skip


def of_kecamatan(code: str, origin: str) -> Cover:
    """Return the cover of a kecamatan's booklet."""
    chosen = ShelfItem.kecamatan_code == code
    here = settings_of(code.rpartition(".")[0])
    return Cover(
        name=names_of({code})[code], place=here.region_name, address=f"{origin}/produk?kecamatan={code}",
        one_shop=False, chosen=chosen, zone=here.zone, items=shelf.count_chosen(chosen),
    )  # fmt: skip


def draw(cover: Cover, volume: int, origin: str) -> bytes:
    """Draw a volume (from 1 on): its cover, and as many leaves as its goods take."""
    items = min(VOLUME, cover.items - (volume - 1) * VOLUME)
    return papers.joined(counted(_parts(cover, volume, origin), 1 + -(-items // (ON_A_SHEET * SHEETS_AT_ONCE))))


def _parts(cover: Cover, volume: int, origin: str) -> Iterator[bytes]:
    whole, site = volumes(cover.items), {"name": settings().site_name}
    day = clock.today(cover.zone)
    letters = rules.heading_letters(cover.name, *TITLE)
    yield papers.draw(
        "goods/prints/booklet_cover.html", "booklet.css",
        cover=cover, volume=volume, whole=whole, site=site, day=day, letters=letters, code=papers.code(cover.address),
    )  # fmt: skip
    goods = islice(_offers(cover, volume, origin), VOLUME)
    sheet, last = 1, -(-min(VOLUME, cover.items - (volume - 1) * VOLUME) // ON_A_SHEET)
    while some := list(islice(goods, ON_A_SHEET * SHEETS_AT_ONCE)):
        sheets = [some[start : start + ON_A_SHEET] for start in range(0, len(some), ON_A_SHEET)]
        yield papers.draw(
            "goods/prints/booklet_paper.html", "booklet.css", cover=cover, sheets=sheets, first=sheet, last=last
        )
        sheet += len(sheets)


def _offers(cover: Cover, volume: int, origin: str) -> Iterator[Offer]:
    after = shelf.skip_chosen(cover.chosen, (volume - 1) * VOLUME)
    while rows := shelf.list_chosen(cover.chosen, after, ON_A_SHEET * SHEETS_AT_ONCE):
        yield from (_offer(row, origin) for row in rows)
        after = shelf.place_of(rows[-1])


def _offer(row: Any, origin: str) -> Offer:
    data = thumb_of(row.photo) if row.photo else None
    return Offer(
        name=row.name, price=str(row.price), unit=row.unit, more=row.spread, shop=row.shop_name,
        picture=papers.embedded(papers.thumbnail(data)) if data else "",
        code=papers.code(f"{origin}/produk/{row.slug}"),
    )  # fmt: skip


def list_kecamatan(codes: Sequence[str]) -> list[tuple[str, str, int]]:
    """Return (code, name, goods) of each kecamatan in these areas that sells something, by name."""
    items = shelf.items_by_kecamatan(codes)
    names = names_of(set(items))
    return sorted(((code, names[code], n) for code, n in items.items()), key=lambda each: each[1])
