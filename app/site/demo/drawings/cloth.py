"""What is sewn, woven and worn: cloth with Banten's lozenges, shirts, prayer sets, bags, hair things."""

from __future__ import annotations

import math

from app.site.demo.drawings import colours as c
from app.site.demo.drawings.canvas import Canvas, Points, box, curve, moved, oval
from app.site.demo.drawings.colours import Colour, lit, rgb, shaded
from app.site.demo.drawings.fresh import flower
from app.site.demo.drawings.scene import backdrop

DYES = (c.NILA, c.TOSKA, rgb("#7a2f3c"), rgb("#5a3a22"), rgb("#2f5a3c"), rgb("#8a4a86"), c.BATA, rgb("#3a4a5c"))
PASTELS = (rgb("#f3d7dc"), rgb("#d8e8f2"), rgb("#e6dcf0"), rgb("#f6e7c8"), rgb("#d6ebe2"), c.WHITE)


def motif(canvas: Canvas, outline: Points, ground: Colour, kind: str, ink: Colour = c.MASIR, size: float = 62) -> None:
    """Fill cloth: `ceplok` lozenges, `lurik` stripes, `kembang` flowers, `kotak` checks, `polos` plain."""
    xs, ys = [p[0] for p in outline], [p[1] for p in outline]
    canvas.shape(outline, ground, depth=0.2)
    with canvas.inside(outline):
        row, y = 0, min(ys)
        while y < max(ys) + size:
            x = min(xs) + (size / 2 if row % 2 else 0)
            while x < max(xs) + size:
                _mark(canvas, x, y, kind, ink, size)
                x += size
            y += size * (0.5 if kind in {"ceplok", "kembang"} else 0.62)
            row += 1
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    with canvas.inside(outline):
        canvas.soft(box(left + (right - left) * 0.72, top, right + 40, bottom), shaded(ground, 0.7), 0.3, 40)


def _mark(canvas: Canvas, x: float, y: float, kind: str, ink: Colour, size: float) -> None:
    reach = size * 0.32
    if kind == "ceplok":
        canvas.line(
            [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], 3.4, ink, smooth=False, closed=True
        )
        canvas.dots([(x, y)], size * 0.08, lit(ink, 0.5))
        canvas.dots([(x + size / 2, y)], size * 0.045, c.CLAY_PALE)
    elif kind == "kembang":
        canvas.dots(
            [(x + math.cos(a) * reach * 0.5, y + math.sin(a) * reach * 0.5) for a in (0, 1.26, 2.51, 3.77, 5.03)],
            size * 0.11,
            ink,
        )
        canvas.dots([(x, y)], size * 0.07, c.CREAM)
    elif kind == "lurik":
        canvas.line([(x, y), (x + size, y)], 7, ink, smooth=False)
        canvas.line([(x, y + size * 0.2), (x + size, y + size * 0.2)], 3, c.CLAY_PALE, smooth=False)
    elif kind == "kotak":
        canvas.line([(x, y), (x + size, y)], 5, ink, smooth=False)
        canvas.line([(x, y), (x, y + size)], 5, ink, smooth=False)


def folded(canvas: Canvas, name: str) -> None:
    """Draw folded cloth: batik, woven shawls, towels, mats of scraps, table cloths."""
    dice = canvas.dice
    kind = (
        "lurik"
        if "baduy" in name or "tenun" in name
        else "kotak"
        if "lap" in name or "sarung" in name
        else "kembang"
        if "bordir" in name or "tulis" in name
        else "ceplok"
    )
    backdrop(canvas, dice.choice(("wood", "paper", "mat")))
    dyes = dice.sample(DYES, 3)
    canvas.shadow(500, 800, 380, 70)
    for number, dye in enumerate(dyes):
        top = 700 - number * 104
        shape = curve(
            [
                (140 + number * 12, top),
                (150 + number * 12, top + 96),
                (500, top + 108),
                (850 - number * 12, top + 96),
                (860 - number * 12, top),
                (500, top - 14),
            ],
            steps=6,
        )
        motif(canvas, shape, dye, kind, dice.choice((c.MASIR, c.CLAY_PALE, c.CREAM)), 52)
        canvas.line([(150, top + 52), (850, top + 56)], 3, shaded(dye, 0.4))
    top_cloth = [(180, 492), (820, 492), (900, 380), (260, 360)]
    motif(canvas, top_cloth, dyes[-1], kind, c.MASIR, 58)
    if "selendang" in name or "tulis" in name:
        drop = curve([(560, 420), (700, 440), (730, 640), (690, 860), (560, 850), (590, 640)])
        motif(canvas, drop, lit(dyes[-1], 0.08), kind, c.MASIR, 58)
        for x in range(570, 690, 14):
            canvas.line([(x, 850), (x + dice.uniform(-6, 6), 900)], 4, c.CREAM, smooth=False)


def garments(canvas: Canvas, name: str) -> None:
    """Draw shirts, dresses, prayer sets, scarves and caps, laid out flat."""
    dice = canvas.dice
    backdrop(canvas, dice.choice(("paper", "wood", "mat")))
    if "kerudung" in name or "mukena" in name:
        _scarf(canvas, dice.choice(PASTELS), long="mukena" in name)
    elif "peci" in name or "topi" in name:
        _cap(canvas, knitted="topi" in name)
    else:
        batik = any(word in name for word in ("batik", "daster"))
        sport = "olahraga" in name
        ground = (
            dice.choice(DYES)
            if batik
            else dice.choice((c.TOSKA, c.CHILI, c.NILA))
            if sport
            else dice.choice(PASTELS[:4])
        )
        _shirt(
            canvas,
            ground,
            "ceplok" if batik else "polos" if sport else "kembang",
            long="gamis" in name or "daster" in name,
        )
        if sport:
            canvas.shape([(440, 330), (480, 330), (480, 790), (440, 790)], c.MASIR, depth=0.1)
            canvas.shape([(520, 330), (560, 330), (560, 790), (520, 790)], c.CREAM, depth=0.1)


def _shirt(canvas: Canvas, ground: Colour, kind: str, *, long: bool) -> None:
    foot, flare = (900, 130) if long else (790, 20)
    body = [
        (360, 220),
        (420, 200),
        (500, 244),
        (580, 200),
        (640, 220),
        (720, 300),
        (800, 470),
        (700, 520),
        (655, 430),
        (660 + flare, foot),
        (340 - flare, foot),
        (345, 430),
        (300, 520),
        (200, 470),
        (280, 300),
    ]
    canvas.soft([(px + 12, py + 22) for px, py in body], (50, 34, 30), 0.36, 18)
    motif(canvas, body, ground, kind, c.MASIR if kind == "ceplok" else shaded(ground, 0.2), 66)
    for x in (345, 655):
        canvas.line([(x, 300), (x, 440)], 4, shaded(ground, 0.35), smooth=False)
    canvas.shape([(420, 200), (500, 244), (580, 200), (556, 290), (500, 258), (444, 290)], lit(ground, 0.3), depth=0.14)
    canvas.line([(500, 262), (500, foot - 8)], 4, shaded(ground, 0.35), smooth=False)
    canvas.dots([(500, 330 + step * 92) for step in range(5)], 8, c.CREAM)
    for x in (430, 570):
        canvas.soft(
            curve([(x, 420), (x + 14, 600), (x + 4, foot - 20), (x - 14, foot - 20), (x - 6, 600)]),
            shaded(ground, 0.5),
            0.3,
            12,
        )


def _scarf(canvas: Canvas, colour: Colour, *, long: bool) -> None:
    body = curve(
        [
            (500, 160),
            (640, 220),
            (700, 420),
            (820 if long else 760, 820),
            (500, 890),
            (180 if long else 240, 820),
            (300, 420),
            (360, 220),
        ]
    )
    canvas.soft([(px + 12, py + 22) for px, py in body], (50, 40, 40), 0.34, 18)
    canvas.shape(body, colour, "across", 0.22)
    with canvas.inside(body):
        for x in (320, 400, 470, 560, 640, 710):
            canvas.soft(
                curve([(500 + (x - 500) * 0.4, 460), (x, 700), (x - 6, 900), (x + 14, 900), (x + 16, 700)]),
                shaded(colour, 0.4),
                0.4,
                12,
            )
        canvas.line(
            curve([(180, 800), (500, 866), (820, 800)], closed=False),
            16,
            canvas.dice.choice((c.MASIR, c.TOSKA, c.PINK)),
        )
        for step in range(14):
            canvas.dots([(210 + step * 45, 846 - abs(step - 6.5) * 7)], 9, c.CREAM)
    opening = oval(500, 350, 108, 134)
    canvas.shape(opening, shaded(colour, 0.3), "down", 0.2)
    canvas.line(opening, 12, lit(colour, 0.35), closed=True, smooth=False)


def _cap(canvas: Canvas, *, knitted: bool) -> None:
    colour = canvas.dice.choice(PASTELS[:4] if knitted else (c.NIGHT, c.NILA, rgb("#5a2a2a")))
    canvas.shadow(500, 760, 300, 70)
    if knitted:
        dome = curve([(230, 720), (260, 480), (400, 330), (600, 330), (740, 480), (770, 720), (500, 780)])
        canvas.shape(dome, colour, "ball", 0.26)
        with canvas.inside(dome):
            for row in range(12):
                for column in range(18):
                    x, y = 220 + column * 34 + (row % 2) * 17, 350 + row * 38
                    canvas.line([(x - 11, y), (x, y + 14), (x + 11, y)], 5, shaded(colour, 0.16), smooth=False)
        canvas.shape(box(214, 680, 786, 780, 40), lit(colour, 0.3), "across", 0.2)
        flower(canvas, 700, 660, 84, c.PINK)
        return
    canvas.shape([(260, 440), (740, 440), (770, 720), (500, 770), (230, 720)], colour, "across", 0.3)
    canvas.oval(500, 440, 240, 76, lit(colour, 0.12), light="slant", depth=0.16)
    for step in range(7):
        x = 280 + step * 74
        canvas.line([(x, 640), (x + 28, 610), (x + 56, 640), (x + 28, 670)], 6, c.MASIR, smooth=False, closed=True)
        canvas.dots([(x + 28, 640)], 8, c.CREAM)


def bags(canvas: Canvas, name: str) -> None:
    """Draw bags: cloth purses, knotted koja, plaited pandan, crochet."""
    dice = canvas.dice
    backdrop(canvas)
    if "dompet" in name:
        dye = dice.choice(DYES)
        canvas.shadow(500, 780, 330, 70)
        body = curve([(190, 460), (200, 720), (500, 780), (800, 720), (810, 460), (500, 440)], steps=6)
        motif(canvas, body, dye, "ceplok", c.MASIR, 70)
        flap = curve([(180, 440), (500, 420), (820, 440), (760, 580), (500, 640), (240, 580)], steps=6)
        motif(canvas, flap, lit(dye, 0.12), "ceplok", c.CREAM, 58)
        canvas.oval(500, 610, 30, 30, c.MASIR, depth=0.4)
        return
    straw = "pandan" in name
    colour = c.STRAW if straw else rgb("#c9b48a") if "koja" in name else dice.choice((c.TOSKA, c.BATA, c.PINK, c.NILA))
    canvas.shadow(500, 850, 300, 70)
    handle = [(330, 470), (350, 270), (500, 190), (650, 270), (670, 470)]
    canvas.line(handle, 34, shaded(colour, 0.4))
    canvas.line(handle, 14, lit(colour, 0.15))
    body = [(230, 450), (770, 450), (800, 820), (500, 862), (200, 820)]
    canvas.shape(body, colour, "across", 0.24)
    with canvas.inside(body):
        for row in range(14):
            for column in range(18):
                x, y = 200 + column * 36 + (row % 2) * 18, 456 + row * 32
                if straw:
                    canvas.shape(
                        box(x, y, x + 32, y + 16),
                        shaded(colour, 0.26) if (row + column) % 5 else c.BATA,
                        "across",
                        0.16,
                    )
                else:
                    canvas.line(
                        [(x, y), (x + 18, y + 16), (x, y + 32), (x - 18, y + 16)],
                        6,
                        shaded(colour, 0.28),
                        smooth=False,
                        closed=True,
                    )
    canvas.shape(box(214, 424, 786, 486, 26), shaded(colour, 0.24), "across", 0.26)
    if not straw:
        flower(canvas, 640, 610, 92, dice.choice((c.MASIR, c.CREAM, c.PINK)), c.BATA)


def hair(canvas: Canvas, name: str) -> None:
    """Draw ribbons, hair bands, brooches and scarf clips."""
    dice = canvas.dice
    backdrop(canvas, "paper")
    dyes = dice.sample((c.PINK, c.TOSKA, c.MASIR, c.NILA_PALE, c.BATA, c.PURPLE), 4)
    if "bando" in name:
        arc = [(200, 800), (220, 480), (500, 280), (780, 480), (800, 800)]
        canvas.line([(px + 10, py + 22) for px, py in arc], 44, (200, 180, 160))
        canvas.line(arc, 44, dyes[0])
        canvas.line([(px - 4, py - 8) for px, py in arc], 9, lit(dyes[0], 0.5))
        bow(canvas, 640, 370, 1.5, dyes[1])
    elif "ikat" in name:
        for number, (x, y) in enumerate(((330, 400), (640, 380), (380, 690), (690, 680))):
            _scrunchie(canvas, x, y, dyes[number])
    else:
        for number, (x, y) in enumerate(((330, 420), (660, 380), (400, 710), (710, 670))):
            canvas.soft(oval(x + 8, y + 26, 120, 96), (60, 40, 40), 0.3, 14)
            if "akrilik" in name or "konektor" in name:
                canvas.oval(x, y, 118, 96, dyes[number], depth=0.4)
                canvas.oval(x, y, 82, 64, lit(dyes[number], 0.3), depth=0.34)
                canvas.gloss(x - 34, y - 36, 38, 15, -22, 0.8)
                canvas.dots(
                    [(x + math.cos(a / 12 * 6.283) * 100, y + math.sin(a / 12 * 6.283) * 80) for a in range(12)],
                    7,
                    c.CREAM,
                )
            else:
                flower(canvas, x, y, 148, dyes[number], dice.choice((c.MASIR, c.CREAM)))


def bow(canvas: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """Tie a ribbon."""
    for side in (-1, 1):
        wing = curve(
            moved(
                [(0, 0), (side * 60, -64), (side * 130, -56), (side * 140, 10), (side * 120, 62), (side * 56, 44)],
                x,
                y,
                size,
            )
        )
        canvas.soft([(px + 6, py + 16) for px, py in wing], (60, 40, 40), 0.3, 9)
        canvas.shape(wing, colour, "ball", 0.3)
        canvas.line(moved([(side * 16, 0), (side * 96, -6)], x, y, size), 5, shaded(colour, 0.3), smooth=False)
        canvas.shape(
            moved([(side * 10, 20), (side * 40, 150), (side * 84, 130), (side * 40, 14)], x, y, size),
            shaded(colour, 0.1),
            depth=0.2,
        )
    canvas.oval(x, y, 30 * size, 34 * size, lit(colour, 0.12), depth=0.3)


def _scrunchie(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.soft(oval(x + 8, y + 24, 130, 110), (60, 40, 40), 0.3, 14)
    for step in range(18):
        angle = step * 2 * math.pi / 18
        canvas.oval(
            x + math.cos(angle) * 92,
            y + math.sin(angle) * 76,
            44,
            34,
            canvas.vary(colour, 0.14),
            math.degrees(angle),
            depth=0.34,
        )
    canvas.oval(x, y, 52, 40, shaded(lit(colour, 0.7), 0.1), light="down", depth=0.12)
