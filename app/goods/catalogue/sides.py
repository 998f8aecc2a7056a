"""What stands around the cards: filters as chips on a phone and as a form on a desk, their count and their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final

from markupsafe import Markup

from app.core.i18n import _, _n, language, tanggal
from app.goods.catalogue import rules
from app.goods.catalogue.facets import Category
from app.goods.catalogue.listing import Listing
from app.goods.catalogue.moulds import NEXT, Moulds, block, escaped, fill, gap, in_ascii, kept, macro, mould
from app.goods.shelf.rules import BANDS, band_name
from app.kit.rupiah import Rupiah

TEMPLATE: Final = "goods/catalogue/_filters.html"
LIST: Final = "goods/catalogue/_list.html"
GAPS: Final = {"form": ("q", "sort", "low", "high"), "chips": ("asks", "number", "everything")}
ROWS: Final = {"choice": ("value", "words", "count"), "chip": ("url", "words", "count")}
BLOCKS: Final = {"form": ("kinds", "prices", "marks", "places"), "chips": ("kinds",)}

MOST_BAZAARS: Final = 4

Choice = tuple[str, str, int | None, bool, bool]
"""Value, words, how many or None, whether it is chosen, whether it is a leaf."""


def said_band(band: tuple[int, int]) -> str:
    """Say a range of prices."""
    return _said_band(language(), band)


@lru_cache(maxsize=256)
def _said_band(_spoken: str, band: tuple[int, int]) -> str:
    low, high = (str(Rupiah(end)) for end in band)
    if not band[0]:
        return _("Sampai %(price)s", price=high)
    if not band[1]:
        return _("%(price)s ke atas", price=low)
    return f"{low}–{high.removeprefix('Rp')}"


def chips(page: Listing) -> Markup:
    """Return the categories as chips; empty when there is nothing to choose."""
    if page.facets is None:
        return Markup()
    filters, moulds, kinds = page.filters, kept(), []
    before, after = map(escaped, filters.around_category())
    counted, open_one = page.counted, page.category
    closed = _piece(moulds, "chip", count=counted, current=False)
    for each, _leaf in _open(page):
        piece = _piece(moulds, "chip", count=counted, current=True) if each is open_one else closed
        words = f"{before}{each.slug}{after}", escaped(each.name)
        kinds.append(piece % ((*words, each.items) if counted else words))
    around = {
        "asks": escaped(filters.url(asks=True)),
        "number": filters.chosen,
        "everything": escaped(filters.url(category="")),
        "kinds": "\n".join(kinds),
    }
    piece = _piece(moulds, "chips", number=bool(filters.chosen), none_chosen=page.category is None)
    return Markup(piece % around)  # noqa: S704 - every word was escaped


def form(page: Listing, *, at_once: bool = True) -> Markup:
    """Return the filters as a form; empty when there is nothing to choose."""
    if page.facets is None:
        return Markup()
    filters, moulds = page.filters, kept()
    sort = filters.sort if filters.sort != rules.usual_sort(filters.q) else ""
    typed = filters.prices if filters.prices and filters.prices not in BANDS else (0, 0)
    words = {
        "q": escaped(filters.q),
        "sort": sort,
        "kinds": _choices(moulds, "kategori", _kinds(page)),
        "prices": _choices(moulds, "harga", _prices(page)),
        "low": typed[0] or "",
        "high": typed[1] or "",
        "marks": _marks(moulds, page),
        "places": _choices(moulds, "kecamatan", _places(page)),
    }
    shape = {
        "q": bool(filters.q),
        "sort": bool(sort),
        "low": bool(typed[0]),
        "high": bool(typed[1]),
        "places": bool(words["places"]),
        "at_once": at_once,
    }
    return Markup(_piece(moulds, "form", **shape) % words)  # noqa: S704 - every word was escaped


def above(page: Listing) -> Markup:
    """Return what stands over the cards: how many there are, and the orders to choose from; empty without cards."""
    filters = page.filters
    if not page.tiles or page.instead:
        return Markup()
    facts: dict[str, Any] = dict.fromkeys(rules.SORTS, "")
    facts |= {sort: filters.url(sort=sort) for sort in rules.offered(filters.q)}
    said = page.said_total
    facts["total"] = _n("%(n)s produk", "%(n)s produk", page.total or 0, n=said) if said else ""
    facts["chosen"] = rules.SORTS.index(filters.sort)
    return fill(LIST, "above", facts)


def _open(page: Listing) -> Iterator[tuple[Category, bool]]:
    """Go through the categories on offer and, below the open one, its leaves; the flag marks a leaf."""
    assert page.facets is not None
    opened = page.parent
    for top in page.facets.tops:
        if top.items or top is opened:
            yield top, False
        if top is opened:
            yield from ((leaf, True) for leaf in top.children if leaf.items or leaf is page.category)


def _kinds(page: Listing) -> Iterator[Choice]:
    counted, chosen = page.counted, page.category
    yield "", _("Semua jenis"), None, chosen is None, False
    for each, leaf in _open(page):
        yield each.slug, each.name, each.items if counted else None, each is chosen, leaf


def _prices(page: Listing) -> Iterator[Choice]:
    assert page.facets is not None
    filters, counts = page.filters, page.facets.prices
    counted = not filters.q and filters.chosen == bool(filters.prices)
    yield "", _("Semua harga"), None, filters.prices is None, False
    for band, name, value, said in _said_bands(language()):
        yield value, said, counts.get(name, 0) if counted else None, band == filters.prices, False


@lru_cache(maxsize=8)
def _said_bands(_spoken: str) -> list[tuple[tuple[int, int], str, str, str]]:
    """Return each range of prices with its name, as an address says it, and as a page does."""
    return [(band, band_name(band), rules.said_prices(band), Markup(in_ascii(escaped(said_band(band)))))  # noqa: S704
            for band in BANDS]  # fmt: skip


def _places(page: Listing) -> Iterator[Choice]:
    assert page.facets is not None
    counted, chosen = page.counted, page.filters.kecamatan
    for each in page.facets.kecamatan:
        yield each.code, each.name, each.items if counted else None, each.code in chosen, False


def said_mark(mark: str) -> str:
    """Say what is asked of the goods themselves."""
    return _said_marks(language())[mark]


@lru_cache(maxsize=8)
def _said_marks(_spoken: str) -> dict[str, str]:
    return {"ada": _("Ada hari ini"), "halal": _("Halal, sudah diperiksa"), "pirt": _("P-IRT, sudah diperiksa")}


def said_bazaar(day: str) -> str:
    """Say at which bazaar the goods can be had, by its day (ISO)."""
    return _("Bisa diambil di bazar %(day)s", day=tanggal(date.fromisoformat(day)))


def _marks(moulds: Moulds, page: Listing) -> str:
    """Return the rows of what is asked of the goods themselves; a paper that no card has is not offered."""
    assert page.facets is not None
    facets, filters = page.facets, page.filters
    alone = not filters.q and not filters.chosen
    offered = [mark for mark in rules.MARKS if mark == "ada" or facets.marks.get(mark)]
    rows = [(mark, said_mark(mark), facets.marks.get(mark, 0) if alone else None, mark in filters.marks, False)
            for mark in offered]  # fmt: skip
    said = _choices(moulds, "ciri", rows)
    # Of many to come the next ones are offered; one that was chosen, or stands in an address, stays.
    coming = [(slug, said_bazaar(day), facets.guests[slug] if alone else None, slug == filters.bazaar, False)
              for place, (slug, day) in enumerate(facets.bazaars.items())
              if place < MOST_BAZAARS or slug == filters.bazaar]  # fmt: skip
    return "\n".join(filter(None, (said, _choices(moulds, "bazar", coming))))


def _choices(moulds: Moulds, name: str, rows: Iterable[Choice]) -> str:
    """Return rows of the form one under the other."""
    made = []
    pieces: dict[tuple[bool, bool, bool], str] = {}
    for value, words, count, checked, leaf in rows:
        shape = (count is not None, checked, leaf)
        piece = pieces.get(shape)
        if piece is None:
            piece = pieces[shape] = _piece(moulds, "choice", name=name, count=shape[0], checked=checked, leaf=leaf)
        made.append(piece % ((value, escaped(words)) if count is None else (value, escaped(words), count)))
    return "\n".join(made)


def _piece(moulds: Moulds, piece: str, **shape: Any) -> str:
    """Return a macro of the template as a format; a word that `shape` calls absent is left out."""
    return mould(moulds, (TEMPLATE, piece, *shape.values()), partial(_blank, piece, shape))


def _blank(piece: str, shape: dict[str, Any]) -> str:
    words: dict[str, Any] = dict.fromkeys(ROWS.get(piece, ()), NEXT) | {each: gap(each) for each in GAPS.get(piece, ())}
    words |= {each: block(each) for each in BLOCKS.get(piece, ())}
    absent = {each: "" for each in words if shape.get(each) is False}
    return str(macro(TEMPLATE, piece)(**{**shape, **words, **absent}))
