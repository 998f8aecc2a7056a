"""Papers: pages drawn as PDF for a printer, and the codes that people scan from them."""

from __future__ import annotations

import io
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

import segno
from flask import Response, current_app, has_request_context, render_template
from markupsafe import Markup
from PIL import Image

from app.core import optional

MOST_KEPT = 64
# Only pictures that hold nothing but dots may stand inside a page; a drawing could name other files.
EMBEDDED = ("data:image/webp;base64,", "data:image/jpeg;base64,")
_one_at_a_time = Lock()
_kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()


class Elsewhere(Exception):
    """A paper names a file that is not one of ours."""


def draw(template: str, stylesheet: str, **facts: Any) -> bytes:
    """Return the page of a template as a PDF; takes up to 2 s the first time, so never inside a transaction.

    Args:
        template: a whole page of its own, without the site's layouts.
        stylesheet: the name of a file in `static/paper`; nothing else is fetched, and nothing from a network.
        facts: what the template shows.

    Raises:
        Unavailable: the drawing library, or what it needs from the system, is not here.
    """
    return _drawn(_page(template, facts), stylesheet)


def draw_for_all(template: str, stylesheet: str, **facts: Any) -> bytes:
    """Draw a paper that any stranger may ask for: each text once, one after the other, the latest kept.

    Raises:
        Unavailable: as for `draw`.
    """
    key = (_page(template, facts), stylesheet)
    with _one_at_a_time:
        if key not in _kept:
            _kept[key] = _drawn(*key)
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        return _kept[key]


def joined(papers: Iterable[bytes]) -> bytes:
    """Return several PDFs as one; each is let go before the next is drawn, so that their number costs no memory."""
    pdfium = optional.load("pypdfium2")
    whole = pdfium.PdfDocument.new()
    for each in papers:
        part = pdfium.PdfDocument(each)
        whole.import_pages(part)
        part.close()
    buffer = io.BytesIO()
    whole.save(buffer)
    whole.close()
    return buffer.getvalue()


def _drawn(html: str, stylesheet: str) -> bytes:
    weasyprint = optional.load("weasyprint")
    static = Path(current_app.root_path) / "static"
    own = _own_files(weasyprint, static.resolve())
    fonts = weasyprint.text.fonts.FontConfiguration()
    styles = weasyprint.CSS(filename=str(static / "paper" / stylesheet), url_fetcher=own, font_config=fonts)
    page = weasyprint.HTML(string=html, base_url=static.as_uri() + "/", url_fetcher=own)
    return bytes(page.write_pdf(stylesheets=[styles], font_config=fonts))


def _page(template: str, facts: dict[str, Any]) -> str:
    """Fill a template; the worker has no request, so what pages are told about one (theme, cart, ways) is left out."""
    if has_request_context():
        return render_template(template, **facts)
    return current_app.jinja_env.get_template(template).render(**facts)


def _own_files(weasyprint: Any, static: Path) -> Any:
    """Return what fetches files of `static`; no text that ever reaches a paper can name another file here."""

    def fetch(self: Any, url: str, headers: Any = None) -> Any:
        if not url.startswith(EMBEDDED) and not Path(unquote(urlsplit(url).path)).resolve().is_relative_to(static):
            raise Elsewhere(url)
        if url.endswith(".woff2"):
            return weasyprint.urls.URLFetcherResponse(url, _unpacked(unquote(urlsplit(url).path)))
        return weasyprint.URLFetcher.fetch(self, url, headers)

    own = type("OwnFiles", (weasyprint.URLFetcher,), {"fetch": fetch})
    return own(allowed_protocols={"file", "data"}, fail_on_errors=True)


@lru_cache(maxsize=2)
def _unpacked(font: str) -> bytes:
    """Return a font of the pages as a paper takes it; to unpack it anew was a fifth of drawing one."""
    whole = io.BytesIO()
    optional.load("weasyprint").text.fonts.woff2.decompress(font, whole)
    return whole.getvalue()


def embedded(data: bytes) -> str:
    """Return the address under which a page carries a photo along: WebP or JPEG bytes of our own store."""
    return EMBEDDED[data.startswith(b"\xff\xd8")] + b64encode(data).decode()


def thumbnail(data: bytes) -> bytes:
    """Return a small photo of our own store as JPEG, which a PDF carries as it is; WebP would grow to bare dots."""
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(data), formats=("WEBP", "JPEG")) as photo:
        photo.convert("RGB").save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


def code(text: str) -> Markup:
    """Return a QR code as a drawing for a page or a paper: black on white in any theme, named by what it stands in."""
    drawn = segno.make(text, error="m").svg_inline(omitsize=True, border=2, dark="#000", light="#fff")
    return Markup(drawn.replace("<svg", '<svg aria-hidden="true"', 1))  # noqa: S704 - drawn here; the text stands in it as dots only


def pdf_response(drawn: bytes, name: str) -> Response:
    """Answer with a PDF that the browser shows; `name` is a plain file name without anything personal."""
    response = Response(drawn, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
