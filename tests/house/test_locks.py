"""The locks are whole: every package pinned with its hashes, no address, no path, each lock inside the next."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "requirements"
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)")
LOCKS = sorted(FOLDER.glob("*.lock"))


def problems(text: str) -> list[str]:
    """Name what a lock should not hold."""
    found = [f"“{word}” in a lock" for word in ("://", "file:", "-e ", "--index", "--find-links", "@ ") if word in text]
    for entry in re.split(r"\n(?=[^\s#])", text.strip()):
        if not PIN.match(entry):
            found.append(f"not a pin: {entry[:40]}")
        elif "--hash=sha256:" not in entry:
            found.append(f"no hash: {entry[:40]}")
    return found


def pins(path: Path) -> set[tuple[str, str]]:
    """Read (package, version)."""
    return {(found[1], found[2]) for line in path.read_text().splitlines() if (found := PIN.match(line))}


def loose(folder: Path) -> list[str]:
    """Name what a lock holds and the next one does not."""
    return [
        f"{larger} lacks {name}=={version}"
        for smaller, larger in (("run", "test"), ("test", "dev"))
        for name, version in sorted(pins(folder / f"{smaller}.lock") - pins(folder / f"{larger}.lock"))
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_is_whole(lock):
    assert problems(lock.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        "flask==3.1.3",
        "flask>=3 \\\n    --hash=sha256:00",
        "--index-url https://example.org\nflask==3.1.3 \\\n    --hash=sha256:00",
        "./wheels/flask.whl",
    ],
)
def test_a_lock_that_is_not_goes_red(text):
    assert problems(text)


def test_each_lock_holds_the_one_before():
    assert loose(FOLDER) == []


def test_a_lock_that_lacks_what_the_one_before_holds_is_named(tmp_path):
    for name, pinned in (("run", "flask==3.1.3"), ("test", "flask==3.1.4"), ("dev", "flask==3.1.4\nruff==0.17.6")):
        (tmp_path / f"{name}.lock").write_text(pinned)

    assert loose(tmp_path) == ["test lacks flask==3.1.3"]
