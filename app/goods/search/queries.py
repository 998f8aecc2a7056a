"""Asking the index: the newest thousand that answer, ordered by the same rules on both engines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from time import monotonic
from typing import Any, Final

from sqlalchemy import TextClause, text

from app.core import pages
from app.core.clock import now
from app.core.db import db, dialect
from app.core.vault import settings
from app.goods.search import rules, tongues
from app.goods.search.rules import Candidate, Found, Question, Scope, Vocabulary
from app.goods.shelf.queries import spellings
from app.goods.shelf.rules import stretches
from app.kit.words import VARIANTS, Variants

KEEP_SECONDS: Final = 10.0
# Fewer finds than this are followed by the nearest things.
ENOUGH: Final = 8
_COLUMNS: Final = "position, product_id, price, title, rest"
# The newest that answer are ranked, one more than is counted in figures; of those that hold only some of the words,
# which stand behind the others, fewer. All of them are read and weighed in Python: these numbers bound a page.
MOST: Final = 1_001
MOST_NEAR: Final = 500
_STRETCHES: Final = tuple(f"age{number}" for number in range(8))
# What a beginning may go on to, put in its place once for all parts; the planner knows none of the words then.
_BEGUN: Final = (
    "WITH begun AS MATERIALIZED (SELECT CAST(replace(:match0, :place, (SELECT string_agg('''' || stem || '''', ' | ')"
    ' FROM (SELECT stem FROM search_term WHERE stem COLLATE "C" >= :root AND stem COLLATE "C" < :beyond AND items > 0'
    " ORDER BY items DESC, stem LIMIT :endings) AS stems)) AS tsquery) AS said) "
)


def _one(engine: str, tier: int, most: int) -> str:
    """Return the question for the newest cards that answer `match<tier>`.

    PostgreSQL asks stretch by stretch, the newest first, and goes on only while too few were found: gathered from the
    whole index, all cards of a common word would be read before the newest of them are known.
    """
    if engine == "sqlite":
        return (
            f"SELECT rowid AS {_COLUMNS}, {tier} AS tier FROM search_product"  # noqa: S608 - constants of this file
            f" WHERE search_product MATCH :match{tier} ORDER BY rowid DESC LIMIT {most}"
        )
    asked = "(SELECT said FROM begun)" if engine == "begun" else f"CAST(:match{tier} AS tsquery)"
    within = [f"document @@ ({asked} && CAST(:{age} AS tsquery))" for age in _STRETCHES]
    parts = [f"position >= :top AND document @@ {asked}", *within, f"position < :old AND document @@ {asked}"]
    newest = " UNION ALL ".join(
        f"(SELECT {_COLUMNS}, {tier} AS tier FROM search_product WHERE {part}"  # noqa: S608
        f" ORDER BY position DESC LIMIT {most})"
        for part in parts
    )
    return f"SELECT * FROM ({newest}) AS near{tier} LIMIT {most}"  # noqa: S608


_ENGINES: Final = ("sqlite", "postgresql")
_ALL: Final[dict[str, TextClause]] = {
    **{engine: text(_one(engine, 0, MOST)) for engine in _ENGINES},
    "begun": text(_BEGUN + _one("begun", 0, MOST)),
}
# With all words and with any of them; and the same once more where nothing is left out.
_ANY, _ANYWHERE = (
    {
        engine: text(
            " UNION ALL ".join(
                f"SELECT * FROM ({_one(engine, n, MOST_NEAR if n % 2 else MOST)}) AS part{n}"  # noqa: S608
                for n in range(parts)
            )
        )
        for engine in _ENGINES
    }
    for parts in (2, 4)
)
_TERMS: Final = text("SELECT stem, term, items FROM search_term WHERE items > 0 ORDER BY items DESC, stem LIMIT 20000")
SUGGESTED: Final = 8
# On PostgreSQL the order of a language would not keep words with one beginning together.
_BEGINS: Final = {
    engine: text(
        f"SELECT term FROM search_term WHERE term{order} >= :low AND term{order} < :high AND items > 0"  # noqa: S608
        " ORDER BY items DESC, term LIMIT :most"
    )
    for engine, order in (("sqlite", ""), ("postgresql", ' COLLATE "C"'))
}
_ENOUGH_TERMS: Final = 200
# Cards that hold the words, and beside them, as tier 1, the terms that begin like the last word.
_GOING_ON: Final = {
    engine: text(
        f"{_BEGUN if engine == 'begun' else ''}"  # noqa: S608 - constants of this file
        f"SELECT * FROM ({_one(engine, 0, MOST)}) AS whole UNION ALL SELECT * FROM ("
        "SELECT items AS position, 0 AS product_id, 0 AS price, term AS title, stem AS rest, 1 AS tier"
        f" FROM search_term WHERE term{order} >= :low AND term{order} < :high AND items > 0"
        f" ORDER BY items DESC, term LIMIT {_ENOUGH_TERMS}) AS said"
    )
    for engine, order in (("sqlite", ""), ("postgresql", ' COLLATE "C"'), ("begun", ' COLLATE "C"'))
}
_NOTHING: Final = rules.read("")
_vocabulary: list[tuple[float, Vocabulary]] = []


def read(typed: str, known: Variants | None = None) -> Question:
    """Read what was typed, in the spellings that curators keep; most lists are asked for without a word."""
    return rules.read(typed, spellings() if known is None else known) if typed else _NOTHING


def find(question: Question, scope: Scope) -> Found:
    """Find the cards that answer: with every word, else with the words probably meant; few are followed by the nearest.

    Where the scope holds nothing at all, what stands outside is found in the same breath. One question to the database
    when enough is found, three otherwise.
    """
    held = _candidates(_ALL, question, match0=_match(question, scope))
    exact = rules.rank(question, held, scope.prices)
    if len(exact) >= ENOUGH:
        return Found(exact, question.said if question.reworded else "")
    if held and not exact:  # every one of them costs more or less
        return Found(understood=question.said if question.reworded else "", outside=rules.rank(question, held))
    known = vocabulary(question.spellings)
    better, complete = rules.mend(question, known)
    if not better:
        return Found(guessed=True)
    found, seen = _second_look(better, scope, known, complete=complete, anywhere=scope.narrow and not exact)
    whole = [*held, *(each for each in seen if each.tier == 0)]
    return replace(found, begun=_gone_on(question, whole, known) or _gone_on(better, (), known))


def _gone_on(question: Question, held: Sequence[Candidate], known: Vocabulary) -> tuple[str, ...]:
    """Return the words typed, gone on with as `suggest` does, out of what was read already."""
    *before, last = question.words
    words: Iterator[str]
    if before:
        words = (known.known[root][0] for root in rules.going_on(question, held) if root in known.known)
    else:
        words = known.begun(last)
    return tuple(" ".join((*before, word)) for word in islice(words, SUGGESTED))


def nearest(question: Question) -> Found:
    """Find the cards that hold some of the words, those with all of them first; corrects nothing."""
    known = vocabulary(question.spellings)
    telling = known.telling(question)
    return _second_look(telling, Scope(), known, complete=True)[0] if telling else Found()


def suggest(question: Question) -> list[str]:
    """Return what somebody probably goes on to type: her words, the last of them finished so that something is found.

    One word is looked up among the terms, several among the cards that hold them; a slip of the pen is mended.
    """
    *before, last = question.words or ("",)
    if not question or (not before and len(last) < rules.SHORTEST_PART):
        return []
    found = _next_words(question) if before else _beginning(last)
    if found:
        return [" ".join((*before, word)) for word in found]
    better, complete = rules.mend(question, vocabulary(question.spellings))
    return [better.said] if better and complete else []


def _beginning(word: str) -> list[str]:
    facts = {**_ends(word), "most": SUGGESTED}
    return list(db.session.connection().execute(_BEGINS[dialect()], facts).scalars())


def _next_words(question: Question) -> list[str]:
    """Return the words that stand beside those before, begun like the last one, the commonest first."""
    # What no index finds by its beginning is looked for in the names of the newest cards that hold the words before.
    long = not tongues.begins(question.roots[-1])
    asked = replace(question, roots=question.roots[:-1]) if long else question
    found = _candidates(_GOING_ON, asked, match0=_match(asked, Scope()), **_ends(question.words[-1]))
    terms = {each.rest: each.title for each in found if each.tier}
    roots = rules.going_on(question, [each for each in found if not each.tier])[:SUGGESTED]
    return [terms.get(root, root) for root in roots]


def _ends(word: str) -> dict[str, str]:
    """Say between which two terms those stand that begin like this."""
    return {"low": word, "high": word + "\U0010ffff"}


def vocabulary(others: Variants = VARIANTS) -> Vocabulary:
    """Return the words that cards hold; they are read anew every few seconds, so what they find is kept by nobody."""
    pages.fleeting()
    if _vocabulary and settings().cache and monotonic() - _vocabulary[0][0] < KEEP_SECONDS:
        return _vocabulary[0][1]
    known = {row.stem: (row.term, row.items) for row in db.session.connection().execute(_TERMS)}
    _vocabulary[:] = [(monotonic(), Vocabulary(known, others.singles))]
    return _vocabulary[0][1]


def _second_look(
    better: Question, scope: Scope, known: Vocabulary, *, complete: bool, anywhere: bool = False
) -> tuple[Found, Sequence[Candidate]]:
    """Ask for all the words probably meant, and at once for any of them; `anywhere` also beyond the scope.

    Beside what is found stands what was looked at.
    """
    # A beginning of words whose roots begin otherwise goes on to nothing, and stands for itself.
    endings = known.endings(better.roots[-1]) or better.roots[-1:]
    asked = {"match0": _match(better, scope, endings=endings), "match1": _match(better, scope, "OR", endings)}
    if not anywhere:
        seen = _candidates(_ANY, better, **asked)
        return _judged(better, seen, known, scope.prices, complete=complete), seen
    asked |= {"match2": _match(better, Scope(), endings=endings), "match3": _match(better, Scope(), "OR", endings)}
    seen = _candidates(_ANYWHERE, better, **asked)
    within = _judged(better, [each for each in seen if each.tier < 2], known, scope.prices, complete=complete)
    if within.ranked:
        return within, seen
    beyond = [each._replace(tier=each.tier - 2) for each in seen if each.tier >= 2]
    found = _judged(better, beyond, known, None, complete=complete)
    return replace(found, ranked=(), near=(), outside=found.ranked), seen


def _judged(
    better: Question, seen: Sequence[Candidate], known: Vocabulary, prices: tuple[int, int] | None, *, complete: bool
) -> Found:
    """Order what holds all the words, and what holds some of them."""
    whole = rules.rank(better, [each for each in seen if each.tier == 0], prices)
    shown = {each.product_id for each in whole}
    some = rules.rank_some(better, [each for each in seen if each.product_id not in shown], known, prices)
    said = better.said if better.reworded else ""
    if not (whole and complete):
        return Found([*whole, *some], said, loose=True, guessed=True)
    return Found(whole, said, near=some, guessed=True)


def _match(question: Question, scope: Scope, joined: str = "AND", endings: Sequence[str] = ()) -> str:
    say = tongues.in_fts5 if dialect() == "sqlite" else tongues.in_tsquery
    return say(question, scope, joined, endings)


def _candidates(statements: dict[str, TextClause], question: Question, **match: str) -> list[Candidate]:
    """Ask for the newest cards that answer; `question` is the one of which `match0` may leave a place open."""
    engine, facts = dialect(), dict[str, Any](match)
    if engine == "postgresql":
        cut = stretches(now())
        facts |= {"top": cut.top, "old": cut.old, **dict(zip(_STRETCHES, cut.ages, strict=True))}
        if tongues.BEGUN in match["match0"]:
            ends = _ends(question.roots[-1])
            engine = "begun"
            facts |= {
                "place": tongues.BEGUN,
                "root": ends["low"],
                "beyond": ends["high"],
                "endings": tongues.MOST_ENDINGS,
            }
    # All at once: asked one by one, a thousand rows cost as much again.
    return list(map(Candidate._make, db.session.connection().execute(statements[engine], facts).all()))
