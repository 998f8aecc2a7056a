"""Reading the shelf: one page of cards at a time, always through an index that gives the order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select

from app.core import clock
from app.core.db import db
from app.core.vault import settings
from app.goods.catalogue import counting, rules, statements, turns
from app.goods.catalogue.badges import Badge, worded
from app.goods.catalogue.rules import Filters, Place
from app.goods.catalogue.statements import Shape
from app.goods.categories import rules as categories
from app.goods.shelf import rules as shelf
from app.goods.shelf.rules import SLOTS
from app.kit.digits import grouped
from app.kit.periods import WIB

RARE: Final = 2_000
# So many cards are looked at one by one, to gather those with a paper in one place, or to count what has a mark there.
WALKED: Final = 4_000
_NO_BADGES: Final = (None, "[]", "null")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = (1 << 63) - 1


class Tile:
    """A card, ready to be shown: what the macro product_card asks for, and where it stands in its order."""

    __slots__ = (
        "_media_url", "_stem", "badges", "drawing", "id", "kecamatan", "name", "number", "price", "shop_name", "slot",
        "slug", "sold_out", "spread", "stamp", "tint", "turn", "unit",
    )  # fmt: skip

    def __init__(self, row: Sequence[Any], media_url: str, said: dict[str, list[Badge]]) -> None:
        """Take over one row of `_SHOWN`; `said` keeps the badges that this page has put into words already."""
        (
            self.id, self.slug, self.name, self.number, self.unit, self._stem, badges, self.kecamatan, self.shop_name,
            self.stamp, leaf, top, self.spread, left, self.turn, self.slot,
        ) = row  # fmt: skip
        self._media_url = media_url
        self.price = f"Rp{grouped(self.number)}"
        if badges in _NO_BADGES:
            self.badges: list[Badge] = []
        elif (known := said.get(badges)) is not None:
            self.badges = known
        else:
            self.badges = said[badges] = _worded(badges)
        self.drawing, self.tint = categories.drawing_of(leaf, top)
        self.sold_out = left is not None and left <= 0

    @property
    def photo(self) -> shelf.Picture | None:
        """Return its photo, None when only the drawing is shown."""
        return shelf.picture(self._stem, self._media_url) if self._stem else None

    @property
    def small(self) -> str:
        """Return the address of the photo as a card shows it, empty when only the drawing is shown."""
        return shelf.small(self._stem, self._media_url) if self._stem else ""

    def place(self, sort: str) -> Place:
        """Return the place after this card."""
        kind = rules.kind_of(sort)
        if sort == "terbaru":
            return Place(kind, (_moment(self.stamp) - EPOCH) // timedelta(microseconds=1), self.id)
        return Place(kind, self.number, self.id)


def _worded(kept: str) -> list[Badge]:
    """Return what badges say on the day of the market; only cards with badges ask."""
    day = WIB.local(clock.now()).date().isoformat()
    return worded(shelf.holding(json.loads(kept), day), day)


def _moment(stamp: datetime | str) -> datetime:
    """Read a moment as the engine has it: SQLite keeps text in UTC."""
    return datetime.fromisoformat(stamp).replace(tzinfo=UTC) if isinstance(stamp, str) else stamp


def list_tiles(
    filters: Filters,
    category: tuple[int, bool] | None,
    most: int = rules.PAGE,
    papers: Mapping[str, int] | None = None,
    few: bool = False,  # noqa: FBT001, FBT002
) -> list[Tile]:
    """Return a page of cards and one more, which tells that there are others.

    `category` is (id, whether it is an upper one); `papers` says how many cards have each paper, so that a rare one
    leads the way instead of being looked for along the whole shelf; so do the prices when few cards are in their range.
    """
    kept = dict.fromkeys(shelf.PAPERS, 0) | dict(papers or {})  # what no card has is in no count
    # Of a rare paper's cards only those in the place that is asked for are put in order.
    rarely = WALKED if category or filters.kecamatan else RARE
    rare = [each for each in filters.marks if papers is not None and kept.get(each, rarely) < rarely]
    driver = "bazaar" if filters.bazaar else min(rare, key=lambda each: kept[each], default="prices" if few else "")
    shape = _shape(filters, category)._replace(
        sort=filters.sort, after=filters.after is not None, driver=driver, most=most + 1
    )
    facts = _facts(filters, category)
    if filters.sort == turns.NAME:
        return _by_turns(shape, facts, filters.after)
    if filters.after:
        facts["value"], facts["number"] = _begin(filters.sort, filters.after, rules.bounds(filters.prices))
    return _tiles(statements.page(shape), facts)


def _by_turns(shape: Shape, facts: dict[str, Any], after: Place | None) -> list[Tile]:
    """Read the stretch that is under way; only where it ends, all that come after it, in one more question."""
    start = turns.start_of(after, _today())
    if shape.driver:
        facts |= {"start": start, "stretch": turns.stretch_of(after)}
        if after:
            facts |= {"value": after.value % SLOTS, "number": after.number}
        return _tiles(statements.page(shape), facts)
    tiles: list[Tile] = []
    coming = turns.ahead(start, after)
    for part in (coming[:1], coming[1:]):
        if part and len(tiles) < shape.most:
            along = statements.page(shape._replace(after=False, stretches=len(part)))
            tiles += _tiles(along, facts | turns.facts(part))
    return tiles[: shape.most]


def list_in_turn(category: tuple[int, bool], most: int) -> list[Tile]:
    """Return the first cards of a category as its shops take turns today, in one question."""
    along = turns.ahead(turns.start_of(None, _today()), None)
    shape = _shape(Filters(), category)._replace(sort=turns.NAME, stretches=len(along), most=most)
    return _tiles(statements.page(shape), _facts(Filters(), category) | turns.facts(along))


def place_after(tile: Tile, filters: Filters) -> Place:
    """Return the place after a card in the order of these filters."""
    if filters.sort == turns.NAME:
        return turns.place(turns.start_of(filters.after, _today()), tile.turn, tile.slot, tile.id)
    return tile.place(filters.sort)


def list_by_ids(product_ids: Sequence[int]) -> list[Tile]:
    """Return these cards in this order."""
    if not product_ids:
        return []
    found = {tile.id: tile for tile in _tiles(statements.BY_IDS, {"ids": list(product_ids)})}
    return [found[number] for number in product_ids if number in found]


def list_of_shop(shop_id: int, after: Place | None = None, most: int = rules.PAGE) -> list[Tile]:
    """Return the newest cards of a shop, and one more."""
    facts: dict[str, Any] = {"shop": shop_id}
    if after:
        facts["value"], facts["number"] = _begin("terbaru", after)
    return _tiles(statements.of_shop(Shape(after=after is not None, most=most + 1)), facts)


def count_between(
    filters: Filters, category: tuple[int, bool] | None, all_here: int, papers: Mapping[str, int]
) -> tuple[int, bool]:
    """Count cards in a range of prices or with marks, up to one more than is shown in figures.

    Tells too whether they were counted: of very many cards in a place (`all_here`) nobody knows soon how many have
    marks that many have.
    """
    asked = [each for each in filters.marks if each in shelf.PAPERS]
    rarest = min(asked, key=lambda each: papers.get(each, 0), default="")
    rare = bool(rarest) and papers.get(rarest, 0) < WALKED
    whole = bool(rare or filters.bazaar or not filters.marks or all_here <= WALKED)
    if not whole:
        return 0, False
    shape = _shape(filters, category)._replace(driver=rarest if rare else "", most=rules.MOST_COUNTED + 1)
    return int(db.session.connection().execute(counting.count(shape), _facts(filters, category)).scalar_one()), True


def keep_marked(product_ids: Sequence[int], filters: Filters) -> set[int]:
    """Return which of these cards have everything that is asked of the goods themselves."""
    query = statements.having_marks(filters.marks, bazaar=bool(filters.bazaar))
    facts = {"ids": list(product_ids), **_mark_facts(filters)}
    return {row[0] for row in db.session.connection().execute(query, facts).all()}


def having(filters: Filters) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return what a card must have that is asked of the goods themselves, for whoever asks for cards in another way."""
    return statements.conditions(filters.marks, bazaar=bool(filters.bazaar)), _mark_facts(filters)


def list_marked(product_ids: Sequence[int], filters: Filters) -> tuple[set[int], dict[int, Tile]]:
    """Return which of these cards have everything that is asked of the goods themselves, and all of them."""
    query = statements.with_marks(filters.marks, bazaar=bool(filters.bazaar))
    facts = {"ids": list(product_ids), **_mark_facts(filters)}
    rows, media_url, said = db.session.connection().execute(query, facts).all(), settings().media_url, dict[str, Any]()
    held = {row[0]: Tile(row[:-1], media_url, said) for row in rows}
    return {row[0] for row in rows if row[-1]}, held


def _today() -> date:
    return WIB.local(clock.now()).date()


def _shape(filters: Filters, category: tuple[int, bool] | None) -> Shape:
    """Return the shape of a question for the cards of a place that have what is asked."""
    column = "" if category is None else "top" if category[1] else "leaf"
    prices, bazaar = bool(filters.prices), bool(filters.bazaar)
    return Shape(column, len(filters.kecamatan), prices, marks=filters.marks, bazaar=bazaar)


def _facts(filters: Filters, category: tuple[int, bool] | None) -> dict[str, Any]:
    facts: dict[str, Any] = {f"kecamatan{n}": code for n, code in enumerate(filters.kecamatan)}
    if category:
        facts["category"] = category[0]
    if bounds := rules.bounds(filters.prices):
        facts["low"], facts["high"] = bounds
    return facts | _mark_facts(filters)


def _mark_facts(filters: Filters) -> dict[str, Any]:
    facts: dict[str, Any] = {"today": _today()} if filters.marks else {}
    return facts | ({"bazaar": filters.bazaar} if filters.bazaar else {})


def _begin(sort: str, after: Place, prices: tuple[int, int] | None = None) -> tuple[Any, int]:
    """Return behind what a page begins; a place outside the range of prices gives way to the end of that."""
    if sort == "terbaru":
        try:
            return EPOCH + timedelta(microseconds=after.value), after.number
        except OverflowError:
            return EPOCH, after.number
    place, (low, high) = (after.value, after.number), prices or (0, rules.LARGEST)
    return max(place, (low - 1, _LAST)) if sort == "termurah" else min(place, (high + 1, 0))


def _tiles(query: Select[Any], facts: dict[str, Any]) -> list[Tile]:
    media_url: str = settings().media_url
    said: dict[str, list[Badge]] = {}
    return [Tile(row, media_url, said) for row in db.session.connection().execute(query, facts).all()]
