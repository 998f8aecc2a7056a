"""A page of the catalogue: what was asked, what stands on the shelf, and the ways on from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from app.goods.catalogue import queries, rules
from app.goods.catalogue.facets import Category, Facets, list_facets
from app.goods.catalogue.queries import Tile
from app.goods.catalogue.rules import Filters, Place
from app.goods.search import having
from app.goods.search import queries as search
from app.goods.search.rules import Found, Question, Ranked, Scope
from app.goods.shelf.rules import PAPERS
from app.kit.digits import grouped

# Prices that fewer than one card in so many has are gathered first: walking past all others would take longer.
SELDOM: Final = 20
# So many cards are read whole to see which of them have what is asked; more are asked that first.
FEW_FINDS: Final = 2 * rules.PAGE
BY_PRICE: Final = ("termurah", "termahal")


@dataclass(frozen=True)
class Listing:
    """What the page shows. `total` is None when it is not counted, and `exact` when it was counted to the end; without
    `ends` there may be more. `facets` is None when there are none to choose.

    `instead` tells that the cards are not what was asked for, only the newest there are; `near` are the nearest things,
    after the few that were asked for, or, where `beyond`, what the words find without the filters. `words` are what
    somebody may have meant to type.
    """

    filters: Filters
    tiles: Sequence[Tile]
    facets: Facets | None = None
    category: Category | None = None
    total: int | None = None
    exact: bool = False
    more: str | None = None
    found: Found | None = None
    instead: bool = False
    names: dict[str, str] = field(default_factory=dict)
    near: Sequence[Tile] = ()
    words: Sequence[str] = ()
    ends: bool = True

    @property
    def beyond(self) -> bool:
        """Tell whether the words find something, but nothing that the filters let through."""
        return bool(self.found and self.found.outside)

    @property
    def bare(self) -> bool:
        """Tell whether nothing was asked for but an order and a place in it, as on most pages."""
        return bool(self.tiles) and not self.filters.q and not self.filters.chosen

    @property
    def counted(self) -> bool:
        """Tell whether the counts beside the filters hold for this page."""
        return not self.filters.q and not self.filters.prices and not self.filters.marked

    @property
    def said_total(self) -> str:
        """Say how many there are; nothing where that is not known, for a number of fewer would be one of ours."""
        if not self.ends and (self.total or 0) <= rules.MOST_COUNTED:
            return ""
        return grouped(self.total or 0) if self.exact else rules.said_count(self.total or 0)

    @property
    def parent(self) -> Category | None:
        """Return the upper category that is open."""
        if self.category is None or self.facets is None:
            return None
        return self.facets.by_id[self.category.parent] if self.category.parent else self.category


def read(asked: Filters) -> Listing:
    """Put together the page for these filters; names that nothing has are left out."""
    facets = _facets(asked)
    question = search.read(asked.q, facets.spellings)
    if asked.category and asked.category not in facets.by_slug:
        asked = replace(asked, category="")
        facets = _facets(asked)
    if asked.kecamatan:
        asked = replace(asked, kecamatan=tuple(code for code in asked.kecamatan if code in facets.names))
    if asked.bazaar and asked.bazaar not in facets.bazaars:
        asked = replace(asked, bazaar="")
    return _searched(asked, question, facets) if asked.q else _shelved(asked, facets)


def _facets(asked: Filters) -> Facets:
    spelled = bool(asked.q)
    return list_facets(asked.category, asked.kecamatan, spelled=spelled, stalls=spelled and bool(asked.bazaar))


def _shelved(filters: Filters, facets: Facets) -> Listing:
    category = facets.by_slug.get(filters.category)
    chosen = (category.id, category.parent is None) if category else None
    total = all_here = category.items if category else facets.total
    ends = True
    exact = not filters.prices and not filters.marked
    if not exact:
        known = facets.counted_alone(filters)
        exact = known is not None
        total, ends = (
            (known, True) if known is not None else queries.count_between(filters, chosen, all_here, facets.papers)
        )
    few = bool(filters.prices) and ends and total <= rules.MOST_COUNTED and total * SELDOM < all_here
    tiles = queries.list_tiles(filters, chosen, papers=facets.papers, few=few)
    if not ends:
        total = max(total, len(tiles))
    more = filters.url(after=queries.place_after(tiles[rules.PAGE - 1], filters)) if len(tiles) > rules.PAGE else None
    return Listing(filters, tiles[: rules.PAGE], facets, category, total, exact, more, names=facets.names, ends=ends)


def _searched(filters: Filters, question: Question, facets: Facets) -> Listing:
    category = facets.by_slug.get(filters.category)
    found, held = _found(filters, question, _scope(filters, category, facets), facets)
    words = _meant(filters, question, found)
    if not found.ranked:
        return replace(_nothing(filters, found, facets, held), words=words)
    ordered = _ordered(found.ranked, filters.sort)
    behind = [each for each in ordered if _is_behind(each, filters.sort, filters.after)] if filters.after else ordered
    on = len(behind) > rules.PAGE
    more = filters.url(after=_place(behind[rules.PAGE - 1], filters.sort)) if on else None
    shown, near = behind[: rules.PAGE], [] if more else found.near[: rules.PAGE]
    tiles = _tiles([*shown, *near], held)
    scores = {each.product_id: each.score for each in shown}
    like = [tile for tile in tiles if tile.id not in scores]
    tiles = [tile for tile in tiles if tile.id in scores]
    if filters.sort == "relevan":  # of equals those first that are there; which of them stand here stays as it is
        tiles.sort(key=lambda tile: (-scores[tile.id], tile.sold_out))
    # Beside what is only guessed there is nothing to choose yet.
    shown_facets = facets if filters.chosen or not found.guessed else None
    return Listing(
        filters, tiles, shown_facets, category, found.total or len(ordered), bool(found.total), more=more, found=found,
        names=shown_facets.names if shown_facets else {}, near=like, words=words,
        ends=bool(found.total) or not found.cut,
    )  # fmt: skip


def _scope(filters: Filters, category: Category | None, facets: Facets) -> Scope:
    """Return where the words are looked for: of all that is asked the index does not know what is there today, nor
    whether a paper still holds."""
    papers = tuple(each for each in filters.marks if each in PAPERS)
    shops = facets.stalls.get(filters.bazaar, ())
    number = category.id if category else None
    prices = rules.bounds(filters.prices)
    return Scope(number, filters.kecamatan, prices, papers, shops, few=facets.fewest(filters) < queries.RARE)


def _found(filters: Filters, question: Question, scope: Scope, facets: Facets) -> tuple[Found, dict[int, Tile]]:
    """Return what the words find and the filters let through, and those of its cards that were read on the way.

    A first page needs only the newest that answer, and where a mark is asked for, the best of many; whoever goes on,
    wants the cheapest, or has left hardly any of them, is shown what stands behind those too. Where what is there today
    is not `likely` to fill a page, it is asked for together with the words.
    """
    if not question:
        return Found(), {}
    likely = facets.there if "ada" in filters.marks else 1.0
    seldom = likely * FEW_FINDS <= rules.PAGE
    far = bool(filters.after or filters.prices) or filters.sort in BY_PRICE
    found = search.find(question, scope, far=far and not (filters.marked and seldom), marked=filters.marked)
    if not (filters.marked and found.ranked):
        return found, {}
    if not likely:
        return replace(found, ranked=(), near=(), outside=found.ranked), {}
    if found.guessed or not found.cut or (far and not seldom):
        return _marked(filters, found)
    if not seldom:
        left, held = _marked(filters, replace(found, ranked=_ordered(found.ranked, filters.sort)[:FEW_FINDS]))
        if len(left.ranked) > rules.PAGE:
            return left, held
    return having.find(found, question, scope, *queries.having(filters)), {}


def _meant(filters: Filters, question: Question, found: Found) -> Sequence[str]:
    """Return what the field suggests where scripts run, for whoever has none; on a first page without filters.

    Several words are gone on with only where they find little: where they find much, she sees it already.
    """
    if not question or filters.chosen or filters.after:
        return ()
    known = {filters.q.strip().lower(), question.said, found.understood}
    if found.guessed:
        return [each for each in found.begun if each not in known]
    if len(question.words) > 1 and len(found.ranked) > rules.PAGE:
        return ()
    return [each for each in search.suggest(question) if each not in known]


def _marked(filters: Filters, found: Found) -> tuple[Found, dict[int, Tile]]:
    """Keep what has everything that is asked of the goods themselves; when nothing has, all of it stands outside.

    Of a few finds, and where there is no other question left to ask, the cards come along in the same question; of many
    only which of them have it.
    """
    ids, held = [each.product_id for each in (*found.ranked, *found.near)], dict[int, Tile]()
    if found.guessed or len(ids) <= FEW_FINDS:
        has, held = queries.list_marked(ids, filters)
    else:
        has = queries.keep_marked(ids, filters)
    ranked, near = ([each for each in some if each.product_id in has] for some in (found.ranked, found.near))
    return replace(found, ranked=ranked, near=near, outside=() if ranked else found.ranked), held


def _tiles(wanted: Sequence[Ranked], held: Mapping[int, Tile]) -> Sequence[Tile]:
    """Return the cards of finds: those that were read already, else they are asked for."""
    ids = [each.product_id for each in wanted]
    return [held[number] for number in ids] if held.keys() >= set(ids) else queries.list_by_ids(ids)


def _nothing(filters: Filters, found: Found, facets: Facets, held: Mapping[int, Tile]) -> Listing:
    """Show what the words find without the filters, else the newest there is: a search never ends at a wall."""
    near = _tiles(found.outside[: rules.PAGE], held)
    tiles = [] if near else queries.list_tiles(Filters(), None)[: rules.PAGE]
    category = facets.by_slug.get(filters.category)
    names = facets.names
    return Listing(filters, tiles, facets, category, 0, found=found, instead=bool(tiles), names=names, near=near)


def _ordered(ranked: Sequence[Ranked], sort: str) -> list[Ranked]:
    if sort == "terbaru":
        return sorted(ranked, key=lambda each: -each.position)
    if sort == "termurah":
        return sorted(ranked, key=lambda each: (each.price, each.product_id))
    if sort == "termahal":
        return sorted(ranked, key=lambda each: (-each.price, -each.product_id))
    return list(ranked)


def _place(each: Ranked, sort: str) -> Place:
    """Return the place after a card that was found: what it is ordered by, and what decides between equals."""
    kind = rules.kind_of(sort)
    if sort == "relevan":
        return Place(kind, each.score, each.position)
    return Place(kind, 0 if sort == "terbaru" else each.price, each.position if sort == "terbaru" else each.product_id)


def _is_behind(each: Ranked, sort: str, after: Place | None) -> bool:
    if after is None:
        return True
    here = _place(each, sort)
    if sort == "termurah":
        return (here.value, here.number) > (after.value, after.number)
    return (here.value, here.number) < (after.value, after.number)
