"""What an address asks of the shelf: filters, order, place; and the addresses that follow from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus

from app.kit.digits import grouped
from app.kit.rupiah import Rupiah

PAGE: Final = 24
MOST_COUNTED: Final = 1_000
MOST_KECAMATAN: Final = 8
MARKS: Final = ("ada", "halal", "pirt")
SORTS: Final = ("relevan", "bergilir", "terbaru", "termurah", "termahal")
_SEARCHED: Final = tuple(sort for sort in SORTS if sort != "bergilir")
_SHELVED: Final = tuple(sort for sort in SORTS if sort != "relevan")
LARGEST: Final = 999_999_999_999
_SIGN: Final = "\N{NULL}"
WEIGHED: Final = frozenset(("makanan-ringan", "kue-roti", "lauk-olahan", "minuman", "bumbu-bahan", "hasil-tani"))
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_KECAMATAN: Final = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}")
_PRICES: Final = re.compile(r"([0-9]{0,12})-([0-9]{0,12})")
_CURSOR: Final = re.compile(r"([a-z])(-?[0-9]{1,18})\.([0-9]{1,19})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list ended: the value it is ordered by and the row's number. `kind` ties it to its order."""

    kind: str
    value: int
    number: int

    def __str__(self) -> str:
        """Return it as it stands in an address."""
        return f"{self.kind}{self.value}.{self.number}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked. Prices are whole rupiah, both ends included, an upper end of 0 is open."""

    q: str = ""
    category: str = ""
    kecamatan: tuple[str, ...] = ()
    prices: tuple[int, int] | None = None
    sort: str = "terbaru"
    after: Place | None = None
    asks: bool = False
    marks: tuple[str, ...] = ()
    bazaar: str = ""

    @property
    def chosen(self) -> int:
        """Return how many filters are on."""
        return bool(self.category) + len(self.kecamatan) + bool(self.prices) + len(self.marks) + bool(self.bazaar)

    @property
    def marked(self) -> bool:
        """Tell whether something is asked of the goods themselves: there today, with a paper, at a bazaar."""
        return bool(self.marks or self.bazaar)

    def around_category(self) -> tuple[str, str]:
        """Return what stands before and after the category in the addresses of all categories.

        >>> Filters(kecamatan=("36.04.13",), sort="bergilir").around_category()
        ('/produk?kategori=', '&kecamatan=36.04.13')
        """
        before, _, after = self.url(category=_SIGN).partition(_SIGN)
        return before, after

    def url(self, **changes: Any) -> str:
        """Return the address of these filters with some changed; the place in the list is left behind."""
        given = changes.get
        q, sort = given("q", self.q), given("sort", self.sort)
        # All but the words are of our own making and stand in an address as they are; signs that no address can
        # carry (lone surrogates) become question marks.
        pairs = [f"q={quote_plus(q, errors='replace')}"] if q else []
        if category := given("category", self.category):
            pairs.append(f"kategori={category}")
        pairs += [f"kecamatan={code}" for code in given("kecamatan", self.kecamatan)]
        if prices := given("prices", self.prices):
            pairs.append(f"harga={said_prices(prices)}")
        pairs += [f"ciri={mark}" for mark in given("marks", self.marks)]
        if bazaar := given("bazaar", self.bazaar):
            pairs.append(f"bazar={bazaar}")
        if sort != usual_sort(q):
            pairs.append(f"urut={sort}")
        if after := given("after"):
            pairs.append(f"setelah={after}")
        if given("asks"):
            pairs.append("saring=1")
        return f"/produk?{'&'.join(pairs)}" if pairs else "/produk"


def read(args: Mapping[str, Sequence[str]]) -> Filters:
    """Read an address; what no page of ours writes is left out calmly.

    >>> asked = read({"kecamatan": ["36.04.13", "x"], "harga": ["25000-10000"], "urut": ["acak"], "q": ["  telor  "]})
    >>> asked.url()
    '/produk?q=telor&kecamatan=36.04.13&harga=10000-25000'
    """
    q = " ".join(_first(args, "q")[:400].split())[:80]
    category = _first(args, "kategori")
    codes = dict.fromkeys(code for code in list(args.get("kecamatan", ()))[:40] if _KECAMATAN.fullmatch(code))
    sort = _first(args, "urut")
    sort = sort if sort in offered(q) else usual_sort(q)
    return Filters(
        q=q,
        category=category if _SLUG.fullmatch(category) else "",
        kecamatan=tuple(sorted(codes)[:MOST_KECAMATAN]),
        prices=_prices(args),
        sort=sort,
        after=read_place(_first(args, "setelah"), kind_of(sort)),
        asks=_first(args, "saring") == "1",
        marks=tuple(mark for mark in MARKS if mark in list(args.get("ciri", ()))[:20]),
        bazaar=bazaar if _SLUG.fullmatch(bazaar := _first(args, "bazar")) else "",
    )


def _prices(args: Mapping[str, Sequence[str]]) -> tuple[int, int] | None:
    """Read the range that was typed, else the one that was chosen; one typed before gives way to a choice made now."""
    typed = read_ends(_first(args, "dari"), _first(args, "sampai"))
    if typed and not ("harga" in args and said_prices(typed) == _first(args, "kini")):
        return typed
    return read_prices(_first(args, "harga"))


def usual_sort(q: str) -> str:
    """Return the order nobody has to ask for."""
    return offered(q)[0]


def offered(q: str) -> tuple[str, ...]:
    """Return the orders to choose from: only a search knows what fits best, and only without one shops take turns.

    >>> offered("telur")[0], offered("")[0]
    ('relevan', 'bergilir')
    """
    return _SEARCHED if q else _SHELVED


def kind_of(sort: str) -> str:
    """Return the letter that ties a place to its order.

    >>> kind_of("termahal")
    'h'
    """
    return {"relevan": "r", "bergilir": "g", "terbaru": "b", "termurah": "m", "termahal": "h"}[sort]


def read_place(text: str, kind: str) -> Place | None:
    """Read where a page ended, None when it belongs to another order or is nothing of ours.

    >>> read_place("b1700.24", "b"), read_place("b1700.24", "m"), read_place("b9.99999999999999999999", "b")
    (Place(kind='b', value=1700, number=24), None, None)
    """
    found = _CURSOR.fullmatch(text[:60])
    if found is None or found[1] != kind or int(found[3]) >= 1 << 63:
        return None
    return Place(kind, int(found[2]), int(found[3]))


def read_prices(text: str) -> tuple[int, int] | None:
    """Read a range of prices; the ends may be typed the wrong way round or left open.

    >>> read_prices("10000-25000"), read_prices("-10000"), read_prices("50000-"), read_prices("0-"), read_prices("x")
    ((10000, 25000), (0, 10000), (50000, 0), None, None)
    """
    found = _PRICES.fullmatch(text[:40])
    if found is None:
        return None
    low, high = int(found[1] or 0), int(found[2] or 0)
    if high and low > high:
        low, high = high, low
    return (low, high) if low or high else None


def read_ends(low: str, high: str) -> tuple[int, int] | None:
    """Read a range of prices typed in two fields, with or without dots; what is no number counts as nothing.

    >>> read_ends("10.000", "Rp 25000"), read_ends("", "9000"), read_ends("", "x")
    ((10000, 25000), (0, 9000), None)
    """
    ends = ("".join(sign for sign in end[:40] if sign in "0123456789")[:12] for end in (low, high))
    return read_prices("-".join(ends))


def said_prices(prices: tuple[int, int]) -> str:
    """Return a range of prices as an address says it.

    >>> said_prices((0, 10_000)), said_prices((50_000, 0))
    ('-10000', '50000-')
    """
    return f"{prices[0] or ''}-{prices[1] or ''}"


def bounds(prices: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return both ends of a range in figures."""
    return (prices[0], prices[1] or LARGEST) if prices else None


def toggled(codes: tuple[str, ...], code: str) -> tuple[str, ...]:
    """Return the codes with one more, or one less when it was there.

    >>> toggled(("a", "b"), "a"), toggled(("b",), "a")
    (('b',), ('a', 'b'))
    """
    return tuple(sorted(set(codes) ^ {code}))


def said_count(number: int) -> str:
    """Return a number of things as it is shown; far ones are not counted.

    >>> said_count(24), said_count(1_000), said_count(1_001)
    ('24', '1.000', '1.000+')
    """
    return grouped(number) if number <= MOST_COUNTED else f"{grouped(MOST_COUNTED)}+"


def per_100_g(price: Rupiah, net_weight_g: int | None) -> Rupiah | None:
    """Return the price of 100 g, rounded half up to whole rupiah; None when weight says nothing.

    >>> per_100_g(Rupiah(15_000), 250), per_100_g(Rupiah(15_000), None)
    (Rupiah(amount=6000), None)
    """
    if not net_weight_g or net_weight_g <= 0:
        return None
    return Rupiah((price.amount * 200 + net_weight_g) // (2 * net_weight_g))


def said_weight(net_weight_g: int | None) -> str:
    """Return a weight as it stands on a packet.

    >>> said_weight(250), said_weight(1_500), said_weight(None)
    ('250 g', '1,5 kg', '')
    """
    if not net_weight_g:
        return ""
    if net_weight_g < 1_000:
        return f"{net_weight_g} g"
    return f"{net_weight_g / 1_000:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " kg"


def _first(args: Mapping[str, Sequence[str]], name: str) -> str:
    given = args.get(name) or ("",)
    return given[0]
