"""The outlines of a region's areas, simplified once and kept, ready to be drawn as SVG.

Source: app/data/geo (MIT, see app/data/README.md); for display only, never for an area in the sense of the law.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

GEO = Path(__file__).resolve().parents[2] / "data" / "geo"
FILES: Final = {"36.04": "kab_serang_kecamatan.geojson", "36": "banten_kabupaten_kota.geojson"}
WIDTH: Final = 1000
EDGE: Final = 8
SMALLEST: Final = 1.8
"""Corners nearer than this to the line between their neighbours are left out; in units of a map 1,000 wide."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """One area: the `d` of its path, and where its number stands."""

    code: str
    name: str
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Outline:
    """A map `WIDTH` wide: its height, and its areas."""

    height: int
    shapes: tuple[Shape, ...]


@cache
def outline(region_code: str) -> Outline | None:
    """Return the map of a region, or None where no outline is held."""
    name = FILES.get(region_code)
    if name is None:
        return None
    features = json.loads((GEO / name).read_text(encoding="utf-8"))["features"]
    rings = {each["properties"]["kode"]: _rings(each["geometry"]) for each in features}
    corners = [point for area in rings.values() for ring in area for point in ring]
    west, north = min(x for x, _ in corners), max(y for _, y in corners)
    stretch = math.cos(math.radians(north))
    scale = (WIDTH - 2 * EDGE) / ((max(x for x, _ in corners) - west) * stretch)

    def place(point: Point) -> Point:
        return (point[0] - west) * stretch * scale + EDGE, (north - point[1]) * scale + EDGE

    shapes = []
    for each in features:
        code, placed = each["properties"]["kode"], [[place(p) for p in r] for r in rings[each["properties"]["kode"]]]
        largest = max(placed, key=lambda ring: abs(_area(ring)))
        x, y = _middle(largest)
        shapes.append(Shape(code, each["properties"]["nama"], "".join(map(_path, placed)), round(x), round(y)))
    height = round((north - min(y for _, y in corners)) * scale) + 2 * EDGE
    return Outline(height, tuple(shapes))


def _rings(geometry: dict[str, object]) -> list[list[Point]]:
    """Return the outer line of each part of an area; holes are not drawn."""
    parts: list[list[list[Point]]]
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]  # type: ignore[assignment,list-item]
    return [[(x, y) for x, y in part[0]] for part in parts]


def _path(ring: Sequence[Point]) -> str:
    """Write a ring with whole numbers, each corner from the one before."""
    corners = [(round(x), round(y)) for x, y in simplified(ring, SMALLEST)]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(corners)]
    return f"M{corners[0][0]} {corners[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps if x or y) + "z"


def simplified(line: Sequence[Point], smallest: float) -> list[Point]:
    """Leave out what lies nearer than `smallest` to the line drawn without it; the ends stay (Douglas and Peucker).

    >>> simplified([(0, 0), (5, 0.1), (10, 0), (10, 10)], 1)
    [(0, 0), (10, 0), (10, 10)]
    """
    kept, waiting = {0, len(line) - 1}, [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        inside = range(first + 1, last)
        far = max(inside, key=lambda n: _distance(line[n], line[first], line[last]), default=first)
        if far != first and _distance(line[far], line[first], line[last]) > smallest:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return [line[n] for n in sorted(kept)]


def _distance(point: Point, first: Point, last: Point) -> float:
    across, down = last[0] - first[0], last[1] - first[1]
    length = math.hypot(across, down)
    if not length:
        return math.hypot(point[0] - first[0], point[1] - first[1])
    return abs(across * (first[1] - point[1]) - (first[0] - point[0]) * down) / length


def _area(ring: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def _middle(ring: Sequence[Point]) -> Point:
    """Return the centre of weight of a ring."""
    pairs = list(itertools.pairwise(ring))
    six = _area(ring) * 6
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / six
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / six
    return x, y
