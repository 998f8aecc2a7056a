"""The promises of the look: how much it weighs, and that every picture it names exists; each law has its twin."""

from __future__ import annotations

import gzip
import io
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
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
BEHAVIOUR = re.compile(r'data-behaviour="([a-z -]+)"')
# What each file may weigh: styles as they are sent, scripts as they are read; `together` is what a first visit needs.
MOST = {"css": 12_288, "papers": 2_048, "js": 20_480, "together": 46_080}
MOST_OF_FEW_PAGES = 16_384
FONT = "fonts/plus-jakarta-sans-id.woff2"
APART = "word-spacing: .05em;"

Law = Callable[[Path], list[str]]


@cache
def _assets(static: Path, _written: int) -> Assets:
    return Assets(static)


def assets(app: Path) -> Assets:
    """Build the files as they are served, once for each state of the folder."""
    static = app / "static"
    return _assets(static, sum(path.stat().st_mtime_ns for path in static.rglob("*") if path.is_file()))


def templates(app: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted((app / "templates").rglob("*.html")):
        yield path, path.read_text(encoding="utf-8")


def heavy(app: Path) -> list[str]:
    """Styles of all pages ≤ 12 KB, of papers ≤ 2 KB, with script and font ≤ 45 KB; a script of few pages ≤ 16 KB."""
    by_name = assets(app).by_name
    sent = {name: len(gzip.compress(by_name[name].body, 9)) for name in ("css", "papers", "js")}
    weighs = {"css": sent["css"], "papers": sent["papers"], "js": len(by_name["js"].body)}
    weighs["together"] = sent["css"] + sent["js"] + len(by_name[FONT].body)
    weighs |= {name: len(asset.body) for name, asset in by_name.items() if name.startswith("pages/")}
    return [f"{name} weighs {size}" for name, size in weighs.items() if size > MOST.get(name, MOST_OF_FEW_PAGES)]


def doubled(app: Path) -> list[str]:
    """A script of few pages is a file of its own, and no phone fetches it twice."""
    by_name = assets(app).by_name
    own = {name: asset.body.decode().strip() for name, asset in by_name.items() if name.startswith("pages/")}
    return [f"{name} is in all pages too" for name, body in own.items() if body in by_name["js"].body.decode()]


def unnamed(app: Path) -> list[str]:
    """Papers call a token by the short name that all pages give it."""
    by_name = assets(app).by_name
    given = set(SET.findall(by_name["css"].body.decode()))
    return sorted(set(ASKED.findall(by_name["papers"].body.decode())) - given)


def dressed_up(app: Path) -> list[str]:
    """Only papers wear what only papers fetch."""
    named = dict(templates(app))
    own = classes(app, "papers") - classes(app, "css")
    wearers = {
        path for path, text in named.items() if own & {word for each in WORN.findall(text) for word in each.split()}
    }
    return [path.name for path in sorted(wearers) if not is_paper(app, path, named)]


def classes(app: Path, name: str) -> set[str]:
    """Name what a file of styles dresses."""
    return set(CLASS.findall(DRAWN.sub("", assets(app).by_name[name].body.decode())))


def is_paper(app: Path, path: Path, named: dict[Path, str]) -> bool:
    """Tell whether a template is the sheet, stands on it, is a PDF of its own, or a part of such alone."""
    if path.name == "print.html" or 'extends "layouts/print.html"' in named[path] or "<!doctype" in named[path]:
        return True
    whole = f'include "{path.relative_to(app / "templates")}"'
    around = [each for each, text in named.items() if whole in text]
    return bool(around) and all(is_paper(app, each, named) for each in around)


def undrawn(app: Path) -> list[str]:
    """Every icon and every drawing that a page names is drawn."""
    found = []
    for sprite, named in (("img/sprite.svg", ICON), ("img/drawings.svg", DRAWING)):
        drawn = set(SPRITE.findall(assets(app).by_name[sprite].body.decode()))
        for path, text in templates(app):
            names = {name for each in named.findall(text) for name in ([each] if isinstance(each, str) else each)}
            wanted = {name if named is DRAWING else f"i-{name}" for name in names if name}
            found += [f"{path.name}: {name}" for name in sorted(wanted - drawn)]
    return found


def unshared(app: Path) -> list[str]:
    """Every drawing of a category has a picture that can be shared: 1200 × 630 and light."""
    by_name, found = assets(app).by_name, []
    drawn = set(SPRITE.findall(by_name["img/drawings.svg"].body.decode()))
    for name in sorted({name for name, _tint in (PLAIN, *DRAWINGS.values())}):
        picture = by_name.get(f"img/share/{name}.jpg")
        if name not in drawn or picture is None:
            found.append(f"{name} is not there")
        elif Image.open(io.BytesIO(picture.body)).size != (1200, 630) or len(picture.body) >= 40_000:
            found.append(f"{name} is no picture to share")
    return found


def strangers(app: Path) -> list[str]:
    """Each behaviour that a page names exists; each is one attach function and imports nothing."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in (app / "static/js/behaviours").glob("*.js")}
    named = {name for _path, text in templates(app) for names in BEHAVIOUR.findall(text) for name in names.split()}
    return [f"{name} is no behaviour" for name in sorted(named - files.keys())] + [
        f"{name} is more than one function"
        for name, text in sorted(files.items())
        if text.count("export function attach(element) {") != 1 or "import" in text
    ]


def dead_ends(app: Path) -> list[str]:
    """Every list that is empty says so and shows a way on: a drawing, a sentence, a word and an address."""
    return [
        f"{path.relative_to(app)}:{call.lineno}"
        for path, text in templates(app)
        for call in Environment().parse(text).find_all(nodes.Call)
        if getattr(call.node, "name", "") == "empty_state" and len(call.args) < 4
    ]


def too_new(app: Path) -> list[str]:
    """No style uses what an old WebView drops whole, and every block is closed."""
    styles = assets(app).by_name["css"].body.decode()
    found = [word for word in ("@layer", "light-dark(", "text-transform", "italic") if word in styles]
    return found + ["a block stays open"] * (styles.count("{") != styles.count("}"))


def coloured(app: Path) -> list[str]:
    """Colours are written in tokens.css alone; inks of paper and plain white have no hue."""
    return [
        f"{path.name}: {found}"
        for path in sorted((app / "static/css").rglob("*.css"))
        if path.name != "tokens.css"
        for found in HEX.findall(path.read_text(encoding="utf-8"))
        if len({*re.findall("." * (len(found) // 3), found[1:])}) > 1
    ]


def unset(app: Path) -> list[str]:
    """Every token that a style asks for is set: a browser would drop the line in silence."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((app / "static/css").rglob("*.css")))
    return sorted(set(ASKED.findall(text)) - set(SET.findall(text)))


def close(app: Path) -> list[str]:
    """Words stand as far apart on paper as on the screen: the letters of this face stand close.

    Source: design/brief.md, 3.
    """
    files = [app / "static/css/base.css", *sorted((app / "static/paper").glob("*.css"))]
    return [path.name for path in files if APART not in path.read_text(encoding="utf-8")]


LAWS: tuple[Law, ...] = (
    heavy, doubled, unnamed, dressed_up, undrawn, unshared, strangers, dead_ends, too_new, coloured, unset, close,
)  # fmt: skip

WIDE, WIDER = (
    "".join(f".rule-{number * 7919} {{ margin: {number * 104729}px; }}\n" for number in range(many))
    for many in (900, 4_000)
)
LONG = "".join(f"// {number * 104729}\nconst word{number} = {number * 7919};\n" for number in range(900))
BEHAVED = 'export function attach(element) {\n  element.textContent = "";\n}\n'
# What is written into which file of a copy, and what is found then; `+` adds to what stands there.
BREACHES: tuple[tuple[Law, str, str, str], ...] = (
    (heavy, "static/css/pages/wide.css", WIDE, "css weighs"),
    (heavy, "static/css/papers/wide.css", WIDE, "papers weighs"),
    (heavy, "static/js/behaviours/long.js", BEHAVED + LONG, "js weighs"),
    (heavy, "static/js/pages/long.js", LONG, "pages/long.js weighs"),
    (heavy, "static/css/pages/wide.css", WIDER, "together weighs"),
    (doubled, "static/js/pages/twice.js", "wake(document);\n", "pages/twice.js is in all pages too"),
    (unnamed, "static/css/papers/new.css", ".letter { color: var(--c-nobody-set-it); }", "--"),
    (dressed_up, "templates/new.html", '<p class="login-card">Kartu</p>', "new.html"),
    (undrawn, "templates/new.html", '{{ icon("naga") }}', "new.html: i-naga"),
    (undrawn, "templates/new.html", '{{ button("Beli", icon_name="naga") }}', "new.html: i-naga"),
    (undrawn, "templates/new.html", '{{ empty("e-naga") }}', "new.html: e-naga"),
    (unshared, "static/img/share/g-telur.jpg", "", "g-telur is no"),
    (strangers, "templates/new.html", '<p data-behaviour="once fly">…</p>', "fly is no behaviour"),
    (strangers, "static/js/behaviours/two.js", BEHAVED + BEHAVED, "two is more than one function"),
    (strangers, "static/js/behaviours/lean.js", f'import "./two.js";\n{BEHAVED}', "lean is more than one function"),
    (dead_ends, "templates/new.html", '{{ empty_state("e-lapak", _("Belum ada.")) }}', "templates/new.html:1"),
    (too_new, "static/css/pages/new.css", "@layer pages { b { margin: 0; } }", "@layer"),
    (too_new, "static/css/pages/new.css", "b { color: light-dark(var(--c-teks), var(--c-kertas)); }", "light-dark("),
    (too_new, "static/css/pages/new.css", "b { margin: 0;", "a block stays open"),
    (coloured, "static/css/pages/new.css", "b { color: #0a5; background: #fff; }", "new.css: #0a5"),
    (unset, "static/css/pages/new.css", "b { border-color: var(--c-tesk); }", "--c-tesk"),
    (close, "static/paper/new.css", "body { margin: 0; }", "new.css"),
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_look_holds(law):
    assert law(APP) == []


def test_every_law_of_the_look_has_a_twin():
    assert {law for law, *_rest in BREACHES} == set(LAWS)


def test_the_laws_have_something_to_look_at():
    papers = classes(APP, "papers") - classes(APP, "css")
    worn = [path for path, text in templates(APP) if papers & set(" ".join(WORN.findall(text)).split())]

    assert {"paper__head", "letter", "login-card", "receipt"} <= papers
    assert len(worn) > 9
    assert sum(text.count("empty_state(") for _path, text in templates(APP)) > 60
    assert {"pages/notebook.js", "pages/worker.js"} <= set(assets(APP).by_name)


@pytest.fixture
def copy(tmp_path):
    """The look of the house, to be spoiled."""
    for folder in ("static", "templates"):
        shutil.copytree(APP / folder, tmp_path / folder)
    return tmp_path


@pytest.mark.parametrize(("law", "path", "text", "finding"), BREACHES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_look_that_breaks_its_law_is_named(copy, law, path, text, finding):
    file = copy / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if text:
        file.write_text(text, encoding="utf-8")
    else:
        Image.new("RGB", (120, 63)).save(file)

    fresh = [each for each in law(copy) if each not in law(APP)]
    assert any(each.startswith(finding) for each in fresh), fresh


def test_words_close_together_on_the_screen_are_named_too(copy):
    base = copy / "static/css/base.css"
    base.write_text(base.read_text(encoding="utf-8").replace(APART, ""), encoding="utf-8")

    assert close(copy) == ["base.css"]
