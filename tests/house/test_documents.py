"""What a newcomer reads is there, and leads where it says: documents, links, pictures and commands."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from app.people.places.rules import DEFAULTS

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


# Folders whose first page lists every other one.
LISTED = ("algorithms", "decisions", "promises")


def unlisted(folder: Path) -> list[str]:
    """Name the pages of a folder that its first page leads to nowhere: nobody would find them."""
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    return sorted({path.name for path in folder.glob("*.md")} - {"README.md"} - listed)


@pytest.mark.parametrize("name", LISTED)
def test_every_page_of_a_folder_is_listed_on_its_first(name):
    assert unlisted(ROOT / "docs" / name) == []


def test_a_page_that_no_list_leads_to_is_named(tmp_path):
    (tmp_path / "README.md").write_text("| [aid.md](aid.md) | visits.md |")
    for name in ("aid.md", "visits.md"):
        (tmp_path / name).write_text("# Something")

    assert unlisted(tmp_path) == ["visits.md"]


CLOCKS = {
    "accept_by": ("accept_hours", "24 h"),
    "amend_by": ("amend_hours", "24 h"),
    "pay_by": ("pay_hours", "24 h"),
    "ready_by": ("ready_grace_hours", "the promised day + 48 h"),
    "collect_by": ("collect_hours", "72 h"),
    "goods missing": ("at_risk_hours", "12 h"),
    "claim": ("claim_hours", "24 h"),
    "refund due": ("refund_days", "3 days"),
    "a treasurer's payment": ("treasurer_days", "14 days"),
}

# What moves a clock or rings beside it, and has no row of its own.
BESIDE = {"remind_hours", "silent_hours", "refund_late_days", "promise_hours", "ready_hour", "bazaar_grace_hours"}
BESIDE |= {"night_from", "night_until"}


def untrue(text: str, settings: Mapping[str, int]) -> list[str]:
    """Name the clocks of the page whose length is not the one that holds until an office sets another."""
    rows = {cells[1].strip(" `"): cells[3] for line in text.splitlines() if len(cells := line.split("|")) == 7}
    found = []
    for name, (key, said) in CLOCKS.items():
        row = next((told for clock, told in rows.items() if clock.startswith(name)), "")
        figures = [each for each in said.split() if each.isdigit()]
        if said not in row or figures != [str(settings[f"clock.{key}"])]:
            found.append(name)
    return found


def test_the_page_of_clocks_says_what_holds():
    text = (ROOT / "docs/algorithms/clocks.md").read_text(encoding="utf-8")

    assert untrue(text, DEFAULTS) == []
    told = {key for key, _said in CLOCKS.values()} | BESIDE
    assert {f"clock.{key}" for key in told} == {key for key in DEFAULTS if key.startswith("clock.")}


def test_a_clock_that_runs_otherwise_than_its_page_says_is_named():
    text = (ROOT / "docs/algorithms/clocks.md").read_text(encoding="utf-8")

    assert untrue(text, DEFAULTS | {"clock.accept_hours": 30}) == ["accept_by"]
    assert untrue(text.replace("| 72 h", "| 48 h"), DEFAULTS) == ["collect_by"]


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


def half_open(folder: Path) -> list[str]:
    """Name what the door of a submission does not check or test."""
    door = (folder / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    rules = (folder / "Makefile").read_text(encoding="utf-8")
    check, test = (re.search(rf"^{name}:.*\n((?:\t.*\n)+)", rules, re.M)[1] for name in ("check", "test"))
    steps = [line for line in door if line.startswith("make ")]
    found = ["the steps of the door"] * (steps != ["make check", "make test", "make walks"])
    found += ["a door that goes on after a failure"] * ("set -euo pipefail" not in door)
    found += ["a door that leaves something out"] * ("export CI=true" not in door)
    tools = ("ruff check .", "ruff format --check .", "mypy app", "lint-imports", "djlint --quiet --lint app/templates")
    found += [each for each in tools if f"$(BIN)/{each}" not in check]
    found += ["tools/system.py"] * ("tools/system.py" not in test)
    return found + ["one engine alone"] * ("--engine" in test)


def test_the_door_of_a_submission_checks_and_tests_everything():
    assert half_open(ROOT) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        (".ci/run", "make walks\n", "", "the steps of the door"),
        (".ci/run", "set -euo pipefail", "set -u", "a door that goes on after a failure"),
        (".ci/run", "export CI=true", "", "a door that leaves something out"),
        ("Makefile", "$(BIN)/mypy app", "# $(BIN)/mypy", "mypy app"),
        ("Makefile", "@$(BIN)/python tools/system.py\n\t$(BIN)/pytest", "$(BIN)/pytest", "tools/system.py"),
        ("Makefile", "--dist loadgroup $(if", "--engine sqlite $(if", "one engine alone"),
    ],
)
def test_a_door_that_lets_something_by_is_named(tmp_path, file, old, new, finding):
    for name in (".ci/run", "Makefile"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    assert half_open(tmp_path) == [finding]


@pytest.mark.parametrize(("ci", "left"), [("", True), ("true", False)])
def test_only_at_the_desk_pages_are_left_out_on_the_second_engine(ci, left):
    shown = subprocess.run(
        ["make", "--dry-run", "test", f"CI={ci}"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert ("not again" in shown) is left
    assert "pytest -n" in shown


def left_out(told: Mapping[str, Any]) -> list[str]:
    """Name what keeps a part of the house from the types or the lint."""
    types, lint = told["mypy"], told["ruff"]
    found = ["not strict"] * (types["strict"] is not True)
    found += [each for each in types["exclude"] if re.match(each, "app/kit/slugs.py")]
    found += [str(each["module"]) for each in types["overrides"] if set(each) != {"module", "ignore_missing_imports"}]
    found += [each for each in lint["extend-exclude"] if not each.startswith("bench/")]
    excused = {each for each in lint["lint"]["per-file-ignores"] if each.startswith("app/")}
    return found + sorted(excused - {"app/household.py"})


def settings_of_tools() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]


def test_nothing_of_the_house_is_left_out_of_the_types_and_the_lint():
    assert left_out(settings_of_tools()) == []


def test_what_is_left_out_is_named():
    told = settings_of_tools()
    told["mypy"]["strict"] = False
    told["mypy"]["exclude"].append("^app/kit/")
    told["mypy"]["overrides"].append({"module": "app.trade.*", "ignore_errors": True})
    told["ruff"]["extend-exclude"].append("app/growth")
    told["ruff"]["lint"]["per-file-ignores"]["app/office/**"] = ["ANN"]

    assert left_out(told) == ["not strict", "^app/kit/", "app.trade.*", "app/growth", "app/office/**"]


def poor(folder: Path) -> list[str]:
    """Name the pages that lack a screenshot in one of four ways, and screenshots that are heavy."""
    shots = sorted(folder.glob("*"))
    names = {"beranda", "produk", "penjual", "kurasi"} | {each.stem.rsplit("-", 2)[0] for each in shots}
    four = {f"{name}-{width}-{look}.png" for name in names for width in (360, 1280) for look in ("terang", "gelap")}
    heavy = [each.name for each in shots if each.stat().st_size >= 200_000]
    return sorted(four ^ {each.name for each in shots}) + heavy


def test_each_screenshot_is_small_and_each_page_is_there_in_four_ways():
    assert poor(ROOT / "docs" / "screenshots") == []


def test_a_screenshot_that_lacks_or_weighs_too_much_is_named(tmp_path):
    for each in (ROOT / "docs" / "screenshots").glob("*"):
        (tmp_path / each.name).write_bytes(b"")
    (tmp_path / "kurasi-360-gelap.png").unlink()
    (tmp_path / "bazar-1280-terang.png").write_bytes(bytes(200_000))

    assert poor(tmp_path) == ["kurasi-360-gelap.png", "bazar-1280-terang.png"]
