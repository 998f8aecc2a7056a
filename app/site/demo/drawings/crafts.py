"""What is made with hands: baskets, pots, beads, wood, coconut shell, hampers."""

from __future__ import annotations

import math

from app.site.demo.drawings import colours as c
from app.site.demo.drawings.canvas import Canvas, box, curve, moved, oval
from app.site.demo.drawings.cloth import bow
from app.site.demo.drawings.colours import Colour, lit, rgb, shaded
from app.site.demo.drawings.packs import jar
from app.site.demo.drawings.scene import backdrop, lozenge, weave


def baskets(canvas: Canvas, name: str) -> None:
    """Draw plaited bamboo and pandan."""
    dice = canvas.dice
    backdrop(canvas, dice.choice(("paper", "cloth", "wood")))
    colour = canvas.vary(c.STRAW, 0.12)
    if "tampah" in name:
        canvas.shadow(500, 840, 300, 60)
        canvas.oval(510, 540, 350, 340, c.REED, depth=0.3)
        weave(canvas, oval(500, 530, 330, 320), colour, 40)
        canvas.line(oval(500, 530, 336, 326), 26, c.BARK, closed=True, smooth=False)
    elif "kipas" in name:
        canvas.line([(500, 560), (500, 900)], 30, c.BARK, smooth=False)
        fan = curve([(500, 610), (270, 560), (180, 380), (260, 220), (500, 150), (740, 220), (820, 380), (730, 560)])
        canvas.soft([(px + 10, py + 24) for px, py in fan], (50, 30, 16), 0.34, 16)
        weave(canvas, fan, colour, 42, c.BATA if dice.random() < 0.5 else None)
        canvas.line(fan, 18, c.BARK, closed=True, smooth=False)
    elif "tikar" in name or "tatakan" in name:
        _mats(canvas, colour, coasters="tatakan" in name)
    elif "besek" in name:
        for number in range(4):
            x, y = (
                (330, 760) if number == 0 else (640, 780) if number == 1 else (400, 600) if number == 2 else (640, 590)
            )
            weave(canvas, box(x - 150, y - 90, x + 150, y + 90, 16), canvas.vary(colour, 0.1), 30)
            canvas.line(box(x - 150, y - 90, x + 150, y - 40, 14), 9, c.BARK, closed=True, smooth=False)
    else:
        _basket(canvas, colour)


def _basket(canvas: Canvas, colour: Colour) -> None:
    canvas.shadow(500, 830, 270, 70)
    body = curve(
        [(190, 470), (230, 700), (330, 830), (500, 856), (670, 830), (770, 700), (810, 470), (500, 520)], steps=8
    )
    weave(canvas, body, colour, 38)
    canvas.soft(curve([(640, 500), (800, 480), (740, 760), (600, 840)]), shaded(colour, 0.8), 0.32, 30)
    canvas.oval(500, 470, 312, 96, c.BARK, light="slant", depth=0.2)
    canvas.oval(500, 474, 282, 78, shaded(colour, 0.46), light="down", depth=0.3)
    canvas.line(oval(500, 470, 300, 88), 16, c.REED, closed=True, smooth=False)


def _mats(canvas: Canvas, colour: Colour, *, coasters: bool) -> None:
    if coasters:
        for x, y in ((300, 420), (520, 380), (720, 440), (340, 700), (560, 660), (740, 740)):
            canvas.soft(oval(x + 6, y + 22, 120, 90), (50, 30, 16), 0.36, 12)
            weave(
                canvas, oval(x, y, 118, 88), canvas.vary(colour, 0.1), 26, canvas.dice.choice((None, c.BATA, c.TOSKA))
            )
            canvas.line(oval(x, y, 118, 88), 10, c.BARK, closed=True, smooth=False)
        return
    flat = [(120, 640), (760, 560), (900, 780), (230, 900)]
    canvas.soft([(px, py + 22) for px, py in flat], (50, 30, 16), 0.34, 14)
    weave(canvas, flat, colour, 36, c.BATA)
    roll = box(180, 400, 820, 560, 70)
    canvas.soft([(px, py + 30) for px, py in roll], (50, 30, 16), 0.4, 14)
    weave(canvas, roll, canvas.vary(colour, 0.08), 36, c.TOSKA)
    canvas.oval(820, 480, 40, 80, shaded(colour, 0.3), depth=0.2)
    canvas.line(oval(820, 480, 22, 46), 7, c.BARK, closed=True, smooth=False)
    for x in (320, 680):
        canvas.shape(box(x - 16, 396, x + 16, 564, 8), c.BATA, "down", 0.34)


def clay(canvas: Canvas, name: str) -> None:
    """Draw Bumijaya pots with their toothed bands."""
    dice = canvas.dice
    backdrop(canvas, dice.choice(("paper", "cloth", "mat")))
    colour = canvas.vary(c.CLAY, 0.14)
    if "cobek" in name:
        canvas.shadow(480, 770, 330, 80)
        canvas.shape(
            curve([(140, 620), (190, 750), (480, 810), (770, 750), (820, 620), (480, 690)]),
            shaded(colour, 0.42),
            "across",
            0.3,
        )
        canvas.oval(480, 620, 340, 130, shaded(colour, 0.36), light="slant", depth=0.24)
        canvas.oval(480, 628, 290, 102, shaded(colour, 0.5), light="slant", depth=0.2)
        canvas.shape(
            curve(
                moved(
                    [(-190, -34), (-60, -30), (120, -54), (176, 0), (120, 54), (-60, 30), (-190, 34)], 560, 560, 1, -28
                )
            ),
            shaded(colour, 0.28),
            "down",
            0.4,
        )
        return
    celengan, pot = "celengan" in name, "pot" in name
    canvas.shadow(500, 850, 250, 64)
    if pot:
        canvas.shape([(270, 420), (730, 420), (640, 850), (360, 850)], colour, "across", 0.34)
        canvas.shape(box(236, 350, 764, 446, 26), lit(colour, 0.1), "across", 0.34)
        canvas.oval(500, 352, 262, 56, shaded(colour, 0.55), light="down", depth=0.24)
        _teeth(canvas, 300, 700, 560, 0.88)
        return
    body = curve(
        [
            (430, 330),
            (400, 400),
            (250, 540),
            (240, 690),
            (340, 830),
            (500, 856),
            (660, 830),
            (760, 690),
            (750, 540),
            (600, 400),
            (570, 330),
        ]
    )
    canvas.shape(body, dice.choice((c.TOSKA, c.MASIR, colour)) if celengan else colour, "ball", 0.42)
    with canvas.inside(body):
        _teeth(canvas, 230, 770, 600, 1.0)
    if celengan:
        canvas.shape(box(440, 420, 560, 438, 8), c.COCOA, depth=0.1)
        for x in (370, 620):
            lozenge(canvas, x, 740, 52, c.CREAM, c.BATA)
    else:
        canvas.line([(720, 560), (810, 470), (860, 400)], 44, shaded(colour, 0.1))
        canvas.line([(420, 360), (330, 300), (300, 420)], 26, shaded(colour, 0.16))
        canvas.shape(box(420, 250, 580, 350, 20), lit(colour, 0.1), "across", 0.36)
        canvas.oval(500, 250, 86, 26, shaded(colour, 0.5), depth=0.2)
    canvas.gloss(370, 560, 30, 110, 14, 0.42)


def _teeth(canvas: Canvas, left: float, right: float, y: float, size: float) -> None:
    canvas.shape(box(left, y - 14, right, y + 74 * size), shaded(c.CLAY, 0.36), "across", 0.2)
    width = (right - left) / 9
    for step in range(9):
        x = left + step * width
        canvas.shape(
            [(x + 8, y), (x + width - 8, y), (x + width / 2, y + 56 * size)], lit(c.CLAY_PALE, 0.3), depth=0.06
        )


def beads(canvas: Canvas, name: str) -> None:
    """Draw bracelets, necklaces and small keepsakes on cloth."""
    dice = canvas.dice
    backdrop(canvas, dice.choice(("paper", "cloth")))
    woven = "tenun" in name
    wooden = "kayu" in name
    palette = (
        [c.STRAW, c.REED, c.BARK, rgb("#5a3a22")]
        if wooden
        else dice.sample((c.NILA, c.MASIR, c.BATA, c.TOSKA, c.PINK, c.CREAM, c.DAUN), 4)
    )
    if woven:
        for number, y in enumerate((430, 590, 750)):
            ring = oval(500, y, 320 - number * 20, 92)
            canvas.line([(px + 6, py + 22) for px, py in ring], 66, (196, 178, 160), closed=True, smooth=False)
            canvas.line(ring, 66, palette[number], closed=True, smooth=False)
            for step in range(0, 48, 2):
                lozenge(canvas, *ring[step], 24, palette[(number + 1) % 4], palette[(number + 2) % 4])
        return
    rings = (
        ((500, 560, 330, 250, 34, 40),)
        if "kalung" in name
        else ((390, 520, 230, 170, 26, 33), (630, 690, 220, 160, 26, 32))
    )
    for x, y, rx, ry, count, size in rings:
        canvas.line(oval(x, y, rx, ry), 5, c.STEEL, closed=True, smooth=False)
        for step in range(count):
            angle = step * 2 * math.pi / count
            px, py = x + math.cos(angle) * rx, y + math.sin(angle) * ry
            big = size * (1 + 0.16 * math.sin(angle)) * (1.0 if step % 2 else 0.78)
            canvas.soft(oval(px + 6, py + big * 0.7, big, big * 0.5, 0, 16), (40, 30, 40), 0.34, 7)
            canvas.oval(px, py, big, big, palette[step % 4], depth=0.42)
            canvas.gloss(px - big * 0.35, py - big * 0.4, big * 0.26, big * 0.18, -20, 0.85)
        if "kalung" in name:
            lozenge(canvas, x, y + ry + 78, 82, c.BARK, c.MASIR)


def wood(canvas: Canvas, name: str) -> None:
    """Draw carved wood, a bamboo boat, coconut bowls and ladles."""
    backdrop(canvas)
    shell = rgb("#4f2f1c")
    if "ukiran" in name:
        canvas.shadow(500, 850, 360, 50)
        canvas.shape(box(140, 250, 860, 840, 20), c.BARK, depth=0.26)
        canvas.shape(box(196, 306, 804, 784, 10), rgb("#6b4020"), depth=0.2)
        for ring in range(3):
            for step in range(8 + ring * 4):
                angle = step * 2 * math.pi / (8 + ring * 4)
                x, y = 500 + math.cos(angle) * (70 + ring * 82), 545 + math.sin(angle) * (60 + ring * 66)
                canvas.oval(x, y, 34, 20, rgb("#c9985f"), math.degrees(angle), depth=0.4)
        lozenge(canvas, 500, 545, 60, c.STRAW, c.MASIR)
    elif "perahu" in name:
        canvas.shadow(500, 790, 360, 60)
        canvas.shape([(500, 200), (760, 620), (500, 620)], c.CREAM, "across", 0.2)
        canvas.shape([(480, 280), (480, 620), (270, 620)], c.CLAY, "across", 0.24)
        canvas.line([(490, 180), (490, 660)], 16, c.BARK, smooth=False)
        hull = curve([(130, 630), (240, 770), (500, 800), (760, 770), (880, 610), (500, 660)])
        canvas.shape(hull, c.STRAW, "down", 0.36)
        with canvas.inside(hull):
            for y in (690, 730, 770):
                canvas.line([(130, y - 30), (500, y), (880, y - 40)], 5, c.REED)
    elif "centong" in name:
        for x, turn in ((400, -14), (600, 12)):
            canvas.line(moved([(0, 60), (0, 400)], x, 450, 1, turn), 34, c.REED, smooth=False)
            canvas.soft(oval(x + 10, 430, 130, 150), (40, 26, 20), 0.36, 16)
            canvas.oval(x, 400, 126, 150, shell, turn, depth=0.36)
            canvas.oval(x, 396, 96, 118, shaded(rgb("#8a5a34"), 0.1), turn, light="down", depth=0.36)
            canvas.gloss(x - 40, 340, 20, 44, 20, 0.4)
    else:
        for x, y, rx in ((360, 600, 200), (660, 680, 220)):
            canvas.shadow(x, y + rx * 0.8, rx * 0.8, 44)
            canvas.shape(
                curve(
                    [
                        (x - rx, y),
                        (x - rx * 0.8, y + rx * 0.6),
                        (x, y + rx * 0.86),
                        (x + rx * 0.8, y + rx * 0.6),
                        (x + rx, y),
                        (x, y + 40),
                    ]
                ),
                shell,
                "ball",
                0.4,
            )
            canvas.oval(x, y, rx, rx * 0.3, lit(shell, 0.2), light="slant", depth=0.2)
            canvas.oval(x, y + 6, rx * 0.9, rx * 0.25, rgb("#8a5a34"), light="down", depth=0.3)


def hampers(canvas: Canvas, name: str) -> None:
    """Draw a gift basket with jars and a ribbon."""
    dice = canvas.dice
    backdrop(canvas)
    fills = dice.sample(("#f0b445", "#c2352b", "#8a4a20", "#fffdf6", "#a9c784"), 3)

    for number, (x, size) in enumerate(((340, 0.74), (660, 0.74), (500, 0.9))):
        colour = rgb(fills[number])

        def fill(canvas: Canvas, outline: list[tuple[float, float]], colour: Colour = colour) -> None:
            canvas.shape(outline, colour, "across", 0.2)
            for _ in range(50):
                canvas.oval(
                    dice.uniform(200, 800),
                    dice.uniform(250, 720),
                    30,
                    22,
                    canvas.vary(colour, 0.18),
                    dice.uniform(0, 90),
                    depth=0.3,
                )

        jar(canvas, x, 690, size, fill, (c.TOSKA, c.BATA, c.MASIR)[number])
    canvas.shadow(500, 870, 350, 60)
    weave(canvas, [(150, 640), (850, 640), (800, 870), (200, 870)], c.STRAW, 38)
    canvas.shape(box(130, 612, 870, 668, 24), c.BARK, "across", 0.24)
    bow(canvas, 500, 730, 1.25, dice.choice((c.CHILI, c.TOSKA, c.MASIR, c.NILA)))
