"""Draws the leaves of a PDF below each other, alone in a process that may do next to nothing.

A program, never imported: what a stranger sent is read here, by a library that has had holes, so this process may
write no file and start nothing, has little memory and a few seconds (spec/security.md 9). No script of the PDF runs:
the library is built without a language for them.

In: the PDF. Out: one picture as plain pixels (a binary PPM), or one of `app.core.leaves.SAID` as exit code.
"""

from __future__ import annotations

import resource
import sys

import pypdfium2
from PIL import Image

MEMORY = 640 * 1024 * 1024
SECONDS = 6
MOST_LEAVES = 6
WIDTH, HEIGHT, GAP = 1080, 1800, 12
PASSWORD_ERROR = 4
LOCKED, TOO_MANY, UNREADABLE = 3, 4, 5


def fence() -> None:
    """Give up what drawing does not need."""
    limits = {
        resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: SECONDS, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 16,
    }  # fmt: skip
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def draw(data: bytes) -> Image.Image:
    """Return the leaves on white, as wide as a sheet is read; stamps and signatures that lie on them are drawn too."""
    try:
        paper = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        sys.exit(LOCKED if getattr(problem, "err_code", 0) == PASSWORD_ERROR else UNREADABLE)
    if not 0 < len(paper) <= MOST_LEAVES:
        sys.exit(TOO_MANY if len(paper) else UNREADABLE)
    paper.init_forms()
    leaves = []
    for leaf in paper:
        width, height = leaf.get_size()
        scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
        leaves.append(leaf.render(scale=scale, rev_byteorder=True, prefer_bgrx=True).to_pil().convert("RGB"))
    canvas = Image.new(
        "RGB", (max(each.width for each in leaves), sum(each.height + GAP for each in leaves) - GAP), "#ccc"
    )
    top = 0
    for each in leaves:
        canvas.paste(each, (0, top))
        top += each.height + GAP
    return canvas


if __name__ == "__main__":
    fence()
    drawn = draw(sys.stdin.buffer.read())
    sys.stdout.buffer.write(b"P6 %d %d 255\n" % drawn.size + drawn.tobytes())
