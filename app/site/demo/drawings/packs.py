"""What holds goods: pouches with a window, jars, bottles, boxes."""

from __future__ import annotations

from collections.abc import Callable

from app.site.demo.drawings.canvas import Canvas, box, curve, oval
from app.site.demo.drawings.colours import BATA, CREAM, MASIR, WHITE, Colour, lit, mix, rgb, shaded
from app.site.demo.drawings.scene import lozenge

Piece = Callable[[Canvas, float, float, float, float], None]


def pouch(canvas: Canvas, x: float, y: float, size: float, colour: Colour, piece: Piece, heart: Colour = MASIR) -> None:
    """Stand a bag with a window on the table; (x, y) is the middle of its foot."""
    wide, tall = 190 * size, 560 * size
    canvas.shadow(x, y, wide * 1.05, 46 * size)
    body = [
        (x - wide * 0.93, y - tall),
        (x + wide * 0.93, y - tall),
        (x + wide, y - tall * 0.55),
        (x + wide * 1.03, y - 14),
        (x + wide * 0.6, y + 14 * size),
        (x - wide * 0.6, y + 14 * size),
        (x - wide * 1.03, y - 14),
        (x - wide, y - tall * 0.55),
    ]
    canvas.shape(body, colour, "across", 0.24)
    canvas.soft(box(x - wide * 0.8, y - tall * 0.9, x - wide * 0.55, y - tall * 0.1), WHITE, 0.32, 16)
    canvas.soft(box(x + wide * 0.62, y - tall * 0.9, x + wide * 0.95, y), shaded(colour, 0.5), 0.35, 22)
    canvas.shape(
        box(x - wide * 0.95, y - tall - 10, x + wide * 0.95, y - tall + 52 * size, 6),
        shaded(colour, 0.2),
        "across",
        0.2,
    )
    canvas.line(
        [(x - wide * 0.9, y - tall + 40 * size), (x + wide * 0.9, y - tall + 40 * size)],
        3,
        lit(colour, 0.5),
        smooth=False,
    )
    label = box(x - wide * 0.66, y - tall * 0.82, x + wide * 0.66, y - tall * 0.5, 14)
    canvas.shape(label, CREAM, depth=0.06)
    lozenge(canvas, x, y - tall * 0.66, 62 * size, colour, heart)
    window = box(x - wide * 0.72, y - tall * 0.44, x + wide * 0.72, y - tall * 0.07, 34 * size)
    with canvas.inside(window):
        canvas.shape(window, mix(CREAM, colour, 0.28), "down", 0.14)
        for row in range(5):
            for column in range(5):
                px = x + (column - 2) * wide * 0.34 + canvas.dice.uniform(-14, 14)
                piece(canvas, px, y - tall * (0.42 - row * 0.085), 0.78 * size, canvas.dice.uniform(-40, 40))
    canvas.line(window, 4, lit(colour, 0.45), closed=True, smooth=False)
    canvas.soft(box(x - wide * 0.55, y - tall * 0.42, x - wide * 0.4, y - tall * 0.1), WHITE, 0.4, 9)


def jar(
    canvas: Canvas,
    x: float,
    y: float,
    size: float,
    fill: Callable[[Canvas, list[tuple[float, float]]], None],
    lid: Colour,
) -> None:
    """Stand a see-through jar on the table; `fill` draws what is in it inside the given outline."""
    wide, tall = 165 * size, 400 * size
    canvas.shadow(x, y, wide, 42 * size)
    glass = curve(
        [
            (x - wide * 0.8, y - tall),
            (x - wide, y - tall * 0.86),
            (x - wide, y - tall * 0.1),
            (x - wide * 0.86, y + 8),
            (x, y + 18 * size),
            (x + wide * 0.86, y + 8),
            (x + wide, y - tall * 0.1),
            (x + wide, y - tall * 0.86),
            (x + wide * 0.8, y - tall),
        ]
    )
    canvas.shape(glass, rgb("#e9f1ea"), "across", 0.12)
    inner = [(x + (px - x) * 0.93, y - tall * 0.5 + (py - y + tall * 0.5) * 0.95) for px, py in glass]
    with canvas.inside(inner):
        fill(canvas, inner)
        canvas.soft(box(x + wide * 0.6, y - tall, x + wide, y), (60, 36, 20), 0.28, 24)
    canvas.line(glass, 4, rgb("#c9d8d0"), closed=True, smooth=False)
    canvas.soft(box(x - wide * 0.78, y - tall * 0.84, x - wide * 0.62, y - tall * 0.12), WHITE, 0.62, 9)
    canvas.soft(box(x + wide * 0.74, y - tall * 0.8, x + wide * 0.8, y - tall * 0.3), WHITE, 0.5, 5)
    canvas.shape(
        box(x - wide * 0.9, y - tall - 62 * size, x + wide * 0.9, y - tall + 22 * size, 16), lid, "across", 0.28
    )
    canvas.shape(oval(x, y - tall - 60 * size, wide * 0.9, 22 * size), lit(lid, 0.18), depth=0.1)
    for step in range(-8, 9):
        px = x + step * wide * 0.105
        canvas.line([(px, y - tall - 34 * size), (px, y - tall + 14 * size)], 2, shaded(lid, 0.22), smooth=False)


def label(canvas: Canvas, x: float, y: float, wide: float, tall: float, colour: Colour, heart: Colour = MASIR) -> None:
    """Stick a paper label on a jar or a bottle."""
    canvas.shape(box(x - wide, y - tall, x + wide, y + tall, 12), CREAM, "across", 0.12)
    canvas.line(
        box(x - wide * 0.9, y - tall * 0.86, x + wide * 0.9, y + tall * 0.86, 9), 3, colour, closed=True, smooth=False
    )
    lozenge(canvas, x, y, tall * 0.62, colour, heart)


def bottle(canvas: Canvas, x: float, y: float, size: float, liquid: Colour, cap: Colour, full: float = 0.86) -> None:
    """Stand a bottle on the table."""
    wide, tall = 118 * size, 520 * size
    canvas.shadow(x, y, wide, 34 * size)
    glass = [
        (x - wide * 0.34, y - tall),
        (x + wide * 0.34, y - tall),
        *curve(
            [
                (x + wide * 0.36, y - tall * 0.86),
                (x + wide * 0.5, y - tall * 0.75),
                (x + wide * 0.98, y - tall * 0.6),
                (x + wide, y - tall * 0.5),
            ],
            closed=False,
        ),
        (x + wide, y - 20),
        (x + wide * 0.88, y + 6),
        (x, y + 14),
        (x - wide * 0.88, y + 6),
        (x - wide, y - 20),
        *curve(
            [
                (x - wide, y - tall * 0.5),
                (x - wide * 0.98, y - tall * 0.6),
                (x - wide * 0.5, y - tall * 0.75),
                (x - wide * 0.36, y - tall * 0.86),
            ],
            closed=False,
        ),
    ]
    canvas.shape(glass, rgb("#eaf2ec"), "across", 0.1)
    with canvas.inside([(x + (px - x) * 0.94, py) for px, py in glass]):
        top = y - tall * full
        canvas.shape(box(x - wide, top, x + wide, y + 20), liquid, "across", 0.32)
        canvas.oval(x, top, wide * 0.9, 10, lit(liquid, 0.35), depth=0)
        canvas.soft(box(x + wide * 0.5, y - tall, x + wide, y), shaded(liquid, 0.6), 0.4, 18)
        canvas.soft(oval(x - wide * 0.1, y - tall * 0.2, wide * 0.6, tall * 0.16), lit(liquid, 0.6), 0.5, 24)
    canvas.soft(box(x - wide * 0.78, y - tall * 0.56, x - wide * 0.6, y - tall * 0.1), WHITE, 0.6, 7)
    canvas.shape(box(x - wide * 0.42, y - tall - 54 * size, x + wide * 0.42, y - tall + 14, 10), cap, "across", 0.3)
    label(canvas, x, y - tall * 0.3, wide * 0.94, tall * 0.15, shaded(liquid, 0.2) if sum(liquid) > 420 else BATA)


def gift_box(canvas: Canvas, x: float, y: float, rx: float, colour: Colour, tall: float = 120) -> None:
    """Put an open low box on the table; its opening is about (x, y), 0.5 as deep as wide."""
    ry = rx * 0.46
    canvas.shadow(x, y + tall, rx * 1.04, ry * 0.7)
    canvas.shape(
        [
            (x - rx, y + ry * 0.2),
            (x + rx, y + ry * 0.2),
            (x + rx * 0.94, y + ry * 0.2 + tall + ry * 0.6),
            (x - rx * 0.94, y + ry * 0.2 + tall + ry * 0.6),
        ],
        colour,
        "across",
        0.2,
    )
    canvas.shape(box(x - rx, y - ry, x + rx, y + ry, 20), shaded(colour, 0.3), "down", 0.2)
    canvas.line(box(x - rx, y - ry, x + rx, y + ry, 20), 12, lit(colour, 0.3), closed=True, smooth=False)
    lozenge(canvas, x, y + ry + tall * 0.62, min(44, tall * 0.4), shaded(colour, 0.4))
