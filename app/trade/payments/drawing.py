"""Drawing a payment code: on the page, and as a picture that a phone can keep and a bank's app can read."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup

from app.kit.qris import Qris

PAGE_SCALE, PICTURE_SCALE, BORDER = 5, 10, 4


def on_page(code: Qris) -> Markup:
    """Draw it for a page, named by whatever stands around it."""
    drawn = segno.make(str(code), error="m", micro=False)
    svg = drawn.svg_inline(scale=PAGE_SCALE, border=BORDER, svgclass=None, lineclass=None, light="#fff")
    svg = svg.replace("<svg", '<svg aria-hidden="true"', 1)
    return Markup(svg)  # noqa: S704 - drawn by segno: squares alone


def as_picture(code: Qris) -> bytes:
    """Draw it as PNG."""
    drawn = io.BytesIO()
    segno.make(str(code), error="m", micro=False).save(drawn, kind="png", scale=PICTURE_SCALE, border=BORDER)
    return drawn.getvalue()
