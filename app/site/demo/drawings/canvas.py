"""A canvas for soft, warm drawings: a thousand units a side, drawn larger than it is kept.

Light falls from the upper left. A shape is a closed line of points; round ones go through `curve`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from app.site.demo.drawings.colours import WHITE, Colour, lit, mix, shaded

SIDE: Final = 640
DOTS: Final = 1152
_FEW: Final = 384
_HALF: Final = DOTS // 2
UNITS: Final = 1000
SCALE: Final = DOTS / UNITS
_SOFT: Final = 8
_GRAIN: Final = 40
_AIR: Final = 75
_LEAST_CUT: Final = 640
_WARMTH: Final = 1.12
_DIMNESS: Final = 0.176

Point = tuple[float, float]
Points = Sequence[Point]


def _falls(angle: int) -> Image.Image:
    down = Image.linear_gradient("L").resize((_GRAIN, _GRAIN))
    across = down.transpose(Image.Transpose.ROTATE_90)
    return {0: down, 90: across, 45: Image.blend(down, across, 0.5)}[angle]


def _ball() -> Image.Image:
    """Brightness of a ball that is lit from the upper left."""
    wide = Image.radial_gradient("L").resize((_GRAIN * 2, _GRAIN * 2))
    left, top = round(_GRAIN * 0.62), round(_GRAIN * 0.66)
    return wide.crop((left, top, left + _GRAIN, top + _GRAIN)).point(lambda value: min(255, int(value * 1.35)))


LIGHTS: Final = {"down": _falls(0), "across": _falls(90), "slant": _falls(45), "ball": _ball()}


def curve(points: Points, *, closed: bool = True, steps: int = 10) -> list[Point]:
    """Lay a smooth line through points. Source: Catmull and Rom, uniform, tension one half."""
    count = len(points)
    found: list[Point] = []
    for place in range(count if closed else count - 1):
        if closed:
            a, b, c, d = (points[(place + off) % count] for off in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(max(place + off, 0), count - 1)] for off in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            found.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return found if closed else [*found, tuple(points[-1])]  # type: ignore[list-item]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0, steps: int = 48) -> list[Point]:
    """Return an ellipse, turned by degrees."""
    return turned([(x + rx * math.cos(a), y + ry * math.sin(a)) for a in _angles(steps)], x, y, turn)


def _angles(steps: int) -> Iterator[float]:
    return (2 * math.pi * step / steps for step in range(steps))


def turned(points: Points, x: float, y: float, turn: float) -> list[Point]:
    """Turn points about a centre by degrees, clockwise."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return [(x + (px - x) * cos - (py - y) * sin, y + (px - x) * sin + (py - y) * cos) for px, py in points]


def moved(points: Points, x: float, y: float, size: float = 1.0, turn: float = 0) -> list[Point]:
    """Place a shape that was drawn about the origin."""
    return turned([(x + px * size, y + py * size) for px, py in points], x, y, turn)


def box(left: float, top: float, right: float, bottom: float, round_: float = 0) -> list[Point]:
    """Return a rectangle with rounded corners."""
    if not round_:
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    corners = ((right - round_, top + round_, -90), (right - round_, bottom - round_, 0),
               (left + round_, bottom - round_, 90), (left + round_, top + round_, 180))  # fmt: skip
    return [
        (x + round_ * math.cos(math.radians(start + step * 15)), y + round_ * math.sin(math.radians(start + step * 15)))
        for x, y, start in corners
        for step in range(7)
    ]


class Canvas:
    """What is drawn on, with the dice that make one picture differ from the next."""

    def __init__(self, dice: Random, paper: Colour) -> None:
        """Begin with plain paper."""
        self.dice = dice
        self._paper = paper
        self.image = Image.new("RGB", (DOTS, DOTS), paper)
        self._left = self._top = 0  # where `image` begins on the whole, in its dots
        self._framed: list[float] | None = None
        self._depth = 0
        self._scale = SCALE

    def frame(self) -> None:
        """From here on what is drawn is the subject: the finished picture is cut around it."""
        self._framed = [UNITS, UNITS, 0, 0]

    @contextmanager
    def unframed(self) -> Iterator[None]:
        """Let what is drawn meanwhile run out of the picture."""
        self._depth += 1
        yield
        self._depth -= 1

    @contextmanager
    def blurred(self) -> Iterator[None]:
        """Draw first what lies behind, out of focus: on few dots, which is quick, and stretched afterwards."""
        self.image, self._scale = Image.new("RGB", (_FEW, _FEW), self._paper), _FEW / UNITS
        yield
        # Smoothly half of the way; the rest is doubled, which nobody sees in what is out of focus.
        half = self.image.resize((_HALF, _HALF), Image.Resampling.BILINEAR)
        self.image, self._scale = half.resize((DOTS, DOTS), Image.Resampling.NEAREST), SCALE

    def finished(self) -> Image.Image:
        """Return the picture, cut to its subject with air around it."""
        left, top, right, bottom = self._framed or (0, 0, UNITS, UNITS)
        side = min(UNITS, max(_LEAST_CUT, (max(right - left, bottom - top)) + 2 * _AIR))
        x = min(max((left + right - side) / 2, 0), UNITS - side)
        y = min(max((top + bottom - side) / 2 - _AIR * 0.2, 0), UNITS - side)
        cut = tuple(value * self._scale for value in (x, y, x + side, y + side))
        return self.image.resize((SIDE, SIDE), Image.Resampling.HAMMING, (cut[0], cut[1], cut[2], cut[3]))

    def shape(
        self, points: Points, colour: Colour, light: str = "slant", depth: float = 0.22, alpha: float = 1.0
    ) -> None:
        """Fill a closed line; `light` names how it rounds, `depth` how much."""
        placed = self._placed(points)
        if placed is None:
            return
        area, mask = placed
        if alpha < 1:
            mask = mask.point(lambda value: int(value * alpha))
        self.image.paste(lit(colour, depth) if depth else colour, area, mask)
        if depth:  # the shade is one plain colour too, laid on by how little light falls
            shade = LIGHTS[light].resize(mask.size, Image.Resampling.BILINEAR)
            self.image.paste(shaded(colour, depth), area, ImageChops.multiply(shade, mask))

    def oval(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, turn: float = 0, light: str = "ball",
        depth: float = 0.25, alpha: float = 1.0,
    ) -> None:  # fmt: skip
        """Fill an ellipse."""
        self.shape(oval(x, y, rx, ry, turn), colour, light, depth, alpha)

    def line(self, points: Points, width: float, colour: Colour, *, smooth: bool = True, closed: bool = False) -> None:
        """Draw a line with round ends."""
        along = curve(points, closed=closed) if smooth and len(points) > 2 else list(points)
        if closed:
            along.append(along[0])
        pen, thick = ImageDraw.Draw(self.image), max(1, round(width * self._scale))
        self._notice(along)
        scaled = [(x * self._scale - self._left, y * self._scale - self._top) for x, y in along]
        pen.line(scaled, fill=colour, width=thick, joint="curve")
        radius = thick / 2
        for x, y in (scaled[0], scaled[-1]):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def dots(self, where: Points, radius: float, colour: Colour) -> None:
        """Sprinkle small dots."""
        pen, radius = ImageDraw.Draw(self.image), radius * self._scale
        for place in where:
            x, y = place[0] * self._scale - self._left, place[1] * self._scale - self._top
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def soft(self, points: Points, colour: Colour, alpha: float, blur: float) -> None:
        """Lay a soft-edged tint: shadows, glows, steam. `blur` in units."""
        reach = blur * 2.5
        left, top = (max(0, int(min(p[i] for p in points) - reach)) for i in (0, 1))
        right, bottom = (min(UNITS, int(max(p[i] for p in points) + reach)) for i in (0, 1))
        if right <= left or bottom <= top:
            return
        rough = self._scale / _SOFT
        size = (max(1, round((right - left) * rough)), max(1, round((bottom - top) * rough)))
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon(
            [((x - left) * rough, (y - top) * rough) for x, y in points], fill=int(255 * alpha)
        )
        mask = mask.filter(ImageFilter.GaussianBlur(max(0.6, blur * rough)))
        area = tuple(round(value * self._scale) for value in (left, top, right, bottom))
        mask = mask.resize((area[2] - area[0], area[3] - area[1]), Image.Resampling.BILINEAR)
        x, y = area[0] - self._left, area[1] - self._top
        self.image.paste(colour, (x, y, x + mask.width, y + mask.height), mask)

    def shadow(self, x: float, y: float, rx: float, ry: float, alpha: float = 0.38) -> None:
        """Let something stand on the ground: a wide soft shadow with a dark heart."""
        dark = (58, 34, 22)
        self.soft(oval(x + rx * 0.08, y + ry * 0.3, rx * 1.05, ry, steps=24), dark, alpha * 0.75, 26)
        self.soft(oval(x, y, rx * 0.9, ry * 0.55, steps=24), dark, alpha, 10)

    def gloss(self, x: float, y: float, rx: float, ry: float, turn: float = 0, alpha: float = 0.55) -> None:
        """Let light lie on something wet or glazed."""
        self.soft(oval(x, y, rx, ry, turn, steps=20), WHITE, alpha, max(2.0, min(rx, ry) * 0.35))

    @contextmanager
    def inside(self, points: Points) -> Iterator[None]:
        """Let everything drawn meanwhile show only inside a closed line."""
        placed = self._placed(points)
        if placed is None:
            yield
            return
        area, mask = placed
        # Only this piece is copied: a copy of the whole for every cookie would cost more than all the drawing.
        whole, left, top = self.image, self._left, self._top
        self.image, self._left, self._top = whole.crop(area), left + area[0], top + area[1]
        with self.unframed():
            yield
        whole.paste(self.image, area, mask)
        self.image, self._left, self._top = whole, left, top

    def scatter(self, points: Points, count: int, radius: float, colour: Colour) -> None:
        """Sprinkle dots inside the bounds of a shape, and only on the shape."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        with self.inside(points):
            where = [(self.dice.uniform(min(xs), max(xs)), self.dice.uniform(min(ys), max(ys))) for _ in range(count)]
            self.dots(where, radius, colour)

    def vary(self, colour: Colour, much: float = 0.12) -> Colour:
        """Return a colour a little lighter or darker."""
        share = self.dice.uniform(-much, much)
        return lit(colour, share) if share > 0 else shaded(colour, -share)

    def _notice(self, points: Points) -> None:
        """Widen the frame to hold these points."""
        if self._framed is None or self._depth:
            return
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        left, top, right, bottom = self._framed
        self._framed = [min(left, *xs), min(top, *ys), max(right, *xs), max(bottom, *ys)]

    def _placed(self, points: Points) -> tuple[tuple[int, int, int, int], Image.Image] | None:
        """Return where a shape lies on the present image, and its mask there."""
        self._notice(points)
        width, height = self.image.size
        scaled = [(x * self._scale - self._left, y * self._scale - self._top) for x, y in points]
        left, top = (max(0, math.floor(min(p[i] for p in scaled))) for i in (0, 1))
        right = min(width, math.ceil(max(p[0] for p in scaled)) + 1)
        bottom = min(height, math.ceil(max(p[1] for p in scaled)) + 1)
        if right <= left or bottom <= top:
            return None
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in scaled], fill=255)
        return (left, top, right, bottom), mask


@lru_cache(maxsize=1)
def _corners(size: tuple[int, int]) -> Image.Image:
    dim = Image.radial_gradient("L").resize(size, Image.Resampling.BILINEAR)
    return dim.point(lambda value: max(0, int((value - 120) * _DIMNESS)))


def veil(image: Image.Image) -> Image.Image:
    """Darken the corners a little, as a window's light does, and warm the colours."""
    image.paste(mix((90, 52, 30), (0, 0, 0), 0.2), (0, 0), _corners(image.size))
    return ImageEnhance.Color(image).enhance(_WARMTH)
