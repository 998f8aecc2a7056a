"""What a wording is, which words it may not hold, and where a name belongs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import ROUND_UP, Decimal
from typing import Any, Final

from app.kit import words
from app.kit.rupiah import Rupiah

LEAST_PRICE: Final = Rupiah(100)
MOST_PRICE: Final = Rupiah(100_000_000)
MOST_QUANTITY: Final = 100_000
UNITS: Final = (
    "bungkus", "pak", "butir", "buah", "botol", "toples", "porsi", "gelas", "kotak", "kg", "ikat", "lembar", "pasang",
)  # fmt: skip

MOST_CHOICES: Final = 10
MOST_PHOTOS: Final = 6
MOST_LEAD_DAYS: Final = 30
MOST_SHELF_DAYS: Final = 1_825
STORAGE: Final = ("room", "cool", "chilled", "frozen")
# What a product page can still say, in the order in which it is asked.
QUESTIONS: Final = (
    "berat", "stok", "bahan", "alergi", "asal", "peringatan", "tahan", "simpan", "jenis", "foto", "ambil",
)  # fmt: skip
_OF_FOOD: Final = frozenset(("bahan", "alergi", "asal", "peringatan", "tahan", "simpan"))
PAPERS: Final = "surat"
_NO_ORIGIN: Final = frozenset(("", "tidak", "tidak ada", "tak ada", "nihil"))
DAYS_OF: Final = {"hari": 1, "minggu": 7, "bulan": 30}
# What the label of food must name. Source: spec/domain.md 4.4; the list itself is unverified.
ALLERGENS: Final = ("gluten", "egg", "fish", "shellfish", "peanut", "soy", "milk", "nuts", "sulphite")
# What the label of food must warn of beside that; those of `PIG` leave nothing halal. Source: spec/domain.md 4.4.
WARNINGS: Final = ("sweetener", "pig", "pig_contact")
PIG: Final = frozenset(("pig", "pig_contact"))

# Below this a guess is worse than a question.
_SURE: Final = 0.5

Vocabulary = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A size or flavour as a wording offers it, after the first; `net_weight_g` is grams, None when it says nothing."""

    variant_id: int
    label: str
    price: Rupiah
    unit: str
    net_weight_g: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a choice is called, what it costs, per what, and how heavy it is in grams."""

    label: str
    price: Rupiah
    unit: str
    net_weight_g: int | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """How a choice is sold: a mode of stock; made to order so many days ahead, at most so many a day.

    `quantity` is how many are there when counting begins, nothing otherwise.
    """

    mode: str
    lead_days: int = 0
    day_capacity: int | None = None
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo of a wording after the cover, and what is to be seen on it in plain words."""

    photo_id: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything a curator looks at; `label`, `price`, `unit` and `net_weight_g` (grams) are those of the first choice.

    `allergens` are codes of `ALLERGENS`, None while nobody was asked; `storage` is a code of `STORAGE` or empty.
    `origin` and `warnings` (codes of `WARNINGS`) are None while nobody was asked, empty when there are none.
    """

    name: str
    price: Rupiah
    unit: str
    category_id: int
    photo_id: int | None
    description: str = ""
    net_weight_g: int | None = None
    label: str = ""
    photo_alt: str = ""
    ingredients: str = ""
    allergens: tuple[str, ...] | None = None
    shelf_life_days: int | None = None
    storage: str = ""
    origin: str | None = None
    warnings: tuple[str, ...] | None = None
    choices: tuple[Choice, ...] = ()
    photos: tuple[Shot, ...] = ()

    def words(self) -> tuple[object, ...]:
        """Return all but the cover, which is stored anew each time a form is sent."""
        return tuple(getattr(self, each.name) for each in fields(self) if each.name != "photo_id")


def price_change(before: Rupiah, after: Rupiah) -> Decimal:
    """Return by how many per cent a price moved, to a tenth; never less than it did.

    >>> said = [(20_000, 24_000), (20_000, 24_001), (30_000, 20_000), (20_000, 20_000), (0, 5_000)]
    >>> [str(price_change(Rupiah(before), Rupiah(after))) for before, after in said]
    ['20.0', '20.1', '-33.4', '0.0', '0.0']
    """
    if not before.amount:
        return Decimal("0.0")
    moved = Decimal((after.amount - before.amount) * 100) / before.amount
    return moved.quantize(Decimal("0.1"), rounding=ROUND_UP)


def gram_change(before: Any, after: Any) -> Decimal:
    """Return by how many per cent the price of a gram moved between two offers; 0 where either says no weight.

    >>> said = [Terms("", Rupiah(20_000), "pak", grams) for grams in (500, 400, 500, None)]
    >>> [str(gram_change(*pair)) for pair in zip(said, said[1:])]
    ['25.0', '-20.0', '0.0']
    """
    if not (before.net_weight_g and after.net_weight_g):
        return Decimal("0.0")
    return price_change(before.price * after.net_weight_g, after.price * before.net_weight_g)


def standing(state: str, newest_state: str) -> str:
    """Return how a product stands in the eyes of its seller.

    >>> standing("draft", "returned"), standing("live", "returned")
    ('returned', 'live')
    """
    return newest_state if state == "draft" else state


def learn(examples: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Note which share of each word belongs to which category, from (name, category) pairs.

    >>> learn([("Telur asin", "telur-asin"), ("Telur ayam", "telur-ternak")])["telur"]
    {'telur-asin': 0.5, 'telur-ternak': 0.5}
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for name, category in examples:
        for word in set(words.tokens(name)):
            seen[word][category] += 1
    return {
        word: {category: count / counts.total() for category, count in counts.items()} for word, counts in seen.items()
    }


def guess_category(name: str, vocabulary: Vocabulary) -> str | None:
    """Return the category that a name most likely belongs to, or None when nothing speaks for one.

    The first word names the thing, so it weighs double.

    >>> guess_category("Telor asin", {"telur": {"telur-asin": 0.5, "telur-ternak": 0.5}, "asin": {"telur-asin": 1.0}})
    'telur-asin'
    """
    scores: Counter[str] = Counter()
    said = words.tokens(name)
    for place, word in enumerate(said):
        for category, share in vocabulary.get(word, {}).items():
            scores[category] += share * (2 if place == 0 else 1)  # type: ignore[assignment]
    if not scores:
        return None
    best = max(scores, key=lambda category: (scores[category], category))
    return best if scores[best] >= _SURE else None


def list_asked(*, is_food: bool, wants_papers: bool) -> tuple[str, ...]:
    """Return what is asked about a product beside the five fields; food keeps, and has a label that must say so.

    >>> list_asked(is_food=False, wants_papers=False)
    ('berat', 'stok', 'jenis', 'foto', 'ambil')
    """
    asked = tuple(key for key in QUESTIONS if is_food or key not in _OF_FOOD)
    return (*asked, PAPERS) if wants_papers else asked


def is_said(key: str, wording: Any) -> bool:
    """Tell whether a wording answers a question; what the wording does not hold is answered elsewhere.

    Args:
        key: one of `QUESTIONS`.
        wording: a wording, or the revision that keeps it.
    """
    pictures = [(wording.photo_id, wording.photo_alt), *((each.photo_id, each.alt) for each in wording.photos)]
    weights = [wording.net_weight_g, *(each.net_weight_g for each in wording.choices)]
    answers = {
        "berat": None not in weights,
        "bahan": bool(wording.ingredients),
        "alergi": wording.allergens is not None,
        "asal": wording.origin is not None,
        "peringatan": wording.warnings is not None,
        "tahan": wording.shelf_life_days is not None,
        "simpan": bool(wording.storage),
        "jenis": bool(wording.category_id),
        "foto": len(pictures) > 1 and all(alt for _photo, alt in pictures),
    }
    return answers.get(key, False)


def as_shots(wording: Wording) -> list[Shot]:
    """Return every photo of a wording in its order, the cover first."""
    cover = [] if wording.photo_id is None else [Shot(wording.photo_id, wording.photo_alt)]
    return [*cover, *wording.photos]


def with_shots(wording: Wording, shots: Sequence[Shot]) -> Wording:
    """Return a wording with other photos; the first of them is its cover."""
    cover = shots[0] if shots else Shot(0)
    return replace(wording, photo_id=cover.photo_id or None, photo_alt=cover.alt, photos=tuple(shots[1:]))


def said_origin(typed: str) -> str:
    """Return where certain ingredients come from as it is kept: words that say that there are none are none.

    >>> said_origin("gelatin sapi"), said_origin("Tidak ada."), said_origin("-")
    ('gelatin sapi', '', '')
    """
    return "" if " ".join(words.split(typed)) in _NO_ORIGIN else typed


def show_days(days: int) -> tuple[int, str]:
    """Return days in the longest unit that they fill: a number and a key of `DAYS_OF`.

    >>> show_days(60), show_days(14), show_days(5)
    ((2, 'bulan'), (2, 'minggu'), (5, 'hari'))
    """
    unit = next(name for name, length in reversed(DAYS_OF.items()) if days % length == 0)
    return days // DAYS_OF[unit], unit


def terms_of(choice: Any) -> Terms:
    """Return the terms of a choice or of a variant."""
    return Terms(choice.label, choice.price, choice.unit, choice.net_weight_g)


def way_of(variant: Any) -> Way:
    """Return how a variant is sold."""
    return Way(variant.stock_mode, variant.lead_days, variant.day_capacity)


def same_label(one: str, other: str) -> bool:
    """Tell whether buyers read the same name for two choices; none at all is no name.

    >>> same_label("Isi 10", "isi  10"), same_label("", "")
    (True, False)
    """
    said, also = (" ".join(each.casefold().split()) for each in (one, other))
    return bool(said) and said == also


def way_seen(text: str) -> Way:
    """Read back what `show_way` put into a form; something that is no way when nobody of ours wrote it.

    >>> way_seen(show_way(Way("made_to_order", 2, 30))), way_seen("x").mode
    (Way(mode='made_to_order', lead_days=2, day_capacity=30, quantity=0), '')
    """
    parts = text.split(":")
    if len(parts) != 3 or not parts[1].isdecimal() or len(text) > 40:
        return Way("")
    return Way(parts[0], int(parts[1]), int(parts[2]) if parts[2].isdecimal() else None)


def show_way(way: Way) -> str:
    """Write a way for a form.

    >>> show_way(Way("counted"))
    'counted:0:'
    """
    return f"{way.mode}:{way.lead_days}:{'' if way.day_capacity is None else way.day_capacity}"


def own_key(shop_id: int, key: str) -> str:
    """Return the creation key as it is stored: a shop cannot meet another's.

    >>> own_key(7, "abc")
    '7-abc'
    """
    return f"{shop_id}-{key}"[:64]
