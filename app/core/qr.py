"""QR codes in a photo: read from the canvas that `pictures` drew, never from what was sent, and never kept."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from app.core import optional
from app.core.pictures import Master

MOST: Final = 8
LONGEST: Final = 1024


def read_codes(master: Master) -> list[str]:
    """Return what the QR codes in a picture say, each once, without those longer than any of ours.

    Raises:
        Unavailable: the reader is not installed here.
    """
    library = optional.load("zxingcpp")
    with Image.open(io.BytesIO(master.data), formats=("JPEG",)) as picture:
        found = library.read_barcodes(
            picture.convert("L"), formats=library.BarcodeFormat.QRCode, text_mode=library.TextMode.Plain
        )
    texts = [each.text for each in found[:MOST] if each.text and len(each.text) <= LONGEST]
    return list(dict.fromkeys(texts))
