"""What a newcomer reads is there, and leads where it says: documents, links, pictures and commands."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
# What everybody who comes by looks for, and words by which each is known.
WANTED = {
    "README.md": ("## Two commands", "## Who is who", "## Where things are", "make run", "make test", "docs/promises/"),
    "CONTRIBUTING.md": ("## The laws", "make check"),
    "CHANGELOG.md": ("**If you sell**",),
    "LICENSE": ("Apache License", "Version 2.0, January 2004"),
    ".env.example": ("LAPAK_DATABASE_URL", "LAPAK_SECRET_KEY"),
    "docs/glossary.md": ("pendamping", "KPM"),
    "docs/algorithms/README.md": ("graduation.md",),
    "docs/decisions/README.md": ("0001-five-storeys.md",),
    "docs/decisions/0001-five-storeys.md": ("storey",),
    "docs/decisions/0002-no-money-held.md": ("money",),
    "docs/decisions/0003-no-score.md": ("score",),
    "docs/security/guards.md": ("Twin",),
    "docs/benchmarks.md": ("▣",),
    "docs/promises/README.md": ("main-job.md", "house.md"),
}
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
MAKE = re.compile(r"\bmake ([a-z]+)")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


def documents(folder: Path) -> list[Path]:
    """Return everything that is written to be read."""
    return [*sorted(folder.glob("*.md")), *sorted((folder / "docs").rglob("*.md"))]


def broken(folder: Path) -> list[str]:
    """Name the links and pictures that lead to nothing, and the commands that nobody knows."""
    known, found = set(TARGET.findall((folder / "Makefile").read_text(encoding="utf-8"))), []
    for each in documents(folder):
        text, name = each.read_text(encoding="utf-8"), each.relative_to(folder).as_posix()
        found += [
            f"{name}: {target}"
            for target in LINK.findall(text)
            if "://" not in target and not (each.parent / target).exists()
        ]
        if each.parent == folder:
            found += [f"{name}: make {word}" for word in sorted(set(MAKE.findall(_commands(text))) - known)]
    return found


def _commands(text: str) -> str:
    """Keep what stands as code; prose may make anything."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


@pytest.mark.parametrize("name", WANTED)
def test_what_is_looked_for_is_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert [words for words in WANTED[name] if words not in text] == []


def test_every_link_leads_somewhere():
    assert len(documents(ROOT)) > 30
    assert broken(ROOT) == []


def test_a_link_that_leads_nowhere_and_a_command_that_nobody_knows_are_named(tmp_path):
    (tmp_path / "Makefile").write_text("run:\n\ttrue\n")
    text = "[here](Makefile) ![not](docs/gone.png) [away](https://x.test/) `make run` ```\nmake tea\n``` we make do"
    (tmp_path / "README.md").write_text(text)

    assert broken(tmp_path) == ["README.md: docs/gone.png", "README.md: make tea"]


def ragged(text: str) -> list[str]:
    """Name the rows of tables that have more or fewer cells than the head: a reader would not see what is too much."""
    found, width = [], 0
    for line in text.splitlines():
        cells = len(re.split(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", line).strip())) - 2 if line[:1] == "|" else 0
        if cells and width and cells != width:
            found.append(line)
        width = width or cells if cells else 0
    return found


@pytest.mark.parametrize("path", documents(ROOT), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_row_of_a_table_fits_under_its_head(path):
    assert ragged(path.read_text(encoding="utf-8")) == []


def test_a_row_that_fits_under_no_head_is_named():
    text = "| a | b |\n|---|---|\n| 1 | `x|y` |\n| 1 | 2 | 3 |\n\n| a |\n|---|\n| 1 |\n"

    assert ragged(text) == ["| 1 | 2 | 3 |"]


def unsaid(text: str, screens: str) -> list[str]:
    """Name what a text quotes from a screen (`*Pesan sekarang*`) that no screen says; … stands for anything."""
    quoted = re.findall(r"(?<![*\w])\*([^*\n]+)\*(?!\*)", text)
    pieces = [piece.strip() for each in quoted for piece in re.split(r"[…,]", each) if piece.strip()]
    return [piece for piece in pieces if piece.lower() not in screens]


@pytest.fixture(scope="module")
def screens():
    """Everything that screens say, in small letters; and what people type into them."""
    with (ROOT / "app/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        said = [each.id if isinstance(each.id, str) else "\n".join(each.id) for each in read_po(file)]
    return "\n".join([*said, "telor asin"]).lower()


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_what_is_quoted_from_a_screen_stands_on_one(name, screens):
    assert unsaid((ROOT / name).read_text(encoding="utf-8"), screens) == []


def test_a_word_that_no_screen_says_is_named(screens):
    text = "**If you buy** press *Pesan sekarang*, *Hanya ada …* or *Beli cepat*; open *Akun saya, Kantong ajaib*."

    assert unsaid(text, screens) == ["Beli cepat", "Kantong ajaib"]


def test_the_door_of_a_submission_checks_and_tests_everything():
    door = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    check, test = (re.search(rf"^{name}:.*\n((?:\t.*\n)+)", rules, re.M)[1] for name in ("check", "test"))

    assert [line for line in door if line.startswith("make ")] == ["make check", "make test", "make walks"]
    assert "set -euo pipefail" in door
    assert "export CI=true" in door
    tools = ("ruff check .", "ruff format --check .", "mypy app", "lint-imports", "djlint --quiet --lint app/templates")
    assert [each for each in tools if f"$(BIN)/{each}" not in check] == []
    assert "tools/system.py" in test
    assert "--engine" not in test, "both of them"


@pytest.mark.parametrize(("ci", "left"), [("", True), ("true", False)])
def test_only_at_the_desk_pages_are_left_out_on_the_second_engine(ci, left):
    shown = subprocess.run(
        ["make", "--dry-run", "test", f"CI={ci}"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert ("not again" in shown) is left
    assert "pytest -n" in shown


def test_nothing_of_the_house_is_left_out_of_the_types_and_the_lint():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    types, lint = told["mypy"], told["ruff"]

    assert types["strict"]
    assert [each for each in types["exclude"] if re.match(each, "app/kit/slugs.py")] == []
    assert [each for each in types["overrides"] if set(each) != {"module", "ignore_missing_imports"}] == []
    assert [each for each in lint["extend-exclude"] if not each.startswith("bench/")] == []
    assert {each for each in lint["lint"]["per-file-ignores"] if each.startswith("app/")} == {"app/household.py"}


def test_each_screenshot_is_small_and_each_page_is_there_in_four_ways():
    shots = sorted((ROOT / "docs" / "screenshots").iterdir())
    names = {each.stem.rsplit("-", 2)[0] for each in shots}

    assert {"beranda", "produk", "penjual", "kurasi"} <= names
    assert sorted(each.name for each in shots) == sorted(
        f"{name}-{width}-{look}.png" for name in names for width in (360, 1280) for look in ("terang", "gelap")
    )
    assert max(each.stat().st_size for each in shots) < 200_000
