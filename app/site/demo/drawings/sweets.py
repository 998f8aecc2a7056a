"""Cakes of the morning market, bread, frozen food, bean cakes."""

from __future__ import annotations

import math

from app.site.demo.drawings import colours as c
from app.site.demo.drawings.canvas import Canvas, box, curve, moved, oval
from app.site.demo.drawings.colours import Colour, lit, rgb, shaded
from app.site.demo.drawings.crisps import BAGS
from app.site.demo.drawings.packs import pouch
from app.site.demo.drawings.scene import backdrop, board, leaf, plate, sprig, tray

MORNING: dict[str, tuple[str, str]] = {
    "jojorong": ("cup", "#5b9a3d"),
    "pasung": ("cone", "#b5502f"),
    "apem": ("ring", "#fbf5e6"),
    "bintul": ("square", "#e9dfc6"),
    "risol": ("roll", "#d99a3c"),
    "onde": ("ball", "#e0a545"),
    "klepon": ("ball", "#6a9a3f"),
    "nagasari": ("parcel", "#5b9a3d"),
    "lapis": ("layers", "#d9485a"),
    "cucur": ("ring", "#9c5a28"),
}


def morning(canvas: Canvas, name: str) -> None:
    """Draw cakes of the morning market in rows on leaf or plate."""
    dice = canvas.dice
    kind, text = next((look for word, look in MORNING.items() if word in name), ("ring", "#e0a545"))
    colour, draw = rgb(text), SHAPES[kind]
    backdrop(canvas)
    if dice.random() < 0.5:
        tray(canvas, 500, 660, 410)
        leaf(canvas, 500, 660, 660, 0, c.DAUN, 0.5)
    else:
        plate(canvas, 500, 680, 430, c.WHITE, dice.choice((c.TOSKA, c.BATA, c.NILA)))
    rows = ((3, 570), (4, 660), (3, 750)) if kind != "ball" else ((4, 560), (5, 630), (5, 705), (4, 775))
    for count, y in rows:
        for place in range(count):
            x = 500 + (place - (count - 1) / 2) * (168 if kind != "ball" else 124)
            draw(canvas, x, y, canvas.vary(colour, 0.07))
    if kind == "ball" and "klepon" in name:
        for _ in range(150):
            px, py = 500 + dice.gauss(0, 170), 660 + dice.gauss(0, 70)
            canvas.line([(px, py), (px + dice.uniform(-12, 12), py + dice.uniform(-8, 8))], 4, c.WHITE, smooth=False)


def _cup(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.soft(oval(x + 5, y + 50, 76, 28), (40, 28, 14), 0.42, 8)
    canvas.shape([(x - 76, y - 26), (x + 76, y - 26), (x + 58, y + 54), (x - 58, y + 54)], colour, "across", 0.3)
    canvas.oval(x, y - 26, 76, 32, lit(colour, 0.2), depth=0.1)
    canvas.oval(x, y - 24, 64, 25, rgb("#fbf7ea"), light="slant", depth=0.1)
    canvas.gloss(x - 20, y - 30, 22, 6, 0, 0.6)


def _cone(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.soft(oval(x + 5, y + 40, 70, 28), (40, 28, 14), 0.42, 8)
    canvas.shape(curve([(x, y - 78), (x + 54, y + 24), (x, y + 48), (x - 54, y + 24)]), c.DAUN, "across", 0.32)
    canvas.oval(x, y + 22, 54, 26, colour, light="slant", depth=0.2)
    canvas.gloss(x - 14, y + 16, 20, 6, 0, 0.5)


def _ring(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.soft(oval(x + 5, y + 34, 80, 34), (40, 28, 14), 0.4, 9)
    canvas.oval(x, y + 18, 80, 46, shaded(colour, 0.3))
    canvas.oval(x, y, 80, 46, colour, depth=0.28)
    canvas.oval(x, y - 8, 42, 22, lit(colour, 0.22), depth=0.24)
    canvas.scatter(oval(x, y, 66, 36), 16, 3.5, shaded(colour, 0.18))


def _square(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    shape = [(x - 70, y - 6), (x, y - 44), (x + 72, y - 8), (x, y + 32)]
    canvas.soft([(px + 5, py + 50) for px, py in shape], (40, 28, 14), 0.42, 9)
    canvas.shape([(x - 70, y - 6), (x, y + 32), (x, y + 80), (x - 70, y + 40)], shaded(colour, 0.12), depth=0.1)
    canvas.shape([(x + 72, y - 8), (x, y + 32), (x, y + 80), (x + 72, y + 38)], shaded(colour, 0.3), depth=0.1)
    canvas.shape(shape, colour, depth=0.14)
    canvas.scatter(shape, 60, 4, rgb("#c98d3c"))


def _roll(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    shape = moved(box(-78, -34, 78, 34, 30), x, y, 1, -16)
    canvas.soft([(px + 5, py + 24) for px, py in shape], (40, 28, 14), 0.42, 9)
    canvas.shape(shape, colour, "down", 0.38)
    canvas.scatter(shape, 50, 3.6, lit(colour, 0.4))


def _ball(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.soft(oval(x + 5, y + 36, 52, 22), (40, 28, 14), 0.42, 8)
    outline = oval(x, y, 56, 52)
    canvas.shape(outline, colour, "ball", 0.4)
    canvas.scatter(outline, 34, 3.6, lit(colour, 0.55))
    canvas.gloss(x - 18, y - 22, 14, 8, -20, 0.55)


def _parcel(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    shape = curve([(x - 80, y), (x - 50, y - 42), (x + 50, y - 42), (x + 80, y), (x + 50, y + 44), (x - 50, y + 44)])
    canvas.soft([(px + 5, py + 22) for px, py in shape], (40, 28, 14), 0.42, 9)
    canvas.shape(shape, colour, "down", 0.34)
    canvas.line([(x - 78, y), (x + 78, y)], 3, lit(colour, 0.25), smooth=False)
    canvas.shape([(x - 20, y - 42), (x + 24, y - 42), (x + 4, y + 8)], lit(colour, 0.16), depth=0.16)


def _layers(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    stripes = (colour, c.WHITE, rgb("#6a9a3f"), c.WHITE, colour, rgb("#f4d9a0"))
    canvas.soft(box(x - 70, y + 20, x + 80, y + 76, 10), (40, 28, 14), 0.4, 10)
    for number, stripe in enumerate(stripes):
        canvas.shape(box(x - 70, y - 34 + number * 17, x + 70, y - 17 + number * 17), stripe, "across", 0.12)
    canvas.shape([(x - 70, y - 34), (x - 40, y - 62), (x + 96, y - 62), (x + 70, y - 34)], lit(colour, 0.2), depth=0.12)
    canvas.shape(
        [(x + 70, y - 34), (x + 96, y - 62), (x + 96, y + 38), (x + 70, y + 68)], shaded(colour, 0.3), depth=0.1
    )


SHAPES = {
    "cup": _cup,
    "cone": _cone,
    "ring": _ring,
    "square": _square,
    "roll": _roll,
    "ball": _ball,
    "parcel": _parcel,
    "layers": _layers,
}


def breads(canvas: Canvas, name: str) -> None:
    """Draw sponge cakes, brownies, buns and doughnuts."""
    backdrop(canvas)
    if "donat" in name or "kukus-mekar" in name:
        plate(canvas, 500, 680, 430, c.WHITE, canvas.dice.choice((c.TOSKA, c.NILA, c.BATA)))
        icing = ("#f2a6b8", "#7a4526", "#fff7e6", "#f0c24e", "#a9d8ce", "#b89ad0")
        for number, (x, y) in enumerate(((340, 590), (510, 570), (680, 596), (370, 720), (540, 740), (700, 716))):
            (_doughnut if "donat" in name else _steamed)(canvas, x, y, rgb(icing[number]))
        return
    crumb, crust = {"brownis": ("#4a2a1c", "#3a1f14"), "talas": ("#b79ac2", "#8a5f9a")}.get(
        "brownis" if "brownis" in name else "talas" if "talas" in name else "", ("#f2d9a0", "#b5702c")
    )
    board(canvas, 500, 720, 420)
    for number in range(3 if "sisir" not in name else 5):
        x = 330 + number * (150 if "sisir" not in name else 92)
        _slice(canvas, x, 690 - number * 12, rgb(crumb), rgb(crust), 1.0 if "sisir" not in name else 0.8)
    sprig(canvas, 800, 840, 0.8, -30)


def _slice(canvas: Canvas, x: float, y: float, crumb: Colour, crust: Colour, size: float) -> None:
    front = moved([(-110, -150), (0, -180), (110, -150), (110, 40), (-110, 40)], x, y, size)
    canvas.soft([(px + 14, py + 18) for px, py in front], (40, 24, 12), 0.4, 14)
    canvas.shape(moved([(110, -150), (170, -176), (170, 6), (110, 40)], x, y, size), shaded(crust, 0.2), depth=0.16)
    canvas.shape(curve(front, steps=6), crust, depth=0.16)
    face = curve(moved([(-94, -138), (0, -162), (94, -138), (96, 24), (-96, 24)], x, y, size), steps=6)
    canvas.shape(face, crumb, depth=0.18)
    canvas.scatter(face, 70, 3.6, shaded(crumb, 0.2))
    canvas.scatter(face, 40, 3, lit(crumb, 0.25))


def _doughnut(canvas: Canvas, x: float, y: float, icing: Colour) -> None:
    canvas.soft(oval(x + 6, y + 40, 96, 44), (40, 24, 12), 0.4, 10)
    canvas.oval(x, y + 14, 98, 66, rgb("#c98a45"), depth=0.32)
    canvas.oval(x, y - 2, 92, 56, icing, depth=0.22)
    for _ in range(18):
        angle = canvas.dice.uniform(0, 6.28)
        px, py = x + math.cos(angle) * 62, y - 2 + math.sin(angle) * 37
        canvas.line(
            [(px, py), (px + canvas.dice.uniform(-12, 12), py + canvas.dice.uniform(-8, 8))],
            5,
            canvas.dice.choice((c.WHITE, c.MASIR, c.TOSKA, c.CHILI)),
            smooth=False,
        )
    canvas.oval(x, y - 2, 30, 16, rgb("#8a5a2c"), light="down", depth=0.3)
    canvas.gloss(x - 44, y - 26, 26, 8, -24, 0.6)


def _steamed(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.soft(oval(x + 6, y + 60, 76, 30), (40, 24, 12), 0.4, 9)
    canvas.shape([(x - 76, y - 10), (x + 76, y - 10), (x + 54, y + 70), (x - 54, y + 70)], c.WHITE, "across", 0.2)
    for step in range(-3, 4):
        canvas.line([(x + step * 22, y - 6), (x + step * 16, y + 66)], 2, shaded(c.WHITE, 0.14), smooth=False)
    for px, py in ((-46, -22), (46, -22), (0, -58), (0, 2)):
        canvas.oval(x + px, y + py, 48, 36, colour, depth=0.28)
    canvas.oval(x, y - 26, 26, 20, lit(colour, 0.5), depth=0.1)


def frozen(canvas: Canvas, name: str) -> None:
    """Draw what is fried at home: a cool bag and a plate of it."""
    dice = canvas.dice
    looks = {
        "nugget": ("slab", "#dc9a3c"),
        "siomay": ("cup", "#f0e2c0"),
        "cireng": ("disc", "#f4ead2"),
        "pempek": ("roll", "#e9d6b0"),
        "santan": ("block", "#fffdf6"),
    }
    kind, text = next((look for word, look in looks.items() if word in name), ("slab", "#dc9a3c"))
    colour = rgb(text)
    draws = {"slab": _nugget, "disc": _ring, "cup": _siomay, "roll": _roll, "block": _milk}
    draw = draws[kind]

    def piece(canvas: Canvas, x: float, y: float, size: float, turn: float) -> None:
        canvas.oval(x, y, 50 * size, 36 * size, canvas.vary(colour, 0.08), turn, depth=0.24)

    backdrop(canvas)
    pouch(canvas, 360, 760, 0.98, dice.choice((c.NILA, rgb("#2f7d8f"), c.TOSKA, *BAGS[:1])), piece, rgb("#5065b3"))
    plate(canvas, 690, 780, 240, c.WHITE, dice.choice((c.TOSKA, c.NILA)))
    for x, y in ((610, 720), (730, 704), (800, 770), (640, 800), (750, 830)):
        draw(canvas, x, y - 10, canvas.vary(colour, 0.06))


def _nugget(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    shape = curve(
        [(x - 64, y - 10), (x - 34, y - 42), (x + 30, y - 40), (x + 64, y - 4), (x + 34, y + 38), (x - 36, y + 36)]
    )
    canvas.soft([(px + 5, py + 16) for px, py in shape], (40, 24, 12), 0.4, 8)
    canvas.shape(shape, colour, "ball", 0.3)
    canvas.scatter(shape, 60, 3.4, lit(colour, 0.35))
    canvas.scatter(shape, 40, 3, shaded(colour, 0.25))


def _siomay(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.soft(oval(x + 4, y + 34, 60, 22), (40, 24, 12), 0.4, 8)
    canvas.shape(
        curve([(x - 58, y - 30), (x - 56, y + 26), (x, y + 44), (x + 56, y + 26), (x + 58, y - 30), (x, y - 10)]),
        colour,
        "across",
        0.24,
    )
    canvas.oval(x, y - 28, 56, 24, rgb("#e0b48a"), depth=0.2)
    canvas.oval(x, y - 30, 15, 9, rgb("#e06a2c"), depth=0.2)


def _milk(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    shape = box(x - 58, y - 40, x + 58, y + 40, 14)
    canvas.soft([(px + 5, py + 22) for px, py in shape], (40, 40, 60), 0.34, 8)
    canvas.shape([(px, py + 18) for px, py in shape], shaded(colour, 0.18))
    canvas.shape(shape, colour, depth=0.1)
    canvas.gloss(x - 20, y - 20, 26, 7, -10, 0.6)


def beans(canvas: Canvas, name: str) -> None:
    """Draw tempeh, tofu and oncom on leaf and board."""
    backdrop(canvas)
    board(canvas, 500, 700, 410)
    if "tahu" in name:
        for x, y in ((350, 600), (520, 590), (680, 610), (430, 720), (600, 726)):
            _cube(canvas, x, y, canvas.vary(rgb("#f2c542"), 0.06))
        return
    leaf(canvas, 500, 660, 760, -4)
    colour = rgb("#c9572c" if "oncom" in name else "#6b3320" if "dendeng" in name else "#efe3c6")
    for x, y in ((360, 620), (620, 610), (500, 740)):
        shape = box(x - 130, y - 60, x + 130, y + 60, 18)
        canvas.soft([(px + 6, py + 30) for px, py in shape], (40, 24, 12), 0.42, 11)
        canvas.shape([(px, py + 34) for px, py in shape], shaded(colour, 0.26))
        canvas.shape(shape, colour, depth=0.14)
        canvas.scatter(shape, 90, 8, rgb("#d8b878") if "tempe" in name else lit(colour, 0.3))
        canvas.scatter(shape, 60, 4, shaded(colour, 0.14))


def _cube(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.soft(oval(x + 6, y + 74, 92, 36), (40, 24, 12), 0.42, 10)
    canvas.shape(box(x - 74, y - 30, x + 74, y + 74, 12), shaded(colour, 0.14), "down", 0.16)
    canvas.shape([(x - 72, y - 26), (x - 40, y - 66), (x + 96, y - 66), (x + 72, y - 26)], lit(colour, 0.24), depth=0.1)
    canvas.shape(
        [(x + 73, y - 26), (x + 96, y - 66), (x + 96, y + 34), (x + 73, y + 72)], shaded(colour, 0.3), depth=0.1
    )
