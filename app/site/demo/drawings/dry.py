"""Snacks, cookies, spices and drinks that keep: in a bag or a jar, with some of it lying in front."""

from __future__ import annotations

import math

from app.site.demo.drawings import colours as c
from app.site.demo.drawings.canvas import Canvas, Points, box, curve, moved, oval
from app.site.demo.drawings.colours import Colour, lit, rgb, shaded
from app.site.demo.drawings.crisps import BAGS, block, cookie, curl, nut, stick
from app.site.demo.drawings.packs import bottle, jar, label, pouch
from app.site.demo.drawings.scene import backdrop, bowl, chilli, leaf, plate, sprig, tray

GROUND_GOODS = {
    "jahe": "#d7a35a",
    "kunyit": "#e0992a",
    "bandrek": "#b97a3e",
    "sekoteng": "#e3c08a",
    "kopi": "#4a2a18",
    "kelor": "#6f8a48",
    "talas": "#d8cbbd",
    "mocaf": "#f3ecdc",
    "semut": "#a8692f",
    "rabeg": "#8a4a28",
    "bandeng": "#d98a3a",
    "pecel": "#a5632c",
    "serundeng": "#c08a42",
    "rebon": "#e09a7c",
    "teri": "#e6dcc8",
}


def cookies(canvas: Canvas, name: str) -> None:
    """Draw cookies and old-fashioned cakes: a full jar and a small plate beside it."""
    dice = canvas.dice
    looks = {
        "nastar": ("#f0b445", _ball_cookie),
        "kastengel": ("#e2a94f", stick),
        "putri": ("#fffdf6", _crescent),
        "kacang": ("#c98d4b", cookie),
        "kembang": ("#eeb95c", _flower),
        "akar": ("#d99a45", curl),
        "satu": ("#f3ead0", _flower),
        "gipang": ("#ecd9a8", block),
        "pandan": ("#a9c784", block),
        "sagon": ("#f2dfb4", cookie),
        "kukis": ("#b9a2b8", cookie),
        "dodol": ("#5a2f1c", block),
        "durian": ("#d9a53f", block),
        "wajik": ("#a5652f", block),
        "stik": ("#eec374", stick),
        "rumput": ("#8fa860", stick),
    }
    text, draw = next(
        (look for word, look in looks.items() if word in name and not (word == "kacang" and "satu" in name)),
        ("#eec374", cookie),
    )
    colour = rgb("#a9c784") if "pandan" in name else rgb(text)

    def piece(canvas: Canvas, x: float, y: float, size: float, turn: float) -> None:
        draw(canvas, x, y, size, turn, canvas.vary(colour, 0.08))

    backdrop(canvas)
    if draw is block:
        from_leaf = dice.random() < 0.5
        (leaf if from_leaf else tray)(canvas, 500, 650, 760 if from_leaf else 360)
        for row, count in enumerate((2, 3, 4)):
            for place in range(count):
                piece(canvas, 500 + (place - (count - 1) / 2) * 150, 560 + row * 74, 1.55, dice.uniform(-16, 16))
        return

    def fill(canvas: Canvas, outline: Points) -> None:
        for row in range(9):
            for column in range(5):
                piece(canvas, 260 + column * 74 + (row % 2) * 30, 400 + row * 48, 0.9, dice.uniform(-30, 30))

    jar(canvas, 400, 800, 1.06, fill, dice.choice((c.BATA, c.TOSKA, c.MASIR, c.NILA, c.DAUN_DEEP)))
    plate(canvas, 715, 805, 180, c.WHITE, dice.choice((c.TOSKA, c.BATA, c.NILA)))
    for px, py in ((650, 790), (745, 778), (700, 815), (790, 812), (716, 770)):
        piece(canvas, px, py, 1.0, dice.uniform(-30, 30))


def _ball_cookie(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    canvas.soft(oval(x + 4, y + 14, 42 * size, 34 * size, 0, 20), (70, 40, 20), 0.36, 6)
    canvas.oval(x, y, 42 * size, 38 * size, colour, depth=0.36)
    canvas.gloss(x - 12 * size, y - 14 * size, 13 * size, 8 * size, -20, 0.7)
    canvas.dots([(x + 4 * size, y - 8 * size)], 5 * size, rgb("#4a2a18"))


def _crescent(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    shape = curve(
        moved([(-46, 14), (-30, -26), (16, -34), (48, 4), (40, 26), (14, 2), (-14, 2), (-32, 24)], x, y, size, turn)
    )
    canvas.soft([(px + 4, py + 12) for px, py in shape], (70, 40, 20), 0.36, 6)
    canvas.shape(shape, shaded(colour, 0.05), "ball", 0.16)


def _flower(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    canvas.soft(oval(x + 4, y + 12, 50 * size, 38 * size, 0, 20), (70, 40, 20), 0.34, 6)
    for step in range(8):
        angle = step * math.pi / 4
        canvas.oval(
            x + math.cos(angle) * 34 * size, y + math.sin(angle) * 24 * size, 17 * size, 13 * size, colour, depth=0.3
        )
    canvas.oval(x, y, 30 * size, 21 * size, lit(colour, 0.12), depth=0.2)
    canvas.oval(x, y, 10 * size, 7 * size, shaded(colour, 0.3))


def powders(canvas: Canvas, name: str) -> None:
    """Draw what is ground: a bag, a wooden bowl of it, and what it was made from."""
    dice = canvas.dice
    colour = rgb(next((text for word, text in GROUND_GOODS.items() if word in name), "#d7a35a"))

    def grain(canvas: Canvas, x: float, y: float, size: float, turn: float) -> None:
        canvas.oval(x, y, 62 * size, 40 * size, canvas.vary(colour, 0.08), depth=0.1)

    backdrop(canvas)
    bag = dice.choice([each for each in BAGS if abs(sum(each) - sum(colour)) > 60])
    left = dice.choice((380, 400, 610))
    pouch(canvas, left, 790, 1.0, bag, grain, colour)
    side = 1 if left < 500 else -1
    bowl(canvas, left + side * 300, 720, 145, rgb("#97632f"), colour, rgb("#c08a4a"))
    heap = curve(
        [
            (left + side * 300 - 118, 718),
            (left + side * 300 - 60, 668),
            (left + side * 300, 648),
            (left + side * 300 + 62, 670),
            (left + side * 300 + 118, 718),
            (left + side * 300, 756),
        ]
    )
    canvas.shape(heap, colour, "ball", 0.26)
    canvas.scatter(heap, 90, 3.2, shaded(colour, 0.2))
    canvas.scatter(heap, 60, 2.6, lit(colour, 0.3))
    _source(canvas, name, left + side * 240, 890)


def _source(canvas: Canvas, name: str, x: float, y: float) -> None:
    if "kopi" in name:
        for px in range(-120, 130, 48):
            _bean(canvas, x + px, y + canvas.dice.uniform(-14, 22), canvas.dice.uniform(-60, 60))
    elif "kelor" in name:
        sprig(canvas, x - 60, y, 1.1, -12)
    elif any(word in name for word in ("jahe", "kunyit", "bandrek", "sekoteng")):
        root = rgb("#d98b2b") if "kunyit" in name else rgb("#c9a06a")
        for px, py, turn in ((-70, 6, -14), (20, -8, 24), (84, 10, -30)):
            shape = curve(
                moved(
                    [(-60, 0), (-30, -26), (14, -20), (40, -34), (58, -6), (30, 14), (-20, 24)], x + px, y + py, 1, turn
                )
            )
            canvas.soft([(qx + 5, qy + 12) for qx, qy in shape], (60, 36, 20), 0.34, 7)
            canvas.shape(shape, root, depth=0.28)
            canvas.line(moved([(-20, -18), (-14, 16)], x + px, y + py, 1, turn), 3, shaded(root, 0.25), smooth=False)
    elif "talas" in name or "mocaf" in name:
        for px, turn in ((-60, -10), (60, 14)):
            shape = curve(
                moved([(-74, 0), (-50, -30), (10, -34), (70, -10), (62, 20), (0, 34), (-56, 26)], x + px, y, 1, turn)
            )
            canvas.soft([(qx + 5, qy + 12) for qx, qy in shape], (60, 36, 20), 0.34, 7)
            canvas.shape(shape, rgb("#8a5f3c"), depth=0.3)
            canvas.oval(x + px + 62, y + 4, 14, 24, rgb("#f3ecdc"), turn)
    else:
        sprig(canvas, x - 60, y, 0.9, -10)


def _bean(canvas: Canvas, x: float, y: float, turn: float) -> None:
    canvas.soft(oval(x + 4, y + 9, 30, 20, turn, 16), (50, 28, 16), 0.4, 5)
    canvas.oval(x, y, 30, 21, rgb("#5a3018"), turn, depth=0.36)
    canvas.line(moved([(-24, 2), (-6, -4), (6, 4), (24, -2)], x, y, 1, turn), 3.4, rgb("#2e170b"))


def jars(canvas: Canvas, name: str) -> None:
    """Draw sambal, shredded meat and fried onions: a labelled jar and a saucer of it."""
    dice = canvas.dice
    looks = {
        "burog": "#8f3a1f",
        "bawang-botol": "#c8402c",
        "teri": "#b7452a",
        "bawang-goreng": "#b9702c",
        "abon-ikan": "#c08a4a",
        "abon-daging": "#8a5226",
        "abon-ayam": "#d6a85c",
        "bandeng": "#c99a58",
    }
    colour = rgb(next((text for word, text in looks.items() if word in name), "#c2352b"))
    dry = "abon" in name or "goreng" in name

    def fill(canvas: Canvas, outline: Points) -> None:
        canvas.shape(outline, colour, "across", 0.22)
        for _ in range(240):
            px, py = dice.uniform(240, 760), dice.uniform(380, 820)
            if dry:
                canvas.line(
                    [(px, py), (px + dice.uniform(-22, 22), py + dice.uniform(-12, 12))],
                    4,
                    canvas.vary(colour, 0.3),
                    smooth=False,
                )
            else:
                canvas.dots(
                    [(px, py)],
                    dice.uniform(2.5, 7),
                    dice.choice((lit(colour, 0.35), shaded(colour, 0.3), rgb("#f7b844"))),
                )

    backdrop(canvas)
    lid = dice.choice((c.TOSKA, c.MASIR, c.DAUN_DEEP, c.NILA, rgb("#7a3414")))
    left = dice.choice((400, 590))
    jar(canvas, left, 800, 1.05, fill, lid)
    label(canvas, left, 620, 168, 84, c.BATA if not dry else c.TOSKA, colour)
    side = 1 if left < 500 else -1
    plate(canvas, left + side * 305, 820, 150, c.WHITE, dice.choice((c.TOSKA, c.NILA)))
    heap = curve(
        [
            (left + side * 305 - 96, 822),
            (left + side * 305 - 50, 778),
            (left + side * 305 + 8, 766),
            (left + side * 305 + 62, 786),
            (left + side * 305 + 96, 822),
            (left + side * 305, 850),
        ]
    )
    canvas.shape(heap, colour, "ball", 0.28)
    with canvas.inside(heap):
        for _ in range(60):
            px, py = left + side * 305 + dice.uniform(-95, 95), dice.uniform(766, 850)
            canvas.line(
                [(px, py), (px + dice.uniform(-18, 18), py + dice.uniform(-9, 9))],
                4 if dry else 6,
                canvas.vary(colour, 0.32),
                smooth=False,
            )
    if not dry:
        canvas.gloss(left + side * 280, 794, 26, 9, -16, 0.6)
        chilli(canvas, left + side * 270, 920, 1.0, -8 * side)
    else:
        sprig(canvas, left + side * 190, 905, 0.8, -16)


def bottles(canvas: Canvas, name: str) -> None:
    """Draw honey, oil, soy milk, dish soap: one or two bottles and what belongs to them."""
    looks = {
        "madu": ("#e08a14", "#6b3a00"),
        "minyak": ("#f3dc8a", "#8a5a24"),
        "kedelai": ("#f6ecd4", "#5b9a3d"),
        "sabun": ("#7fc46a", "#157d74"),
    }
    liquid, cap = next((look for word, look in looks.items() if word in name), looks["madu"])
    dice = canvas.dice
    backdrop(canvas)
    bottle(canvas, 640, 770, 0.9, rgb(liquid), rgb(cap), 0.8)
    bottle(canvas, 400, 810, dice.choice((1.02, 1.08)), rgb(liquid), rgb(cap))
    if "minyak" in name:
        for px in (700, 800):
            canvas.shadow(px, 880, 86, 30)
            canvas.oval(px, 840, 82, 66, rgb("#6b4426"), depth=0.3)
            canvas.oval(px - 4, 826, 66, 42, rgb("#fffdf6"), depth=0.08)
    elif "kedelai" in name:
        for _ in range(26):
            nut(
                canvas,
                720 + dice.uniform(-110, 110),
                880 + dice.uniform(-34, 34),
                0.8,
                dice.uniform(0, 90),
                rgb("#eed99a"),
            )
    elif "sabun" in name:
        canvas.shape(box(610, 820, 840, 920, 26), rgb("#f7b844"), depth=0.16)
        canvas.shape(box(610, 820, 840, 850, 20), rgb("#5b9a3d"), depth=0.14)
        for px, py, r in ((560, 880, 26), (590, 830, 16), (540, 820, 12), (860, 800, 18)):
            canvas.oval(px, py, r, r, rgb("#e6f4f4"), depth=0.2, alpha=0.75)
    else:
        plate(canvas, 735, 860, 130)
        canvas.oval(735, 858, 84, 30, rgb("#e8951c"), depth=0.2)
        canvas.gloss(710, 850, 24, 8, 0, 0.7)


def sugar(canvas: Canvas, name: str) -> None:
    """Draw palm sugar: turned cakes of it, stacked on a leaf."""
    backdrop(canvas)
    leaf(canvas, 500, 700, 820, -8)
    brown = canvas.dice.choice((rgb("#8a4a20"), rgb("#9c5a28")))
    for x, y in ((380, 690), (600, 676), (490, 770), (700, 770), (545, 560)):
        canvas.shadow(x, y + 44, 104, 34, 0.3)
        canvas.shape(
            curve([(x - 104, y - 40), (x - 88, y + 40), (x, y + 62), (x + 88, y + 40), (x + 104, y - 40), (x, y - 10)]),
            brown,
            "across",
            0.34,
        )
        canvas.oval(x, y - 42, 104, 38, lit(brown, 0.24), light="slant", depth=0.2)
        canvas.oval(x, y - 42, 80, 26, lit(brown, 0.14), light="slant", depth=0.16)
