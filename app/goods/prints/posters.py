"""Papers of a shop: price cards, its sign and its poster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from app.core import papers
from app.goods.photos.queries import data_of
from app.goods.prints import rules
from app.goods.products import queries as products
from app.goods.products.queries import Item
from app.goods.shops.models import Shop
from app.kit import phone
from app.people.places.queries import names_of, settings_of

MOST_CARDS: Final = 120
ON_POSTER: Final = 4
# Millimetres that a name or a price may take, and the letters it is tried in.
CARD: Final = (56.0, (19, 16, 13, 10, 8))
CARD_PRICE: Final = (84.0, (38, 32, 26, 20))
SIGN: Final = (265.0, (76, 60, 46, 36, 28))
POSTER: Final = (178.0, (40, 32, 26, 20))


@dataclass(frozen=True, slots=True)
class PriceCard:
    """What a card beside the goods says; `letters` are points of its name, `figures` of its price."""

    name: str
    price: str
    unit: str
    letters: int
    figures: int
    code: Markup


@dataclass(frozen=True, slots=True)
class Shown:
    """A product on a poster; `picture` is empty without a photo."""

    name: str
    price: str
    unit: str
    picture: str


def list_on_sale(shop: Shop) -> list[Item]:
    """Return what a shop sells now, newest first, as many as price cards are drawn at once."""
    found: list[Item] = []
    after: int | None = None
    while len(found) < MOST_CARDS:
        items = products.list_items(shop.id, after)
        found += [each for each in items[: products.PAGE] if each.product.state == "live"]
        if len(items) <= products.PAGE:
            break
        after = items[products.PAGE - 1].product.id
    return found[:MOST_CARDS]


def price_cards(items: Iterable[Item], origin: str) -> list[PriceCard]:
    """Return a card for every choice on sale."""
    return [
        PriceCard(
            name=(name := f"{item.shown.name} {held.variant.label}".strip()),
            price=(price := str(held.variant.price)),
            unit=held.variant.unit,
            letters=rules.heading_letters(name, *CARD, rows=3),
            figures=rules.heading_letters(price, *CARD_PRICE, rows=1),
            code=papers.code(f"{origin}/produk/{item.product.slug}"),
        )
        for item in items
        for held in item.held
        if held.variant.active
    ][:MOST_CARDS]


def draw_cards(shop: Shop, origin: str) -> bytes:
    """Draw the price cards of all that is on sale."""
    cards = price_cards(list_on_sale(shop), origin)
    return papers.draw("goods/prints/price_cards_paper.html", "price-cards.css", cards=cards, shop=shop)


def draw_sign(shop: Shop, origin: str) -> bytes:
    """Draw the sign that hangs over a stall, A4 across."""
    address = f"{origin}/lapak/{shop.slug}"
    return papers.draw(
        "goods/prints/sign_paper.html", "shop-sign.css",
        shop=shop, place=_place(shop), address=address, code=papers.code(address),
        letters=rules.heading_letters(shop.name, *SIGN),
    )  # fmt: skip


def draw_poster(shop: Shop, origin: str) -> bytes:
    """Draw the poster of a shop, A4: who, what with photos, where, and the code to its page."""
    address = f"{origin}/lapak/{shop.slug}"
    goods = [_shown(each) for each in list_on_sale(shop)[:ON_POSTER]]
    return papers.draw(
        "goods/prints/poster_paper.html", "shop-poster.css",
        shop=shop, place=_place(shop), address=address, code=papers.code(address), goods=goods,
        number=phone.show(shop.phone) if shop.phone else "",
        letters=rules.heading_letters(shop.name, *POSTER),
    )  # fmt: skip


def _shown(item: Item) -> Shown:
    photo = item.shown.photo
    data = data_of(photo.stem, ready=photo.ready) if photo else None
    return Shown(item.shown.name, str(item.shown.price), item.shown.unit, papers.embedded(data) if data else "")


def _place(shop: Shop) -> tuple[str, str]:
    """Return the kecamatan and the kabupaten of a shop as a paper says them."""
    return names_of({shop.kecamatan_code})[shop.kecamatan_code], settings_of(shop.regency_code).region_name
