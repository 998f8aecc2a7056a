"""Asking the index: the newest that answer, weighed by the same rules on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from time import monotonic
from typing import Any, Final

from sqlalchemy import TextClause, text

from app.core import pages
from app.core.db import db, dialect
from app.core.vault import settings
from app.goods.search import rules, tongues
from app.goods.search.rules import Candidate, Found, Question, Ranked, Scope, Vocabulary
from app.goods.shelf.newest import cut
from app.goods.shelf.queries import spellings
from app.kit.words import VARIANTS, Variants

KEEP_SECONDS: Final = 10.0
# Fewer finds than this are followed by the nearest things.
ENOUGH: Final = 8
_COLUMNS: Final = "position, product_id, price, title, rest"
# So many of the newest that answer are read and weighed in Python, which is what a page costs; no more of those that
# hold only some of the words, which stand behind the others, and fewest to suggest a word that comes next. Whoever
# looks further reads one more than is said in figures.
WEIGHED: Final = 200
WEIGHED_NEAR: Final = 200
WEIGHED_NEXT: Final = 120
MOST: Final = 1_001
# A word that one card in so many holds is met often enough on a walk along the newest. All cards of one as rare as this
# are gathered soon enough; beside another word, that may be more.
_MET: Final = 25
_RARE: Final = 2_000
_RARE_BESIDE: Final = 5_000
_LAST: Final = (1 << 63) - 1
# What a beginning may go on to, put in its place once for all parts.
_BEGUN: Final = (
    "ends AS MATERIALIZED (SELECT stem, items FROM search_term"
    ' WHERE stem COLLATE "C" >= :root AND stem COLLATE "C" < :beyond AND items > 0'
    " ORDER BY items DESC, stem LIMIT :endings),"
    " begun AS MATERIALIZED (SELECT CAST(replace(:match0, :place, said) AS tsquery) AS said,"
    " CAST(nullif(:beside, '') AS tsquery) AS beside, CAST(said AS tsquery) AS last"
    " FROM (SELECT string_agg('''' || stem || '''', ' | ') AS said FROM ends) AS endings), "
)
# One card in how many holds every word, as far as chance goes, and one in how many the commonest; 0 when too few do.
_OFTEN: Final = (
    "often AS MATERIALIZED (SELECT CASE WHEN every < {met} THEN every ELSE 0 END AS every,"
    " CASE WHEN single < {met} THEN single ELSE 0 END AS single,"
    " fewest <= {rare} OR words > 1 AND fewest <= {beside} AS rare"
    " FROM (SELECT exp(-sum(ln(part))) AS every, 1 / max(part) AS single, min(items) AS fewest, count(*) AS words"
    " FROM (SELECT items, CAST(items AS double precision) / (SELECT sum(items) FROM shelf_total WHERE kind = 'c')"
    " AS part FROM (SELECT items FROM search_term WHERE items > 0 AND stem = ANY(CAST(:roots AS text[])){ends})"
    " AS words) AS parts) AS known) "
)
_BOUNDS: Final = {"met": _MET, "rare": _RARE, "beside": _RARE_BESIDE}
HEADS: Final = {
    "sqlite": "",
    "postgresql": "WITH " + _OFTEN.format(**_BOUNDS, ends=""),
    "begun": "WITH " + _BEGUN + _OFTEN.format(**_BOUNDS, ends=" UNION ALL SELECT sum(items) FROM ends"),  # noqa: S608
}


def newest_that_answer(engine: str, most: int, tier: int = 0) -> str:
    """Return the question for the newest cards that answer `match<tier>`.

    PostgreSQL would gather all cards of a common word before it knows the newest of them. So it walks along the newest
    for a word that many cards hold, gathers them for a rare one and within a scope of few (`few<tier>`), and goes on
    stretch by stretch through its index while it has too few.
    """
    shown, newest = f"{_COLUMNS}, {tier} AS tier", f"DESC LIMIT {most}"
    if engine == "sqlite":
        held = f"search_product MATCH :match{tier} ORDER BY rowid {newest}"
        return f"SELECT rowid AS {shown} FROM search_product WHERE {held}"  # noqa: S608 - constants of this file
    asked = "(SELECT said FROM begun)" if engine == "begun" else f"CAST(:match{tier} AS tsquery)"
    # Twice as far as they should be met: whoever has met enough of them stops.
    far = f"CASE WHEN :wide{tier} THEN CAST({2 * most} * {'single' if tier % 2 else 'every'} AS bigint) ELSE 0 END"
    latest = f"FROM search_product ORDER BY position DESC LIMIT (SELECT {far} FROM often)"  # noqa: S608
    start = f"(SELECT coalesce(min(position), {_LAST}) FROM (SELECT position {latest}) AS latest)"  # noqa: S608
    whole = f"(SELECT CAST({asked} AS text) FROM often WHERE rare AND {tier % 2} = 0 OR :few{tier})"  # noqa: S608
    age = "CAST(age AS tsquery)"
    ending = (f"coalesce((SELECT beside FROM begun), {age})", "(SELECT last FROM begun)")  # noqa: S608
    # Keys of their own, not joined by &&: from one key to the other the index leaps, within one it goes card by card.
    keys = " AND ".join(f"document @@ {each}" for each in (age, *(ending if engine == "begun" else (asked,))))
    # With a 0 added: the index of places would give nearly all there are, to be laid beside the few of a stretch.
    stretch = f"{keys} AND position + 0 < below ORDER BY position {newest}"
    parts = (
        f"FROM (SELECT * {latest}) AS latest WHERE document @@ {asked} LIMIT {most}",
        f"FROM ({cut(start, whole)}) AS every_age, LATERAL (SELECT * FROM search_product WHERE {stretch}) AS held",  # noqa: S608
    )
    held = " UNION ALL ".join(f"(SELECT {shown} {part})" for part in parts)
    return f"SELECT * FROM ({held}) AS near{tier} LIMIT {most}"  # noqa: S608


@lru_cache(maxsize=32)
def _asking(engine: str, tiers: tuple[int, ...], most: int) -> TextClause:
    """Return the question for what holds all words (tier 0), any of them (1), all (2) and any (3) elsewhere."""
    said = [newest_that_answer(engine, WEIGHED_NEAR if tier % 2 else most, tier) for tier in tiers]
    if len(said) == 1:
        return text(HEADS[engine] + said[0])
    union = " UNION ALL ".join(f"SELECT * FROM ({each}) AS part{n}" for n, each in enumerate(said))  # noqa: S608
    return text(HEADS[engine] + union)


_TERMS: Final = text("SELECT stem, term, items FROM search_term WHERE items > 0 ORDER BY items DESC, stem LIMIT 20000")
_ITEMS: Final = text("SELECT items FROM search_term WHERE stem = :root")
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
        f"{HEADS[engine]}SELECT * FROM ({newest_that_answer(engine, WEIGHED_NEXT)}) AS whole UNION ALL SELECT * FROM ("  # noqa: S608 - constants of this file
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


def find(question: Question, scope: Scope, *, far: bool = False, marked: bool = False) -> Found:
    """Find the cards that answer: with every word, else with the words probably meant; few are followed by the nearest.

    Where the scope holds nothing at all, what stands outside is found in the same breath. One question to the database
    when enough is found, and one more where one word has more than are weighed; three otherwise.

    Args:
        question: what is looked for.
        scope: where.
        far: look beyond the newest that are weighed; what is found there stands behind them.
        marked: some of the finds will be left out afterwards, so that nobody needs their number.
    """
    most = MOST if far or scope.prices else WEIGHED
    asked = {"match0": _match(question, scope)}
    held = _candidates(partial(_asking, tiers=(0,), most=most), question, asked, few=scope.few)
    exact = _weighed(question, held, scope.prices)
    if len(exact) >= ENOUGH:
        found = Found(exact, question.said if question.reworded else "", cut=len(held) >= most)
        uncounted = found.cut and most < MOST and not marked
        return replace(found, total=_count(question, scope)) if uncounted else found
    if held and not exact:  # every one of them costs more or less
        return Found(understood=question.said if question.reworded else "", outside=rules.rank(question, held))
    known = vocabulary(question.spellings)
    better, complete = rules.mend(question, known)
    if not better:
        return Found(guessed=True)
    # As much was asked by now as a page may ask: whoever leaves some out afterwards reads the cards of all in the same
    # question, so they are few. What does not hold all that was typed is only near.
    most = most if (complete or far) and not marked else WEIGHED_NEAR
    anywhere = scope.narrow and not exact
    found, seen = _second_look(better, scope, known, most, complete=complete, anywhere=anywhere)
    whole = [each for each in seen if each.tier == 0]
    begun = _gone_on(question, [*held, *whole], known) or _gone_on(better, (), known)
    return replace(found, begun=begun, cut=found.cut or len(whole) >= most)


def _weighed(question: Question, held: Sequence[Candidate], prices: tuple[int, int] | None) -> list[Ranked]:
    """Order what holds every word: the newest that are weighed, and behind them what only whoever looks far sees.

    So a page that goes on stands behind the one before it. Prices leave out most of the newest: there all that was read
    is weighed at once.
    """
    if prices or len(held) <= WEIGHED:
        return rules.rank(question, held, prices)
    newest, others = (rules.rank(question, part) for part in (held[:WEIGHED], held[WEIGHED:]))
    return [*newest, *rules.behind(others)]


def _count(question: Question, scope: Scope) -> int:
    """Return how many answer: of one whole word it is kept, else it would cost as much again, and nothing is said."""
    if len(question.roots) > 1 or scope.narrow or tongues.begins(question.roots[0]):
        return 0
    return int(db.session.connection().execute(_ITEMS, {"root": question.roots[0]}).scalar_one())


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
    return _second_look(telling, Scope(), known, WEIGHED, complete=True)[0] if telling else Found()


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
    match = {"match0": _match(asked, Scope()), **_ends(question.words[-1])}
    found = _candidates(_GOING_ON.__getitem__, asked, match)
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
    better: Question, scope: Scope, known: Vocabulary, most: int, *, complete: bool, anywhere: bool = False
) -> tuple[Found, Sequence[Candidate]]:
    """Ask for all the words probably meant, and at once for any of them; `anywhere` also beyond the scope.

    Beside what is found stands what was looked at.
    """
    # A beginning of words whose roots begin otherwise goes on to nothing, and stands for itself.
    endings = known.endings(better.roots[-1]) or better.roots[-1:]
    # Who holds any word of one holds all.
    joins = ("AND",) if len(better.roots) == 1 else ("AND", "OR")
    scopes = (scope, Scope()) if anywhere else (scope,)
    asked = {
        f"match{2 * place + tier}": _match(better, each, joined, endings)
        for place, each in enumerate(scopes)
        for tier, joined in enumerate(joins)
    }
    tiers = tuple(int(name.removeprefix("match")) for name in asked)
    seen = _candidates(partial(_asking, tiers=tiers, most=most), better, asked, few=scope.few)
    within = _judged(better, [each for each in seen if each.tier < 2], known, scope.prices, complete=complete)
    if within.ranked or not anywhere:
        return within, seen
    beyond = [each._replace(tier=each.tier - 2) for each in seen if each.tier >= 2]
    found = _judged(better, beyond, known, None, complete=complete)
    return replace(found, ranked=(), near=(), outside=found.ranked, cut=False), seen


def _judged(
    better: Question, seen: Sequence[Candidate], known: Vocabulary, prices: tuple[int, int] | None, *, complete: bool
) -> Found:
    """Order what holds all the words, and what holds some of them."""
    every = [each for each in seen if each.tier == 0]
    whole = _weighed(better, every, prices)
    shown = {each.product_id for each in whole}
    parts = [each for each in seen if each.tier == 1] if len(better.roots) > 1 else every
    some = rules.rank_some(better, [each for each in seen if each.product_id not in shown], known, prices)
    said = better.said if better.reworded else ""
    if not (whole and complete):
        ranked = [*whole, *rules.behind(some, 2)]
        return Found(ranked, said, loose=True, guessed=True, cut=len(parts) >= WEIGHED_NEAR)
    return Found(whole, said, near=some, guessed=True)


def _match(question: Question, scope: Scope, joined: str = "AND", endings: Sequence[str] = ()) -> str:
    say = tongues.in_fts5 if dialect() == "sqlite" else tongues.in_tsquery
    return say(question, scope, joined, endings)


def _candidates(
    asking: Callable[[str], TextClause], question: Question, match: dict[str, str], *, few: bool = False
) -> list[Candidate]:
    """Ask for the newest cards that answer; `question` is the one of which `match0` may leave a place open.

    `few` tells that what is asked for within a scope is one of few cards.
    """
    engine, facts = _facts(question, match, few=few)
    # All at once: asked one by one, a thousand rows cost as much again.
    return list(map(Candidate._make, db.session.connection().execute(asking(engine), facts).all()))


def facts_of(question: Question, scope: Scope) -> tuple[str, dict[str, Any]]:
    """Return how the engine is asked for what holds every word, and with which facts."""
    return _facts(question, {"match0": _match(question, scope)}, few=scope.few)


def _facts(question: Question, match: dict[str, str], *, few: bool) -> tuple[str, dict[str, Any]]:
    """Return how the engine is asked, `begun` where a beginning goes on within the question, and with which facts."""
    if dialect() == "sqlite":
        return "sqlite", dict(match)
    facts: dict[str, Any] = dict(match)
    within = {name.removeprefix("match"): "#" in said for name, said in match.items() if "match" in name}
    facts |= {f"wide{part}": not narrow for part, narrow in within.items()}
    facts |= {f"few{part}": narrow and few for part, narrow in within.items()}
    if tongues.BEGUN not in match["match0"]:
        return "postgresql", facts | {"roots": list(question.roots)}
    ends = _ends(question.roots[-1])
    begun = {"place": tongues.BEGUN, "endings": tongues.MOST_ENDINGS, "root": ends["low"], "beyond": ends["high"]}
    begun |= {"beside": tongues.beside(match["match0"]), "roots": list(question.roots[:-1])}
    return "begun", facts | begun
