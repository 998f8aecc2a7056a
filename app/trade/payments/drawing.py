"""Drawing a payment code: on the page, and as a picture that a phone can keep and a bank's app can read."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup

from app.kit.qris import Qris

PAGE_SIDE, PICTURE_SCALE, BORDER = 300, 10, 4


def on_page(code: Qris) -> Markup:
    """Draw it for a page, named by whatever stands around it."""
    drawn = segno.make(str(code), error="m", micro=False)
    svg = drawn.svg_inline(omitsize=True, border=BORDER, svgclass=None, lineclass=None, dark="#000", light="#fff")
    # On a narrower page it shrinks as a whole, its height with it: a code without its corners cannot be read.
    svg = svg.replace("<svg", f'<svg aria-hidden="true" width="{PAGE_SIDE}"', 1)
    return Markup(svg)  # noqa: S704 - drawn by segno: squares alone


def as_picture(code: Qris) -> bytes:
    """Draw it as PNG."""
    drawn = io.BytesIO()
    segno.make(str(code), error="m", micro=False).save(drawn, kind="png", scale=PICTURE_SCALE, border=BORDER)
    return drawn.getvalue()
