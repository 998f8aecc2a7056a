"""How numbers of permits are read, what about them looks strange, and until when they hold.

A failed pattern refuses; a failed cross-check only warns, and never because of an older district code.
Source: spec/domain.md 4.1 and 4.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

KINDS: Final = ("nib", "npwp", "pirt", "halal", "bpom", "slhs", "sni", "brand", "tkdn")
STATES: Final = ("uploaded", "verified", "rejected")
# What a seller keeps on her own page, in the order in which most of them get it.
OWN: Final = ("nib", "pirt", "halal", "bpom", "slhs", "npwp")
# What strangers may read while it is verified and holds: kind and the word of its badge.
SHOWN: Final = {"halal": "Halal", "pirt": "P-IRT", "bpom": "BPOM", "slhs": "SLHS"}
# So many days before the last one she and the office are told, ever louder. Source: spec/ekatalog.md invariant 5.
WATCH: Final = (60, 30, 7, 0)
MOST_PIRT_YEARS: Final = 5
LEAST_PIRT_DAYS: Final = 7
KBLI_VERSIONS: Final = ("2020", "2025")
# What a word of the list says of food: why it may not be P-IRT, or that these words together are no reason.
ALLOWED: Final = "allowed"
# A number of 16 digits is the holder's NIK, so it is sealed like one.
NIK_DIGITS: Final = 16

_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212]")
_SKIPPED: Final = re.compile(r"[\s.]+")
_PATTERNS: Final = {
    "nib": r"\d{13}",
    "npwp": r"\d{15}|\d{16}",
    "pirt": r"\d{13}-?\d{2}",
    "halal": r"ID\d{17}",
    "bpom": r"(?:MD|ML)\d{12,15}",
    "kbli": r"\d{5}",
    "kbki": r"\d{1,10}",
}
_FREE: Final = r"[0-9A-Z][0-9A-Z/\-]{2,39}"
_BPOM_DIGITS: Final = 12
_PACKAGING: Final = range(1, 9)
_FOOD_TYPES: Final = range(1, 16)
_PROVINCES: Final = range(11, 98)


class Unreadable(ValueError):
    """The number cannot be one of its kind."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as it is stored, and the codes of what looks strange about it."""

    number: str
    warnings: tuple[str, ...] = ()


def normalise(typed: str) -> str:
    """Unify dashes, drop spaces and dots, make letters great.

    >>> normalise(" md 2270.1234\\u20110123 ")
    'MD22701234-0123'
    """
    return _SKIPPED.sub("", _DASHES.sub("-", typed)).upper()


def read(kind: str, typed: str, *, region: str = "", issued_on: date | None = None) -> Reading:
    """Read a number of one kind.

    Args:
        kind: one of KINDS, or `kbli` or `kbki`.
        typed: as people write it.
        region: the dotted code of the maker's kabupaten, to compare with.
        issued_on: the day on the paper, to compare with.

    Raises:
        Unreadable: it does not look like one.

    >>> read("pirt", "2033604010012 - 30", region="36.04")
    Reading(number='2033604010012-30', warnings=())
    >>> read("pirt", "903360401001230", region="36.73").warnings
    ('packaging', 'region')
    >>> read("bpom", "MD 227012340123").warnings, read("bpom", "ML2270123401234").warnings
    ((), ('long',))
    >>> read("halal", "ID36110000123450925", issued_on=date(2025, 9, 20)).warnings
    ()
    >>> read("nib", "12345")
    Traceback (most recent call last):
    app.goods.permits.rules.Unreadable: nib
    """
    number = normalise(typed)
    bare = number if kind in {"pirt", "slhs", "sni", "brand", "tkdn"} else number.replace("-", "").replace("/", "")
    if not re.fullmatch(_PATTERNS.get(kind, _FREE), bare, re.ASCII):
        raise Unreadable(kind)
    if kind == "pirt":
        return _pirt(bare.replace("-", ""), region)
    if kind == "halal":
        return Reading(bare, _halal(bare, issued_on))
    if kind == "bpom":
        return Reading(bare, ("long",) if len(bare) > len("MD") + _BPOM_DIGITS else ())
    return Reading(bare)


def _pirt(digits: str, region: str) -> Reading:
    """Take the 15 digits apart: packaging 1, food type 2-3, kabupaten 4-7, serials, year of expiry 14-15."""
    strange = []
    if int(digits[0]) not in _PACKAGING:
        strange.append("packaging")
    if int(digits[1:3]) not in _FOOD_TYPES:
        strange.append("food_type")
    if region and digits[3:7] != region.replace(".", "")[:4]:
        strange.append("region")
    return Reading(f"{digits[:13]}-{digits[13:]}", tuple(strange))


def _halal(number: str, issued_on: date | None) -> tuple[str, ...]:
    strange = []
    if int(number[2:4]) not in _PROVINCES:
        strange.append("province")
    if issued_on is not None and number[-4:] != f"{issued_on:%m%y}":
        strange.append("issued")
    return tuple(strange)


def pirt_year(number: str) -> int:
    """Return the year in which a P-IRT number ends.

    >>> pirt_year("2033604010012-30")
    2030
    """
    return 2000 + int(number[-2:])


def is_secret(kind: str, number: str) -> bool:
    """Tell whether a number may be somebody's NIK.

    >>> is_secret("npwp", "3604012345670001"), is_secret("npwp", "012345678901234"), is_secret("nib", "1234567890123")
    (True, False, False)
    """
    return kind == "npwp" and len(number) == NIK_DIGITS


def masked(number: str) -> str:
    """Show only the end of a number.

    >>> masked("3604012345670001")
    '•••• 0001'
    """
    return f"•••• {number[-4:]}"


def ends_on(kind: str, number: str, expires_on: date | None) -> date | None:
    """Return the last day of a permit; a P-IRT that names none holds to the end of the year in its number.

    >>> ends_on("pirt", "2033604010012-30", None), ends_on("nib", "1234567890123", None)
    (datetime.date(2030, 12, 31), None)
    """
    if expires_on is None and kind == "pirt":
        return date(pirt_year(number), 12, 31)
    return expires_on


def state_on(state: str, last_day: date | None, day: date) -> str:
    """Return how a permit stands on a day, whether or not anybody has noticed.

    >>> state_on("verified", date(2026, 11, 24), date(2026, 11, 25)), state_on("verified", None, date(2026, 11, 25))
    ('expired', 'verified')
    """
    if state != "rejected" and last_day is not None and last_day < day:
        return "expired"
    return state


def bar(name: Sequence[str], storage: str, shelf_days: int | None, bars: Mapping[str, str]) -> str:
    """Return the code of why food may not be P-IRT, or needs none (`short`); empty when it may.

    Args:
        name: the words of its name.
        storage: a code of the product's storage, empty when nobody was asked.
        shelf_days: so long it keeps, None when nobody was asked.
        bars: words, or several that follow each other, and the codes they stand for. Those of an exception
            (`ALLOWED`), wherever they stand in the name, are no reason while all of them are there.

    >>> bar(["susu", "kambing"], "", None, {"susu": "milk"}), bar(["nugget"], "frozen", 90, {})
    ('milk', 'cold')
    >>> bar(["kue", "basah"], "room", 2, {}), bar(["keripik"], "room", 60, {})
    ('short', '')
    >>> known = {"keju": "milk", "stik keju": ALLOWED, "ibu hamil": "diet"}
    >>> [bar(said.split(), "", 60, known) for said in ("keju oles", "stik renyah keju", "kue ibu", "kue ibu hamil")]
    ['milk', '', '', 'diet']
    """
    if storage in {"chilled", "frozen"}:
        return "cold"
    held = [(each.split(), code) for each, code in bars.items() if set(each.split()) <= set(name)]
    free = {word for phrase, code in held if code == ALLOWED for word in phrase}
    said = f" {' '.join(name)} "
    barring = (
        code for phrase, code in held if code != ALLOWED and f" {' '.join(phrase)} " in said and set(phrase) - free
    )
    named = next(barring, "")
    return named or ("short" if shelf_days is not None and shelf_days < LEAST_PIRT_DAYS else "")


def needed(legality: str, of_business: Iterable[str], barred: str) -> list[str]:
    """Return the papers that goods of a category need, in the order of OWN.

    >>> needed("pirt;halal", ["nib"], ""), needed("pirt;halal", ["nib"], "cold"), needed("none", ["nib"], "")
    (['nib', 'pirt', 'halal'], ['nib', 'halal', 'bpom'], ['nib'])
    >>> needed("halal", ["nib", "slhs"], "short"), needed("pirt;halal", [], "short")
    (['nib', 'halal', 'slhs'], ['halal'])
    """
    named = {{"md": "bpom"}.get(each, each) for each in legality.split(";")}
    wanted = set(of_business) | named
    if barred and "pirt" in wanted:
        wanted = wanted - {"pirt"} | (set() if barred == "short" else {"bpom"})
    if not named & {"pirt", "halal", "bpom"}:
        wanted.discard("slhs")
    return [kind for kind in OWN if kind in wanted]


def fitting(legality: str, barred: str = "") -> frozenset[str]:
    """Return the papers of SHOWN that speak of goods of a category; food is cooked in a kitchen that may have an SLHS.

    Of food that may not be P-IRT, or needs none (`barred`, see `bar`), a P-IRT says nothing.

    >>> sorted(fitting("pirt;halal")), sorted(fitting("md;halal")), sorted(fitting("none")), sorted(fitting("pkrt"))
    (['bpom', 'halal', 'pirt', 'slhs'], ['bpom', 'halal', 'slhs'], [], [])
    >>> sorted(fitting("pirt;halal", "cold"))
    ['bpom', 'halal', 'slhs']
    """
    named = set(legality.split(";")) & {"pirt", "halal", "md"}
    if not named:
        return frozenset()
    licences = {"bpom"} if named & {"pirt", "md"} else set()
    return frozenset((named - {"md"} - ({"pirt"} if barred else set())) | licences | {"slhs"})


def watch(last_day: date | None, day: date) -> tuple[int, int] | None:
    """Return the step of WATCH that a paper has reached and the days that are left, None while its end is far.

    >>> [watch(date(2026, 12, 31), date(2026, month, 25)) for month in (10, 11, 12)]
    [None, (60, 36), (7, 6)]
    >>> watch(date(2026, 11, 25), date(2026, 11, 25)), watch(date(2026, 11, 1), date(2026, 11, 25))
    ((0, 0), (0, 0))
    """
    if last_day is None:
        return None
    left = max(0, (last_day - day).days)
    return next(((step, left) for step in reversed(WATCH) if left <= step), None)


def doubts(kind: str, number: str, issued_on: date | None, expires_on: date | None, day: date) -> tuple[str, ...]:
    """Return the codes of what looks strange about the days of a paper; none of them refuses it.

    >>> doubts("pirt", "2033604010012-30", date(2023, 1, 5), date(2029, 1, 5), date(2026, 11, 25))
    ('year', 'years')
    >>> doubts("pirt", "2033604010012-45", None, None, date(2026, 11, 25))
    ('years',)
    >>> doubts("halal", "ID36110000123450925", None, date(2026, 1, 1), date(2026, 11, 25))
    ('ended',)
    """
    found, last = [], ends_on(kind, number, expires_on)
    if kind == "pirt" and expires_on is not None and expires_on.year != pirt_year(number):
        found.append("year")
    # Without a day of issue it cannot have been issued later than today.
    if kind == "pirt" and last and last.year - (issued_on or day).year > MOST_PIRT_YEARS:
        found.append("years")
    return (*found, "ended") if last is not None and last < day else tuple(found)
