"""The filters beside a list: chips over it on a phone, a form beside it on a desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any, Final

from markupsafe import Markup

from app.core.i18n import _, tanggal
from app.goods.catalogue import rules
from app.goods.catalogue.facets import Category
from app.goods.catalogue.listing import Listing
from app.goods.catalogue.moulds import block, escaped, gap, kept, macro, mould
from app.goods.shelf.rules import BANDS, band_name
from app.kit.rupiah import Rupiah

TEMPLATE: Final = "goods/catalogue/_filters.html"
GAPS: Final = {
    "form": ("q", "sort", "low", "high"),
    "choice": ("value", "words", "count"),
    "chips": ("asks", "number", "everything"),
    "chip": ("url", "words", "count"),
}
BLOCKS: Final = {"form": ("kinds", "prices", "marks", "places"), "chips": ("kinds",)}

Choice = tuple[str, str, int | None, bool, bool]
"""Value, words, how many or None, whether it is chosen, whether it is a leaf."""


def said_band(band: tuple[int, int]) -> str:
    """Say a range of prices."""
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
    for each, _leaf in _open(page):
        piece = _piece(moulds, "chip", count=page.counted, current=each is page.category)
        url = filters.url(category=each.slug)
        kinds.append(piece % {"url": escaped(url), "words": escaped(each.name), "count": each.items})
    words = {
        "asks": escaped(filters.url(asks=True)),
        "number": filters.chosen,
        "everything": escaped(filters.url(category="")),
        "kinds": "\n".join(kinds),
    }
    piece = _piece(moulds, "chips", number=bool(filters.chosen), none_chosen=page.category is None)
    return Markup(piece % words)  # noqa: S704 - every word was escaped


def form(page: Listing, *, at_once: bool = True) -> Markup:
    """Return the filters as a form; empty when there is nothing to choose."""
    if page.facets is None:
        return Markup()
    filters = page.filters
    sort = filters.sort if filters.sort != rules.usual_sort(filters.q) else ""
    typed = filters.prices if filters.prices and filters.prices not in BANDS else (0, 0)
    words = {
        "q": escaped(filters.q),
        "sort": sort,
        "kinds": _choices("kategori", _kinds(page)),
        "prices": _choices("harga", _prices(page)),
        "low": typed[0] or "",
        "high": typed[1] or "",
        "marks": _marks(page),
        "places": _choices("kecamatan", _places(page)),
    }
    shape = {
        "q": bool(filters.q),
        "sort": bool(sort),
        "low": bool(typed[0]),
        "high": bool(typed[1]),
        "places": bool(words["places"]),
        "at_once": at_once,
    }
    return Markup(_piece(kept(), "form", **shape) % words)  # noqa: S704 - every word was escaped


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
    for band in BANDS:
        count = counts.get(band_name(band), 0) if counted else None
        yield rules.said_prices(band), said_band(band), count, band == filters.prices, False


def _places(page: Listing) -> Iterator[Choice]:
    assert page.facets is not None
    counted, chosen = page.counted, page.filters.kecamatan
    for each in page.facets.kecamatan:
        yield each.code, each.name, each.items if counted else None, each.code in chosen, False


def said_mark(mark: str) -> str:
    """Say what is asked of the goods themselves."""
    return {"ada": _("Ada hari ini"), "halal": _("Halal, sudah diperiksa"), "pirt": _("P-IRT, sudah diperiksa")}[mark]


def said_bazaar(day: str) -> str:
    """Say at which bazaar the goods can be had, by its day (ISO)."""
    return _("Bisa diambil di bazar %(day)s", day=tanggal(date.fromisoformat(day)))


def _marks(page: Listing) -> str:
    """Return the rows of what is asked of the goods themselves; a paper that no card has is not offered."""
    assert page.facets is not None
    facets, filters = page.facets, page.filters
    alone = not filters.q and not filters.chosen
    papers = [mark for mark in rules.MARKS if (mark not in facets.papers and mark == "ada") or facets.papers.get(mark)]
    rows = [(mark, said_mark(mark), facets.papers.get(mark) if alone else None, mark in filters.marks, False)
            for mark in papers]  # fmt: skip
    said = _choices("ciri", rows)
    coming = [(slug, said_bazaar(day), facets.guests[slug] if alone else None, slug == filters.bazaar, False)
              for slug, day in facets.bazaars.items()]  # fmt: skip
    return "\n".join(filter(None, (said, _choices("bazar", coming))))


def _choices(name: str, rows: Iterable[Choice]) -> str:
    """Return rows of the form one under the other."""
    moulds, made = kept(), []
    pieces: dict[tuple[bool, bool, bool], str] = {}
    for value, words, count, checked, leaf in rows:
        shape = (count is not None, checked, leaf)
        piece = pieces.get(shape)
        if piece is None:
            piece = pieces[shape] = _piece(moulds, "choice", name=name, count=shape[0], checked=checked, leaf=leaf)
        made.append(piece % {"value": value, "words": escaped(words), "count": count})
    return "\n".join(made)


def _piece(moulds: dict[tuple[Any, ...], str], piece: str, **shape: Any) -> str:
    """Return a macro of the template as a format; a word that `shape` calls absent is left out."""
    return mould(moulds, (TEMPLATE, piece, *shape.values()), partial(_blank, piece, shape))


def _blank(piece: str, shape: dict[str, Any]) -> str:
    words: dict[str, Any] = {each: gap(each) for each in GAPS[piece]}
    words |= {each: block(each) for each in BLOCKS.get(piece, ())}
    absent = {each: "" for each in words if shape.get(each) is False}
    return str(macro(TEMPLATE, piece)(**{**shape, **words, **absent}))
