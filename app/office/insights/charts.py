"""Lines and bars as numbers for an SVG: the page draws them, and needs no script for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.i18n import bulan_pendek
from app.office.insights.rules import Figure, as_number

STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Dot:
    """One month on a line: where it stands, its short name, its number (None while it is hidden)."""

    x: float
    y: float
    label: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line through months: `d` of its path, of the ground under it, its dots, and (y, number) of the grid."""

    path: str
    ground: str
    dots: tuple[Dot, ...]
    grid: tuple[tuple[float, int], ...]


def line(figure: Figure, width: int, height: int, *, left: int = 0, top: int = 0, pad: int = 0) -> Line:
    """Lay a figure's year out on a drawing; a hidden month breaks the line.

    Args:
        figure: its `series` is drawn.
        width: of the drawing.
        height: of the drawing, down to the zero line.
        left: what the words of the grid take.
        top: room above the highest point.
        pad: room on both sides of the first and the last month.
    """
    numbers = [as_number(value) for _, value in figure.series]
    most = ceiling(max((number for number in numbers if number), default=0))
    step = (width - left - 2 * pad) / max(len(numbers) - 1, 1)
    dots = tuple(
        Dot(
            round(left + pad + n * step, 1),
            round(height - (height - top) * max(number or 0, 0) / most, 1),
            bulan_pendek(month),
            number,
        )
        for n, ((month, _), number) in enumerate(zip(figure.series, numbers, strict=True))
    )
    runs = _runs(dots)
    path = "".join("M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in run) for run in runs)
    ground = "".join(
        f"M{run[0].x:g} {height}L" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in run) + f"V{height}z" for run in runs
    )
    grid = tuple((round(height - (height - top) * part / 4, 1), most * part // 4) for part in range(5))
    return Line(path, ground, dots, grid)


def _runs(dots: Sequence[Dot]) -> list[list[Dot]]:
    """Return the stretches without a hidden month."""
    runs: list[list[Dot]] = [[]]
    for dot in dots:
        if dot.number is None:
            runs.append([])
        else:
            runs[-1].append(dot)
    return [run for run in runs if run]


def ceiling(most: int) -> int:
    """Return a round number, a multiple of four, that a grid may end at.

    >>> ceiling(0), ceiling(7), ceiling(74_600_000), ceiling(130)
    (4, 8, 80000000, 200)
    """
    if most <= 4:
        return 4
    ten: float = 10 ** math.floor(math.log10(most / 4))
    quarter = next(math.ceil(ten * step) for step in STEPS if ten * step * 4 >= most)
    return quarter * 4
