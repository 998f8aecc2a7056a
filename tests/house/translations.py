"""The English catalogue, held against what the source says; `make messages` mends whatever is found here."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "app/translations/en/LC_MESSAGES/messages.po"
# Named places, per cent signs, and the $ and $1 that scripts fill.
PLACES = re.compile(r"%\(\w+\)[sd]|%%|\$\d?")
# The public word for a lapak is one word on every English page.
LAPAK, SHOP = re.compile(r"\blapak", re.IGNORECASE), re.compile(r"\bshops?\b", re.IGNORECASE)
Key = tuple[str | None, str]


def said(root: Path) -> dict[Key, tuple[str, ...]]:
    """Return what the screens say, found with the settings of `make messages`: (meaning, words) to its forms."""
    mappings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods, options = [], {}
    for mapping in mappings:
        patterns = mapping["pattern"] if isinstance(mapping["pattern"], list) else [mapping["pattern"]]
        for pattern in patterns:
            methods.append((pattern, mapping["method"]))
            options[pattern] = {name: what for name, what in mapping.items() if name not in {"method", "pattern"}}
    keywords: dict[str, Any] = parse_keywords(re.findall(r"--keyword (\S+)", (root / "Makefile").read_text()))
    found: dict[Key, tuple[str, ...]] = {}
    for _file, _line, words, _comments, meaning in extract_from_dir(root / "app", methods, options, keywords):
        forms = words if isinstance(words, tuple) else (words,)
        key = (meaning, forms[0])
        found[key] = max(found.get(key, ()), forms, key=len)
    return found


def catalogue(path: Path = CATALOGUE) -> Catalog:
    """Read the catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale="en")


def entries(book: Catalog) -> dict[Key, Message]:
    """Return the entries of a catalogue without its head."""
    return {(each.context, _forms(each.id)[0]): each for each in book if each.id}


def problems(book: Catalog, spoken: dict[Key, tuple[str, ...]]) -> list[str]:
    """Name every sentence that is missing, empty, doubtful, no longer said, loses a placeholder or calls
    a lapak a shop."""
    written = entries(book)
    gaps = [f"missing: {words}" for meaning, words in spoken if (meaning, words) not in written]
    stale = [f"no longer said: {words}" for meaning, words in written if (meaning, words) not in spoken]
    return gaps + stale + [wrong for each in written.values() for wrong in _wrong(each)]


def _wrong(entry: Message) -> Iterable[str]:
    own, english = _forms(entry.id), _forms(entry.string)
    if entry.fuzzy:
        yield f"doubtful: {own[0]}"
    if not all(form.strip() for form in english):
        yield f"empty: {own[0]}"
        return
    # A form for one thing may say the number in words; the form for many says everything.
    allowed = set(PLACES.findall(" ".join(own)))
    if set(PLACES.findall(english[-1])) != set(PLACES.findall(own[-1])) or not allowed.issuperset(
        PLACES.findall(" ".join(english))
    ):
        yield f"placeholders: {own[0]}"
    if LAPAK.search(" ".join(own)) and SHOP.search(PLACES.sub("", " ".join(english))):
        yield f"a lapak is a stall: {own[0]}"


def _forms(words: Any) -> tuple[str, ...]:
    return tuple(words) if isinstance(words, (tuple, list)) else (words,)


def compiled(book: Catalog) -> bytes:
    """Return what `pybabel compile` would write."""
    out = io.BytesIO()
    write_mo(out, book)
    return out.getvalue()


def indonesian(book: Catalog) -> set[str]:
    """Return whole Indonesian sentences whose English differs: none of them belongs on an English page."""
    plain = (each for each in entries(book).values() if isinstance(each.id, str) and isinstance(each.string, str))
    return {
        each.id
        for each in plain
        if len(each.id.split()) > 2 and not PLACES.search(each.id) and each.id not in each.string
    }
