"""Whatever is asked together, and whatever happens to shops and papers meanwhile: all that has it is reached, once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert, select

from app.core import clock
from app.core.db import db, transaction
from app.goods.catalogue import listing
from app.goods.catalogue import rules as shown
from app.goods.catalogue.rules import Filters
from app.goods.categories.models import Category
from app.goods.search import queries
from app.goods.shelf import listeners
from app.goods.shelf import operations as shelf
from app.goods.shelf.models import ShelfItem, ShelfMark
from app.goods.shelf.rules import Card
from app.goods.stock.models import Stock
from app.kit.rupiah import Rupiah
from tests.goods.catalogue.conftest import BEYOND, KECAMATAN
from tests.support.clocks import TODAY

pytestmark = pytest.mark.usefixtures("noon")

SHOPS = tuple(BEYOND + number for number in range(1, 6))
BAZAARS = ("bazar-sabtu", "bazar-minggu")
# What is typed, and the words of a card that answers it; the last may be a beginning.
WORDS = {
    "lapak": ("lapak",), "telur lapak": ("telur", "lapak"), "lapak te": ("lapak", "te"), "telor": ("telur",),
    "lapka": ("lapak",), "krpik lapak": ("keripik", "lapak"), "emping bandeng": ("emping", "bandeng"),
}  # fmt: skip
SORTS = ("relevan", "terbaru", "termurah", "termahal")
PRICES = ("-25000", "20000-40000", "50000-")


@pytest.fixture
def market(app: Flask, shelf_of_90: list[int]) -> None:
    """Ninety cards with papers that hold, end soon or have ended, of which some are sold out."""
    dice = random.Random(11)
    with transaction() as session:
        session.execute(insert(Stock), [{"variant_id": n, "on_hand": n % 3, "reserved": 0} for n in shelf_of_90])
        shelf.put_all([otherwise(card, dice) for card in cards(*SHOPS)])


def cards(*shop_ids: int) -> list[Card]:
    return [shelf._card_of(row) for row in shelf.rows_of(ShelfItem.shop_id.in_(shop_ids))]


def otherwise(card: Card, dice: random.Random) -> Card:
    """The card with other papers, another price, and brought to bazaars or not."""
    ends = ["", *((TODAY + timedelta(days=days)).isoformat() for days in (-1, 0, 2, 90))]
    papers = (("halal", 0.5), ("pirt", 0.3))
    badges = [[kind, kind, dice.choice(ends), "N1"] for kind, part in papers if dice.random() < part]
    price = Rupiah(5_000 * dice.randrange(1, 13))
    return replace(card, badges=badges, at_bazaars=dice.random() < 0.8, price=price)


def happen(dice: random.Random) -> None:
    """Something that changes what is found."""
    shop_id, names = dice.choice(SHOPS), ("Lapak Emping", "Lapak Telur", "Lapak")
    day = (TODAY + timedelta(days=dice.choice((0, 3)))).isoformat()
    with transaction():
        match dice.randrange(6):
            case 0:
                shelf.hide_shop(shop_id)
            case 1:
                shelf.show_shop(shop_id)
            case 2:
                shelf.move_shop(shop_id, "36.04", dice.choice(KECAMATAN))
            case 3:
                shelf.rename_shop(shop_id, f"lapak-{shop_id}", dice.choice(names))
            case 4:
                called_off = shelf.NO_MARK
                shelf.mark_shops(
                    "bazaar", {shop_id: dice.choice((called_off, *((f"{day}/{day}", b) for b in BAZAARS)))}
                )
            case _:
                shelf.put_all([otherwise(card, dice) for card in cards(shop_id)])


def asked(dice: random.Random) -> Filters:
    """Some words with some filters and an order, as an address says them."""
    slugs = list(db.session.scalars(select(Category.slug).order_by(Category.id)))
    told = {"q": [dice.choice(list(WORDS))], "urut": [dice.choice(SORTS)]}
    told["kategori"] = [dice.choice(slugs[:14])] if dice.random() < 0.3 else []
    told["kecamatan"] = dice.sample(KECAMATAN, dice.randrange(1, 3)) if dice.random() < 0.4 else []
    told["harga"] = [dice.choice(PRICES)] if dice.random() < 0.3 else []
    told["ciri"] = [mark for mark in shown.MARKS if dice.random() < 0.3]
    told["bazar"] = [dice.choice(BAZAARS)] if dice.random() < 0.3 else []
    return shown.read(told)


def due(filters: Filters, day: date) -> list[int]:
    """The cards that have all that is asked for, looked at one by one."""
    kinds = {each.id: each for each in db.session.scalars(select(Category))}
    at = {each.shop_id: each.key for each in db.session.scalars(select(ShelfMark))}
    left = {row.variant_id: row.on_hand for row in db.session.execute(select(Stock.variant_id, Stock.on_hand))}
    low, high = shown.bounds(filters.prices) or (0, shown.LARGEST)
    *whole, last = WORDS[filters.q]

    def has(item: ShelfItem) -> bool:
        around = (kinds[item.category_id], kinds[item.top_category_id])
        said = " ".join((item.name, item.shop_name, item.kecamatan_name, *(each.name for each in around)))
        entry = f" {said.lower()} "
        return (
            all(f" {word} " in entry for word in whole)
            and f" {last}" in entry
            and (not filters.category or filters.category in {each.slug for each in around})
            and (not filters.kecamatan or item.kecamatan_code in filters.kecamatan)
            and low <= item.price.amount <= high
            and ("ada" not in filters.marks or left[item.variant_id] > 0)
            and ("halal" not in filters.marks or (item.halal_until or date.min) >= day)
            and ("pirt" not in filters.marks or (item.pirt_until or date.min) >= day)
            and (not filters.bazaar or (item.at_bazaars and at.get(item.shop_id) == filters.bazaar))
        )

    return sorted(item.product_id for item in db.session.scalars(select(ShelfItem)) if has(item))


def walked(filters: Filters) -> Iterator[listing.Listing]:
    """The pages of a list, from its first to its last."""
    page = listing.read(filters)
    yield page
    while page.more:
        page = listing.read(shown.read(parse_qs(urlsplit(page.more).query)))
        yield page


@pytest.mark.parametrize(("weighed", "seed"), [(200, 1), (12, 2), (12, 3)])
def test_whatever_is_asked_together_is_reached_once_and_nothing_else(
    app: Flask, market: None, monkeypatch: pytest.MonkeyPatch, weighed: int, seed: int
) -> None:
    """With so few weighed, what is asked for stands behind the newest, and the mark is asked of few at a time."""
    monkeypatch.setattr(queries, "WEIGHED", weighed)
    monkeypatch.setattr(listing, "FEW_FINDS", 2 * weighed)
    monkeypatch.setattr(shown, "PAGE", 5)
    dice, many = random.Random(seed), 0
    for _ in range(15):
        happen(dice)
        later = dice.choice((0, 0, 1, 3))
        with time_machine.travel(clock.now() + timedelta(days=later), tick=False), app.test_request_context():
            for _ in range(4):
                pages = list(walked(asked(dice)))
                first, wanted = pages[0], due(pages[0].filters, TODAY + timedelta(days=later))
                plain = first.found is not None and not (first.found.loose or first.instead)
                tiles = [tile for page in pages for tile in page.tiles] if plain else []
                assert sorted(tile.id for tile in tiles) == wanted, first.filters
                if first.filters.sort == "termurah":
                    assert [tile.number for tile in tiles] == sorted(tile.number for tile in tiles)
                many += len(wanted) > 5
    assert many > 5
    assert listeners.check() == []
