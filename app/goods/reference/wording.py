"""Changing the words that curators keep: what people write and what it means, and what tells of food without P-IRT.

A spelling counts for what is asked and for what is indexed, so the cards that say it are indexed anew at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from app.core import audit
from app.core.db import advisory_lock, db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.categories.claims import medical_claims
from app.goods.categories.models import MarketWord
from app.goods.categories.queries import words_of
from app.goods.permits.rules import ALLOWED
from app.goods.products.models import Product
from app.goods.reference import queries, rules
from app.goods.reference.operations import LOCK, Stale, note, rebadge
from app.goods.reference.rules import Fault, WordFacts
from app.goods.search.rules import SMALL
from app.goods.shelf.operations import parts_of
from app.goods.shelf.respelling import respelling, saying
from app.kit import words

SHORTEST_BAR = 3
# Faults that lie at what is meant, not at what is written.
AT_MEANING = ("same", "leads_on", "cure")
FAULTS = {
    "empty": _l("Tulis dengan huruf, misalnya kripik."),
    "long": _l("Paling banyak empat kata."),
    "small": _l("“%(word)s” terlalu umum. Tulis kata barang."),
    "same": _l("Arti harus lain dari katanya."),
    "leads_on": _l("“%(word)s” sendiri berarti “%(meaning)s”. Tulis arti yang terakhir, supaya tidak berputar."),
    "meant": _l("“%(word)s” dipakai sebagai arti dari “%(meaning)s”. Ubah dulu yang itu, supaya tidak berputar."),
    "cure": _l("Pencarian tidak boleh menjanjikan kesembuhan. Ganti “%(word)s”, ya."),
    "several": _l("Tulis paling banyak empat kata, masing-masing paling sedikit tiga huruf."),
    "alone": _l("Pengecualian perlu dua kata atau lebih, misalnya stik keju."),
}


class WordTaken(DomainError):
    """The list has this word already."""

    text = _l("Kata ini sudah ada di daftar.")


class Unfit(DomainError):
    """The word cannot stand in the list; the subject is the fault."""

    status = 422

    def __init__(self, fault: Fault) -> None:
        """Keep what is wrong, to be said beside the field."""
        super().__init__(fault)
        self.fault = fault

    def __str__(self) -> str:
        """Say what is wrong, with the words that it lies at."""
        return str(FAULTS[self.fault.code]) % {"word": self.fault.word, "meaning": self.fault.meaning}


def add_word(kind: str, facts: WordFacts, *, by: Actor) -> MarketWord:
    """Put one more word into a list.

    Raises:
        WordTaken: the list has it.
        Unfit: it leads in a circle, is too common, or is no word.
    """
    advisory_lock(LOCK)
    if queries.find_word(kind, facts.word) is not None:
        raise WordTaken(facts.word)
    _check(kind, facts)
    word = MarketWord(kind=kind, word=facts.word, meaning=facts.meaning)
    with _reindexing(word):
        db.session.add(word)
        db.session.flush()
    note(kind, str(word.id), word.word, {}, _said(word), by)
    audit.record(by, "word.added", word)
    return word


def edit_word(word: MarketWord, meaning: str, *, version: int, by: Actor) -> bool:
    """Let a word stand for something else. Tells whether anything is different.

    Raises:
        Stale: it was saved elsewhere since the form was opened.
        Unfit: see `add_word`.
    """
    advisory_lock(LOCK)
    db.session.refresh(word, with_for_update=True)
    before = _said(word)
    if before["meaning"] == meaning:
        return False
    if word.version != version:
        raise Stale(word)
    _check(word.kind, WordFacts(word.word, meaning))
    with _reindexing(word):
        word.meaning = meaning
        word.version += 1
        db.session.flush()
    note(word.kind, str(word.id), word.word, before, _said(word), by)
    audit.record(by, "word.changed", word)
    return True


def remove_word(word: MarketWord, *, version: int, by: Actor) -> None:
    """Take a word out of its list.

    Raises:
        Stale: it was saved elsewhere since the page was opened.
    """
    advisory_lock(LOCK)
    db.session.refresh(word, with_for_update=True)
    if word.version != version:
        raise Stale(word)
    note(word.kind, str(word.id), word.word, _said(word), {}, by)
    audit.record(by, "word.removed", word)
    with _reindexing(word):
        db.session.delete(word)
        db.session.flush()


def _reindexing(word: MarketWord) -> AbstractContextManager[None]:
    return respelling(word.word) if word.kind == "spelling" else _rebadging(word.word)


@contextmanager
def _rebadging(said: str) -> Iterator[None]:
    """Let a word about P-IRT change inside; the cards that say it show afterwards the papers that speak of them."""
    yield
    db.session.flush()
    for part in parts_of(saying(words.split(said))):
        rebadge(Product.id.in_(part))


def _check(kind: str, facts: WordFacts) -> None:
    if kind == "bar":
        fault = _fault_of_bar(facts)
    else:
        others = {word: meaning for word, meaning in words_of(kind).items() if word != facts.word}
        fault = rules.fault_of(facts, others, SMALL)
        cures = medical_claims(facts.meaning)
        fault = fault or (Fault("cure", cures[0]) if cures else None)
    if fault is not None:
        raise Unfit(fault)


def _fault_of_bar(facts: WordFacts) -> Fault | None:
    written = facts.word.split()
    if not 0 < len(written) <= rules.MOST_WORDS or min(map(len, written)) < SHORTEST_BAR:
        return Fault("several")
    return Fault("alone") if facts.meaning == ALLOWED and len(written) == 1 else None


def _said(word: MarketWord) -> dict[str, str]:
    return {"word": word.word, "meaning": word.meaning}
