"""Eggs: the duck egg, blue-green and cut open, is the sign of this market."""

from __future__ import annotations

from app.site.demo.drawings import colours as c
from app.site.demo.drawings.canvas import Canvas, Points, curve, moved, oval
from app.site.demo.drawings.colours import Colour, lit, rgb, shaded
from app.site.demo.drawings.scene import backdrop, board, leaf, tray


def _egg_line(x: float, y: float, size: float, turn: float) -> Points:
    half = [(0, -104), (48, -76), (80, -12), (78, 44), (44, 92), (0, 104)]
    return curve(moved([*half, *((-px, py) for px, py in reversed(half[1:-1]))], x, y, size, turn))


def egg(canvas: Canvas, x: float, y: float, size: float, turn: float, shell: Colour) -> None:
    """Lay a whole egg."""
    canvas.shadow(x + 6, y + 78 * size, 84 * size, 30 * size, 0.36)
    outline = _egg_line(x, y, size, turn)
    canvas.shape(outline, shell, "ball", 0.34)
    canvas.scatter(outline, 26, 2.6 * size, shaded(shell, 0.22))
    canvas.gloss(x - 30 * size, y - 38 * size, 17 * size, 30 * size, turn + 18, 0.75)


def half_egg(
    canvas: Canvas, x: float, y: float, size: float, turn: float, shell: Colour, yolk: Colour = c.YOLK
) -> None:
    """Lay a cut egg, its yolk shining."""
    canvas.shadow(x + 6, y + 70 * size, 82 * size, 32 * size, 0.4)
    canvas.shape(_egg_line(x, y + 8 * size, size, turn), shell, "ball", 0.3)
    canvas.shape(_egg_line(x, y, size * 0.93, turn), rgb("#fffaf0"), depth=0.1)
    mx, my = moved([(0, 20)], x, y, size, turn)[0]
    canvas.oval(mx, my, 53 * size, 51 * size, shaded(yolk, 0.18), depth=0.12)
    canvas.oval(mx, my, 47 * size, 45 * size, yolk, depth=0.26)
    canvas.scatter(oval(mx, my, 42 * size, 40 * size), 30, 2.4 * size, lit(yolk, 0.45))
    canvas.gloss(mx - 16 * size, my - 18 * size, 15 * size, 8 * size, -24, 0.8)


def salted_eggs(canvas: Canvas, name: str) -> None:
    """Draw salted eggs: some whole, one cut open."""
    dice = canvas.dice
    shell = (
        rgb("#b98d5c")
        if "asap" in name
        else rgb("#d6b98c")
        if "panggang" in name
        else dice.choice((c.SHELL, rgb("#b9e0d7"), rgb("#9fd0c4")))
    )
    yolk = rgb("#e0780f") if "panggang" in name or "asap" in name else c.YOLK
    backdrop(canvas, dice.choice(("cloth", "wood", "paper")))
    many = "10" in name
    if many:
        tray(canvas, 500, 640, 390, c.STRAW)
        for x, y, turn in (
            (300, 560, -20),
            (440, 530, 6),
            (580, 536, -8),
            (700, 570, 22),
            (360, 640, 12),
            (640, 640, -14),
        ):
            egg(canvas, x, y, 0.86, turn, canvas.vary(shell, 0.07))
        half_egg(canvas, 430, 720, 0.86, -14, shell, yolk)
        half_egg(canvas, 580, 726, 0.86, 18, shell, yolk)
        return
    if "asap" in name:
        board(canvas, 500, 700, 400)
    else:
        leaf(canvas, 500, 740, 860, dice.choice((-14, -8, 10)))
    egg(canvas, 330, 560, 1.24, -18, canvas.vary(shell, 0.05))
    egg(canvas, 640, 540, 1.24, 16, canvas.vary(shell, 0.05))
    if "bawang" in name:
        for x in (180, 830):
            canvas.shadow(x, 800, 56, 20)
            canvas.shape(
                curve(
                    [
                        (x, 700),
                        (x + 26, 738),
                        (x + 58, 776),
                        (x + 40, 812),
                        (x, 820),
                        (x - 40, 812),
                        (x - 58, 776),
                        (x - 26, 738),
                    ]
                ),
                rgb("#f1e4ec"),
                "ball",
                0.3,
            )
    half_egg(canvas, 480, 730, 1.2, dice.choice((-8, 6)), shell, yolk)
    if dice.random() < 0.6:
        half_egg(canvas, 700, 760, 1.0, 26, shell, yolk)


def raw_eggs(canvas: Canvas, name: str) -> None:
    """Draw fresh eggs in a basket of straw."""
    shell = c.SHELL if "bebek" in name else rgb("#e9c9a4")
    backdrop(canvas)
    tray(canvas, 500, 690, 380)
    for _ in range(150):
        x, y = canvas.dice.uniform(210, 790), canvas.dice.uniform(600, 780)
        canvas.line(
            [(x, y), (x + canvas.dice.uniform(-70, 70), y + canvas.dice.uniform(-22, 22))],
            4,
            canvas.vary(rgb("#e8c97e"), 0.2),
            smooth=False,
        )
    for x, y, turn in (
        (360, 520, -14),
        (500, 500, 4),
        (640, 524, 16),
        (290, 610, -24),
        (430, 606, 8),
        (570, 604, -6),
        (710, 616, 20),
        (370, 690, 14),
        (510, 700, -8),
        (650, 694, 12),
    ):
        egg(canvas, x, y, 0.82, turn, canvas.vary(shell, 0.09))
