"""Crisps of all kinds, and the shapes of single pieces that cookies share."""

from __future__ import annotations

import math

from app.site.demo.drawings import colours as c
from app.site.demo.drawings.canvas import Canvas, box, curve, moved, oval
from app.site.demo.drawings.colours import Colour, lit, rgb, shaded
from app.site.demo.drawings.packs import Piece, pouch
from app.site.demo.drawings.scene import backdrop, chilli, sprig, tray

CRISPS: dict[str, tuple[str, str]] = {
    "cokelat": ("disc", "#7a4526"), "balado": ("disc", "#d9622c"), "manis": ("disc", "#f2bf55"),
    "pisang": ("disc", "#f7cf7c"), "pedas": ("disc", "#e08a3a"), "daun-jeruk": ("disc", "#e9cf83"),
    "singkong": ("disc", "#f4e2b0"), "talas": ("disc", "#d9c3b0"), "tempe": ("slab", "#d9ad6a"),
    "ungu": ("disc", "#8b5a9a"), "jengkol": ("disc", "#9c6a3c"), "bayam": ("leaf", "#7f9a4a"),
    "usus": ("curl", "#c98a45"), "tangkil": ("puff", "#e3c489"), "payus": ("puff", "#efe0c4"),
    "udang": ("puff", "#f0b79a"), "melarat": ("puff", "#f0c9d4"), "peyek": ("lace", "#e8b968"),
    "basreng": ("stick", "#c9713a"), "makaroni": ("curl", "#e9a23c"), "seblak": ("puff", "#e2884a"),
    "emping": ("disc", "#f5d68d"), "ceplis": ("disc", "#e0a94e"), "karamel": ("lace", "#b9743a"),
    "opak": ("wide", "#f3e4c4"), "rengginang": ("grain", "#f0dcae"), "ranginang": ("grain", "#e6c98c"),
    "kacang": ("nut", "#d9a05a"), "sukro": ("nut", "#e6b56c"), "stik": ("stick", "#eec374"),
    "kukis": ("cookie", "#c79a6a"), "sagon": ("cookie", "#f2dfb4"), "gipang": ("block", "#e8cf9a"),
}  # fmt: skip


BAGS = (c.MASIR, c.TOSKA, c.BATA, c.NILA, c.DAUN_DEEP, rgb("#c9822a"), rgb("#8a3d5a"), rgb("#2f7d8f"))


def crisp(kind: str, colour: Colour) -> Piece:
    """Return how one piece of a snack is drawn."""
    shapes = {"disc": disc, "wide": disc, "cookie": cookie, "slab": _slab, "leaf": _leaf, "curl": curl, "puff": _puff,
              "lace": _lace, "stick": stick, "grain": _grain, "nut": nut, "block": block}  # fmt: skip
    draw = shapes[kind]

    def piece(canvas: Canvas, x: float, y: float, size: float, turn: float) -> None:
        draw(canvas, x, y, size * (1.35 if kind == "wide" else 1), turn, canvas.vary(colour))

    return piece


def disc(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    canvas.soft(oval(x + 3, y + 10, 54 * size, 34 * size, turn, 20), (70, 40, 20), 0.34, 6)
    canvas.oval(x, y + 4 * size, 54 * size, 37 * size, shaded(colour, 0.28), turn, depth=0.1)
    canvas.oval(x, y, 52 * size, 34 * size, colour, turn, depth=0.22)
    canvas.line(moved([(-24, -3), (0, -12), (26, -2)], x, y, size, turn), 3 * size, shaded(colour, 0.2))
    canvas.scatter(oval(x, y, 44 * size, 28 * size, turn, 16), 5, 3 * size, shaded(colour, 0.26))


def cookie(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    canvas.soft(oval(x + 4, y + 12, 50 * size, 36 * size, 0, 20), (70, 40, 20), 0.36, 6)
    canvas.oval(x, y + 10 * size, 48 * size, 36 * size, shaded(colour, 0.3))
    canvas.oval(x, y, 48 * size, 35 * size, colour, depth=0.24)
    canvas.scatter(oval(x, y, 40 * size, 28 * size, 0, 16), 6, 4.5 * size, shaded(colour, 0.42))


def _slab(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    shape = moved(box(-52, -34, 52, 34, 16), x, y, size, turn)
    canvas.soft([(px + 4, py + 10) for px, py in shape], (70, 40, 20), 0.35, 6)
    canvas.shape(shape, colour, depth=0.24)
    canvas.scatter(shape, 12, 7 * size, lit(colour, 0.4))
    canvas.scatter(shape, 7, 4 * size, shaded(colour, 0.3))


def _leaf(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    shape = curve(moved([(-62, 0), (-20, -34), (40, -28), (68, 2), (36, 32), (-22, 32)], x, y, size, turn))
    canvas.soft([(px + 4, py + 10) for px, py in shape], (60, 40, 20), 0.35, 6)
    canvas.shape(shape, rgb("#e6bf6c"), depth=0.25)
    canvas.shape(
        curve(moved([(-48, 0), (-12, -22), (34, -18), (52, 2), (28, 20), (-16, 20)], x, y, size, turn)),
        colour,
        depth=0.2,
    )
    canvas.line(moved([(-48, 0), (50, 2)], x, y, size, turn), 3 * size, shaded(colour, 0.3), smooth=False)


def curl(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    path = moved([(-44, 16), (-30, -20), (0, -26), (22, -4), (4, 20), (30, 26), (48, 4)], x, y, size * 0.9, turn)
    canvas.line([(px + 3, py + 9) for px, py in path], 22 * size, shaded(colour, 0.5))
    canvas.line(path, 22 * size, colour)
    canvas.line([(px - 2, py - 4) for px, py in path], 6 * size, lit(colour, 0.45))


def _puff(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    edge = [
        (math.cos(a) * (56 + 9 * math.sin(5 * a)), math.sin(a) * (38 + 8 * math.cos(4 * a)))
        for a in (n * 0.3142 for n in range(20))
    ]
    shape = curve(moved(edge, x, y, size, turn), steps=4)
    canvas.soft([(px + 4, py + 12) for px, py in shape], (70, 40, 20), 0.34, 7)
    canvas.shape(shape, colour, "ball", 0.28)
    canvas.scatter(shape, 9, 6 * size, lit(colour, 0.5))
    canvas.scatter(shape, 5, 4 * size, shaded(colour, 0.2))


def _lace(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    disc(canvas, x, y, size * 1.12, turn, colour)
    for _ in range(5):
        px, py = x + canvas.dice.uniform(-30, 30) * size, y + canvas.dice.uniform(-17, 17) * size
        canvas.oval(px, py, 13 * size, 9 * size, rgb("#c98648"), canvas.dice.uniform(0, 180))


def stick(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    shape = moved(box(-66, -12, 66, 12, 7), x, y, size, turn * 1.6)
    canvas.soft([(px + 3, py + 8) for px, py in shape], (70, 40, 20), 0.35, 5)
    canvas.shape(shape, colour, "down", 0.28)


def _grain(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    canvas.soft(oval(x + 4, y + 12, 60 * size, 40 * size, turn, 20), (70, 40, 20), 0.34, 7)
    canvas.oval(x, y + 5, 58 * size, 38 * size, shaded(colour, 0.3), turn)
    for _ in range(34):
        angle, far = canvas.dice.uniform(0, 6.28), canvas.dice.random() ** 0.5
        canvas.oval(
            x + math.cos(angle) * far * 54 * size,
            y + math.sin(angle) * far * 34 * size,
            9.5 * size,
            6.5 * size,
            canvas.vary(colour, 0.16),
            canvas.dice.uniform(0, 180),
            depth=0.3,
        )


def nut(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    canvas.soft(oval(x + 3, y + 8, 27 * size, 19 * size, turn, 16), (70, 40, 20), 0.36, 5)
    canvas.oval(x, y, 27 * size, 19 * size, colour, turn, depth=0.34)
    canvas.line(moved([(-16, 2), (0, 5), (17, 1)], x, y, size, turn), 2.4 * size, shaded(colour, 0.35))


def block(canvas: Canvas, x: float, y: float, size: float, turn: float, colour: Colour) -> None:
    shape = moved(box(-46, -28, 46, 28, 6), x, y, size, turn * 0.5)
    canvas.soft([(px + 4, py + 16) for px, py in shape], (70, 40, 20), 0.35, 6)
    canvas.shape([(px, py + 14 * size) for px, py in shape], shaded(colour, 0.34))
    canvas.shape(shape, colour, depth=0.2)
    canvas.scatter(shape, 20, 6 * size, lit(colour, 0.45))


def _kind(name: str, default: tuple[str, str]) -> tuple[str, str]:
    return next((found for word, found in CRISPS.items() if word in name), default)


def snacks(canvas: Canvas, name: str) -> None:
    """Draw crisps: a bag with a window and a handful in front, or a heap on a tray."""
    dice = canvas.dice
    kind, text = _kind(name, ("disc", "#f5cd78"))
    piece, bag = crisp(kind, rgb(text)), dice.choice(BAGS)
    backdrop(canvas)
    if "mentah" in name or dice.random() < 0.34:
        tray(canvas, 500, 640, 370)
        _heap(canvas, piece, 500, 660, 270, 150, {"nut": 60, "stick": 46}.get(kind, 38))
        return
    left = dice.choice((400, 420, 580))
    pouch(canvas, left, 800, dice.choice((1.0, 1.06)), bag, piece, rgb(text))
    side = 1 if left < 500 else -1
    if "pedas" in name or "balado" in name:
        chilli(canvas, left + side * 330, 690, 0.95, 20 * side)
        chilli(canvas, left + side * 350, 730, 0.8, -24)
    elif "jeruk" in name or "bayam" in name:
        sprig(canvas, left + side * 250, 720, 1.0, -30 if side > 0 else 210)
    _heap(canvas, piece, left + side * 215, 850, 165, 56, 30 if kind == "nut" else 18)


def _heap(canvas: Canvas, piece: Piece, x: float, y: float, wide: float, rise: float, count: int = 0) -> None:
    """Lay pieces in a heap: those behind first."""
    rows = 5
    for row in range(rows):
        share = 0.34 + 0.66 * (row + 1) / rows
        number = max(2, (count or 26) * (row + 2) // (rows * 4))
        for place in range(number):
            px = x + wide * share * (2 * (place + 0.5) / number - 1) + canvas.dice.uniform(-16, 16)
            piece(canvas, px, y + rise * (share - 1) + abs(px - x) * 0.05, 1.12, canvas.dice.uniform(-32, 32))
