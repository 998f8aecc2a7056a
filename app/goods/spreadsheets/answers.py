"""What a list says of goods beside name and price: how they are sold, what a label needs, where they can be had.

Codes stand in a list as the words that sellers use, and are read back from the ways in which people write them. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from app.goods.products.rules import DAYS_OF, MOST_LEAD_DAYS, MOST_QUANTITY, MOST_SHELF_DAYS, Way, said_origin
from app.kit import digits, quantities, text
from app.kit.unclear import Unclear

YES, NO, NOTHING, FREE = "ya", "tidak", "tidak ada", "bebas"
# The first word is what a list says, the others are read as well. Lists are in Indonesian whoever reads the site.
WAYS: Final = {
    "counted": ("dihitung", "ada stoknya", "stok", "ready"),
    "made_to_order": ("dibuat kalau dipesan", "dibuat kalau ada pesanan", "pesanan", "po", "pre order"),
    "unlimited": ("selalu ada", "tidak dihitung"),
}
ALLERGENS: Final = {
    "gluten": ("terigu", "gandum", "gluten"),
    "egg": ("telur",),
    "fish": ("ikan",),
    "shellfish": ("udang", "kepiting", "kerang"),
    "peanut": ("kacang tanah",),
    "soy": ("kedelai", "kedele"),
    "milk": ("susu",),
    "nuts": ("kacang mete", "mete", "kacang pohon"),
    "sulphite": ("sulfit",),
}
WARNINGS: Final = {
    "sweetener": ("pemanis buatan", "pemanis"),
    "pig": ("bahan dari babi", "babi", "mengandung babi"),
    "pig_contact": ("alat dipakai juga untuk babi", "alat juga untuk babi"),
}
STORAGE: Final = {
    "room": ("suhu ruang",),
    "cool": ("tempat sejuk dan kering", "tempat sejuk", "sejuk"),
    "chilled": ("kulkas", "di kulkas"),
    "frozen": ("freezer", "di freezer", "beku"),
}
LONGEST_ORIGIN: Final = 300
_NONE: Final = ("tidak ada", "tidak", "tanpa", "bebas", "nihil")
_YES: Final = ("ya", "iya", "bisa", "y", "ada")
_LENGTH: Final = re.compile(r"(\d{1,4}) ?(hari|minggu|bulan)?")


class Wrong(Exception):
    """A cell that cannot be taken; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plain(word: object) -> str:
    """Return the word of a head or a name without case, signs and doubled spaces.

    >>> plain(" Berat  bersih (g) ")
    'berat bersih g'
    """
    return " ".join("".join(sign if sign.isalnum() else " " for sign in str(word).casefold()).split())


def said_code(known: Mapping[str, tuple[str, ...]], code: str) -> str:
    """Return the word for a code, nothing for none."""
    return known[code][0] if code in known else ""


def said_codes(known: Mapping[str, tuple[str, ...]], codes: Iterable[str] | None) -> str | None:
    """Return what a list says of allergens or warnings; None while nobody was asked.

    >>> said_codes(ALLERGENS, ("egg", "shellfish")), said_codes(WARNINGS, ()), said_codes(WARNINGS, None)
    ('telur, udang', 'tidak ada', None)
    """
    if codes is None:
        return None
    return ", ".join(known[code][0] for code in codes) or NOTHING


def _one_of(known: Mapping[str, tuple[str, ...]], reason: str) -> Callable[[str], str]:
    meant = {word: code for code, words in known.items() for word in words}

    def reader(said: str) -> str:
        code = meant.get(plain(said))
        if code is None:
            raise Wrong(reason)
        return code

    return reader


def read_codes(known: Mapping[str, tuple[str, ...]], reason: str, said: str) -> list[str]:
    """Read what makes some people ill, or what a label must warn of, in the order in which labels name it.

    >>> read_codes(ALLERGENS, "allergen", "Udang, kepiting, atau kerang; telur")
    ['egg', 'shellfish']
    >>> read_codes(WARNINGS, "warning", "Pemanis buatan"), read_codes(WARNINGS, "warning", "Tidak ada")
    (['sweetener'], [])
    """
    if plain(said) in _NONE:
        return []
    meant = {word: code for code, words in known.items() for word in words}
    parts = [re.sub("^(?:atau|dan) ", "", plain(part)) for part in re.split(r"[,;/\n]| dan | atau ", said)]
    found = {meant.get(part, "") for part in parts if part}
    if not found or "" in found:
        raise Wrong(reason)
    return [code for code in known if code in found]


def read_origin(said: str) -> str | None:
    """Read where certain ingredients come from; empty when there are none, and None for a cell that shows nothing.

    >>> read_origin(" Gelatin  sapi"), read_origin("Tidak ada"), read_origin("\\u200b")
    ('Gelatin sapi', '', None)
    """
    found = text.clean_line(said)
    if not found:
        return None
    if len(found) > LONGEST_ORIGIN:
        raise Wrong("long")
    if text.is_garbled(found):
        raise Wrong("garbled")
    return said_origin(found)


def read_days(said: str) -> int:
    """Read how long it keeps, in days.

    >>> read_days("30"), read_days("2 minggu"), read_days("6 Bulan")
    (30, 14, 180)
    """
    found = _LENGTH.fullmatch(" ".join(said.casefold().split()))
    days = int(found[1]) * DAYS_OF[found[2] or "hari"] if found else 0
    if not 0 < days <= MOST_SHELF_DAYS:
        raise Wrong("days")
    return days


def _whole(most: int, reason: str, *, least: int = 0, none: bool = False) -> Callable[[str], int]:
    def reader(said: str) -> int:
        if none and plain(said) in _NONE:
            return 0
        try:
            found = quantities.parse_count(said)
        except Unclear:
            raise Wrong(reason) from None
        if not least <= found <= most:
            raise Wrong(reason)
        return found

    return reader


def _truth(said: str) -> bool:
    if plain(said) in _YES:
        return True
    if plain(said) in _NONE:
        return False
    raise Wrong("truth")


def _goes_along(said: str) -> bool:
    """Read yes or no; lists of before say how far it goes, in kilometres."""
    far = digits.whole(said.strip())
    return far > 0 if far is not None else _truth(said)


READERS: Final[dict[str, Callable[[str], Any]]] = {
    "way": _one_of(WAYS, "way"),
    "lead": _whole(MOST_LEAD_DAYS, "lead"),
    "capacity": _whole(MOST_QUANTITY, "count", least=1, none=True),
    "allergens": partial(read_codes, ALLERGENS, "allergen"),
    "origin": read_origin,
    "warnings": partial(read_codes, WARNINGS, "warning"),
    "keeps": read_days,
    "storage": _one_of(STORAGE, "storage"),
    "pickup": _truth,
    "delivery": _goes_along,
    "bazaars": _truth,
}


def way_after(said: Mapping[str, Any], now: Way) -> Way:
    """Return how something is sold when a line has said its part; `quantity` only where counting begins.

    Raises:
        Wrong: what the line says contradicts itself; the reason is a column and a code.

    >>> way_after({"way": "made_to_order", "lead": 2, "capacity": 0}, Way("counted"))
    Way(mode='made_to_order', lead_days=2, day_capacity=None, quantity=0)
    >>> way_after({"capacity": 30}, Way("made_to_order", 1)), way_after({"stock": 5}, Way("counted"))
    (Way(mode='made_to_order', lead_days=1, day_capacity=30, quantity=0), Way(mode='counted', lead_days=0, \
day_capacity=None, quantity=0))
    """
    mode = said.get("way", now.mode)
    if mode != "made_to_order":
        for column in ("lead", "capacity"):
            if said.get(column):
                raise Wrong(f"{column}:order")
        begins = mode == "counted" and now.mode != "counted"
        return Way(mode, quantity=said.get("stock", 0) if begins else 0)
    same = now.mode == mode
    if "lead" not in said and not same:
        raise Wrong("lead:empty")
    capacity = said["capacity"] or None if "capacity" in said else now.day_capacity if same else None
    return Way(mode, said.get("lead", now.lead_days), capacity)
