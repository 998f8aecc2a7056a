"""Photos as phones send them, made safe, small and square.

Nothing of the file that was sent is kept but its colours: every photo is drawn onto a new canvas,
so place, camera, thumbnails and whatever hides behind the image are gone (spec/security.md 9).

Memory is the scarce thing. A photo of 64 Mpx is 256 MiB once decoded, so JPEG is decoded at a
fraction of its size, and everything else is taken in strips: flattened, shrunk, put on the canvas.

Source: spec/performance.md budget 10 and "What buys it" 7; guides/stack.md section 7.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Protocol

from flask_babel import LazyString
from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError

from app.core import optional
from app.core.errors import DomainError
from app.core.i18n import _l

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_PIXELS: Final = 64 * 1024 * 1024
"""64 Mpx counted in 1,048,576: "64 MP" phones send 9248 × 6936, which is 64.1 million."""
# Pillow's WebP decoder holds up to five copies of the whole picture (20 bytes a pixel).
MOST_WEBP_PIXELS: Final = 16 * 1024 * 1024
# libheif holds the whole picture twice; the largest phones that send HEIC make 49.9 Mpx.
MOST_HEIF_PIXELS: Final = 50 * 1024 * 1024
# A JPEG in several scans keeps all coefficients in memory (up to 8 bytes a pixel) and pays for
# each scan anew; cameras write one, editors about ten.
MOST_SCANNED_PIXELS: Final = 32 * 1024 * 1024
MOST_SCANS: Final = 64
MOST_PROFILE_BYTES: Final = 2 * 1024 * 1024

MASTER_SIDE: Final = 1280
MASTER_QUALITY: Final = 84
SQUARES: Final = ((640, 70), (320, 68))
WHOLE_WEBP_QUALITY: Final = 74
JPEG_SIDE: Final = 960
JPEG_QUALITY: Final = 78
# 24 cards of a catalogue page must stay under 190 KB together (spec/performance.md budget 7).
MOST_THUMB_BYTES: Final = 7_900
_THUMB_QUALITIES: Final = (58, 48, 38, 28, 18)

# One at a time in each process: threads that decode side by side would each take their hundreds of MiB.
_DECODING: Final = threading.Lock()
_STRIP_PIXELS: Final = 2 * 1024 * 1024
_ORIENTATION_TAG: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


class PictureRefused(DomainError):
    """This file does not become a photo; `kind` names the reason for logs and tests."""

    status = 422
    kind = "unopenable"
    text: LazyString = _l("Foto ini tidak bisa dibuka. Coba foto lagi.")


class PictureEmpty(PictureRefused):
    """Nothing arrived: the signal went or no file was chosen."""

    kind = "empty"
    text = _l("Fotonya belum terkirim. Pilih foto lagi.")


class PictureTooHeavy(PictureRefused):
    """More bytes than `MOST_BYTES`."""

    status = 413
    kind = "too_heavy"
    text = _l("Foto terlalu besar, paling besar 20 MB. Coba foto lagi.")


class PictureTooLarge(PictureRefused):
    """More pixels than the decoder may cost us."""

    kind = "too_large"
    text = _l("Foto terlalu besar. Coba foto lagi dengan ukuran lebih kecil.")


class NotAPicture(PictureRefused):
    """Not one of the four formats, whatever its name says."""

    status = 415
    kind = "not_a_picture"
    text = _l("Ini bukan foto yang bisa dipakai. Pakai foto dari kamera atau galeri.")


class PictureMoves(PictureRefused):
    """An animation; a catalogue shows things that stand still."""

    kind = "moves"
    text = _l("Gambar bergerak tidak bisa dipakai. Pakai foto biasa.")


@dataclass(frozen=True, slots=True)
class Master:
    """The photo from which all sizes are made: JPEG, sRGB, upright, at most 1280 px, no metadata."""

    data: bytes
    width: int
    height: int
    extension: str = "jpg"
    content_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size of a photo, ready to serve; sizes in CSS-less pixels for `width` and `height`."""

    data: bytes
    width: int
    height: int
    extension: str
    content_type: str


class _Source(Protocol):
    """A decoded picture from which strips can be taken."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        ...

    def strip(self, top: int, bottom: int) -> Image.Image:
        """Return these rows."""
        ...


def read_upload(stream: BinaryIO) -> Master:
    """Turn what a phone sent into a master, or say in her words why not.

    Raises:
        PictureRefused: one of the kinds above; never anything else, whatever the bytes.
    """
    try:
        with _DECODING:
            data = _read(stream)  # only now: who waits holds no bytes
            # WeasyPrint, once loaded for a PDF, lets Pillow accept half a photo in the whole process.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            return _read_heif(data) if _is_heif(data) else _read_common(data)
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as problem:
        raise PictureTooLarge from problem
    except Exception as problem:
        raise PictureRefused from problem


def drawn(picture: Image.Image) -> Master:
    """Return a picture of our own making as a master, in its own size."""
    made = _jpeg(picture.convert("RGB"), MASTER_QUALITY)
    return Master(made.data, made.width, made.height)


def renditions(master: bytes) -> dict[str, Rendition]:
    """Make every size of a master: squares for cards, the whole photo for its own page.

    Returns:
        `320.webp` and `640.webp` (cut square from the middle), `1280.webp` and `960.jpg` (whole).
        Nothing is enlarged: a small photo gives smaller sizes under the same names.
    """
    whole = Image.open(io.BytesIO(master), formats=("JPEG",))
    whole.load()
    made = {
        "1280.webp": _webp(whole, WHOLE_WEBP_QUALITY),
        "960.jpg": _jpeg(_fitted(whole, JPEG_SIDE), JPEG_QUALITY, progressive=True),
    }
    square = _square(whole)
    for side, quality in SQUARES:  # largest first, each made from the one before
        square = _fitted(square, side)
        made[f"{side}.webp"] = _webp(square, quality)
    made["320.webp"] = _light(square, made["320.webp"])
    return made


def _read(stream: BinaryIO) -> bytes:
    data = stream.read(MOST_BYTES + 1)
    if not data:
        raise PictureEmpty
    if len(data) > MOST_BYTES:
        raise PictureTooHeavy
    return data


def _is_heif(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS


def _read_common(data: bytes) -> Master:
    """JPEG, PNG or WebP, as Pillow recognises them; every limit is asked before pixels are decoded."""
    if data.startswith(b"RIFF"):
        # Before opening, since opening already reserves the whole canvas.
        _check_size(_webp_size(data), MOST_WEBP_PIXELS)
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    except UnidentifiedImageError:
        raise NotAPicture from None
    _check_size(image.size, MOST_PIXELS)
    # Phones put a second picture (depth, brightness) behind a JPEG: that is MPO, and no film.
    if image.format not in ("JPEG", "MPO") and getattr(image, "n_frames", 1) > 1:
        raise PictureMoves
    if image.format in ("JPEG", "MPO"):
        _check_scans(data, image.size)
        image.draft(None, _draft_size(image.size))
    image.load()
    turn = _orientation(image)
    return _master(_Loaded(image), turn, image.info.get("icc_profile"))


def _read_heif(data: bytes) -> Master:
    try:
        library = optional.load("pillow_heif")
    except optional.Unavailable as problem:
        raise NotAPicture from problem
    image = library.open_heif(data, convert_hdr_to_8bit=True)
    _check_size(image.size, MOST_HEIF_PIXELS)
    # Its turn is part of the picture and already applied; the EXIF note must not turn it twice.
    return _master(_Heif(image), 1, image.info.get("icc_profile"))


def _check_size(size: tuple[int, int], most: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise PictureRefused
    if width * height > most:
        raise PictureTooLarge


def _check_scans(data: bytes, size: tuple[int, int]) -> None:
    """Count scans: inside compressed data FF is never followed by DA, so this misses none."""
    scans = data.count(b"\xff\xda")
    # One more for the thumbnail that cameras hide in the header.
    if scans > 2 and size[0] * size[1] > MOST_SCANNED_PIXELS:
        raise PictureTooLarge
    if scans > MOST_SCANS:
        raise PictureRefused


def _draft_size(size: tuple[int, int]) -> tuple[int, int]:
    """Smallest size that the decoder may deliver, in the picture's own shape."""
    scale = MASTER_SIDE / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _webp_size(data: bytes) -> tuple[int, int]:
    """Read width and height from the first chunk. Source: RFC 9649 sections 2.5 to 2.7 and RFC 6386."""
    chunk, body = data[12:16], data[20:30]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    raise NotAPicture


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001 - a broken note about the camera is no reason to lose the photo
        return 1


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A picture that Pillow has decoded."""

    image: Image.Image

    @property
    def size(self) -> tuple[int, int]:
        return self.image.size

    def strip(self, top: int, bottom: int) -> Image.Image:
        return _flat(self.image.crop((0, top, self.image.width, bottom)))


@dataclass(frozen=True, slots=True)
class _Heif:
    """A picture that libheif has decoded; taken from its own buffer, without a second copy."""

    image: Any

    @property
    def size(self) -> tuple[int, int]:
        width, height = self.image.size
        return int(width), int(height)

    def strip(self, top: int, bottom: int) -> Image.Image:
        mode, stride = self.image.mode, self.image.stride
        rows = memoryview(self.image.data)[top * stride : bottom * stride]
        return _flat(Image.frombytes(mode, (self.size[0], bottom - top), rows, "raw", mode, stride))


def _flat(strip: Image.Image) -> Image.Image:
    """Bring a strip to L, RGB or CMYK; what shines through becomes white, like paper."""
    if strip.mode.startswith("I"):
        # 16 bits of grey; a plain conversion would cut everything bright to white.
        return strip.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if strip.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in strip.info:
        coloured = strip.convert("RGBA")
        paper = Image.new("RGB", strip.size, "white")
        paper.paste(coloured, mask=coloured.getchannel("A"))
        return paper
    return strip if strip.mode in ("L", "RGB", "CMYK") else strip.convert("RGB")


def _master(source: _Source, turn: int, profile: object) -> Master:
    small = _fitted(_shrunk(source), MASTER_SIDE)
    upright = small.transpose(_TURNS[turn]) if turn in _TURNS else small
    return drawn(_in_srgb(upright, profile))


def _shrunk(source: _Source) -> Image.Image:
    """Draw the picture strip by strip on a new canvas, a whole number of times smaller."""
    width, height = source.size
    # Twice the wanted size is left for the fine filter.
    times = max(1, max(width, height) // (2 * MASTER_SIDE))
    rows = max(1, _STRIP_PIXELS // (width * times)) * times
    canvas: Image.Image | None = None
    for top in range(0, height, rows):
        strip = source.strip(top, min(top + rows, height))
        strip = strip.reduce(times) if times > 1 else strip
        if canvas is None:
            canvas = Image.new(strip.mode, (strip.width, -(-height // times)))
        canvas.paste(strip, (0, top // times))
    if canvas is None:
        raise PictureRefused
    return canvas


def _fitted(image: Image.Image, side: int) -> Image.Image:
    """Shrink to a longest side; never enlarge."""
    longest = max(image.size)
    if longest <= side:
        return image
    width, height = (max(1, round(edge * side / longest)) for edge in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _square(image: Image.Image) -> Image.Image:
    """Cut the middle square."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Turn the camera's colours into those every screen knows; a bad profile is ignored."""
    if isinstance(profile, bytes) and 0 < len(profile) <= MOST_PROFILE_BYTES:
        try:
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            ours = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, theirs, ours, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            turned = None
        if turned is not None:
            image = turned
    image = image if image.mode == "RGB" else image.convert("RGB")
    # The conversion notes the profile it used; the canvas carries no notes.
    image.info.clear()
    return image


def _jpeg(image: Image.Image, quality: int, *, progressive: bool = False) -> Rendition:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, progressive=progressive, optimize=progressive)
    return Rendition(out.getvalue(), image.width, image.height, "jpg", "image/jpeg")


def _webp(image: Image.Image, quality: int) -> Rendition:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=2)
    return Rendition(out.getvalue(), image.width, image.height, "webp", "image/webp")


def _light(image: Image.Image, thumb: Rendition) -> Rendition:
    """Lower the quality of a busy thumbnail until it weighs what a card may weigh."""
    for quality in _THUMB_QUALITIES:
        if len(thumb.data) <= MOST_THUMB_BYTES:
            break
        thumb = _webp(image, quality)
    return thumb
