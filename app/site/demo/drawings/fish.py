"""Fish: roasted, fresh, salted, dried, and rolled in leaf."""

from __future__ import annotations

import math

from app.site.demo.drawings import colours as c
from app.site.demo.drawings.canvas import Canvas, box, curve, moved, oval
from app.site.demo.drawings.colours import Colour, lit, rgb, shaded
from app.site.demo.drawings.scene import backdrop, board, chilli, leaf, plate, sprig, tray


def skewers(canvas: Canvas, name: str) -> None:
    """Draw sate bandeng: roasted fish between split bamboo, on a leaf."""
    backdrop(canvas)
    leaf(canvas, 500, 600, 900, -18)
    meat = rgb("#a5451f") if "pedas" in name else c.CARAMEL
    for shift in (-70, 90):
        line = moved([(-400, 0), (400, 0)], 500 + shift * 0.3, 600 + shift, 1, -18)
        canvas.line(line, 20, rgb("#d9b679"), smooth=False)
        shape = curve(
            moved(
                [(-270, 0), (-200, -62), (0, -78), (190, -56), (290, 0), (190, 58), (0, 76), (-200, 60)],
                500 + shift * 0.3,
                600 + shift,
                1,
                -18,
            )
        )
        canvas.soft([(px + 8, py + 26) for px, py in shape], (50, 28, 14), 0.45, 16)
        canvas.shape(shape, meat, "down", 0.36)
        with canvas.inside(shape):
            for step in range(-5, 6):
                canvas.line(
                    moved([(step * 52 - 14, -80), (step * 52 + 16, 80)], 500 + shift * 0.3, 600 + shift, 1, -18),
                    15,
                    shaded(meat, 0.42),
                    smooth=False,
                )
        gx, gy = moved([(-60, -40)], 500 + shift * 0.3, 600 + shift, 1, -18)[0]
        canvas.gloss(gx, gy, 130, 11, -18, 0.5)
        canvas.line(
            moved([(-400, 8), (-250, 8)], 500 + shift * 0.3, 600 + shift, 1, -18), 8, rgb("#b98f4f"), smooth=False
        )
    if "pedas" in name:
        chilli(canvas, 790, 820, 1.1, -20)
        chilli(canvas, 700, 870, 0.9, 14)
    else:
        sprig(canvas, 190, 850, 1.0, -20)


def fish(canvas: Canvas, x: float, y: float, size: float, turn: float, back: Colour, belly: Colour) -> None:
    """Lay one fish."""
    body = curve(
        moved(
            [(-300, 0), (-210, -66), (-60, -100), (110, -74), (230, -18), (230, 16), (110, 66), (-60, 92), (-210, 60)],
            x,
            y,
            size,
            turn,
        )
    )
    tail = curve(moved([(200, 0), (270, -76), (340, -96), (312, 0), (340, 92), (270, 70)], x, y, size, turn))
    for shape in (body, tail):
        canvas.soft([(px + 6, py + 24 * size) for px, py in shape], (40, 26, 20), 0.36, 14)
    canvas.shape(tail, shaded(back, 0.1), depth=0.2)
    canvas.shape(
        curve(moved([(-80, -86), (-10, -150), (90, -128), (60, -80)], x, y, size, turn)), shaded(back, 0.15), depth=0.2
    )
    canvas.shape(body, back, "down", 0.2)
    with canvas.inside(body):
        canvas.shape(
            curve(moved([(-320, 20), (-100, -10), (250, 0), (260, 120), (-100, 140), (-320, 100)], x, y, size, turn)),
            belly,
            "down",
            0.16,
        )
        for column in range(-7, 10):
            for row in (-2, -1, 0, 1, 2):
                center = moved([(column * 26 + (row % 2) * 13 - 40, row * 30)], x, y, size, turn)[0]
                canvas.line(
                    curve(
                        [
                            (center[0] - 5, center[1] - 12 * size),
                            (center[0] + 7, center[1]),
                            (center[0] - 5, center[1] + 12 * size),
                        ],
                        closed=False,
                    ),
                    2.2,
                    shaded(back, 0.25),
                    smooth=False,
                )
        canvas.shape(
            curve(moved([(-310, 0), (-215, -80), (-180, 0), (-215, 80)], x, y, size, turn)), lit(back, 0.2), depth=0.15
        )
    canvas.line(moved([(-192, -54), (-172, 0), (-192, 52)], x, y, size, turn), 5, shaded(back, 0.35))
    eye = moved([(-244, -16)], x, y, size, turn)[0]
    canvas.oval(*eye, 19 * size, 19 * size, c.WHITE, depth=0.1)
    canvas.oval(*eye, 10 * size, 10 * size, c.NIGHT, depth=0.1)
    canvas.gloss(*moved([(-20, -56)], x, y, size, turn)[0], 150 * size, 13 * size, turn, 0.45)


def fishes(canvas: Canvas, name: str) -> None:
    """Draw fish: fresh ones on leaf, salted or stewed ones on a plate."""
    dice = canvas.dice
    backdrop(canvas)
    looks = {
        "segar": ("#6f86a8", "#e6eaf0"),
        "asin": ("#c9a878", "#eadcbc"),
        "pindang": ("#a87a48", "#e0c090"),
        "pecak": ("#8a5a34", "#c99a5c"),
    }
    back, belly = next((look for word, look in looks.items() if word in name), ("#7d8fb0", "#e6eaf0"))
    if "segar" in name:
        leaf(canvas, 500, 660, 940, dice.choice((-10, 8)))
    else:
        plate(canvas, 500, 680, 420, c.WHITE, dice.choice((c.NILA, c.TOSKA)))
    for y, turn, size in ((590, -10, 0.94), (720, 6, 0.98)) if "pecak" not in name else ((660, -6, 1.02),):
        fish(canvas, 490, y, size, turn, canvas.vary(rgb(back)), rgb(belly))
    if "pecak" in name:
        for _ in range(60):
            canvas.oval(
                500 + dice.uniform(-190, 190),
                660 + dice.uniform(-56, 76),
                9,
                7,
                dice.choice((c.CHILI, rgb("#e9d9b0"), c.DAUN)),
                dice.uniform(0, 90),
            )
    sprig(canvas, 780, 830, 0.9, -30)


def small_fish(canvas: Canvas, name: str) -> None:
    """Draw dried anchovies, small shrimps and shrimp paste on a tray."""
    dice = canvas.dice
    backdrop(canvas)
    tray(canvas, 500, 640, 390)
    if "terasi" in name:
        for x, y in ((390, 590), (590, 580), (480, 690), (680, 690)):
            shape = box(x - 96, y - 56, x + 96, y + 56, 20)
            canvas.soft([(px + 6, py + 26) for px, py in shape], (40, 20, 20), 0.4, 10)
            canvas.shape([(px, py + 30) for px, py in shape], rgb("#54242a"))
            canvas.shape(shape, rgb("#7d3a3e"), depth=0.22)
            canvas.scatter(shape, 40, 3, rgb("#b06a62"))
        return
    shrimp = "rebon" in name
    for _ in range(230):
        angle, far = dice.uniform(0, 6.28), dice.random() ** 0.6
        x, y, turn = (
            500 + math.cos(angle) * far * 300,
            620 + math.sin(angle) * far * 120 - (1 - far) * 70,
            dice.uniform(0, 360),
        )
        if shrimp:
            canvas.line(
                moved([(-20, 8), (-8, -10), (10, -8), (20, 8)], x, y, 1, turn), 9, canvas.vary(rgb("#ea9c7c"), 0.2)
            )
        else:
            canvas.line(moved([(-28, 0), (0, -4), (28, 2)], x, y, 1, turn), 10, canvas.vary(rgb("#d9d3c4"), 0.2))
            canvas.dots(moved([(-24, -1)], x, y, 1, turn), 2.4, c.NIGHT)


def rolls(canvas: Canvas, name: str) -> None:
    """Draw fish rolls, grilled otak-otak, nasi bakar, lemper: things wrapped in leaf, one of them open."""
    dice = canvas.dice
    backdrop(canvas)
    rice = any(word in name for word in ("nasi", "lemper"))
    inside = c.WHITE if rice else rgb("#f0d9b0") if "otak" in name else rgb("#d9c4a0")
    board(canvas, 500, 680, 420)
    for y, x in ((560, 480), (650, 530)):
        shape = box(x - 260, y - 46, x + 260, y + 46, 40)
        canvas.soft([(px + 6, py + 24) for px, py in shape], (40, 24, 14), 0.4, 12)
        canvas.shape(shape, c.DAUN, "down", 0.36)
        with canvas.inside(shape):
            for step in range(-14, 15):
                canvas.line(
                    [(x + step * 20, y - 50), (x + step * 20 + 14, y + 50)], 2.2, lit(c.DAUN, 0.14), smooth=False
                )
            if "bakar" in name:
                for px in (-170, -40, 90, 190):
                    canvas.soft(oval(x + px, y, 40, 26), (60, 34, 14), 0.65, 14)
        for side in (-1, 1):
            canvas.line([(x + side * 226, y - 40), (x + side * 226, y + 40)], 9, rgb("#d9b679"), smooth=False)
    leaf(canvas, 470, 780, 600, 4, c.DAUN_PALE, 0.3)
    for number in range(4):
        x = 300 + number * 118
        shape = oval(x, 776, 50, 56)
        canvas.soft([(px + 8, py + 16) for px, py in shape], (40, 24, 14), 0.4, 9)
        canvas.oval(x + 26, 776, 50, 56, shaded(inside, 0.2), light="across")
        canvas.oval(x, 776, 50, 56, inside, depth=0.14)
        canvas.scatter(shape, 26, 4, shaded(inside, 0.12) if rice else dice.choice((c.DAUN, c.CARAMEL)))
        if rice:
            canvas.oval(x, 778, 17, 19, rgb("#c9792f"), depth=0.2)
        elif "bakar" in name:
            canvas.soft(oval(x, 760, 26, 9), (80, 40, 16), 0.6, 6)
