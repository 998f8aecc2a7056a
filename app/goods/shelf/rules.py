"""What a card is, which pictures it has, and which words find it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from app.kit import words
from app.kit.rupiah import Rupiah
from app.kit.words import Variants

# Badges that belong to the shop, not to the product: they are kept apart and stand on every card of hers.
BAZAAR: Final = "bazaar"
MARKS: Final = (BAZAAR,)
PAPERS: Final = ("halal", "pirt")
# Ranges of prices that are offered, in rupiah; both ends belong to them, 0 is no end.
BANDS: Final = ((0, 10_000), (10_000, 25_000), (25_000, 50_000), (50_000, 100_000), (100_000, 0))
# Shops take turns: one card of each, then a second one of each, and after that all the others.
TURNS: Final = 3
SLOTS: Final = 1 << 20
# Near the golden section of SLOTS: numbers that follow each other lie far apart on the circle.
_STRIDE: Final = 648_055
_MOST_WORDS: Final = 120
_MOST_READ: Final = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A product as it shall stand on the shelf.

    `photo` is the storage stem of the cover (`3f/a0/9c…`), empty while only the category's drawing is shown; `badges`
    are [kind, word] and, of a paper, its last day (ISO, may be empty) and number; `words` is more text to find it by,
    such as what it is made of. `spread` when the price is that of the cheapest of several; `variant_id` is the one
    stock that empties the card, 0 when none does or several do `together`. No field names a person.
    """

    product_id: int
    variant_id: int
    slug: str
    name: str
    price: Rupiah
    unit: str
    category_id: int
    shop_id: int
    shop_slug: str
    shop_name: str
    regency_code: str
    kecamatan_code: str
    published_at: datetime
    spread: bool = False
    together: bool = False
    photo: str = ""
    badges: list[list[str]] = field(default_factory=list)
    words: str = ""
    at_bazaars: bool = True


class Picture(NamedTuple):
    """Addresses of one photo: two squares in WebP, the whole photo in WebP and JPEG; pixels of the small square."""

    small: str
    medium: str
    large: str
    jpeg: str
    width: int = 320
    height: int = 320


@dataclass(frozen=True, slots=True)
class Document:
    """What the index keeps of a card: roots of its name, roots of all that stands around it, and its places."""

    title: str
    rest: str
    facets: str

    @property
    def lexemes(self) -> tuple[str, ...]:
        """Every root once."""
        return tuple(dict.fromkeys((*self.title.split(), *self.rest.split())))

    @property
    def vector(self) -> str:
        """Say the roots and the places as PostgreSQL reads a tsvector.

        >>> Document("telur asin", "lapak", "c12").vector
        "'telur' 'asin' 'lapak' '#c12'"
        """
        return " ".join([*(f"'{root}'" for root in self.lexemes), *(f"'#{facet}'" for facet in self.facets.split())])


def bands(price: int) -> list[str]:
    """Name the ranges of prices in which a price lies.

    >>> bands(9_999), bands(10_000), bands(250_000)
    (['0-10000'], ['0-10000', '10000-25000'], ['100000-0'])
    """
    return [band_name(band) for band in BANDS if band[0] <= price and (not band[1] or price <= band[1])]


def band_name(band: tuple[int, int]) -> str:
    """Name a range of prices, as its count is kept.

    >>> band_name((0, 10_000))
    '0-10000'
    """
    return f"{band[0]}-{band[1]}"


def badges(own: Iterable[Sequence[str]], marks: Iterable[Sequence[str]], at_bazaars: bool) -> list[list[str]]:  # noqa: FBT001
    """Put what is said of a shop before what is said of a product; what stays at home says no bazaar.

    >>> badges([["bazaar", "old"], ["", "Halal"]], [["bazaar", "2026-12-05/2026-12-05"]], True)
    [['bazaar', '2026-12-05/2026-12-05'], ['', 'Halal']]
    >>> badges([["", "Halal"]], [["bazaar", "2026-12-05/2026-12-05"]], False)
    [['', 'Halal']]
    """
    shown = [each for each in marks if at_bazaars or each[0] != BAZAAR]
    return [list(each) for each in (*shown, *(each for each in own if each[0] not in MARKS))]


def until(badges: Iterable[Sequence[str]], kind: str) -> date | None:
    """Return the last day of a verified paper among badges, None when there is none.

    >>> until([["halal", "Halal", "", "ID1"]], "halal"), until([["halal", "Halal", "2027-03-01", "ID1"]], "halal")
    (datetime.date(9999, 12, 31), datetime.date(2027, 3, 1))
    >>> until([["bazaar", "2026-12-05/2026-12-05"]], "pirt")
    """
    days = [date.fromisoformat(each[2]) if each[2] else date.max for each in badges if each[0] == kind and each[3:]]
    return max(days, default=None)


def small(stem: str, base: str) -> str:
    """Name the file of a photo that a card shows."""
    return f"{base}/{stem}-320.webp"


def picture(stem: str, base: str) -> Picture:
    """Name the files of a photo under the address where public files are served.

    >>> picture("3f/a0/9c", "/media").small
    '/media/3f/a0/9c-320.webp'
    """
    start = f"{base}/{stem}"
    return Picture(small(stem, base), f"{start}-640.webp", f"{start}-1280.webp", f"{start}-960.jpg")


def slot(product_id: int) -> int:
    """Return the place of a card on the circle that is begun elsewhere each day.

    >>> slot(1), slot(2), len({slot(number) for number in range(5_000)})
    (648055, 247534, 5000)
    """
    return product_id % SLOTS * _STRIDE % SLOTS


def roots(text: str, spellings: Variants = words.VARIANTS) -> list[str]:
    """Roots of a text in a form that both engines keep as it is: other scripts are spelled out.

    >>> roots("Telor Asin"), roots("蛋")
    (['telur', 'asin'], ['ue89b8b'])
    """
    return [root for root, _word in Reading(spellings).said(text)]


class Reading:
    """What texts say in one set of spellings. Names of shops and places come again with every card: each is read once.

    >>> Reading(words.VARIANTS).said("Kripik kemasan")
    (('keripik', 'keripik'), ('kemas', 'kemasan'))
    """

    def __init__(self, spellings: Variants) -> None:
        """Begin with nothing read."""
        self.spellings = spellings
        # Each root of a text, in order, with the word that people know it by.
        self.said = lru_cache(maxsize=_MOST_READ)(self._said)

    def document(
        self, name: str, around: Iterable[str], category_ids: Iterable[int], kecamatan_code: str, own: Iterable[str]
    ) -> Document:
        """Put together what a card is found by; `own` are further marks of it.

        >>> reading = Reading(words.VARIANTS)
        >>> reading.document("Telor asin", ["Lapak Anyer", "asin"], [12, 3], "36.04.13", ["s7", "pirt"])
        Document(title='telur asin', rest='lapak anyar', facets='c12 c3 w360413 c12w360413 c3w360413 s7 pirt')
        """
        title = [root for root, _word in self.said(name)]
        rest = dict.fromkeys(root for text in around for root, _word in self.said(text))
        facets = facets_of(category_ids, kecamatan_code, own)
        return Document(" ".join(title), " ".join(root for root in rest if root not in title), facets)

    def _said(self, text: str) -> tuple[tuple[str, str], ...]:
        said = words.spelled(text, self.spellings, whole=True)[:_MOST_WORDS]
        return tuple((plain(words.stem(word)), word) for word in said)


def facets_of(category_ids: Iterable[int], kecamatan_code: str, own: Iterable[str]) -> str:
    """Return the marks of a card in the index: where it stands, and what is its own.

    >>> facets_of([12, 12], "36.04.13", ["s7"])
    'c12 w360413 c12w360413 s7'
    """
    categories = [category_facet(each) for each in dict.fromkeys(category_ids)]
    here = kecamatan_facet(kecamatan_code)
    return " ".join((*categories, here, *(each + here for each in categories), *own))


def own_facets(shop_id: int, halal_until: date | None, pirt_until: date | None) -> list[str]:
    """Return the marks of its shop and of the papers that a card has, whether or not they ended.

    >>> own_facets(7, None, date(2027, 1, 1))
    ['s7', 'pirt']
    """
    days = zip(PAPERS, (halal_until, pirt_until), strict=True)
    return [shop_facet(shop_id), *(kind for kind, day in days if day)]


def category_facet(category_id: int) -> str:
    """Return the mark of a category in the index.

    >>> category_facet(12)
    'c12'
    """
    return f"c{category_id}"


def kecamatan_facet(code: str) -> str:
    """Return the mark of a kecamatan in the index; behind that of a category it marks the one within the other.

    >>> kecamatan_facet("36.04.13")
    'w360413'
    """
    return "w" + code.replace(".", "")


def shop_facet(shop_id: int) -> str:
    """Return the mark of a shop in the index.

    >>> shop_facet(7)
    's7'
    """
    return f"s{shop_id}"


def plain(root: str) -> str:
    """Return a root as the index keeps it: in ASCII.

    >>> plain("telur")
    'telur'
    """
    return root if root.isascii() else "u" + root.encode().hex()[:40]


def holding(badges: Iterable[list[str]], day: str) -> list[list[str]]:
    """Return the badges that may still be shown on a day (ISO), whether or not anybody took the others down.

    >>> holding([["halal", "Halal", "", "ID1"], ["pirt", "P-IRT", "2026-11-24", "2"]], "2026-11-25")
    [['halal', 'Halal', '', 'ID1']]
    >>> holding([["bpom", "BPOM", "2026-11-25", "3"], ["new", "Baru"]], "2026-11-25")
    [['bpom', 'BPOM', '2026-11-25', '3'], ['new', 'Baru']]
    """
    return [badge for badge in badges if not "".join(badge[2:3]) or badge[2] >= day]
