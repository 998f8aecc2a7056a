"""The document of the benchmark: each part stands with its own day and commit until it is measured again."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

PARTS = ("photo", "stock", "growth to 9")
BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCH))
    return import_module("document")


def test_a_part_measured_again_leaves_the_others_as_they_stand(document: ModuleType) -> None:
    once = {name: document.Part("Measured once.", [f"- {name} as it was"]) for name in PARTS}
    old = document.merged("", once, ["stock", "photo"])

    new = document.merged(old, {"photo": document.Part("Measured again.", ["- quicker"])}, ["stock", "photo"])

    assert list(document.read(new)) == ["stock", "photo", "growth to 9"]
    assert "Measured again.\n\n- quicker" in new
    assert new.count("Measured once.") == 2
    assert new.replace("Measured again.\n\n- quicker", "Measured once.\n\n- photo as it was") == old


def test_the_document_that_stands_is_one_that_a_run_goes_on_from(document: ModuleType) -> None:
    stands = document.FILE.read_text(encoding="utf-8")
    parts = document.read(stands)
    assert document.merged(stands, {}, list(parts)) == stands
    assert {"catalogue", "checkout", "stock"} <= parts.keys()
