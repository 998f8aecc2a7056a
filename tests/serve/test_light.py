"""A web process stays light: what only some page needs is loaded by that page."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.core import optional, pages, stamps, warming
from app.kit import words
from tests.factories.goods import make_product
from tests.factories.trade import make_stall
from tests.support.live import ROOT

# Beside the optional ones: what a careless import at the head of a file would bring into every process.
HEAVY = optional.KNOWN | {"fontTools", "lxml", "numpy", "openpyxl", "pandas", "scipy", "shapely", "uharfbuzz"}
LOADED = "import json, sys, wsgi; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"


def test_no_heavy_library_is_loaded_before_a_page_needs_it(environ: dict[str, str], tmp_path: Path) -> None:
    env = {**environ, "LAPAK_VAR_DIR": str(tmp_path)}

    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, env=env, capture_output=True, text=True, check=True)

    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "app" in loaded
    assert loaded & HEAVY == set()


@pytest.fixture
def kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> pages.Shelf:
    """The pages that this process keeps: none yet."""
    shelf = pages.Shelf()
    monkeypatch.setitem(app.extensions, "lapak_settings", replace(app.extensions["lapak_settings"], cache=True))
    monkeypatch.setitem(app.extensions, "lapak_pages", shelf)
    monkeypatch.setitem(app.extensions, stamps.PLACE, {})
    return shelf


def test_processes_share_what_the_first_pages_load(app: Flask, kept: pages.Shelf) -> None:
    words.stem.cache_clear()
    make_product(make_stall()[1], slug="telur-asin")

    warming.ask(app, "http://127.0.0.1:8000")

    assert len(kept) == 3  # the first page, the catalogue and the product that it shows
    assert words.stem.cache_info().currsize > 0  # a search was read


def test_a_market_without_goods_is_warmed_too(app: Flask, kept: pages.Shelf) -> None:
    warming.ask(app, "http://127.0.0.1:8000")

    assert len(kept) == 2


def test_a_first_page_that_fails_keeps_no_market_from_starting(
    app: Flask, kept: pages.Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.view_functions, "catalogue.products", broken)

    warming.ask(app, "http://127.0.0.1:8000")

    assert len(kept) == 1  # the first page
