"""The gallery shows every component there is, in each state that somebody may meet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_engine

TEMPLATES = Path(__file__).parents[3] / "app/templates"
GALLERY = "site/front/gallery.html"
MACRO = re.compile(r"\{%-? macro (\w+)\(.*?-?%\}(.*?)\{%-? endmacro", re.DOTALL)
CALL = re.compile(r"\b(\w+)\(")
NOTE = re.compile(r"\{#.*?#\}", re.DOTALL)

# Each state of the brief's list of components, by what the page says of it.
STATES = {
    "a real photo on a product card": r'class="photo"><img src="data:image/webp[^>]+width="320"',
    "a real photo at every size": 'srcset="data:image/webp',
    "a product without a photo": r'class="photo">\s*<svg viewBox="0 0 200 200"',
    "a product that is sold out": "product-card--sold-out",
    "a product at a bazaar": "Ada di bazar",
    "a price that is the least of several": "<small>mulai</small>",
    "a photo that is there already": 'alt="Foto sekarang"',
    "a new order": ">Baru<",
    "an order that is prepared": ">Disiapkan<",
    "an order that is ready": ">Siap diambil<",
    "an order that is done": ">Selesai<",
    "an order that was called off": "order-card--cancelled",
    "a ladder that stopped": "steps__item--stopped",
    "a button that rests with its reason": r"disabled>Jual sekarang</button><p[^>]*>Pilih foto dulu",
    "a button that is busy": r'<button[^>]+aria-busy="true">Menyimpan…',
    "a choice that rests with its reason": r"<input disabled[^>]*>\s*<span>Diantar<span[^>]*>Belum bisa",
    "an empty table": "Belum ada penjualan bulan ini",
    "a sorted table": 'aria-sort="ascending"',
    "a stepper at its least": "Paling sedikit 1",
    "a stepper at its limit": "Sisa 3",
    "a stepper that saves": r'<div aria-busy="true">\s*<div class="quantity"',
    "a stepper that failed": "Angkanya kembali ke 2",
    "a part that loads": r'<div class="stack" aria-busy="true">',
    "the strip without a signal": r'<p class="offline" role="status">Tidak ada sinyal',
    "the header of somebody signed in": r'class="header__link">Keluar</button>',
    "a chart without figures": "Belum ada angka untuk digambar",
    "a chart below zero": "bar-chart__bar--minus",
    "a field with its mistake": 'aria-invalid="true"',
    "a field to read only": "readonly",
    "a filter that is on": 'class="chip" href="#" aria-current="true"',
    "a filter to take off": "chip--removable",
    "a leaf of today": "date-leaf--today",
    "a leaf of the past": "date-leaf--past",
    "what the last deed said": 'class="flashes"',
    "the bar to undo": "undo-bar",
    "a list of mistakes": "Ada yang perlu diperbaiki",
}


def macros(folder: Path) -> dict[str, str]:
    """The macros of the components, and what each is made of."""
    found: dict[str, str] = {}
    for path in sorted((folder / "components").glob("*.html")):
        found |= MACRO.findall(NOTE.sub("", path.read_text(encoding="utf-8")))
    return found


def missing(folder: Path) -> set[str]:
    """Name the macros that the gallery shows neither itself nor through another one."""
    known = macros(folder)
    waiting, shown = [(folder / GALLERY).read_text(encoding="utf-8")], set()
    waiting.append((folder / "layouts/public.html").read_text(encoding="utf-8"))
    while waiting:
        called = {name for name in CALL.findall(NOTE.sub("", waiting.pop())) if name in known} - shown
        shown |= called
        waiting += [known[name] for name in called]
    return known.keys() - shown


@pytest.fixture
def page(client) -> str:
    return client.get("/_komponen").text


def test_every_component_stands_in_the_gallery():
    assert len(macros(TEMPLATES)) > 45
    assert missing(TEMPLATES) == set()


def test_a_component_that_nobody_put_into_the_gallery_is_named(tmp_path):
    for name in ("components/icon.html", "components/tile.html", "layouts/public.html", GALLERY):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text((TEMPLATES / name).read_text(encoding="utf-8"), encoding="utf-8")
    new = "{%- macro stamp(word) -%}<b>{{ word }}</b>{%- endmacro -%}"
    (tmp_path / "components/stamp.html").write_text(new, encoding="utf-8")

    assert missing(tmp_path) == {"stamp"}


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_shown(page, state):
    assert re.search(STATES[state], page), state
