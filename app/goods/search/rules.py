"""What a person asks for, said in the words of the index, and how well a card answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import log
from typing import Final, NamedTuple

from app.goods.shelf import rules as shelf
from app.kit import words
from app.kit.text import clean_line
from app.kit.words import VARIANTS, Variants

LONGEST: Final = 80
MOST_WORDS: Final = 6
SHORTEST_PART: Final = 2
MOST_TELLING: Final = 3
# Further than any score reaches.
FAR: Final = 1_000_000
# What people say around the thing they look for.
SMALL: Final = frozenset((
    "ada", "atau", "beli", "cari", "dan", "dari", "dekat", "dengan", "di", "harga", "jual", "ke", "khas", "mau",
    "murah", "of", "the", "untuk", "yang",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A search: `typed` for showing, `words` as they are spelled, `roots` as they are indexed.

    The last word may be a beginning. `spellings` are those in which it was read.
    """

    typed: str
    words: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    reworded: bool = False
    spellings: Variants = VARIANTS

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.roots)

    @property
    def said(self) -> str:
        """Return what is looked for, in words."""
        return " ".join(self.words)


class Candidate(NamedTuple):
    """An entry of the index: `tier` is 0 when it holds every word, 1 when only some."""

    position: int
    product_id: int
    price: int
    title: str
    rest: str
    tier: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: a category, some kecamatan (any of them), a range of prices in rupiah, what has all `papers`, some
    shops (any of them).

    With `few` it holds so few cards that all of them are soon gathered.
    """

    category_id: int | None = None
    kecamatan: tuple[str, ...] = ()
    prices: tuple[int, int] | None = None
    papers: tuple[str, ...] = ()
    shops: tuple[int, ...] = ()
    few: bool = False

    @property
    def narrow(self) -> bool:
        """Tell whether it leaves anything out."""
        return bool(self.category_id or self.kecamatan or self.prices or self.papers or self.shops)


class Ranked(NamedTuple):
    """A card that was found, with how well it answers; the better one is greater, and of equals the newer."""

    score: int
    position: int
    product_id: int
    price: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first.

    `understood` is what was looked for instead of what was typed; `loose` when no card held every word, `guessed` when
    the vocabulary was asked. `near` are the nearest things, where only few hold every word. `outside` is what there is
    beyond the scope, where nothing is within. `begun` is, where the vocabulary was asked, what somebody may go on
    to type. `cut` tells that there are more than stand here, and `total` how many in all where that is known.
    """

    ranked: Sequence[Ranked] = field(default_factory=tuple)
    understood: str = ""
    loose: bool = False
    guessed: bool = False
    near: Sequence[Ranked] = field(default_factory=tuple)
    outside: Sequence[Ranked] = field(default_factory=tuple)
    begun: Sequence[str] = field(default_factory=tuple)
    cut: bool = False
    total: int = 0


class Vocabulary:
    """The words that cards hold, the commonest first: `known` maps each root to (the word people know it by, cards).

    `others` are spellings of single words and what they mean.
    """

    def __init__(
        self,
        known: Mapping[str, tuple[str, int]],
        others: Mapping[str, tuple[str, ...]] = words.VARIANTS.singles,
    ) -> None:
        """Take over the words; how else they are spelled is worked out at the first word that is strange."""
        self.known, self.others = known, others

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.known)

    def holds(self, word: str) -> bool:
        """Tell whether any card holds a word, in whatever form."""
        return root_of(word) in self.known

    def begins(self, word: str) -> bool:
        """Tell whether a word is the beginning of one that cards hold."""
        return any(root.startswith(word) or term.startswith(word) for root, (term, _) in self.known.items())

    def begun(self, word: str) -> Iterator[str]:
        """Yield the words that cards hold and that begin with this one, the commonest first.

        >>> list(Vocabulary({"teri": ("teri", 1), "telur": ("telur", 9)}).begun("te"))
        ['teri', 'telur']
        """
        return (term for term, _ in self.known.values() if term.startswith(word))

    def endings(self, root: str) -> list[str]:
        """Return the roots that begin like this one, the commonest first.

        >>> Vocabulary({"keripik": ("keripik", 9), "keris": ("keris", 1), "kue": ("kue", 7)}).endings("keri")
        ['keripik', 'keris']
        """
        return [known for known in self.known if known.startswith(root)]

    def weight(self, root: str) -> float:
        """Return how much a root tells: one that few cards hold tells more.

        >>> known = Vocabulary({"manis": ("manis", 50), "gipang": ("gipang", 2)})
        >>> known.weight("gipang") > known.weight("manis"), known.weight("tidak ada")
        (True, 0.0)
        """
        most = max((items for _, items in self.known.values()), default=1)
        return 1 + log(most / self.known[root][1]) if root in self.known else 0.0

    def telling(self, question: Question) -> Question:
        """Return a question with only the few words that tell most; of common ones nearly every card holds some.

        >>> known = Vocabulary({"isi": ("isi", 90), "telur": ("telur", 9), "asin": ("asin", 8), "bebek": ("bebek", 2)})
        >>> known.telling(read("telur asin bebek isi xyzzy")).said
        'telur asin bebek'
        """
        rarest = sorted(question.roots, key=self.weight, reverse=True)[:MOST_TELLING]
        kept = [
            pair
            for pair in zip(question.roots, question.words, strict=True)
            if pair[0] in rarest and pair[0] in self.known
        ]
        return replace(question, roots=tuple(root for root, _ in kept), words=tuple(word for _, word in kept))

    def joined(self, said: Sequence[str]) -> list[str]:
        """Join neighbours that make one known word, when one of them alone is strange.

        >>> Vocabulary({"keripik": ("keripik", 9)}).joined(["keri", "pik", "keripik"])
        ['keripik', 'keripik']
        """
        made: list[str] = []
        for word in said:
            if made and not (self.holds(made[-1]) and self.holds(word)) and made[-1] + word in self._spellings:
                made[-1:] = self._spellings[made[-1] + word]
            else:
                made.append(word)
        return made

    def near(self, word: str) -> tuple[str, ...]:
        """Return the words that were probably meant by one that nobody knows, none when nothing is near.

        A number is meant as it stands.

        >>> known = Vocabulary({"telur": ("telur", 9), "asin": ("asin", 7), "keripik": ("keripik", 5)})
        >>> known.near("kerpik"), known.near("telorasin"), known.near("tlor"), known.near("sepatu")
        (('keripik',), ('telur', 'asin'), ('telur',), ())
        >>> Vocabulary({"7": ("7", 1)}).near("777")
        ()
        """
        if word.isdigit():
            return ()
        slip = self._sounds.get(words.sound(word)) or words.closest(word, self._spellings, slips=1)
        if slip is None and (parts := self._parted(word)):
            return parts
        slip = slip or words.closest(word, self._spellings)
        return self._spellings[slip] if slip else ()

    @cached_property
    def _spellings(self) -> dict[str, tuple[str, ...]]:
        """Map each word, and each other spelling of it, to the words that are meant."""
        terms = {term: (term,) for term, _ in self.known.values()}
        return terms | {
            said: meant for said, meant in self.others.items() if said not in terms and all(map(self.holds, meant))
        }

    @cached_property
    def _sounds(self) -> dict[str, str]:
        """Map how a spelling sounds to the commonest that sounds so."""
        return {words.sound(said): said for said in reversed(list(self._spellings))}

    def _parted(self, word: str) -> tuple[str, ...]:
        """Cut a word into two that are known, the commonest pair."""
        best: tuple[int, tuple[str, ...]] = (0, ())
        for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            first, second = self._spellings.get(word[:place], ()), self._spellings.get(word[place:], ())
            if first and second:
                fewest = min(self.known[root_of(each)][1] for each in first + second)
                best = max(best, (fewest, first + second))
        return best[1]


def read(typed: str, spellings: Variants = words.VARIANTS) -> Question:
    """Read what was typed, however long or odd it is.

    >>> read("cari Telor  asin").said, read("!!!").roots
    ('telur asin', ())
    """
    line = clean_line(typed[: 4 * LONGEST])[:LONGEST].strip()
    spelled = words.spelled(line, spellings)
    kept = [word for word in spelled if word not in SMALL] or spelled
    return replace(_question(line, kept, reworded=spelled != words.split(line)), spellings=spellings)


def mend(question: Question, known: Vocabulary) -> tuple[Question, bool]:
    """Put what was probably meant in the place of words that no card holds; tells whether every word was understood.

    Words that were split are joined, glued ones split, slips of the pen corrected; the last word may be a beginning.

    >>> known = Vocabulary({"keripik": ("keripik", 9), "pisang": ("pisang", 5), "kemas": ("kemasan", 1)})
    >>> mend(read("keri pik pisnag xyzzy"), known)[0].said, mend(read("keripikpisang"), known)[0].said
    ('keripik pisang', 'keripik pisang')
    """
    said = known.joined(question.words)
    meant: list[str] = []
    complete = True
    for place, word in enumerate(said):
        if known.holds(word) or (place == len(said) - 1 and known.begins(word)):
            meant.append(word)
        elif better := known.near(word):
            meant += better
        else:
            complete = False
    return _question(question.typed, meant, reworded=True), complete


def rank(question: Question, candidates: Iterable[Candidate], prices: tuple[int, int] | None = None) -> list[Ranked]:
    """Order candidates: words in the name before words around it, whole words before beginnings, then the newest.

    >>> one = Candidate(1, 11, 5, "keripik pisang", "telur")
    >>> two = Candidate(2, 22, 5, "telur asin", "")
    >>> [each.product_id for each in rank(read("telur"), [one, two])]
    [22, 11]
    """
    # Looking for a word between its gaps is quicker than taking hundreds of texts apart.
    phrase, apart = " ".join(question.roots), [f" {root} " for root in question.roots]
    first, begun = apart[0], apart[-1][:-1]
    found: dict[int, Ranked] = {}
    for position, number, price, name, around, _tier in candidates:
        if number in found or (prices and not prices[0] <= price <= prices[1]):
            continue
        title, told = f" {name} ", 0
        score = 6 if phrase in name else 0
        if title.startswith(first):
            score += 4
        for word in apart:
            told = 8 if word in title else 2 if word in f" {around} " else 0
            score += told
        if not told:  # the last word is held as a beginning only
            score += 5 if begun in title else 1
        found[number] = Ranked(score, position, number, price)
    return sorted(found.values(), reverse=True)


def behind(ranked: Iterable[Ranked], steps: int = 1) -> Iterator[Ranked]:
    """Put finds behind all that are nearer, however well they answer.

    >>> [each.score for each in behind([Ranked(26, 1, 11, 5)], 2)]
    [-1999974]
    """
    return (each._replace(score=each.score - steps * FAR) for each in ranked)


def rank_some(
    question: Question, candidates: Iterable[Candidate], known: Vocabulary, prices: tuple[int, int] | None = None
) -> list[Ranked]:
    """Order candidates that hold only some of the words: rare words tell more, and words in the name most.

    >>> known = Vocabulary({"manis": ("manis", 50), "gipang": ("gipang", 2)})
    >>> goods = [Candidate(1, 11, 5, "gipang ketan", ""), Candidate(2, 22, 5, "jeruk manis", "")]
    >>> [each.product_id for each in rank_some(read("gipang manis"), goods, known)]
    [11, 22]
    """
    weights = [(f" {root} ", known.weight(root)) for root in question.roots]
    found: dict[int, Ranked] = {}
    for position, number, price, name, around, _tier in candidates:
        if number in found or (prices and not prices[0] <= price <= prices[1]):
            continue
        title, rest = f" {name} ", f" {around} "
        told = 0.0
        for apart, weight in weights:
            told += weight * (3 if apart in title else 2 if apart in rest else 0)
        found[number] = Ranked(round(told * 100), position, number, price)
    return sorted(found.values(), reverse=True)


def going_on(question: Question, candidates: Iterable[Candidate]) -> list[str]:
    """Return the roots in the names of cards that the last word may begin, the commonest first.

    >>> names = ("telur asin", "telur asap", "asin telur")
    >>> goods = [Candidate(number, number, 5, name, "") for number, name in enumerate(names)]
    >>> going_on(read("telur as"), goods)
    ['asin', 'asap']
    """
    *before, _ = question.roots
    last = question.words[-1]
    held = Counter(
        root for each in candidates for root in set(each.title.split()) if root.startswith(last) and root not in before
    )
    return sorted(held, key=lambda root: (-held[root], root))


def root_of(word: str) -> str:
    """Return the root of a word as the index keeps it.

    >>> root_of("kemasan")
    'kemas'
    """
    return shelf.plain(words.stem(word))


def _question(typed: str, spelled: Sequence[str], *, reworded: bool) -> Question:
    kept: dict[str, str] = {}
    for word in spelled:
        kept.setdefault(root_of(word), word)
    pairs = list(kept.items())[:MOST_WORDS]
    return Question(typed, tuple(word for _, word in pairs), tuple(root for root, _ in pairs), reworded)
