"""Blades and brooms, and services by their tools."""

from __future__ import annotations

from app.site.demo.drawings import colours as c
from app.site.demo.drawings.canvas import Canvas, box, curve, moved, oval
from app.site.demo.drawings.cloth import DYES, motif
from app.site.demo.drawings.colours import lit, rgb, shaded
from app.site.demo.drawings.scene import backdrop, weave


def blades(canvas: Canvas, name: str) -> None:
    """Draw Ciomas blades: a garden golok, a kitchen knife, a framed miniature, a key ring."""
    dice = canvas.dice
    backdrop(canvas, dice.choice(("wood", "cloth", "mat")))
    framed = "miniatur" in name
    small = "gantungan" in name
    if framed:
        canvas.shadow(500, 860, 380, 40)
        canvas.shape(box(110, 250, 890, 850, 16), c.BARK, depth=0.24)
        canvas.shape(box(160, 300, 840, 800, 8), rgb("#7a2f3c"), depth=0.16)
    turn, size = (-14 if not framed else -8), (0.62 if small else 0.82 if framed else 1.0)
    knife = "pisau" in name
    y = 560
    edge = curve(
        moved(
            [(-120, -40), (160, -50), (390, -30), (430, 34 if not knife else -4), (330, 66), (80, 62), (-120, 40)],
            500,
            y,
            size,
            turn,
        ),
        steps=8,
    )
    canvas.soft([(px + 8, py + 34) for px, py in edge], (40, 26, 20), 0.42, 14)
    canvas.shape(edge, rgb("#b9c4c4"), "down", 0.34)
    canvas.line(moved([(-110, 36), (80, 56), (330, 60)], 500, y, size, turn), 5, c.WHITE)
    grip = curve(
        moved(
            [
                (-400, -26),
                (-300, -50),
                (-190, -44),
                (-112, -50),
                (-112, 48),
                (-190, 42),
                (-300, 54),
                (-410, 70),
                (-430, 20),
            ],
            500,
            y,
            size,
            turn,
        ),
        steps=8,
    )
    canvas.soft([(px + 8, py + 34) for px, py in grip], (40, 26, 20), 0.42, 14)
    canvas.shape(grip, dice.choice((c.BARK, rgb("#6b3a1c"), rgb("#a5682c"))), "down", 0.4)
    canvas.shape(moved(box(-140, -58, -104, 56, 6), 500, y, size, turn), c.MASIR, "down", 0.4)
    if not knife:
        sheath = moved(box(-120, 120, 430, 230, 50), 500, y, size, turn)
        canvas.soft([(px + 8, py + 30) for px, py in sheath], (40, 26, 20), 0.42, 14)
        canvas.shape(sheath, rgb("#7a4420"), "down", 0.36)
        for x in (-70, 120, 320):
            canvas.shape(moved(box(x, 114, x + 34, 236, 6), 500, y, size, turn), c.MASIR, "down", 0.36)
    if small:
        canvas.line(oval(800, 330, 92, 92), 16, c.STEEL, closed=True, smooth=False)
        for step in range(5):
            canvas.line(oval(735 - step * 34, 400 + step * 12, 20, 14), 7, c.STEEL, closed=True, smooth=False)


def home(canvas: Canvas, name: str) -> None:
    """Draw brooms."""
    backdrop(canvas, canvas.dice.choice(("paper", "wood", "mat")))
    stiff = "lidi" in name
    colour = c.REED if stiff else rgb("#3a2a22")
    canvas.line([(620, 90), (480, 520)], 36, c.STRAW if not stiff else c.REED, smooth=False)
    canvas.line([(612, 90), (474, 520)], 9, c.CREAM, smooth=False)
    for step in range(90):
        share = step / 89
        x = 250 + share * 380 + canvas.dice.uniform(-14, 14)
        canvas.line(
            [(450 + share * 70, 500 + share * 14), (x + 16, 700), (x, 880 + canvas.dice.uniform(-34, 10))],
            6,
            canvas.vary(colour, 0.26),
        )
    for y in (500, 548):
        canvas.line([(424, y - 8), (538, y + 22)], 26, canvas.dice.choice((c.CHILI, c.TOSKA, c.MASIR)), smooth=False)


def sewing(canvas: Canvas, name: str) -> None:
    """Draw a tailor's things: scissors, thread, tape and cloth."""
    dice = canvas.dice
    backdrop(canvas, "wood")
    dye = dice.choice(DYES)
    motif(
        canvas,
        curve([(120, 560), (520, 480), (900, 600), (880, 880), (300, 900)], steps=6),
        dye,
        dice.choice(("ceplok", "kotak", "lurik")),
        c.MASIR,
        70,
    )
    tape = [(120, 380), (300, 300), (460, 420), (620, 300), (860, 400)]
    canvas.line([(px + 5, py + 16) for px, py in tape], 44, (150, 110, 80))
    canvas.line(tape, 44, c.MASIR)
    canvas.dots(curve(tape, closed=False, steps=8), 4, c.COCOA)
    for x, y, colour in ((240, 620, c.CHILI), (380, 680, c.TOSKA), (250, 780, c.NILA_PALE)):
        canvas.shadow(x, y + 70, 70, 24)
        canvas.shape(box(x - 52, y - 52, x + 52, y + 62, 10), colour, "across", 0.36)
        for step in range(6):
            canvas.line(
                [(x - 50, y - 40 + step * 18), (x + 50, y - 34 + step * 18)], 3, shaded(colour, 0.24), smooth=False
            )
        for end in (-60, 66):
            canvas.oval(x, y + end, 62, 18, c.STRAW, light="across", depth=0.24)
    for side in (-1, 1):
        canvas.line(moved([(side * -14, 0), (side * 30, -330)], 650, 700, 1, 30), 26, rgb("#c4cccc"), smooth=False)
        canvas.line(moved(oval(side * 62, 110, 56, 76), 650, 700, 1, 30), 24, c.BATA, closed=True, smooth=False)
    canvas.oval(650, 700, 16, 16, c.STEEL, depth=0.3)


def grooming(canvas: Canvas, name: str) -> None:
    """Draw a dressing table's things: mirror, brush, comb, powder."""
    dice = canvas.dice
    backdrop(canvas, dice.choice(("paper", "cloth")))
    colour = dice.choice((c.PINK, c.TOSKA, c.NILA_PALE, c.CLAY))
    canvas.line(moved([(0, 150), (0, 420)], 360, 400, 1, 18), 46, colour, smooth=False)
    canvas.soft(oval(372, 424, 210, 210), (50, 36, 40), 0.34, 18)
    canvas.oval(360, 400, 206, 206, colour, depth=0.24)
    canvas.oval(360, 400, 166, 166, rgb("#dcecee"), light="slant", depth=0.22)
    canvas.soft([(270, 470), (300, 490), (450, 300), (420, 280)], c.WHITE, 0.8, 8)
    comb = moved(box(-210, -40, 210, 10, 20), 690, 480, 1, -50)
    canvas.soft([(px + 6, py + 18) for px, py in comb], (50, 36, 40), 0.3, 10)
    for step in range(-19, 20):
        canvas.line(moved([(step * 10.5, 0), (step * 10.5, 70)], 690, 480, 1, -50), 5, c.COCOA, smooth=False)
    canvas.shape(comb, c.COCOA, depth=0.3)
    canvas.shadow(690, 850, 130, 36)
    canvas.oval(690, 820, 136, 58, colour, light="across", depth=0.3)
    canvas.oval(690, 796, 136, 56, lit(colour, 0.4), light="slant", depth=0.14)
    canvas.oval(690, 796, 104, 40, rgb("#f6d9c0"), light="slant", depth=0.12)


def laundry(canvas: Canvas, name: str) -> None:
    """Draw clean clothes in a basket."""
    backdrop(canvas)
    for number, (x, y, turn) in enumerate(((340, 470, -10), (500, 430, 4), (650, 480, 12))):
        motif(
            canvas,
            moved(box(-130, -60, 130, 90, 26), x, y, 1, turn),
            DYES[(number * 3 + canvas.dice.randrange(8)) % 8],
            ("polos", "kotak", "lurik")[number],
            c.CREAM,
            60,
        )
    canvas.shadow(500, 860, 340, 60)
    weave(canvas, [(160, 540), (840, 540), (770, 860), (230, 860)], c.TOSKA_PALE, 44, c.TOSKA)
    canvas.shape(box(140, 506, 860, 570, 28), c.TOSKA, "across", 0.24)
    for x, y, r in ((820, 330, 40), (880, 420, 24), (760, 260, 22), (160, 340, 30)):
        canvas.oval(x, y, r, r, rgb("#eef8f8"), depth=0.16, alpha=0.7)
