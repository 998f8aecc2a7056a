"""Leaves of a PDF as one picture: papers come from scanners and offices as PDF, and are kept as nothing but colours.

The PDF itself is never kept and never shown, so nothing in it can act on whoever looks. It is drawn by a child
(`leaf_drawer.py`) that hands back plain pixels, which are drawn onto a canvas of ours like every photo.
"""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO, Final

from PIL import Image, UnidentifiedImageError

from app.core.i18n import _l
from app.core.pictures import MOST_BYTES, Master, PictureRefused, PictureTooHeavy, drawn, read_upload

DRAWER: Final = Path(__file__).with_name("leaf_drawer.py")
WAIT_SECONDS: Final = 12
HEAD: Final = 1024
MARK: Final = b"%PDF-"
# One at a time in each process, for the same reason as photos: memory.
_DRAWING: Final = threading.Lock()


class PdfUnreadable(PictureRefused):
    """Broken, or asks for more than drawing may cost."""

    kind = "pdf_unreadable"
    text = _l("PDF ini tidak bisa dibaca. Foto suratnya saja.")


class PdfLocked(PictureRefused):
    """Opens with a password."""

    kind = "pdf_locked"
    text = _l("PDF ini dikunci kata sandi. Kirim yang tidak dikunci, atau foto suratnya.")


class PdfTooLong(PictureRefused):
    """More leaves than a paper of ours has."""

    kind = "pdf_too_long"
    text = _l("PDF ini lebih dari 6 halaman. Kirim halaman yang perlu saja.")


SAID: Final = {3: PdfLocked, 4: PdfTooLong, 5: PdfUnreadable}


def read_paper(stream: BinaryIO) -> Master:
    """Turn a photo or a PDF of at most six leaves into a master; the leaves stand below each other.

    Raises:
        PictureRefused: one of its kinds, whatever the bytes.
    """
    head = stream.read(HEAD)
    stream.seek(0)
    if MARK not in head:
        return read_upload(stream)
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise PictureTooHeavy
    return drawn(_leaves(data))


def _leaves(data: bytes) -> Image.Image:
    # -I: nothing of this folder, this environment or this user can be loaded in place of the library.
    program = [sys.executable, "-I", str(DRAWER)]
    try:
        with _DRAWING:
            done = subprocess.run(  # noqa: S603 - our own program, nothing of the PDF is on its line
                program, input=data, capture_output=True, timeout=WAIT_SECONDS, check=False, env={}, cwd="/"
            )
    except subprocess.TimeoutExpired:
        raise PdfUnreadable from None
    if done.returncode:
        raise SAID.get(done.returncode, PdfUnreadable)
    try:
        picture = Image.open(io.BytesIO(done.stdout), formats=("PPM",))
        picture.load()
    except (UnidentifiedImageError, OSError, ValueError):
        raise PdfUnreadable from None
    return picture
