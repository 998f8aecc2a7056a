"""The lists of invariants and of promises: each line names tests that exist, and addresses that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \| .+ \|$", re.MULTILINE)
PROMISE = re.compile(r"^\| (?!What is promised \||---)(.+?) \| .+ \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[^`:]+)::(test_\w+)`")
ADDRESS = re.compile(r"`([/…][^`?]*)[^`]*`")
# Between what stays as it is: any one part of an address.
OPEN = re.compile(r"<[^>]+>|…")
MANY = {"Orders, stock and money": 22, "Bazaars": 13, "e-Katalog": 10, "Families and their way": 16}


def parts(text: str) -> dict[str, str]:
    """Read the text below each heading."""
    return {name: told for name, _, told in (part.partition("\n") for part in text.split("\n## ")[1:])}


def missing(text: str, kind: re.Pattern[str] = ROW) -> list[str]:
    """Name the rows that lean on nothing."""
    return [
        row[0] for row in kind.finditer(text) if not (named := TEST.findall(row[0])) or not all(map(is_there, named))
    ]


def is_there(test: tuple[str, str]) -> bool:
    """Tell whether a file holds a test of this name."""
    file, name = ROOT / test[0], test[1]
    return file.is_file() and f"\ndef {name}(" in file.read_text(encoding="utf-8")


def lost(app: Flask, text: str) -> list[str]:
    """Name the addresses of the middle column that no route of the house has."""
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    wheres = [row[0].split(" | ")[1] for row in PROMISE.finditer(text)]
    return [
        address
        for where in wheres
        for address in ADDRESS.findall(where)
        if not any(_is_one(rule, address) or _is_one(address, rule) for rule in rules)
    ]


def _is_one(pattern: str, address: str) -> bool:
    said = ".+".join(map(re.escape, OPEN.split(pattern)))
    return re.fullmatch(said, OPEN.sub("x", address)) is not None


def test_each_invariant_names_its_tests_and_they_are_there():
    listed = parts((ROOT / "docs" / "invariants.md").read_text(encoding="utf-8"))

    assert {name: [int(each) for each in ROW.findall(told)] for name, told in listed.items()} == {
        name: list(range(1, many + 1)) for name, many in MANY.items()
    }
    assert [row for told in listed.values() for row in missing(told)] == []


def test_each_promise_names_its_tests_and_they_are_there():
    lists = sorted((ROOT / "docs" / "promises").glob("[a-z]*.md"))

    assert lists
    for each in lists:
        text = each.read_text(encoding="utf-8")
        assert PROMISE.search(text), each.name
        assert missing(text, PROMISE) == [], each.name


def test_each_promise_is_met_at_an_address_of_the_house(app):
    for each in (ROOT / "docs" / "promises").glob("[a-z]*.md"):
        assert lost(app, each.read_text(encoding="utf-8")) == [], each.name


def test_an_address_that_leads_nowhere_is_named(app):
    row = "| Something | `/produk/…`, `…/isi/bahan`, `/produk?q=`, `/dinsos/akun/<id>`, `/hasil`, `core/db` | a |"

    assert lost(app, row) == ["/hasil"]


def test_a_row_that_leans_on_nothing_goes_red():
    gone = "| 1 | Something | `tests/house/test_invariants.py::test_that_never_was` |"
    bare = "| 2 | Something | nothing |"
    said = "| A price in any form | `/jualan/produk/baru` | nothing |"

    assert missing(f"{gone}\n{bare}\n") == [gone, bare]
    assert missing(f"| What is promised | Where | Tests |\n|---|---|---|\n{said}\n", PROMISE) == [said]
