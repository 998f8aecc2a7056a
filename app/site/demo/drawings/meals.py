"""What is cooked: porridge, soups, rice, boxes for guests, cool drinks."""

from __future__ import annotations

import math

from app.site.demo.drawings import colours as c
from app.site.demo.drawings.canvas import Canvas, box, curve, moved, oval
from app.site.demo.drawings.colours import Colour, lit, rgb, shaded
from app.site.demo.drawings.eggs import half_egg
from app.site.demo.drawings.fish import fish
from app.site.demo.drawings.packs import gift_box
from app.site.demo.drawings.scene import backdrop, bowl, chilli, leaf, plate, sprig, steam, tray


def porridge(canvas: Canvas, name: str) -> None:
    """Draw bowls: porridge with palm sugar, mung beans, kolak, chicken porridge, soups, stews."""
    dice = canvas.dice
    looks = {
        "mutiara": ("#fbf3e4", "#d94a5a"), "gula-merah": ("#fbf3e4", "#7a3414"), "kacang-hijau": ("#8a7a4a", "#3a2030"),
        "kolak": ("#e2b877", "#f2c043"), "bubur-ayam": ("#f6ead0", "#c9853c"), "rabeg": ("#7a4020", "#5a2a14"),
        "asem": ("#c9a24a", "#7faa45"), "lada": ("#b9762c", "#8f5a24"),
    }  # fmt: skip
    soup, top = (
        rgb(text) for text in next((look for word, look in looks.items() if word in name), ("#fbf3e4", "#7a3414"))
    )
    backdrop(canvas)
    if dice.random() < 0.6:
        leaf(canvas, 500, 780, 900, dice.choice((-10, 8)))
    x, y, rx = 500, 560, 300
    bowl(canvas, x, y, rx, dice.choice((c.TOSKA, c.NILA, c.BATA, rgb("#2f6f4f"))), soup)
    surface = oval(x, y + 6, rx * 0.88, rx * 0.28)
    with canvas.inside(surface):
        _topping(canvas, name, top, x, y)
    canvas.gloss(x - 150, y - 26, 60, 12, -14, 0.5)
    steam(canvas, x, y - 90)


def _topping(canvas: Canvas, name: str, top: Colour, x: float, y: float) -> None:
    dice = canvas.dice
    if "gula-merah" in name or "kacang" in name:
        canvas.shape(
            curve(
                [
                    (x - 150, y - 6),
                    (x - 60, y - 46),
                    (x + 70, y - 40),
                    (x + 160, y - 2),
                    (x + 80, y + 48),
                    (x - 70, y + 44),
                ]
            ),
            top,
            depth=0.24,
        )
        canvas.gloss(x - 40, y - 18, 66, 8, -6, 0.5)
        if "kacang" in name:
            for _ in range(70):
                canvas.oval(
                    x + dice.uniform(-240, 240),
                    y + dice.uniform(-70, 80),
                    11,
                    8,
                    canvas.vary(rgb("#7a8a3c"), 0.2),
                    dice.uniform(0, 90),
                )
        return
    for _ in range(46 if "mutiara" in name else 26):
        px, py = x + dice.gauss(0, 105), y + dice.gauss(6, 32)
        if "mutiara" in name:
            canvas.oval(px, py, 15, 12, canvas.vary(top, 0.14), depth=0.36)
        elif "ayam" in name:
            canvas.line(
                [(px, py), (px + dice.uniform(-36, 36), py + dice.uniform(-14, 14))],
                9,
                canvas.vary(top, 0.2),
                smooth=False,
            )
        elif "kolak" in name:
            canvas.oval(px, py, 36, 23, canvas.vary(top, 0.12), dice.uniform(0, 90), depth=0.3)
        else:
            canvas.shape(
                moved(box(-38, -24, 38, 24, 14), px, py, 1, dice.uniform(0, 180)), canvas.vary(top, 0.2), depth=0.32
            )
    for _ in range(16 if "bubur" not in name or "ayam" in name else 0):
        canvas.oval(
            x + dice.gauss(0, 110),
            y + dice.gauss(0, 30),
            10,
            6,
            dice.choice((c.DAUN, c.CHILI, c.DAUN_PALE)),
            dice.uniform(0, 180),
        )


def rice(canvas: Canvas, name: str) -> None:
    """Draw rice: uduk on a leaf, tumpeng, whole roast chicken, boxes for guests."""
    dice = canvas.dice
    backdrop(canvas)
    if "bakakak" in name:
        _roast(canvas)
    elif "kotak" in name or "snack" in name:
        _guest_box(canvas, name)
    elif "tumpeng" in name:
        tray(canvas, 500, 730, 400)
        leaf(canvas, 500, 730, 640, 0, c.DAUN, 0.5)
        canvas.shape(
            curve([(500, 260), (560, 420), (660, 690), (500, 740), (340, 690), (440, 420)]),
            rgb("#f4c542"),
            "across",
            0.28,
        )
        canvas.shape(curve([(500, 250), (534, 330), (500, 350), (466, 330)]), c.DAUN, depth=0.2)
        _sides(canvas, 500, 740, 300)
    else:
        leaf(canvas, 500, 700, 900, dice.choice((-8, 6)), c.DAUN, 0.56)
        mound = curve([(330, 690), (350, 560), (470, 490), (600, 540), (640, 680), (490, 740)])
        canvas.soft([(px, py + 20) for px, py in mound], (50, 34, 20), 0.34, 14)
        canvas.shape(mound, c.WHITE, "ball", 0.16)
        for _ in range(110):
            px, py = dice.uniform(335, 635), dice.uniform(500, 730)
            with_turn = dice.uniform(0, 180)
            if math.hypot((px - 485) / 150, (py - 620) / 115) < 1:
                canvas.oval(px, py, 11, 5, shaded(c.WHITE, 0.06), with_turn, depth=0.08)
        _sides(canvas, 500, 740, 260)
        steam(canvas, 490, 500)


def _sides(canvas: Canvas, x: float, y: float, far: float) -> None:
    half_egg(canvas, x + far * 0.72, y - 10, 0.62, 14, c.SHELL)
    canvas.oval(x - far * 0.8, y + 4, 84, 38, c.CHILI_DEEP, depth=0.2)
    canvas.oval(x - far * 0.8, y - 2, 70, 29, c.CHILI, depth=0.25)
    for step in range(3):
        canvas.oval(x - 60 + step * 62, y + 56 - step % 2 * 8, 44, 40, lit(c.DAUN_PALE, 0.2), depth=0.2)
        canvas.oval(x - 60 + step * 62, y + 56 - step % 2 * 8, 34, 30, rgb("#e5f2dc"), depth=0.1)


def _roast(canvas: Canvas) -> None:
    plate(canvas, 500, 700, 430, c.WHITE, c.TOSKA)
    skin = rgb("#b5621f")
    body = curve([(230, 640), (300, 500), (470, 440), (660, 480), (770, 620), (720, 730), (500, 770), (290, 740)])
    canvas.soft([(px, py + 24) for px, py in body], (50, 26, 12), 0.4, 16)
    canvas.shape(body, skin, "ball", 0.42)
    for x, y, turn in ((330, 690, 24), (660, 690, -24)):
        canvas.shape(
            curve(moved([(-130, 0), (-60, -66), (50, -50), (110, 0), (50, 48), (-60, 60)], x, y, 1, turn)),
            lit(skin, 0.1),
            "ball",
            0.4,
        )
    for x in (190, 800):
        canvas.line([(x, 720), (x + (60 if x < 500 else -60), 706)], 24, rgb("#f1e2c8"), smooth=False)
    canvas.gloss(430, 510, 110, 26, -16, 0.5)
    canvas.gloss(590, 530, 40, 14, 10, 0.4)
    sprig(canvas, 210, 800, 1.0, -20)
    chilli(canvas, 760, 810, 0.9, -12)


def _guest_box(canvas: Canvas, name: str) -> None:
    gift_box(canvas, 500, 560, 340, canvas.dice.choice((rgb("#e8d3a8"), c.TOSKA, c.CLAY)))
    if "snack" in name:
        _cake(canvas, 340, 560, c.DAUN_PALE)
        _cake(canvas, 500, 550, rgb("#e2a34f"))
        _cake(canvas, 660, 562, c.PINK)
        return
    leaf(canvas, 500, 560, 600, 0, c.DAUN, 0.44)
    canvas.shape(curve([(230, 600), (250, 500), (350, 460), (450, 500), (470, 600), (350, 640)]), c.WHITE, "ball", 0.16)
    if "bandeng" in name:
        fish(canvas, 640, 540, 0.5, -8, rgb("#a5652f"), rgb("#d9a35c"))
    else:
        canvas.shape(
            curve([(540, 580), (580, 500), (680, 490), (760, 550), (720, 620), (600, 630)]),
            rgb("#b5621f"),
            "ball",
            0.42,
        )
        canvas.gloss(630, 520, 44, 12, -10, 0.5)
    half_egg(canvas, 510, 640, 0.5, -10, c.SHELL)


def _cake(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.soft(oval(x + 4, y + 50, 74, 30), (50, 30, 16), 0.4, 8)
    canvas.shape(
        curve([(x - 70, y - 10), (x - 60, y + 50), (x, y + 70), (x + 60, y + 50), (x + 70, y - 10), (x, y - 40)]),
        colour,
        "across",
        0.28,
    )
    canvas.oval(x, y - 14, 70, 34, lit(colour, 0.32), light="slant", depth=0.16)


def drinks(canvas: Canvas, name: str) -> None:
    """Draw a tall glass: dawet with palm sugar, ginger, or bright ice lollies."""
    dice = canvas.dice
    backdrop(canvas)
    if "mambo" in name:
        tray(canvas, 500, 700, 390)
        for number, text in enumerate(("#e0485a", "#f0a01e", "#6aa84f", "#8b5ab0", "#f2c8d4", "#5fb9ae")):
            x, y = 280 + number * 88, 640 + (number % 2) * 40
            shape = moved(box(-34, -180, 34, 180, 26), x, y, 1, (number - 2.5) * 7)
            canvas.soft([(px + 8, py + 22) for px, py in shape], (40, 40, 50), 0.34, 12)
            canvas.shape(shape, rgb(text), "across", 0.34)
            canvas.soft(moved(box(-22, -150, -10, 140), x, y, 1, (number - 2.5) * 7), c.WHITE, 0.6, 5)
        return
    warm = "wedang" in name
    x, top, foot = 500, 280, 800
    glass = [(x - 170, top), (x + 170, top), (x + 130, foot), (x - 130, foot)]
    canvas.shadow(x, foot, 150, 40)
    canvas.shape(glass, rgb("#eaf4f0"), "across", 0.1)
    with canvas.inside([(x - 160, top + 12), (x + 160, top + 12), (x + 123, foot - 14), (x - 123, foot - 14)]):
        canvas.shape(box(0, top + 60, 1000, foot), rgb("#b9641f") if warm else rgb("#f6efe0"), "down", 0.24)
        if warm:
            for px, py in ((440.0, 640.0), (560.0, 690.0), (500.0, 560.0)):
                canvas.oval(px, py, 48, 30, rgb("#e9c27a"), dice.uniform(-30, 30), depth=0.2)
        else:
            canvas.soft(box(300, foot - 190, 700, foot), rgb("#6b2f0d"), 0.95, 26)
            for _ in range(40):
                px, py = x + dice.uniform(-120, 120), dice.uniform(480, 780)
                canvas.line(
                    [(px, py), (px + dice.uniform(-16, 16), py + 26)], 13, canvas.vary(c.DAUN, 0.18), smooth=False
                )
            for px, py, turn in ((420, 370, 12), (540, 350, -18), (590, 430, 30), (450, 450, -8)):
                canvas.shape(moved(box(-46, -42, 46, 42, 10), px, py, 1, turn), rgb("#dceef0"), depth=0.2, alpha=0.82)
    canvas.oval(x, top, 170, 26, rgb("#f5fbf8"), depth=0.1, alpha=0.7)
    canvas.soft([(x - 140, top + 40), (x - 118, top + 40), (x - 92, foot - 40), (x - 108, foot - 40)], c.WHITE, 0.7, 7)
    if warm:
        steam(canvas, x, top - 10)
    else:
        canvas.line([(x + 60, top + 120), (x + 130, 170)], 22, c.BATA, smooth=False)
        canvas.line([(x + 56, top + 120), (x + 126, 170)], 7, c.CLAY_PALE, smooth=False)
    sprig(canvas, 690, 850, 1.0, -24)
