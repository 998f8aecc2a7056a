"""Which address shows a photo at which size."""

from __future__ import annotations

from dataclasses import dataclass

SMALL_SIDE = 320
MEDIUM_SIDE = 640
ENDINGS = ("320.webp", "640.webp", "1280.webp", "960.jpg")


@dataclass(frozen=True, slots=True)
class Picture:
    """Addresses of one photo: two squares, the whole in WebP and JPEG; `width` and `height` are the small one's pixels.

    `whole_width` and `whole_height` keep the place of the whole photo while it loads.
    """

    small: str
    medium: str
    large: str
    jpeg: str
    whole_width: int
    whole_height: int
    width: int = SMALL_SIDE
    height: int = SMALL_SIDE


def picture(start: str, *, ready: bool, width: int, height: int) -> Picture:
    """Name the files of a photo; until every size is made, the master stands in for all of them.

    >>> picture("/media/3f/a0/9c", ready=True, width=1280, height=960).small
    '/media/3f/a0/9c-320.webp'
    >>> picture("/media/3f/a0/9c", ready=False, width=1280, height=960).small
    '/media/3f/a0/9c.jpg'
    """
    if not ready:
        master = f"{start}.jpg"
        return Picture(master, master, master, master, width, height)
    small, medium, large, jpeg = (f"{start}-{ending}" for ending in ENDINGS)
    return Picture(small, medium, large, jpeg, width, height)
