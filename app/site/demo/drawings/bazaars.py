"""A bazaar in a yard: awnings side by side, a table seen close, visitors under the bunting."""

from __future__ import annotations

from typing import Final

from app.site.demo.drawings.canvas import Canvas, box, curve, moved, oval
from app.site.demo.drawings.colours import (
    BARK,
    BATA,
    CHILI,
    CLAY,
    COCOA,
    CREAM,
    DAUN,
    DAUN_DEEP,
    GOLD,
    MASIR,
    NILA,
    PINK,
    PURPLE,
    SHELL,
    STEEL,
    STRAW,
    SUN,
    TOSKA,
    WHITE,
    Colour,
    lit,
    rgb,
    shaded,
)  # fmt: skip
from app.site.demo.drawings.scene import lozenge, tray

SKY, WALL, YARD = rgb("#cfe6ef"), rgb("#f3e3c3"), rgb("#d9c3a0")
SKIN: Final = (rgb("#b97a4e"), rgb("#a5673f"), rgb("#c98d62"))
VEILS: Final = (TOSKA, NILA, PINK, PURPLE, MASIR, BATA)
AWNINGS: Final = ((TOSKA, CREAM), (BATA, CREAM), (NILA, CREAM), (DAUN, CREAM))
HORIZON, TEETH, POST = 520, 8, 13


def yard(canvas: Canvas, sample: str = "") -> None:
    """Show three stalls in a row behind the office, and who walks along them."""
    _behind(canvas)
    for place, colours in enumerate(AWNINGS[:3]):
        _stall(canvas, 30 + place * 325, 350, 290, colours)
    _bunting(canvas, 190)
    for x, size in ((170, 0.86), (300, 0.8), (560, 0.9), (835, 0.84)):
        _visitor(canvas, x, 700, size)


def crowd(canvas: Canvas, sample: str = "") -> None:
    """Show the way between the stalls, full of people."""
    _behind(canvas)
    _stall(canvas, -70, 330, 340, AWNINGS[3])
    _stall(canvas, 730, 330, 340, AWNINGS[1])
    _bunting(canvas, 150)
    _bunting(canvas, 260)
    for x, y, size in ((420, 560, 0.62), (540, 575, 0.66), (330, 640, 0.8), (660, 650, 0.82), (490, 700, 0.98)):
        _visitor(canvas, x, y, size)


def table(canvas: Canvas, sample: str = "") -> None:
    """Show one table close: eggs, packs with a label, jars, and the one who made them."""
    _behind(canvas)
    for x in (70, 930):
        canvas.shape(box(x - 10, 120, x + 10, 760), STEEL, "across", 0.2)
    _seller(canvas, 500, 330, 1.7)
    _roof(canvas, 20, 60, 960, AWNINGS[0], 150)
    canvas.shape(box(-5, 640, 1005, 1005), TOSKA, "down", 0.2)
    canvas.shape(box(-5, 620, 1005, 668), lit(TOSKA, 0.2), "down", 0.1)
    for number in range(6):
        lozenge(canvas, 90 + number * 164, 850, 46, MASIR, BATA)
    tray(canvas, 250, 610, 190)
    for row, column in ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)):
        canvas.oval(160 + column * 88 + row * 14, 566 + row * 48, 42, 33, SHELL, turn=12)
    for number in range(3):
        _pack(canvas, 520 + number * 92, 610, (CREAM, GOLD, CREAM)[number])
    for x, colour in ((832, CHILI), (920, COCOA)):
        _jar(canvas, x, 620, colour)


def _behind(canvas: Canvas) -> None:
    with canvas.blurred():
        canvas.shape(box(-5, -5, 1005, 1005), SKY, "down", 0.1)
        for x, y, size in ((90, 250, 150), (880, 240, 170), (980, 330, 120)):
            canvas.oval(x, y, size, size * 0.9, canvas.vary(DAUN, 0.1))
        canvas.shape(box(170, 250, 830, HORIZON), WALL, "down", 0.12)
        canvas.shape([(120, 262), (240, 150), (760, 150), (880, 262)], CLAY, "down", 0.2)
        for x in (230, 370, 560, 700):
            canvas.shape(box(x, 320, x + 80, 430), rgb("#7fa9ad"), "slant", 0.2)
        canvas.shape(box(-5, HORIZON, 1005, 1005), YARD, "down", 0.16)
        for step in range(9):
            y = HORIZON + 14 + step * step * 7
            canvas.line([(0, y), (1000, y)], 2 + step * 0.6, shaded(YARD, 0.12), smooth=False)
        canvas.soft(oval(300, 620, 420, 120), SUN, 0.5, 90)


def _bunting(canvas: Canvas, top: int) -> None:
    line = curve([(-20, top - 70), (250, top), (500, top - 26), (750, top), (1020, top - 70)], closed=False)
    canvas.line(line, 4, BARK, smooth=False)
    for number, (x, y) in enumerate(line[3::4]):
        colour = (BATA, MASIR, TOSKA, NILA)[number % 4]
        canvas.shape([(x - 17, y), (x + 17, y), (x, y + 40)], colour, "down", 0.12)


def _stall(canvas: Canvas, left: float, top: float, wide: float, colours: tuple[Colour, Colour]) -> None:
    """Put up one stall: `top` is where its roof begins."""
    foot, desk = top + wide * 1.16, top + wide * 0.72
    canvas.shadow(left + wide / 2, foot, wide * 0.52, wide * 0.08)
    for x in (left + POST, left + wide - POST):
        canvas.shape(box(x - 5, top + 30, x + 5, foot), STEEL, "across", 0.2)
    _seller(canvas, left + wide / 2, top + wide * 0.44, wide / 300)
    cloth = (MASIR, BATA, NILA)[canvas.dice.randrange(3)]
    canvas.shape(box(left + 6, desk, left + wide - 6, foot - 8, 6), cloth, "down", 0.22)
    canvas.shape(box(left, desk - wide * 0.05, left + wide, desk + wide * 0.05, 5), lit(cloth, 0.25), "down", 0.1)
    for number in range(3):
        lozenge(canvas, left + wide * (0.22 + number * 0.28), desk + wide * 0.22, wide * 0.07, CREAM, cloth)
    _wares(canvas, left, desk, wide)
    _roof(canvas, left, top, wide, colours, wide * 0.27)


def _wares(canvas: Canvas, left: float, desk: float, wide: float) -> None:
    size, at = wide / 300, left + wide * 0.1
    for kind in canvas.dice.sample(("eggs", "packs", "jars", "packs"), 3):
        if kind == "eggs":
            canvas.oval(at + 34 * size, desk, 40 * size, 13 * size, STRAW)
            for number in range(3):
                canvas.oval(at + (14 + number * 20) * size, desk - 10 * size, 12 * size, 10 * size, SHELL)
        elif kind == "packs":
            for number in range(2):
                x, colour = at + number * 38 * size, canvas.vary(GOLD)
                canvas.shape(box(x, desk - 46 * size, x + 32 * size, desk + 4 * size, 4), colour, "slant", 0.2)
                canvas.shape(box(x + 6 * size, desk - 28 * size, x + 26 * size, desk - 10 * size), BATA, depth=0.05)
        else:
            for number, colour in enumerate((CHILI, COCOA)):
                x = at + number * 36 * size
                canvas.shape(box(x, desk - 36 * size, x + 28 * size, desk + 4 * size, 6), colour, "across", 0.3)
                canvas.shape(box(x + 2, desk - 44 * size, x + 28 * size - 2, desk - 34 * size, 3), WHITE, depth=0.1)
        at += wide * 0.28


def _roof(
    canvas: Canvas, left: float, top: float, wide: float, colours: tuple[Colour, Colour], high: float
) -> None:  # fmt: skip
    """Stretch a striped cloth over a stall, with round teeth in front."""
    each, lean = wide / TEETH, wide * 0.06
    for number in range(TEETH):
        colour, x = colours[number % 2], left + number * each
        inner = left + lean + number * (wide - 2 * lean) / TEETH
        next_ = inner + (wide - 2 * lean) / TEETH
        canvas.shape([(inner, top), (next_, top), (x + each, top + high), (x, top + high)], colour, "down", 0.16)
        canvas.oval(x + each / 2, top + high, each / 2, each * 0.42, shaded(colour, 0.06), light="down", depth=0.14)
    canvas.line([(left, top + high), (left + wide, top + high)], 3, shaded(colours[0], 0.3), smooth=False)


def _seller(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Let somebody stand behind a table: veil, face, shoulders; (x, y) is the middle of the face."""
    veil, dress = canvas.dice.sample(VEILS, 2)
    shoulders = ((-66, 130), (-50, 50), (0, 30), (50, 50), (66, 130))
    canvas.shape(curve(moved(shoulders, x, y, size)), dress, "slant", 0.24)
    canvas.shape(curve(moved(((-40, 62), (-38, -6), (0, -44), (38, -6), (40, 62), (0, 84)), x, y, size)), veil)
    canvas.oval(x, y, 23 * size, 27 * size, canvas.dice.choice(SKIN), depth=0.15)
    for side in (-9, 9):
        canvas.dots([(x + side * size, y - 3 * size)], 2.6 * size, COCOA)
    canvas.line([(x - 8 * size, y + 10 * size), (x, y + 14 * size), (x + 8 * size, y + 10 * size)], 2.4 * size, BATA)


def _visitor(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Let somebody walk by, seen from behind; (x, y) is the middle of the head."""
    top, skirt = canvas.dice.sample(VEILS, 2)
    man = canvas.dice.random() < 0.35
    canvas.shadow(x, y + 292 * size, 70 * size, 20 * size)
    for side in (-24, 8):
        canvas.shape(
            box(x + side * size, y + 180 * size, x + (side + 18) * size, y + 292 * size, 6), COCOA, "across", 0.2
        )
    if man:
        canvas.shape(box(x - 44 * size, y + 150 * size, x + 44 * size, y + 262 * size, 10), NILA, "across", 0.2)
    else:
        canvas.shape([(x - 44 * size, y + 120 * size), (x + 44 * size, y + 120 * size), (x + 66 * size, y + 278 * size),
                      (x - 66 * size, y + 278 * size)], skirt, "across", 0.22)  # fmt: skip
    body = curve([(x - 54 * size, y + 170 * size), (x - 50 * size, y + 50 * size), (x, y + 22 * size),
                  (x + 50 * size, y + 50 * size), (x + 54 * size, y + 170 * size), (x, y + 184 * size)])  # fmt: skip
    canvas.shape(body, CREAM if man else top, "slant", 0.2)
    if man:
        canvas.oval(x, y, 29 * size, 34 * size, canvas.dice.choice(SKIN), depth=0.15)
        canvas.oval(x, y - 12 * size, 31 * size, 25 * size, COCOA, depth=0.1)
    else:
        canvas.shape(curve([(x - 40 * size, y + 66 * size), (x - 34 * size, y - 8 * size), (x, y - 38 * size),
                            (x + 34 * size, y - 8 * size), (x + 40 * size, y + 66 * size), (x, y + 96 * size)]),
                     shaded(top, 0.16), "slant", 0.24)  # fmt: skip
    canvas.shape(
        box(x + 46 * size, y + 150 * size, x + 96 * size, y + 214 * size, 6), lit(DAUN_DEEP, 0.3), "slant", 0.2
    )
    canvas.line([(x + 54 * size, y + 152 * size), (x + 70 * size, y + 118 * size), (x + 88 * size, y + 152 * size)],
                4 * size, BARK)  # fmt: skip


def _pack(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.shadow(x, y + 12, 46, 14)
    canvas.shape(box(x - 42, y - 150, x + 42, y + 10, 8), colour, "slant", 0.18)
    canvas.line([(x - 40, y - 134), (x + 40, y - 134)], 4, shaded(colour, 0.25), smooth=False)
    canvas.shape(box(x - 30, y - 104, x + 30, y - 24, 4), BATA, depth=0.06)
    lozenge(canvas, x, y - 64, 26, MASIR, BATA)


def _jar(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.shadow(x, y + 12, 42, 13)
    canvas.shape(box(x - 36, y - 98, x + 36, y + 10, 16), colour, "across", 0.35)
    canvas.shape(box(x - 30, y - 118, x + 30, y - 94, 6), WHITE, "across", 0.2)
    canvas.shape(box(x - 36, y - 70, x + 36, y - 28), CREAM, "across", 0.12)
    canvas.gloss(x - 20, y - 50, 6, 36)
