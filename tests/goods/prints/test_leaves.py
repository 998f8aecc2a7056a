"""Labels and price cards stand whole on their leaf, side by side: what falls off it is lost without a word."""

from __future__ import annotations

from typing import Any

import pytest

from app.core import papers
from app.goods.prints import posters
from app.goods.prints.labels import Label
from app.goods.prints.rules import SIZES
from tests.factories.goods import make_product, make_shop
from tests.support.paper import leaves, pages_of, text_of

MM = 25.4 / 96
SITE = "http://localhost"


def pieces(box: Any) -> list[tuple[int, int, int, int]]:
    """Where each label or card stands: left and top, width and height, in whole millimetres."""
    if box.element_tag == "section":
        told = (box.position_x, box.position_y, box.margin_width(), box.margin_height())
        left, top, width, height = (round(each * MM) for each in told)
        return [(left, top, width, height)]
    return [piece for child in getattr(box, "children", ()) for piece in pieces(child)]


def apart(found: list[tuple[int, int, int, int]]) -> bool:
    """Tell whether all of them lie on A4 and none on another; a millimetre is for rounding."""
    on_leaf = all(left + width <= 210 and top + height <= 298 for left, top, width, height in found)
    ends = [(left + 1, top + 1, left + width - 1, top + height - 1) for left, top, width, height in found]
    pairs = [(one, other) for place, one in enumerate(ends) for other in ends[:place]]
    return on_leaf and all(a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for a, b in pairs)


@pytest.mark.parametrize("name", SIZES)
def test_each_label_stands_whole_on_its_leaf(app, name):
    size = SIZES[name]
    label = Label("Telur asin", (("Berat bersih", "300 g"),), "Rp19.000", f"{SITE}/produk/telur", 8.0)
    facts = {"label": label, "size": size, "code": papers.code(label.address), "sheets": [size.on_a_sheet, 1]}

    full, last = map(pieces, leaves("goods/prints/labels_paper.html", "labels.css", facts))

    assert len({(left, top) for left, top, _width, _height in full}) == size.across * size.down == len(full)
    assert {(width, height) for _left, _top, width, height in full} == {(size.width, size.height)}
    assert apart(full)
    assert last == full[:1]


def cards(shop: Any) -> list[list[tuple[int, int, int, int]]]:
    """Where the price cards of a shop stand, leaf by leaf."""
    facts = {"cards": posters.price_cards(posters.list_on_sale(shop), SITE), "shop": shop}
    return [pieces(leaf) for leaf in leaves("goods/prints/price_cards_paper.html", "price-cards.css", facts)]


def test_each_price_card_stands_whole_on_its_leaf(app):
    shop = make_shop()
    for number in range(23):
        make_product(shop, f"Keripik nomor {number}")

    found = cards(shop)

    assert [len(leaf) for leaf in found] == [10, 10, 3]
    assert len({left for left, _top, _width, _height in found[0]}) == 2
    assert all(map(apart, found))


def test_places_left_on_a_leaf_are_cards_to_write_on_by_hand(app):
    shop = make_shop(name="Dapur Bu Nur")
    for number in range(12):
        make_product(shop, f"Keripik nomor {number}")

    drawn = posters.draw_cards(shop, SITE)

    assert pages_of(drawn) == 2
    assert text_of(drawn).count("Dapur Bu Nur") == 20


def boxes(box: Any) -> list[Any]:
    """A box and all that stands in it."""
    return [box, *(each for child in getattr(box, "children", ()) for each in boxes(child))]


@pytest.mark.parametrize(
    ("name", "price"), [("Telur", 500), ("W" * 80, 100_000_000), ("Keripik singkong " * 4, 1_250_000)]
)
def test_a_price_card_is_full_to_its_foot_and_nothing_on_it_meets(app, name, price):
    shop = make_shop(name="Dapur Kue Kering Bu Hajah Nurhasanah Waringinkurung")
    make_product(shop, name.strip(), price=price)
    facts = {"cards": posters.price_cards(posters.list_on_sale(shop), SITE), "shop": shop}

    leaf = leaves("goods/prints/price_cards_paper.html", "price-cards.css", facts)[0]
    card = next(each for each in boxes(leaf) if each.element_tag == "section")

    heading, figure = (next(each for each in boxes(card) if each.element_tag == tag) for tag in ("h1", "p"))
    words = [each for each in boxes(card) if type(each).__name__ == "TextBox"]
    left = card.position_y + card.margin_height() - max(each.position_y + each.height for each in words)
    assert heading.position_y + heading.margin_height() <= figure.position_y + 0.5
    assert 2 <= left * MM <= 6
    assert all(each.position_x + each.width <= card.position_x + card.margin_width() for each in words)
