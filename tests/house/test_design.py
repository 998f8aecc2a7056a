"""The promises of the look: how much it weighs, and that every picture it names exists."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from PIL import Image

from app.core.assets import Assets
from app.goods.categories.rules import DRAWINGS, PLAIN

APP = Path(__file__).parents[2] / "app"
SPRITE = re.compile(r'<symbol id="([\w-]+)"')
ICON = re.compile(r"""\bicon\("([a-z]+)"|icon_name="([a-z]+)\"""")
HEX, ASKED, SET = re.compile(r"#[0-9a-f]{3,8}\b", re.I), re.compile(r"var\((--[\w-]+)"), re.compile(r"(--[\w-]+):")
CLASS, WORN, DRAWN = re.compile(r"\.([a-z][\w-]*)"), re.compile(r'class="([^"]*)"'), re.compile(r"url\([^)]*\)")
DRAWING = re.compile(r"""["']([eg]-[a-z]+)["']""")


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets(APP / "static")


def templates() -> Iterator[tuple[Path, str]]:
    for path in sorted((APP / "templates").rglob("*.html")):
        yield path, path.read_text(encoding="utf-8")


def squeezed(assets: Assets, name: str) -> int:
    return len(gzip.compress(assets.by_name[name].body, 9))


def test_the_styles_of_all_pages_fit_in_12_kb(assets):
    assert squeezed(assets, "css") <= 12_288


def test_the_styles_of_papers_fit_in_2_kb(assets):
    assert squeezed(assets, "papers") <= 2_048


def test_papers_call_a_token_by_the_short_name_that_all_pages_give_it(assets):
    given = set(SET.findall(assets.by_name["css"].body.decode()))

    assert set(ASKED.findall(assets.by_name["papers"].body.decode())) <= given


def test_only_papers_wear_what_only_papers_fetch(assets):
    named = dict(templates())
    own = classes(assets, "papers") - classes(assets, "css")
    wearers = {
        path for path, text in named.items() if own & {word for each in WORN.findall(text) for word in each.split()}
    }

    assert {"paper__head", "letter", "login-card", "receipt"} <= own
    assert len(wearers) > 9
    assert [path.name for path in sorted(wearers) if not is_paper(path, named)] == []


def classes(assets: Assets, name: str) -> set[str]:
    """Name what a file of styles dresses."""
    return set(CLASS.findall(DRAWN.sub("", assets.by_name[name].body.decode())))


def is_paper(path: Path, named: dict[Path, str]) -> bool:
    """Tell whether a template is the sheet, stands on it, is a PDF of its own, or a part of such alone."""
    if path.name == "print.html" or 'extends "layouts/print.html"' in named[path] or "<!doctype" in named[path]:
        return True
    whole = f'include "{path.relative_to(APP / "templates")}"'
    around = [each for each, text in named.items() if whole in text]
    return bool(around) and all(is_paper(each, named) for each in around)


def test_all_behaviours_together_stay_under_20_kb(assets):
    assert len(assets.by_name["js"].body) <= 20_480


def test_a_script_of_few_pages_is_a_file_of_its_own_and_stays_under_16_kb(assets):
    own = {name: len(asset.body) for name, asset in assets.by_name.items() if name.startswith("pages/")}

    assert {"pages/notebook.js", "pages/worker.js"} <= set(own)
    assert max(own.values()) <= 16_384
    for name in own:
        assert assets.by_name[name].body.decode() not in assets.by_name["js"].body.decode()


def test_styles_script_and_font_fit_in_45_kb(assets):
    font = len(assets.by_name["fonts/plus-jakarta-sans-id.woff2"].body)

    assert squeezed(assets, "css") + squeezed(assets, "js") + font <= 46_080


def test_every_icon_that_a_page_names_is_drawn(assets):
    drawn = set(SPRITE.findall(assets.by_name["img/sprite.svg"].body.decode()))

    missing = {
        f"{path.name}: {name}"
        for path, text in templates()
        for pair in ICON.findall(text)
        for name in pair
        if name and f"i-{name}" not in drawn
    }

    assert not missing


def test_every_drawing_that_a_page_names_is_drawn(assets):
    drawn = set(SPRITE.findall(assets.by_name["img/drawings.svg"].body.decode()))

    missing = {
        f"{path.name}: {name}" for path, text in templates() for name in DRAWING.findall(text) if name not in drawn
    }

    assert not missing


def test_every_list_that_is_empty_says_so_and_shows_a_way_on():
    calls = {
        f"{path.relative_to(APP)}:{call.lineno}": len(call.args)
        for path, text in templates()
        for call in Environment().parse(text).find_all(nodes.Call)
        if getattr(call.node, "name", "") == "empty_state"
    }

    assert len(calls) > 60
    assert [where for where, given in calls.items() if given < 4] == []  # a drawing, a sentence, a word and an address


@pytest.mark.parametrize("name", sorted({name for name, _tint in (PLAIN, *DRAWINGS.values())}))
def test_every_drawing_of_a_category_has_a_picture_that_can_be_shared(assets, name):
    assert name in SPRITE.findall(assets.by_name["img/drawings.svg"].body.decode())
    picture = assets.by_name[f"img/share/{name}.jpg"]

    assert Image.open(io.BytesIO(picture.body)).size == (1200, 630)
    assert len(picture.body) < 40_000


def test_each_behaviour_that_a_page_names_exists():
    known = {path.stem for path in (APP / "static/js/behaviours").glob("*.js")}

    named = {
        name
        for _, text in templates()
        for names in re.findall(r'data-behaviour="([a-z -]+)"', text)
        for name in names.split()
    }

    assert named <= known


def test_each_behaviour_is_one_attach_function_and_imports_nothing():
    for path in (APP / "static/js/behaviours").glob("*.js"):
        text = path.read_text(encoding="utf-8")

        assert text.count("export function attach(element) {") == 1, path.name
        assert "import" not in text, path.name


def test_no_style_uses_what_an_old_webview_drops_whole(assets):
    styles = assets.by_name["css"].body.decode()

    assert "@layer" not in styles
    assert "light-dark(" not in styles
    assert "text-transform" not in styles
    assert "italic" not in styles
    assert styles.count("{") == styles.count("}")


def coloured(folder: Path) -> list[str]:
    """Name the colours that are written elsewhere than in tokens.css; inks of paper and plain white have no hue."""
    return [
        f"{path.name}: {found}"
        for path in sorted(folder.rglob("*.css"))
        if path.name != "tokens.css"
        for found in HEX.findall(path.read_text(encoding="utf-8"))
        if len({*re.findall("." * (len(found) // 3), found[1:])}) > 1
    ]


def unknown(folder: Path) -> set[str]:
    """Name the tokens that a style asks for and none sets: a browser would drop the line in silence."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.css")))
    return set(ASKED.findall(text)) - set(SET.findall(text))


def test_colours_come_from_the_tokens_alone_and_every_token_is_there():
    assert coloured(APP / "static/css") == []
    assert unknown(APP / "static/css") == set()


def test_a_colour_of_ones_own_and_a_token_that_nobody_sets_are_named(tmp_path):
    (tmp_path / "tokens.css").write_text(":root { --c-teks: #123456; }")
    (tmp_path / "new.css").write_text("b { color: #0a5; background: #fff; border-color: var(--c-tesk); }")

    assert coloured(tmp_path) == ["new.css: #0a5"]
    assert unknown(tmp_path) == {"--c-tesk"}


def test_words_stand_as_far_apart_on_paper_as_on_the_screen():
    """Source: design/brief.md, 3: the letters of this face stand close, and a space between them closer still."""
    apart = "word-spacing: .05em;"
    papers = {path.name: path.read_text(encoding="utf-8") for path in (APP / "static/paper").glob("*.css")}

    assert apart in (APP / "static/css/base.css").read_text(encoding="utf-8")
    assert [name for name, text in papers.items() if apart not in text] == []
