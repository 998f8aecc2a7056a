"""The glossary is the arbiter of names: no table without its word, no word for something that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from app.core.db import Base

ROOT = Path(__file__).resolve().parents[2]
LATER = re.compile(r"\blater\b")


def words(text: str) -> list[list[str]]:
    """Read the cells of every row that names something in code."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    return [row for row in rows if len(row) > 3 and "`" in row[2]]


def nameless(text: str, tables: set[str]) -> list[str]:
    """Name the tables that no word stands for."""
    named = {name for row in words(text) for cell in row[2:] for name in re.findall(r"`([^`]+)`", cell)}
    return sorted(tables - named)


def unknown(text: str, source: str) -> list[str]:
    """Name what a row calls something in code though the code does not, unless it says that this comes later."""
    return [
        name
        for row in words(text)
        for name in re.findall(r"`([^`]+)`", row[2])
        if not _stands(name, source) and not LATER.search(row[-1])
    ]


def _stands(name: str, source: str) -> bool:
    """Tell whether code says a name as a word of its own, not as letters of another; `…` may go on as it likes."""
    word, more, _rest = name.lower().partition("…")
    return re.search(rf"(?<![a-z]){re.escape(word)}" + ("" if more else "(?![a-z])"), source) is not None


def source() -> str:
    """Everything that is written in code, in small letters: prose of reference data is not."""
    files = [
        *(ROOT / "app").rglob("*.py"),
        *(ROOT / "app" / "templates").rglob("*.html"),
        *(ROOT / "tests").rglob("*.py"),
    ]
    return "\n".join(each.read_text(encoding="utf-8") for each in sorted(files) if each != Path(__file__)).lower()


def glossary() -> str:
    return (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_every_table_has_its_word(fresh_app):
    fresh_app()  # whoever builds the house has every table read

    assert nameless(glossary(), set(Base.metadata.tables)) == []


def test_every_name_is_one_of_the_code_or_says_that_it_comes_later():
    assert unknown(glossary(), source()) == []


def test_a_table_without_a_word_and_a_word_without_a_thing_go_red():
    text = """
| lapak | A stall | `shop` | entity | |
| tabungan | Savings | `savings_jar` | entity | |
| toko | A shop of stone | `hop` | entity | |
| arisan | A round | `arisan_round` | entity | later |
"""

    assert nameless(text, {"shop", "shop_window"}) == ["shop_window"]
    assert unknown(text, "class shop") == ["savings_jar", "hop"]
