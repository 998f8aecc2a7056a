"""What grows: bananas, cassava, mushrooms, melinjo, seaweed, flowers and pot plants."""

from __future__ import annotations

import math

from app.site.demo.drawings import colours as c
from app.site.demo.drawings.canvas import Canvas, box, curve, moved, oval
from app.site.demo.drawings.colours import Colour, lit, rgb, shaded
from app.site.demo.drawings.scene import backdrop, sprig, tray


def harvest(canvas: Canvas, name: str) -> None:
    """Draw what was picked this morning."""
    backdrop(canvas)
    if "pisang" in name:
        _bananas(canvas)
    elif "singkong" in name:
        _cassava(canvas)
    elif "jamur" in name:
        _mushrooms(canvas)
    elif "rumput" in name:
        _seaweed(canvas)
    else:
        _seeds(canvas)


def _bananas(canvas: Canvas) -> None:
    dice = canvas.dice
    canvas.shadow(520, 770, 330, 80)
    for step in range(7):
        turn = -58 + step * 17
        shape = curve(
            moved(
                [(0, 0), (40, 130), (34, 290), (-20, 420), (-64, 404), (-30, 280), (-40, 130)],
                560,
                300,
                1.1,
                turn * 0.8 + 14,
            )
        )
        canvas.soft([(px + 8, py + 16) for px, py in shape], (60, 44, 10), 0.34, 10)
        canvas.shape(shape, canvas.vary(rgb("#f2c53a"), 0.08), "across", 0.34)
        canvas.line(moved([(6, 30), (16, 150), (4, 300)], 560, 300, 1.1, turn * 0.8 + 14), 5, rgb("#c99a24"))
        tip = moved([(-42, 412)], 560, 300, 1.1, turn * 0.8 + 14)[0]
        canvas.oval(*tip, 17, 14, rgb("#5a4420"), dice.uniform(0, 90))
    canvas.shape(
        curve([(500, 250), (560, 200), (620, 240), (640, 340), (560, 380), (490, 340)]), rgb("#a8a03a"), depth=0.3
    )


def _cassava(canvas: Canvas) -> None:
    for x, y, turn in ((500, 520, -16), (520, 640, 6), (480, 760, -8)):
        shape = curve(
            moved(
                [(-330, 0), (-250, -54), (0, -66), (210, -44), (330, 10), (220, 44), (-20, 64), (-260, 44)],
                x,
                y,
                1,
                turn,
            )
        )
        canvas.soft([(px + 8, py + 28) for px, py in shape], (50, 30, 16), 0.42, 14)
        canvas.shape(shape, rgb("#8a5a3a"), "down", 0.38)
        for step in range(-4, 5):
            canvas.line(moved([(step * 62, -50), (step * 62 + 12, 46)], x, y, 1, turn), 3, rgb("#6b4228"))
    for x in (250, 380):
        canvas.oval(x, 860, 76, 54, rgb("#a5684a"), depth=0.2)
        canvas.oval(x - 4, 854, 62, 43, rgb("#fdf6e6"), depth=0.1)
        canvas.oval(x - 4, 854, 8, 6, rgb("#d9c8a0"), depth=0)
    sprig(canvas, 740, 860, 1.1, -20)


def _mushrooms(canvas: Canvas) -> None:
    tray(canvas, 500, 720, 380)
    for x, y, size in (
        (340, 600, 1.0),
        (650, 590, 1.05),
        (500, 540, 1.2),
        (400, 700, 0.9),
        (610, 710, 0.95),
        (500, 660, 1.1),
    ):
        canvas.shape(
            curve(moved([(-26, 0), (-34, 110), (0, 130), (34, 110), (26, 0)], x, y, size)),
            rgb("#f4ecdf"),
            "across",
            0.22,
        )
        cap = curve(moved([(-120, 10), (-90, -54), (0, -84), (92, -52), (120, 12), (40, 40), (-40, 40)], x, y, size))
        canvas.soft([(px + 5, py + 18) for px, py in cap], (60, 44, 30), 0.3, 9)
        canvas.shape(cap, canvas.vary(rgb("#e2d3c0"), 0.08), "ball", 0.24)
        for step in range(-4, 5):
            canvas.line(
                moved([(step * 5, 34), (step * 24, 12)], x, y, size), 2, shaded(rgb("#e2d3c0"), 0.2), smooth=False
            )
        canvas.gloss(x - 34 * size, y - 44 * size, 30 * size, 12 * size, -20, 0.5)


def _seeds(canvas: Canvas) -> None:
    tray(canvas, 500, 650, 400)
    for _ in range(140):
        angle, far = canvas.dice.uniform(0, 6.28), canvas.dice.random() ** 0.55
        x, y = 500 + math.cos(angle) * far * 310, 630 + math.sin(angle) * far * 130 - (1 - far) * 90
        colour = canvas.dice.choice((rgb("#7faa3c"), rgb("#c9412c"), rgb("#d98a2c"), rgb("#a8b84a")))
        canvas.soft(oval(x + 3, y + 12, 30, 20, 0, 14), (50, 30, 14), 0.36, 5)
        canvas.oval(x, y, 32, 23, canvas.vary(colour), canvas.dice.uniform(0, 180), depth=0.4)
    sprig(canvas, 200, 850, 1.2, -30)


def _seaweed(canvas: Canvas) -> None:
    tray(canvas, 500, 670, 400)
    for _ in range(75):
        x, y = 500 + canvas.dice.gauss(0, 130), 640 + canvas.dice.gauss(0, 60)
        path = [(x + canvas.dice.uniform(-90, 90), y + canvas.dice.uniform(-56, 56)) for _ in range(4)]
        canvas.line(
            path,
            canvas.dice.uniform(7, 15),
            canvas.vary(canvas.dice.choice((rgb("#6f7a3a"), rgb("#8a5a4a"), rgb("#4f6a44"))), 0.2),
        )


def plants(canvas: Canvas, name: str) -> None:
    """Draw a pot plant, or a bunch of tuberoses."""
    backdrop(canvas)
    if "pot" in name:
        colour = canvas.dice.choice((c.CLAY, c.TOSKA, rgb("#e9a88f")))
        for turn, long in ((-62, 330), (-34, 400), (-8, 430), (20, 410), (46, 340), (68, 280)):
            shape = curve(moved([(0, 0), (-52, -long * 0.45), (0, -long), (52, -long * 0.45)], 500, 650, 1, turn))
            canvas.shape(shape, canvas.vary(c.DAUN, 0.14), "across", 0.34)
            canvas.line(moved([(0, 0), (0, -long * 0.9)], 500, 650, 1, turn), 4, lit(c.DAUN_PALE, 0.2), smooth=False)
        canvas.shadow(500, 880, 190, 50)
        canvas.shape([(330, 640), (670, 640), (620, 880), (380, 880)], colour, "across", 0.32)
        canvas.shape(box(312, 596, 688, 664, 18), lit(colour, 0.12), "across", 0.3)
        return
    canvas.shadow(500, 850, 240, 60)
    for step in range(9):
        turn = -36 + step * 9
        canvas.line(moved([(0, 0), (0, -520)], 500, 830, 1, turn), 9, c.DAUN_DEEP, smooth=False)
        for bloom in range(7):
            x, y = moved([((-1) ** bloom * 18, -300 - bloom * 36)], 500, 830, 1, turn)[0]
            _bloom(canvas, x, y, 30 - bloom * 2.2)
    canvas.shape(curve([(420, 640), (580, 640), (640, 900), (500, 930), (360, 900)]), rgb("#f3e7d3"), "across", 0.26)
    canvas.shape(box(410, 700, 590, 740, 16), c.BATA, "across", 0.2)


def _bloom(canvas: Canvas, x: float, y: float, size: float) -> None:
    for step in range(5):
        angle = step * 1.2566
        canvas.oval(
            x + math.cos(angle) * size * 0.6,
            y + math.sin(angle) * size * 0.5,
            size * 0.55,
            size * 0.42,
            c.WHITE,
            math.degrees(angle),
            depth=0.16,
        )
    canvas.dots([(x, y)], size * 0.2, c.MASIR)


def flower(
    canvas: Canvas, x: float, y: float, size: float, petals: Colour, heart: Colour = c.MASIR, count: int = 6
) -> None:
    """Draw a flower of felt or ribbon."""
    for ring, share in ((1.0, 0.0), (0.66, 0.5)):
        for step in range(count):
            angle = (step + share) * 2 * math.pi / count
            px, py = x + math.cos(angle) * size * 0.58 * ring, y + math.sin(angle) * size * 0.58 * ring
            canvas.soft(oval(px + 4, py + 10, size * 0.46 * ring, size * 0.36 * ring, 0, 16), (50, 30, 30), 0.28, 6)
            canvas.oval(
                px,
                py,
                size * 0.5 * ring,
                size * 0.36 * ring,
                canvas.vary(lit(petals, 0.12 if ring < 1 else 0), 0.06),
                math.degrees(angle),
                depth=0.26,
            )
    canvas.oval(x, y, size * 0.24, size * 0.24, heart, depth=0.3)
