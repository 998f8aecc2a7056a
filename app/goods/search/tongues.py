"""A question in the languages of the two indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.goods.search import rules
from app.goods.search.rules import Question, Scope
from app.goods.shelf import rules as shelf

LONGEST_BEGINNING: Final = 3
MOST_ENDINGS: Final = 30
# Where the endings of a beginning go in a tsquery.
BEGUN: Final = "*"


def in_fts5(question: Question, scope: Scope, joined: str = "AND", endings: Sequence[str] = ()) -> str:
    """Say a question in the language of FTS5.

    >>> in_fts5(rules.read("telur as"), Scope(3, ("36.04.13",)))
    '{title rest} : ("telur" AND "as" *) AND facets : ("c3w360413")'
    >>> in_fts5(rules.read("telur asin"), Scope()), in_fts5(rules.read("keri"), Scope(), endings=["keripik"])
    ('{title rest} : ("telur" AND "asin")', '{title rest} : (("keri" OR "keripik"))')
    >>> in_fts5(rules.read("telur"), Scope(3, papers=("pirt",), shops=(7, 8)))
    '{title rest} : ("telur") AND facets : ("c3") AND facets : ("pirt") AND facets : ("s7" OR "s8")'
    """
    quoted = [f'"{root}"' for root in question.roots]
    # An index of FTS5 knows beginnings of two and three letters. For longer ones it would gather every card of every
    # word that begins so before it gives the first; the words themselves, named, are walked along like any other.
    last = question.roots[-1]
    quoted[-1] = f'"{last}" *' if begins(last) else _endings(question, endings, '"{}"', " OR ")
    asked = f"{{title rest}} : ({f' {joined} '.join(quoted)})"
    either = (" OR ".join(f'"{each}"' for each in marks) for marks in _marks(scope))
    return " AND ".join((asked, *(f"facets : ({marks})" for marks in either)))


def in_tsquery(question: Question, scope: Scope, joined: str = "AND", endings: Sequence[str] = ()) -> str:
    """Say a question in the language of tsquery.

    A beginning leaves a place for its endings: looked for as such, every card of all of them would be gathered first.

    >>> in_tsquery(rules.read("telur as"), Scope(3, ("36.04.13",)))
    "('telur' & (*)) & ('#c3w360413')"
    >>> in_tsquery(rules.read("keri"), Scope(), endings=["keripik"])
    "(('keri' | 'keripik'))"
    >>> in_tsquery(rules.read("telur"), Scope(3, papers=("pirt",), shops=(7, 8)))
    "('telur') & ('#c3') & ('#pirt') & ('#s7' | '#s8')"
    """
    quoted = [f"'{root}'" for root in question.roots]
    unfinished = begins(question.roots[-1]) and not endings
    quoted[-1] = f"({BEGUN})" if unfinished else _endings(question, endings, "'{}'", " | ")
    asked = f"({(' & ' if joined == 'AND' else ' | ').join(quoted)})"
    either = (" | ".join(f"'#{each}'" for each in marks) for marks in _marks(scope))
    return " & ".join((asked, *(f"({marks})" for marks in either)))


def beside(said: str) -> str:
    """Return what a question in the language of tsquery asks for beside a beginning.

    >>> beside("('telur' & (*)) & ('#c3w360413')"), beside("((*)) & ('#c3')"), beside("((*))")
    ("('telur') & ('#c3w360413')", "('#c3')", '')
    """
    return said.replace(f" & ({BEGUN})", "").replace(f"(({BEGUN}))", "").removeprefix(" & ")


def _marks(scope: Scope) -> list[list[str]]:
    """Return the marks of a scope, of each part those of which a card has one.

    A category within a kecamatan has one of its own.
    """
    category = shelf.category_facet(scope.category_id) if scope.category_id else ""
    places = [category + shelf.kecamatan_facet(code) for code in scope.kecamatan] or ([category] if category else [])
    parts = [places, *([paper] for paper in scope.papers), [shelf.shop_facet(each) for each in scope.shops]]
    return [part for part in parts if part]


def begins(root: str) -> bool:
    """Tell whether this is so short that it is the beginning of a word rather than one.

    >>> begins("a"), begins("as"), begins("asin")
    (False, True, False)
    """
    return rules.SHORTEST_PART <= len(root) <= LONGEST_BEGINNING


def _endings(question: Question, endings: Sequence[str], whole: str, either: str) -> str:
    """Say the last word as it is or finished in any of these ways."""
    words = [whole.format(root) for root in dict.fromkeys((question.roots[-1], *endings[:MOST_ENDINGS]))]
    return words[0] if len(words) == 1 else f"({either.join(words)})"
