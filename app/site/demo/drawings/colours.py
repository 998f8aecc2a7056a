"""The palette of the house (design/tokens.css) and what light does to a colour."""

from __future__ import annotations

from typing import Final

Colour = tuple[int, int, int]


def rgb(text: str) -> Colour:
    """Read a colour.

    >>> rgb("#f0a01e")
    (240, 160, 30)
    """
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour between two; `share` of the other.

    >>> mix((0, 0, 0), (200, 100, 50), 0.5)
    (100, 50, 25)
    """
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


WHITE: Final = rgb("#fffdf6")
NIGHT: Final = rgb("#0f221e")
SUN: Final = rgb("#fff2d6")
DUSK: Final = rgb("#5a2a12")


def lit(colour: Colour, share: float) -> Colour:
    """Return a colour in warm light."""
    return mix(colour, SUN, share)


def shaded(colour: Colour, share: float) -> Colour:
    """Return a colour in warm shadow."""
    return mix(colour, mix(DUSK, NIGHT, 0.5), share)


TOSKA: Final = rgb("#157d74")
TOSKA_DEEP: Final = rgb("#073f3b")
TOSKA_PALE: Final = rgb("#bee3db")
SHELL: Final = rgb("#a9d8ce")
YOLK: Final = rgb("#f0931e")
MASIR: Final = rgb("#f0a01e")
STRAW: Final = rgb("#e0b062")
REED: Final = rgb("#b9812f")
BARK: Final = rgb("#8a5a24")
BATA: Final = rgb("#b64b2b")
CLAY: Final = rgb("#ce6743")
CLAY_PALE: Final = rgb("#e9a88f")
NILA: Final = rgb("#2b3a75")
NILA_PALE: Final = rgb("#a3b1e3")
DAUN: Final = rgb("#5b9a3d")
DAUN_DEEP: Final = rgb("#2c661f")
DAUN_PALE: Final = rgb("#a6d08c")
CHILI: Final = rgb("#c2352b")
CHILI_DEEP: Final = rgb("#8f1d22")
COCOA: Final = rgb("#4a2410")
CARAMEL: Final = rgb("#a9581f")
GOLD: Final = rgb("#f5cd78")
CREAM: Final = rgb("#fff7e6")
STEEL: Final = rgb("#8a9892")
PINK: Final = rgb("#e58aa0")
PURPLE: Final = rgb("#6b4b8a")

GROUNDS: Final = tuple(
    map(rgb, ("#ddf0eb", "#fce9c8", "#fbe0d2", "#e3e8f6", "#e2f0d8", "#f3e7d3", "#cfe7e0", "#f8dcae", "#eef3ea"))
)
CLOTHS: Final = (TOSKA, BATA, NILA, MASIR, DAUN, rgb("#97391d"), rgb("#0a524c"), rgb("#5065b3"))
