"""Photos as phones really send them: large, turned, and full of facts that nobody should publish."""

from __future__ import annotations

import io
from functools import cache
from typing import Final

import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()

ORIENTATION: Final = 0x0112
MAKE: Final = 0x010F
GPS: Final = 0x8825
TURNED_RIGHT: Final = 6
TWELVE_MEGAPIXELS: Final = (4000, 3000)
RED, BLUE = (200, 40, 40), (40, 60, 200)


def scene(size: tuple[int, int] = TWELVE_MEGAPIXELS) -> Image.Image:
    """A table seen upright: red above, blue below, eggs in the middle, and a grain that no encoder can flatten."""
    width, height = size
    image = Image.new("RGB", size, RED)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, height // 2, width, height), fill=BLUE)
    for place in range(3):
        left = width * (1 + 2 * place) // 8
        pen.ellipse((left, height * 2 // 5, left + width // 5, height * 3 // 5), fill="#e8f4ef")
    grain = Image.effect_noise((width // 2, height // 2), 60).resize(size)
    return Image.blend(image, Image.merge("RGB", (grain, grain, grain)), 0.2)


@cache
def phone_jpeg(size: tuple[int, int] = TWELVE_MEGAPIXELS) -> bytes:
    """A JPEG held sideways: its pixels lie, its EXIF says so, and also where it was taken and with what."""
    upright = scene((size[1], size[0]))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = TURNED_RIGHT, "Ponsel Bu Nur"
    exif.get_ifd(GPS).update({1: "S", 2: (6.0, 12.0, 30.0), 3: "E", 4: (106.0, 1.0, 12.0)})
    return _saved(upright.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=90, exif=exif)


@cache
def phone_photo(kind: str, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """An upright photo as `PNG`, `WEBP` or `HEIF`."""
    return _saved(scene(size), kind)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
