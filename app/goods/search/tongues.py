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
    """
    quoted = [f'"{root}"' for root in question.roots]
    # An index of FTS5 knows beginnings of two and three letters. For longer ones it would gather every card of every
    # word that begins so before it gives the first; the words themselves, named, are walked along like any other.
    last = question.roots[-1]
    quoted[-1] = f'"{last}" *' if begins(last) else _endings(question, endings, '"{}"', " OR ")
    asked = f"{{title rest}} : ({f' {joined} '.join(quoted)})"
    marks = " OR ".join(f'"{each}"' for each in _marks(scope))
    return f"{asked} AND facets : ({marks})" if marks else asked


def in_tsquery(question: Question, scope: Scope, joined: str = "AND", endings: Sequence[str] = ()) -> str:
    """Say a question in the language of tsquery.

    A beginning leaves a place for its endings: looked for as such, every card of all of them would be gathered first.

    >>> in_tsquery(rules.read("telur as"), Scope(3, ("36.04.13",)))
    "('telur' & (*)) & ('#c3w360413')"
    >>> in_tsquery(rules.read("keri"), Scope(), endings=["keripik"])
    "(('keri' | 'keripik'))"
    """
    quoted = [f"'{root}'" for root in question.roots]
    unfinished = begins(question.roots[-1]) and not endings
    quoted[-1] = f"({BEGUN})" if unfinished else _endings(question, endings, "'{}'", " | ")
    asked = f"({(' & ' if joined == 'AND' else ' | ').join(quoted)})"
    marks = " | ".join(f"'#{each}'" for each in _marks(scope))
    return f"{asked} & ({marks})" if marks else asked


def beside(said: str) -> str:
    """Return what a question in the language of tsquery asks for beside a beginning.

    >>> beside("('telur' & (*)) & ('#c3w360413')"), beside("((*)) & ('#c3')"), beside("((*))")
    ("('telur') & ('#c3w360413')", "('#c3')", '')
    """
    return said.replace(f" & ({BEGUN})", "").replace(f"(({BEGUN}))", "").removeprefix(" & ")


def _marks(scope: Scope) -> list[str]:
    """Return the marks of a scope, of which a card has one; a category within a kecamatan has one of its own."""
    category = shelf.category_facet(scope.category_id) if scope.category_id else ""
    return [category + shelf.kecamatan_facet(code) for code in scope.kecamatan] or ([category] if category else [])


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
