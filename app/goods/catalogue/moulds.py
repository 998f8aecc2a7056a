"""Moulds: what a template says, with gaps where the words of the goods and of the visitor go.

A template is rendered once for each of its shapes, with gaps instead of words; from then on a page fills the gaps.
A mould knows the language and the addresses of our assets and nothing of the database or of anybody's request. Like a
compiled template it is code, not content, and stays when caches are off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, Final

from flask import current_app
from markupsafe import Markup, escape

from app.core.i18n import language

OPEN: Final = "\x01"
SHUT: Final = "\x02"
# A gap without a name: rows by the dozen are filled with a tuple, in the order in which the template shows it.
NEXT: Final = "\x03"
PLACE: Final = "lapak_moulds"
Moulds = dict[tuple[Any, ...], str]
_holds_signs: Final = re.compile("[&<>\"']").search


def escaped(text: str) -> str:
    """Return text as it stands in a page; most words hold no sign of HTML, and cost no more than a look.

    >>> escaped("Telur asin"), escaped("Kue & <b>teh</b>")
    ('Telur asin', 'Kue &amp; &lt;b&gt;teh&lt;/b&gt;')
    """
    return str(escape(text)) if _holds_signs(text) else text


def in_ascii(text: str) -> str:
    """Return a text of a page with signs beyond ASCII as references, which a browser shows alike.

    A single one in a page doubles what all of it takes in memory, and has each sign of it looked at on its way out.

    >>> in_ascii("Rp10.000–25.000")
    'Rp10.000&#8211;25.000'
    """
    return text.encode("ascii", "xmlcharrefreplace").decode()


def gap(name: str) -> str:
    """Return the sign that stands for a word while a template is rendered."""
    return f"{OPEN}{name}{SHUT}"


def block(name: str) -> Markup:
    """Return a gap for a piece that is ready to be shown, already escaped."""
    return Markup(gap(name))  # noqa: S704 - a name of our own


def kept() -> Moulds:
    """Return the moulds of this language, to be asked for once in a page."""
    moulds: dict[str, Moulds] = current_app.extensions.setdefault(PLACE, {})
    return moulds.setdefault(language(), {})


def mould(moulds: Moulds, shape: tuple[Any, ...], render: Callable[[], str]) -> str:
    """Return the format that `render` gives for this shape, rendering it when there is none yet.

    `shape` must hold everything that `render` decides by. Fill it with `%` and a mapping of escaped words, or a tuple
    of them where the gaps have no names.
    """
    found = moulds.get(shape)
    if found is None:
        said = str(render()).replace("%", "%%").replace(OPEN, "%(").replace(SHUT, ")s")
        found = moulds[shape] = said.replace(NEXT, "%s")
    return found


def macro(template: str, name: str) -> Callable[..., Markup]:
    """Return a macro of a template."""
    found: Callable[..., Markup] = getattr(current_app.jinja_env.get_template(template).module, name)
    return found


def fill(template: str, name: str, facts: Mapping[str, Any]) -> Markup:
    """Return a macro of a template, filled with those facts that it names.

    Text leaves a gap, empty text is absent; a fact of any other kind decides, and makes a mould of its own.
    """
    taken = [(each, facts[each]) for each in _taken(template, name)]
    shape = tuple(fact and type(fact) if isinstance(fact, str) else fact for _, fact in taken)
    piece = mould(kept(), (template, name, shape), partial(_blank, template, name, taken))
    # Each gap was filled with escaped words, and the moulds come from the template.
    words = {each: fact if isinstance(fact, Markup) else escaped(fact) for each, fact in taken if isinstance(fact, str)}
    return Markup(piece % words)  # noqa: S704


@cache
def _taken(template: str, name: str) -> tuple[str, ...]:
    """Return what a macro asks for."""
    found: Any = macro(template, name)
    return tuple(found.arguments)


def _blank(template: str, name: str, taken: list[tuple[str, Any]]) -> str:
    return str(macro(template, name)(**{each: _gap(each, fact) for each, fact in taken}))


def _gap(name: str, fact: Any) -> Any:
    """Return what stands for a fact while its mould is made."""
    if not fact or not isinstance(fact, str):
        return fact
    return block(name) if isinstance(fact, Markup) else gap(name)
