"""Where goods lie: paper, wood, cloth, leaf, plate; and small things that every table has."""

from __future__ import annotations

import math

from app.site.demo.drawings.canvas import Canvas, Points, box, curve, moved, oval
from app.site.demo.drawings.colours import (
    BARK,
    CLOTHS,
    CREAM,
    DAUN,
    DAUN_DEEP,
    DAUN_PALE,
    GROUNDS,
    MASIR,
    REED,
    STRAW,
    SUN,
    TOSKA,
    WHITE,
    Colour,
    lit,
    mix,
    rgb,
    shaded,
)  # fmt: skip

TEAK = rgb("#a8713d")
CHILLI = rgb("#d43a2c")


def backdrop(canvas: Canvas, kind: str = "") -> None:
    """Lay the ground: paper, wood, mat or a cloth with teeth; chosen by the dice unless named."""
    with canvas.blurred():
        _ground(canvas, kind)
    canvas.frame()


def _ground(canvas: Canvas, kind: str) -> None:
    dice = canvas.dice
    ground = dice.choice(GROUNDS)
    kind = kind or dice.choice(("paper", "paper", "wood", "cloth", "cloth", "mat"))
    canvas.shape(box(-5, -5, 1005, 1005), ground, "down", 0.12)
    if kind == "wood":
        _wood(canvas, dice.choice((rgb("#c9985f"), rgb("#b98a5e"), rgb("#d9b384"))))
    elif kind == "cloth":
        _cloth(canvas, dice.choice(CLOTHS), dice.choice((610, 660, 700)))
    elif kind == "mat":
        _mat(canvas, dice.choice((STRAW, rgb("#d8c08a"), rgb("#c9b27c"))))
    else:
        canvas.shape(box(-5, 640, 1005, 1005), lit(ground, 0.25), "down", 0.1)
        canvas.soft(box(0, 600, 1000, 660), lit(ground, 0.2), 0.9, 22)
    canvas.soft(oval(300, 260, 340, 280), SUN, 0.42, 120)


def _wood(canvas: Canvas, colour: Colour) -> None:
    dice, top = canvas.dice, 560
    while top < 1000:
        height = dice.randrange(95, 150)
        canvas.shape(box(-5, top, 1005, top + height), canvas.vary(colour, 0.08), "down", 0.06)
        canvas.line([(0, top), (1000, top)], 3, shaded(colour, 0.35), smooth=False)
        for _ in range(4):
            y, x = dice.uniform(top + 12, top + height - 8), dice.uniform(0, 700)
            canvas.line([(x, y), (x + 150, y + dice.uniform(-5, 5)), (x + 320, y)], 1.6, shaded(colour, 0.14))
        top += height
    canvas.soft(box(0, 535, 1000, 562), (70, 40, 24), 0.22, 16)


def _cloth(canvas: Canvas, colour: Colour, top: int) -> None:
    canvas.shape(box(-5, top, 1005, 1005), colour, "down", 0.14)
    teeth = 12
    width = 1000 / teeth
    for number in range(teeth):
        left = number * width
        canvas.shape(
            [(left, top), (left + width, top), (left + width / 2, top + 52)],
            MASIR if colour != MASIR else TOSKA,
            depth=0.06,
        )
        canvas.shape([(left + 16, top), (left + width - 16, top), (left + width / 2, top + 30)], CREAM, depth=0.03)
    canvas.line([(0, top), (1000, top)], 7, shaded(colour, 0.3), smooth=False)
    canvas.soft(box(0, top - 26, 1000, top), (60, 36, 24), 0.2, 14)


def _mat(canvas: Canvas, colour: Colour) -> None:
    size = 62.5
    for row in range(7):
        for column in range(16):
            left, top = column * size, 562 + row * size
            across = (row + column) % 2 == 0
            canvas.shape(
                box(left, top, left + size, top + size),
                canvas.vary(colour if across else shaded(colour, 0.1), 0.06),
                "across" if across else "down",
                0.12,
            )
    canvas.soft(box(0, 540, 1000, 566), (60, 36, 24), 0.25, 12)


def plate(canvas: Canvas, x: float, y: float, rx: float, colour: Colour = WHITE, rim: Colour | None = None) -> None:
    """Put a plate on the table; `rim` gives it a painted edge."""
    ry = rx * 0.42
    canvas.shadow(x, y + ry * 0.16, rx, ry)
    canvas.oval(x, y + 16, rx, ry, shaded(colour, 0.22), light="slant", depth=0.1)
    canvas.oval(x, y, rx, ry, colour, light="slant", depth=0.1)
    if rim:
        canvas.line(oval(x, y, rx * 0.95, ry * 0.93), 7, rim, closed=True, smooth=False)
    canvas.oval(x, y + 4, rx * 0.74, ry * 0.68, shaded(colour, 0.07), light="slant", depth=0.08)


def board(canvas: Canvas, x: float, y: float, rx: float, colour: Colour = TEAK) -> None:
    """Put a wooden board on the table."""
    ry = rx * 0.4
    canvas.shadow(x, y + ry * 0.3, rx, ry)
    canvas.shape(box(x - rx, y - ry + 18, x + rx, y + ry + 18, 40), shaded(colour, 0.32))
    canvas.shape(box(x - rx, y - ry, x + rx, y + ry, 40), colour, depth=0.14)
    for step in range(-3, 4):
        height = y + step * ry / 4.2
        canvas.line([(x - rx * 0.9, height), (x, height + 5), (x + rx * 0.88, height - 2)], 1.8, shaded(colour, 0.16))


def leaf(
    canvas: Canvas, x: float, y: float, long: float, turn: float = -12, colour: Colour = DAUN, wide: float = 0.36
) -> None:
    """Lay a piece of banana leaf."""
    with canvas.unframed():
        _leaf(canvas, x, y, long, turn, colour, wide)


def _leaf(canvas: Canvas, x: float, y: float, long: float, turn: float, colour: Colour, wide: float) -> None:
    half, thick = long / 2, long * wide / 2
    outline = curve(
        moved(
            [
                (-half, 0),
                (-half * 0.55, -thick),
                (half * 0.3, -thick * 0.95),
                (half, -thick * 0.1),
                (half * 0.4, thick),
                (-half * 0.5, thick * 0.95),
            ],
            x,
            y,
            1,
            turn,
        )
    )
    canvas.soft([(px + 8, py + 18) for px, py in outline], (50, 34, 20), 0.35, 14)
    canvas.shape(outline, colour, depth=0.2)
    with canvas.inside(outline):
        for step in range(-9, 11):
            start = moved([(step * half / 9, 0), (step * half / 9 + thick * 0.55, -thick * 1.1)], x, y, 1, turn)
            canvas.line(start, 2.2, lit(colour, 0.16), smooth=False)
            canvas.line(
                moved([(step * half / 9, 0), (step * half / 9 + thick * 0.55, thick * 1.1)], x, y, 1, turn),
                2.2,
                shaded(colour, 0.12),
                smooth=False,
            )
    canvas.line(moved([(-half, 0), (half, -thick * 0.08)], x, y, 1, turn), 6, mix(DAUN_DEEP, colour, 0.3), smooth=False)


def tray(canvas: Canvas, x: float, y: float, rx: float, colour: Colour = STRAW) -> None:
    """Put a round bamboo tray on the table, woven on the slant."""
    ry = rx * 0.5
    canvas.shadow(x, y + ry * 0.16, rx, ry)
    canvas.oval(x, y + 18, rx, ry, shaded(colour, 0.4), light="slant")
    canvas.oval(x, y, rx, ry, REED, light="slant", depth=0.2)
    weave(canvas, oval(x, y, rx * 0.93, ry * 0.91), colour, 34)
    canvas.line(oval(x, y, rx * 0.96, ry * 0.955), 9, BARK, closed=True, smooth=False)


def weave(canvas: Canvas, outline: Points, colour: Colour, size: float = 30, dark: Colour | None = None) -> None:
    """Fill a shape with plaited strips."""
    xs, ys = [p[0] for p in outline], [p[1] for p in outline]
    other = dark or shaded(colour, 0.24)
    with canvas.inside(outline):
        canvas.shape(outline, colour, depth=0.14)
        row = 0
        top = min(ys)
        while top < max(ys):
            left = min(xs) + (size if row % 2 else 0)
            while left < max(xs):
                canvas.shape(box(left, top + size * 0.06, left + size * 0.94, top + size * 0.62), other, "across", 0.1)
                left += size * 2
            top += size * 0.68
            row += 1


def sprig(canvas: Canvas, x: float, y: float, size: float = 1.0, turn: float = 0, colour: Colour = DAUN) -> None:
    """Lay a few leaves beside the goods."""
    for angle, long in ((-38, 92), (4, 108), (44, 84)):
        shape = curve(
            moved([(0, 0), (long * 0.45, -long * 0.2), (long, 0), (long * 0.45, long * 0.2)], x, y, size, turn + angle)
        )
        canvas.soft([(px + 4, py + 8) for px, py in shape], (50, 34, 20), 0.25, 6)
        canvas.shape(shape, canvas.vary(colour), depth=0.2)
        canvas.line(
            moved([(8, 0), (long * 0.9, 0)], x, y, size, turn + angle), 2.2 * size, shaded(colour, 0.25), smooth=False
        )


def chilli(canvas: Canvas, x: float, y: float, size: float = 1.0, turn: float = 0, colour: Colour = CHILLI) -> None:
    """Lay a chilli beside the goods."""
    body = curve(moved([(-70, -10), (-30, -20), (20, -10), (74, 20), (20, 16), (-34, 14), (-68, 6)], x, y, size, turn))
    canvas.soft([(px + 4, py + 10) for px, py in body], (50, 30, 20), 0.3, 7)
    canvas.shape(body, colour, "down", 0.25)
    canvas.line(moved([(-68, -2), (-88, -10), (-104, -4)], x, y, size, turn), 8 * size, DAUN_DEEP)
    canvas.line(moved([(-40, -8), (0, -6), (26, 2)], x, y, size, turn), 4 * size, lit(colour, 0.55))


def steam(canvas: Canvas, x: float, y: float) -> None:
    """Let something be warm."""
    for shift in (-56, 6, 62):
        path = [(x + shift + 16 * math.sin(step / 2.2), y - step * 22) for step in range(9)]
        edge = [(px + 15, py) for px, py in path] + [(px - 15, py) for px, py in reversed(path)]
        canvas.soft(edge, WHITE, 0.42, 13)


def lozenge(canvas: Canvas, x: float, y: float, size: float, colour: Colour, heart: Colour = MASIR) -> None:
    """Draw the ceplok of Banten cloth, our sign on every label."""
    for share, paint in ((1.0, colour), (0.74, CREAM), (0.5, heart)):
        reach = size * share
        canvas.shape([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], paint, depth=0.05)
    canvas.dots([(x, y)], size * 0.13, CREAM)


def bowl(canvas: Canvas, x: float, y: float, rx: float, colour: Colour, soup: Colour, pattern: Colour = MASIR) -> None:
    """Put a full bowl on the table; the surface of the food is an ellipse at (x, y)."""
    ry = rx * 0.34
    canvas.shadow(x, y + rx * 0.86, rx * 0.72, ry * 0.7)
    body = curve(
        [
            (x - rx, y),
            (x - rx * 0.93, y + rx * 0.36),
            (x - rx * 0.52, y + rx * 0.8),
            (x, y + rx * 0.88),
            (x + rx * 0.52, y + rx * 0.8),
            (x + rx * 0.93, y + rx * 0.36),
            (x + rx, y),
            (x, y + ry * 0.6),
        ]
    )
    canvas.shape(body, colour, "across", 0.3)
    with canvas.inside(body):
        for step in range(-6, 7):
            px = x + step * rx / 5.6
            top = y + rx * 0.34 + (step * step) * -1.6
            canvas.shape([(px - 24, top), (px + 24, top), (px, top + 46)], pattern, depth=0.05)
    canvas.oval(x, y, rx, ry, lit(colour, 0.4), light="slant", depth=0.12)
    canvas.oval(x, y + 6, rx * 0.91, ry * 0.86, soup, light="slant", depth=0.14)


__all__ = [
    "DAUN_PALE",
    "backdrop",
    "board",
    "bowl",
    "chilli",
    "leaf",
    "lozenge",
    "plate",
    "sprig",
    "steam",
    "tray",
    "weave",
]
