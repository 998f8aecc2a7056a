"""Words of search, brought to one form: case, accents, spelling, stem.

The same normalising is applied to what is indexed and to what is asked, in Python,
so that both engines find the same. The spelling table is package data, read once
and given to a pure class; the stems come from Sastrawi (Nazief & Adriani), which
knows the market's own words as roots through the same table.

Source: guides/stack.md section 6; app/data/search/README.md.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Final, Self

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler
from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

MOST_TOKENS: Final = 400
"""Longest text that is looked at, in words; a product description has far fewer."""

LONGEST_PHRASE: Final = 4
"""A phrase that means something else has at most so many words."""

_LONGEST_WORD: Final = 32
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bc\u0060\u00b4]")
_WHOLE: Final = re.compile(r"[a-z]+")
_TWICE: Final = re.compile(r"([a-z]{3,})(?:2|\1)")
_DOUBLES: Final = re.compile(r"(.)\1+")
# How letters are heard: the spelling before 1972, Arabic and English words, q and x of signs.
_SOUNDS: Final = (
    ("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "s"), ("sy", "s"), ("ch", "c"), ("kh", "k"), ("ck", "k"),
    ("ph", "p"), ("ie", "i"), ("q", "k"), ("v", "p"), ("f", "p"), ("z", "s"), ("x", "ks"), ("y", "i"),
)  # fmt: skip
_LONG: Final = 6
_LIKE, _VERY_LIKE = 0.83, 0.93


@dataclass(frozen=True, slots=True)
class Variants:
    r"""Spellings and what they mean: a word or a phrase to one or more words.

    >>> Variants.parse("ejaan,baku\ntelor,telur\n").unify(["telor", "asin"])
    ['telur', 'asin']
    """

    singles: Mapping[str, tuple[str, ...]]
    phrases: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the table: CSV with columns `ejaan` (as people write) and `baku`."""
        return cls.of((row["ejaan"], row["baku"]) for row in csv.DictReader(text.splitlines()))

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Self:
        """Take pairs of what is written and what is meant, each already folded."""
        singles: dict[str, tuple[str, ...]] = {}
        phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
        for said, means in rows:
            written, meant = tuple(said.split()), tuple(means.split())
            if len(written) > 1:
                phrases[written] = meant
            else:
                singles[written[0]] = meant
        return cls(singles, phrases)

    def unify(self, words: Sequence[str], *, whole: bool = False) -> list[str]:
        """Replace each spelling by what it means; the longest phrase before shorter ones and single words.

        With `whole` a phrase that only says more than it means keeps what else it says: so it is indexed.

        >>> table = Variants.of([("pedes", "pedas"), ("singkong pedes", "singkong")])
        >>> table.unify(["singkong", "pedes"]), table.unify(["singkong", "pedes"], whole=True)
        (['singkong'], ['singkong', 'pedas'])
        """
        unified: list[str] = []
        place = 0
        while place < len(words):
            long = next((n for n in range(self._longest, 1, -1) if tuple(words[place : place + n]) in self.phrases), 1)
            unified += self._meant(tuple(words[place : place + long]), whole=whole)
            place += long
        return unified

    def roots(self) -> list[str]:
        """Words that stand for themselves in the table: market words no stemmer may cut."""
        return [word for word, meant in self.singles.items() if meant == (word,)]

    @property
    def _longest(self) -> int:
        return LONGEST_PHRASE if self.phrases else 1

    def _meant(self, written: tuple[str, ...], *, whole: bool) -> Sequence[str]:
        if len(written) == 1:
            return self.singles.get(written[0], written)
        meant = self.phrases[written]
        said = [word for each in written for word in self.singles.get(each, (each,))] if whole else []
        return (*meant, *(word for word in said if word not in meant)) if set(meant) <= set(said) else meant


def _packaged() -> Variants:
    table = resources.files("app").joinpath("data/search/variants.csv")
    return Variants.parse(table.read_text("utf-8"))


VARIANTS: Final = _packaged()


def fold(text: str) -> str:
    """Small letters without accents or apostrophes.

    >>> fold("Kué JUM'AT ＡＢＣ")
    'kue jumat abc'
    """
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def split(text: str) -> list[str]:
    """Folded words in order, unstemmed, at most `MOST_TOKENS`.

    >>> split("Telor-Asin, isi 10!")
    ['telor', 'asin', 'isi', '10']
    """
    return list(_parts(text))


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[str, ...]:
    """Take a text apart once: names of shops, places and categories come again with every card."""
    words = (found[:_LONGEST_WORD] for found in _WORD.findall(fold(text)))
    return tuple(word for word, _ in zip(words, range(MOST_TOKENS), strict=False))


def spelled(text: str, variants: Variants = VARIANTS, *, whole: bool = False) -> list[str]:
    """Folded words in the usual spelling, unstemmed: the vocabulary people are shown; `whole` as in `Variants.unify`.

    >>> spelled("Kripik telor")
    ['keripik', 'telur']
    """
    return variants.unify([each for word in split(text) for each in _whole_twice(word)], whole=whole)


def _whole_twice(word: str) -> tuple[str, ...]:
    """Write a doubled word as two: `otak2` and `otakotak`."""
    found = _TWICE.fullmatch(word)
    return (found[1], found[1]) if found else (word,)


def tokens(text: str, variants: Variants = VARIANTS) -> list[str]:
    """Words in the form that is indexed, in order, repeats kept.

    >>> tokens("Makanan ringan: kripik & telor asin")
    ['makan', 'ringan', 'keripik', 'telur', 'asin']
    """
    return [stem(word) for word in spelled(text, variants, whole=True)]


def normalise(text: str, variants: Variants = VARIANTS) -> str:
    """Tokens as one string, for an index.

    >>> normalise("TELOR asin")
    'telur asin'
    """
    return " ".join(tokens(text, variants))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer:
    roots = ArrayDictionary(StemmerFactory().get_words())
    roots.add_words(VARIANTS.roots())
    # Not StemmerFactory.create_stemmer(): its cache keeps every word ever asked.
    return Stemmer(roots)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Root of one folded Indonesian word; anything else comes back as it is.

    >>> stem("kemasan"), stem("keripik"), stem("500g")
    ('kemas', 'keripik', '500g')
    """
    if len(word) < 4 or not _WHOLE.fullmatch(word):
        return word
    return str(_stemmer().stem_word(word))


def sound(word: str) -> str:
    """Return how a folded word sounds here, for spellings that only look different.

    >>> sound("kripiq") == sound("kripik"), sound("tjoklatt"), sound("zambel")
    (True, 'coklat', 'sambel')
    """
    heard = _DOUBLES.sub(r"\1", word)
    for written, spoken in _SOUNDS:
        heard = heard.replace(written, spoken)
    return heard.rstrip("h") or word


def closest(word: str, vocabulary: Iterable[str], slips: int = 0) -> str | None:
    """Word of the vocabulary most likely meant, or None when none is near.

    At most `slips` slips are forgiven; unless told, one up to five letters and two beyond, and then whatever begins
    alike and holds the same letters. Words under three letters are left alone. Among equally near words a like
    beginning wins, then the order given, so pass frequent words first.

    >>> closest("kerpik", ["emping", "keripik"]), closest("jojongor", ["jojorong"]), closest("sepatu", ["keripik"])
    ('keripik', 'jojorong', None)
    """
    if len(word) < 3:
        return None
    known = list(vocabulary)
    most = slips or (1 if len(word) < _LONG else 2)
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=None)
    near = [each for each in near if each[1] < 2 or JaroWinkler.similarity(word, each[0]) >= _LIKE]
    if near:
        return str(min(near, key=lambda each: (each[1], -_shared_start(word, each[0]), each[2]))[0])
    if slips or len(word) < _LONG:
        return None
    found = process.extractOne(word, known, scorer=JaroWinkler.similarity, score_cutoff=_VERY_LIKE)
    return str(found[0]) if found else None


def _shared_start(one: str, other: str) -> int:
    same = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        same += 1
    return same
