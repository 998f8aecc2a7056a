"""Every kind of act that the house writes down has a word, and a test that goes red when nobody writes it any more."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest

from tests.house import laws

ROOT = Path(__file__).resolve().parents[2]
RECORDS = {"audit.record", "audit.record_each"}
WORDS = "app/office/oversight/words.py"
PRESSED = "tests/security/acts.csv"  # what stands in the log after every button was pressed
ASKS = {"AuditEntry", "log"}
SAMPLES = ("tests/house/", "tests/office/oversight/")  # they name acts that nobody did


def written(root: Path) -> set[str]:
    """Return the kinds that the house writes down, as patterns: what is put together while it runs is a gap."""
    nodes = (node for _path, tree in laws.sources(root) for node in ast.walk(tree))
    kinds = [node.args[1] for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) in RECORDS]
    return {_pattern(way) for kind in kinds for way in _ways(kind)}


def _ways(kind: ast.expr) -> list[ast.expr]:
    return [kind.body, kind.orelse] if isinstance(kind, ast.IfExp) else [kind]


def _pattern(kind: ast.expr) -> str:
    parts = kind.values if isinstance(kind, ast.JoinedStr) else [kind]
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in parts)


def worded(root: Path) -> set[str]:
    """Return the kinds that a screen can name."""
    dicts = (node for node in ast.walk(ast.parse((root / WORDS).read_text("utf-8"))) if isinstance(node, ast.Dict))
    return {str(ast.literal_eval(key)) for each in dicts for key in each.keys if key}


def pressed(root: Path) -> set[str]:
    """Return the kinds that must stand in the log after every button was pressed."""
    with (root / PRESSED).open(encoding="utf-8", newline="") as file:
        return {row["act"] for row in csv.DictReader(file)}


def asked(root: Path) -> set[str]:
    """Return every text in the tests that ask the log what it says."""
    trees = (list(ast.walk(tree)) for path, tree in laws.sources(root, "tests") if not path.startswith(SAMPLES))
    asking = (nodes for nodes in trees if any(_asks(node) for node in nodes))
    texts = (node.value for nodes in asking for node in nodes if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str)}


def _asks(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and not ASKS.isdisjoint(name.name for name in node.names)


def findings(root: Path) -> list[str]:
    """Name each kind without a word, each word without a kind, and each kind that could go missing unseen."""
    patterns, words, seen = written(root), worded(root), pressed(root) | asked(root)
    lone = [pattern for pattern in patterns if not any(re.fullmatch(pattern, word) for word in words)]
    idle = [word for word in words if not any(re.fullmatch(pattern, word) for pattern in patterns)]
    return sorted(
        [f"{pattern} has no word" for pattern in lone]
        + [f"{kind} has no word" for kind in pressed(root) - words]
        + [f"{word} is written by nobody" for word in idle]
        + [f"{word} is asked of the log by no test" for word in words - seen]
    )


def test_every_act_has_a_word_and_a_test():
    assert len(written(ROOT)) > 150
    assert findings(ROOT) == []


CODE = 'audit.record(by, "eggs.laid", hen)\naudit.record(by, f"eggs.{state}", hen)\n'
TOLD = 'from tests.support.log import log\nassert log("eggs.boiled") == []\n'
HOUSE = {
    "app/hens.py": CODE,
    WORDS: 'ACTS = {"eggs.laid": _l("Telur ada"), "eggs.boiled": _l("Telur direbus")}\n',
    PRESSED: "act\neggs.laid\n",
    "tests/test_hens.py": TOLD,
}


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("app/hens.py", CODE, []),
        ("app/hens.py", CODE + 'audit.record(by, "hens.fled" if wild else "eggs.laid")\n', [r"hens\.fled has no word"]),
        ("app/hens.py", CODE.replace("s.{", "x.{"), ["eggs.boiled is written by nobody", r"eggx\.\w+ has no word"]),
        (PRESSED, "act\neggs.laid\neggs.sold\n", ["eggs.sold has no word"]),
        (PRESSED, "act\n", ["eggs.laid is asked of the log by no test"]),
        ("tests/test_hens.py", 'assert page == "eggs.boiled"\n', ["eggs.boiled is asked of the log by no test"]),
        ("tests/test_hens.py", TOLD.replace("boiled", "fried"), ["eggs.boiled is asked of the log by no test"]),
    ],
)
def test_twin_an_act_that_nobody_words_writes_or_asks_for_is_named(tmp_path, path, text, found):
    for each, said in (HOUSE | {path: text}).items():
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text(said, encoding="utf-8")

    assert findings(tmp_path) == found
