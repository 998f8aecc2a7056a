"""Papers: nothing but our own files is drawn into them."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress

import pypdfium2
import pytest
import weasyprint
from fontTools.ttLib import woff2
from weasyprint.urls import FatalURLFetchingError

from app.core import papers

WAYS = ('<img src="{}">', '<link rel="stylesheet" href="{}">', '<a rel="attachment" href="{}">x</a>')


@pytest.mark.parametrize("way", WAYS)
def test_no_text_on_a_paper_takes_another_file_of_the_machine_along(app, tmp_path, monkeypatch, way):
    """As if a template had forgotten to escape what people wrote."""
    secret, read, fetch = tmp_path / "kunci.css", [], weasyprint.URLFetcher.fetch
    secret.write_text("/* RAHASIA */")
    monkeypatch.setattr(papers, "_page", lambda *_facts: way.format(secret.as_uri()))
    monkeypatch.setattr(
        weasyprint.URLFetcher, "fetch", lambda self, url, *more: read.append(url) or fetch(self, url, *more)
    )

    with suppress(papers.Elsewhere, FatalURLFetchingError):
        papers.draw("any.html", "letter.css")

    assert secret.as_uri() not in read


def test_a_paper_for_strangers_is_drawn_once_for_each_text(app, monkeypatch):
    texts, drawn = iter(["<p>Satu</p>", "<p>Satu</p>", "<p>Dua</p>"]), []
    monkeypatch.setattr(papers, "_kept", OrderedDict())
    monkeypatch.setattr(papers, "_page", lambda *_facts: next(texts))
    monkeypatch.setattr(papers, "_drawn", lambda html, _style: drawn.append(html) or html.encode())

    answers = [papers.draw_for_all("poster.html", "poster.css") for _each in range(3)]

    assert answers == [b"<p>Satu</p>", b"<p>Satu</p>", b"<p>Dua</p>"]
    assert drawn == ["<p>Satu</p>", "<p>Dua</p>"]


def test_only_the_latest_papers_are_kept(app, monkeypatch):
    texts = iter(range(papers.MOST_KEPT + 5))
    monkeypatch.setattr(papers, "_kept", OrderedDict())
    monkeypatch.setattr(papers, "_page", lambda *_facts: str(next(texts)))
    monkeypatch.setattr(papers, "_drawn", lambda html, _style: html.encode())

    for _each in range(papers.MOST_KEPT + 5):
        papers.draw_for_all("poster.html", "poster.css")

    assert len(papers._kept) == papers.MOST_KEPT


def test_the_font_of_the_house_is_unpacked_once_for_all_papers_and_stands_in_each(app, monkeypatch):
    unpack, unpacked = woff2.decompress, []
    monkeypatch.setattr(papers, "_page", lambda *_facts: "<p>Telur asin</p>")
    monkeypatch.setattr(woff2, "decompress", lambda *given: unpacked.append(given) or unpack(*given))
    papers._unpacked.cache_clear()

    drawn = [papers.draw("any.html", style) for style in ("letter.css", "copy.css")]

    assert len(unpacked) == 1
    assert all(fonts_of(each) == {"Plus-Jakarta-Sans"} for each in drawn)


def fonts_of(paper: bytes) -> set[str]:
    """Name the fonts in which the letters of the first page stand."""
    pages = pypdfium2.PdfDocument(paper)
    letters = pages[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
    return {each.get_font().get_base_name().split("+")[-1] for each in letters}
