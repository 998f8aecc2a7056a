"""Files that are sent as photos and are none, or are ones of a rare kind; all are really written by Pillow."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache
from typing import Any, Final

from PIL import Image, ImageDraw

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 60), (30, 60, 200), (230, 200, 30)
CORNERS: Final = (RED, GREEN, BLUE, YELLOW)
CANARY: Final = "KENARI-RAHASIA-4410"
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
TURNED_RIGHT: Final = 6
_PAGE: Final = f"<html><script>alert('{CANARY}')</script></html>".encode()


def corners(size: tuple[int, int] = (400, 300), mode: str = "RGB") -> Image.Image:
    """Four coloured quarters: red and green above, blue and yellow below."""
    width, height = size
    picture = Image.new("RGB", size, YELLOW)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, width // 2 - 1, height // 2 - 1), RED)
    pen.rectangle((width // 2, 0, width, height // 2 - 1), GREEN)
    pen.rectangle((0, height // 2, width // 2 - 1, height), BLUE)
    return picture.convert(mode)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """Return a picture as a file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def quarters(data: bytes) -> list[tuple[int, int, int]]:
    """Return the colours in the middle of the four quarters of a file."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    places = ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75))
    return [picture.getpixel((int(picture.width * x), int(picture.height * y))) for x, y in places]


def png(size: tuple[int, int], rows: bytes, depth: int = 8, colour: int = 2, between: bytes = b"") -> bytes:
    """Write a PNG of a kind that Pillow reads but does not write; `between` are more chunks before the pixels."""
    head = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    pixels = _chunk(b"IDAT", zlib.compress(rows, 1))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + between + pixels + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _deep(mode: str) -> bytes:
    """Sixteen bits a channel."""
    picture = corners(mode=mode)
    line = picture.width * len(mode)
    flat = picture.tobytes()
    lines = (flat[start : start + line] for start in range(0, len(flat), line))
    rows = b"".join(b"\0" + bytes(each for value in one for each in (value, value)) for one in lines)
    return png(picture.size, rows, depth=16, colour={"RGB": 2, "RGBA": 6}[mode])


def _sideways(kind: str, **options: Any) -> bytes:
    """Held sideways, with a note that says so and tells who took it where."""
    note = Image.Exif()
    note[ORIENTATION], note[MAKER] = TURNED_RIGHT, CANARY
    note.get_ifd(GPS).update({1: "S", 2: (6.0, 12.0, 7.7), 3: "E", 4: (106.0, 5.0, 1.0), 29: CANARY})
    return encoded(corners().transpose(Image.Transpose.ROTATE_90), kind, exif=note, **options)


def _see_through() -> bytes:
    """A palette in which one colour is clear and another half clear; what is clear covers the yellow quarter."""
    picture = corners().quantize(8)
    clear = picture.getpixel((300, 225))
    levels = bytes(0 if each == clear else 255 for each in range(8))
    return encoded(picture, "PNG", transparency=levels)


def _zipped(photo: bytes) -> bytes:
    """A photo behind which an archive hangs, so that both programs open it."""
    out = io.BytesIO(photo)
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("jahat.html", _PAGE)
    return out.getvalue()


def _moving(kind: str, **options: Any) -> bytes:
    more = [Image.new("RGB", (400, 300), BLUE)]
    return encoded(corners(), kind, save_all=True, append_images=more, duration=80, **options)


@cache
def odd_but_right() -> dict[str, bytes]:
    """Files that show the four corners, each in a way of its own."""
    jpeg = encoded(corners(), "JPEG")
    return {
        "held sideways": _sideways("JPEG"),
        "two pictures in one, sideways": _sideways("MPO", save_all=True, append_images=[Image.new("RGB", (60, 40))]),
        "webp sideways": _sideways("WEBP", quality=90),
        "png sideways": _sideways("PNG"),
        "colours of a printer": encoded(corners(mode="CMYK"), "JPEG", quality=95),
        "in many scans": encoded(corners(), "JPEG", progressive=True),
        "sixteen bits": _deep("RGB"),
        "sixteen bits, see-through": _deep("RGBA"),
        "palette": encoded(corners().quantize(16), "PNG"),
        "one picture that could move": encoded(corners(), "PNG", save_all=True, default_image=False),
        "with an archive behind": _zipped(jpeg),
        "with a page behind": jpeg + _PAGE,
        "with a page inside": encoded(corners(), "JPEG", comment=_PAGE),
        "webp": encoded(corners(), "WEBP", lossless=True),
        "large": encoded(corners((4000, 3000)), "JPEG", quality=80),
    }


@cache
def see_through() -> bytes:
    """A palette whose yellow quarter is clear; on paper it is white."""
    return _see_through()


@cache
def refused() -> dict[str, tuple[bytes, str]]:
    """Files that become no photo, each with the beginning of the sentence that says so."""
    photo = encoded(Image.effect_noise((600, 400), 80), "JPEG")
    page = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='http://127.0.0.1/'/></svg>"
    swollen = zlib.compress(b"x" * 80_000_000, 9)
    return {
        "moving webp": (_moving("WEBP"), "Gambar bergerak tidak bisa dipakai"),
        "moving png": (_moving("PNG"), "Gambar bergerak tidak bisa dipakai"),
        "moving gif": (_moving("GIF"), "Ini bukan foto yang bisa dipakai"),
        "gif": (encoded(corners(), "GIF"), "Ini bukan foto yang bisa dipakai"),
        "tiff": (encoded(corners(), "TIFF"), "Ini bukan foto yang bisa dipakai"),
        "bmp": (encoded(corners(), "BMP"), "Ini bukan foto yang bisa dipakai"),
        "avif by its name only": (b"\0\0\0\x1cftypavif" + b"\0" * 400, "Ini bukan foto yang bisa dipakai"),
        "drawing with a script": (page, "Ini bukan foto yang bisa dipakai"),
        "drawing packed": (zlib.compress(page), "Ini bukan foto yang bisa dipakai"),
        "page": (_PAGE, "Ini bukan foto yang bisa dipakai"),
        "archive": (_zipped(b""), "Ini bukan foto yang bisa dipakai"),
        "nothing": (b"", "Foto"),
        "half a jpeg": (photo[: len(photo) // 2], "Foto ini tidak bisa dibuka"),
        "head of a jpeg": (photo[:200], "Foto ini tidak bisa dibuka"),
        "half a png": (encoded(Image.effect_noise((300, 200), 80), "PNG")[:20_000], "Foto ini tidak bisa dibuka"),
        "half a webp": (encoded(Image.effect_noise((300, 200), 80), "WEBP")[:5_000], "Foto ini tidak bisa dibuka"),
        "bomb of pixels": (png((60_000, 60_000), b"\0" * 999), "Foto terlalu besar"),
        "bomb of rows": (png((8_192, 9_000), b"\0" * 50_000_000), "Foto terlalu besar"),
        "bomb of words": (
            png((40, 30), b"\0" * 3_630, between=_chunk(b"zTXt", b"Comment\0\0" + swollen)),
            "Foto ini tidak bisa dibuka",
        ),
        "no width": (png((0, 30), b"\0" * 30), "Ini bukan foto yang bisa dipakai"),
    }
