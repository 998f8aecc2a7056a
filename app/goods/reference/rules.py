"""Which lists curators keep, and what differs between two versions of an entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.kit import words
from app.kit.words import Variants

LISTS: Final = ("category", "reason", "paper", "spelling", "bar")
# Lists of words, as addresses name them.
WORD_LISTS: Final = {"kata-pencarian": "spelling", "kata-bukan-pirt": "bar"}
MOST_WORDS: Final = words.LONGEST_PHRASE
SHORTEST: Final = 2
# Parts of a seller's form that a reason may point at, as its addresses name them.
FIELDS: Final = (
    "foto", "foto-lain", "nama", "harga", "satuan", "pilihan", "jenis", "berat", "keterangan", "bahan", "alergi",
    "asal", "peringatan", "tahan", "simpan", "ambil", "surat",
)  # fmt: skip
PAPERS: Final = ("pirt", "halal", "md", "pkrt")
NONE: Final = "none"
EVERYBODY: Final = "semua"


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What a category says. `parent_id` None stands on the upper level; `legality` as in its model."""

    name: str
    name_en: str
    slug: str
    parent_id: int | None
    legality: str
    note: str
    position: int
    storage: str
    shelf_life_days: int | None


@dataclass(frozen=True, slots=True)
class ReasonFacts:
    """What a reason says: its sentence, the part of the form it leads to, whether it is offered."""

    sentence: str
    field: str
    active: bool


@dataclass(frozen=True, slots=True)
class WordFacts:
    """What a word says: how it is written and what it stands for, both folded."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a spelling cannot be: a code, the word it lies at, and what that means."""

    code: str
    word: str = ""
    meaning: str = ""


def fold(typed: str) -> str:
    """Return words as lists of them keep them.

    >>> fold("Kripik  Singkong-pedes!"), fold("🥚")
    ('kripik singkong pedes', '')
    """
    return " ".join(words.split(typed))


def fault_of(facts: WordFacts, others: Mapping[str, str], small: Collection[str]) -> Fault | None:
    """Return why a spelling cannot be added to these others, None when it can.

    What is meant must be final: nobody is led on from there, and nobody in a circle.

    Args:
        facts: what is written and what is meant.
        others: the spellings that stand beside it.
        small: words that the search passes over.

    >>> known = {"telor": "telur", "frozen food": "makanan beku"}
    >>> fault_of(WordFacts("kripik singkong pedes", "keripik"), known, ()) is None
    True
    >>> fault_of(WordFacts("endog", "telor"), known, ())
    Fault(code='leads_on', word='telor', meaning='telur')
    >>> fault_of(WordFacts("telur", "telor"), known, ()).code, fault_of(WordFacts("beku", "es"), known, ())
    ('leads_on', Fault(code='meant', word='beku', meaning='frozen food'))
    >>> [fault_of(WordFacts(*each), known, {"dan"}).code for each in (("a", "b"), ("12", "telur"), ("dan", "telur"))]
    ['small', 'small', 'small']
    >>> fault_of(WordFacts("asin", "asin"), known, ()).code, fault_of(WordFacts("a b c d e", "x"), known, ()).code
    ('same', 'long')
    """
    written, meant = facts.word.split(), facts.meaning.split()
    if not written or not meant:
        return Fault("empty")
    if max(len(written), len(meant)) > MOST_WORDS:
        return Fault("long")
    if all(len(word) < SHORTEST or word.isdigit() or word in small for word in written):
        return Fault("small", facts.word)
    if written == meant:
        return Fault("same", facts.word)
    table = Variants.of([*others.items(), (facts.word, facts.meaning)])
    if table.unify(meant) != meant:
        led = next((said for said in others if _within(said.split(), meant)), facts.word)
        return Fault("leads_on", led, others.get(led, facts.meaning))
    broken = next((said for said, means in others.items() if table.unify(means.split()) != means.split()), None)
    return Fault("meant", facts.word, broken) if broken else None


def _within(part: list[str], whole: list[str]) -> bool:
    return any(whole[place : place + len(part)] == part for place in range(len(whole)))


def said_papers(kinds: list[str]) -> str:
    """Return papers as a category keeps them.

    >>> said_papers(["halal", "pirt"]), said_papers([])
    ('pirt;halal', 'none')
    """
    return ";".join(kind for kind in PAPERS if kind in kinds) or NONE


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what two versions say differently, each side by itself; all of it when there is only one.

    >>> difference({"name": "Kue", "slug": "kue"}, {"name": "Kue basah", "slug": "kue"})
    ({'name': 'Kue'}, {'name': 'Kue basah'})
    >>> difference({}, {"name": "Kue"})
    ({}, {'name': 'Kue'})
    """
    if not before or not after:
        return dict(before), dict(after)
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
